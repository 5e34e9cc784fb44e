// SPDX-License-Identifier: Apache-2.0
// bandscope-engine: trains every run of a spec, and answers questions about specs, tokenizers and live runs.
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "core/error.h"
#include "core/process/standard_streams.h"
#include "core/record/examiner.h"
#include "core/schema/spoken.h"
#include "core/spec/spec_errors.h"
#include "training/cli.h"
#include "training/errors/plain_reason.h"
#include "training/process_setup.h"

namespace {

/// LibTorch's initialisers run before main() and need memory; what stands in this section runs before them.
void say_early_errors() { std::set_terminate(bandscope::errors::end_with_a_sentence); }
[[gnu::section(".preinit_array"), gnu::used]] void (*before_initialisers)() = say_early_errors;

int run(int argc, char** argv) {
  try {
    return bandscope::run_engine(argc, argv);
  } catch (const bandscope::SpecError& error) {
    // One line, as every error: what reads the last line of the log finds them all.
    bandscope::Message all;
    for (const auto& mistake : bandscope::mistakes_of(error)) all = bandscope::Message::joined(all, mistake.message());
    std::cerr << bandscope::spoken(all);
    return static_cast<int>(error.code());
  } catch (const bandscope::Error& error) {
    std::cerr << bandscope::spoken(error.message());
    return static_cast<int>(error.code());
  } catch (const std::exception& error) {
    std::cerr << bandscope::spoken(bandscope::errors::plain_reason(error));
    return static_cast<int>(bandscope::ExitCode::failed);
  }
}

/// Libraries' own clearing up at exit needs memory too, and has crashed where there was none left; by now all files are
/// closed.
[[noreturn]] void leave(int code) {
  spdlog::shutdown();
  if (!bandscope::standard_output_is_written() && code == 0) {
    using bandscope::Message;
    std::cerr << bandscope::spoken(Message::tr("cannot write to the standard output"));
    code = static_cast<int>(bandscope::ExitCode::failed);
  }
  std::fflush(nullptr);
  std::_Exit(code);
}

}  // namespace

int main(int argc, char** argv) {
  if (!bandscope::open_standard_streams()) return static_cast<int>(bandscope::ExitCode::failed);
  bandscope::set_up_training_process(argv);
  bandscope::start_record_examiner();
  leave(run(argc, argv));
}
