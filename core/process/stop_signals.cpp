// SPDX-License-Identifier: Apache-2.0
#include "core/process/stop_signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

#include "core/error.h"

namespace bandscope {
namespace {

// A handler has no other way to what it must know.
std::atomic<int> signal_that_came{0};
std::atomic<OnStop> what_to_do{OnStop::end_process};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<OnStop>::is_always_lock_free);

[[noreturn]] void end_process() { ::_exit(static_cast<int>(ExitCode::stopped)); }

extern "C" void take_stop_signal(int signal) {
  signal_that_came = signal;
  if (what_to_do == OnStop::end_process) end_process();
}

}  // namespace

void catch_stop_signals(OnStop first) {
  what_to_do = first;
  struct sigaction action {};
  action.sa_handler = take_stop_signal;
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up {};
  if (sigaction(SIGHUP, nullptr, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void on_stop(OnStop what) {
  what_to_do = what;
  if (what == OnStop::end_process && signal_that_came != 0) end_process();
}

int stop_signal() { return signal_that_came; }

}  // namespace bandscope
