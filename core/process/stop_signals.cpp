// SPDX-License-Identifier: Apache-2.0
#include "core/process/stop_signals.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <ctime>

#include "core/error.h"

namespace bandscope {
namespace {

// A handler has no other way to what it must know.
std::atomic<int> signal_that_came{0};
std::atomic<std::int64_t> time_of_first{0};
std::atomic<OnStop> what_to_do{OnStop::end_process};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free &&
              std::atomic<OnStop>::is_always_lock_free);

/// Signals within this time are one wish: a launcher tells a group and its members, and a dying parent of several
/// threads tells its child once for each.
constexpr std::int64_t one_wish_ms = 500;

[[noreturn]] void end_process() { ::_exit(static_cast<int>(ExitCode::stopped)); }

std::int64_t milliseconds_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1000} + now.tv_nsec / 1'000'000;
}

/// Only what is safe in a handler.
extern "C" void take_stop_signal(int signal) {
  if (what_to_do == OnStop::end_process) end_process();
  const std::int64_t now = milliseconds_now();
  std::int64_t first = 0;
  if (time_of_first.compare_exchange_strong(first, now)) {
    signal_that_came = signal;
  } else if (now - first > one_wish_ms) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // taken when this handler returns
  }
}

}  // namespace

void catch_stop_signals(OnStop first) {
  what_to_do = first;
  struct sigaction action {};
  action.sa_handler = take_stop_signal;
  action.sa_flags = SA_RESTART;
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
