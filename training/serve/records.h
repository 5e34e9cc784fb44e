// SPDX-License-Identifier: Apache-2.0
// Records as a client copies them: what they are, their rows, digests of rows, and word of new ones.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <string>

#include "core/record/record_reader.h"
#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// The record's file of a run by its name in messages. Throws wire::Refused.
std::filesystem::path record_of(const Roots& roots, const std::string& run);

class Records {
 public:
  explicit Records(const Roots& roots) : roots_(roots) {}

  /// Answers. All throw wire::Refused or DataError.
  wire::Json record(const std::string& run);
  wire::Json rows(const wire::Request& request);
  wire::Json coarse(const wire::Request& request);
  wire::Json follow(const std::string& run);
  void unfollow(const std::string& run) { followed_.erase(run); }
  /// Opens the record for itself, for another thread.
  static wire::Json digests(const std::filesystem::path& record, const wire::Request& request);

  /// What a followed record has become since it was last told; null where no one has changed. One record at a time, in
  /// turn. A record that cannot be read any more is followed no longer.
  wire::Json next_grown();
  bool follows() const { return !followed_.empty(); }

 private:
  RecordReader& reader(const std::string& run);
  wire::Json standing(const std::string& run, RecordReader& reader);

  const Roots& roots_;
  struct Open {
    std::string run;
    RecordReader reader;
  };
  std::list<Open> open_;                        ///< the last used first
  std::map<std::string, wire::Json> followed_;  ///< and what was told of them
  std::string last_told_;
};

}  // namespace bandscope::serve
