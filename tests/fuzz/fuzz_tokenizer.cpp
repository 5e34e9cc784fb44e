// SPDX-License-Identifier: Apache-2.0
// Any tokenizer.json, and what it makes of a text: the input up to a NUL byte is the file, the rest the text.
#include <cstdint>
#include <string>

#include "core/error.h"
#include "training/text/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string all(reinterpret_cast<const char*>(data), size);
  const std::size_t end = all.find('\0');
  std::string text = end == std::string::npos ? "Hello  it's 123 \xE4\xBD\xA0\n<s>x" : all.substr(end + 1);
  text.resize(std::min<std::size_t>(text.size(), 256));
  try {
    const auto tokenizer = bandscope::text::Tokenizer::from_text(all.substr(0, end));
    const auto ids = tokenizer.encode(text);
    tokenizer.decode(ids);
    for (const auto id : ids) tokenizer.token_text(id);
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken files should get.
  }
  return 0;
}
