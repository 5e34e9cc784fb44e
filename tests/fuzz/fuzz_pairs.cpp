// SPDX-License-Identifier: Apache-2.0
// Any data file of JSON lines or a JSON array, read to pairs with a byte-level tokenizer that has a chat template.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"
#include "training/text/byte_alphabet.h"

namespace {

bandscope::text::Tokenizer bytes_alone() {
  nlohmann::json vocab = {{"<s>", 256}, {"</s>", 257}};
  for (int byte = 0; byte < 256; ++byte) vocab[bandscope::text::byte_character(static_cast<std::uint8_t>(byte))] = byte;
  const nlohmann::json tokenizer = {
      {"pre_tokenizer", {{"type", "ByteLevel"}}},
      {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", nlohmann::json::array()}}}};
  const nlohmann::json config = {{"bos_token", "<s>"},
                                 {"eos_token", "</s>"},
                                 {"chat_template",
                                  "{% for m in messages %}<{{ m.role }}>{{ m.content | trim }}\n{% endfor %}"
                                  "{% if add_generation_prompt %}<assistant>{% endif %}"}};
  return bandscope::text::Tokenizer::from_text(tokenizer.dump(), config.dump());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bandscope::text::Tokenizer tokenizer = bytes_alone();
  bandscope::data::PairTextReader reader(tokenizer);
  bandscope::data::PairOptions options;
  options.max_length = 64, options.max_prompt_length = 16;
  try {
    bandscope::data::load_rows_from_text(
        {reinterpret_cast<const char*>(data), size}, "input", [&](const bandscope::data::DataRow& row) {
          if (row.value == nullptr) return true;
          try {
            bandscope::data::PairForm form{};
            const auto pair = bandscope::data::tokenize_pair(reader.read(*row.value, form), tokenizer, options);
            const auto longest = std::max(pair.chosen.size(), pair.rejected.size());
            if (pair.prompt.empty() || pair.chosen.empty() || pair.rejected.empty() ||
                pair.prompt.size() + longest > 64) {
              __builtin_trap();
            }
          } catch (const bandscope::data::RowProblem&) {
          }
          return true;
        });
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken files should get.
  }
  return 0;
}
