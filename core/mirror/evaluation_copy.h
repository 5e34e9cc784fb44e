// SPDX-License-Identifier: Apache-2.0
// Copies of the files that a run on a server keeps of its evaluations (core/benchmark/kept_answers.h), beside the copy
// of its record, so that tables, tests and answers read them there.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/serve/client.h"

namespace bandscope::mirror {

/// Used by the thread that uses its client; files are written in it.
class EvaluationCopy {
 public:
  /// `folder`: that of the copy, in which `evaluation` is made.
  EvaluationCopy(wire::Client& client, std::filesystem::path folder, std::string run,
                 std::function<wire::Client::Time()> now);
  ~EvaluationCopy();
  EvaluationCopy(const EvaluationCopy&) = delete;
  EvaluationCopy& operator=(const EvaluationCopy&) = delete;

  /// Fetches what is missing or another one here. While that goes on it is begun anew after it.
  void update();
  bool busy() const { return busy_; }
  /// Why the last update ended before its end; empty: it did not.
  const Message& problem() const { return problem_; }
  /// Whether it ended because a file could not be written here, as on a full disk: it is worth another try.
  bool unwritten() const { return unwritten_; }
  /// Files have come, and no more are to come now.
  std::function<void()> on_fetched;

 private:
  struct File {
    std::string path;
    std::uint64_t bytes = 0;
    std::int64_t changed = 0;  ///< ms since 1970, by the server's clock
  };
  void listed(const wire::Json& answer);
  void next();
  void take(const wire::Json& answer);
  void ask(wire::Ask what, wire::Json fields, void (EvaluationCopy::*then)(const wire::Json&));
  void end(Message problem);
  std::filesystem::path place(const File& file) const { return folder_ / "evaluation" / file.path; }
  bool is_here(const File& file) const;

  wire::Client& client_;
  std::filesystem::path folder_;
  std::string run_;
  std::function<wire::Client::Time()> now_;
  bool busy_ = false, again_ = false, unwritten_ = false;
  std::size_t fetched_ = 0;   ///< files of this update
  std::deque<File> missing_;  ///< the first is on its way
  std::string received_;      ///< of it
  Message problem_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for answers that come after this has gone
};

}  // namespace bandscope::mirror
