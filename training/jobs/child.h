// SPDX-License-Identifier: Apache-2.0
// An engine as a child process: started with its output in pipes, read without waiting, told to stop.
#pragma once

#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/input/file.h"

namespace bandscope::jobs {

class Child {
 public:
  /// Starts this program again with `arguments` and these variables in place of those of the environment. It is a
  /// process group of its own, so that a terminal's Ctrl-C reaches it once, through stop(), and is told to stop when
  /// this process dies. Throws RunError.
  Child(const std::vector<std::string>& arguments, const std::vector<std::pair<std::string, std::string>>& environment);
  /// Kills and collects a child that is still there.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  struct Lines {
    std::vector<std::string> out, error;  ///< whole lines that have come since the last call
  };
  /// What was printed so far; at the end of a stream its last line counts without a line break as well.
  Lines read();
  /// The exit code, 128 + N after signal N, once the child has ended and its output is read; nullopt before.
  std::optional<int> ended();
  void signal(int number) const;
  /// Pipes to poll for input; -1 where one is at its end.
  int out() const { return pipes_[0].get(); }
  int error() const { return pipes_[1].get(); }

 private:
  void read_pipe(std::size_t which, std::vector<std::string>& lines);
  pid_t pid_ = -1;
  std::optional<int> code_;
  std::array<Descriptor, 2> pipes_;
  std::string part_[2];
};

}  // namespace bandscope::jobs
