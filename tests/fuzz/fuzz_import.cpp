// SPDX-License-Identifier: Apache-2.0
// Any log to import; the rows of one that is accepted rise.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/record/import_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bandscope;
  try {
    auto log = record::import_text({reinterpret_cast<const char*>(data), size}, "input");
    std::int64_t before = -1;
    for (auto& row : log.steps) {
      record::complete(row, log.calibrated);
      if (row.step <= before || row[Column::tokens] < 0) __builtin_trap();
      before = row.step;
    }
  } catch (const DataError&) {
    // A refusal with a sentence is what broken logs should get.
  }
  return 0;
}
