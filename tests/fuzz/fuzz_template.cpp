// SPDX-License-Identifier: GPL-3.0-or-later
// Any figure template; one that is accepted must survive being written and read again.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "viz/figure/figure_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  try {
    const std::string written =
        viz::template_text(viz::parse_template({reinterpret_cast<const char*>(data), size}, "input.toml"));
    if (viz::template_text(viz::parse_template(written, "again.toml")) != written) __builtin_trap();
  } catch (const SpecError&) {
    // A refusal with a sentence is what broken templates should get.
  }
  return 0;
}
