// SPDX-License-Identifier: Apache-2.0
// The far end of one conversation, whatever carries its bytes: it is given what came, and gives what is to be written.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/serve/lines.h"
#include "core/serve/protocol.h"
#include "training/serve/data_view.h"
#include "training/serve/launcher.h"
#include "training/serve/queue_requests.h"
#include "training/serve/records.h"
#include "training/serve/roots.h"
#include "training/serve/run_list.h"
#include "training/serve/uploads.h"
#include "training/serve/worker.h"

namespace bandscope::serve {

class Session {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `roots` outlive this. The hello is the first output.
  Session(const Roots& roots, std::vector<wire::Device> devices, queue::Start by = queue::Start::process);

  /// Takes what came while wants_input(); what is left over waits.
  void receive(std::string_view bytes);
  /// False while answers wait to be written: a client that does not read is not read from.
  bool wants_input() const { return output_.size() < most_output && waiting_jobs_ < wire::kMostInFlight; }
  /// Looks for what changed and takes up what other threads have done. To be called every tick, and when one of
  /// signals() can be read.
  void tick(Time now);
  std::vector<int> signals() const;
  /// What is to be written: written() takes the beginning of it away.
  std::string_view output() const { return output_; }
  void written(std::size_t bytes) { output_.erase(0, bytes); }
  /// Waits for what other threads are at, and takes it up.
  void finish_jobs();

  static constexpr std::chrono::milliseconds tick_length{200};

 private:
  static constexpr std::size_t most_output = 4 * wire::kLongestLine;

  void read_lines();
  void read_line(const std::string& line);
  /// The answer, at once; nothing where it comes later.
  std::optional<wire::Json> answer(const wire::Request& request);
  /// The answer of a slow request, once a thread has worked it out.
  void later(Worker& worker, std::uint64_t id, std::function<wire::Json()> work);
  void later_rows(const wire::Request& request);
  void plan(const wire::Request& request);
  wire::Json start(const std::string& spec, const std::string& in);
  /// Of a run that is to be renamed or removed.
  std::filesystem::path still_record(const std::string& run) const;
  wire::Json label(const std::string& run, const wire::Json& labels);
  wire::Json rename(const std::string& run, const std::string& name);
  wire::Json remove(const std::string& run);
  wire::Json list(const wire::Request& request);
  void collect();
  void say(std::uint64_t id, wire::Json fields);
  void push(std::string_view name, wire::Json fields);
  void refuse(std::optional<std::uint64_t> id, const std::exception& error);

  const Roots& roots_;
  queue::Start by_;
  wire::Lines lines_{wire::kLongestLine};
  std::string output_;
  bool watches_ = false;
  Time now_{};  ///< of the last tick
  Records records_;
  DataView data_;  ///< of data_worker_
  Launcher launcher_;
  Uploads uploads_;  ///< of file_worker_
  QueueRequests queue_;
  RunList runs_;
  std::size_t waiting_jobs_ = 0;
  /// Last: their threads end before what they use. Data that take minutes to hash keep no copy of a record waiting, and
  /// no file that is sent.
  Worker digest_worker_, data_worker_, file_worker_;
};

}  // namespace bandscope::serve
