// SPDX-License-Identifier: Apache-2.0
// Any run spec; one that is accepted must survive being written and read again.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/spec/run_spec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto specs = bandscope::parse_run_specs({reinterpret_cast<const char*>(data), size}, "input.toml", "/tmp");
    if (specs.empty() || specs.size() > 64) return 0;
    const std::string written = to_toml(specs.front());
    if (to_toml(bandscope::parse_run_specs(written, "again.toml", "/tmp").at(0)) != written) __builtin_trap();
  } catch (const bandscope::SpecError&) {
    // A refusal with a sentence is what broken specs should get.
  }
  return 0;
}
