// SPDX-License-Identifier: Apache-2.0
// Any line to the control socket; the answer is one line of JSON, and what is pushed is in its range.
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "training/control/server.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  CommandQueue commands;
  LiveStatus status;
  const std::string answer = answer_control({reinterpret_cast<const char*>(data), size}, commands, status);
  if (answer.find('\n') != std::string::npos || !nlohmann::json::parse(answer).contains("ok")) __builtin_trap();
  while (const auto command = commands.pop()) {
    if (command->kind == Command::Kind::momentum && !(command->value >= 0 && command->value < 1)) __builtin_trap();
    if (command->kind == Command::Kind::learning_rate && !(command->value > 0 && std::isfinite(command->value)))
      __builtin_trap();
  }
  return 0;
}
