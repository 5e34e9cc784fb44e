// SPDX-License-Identifier: GPL-3.0-or-later
// `--batch`: hands over to the engine beside this program.
#include <unistd.h>

#include <cerrno>

#include "app/cli/commands.h"
#include "app/engine/engine_program.h"
#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope::app {

std::vector<std::string> engine_arguments(const BatchRequest& request) {
  std::vector<std::string> arguments{request.spec};
  for (const auto& value : request.set) {
    arguments.push_back("--set");
    arguments.push_back(value);
  }
  if (!request.runs.empty()) {
    arguments.push_back("--runs");
    arguments.push_back(request.runs);
  }
  if (request.json) arguments.push_back("--json");
  if (request.jobs != 0) arguments.insert(arguments.end(), {"--jobs", std::to_string(request.jobs)});
  if (!request.devices.empty()) arguments.insert(arguments.end(), {"--devices", request.devices});
  return arguments;
}

void run_batch(const BatchRequest& request) {
  const auto engine = engine_program();
  std::vector<std::string> arguments = engine_arguments(request);
  arguments.insert(arguments.begin(), engine.string());
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(engine.c_str(), argv.data());
  throw RunError(Message::tr("cannot start the engine %1: %2", engine, system_reason(errno)));
}

}  // namespace bandscope::app
