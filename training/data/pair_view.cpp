// SPDX-License-Identifier: Apache-2.0
#include "training/data/pairs.h"

namespace bandscope::data {
namespace {

/// Token texts with line breaks and tabs made visible, so that a token stays on its line.
std::string visible(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          constexpr char digits[] = "0123456789ABCDEF";
          out += {'\\', 'x', digits[c >> 4], digits[c & 15]};
        } else {
          out.push_back(c);
        }
    }
  }
  return out;
}

void describe_part(const char* name, const std::vector<text::TokenId>& ids, std::size_t first, bool scored,
                   const text::Tokenizer& tokenizer, std::string& out) {
  out += "  " + std::string(name) + ": " + std::to_string(ids.size()) + " tokens at positions " +
         std::to_string(first) + " to " + std::to_string(first + ids.size() - 1) +
         (scored ? ", scored\n" : ", not scored\n");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::string number = std::to_string(first + i), id = std::to_string(ids[i]);
    if (number.size() < 6) number.insert(0, 6 - number.size(), ' ');
    if (id.size() < 8) id.insert(0, 8 - id.size(), ' ');
    out += number + id + (scored ? "  * |" : "    |") + visible(tokenizer.token_text(ids[i])) + "|\n";
  }
}

}  // namespace

std::string describe_pair(const TokenPair& pair, const text::Tokenizer& tokenizer) {
  std::string out = "row " + std::to_string(pair.row) + ": prompt " + std::to_string(pair.prompt.size()) + ", chosen " +
                    std::to_string(pair.chosen.size()) + ", rejected " + std::to_string(pair.rejected.size()) +
                    " tokens\n";
  if (pair.own_prompts()) {
    describe_part("prompt", pair.prompt, 0, false, tokenizer, out);
    describe_part("chosen", pair.chosen, pair.prompt.size(), true, tokenizer, out);
    describe_part("prompt of the rejected response", pair.rejected_prompt, 0, false, tokenizer, out);
    describe_part("rejected", pair.rejected, pair.rejected_prompt.size(), true, tokenizer, out);
    return out;
  }
  describe_part("prompt", pair.prompt, 0, false, tokenizer, out);
  describe_part("chosen", pair.chosen, pair.prompt.size(), true, tokenizer, out);
  describe_part("rejected", pair.rejected, pair.prompt.size(), true, tokenizer, out);
  return out;
}

}  // namespace bandscope::data
