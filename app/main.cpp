// SPDX-License-Identifier: GPL-3.0-or-later
// `bandscope`: the command line first, then the window.
#include <iostream>

#include "app/cli/command_line.h"
#include "app/shell/application.h"
#include "core/error.h"
#include "core/process/standard_streams.h"
#include "core/record/examiner.h"
#include "core/schema/spoken.h"

int main(int argc, char** argv) {
  if (!bandscope::open_standard_streams()) return static_cast<int>(bandscope::ExitCode::failed);
  bandscope::start_record_examiner();
  const auto asked = bandscope::app::run_command_line(argc, argv);
  if (!asked.open_window) {
    if (asked.exit_code != 0 || bandscope::standard_output_is_written()) return asked.exit_code;
    using bandscope::Message;
    std::cerr << bandscope::spoken(Message::tr("cannot write to the standard output"), "bandscope: ");
    return static_cast<int>(bandscope::ExitCode::failed);
  }
  return bandscope::app::run_window(argc, argv, asked.window);
}
