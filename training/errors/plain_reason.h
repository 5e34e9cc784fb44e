// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

#include "core/error.h"

namespace bandscope::errors {

/// What an exception says, as one line for users: without LibTorch's stack, and in own words where a library speaks of
/// its insides. `doing` completes "out of memory while …".
Message plain_reason(const std::exception& error, const Message& doing);
inline Message plain_reason(const std::exception& error) { return plain_reason(error, Message::tr("working")); }

/// Runs `work`. What it throws beside Error becomes a RunError with its plain reason.
template <class Work>
auto with_plain_reasons(const Message& doing, const Work& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw RunError(plain_reason(error, doing));
  }
}

/// For std::set_terminate: an exception that no thread catches ends the program with a sentence and exit code 1.
[[noreturn]] void end_with_a_sentence() noexcept;

}  // namespace bandscope::errors
