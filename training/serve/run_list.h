// SPDX-License-Identifier: Apache-2.0
// The runs of the server as a window lists them: found by name at once, read one after the other in a thread of its
// own, looked at again as their files change.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/serve/protocol.h"
#include "training/serve/worker.h"

namespace bandscope::serve {

class RunList {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `runs` without links.
  explicit RunList(std::filesystem::path runs);
  /// Keeps what was read of runs that have ended, for the next time.
  ~RunList();
  RunList(const RunList&) = delete;
  RunList& operator=(const RunList&) = delete;

  /// Looks for runs that came, changed or went, and takes up what was read meanwhile.
  void look(Time now);
  std::size_t size() const { return entries_.size(); }
  /// Entries in the order of their names, from the one with number `first` on.
  wire::Json page(std::size_t first, std::size_t most) const;

  // What this conversation has changed is told with the next changes, as it is now. Only where changes are told: else
  // the pages of a list would be of other runs.
  void relabelled(const std::string& name, const wire::Json& labels);
  void renamed(const std::string& name, const std::string& now);
  void removed(const std::string& name);

  /// Runs that changed and went since this was last called, at most `most` of the first; the others come next time.
  struct Changes {
    wire::Json runs = wire::Json::array();
    std::vector<std::string> gone;
    bool empty() const { return runs.empty() && gone.empty(); }
  };
  Changes take_changes(std::size_t most);

  Worker& worker() { return worker_; }

 private:
  struct Files {
    std::int64_t record = 0, engine = 0, labels = 0;  ///< times of last change
    std::uint64_t bytes = 0;
    bool operator==(const Files&) const = default;
  };
  struct Entry {
    std::filesystem::path record;
    Files files;
    wire::Json item;  ///< as it is sent
    bool reading = false, stale = true;
    /// Of its last read, among all of the list; what another one brings is thrown away.
    std::uint64_t turn = 0;
    Time read_at{};
  };
  static wire::Json to_json(const Files& files);
  void recall();
  void keep() const noexcept;
  static Files files_of(const std::filesystem::path& record);
  void read(const std::string& name, Entry& entry, Time now);
  void anew(Entry& entry);

  std::filesystem::path runs_;
  std::map<std::string, Entry> entries_;
  std::uint64_t turns_ = 0;
  std::set<std::string> changed_, gone_;
  wire::Json kept_;  ///< entries of earlier times by name; null once they were taken up
  Time looked_{};
  Worker worker_;  ///< last: its thread ends before what it was given
};

/// What a run is called in messages: its folder below that of runs, or its record's file.
std::string run_name(const std::filesystem::path& runs, const std::filesystem::path& record);

}  // namespace bandscope::serve
