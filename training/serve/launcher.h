// SPDX-License-Identifier: Apache-2.0
// Runs and plans that a window asks for: specs that keep to the server's folders, and the engines that take them.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "core/serve/protocol.h"
#include "core/spec/run_spec.h"
#include "training/jobs/child.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

class Launcher {
 public:
  explicit Launcher(const Roots& roots) : roots_(roots) {}
  /// Ends the plans that are being made.
  ~Launcher();
  Launcher(const Launcher&) = delete;
  Launcher& operator=(const Launcher&) = delete;

  /// The runs of a spec whose models and data lie in the roots; relative paths are below the folder of runs. Throws
  /// SpecError, wire::Refused.
  std::vector<RunSpec> read(const std::string& toml) const;

  /// Answer of `start`: keeps the spec in RUNS/.specs and starts an engine that outlives this process. `in`: the folder
  /// below RUNS that its runs are to be in; may be empty.
  wire::Json start(const std::string& toml, const std::string& in) const;

  /// Plans in an engine of its own; `done` is called from collect(), with the plans or what is wrong.
  using Planned = std::function<void(const wire::Json& plans, const Message& problem)>;
  void plan(const std::string& toml, bool warm_up, Planned done);
  void collect();
  /// Pipes to poll for input.
  std::vector<int> signals() const;

 private:
  /// A file with the spec of these runs, whatever folder relative paths are of.
  std::filesystem::path keep(const std::string& toml, const std::vector<RunSpec>& specs, const std::string& name) const;

  struct Plan {
    std::unique_ptr<jobs::Child> child;
    std::filesystem::path spec;
    Planned done;
    std::vector<std::string> out, error;
  };
  const Roots& roots_;
  std::list<Plan> plans_;
};

}  // namespace bandscope::serve
