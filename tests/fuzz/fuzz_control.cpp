// SPDX-License-Identifier: Apache-2.0
// Any line to the control socket; the answer is one line of JSON, and what is pushed is in its range.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "training/control/server.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  control::CommandQueue commands;
  control::LiveStatus status;
  const std::string answer = control::answer_control({reinterpret_cast<const char*>(data), size}, commands, status);
  if (answer.find('\n') != std::string::npos || !nlohmann::json::parse(answer).contains("ok")) __builtin_trap();
  while (const auto order = commands.pop()) {
    if (order->kind != Order::Kind::set) continue;
    if (order->value.index() != order->setting->member.index()) __builtin_trap();
    if (!order->setting->is_switch() && !order->setting->allows(std::get<double>(order->value))) __builtin_trap();
  }
  return 0;
}
