// SPDX-License-Identifier: Apache-2.0
// What tests of data share: a small tokenizer, and what data errors say.
#pragma once

#include <filesystem>
#include <string>

#include "core/error.h"
#include "core/input/json.h"
#include "training/text/tokenizer_config.h"

namespace bandscope::testing {

/// tokenizer.json of a small byte-level tokenizer with <s> and </s>.
inline std::string byte_level_json() {
  const std::filesystem::path file =
      std::filesystem::path(BANDSCOPE_SOURCE) / "tests/training/fixtures/tokenizers.json";
  const text::Json fixture = read_json(file);
  for (const text::Json& entry : fixture["tokenizers"]) {
    if (entry["name"] == "gpt2") return entry["tokenizer"].dump();
  }
  return {};
}

/// The message of the DataError that `call` throws; "no DataError" where it throws none.
template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no DataError";
}

}  // namespace bandscope::testing
