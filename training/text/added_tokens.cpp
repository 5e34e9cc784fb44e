// SPDX-License-Identifier: Apache-2.0
#include "training/text/added_tokens.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/input/json.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

/// Start of the code point that ends right before `end` (> 0).
std::size_t previous_start(std::string_view text, std::size_t end) {
  std::size_t at = end - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

bool word_before(std::string_view text, std::size_t at) {
  std::size_t length = 0;
  return at > 0 && is_word(utf8_at(text, previous_start(text, at), length));
}

bool word_after(std::string_view text, std::size_t at) {
  std::size_t length = 0;
  return at < text.size() && is_word(utf8_at(text, at, length));
}

std::size_t spaces_begin(std::string_view text, std::size_t at, std::size_t low) {
  std::size_t length = 0;
  while (at > low) {
    const std::size_t start = previous_start(text, at);
    if (start < low || !is_white_space(utf8_at(text, start, length))) break;
    at = start;
  }
  return at;
}

std::size_t spaces_end(std::string_view text, std::size_t at) {
  for (std::size_t length = 0; at < text.size() && is_white_space(utf8_at(text, at, length));) at += length;
  return at;
}

}  // namespace

std::vector<AddedToken> read_added_tokens(const Json& list, const std::string& where, std::int32_t most) {
  std::vector<AddedToken> tokens;
  if (list.is_null()) return tokens;
  if (!list.is_array()) throw DataError(Message::tr("%1 is %2, a list is needed", where, type_of(list)));
  for (const Json& entry : list) {
    const JsonFields fields(entry, where + "[" + std::to_string(tokens.size()) + "]");
    AddedToken token;
    token.content = fields.text("content");
    token.id = static_cast<std::int32_t>(fields.integer("id", 0, most));
    token.single_word = fields.flag("single_word", false);
    token.lstrip = fields.flag("lstrip", false);
    token.rstrip = fields.flag("rstrip", false);
    token.special = fields.flag("special", false);
    token.normalized = fields.flag("normalized", !token.special);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::vector<AddedToken> all_added(std::vector<AddedToken> tokens, const std::vector<AddedToken>& more,
                                  const std::unordered_map<std::string, std::int32_t>& vocabulary) {
  std::unordered_set<std::string> known;
  auto next = static_cast<std::int32_t>(vocabulary.size());
  const auto put = [&](const AddedToken& token) {
    known.insert(token.content);
    next = std::max(next, token.id + 1);
  };
  for (const AddedToken& token : tokens) put(token);
  for (AddedToken token : more) {
    if (token.content.empty() || known.contains(token.content)) continue;
    const auto own = vocabulary.find(token.content);
    if (own == vocabulary.end() && token.id == only_of_vocabulary) continue;
    token.id = own != vocabulary.end() ? own->second : next;
    put(token);
    tokens.push_back(std::move(token));
  }
  return tokens;
}

void AddedTokenFinder::add(const AddedToken& token, const std::string& pattern) {
  if (pattern.empty()) return;
  std::uint32_t node = 0;
  for (const char c : pattern) {
    const std::uint64_t key = std::uint64_t{node} << 8 | static_cast<unsigned char>(c);
    const auto [place, fresh] = next_.try_emplace(key, static_cast<std::uint32_t>(at_node_.size()));
    if (fresh) at_node_.push_back(-1);
    node = place->second;
  }
  starts_[static_cast<unsigned char>(pattern[0])] = true;
  if (at_node_[node] >= 0) return;  // the first of two equal patterns counts
  at_node_[node] = static_cast<int>(tokens_.size());
  tokens_.push_back(token);
}

int AddedTokenFinder::longest(std::string_view text, std::size_t at, std::size_t& length) const {
  int found = -1;
  std::uint32_t node = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    const auto step = next_.find(std::uint64_t{node} << 8 | static_cast<unsigned char>(text[i]));
    if (step == next_.end()) break;
    node = step->second;
    if (at_node_[node] >= 0) {
      found = at_node_[node];
      length = i + 1 - at;
    }
  }
  return found;
}

void AddedTokenFinder::split(std::string_view text, std::vector<AddedSplit>& out) const {
  std::size_t done = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    const int index = starts_[static_cast<unsigned char>(text[at])] ? longest(text, at, length) : -1;
    if (index < 0) {
      ++at;
      continue;
    }
    const AddedToken& token = tokens_[static_cast<std::size_t>(index)];
    std::size_t begin = at, end = at + length;
    at = end;
    if (token.single_word && (word_before(text, begin) || word_after(text, end))) continue;
    if (token.lstrip) begin = spaces_begin(text, begin, done);
    if (token.rstrip) end = spaces_end(text, end);
    if (begin > done) out.push_back({text.substr(done, begin - done), -1});
    out.push_back({text.substr(begin, end - begin), token.id});
    done = at = end;
  }
  if (done < text.size()) out.push_back({text.substr(done), -1});
}

}  // namespace bandscope::text
