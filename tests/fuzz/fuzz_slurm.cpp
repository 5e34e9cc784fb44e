// SPDX-License-Identifier: Apache-2.0
// Any bytes from Slurm's programs: what is made of them has the form that the queue keeps, or is nothing.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "training/queue/slurm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope::queue;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto number = read_submitted(text); number && !is_job_number(*number)) __builtin_trap();
  const auto is_state = [](std::string_view word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  };
  for (const SlurmJob& job : read_squeue(text)) {
    if (!is_job_number(job.number) || !is_state(job.state)) __builtin_trap();
    if (!std::ranges::all_of(job.why, [](char c) { return c >= ' ' && c <= '~'; })) __builtin_trap();
    if (job.name.find('\n') != std::string::npos) __builtin_trap();
    if (killed_words(job.number, job.state).english().empty()) __builtin_trap();
  }
  for (const char* number : {"77", ""})
    if (const auto state = read_sacct(text, number); state && !is_state(*state)) __builtin_trap();
  return 0;
}
