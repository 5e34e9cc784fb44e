// SPDX-License-Identifier: Apache-2.0
#include "training/text/bpe.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <queue>

#include "core/input/json.h"
#include "training/text/byte_alphabet.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

constexpr std::size_t kLongestCached = 64;    ///< bytes of a word
constexpr std::size_t kShardWords = 1 << 12;  ///< words of one shard

/// A neighbouring pair that could be merged now or, if its symbols changed since, no more.
struct Candidate {
  std::int32_t rank;
  std::int32_t at;                                ///< index of the left symbol
  std::int32_t id;                                ///< what the merge makes
  bool operator<(const Candidate& other) const {  // for a queue with its least on top: rank, then left to right
    return rank != other.rank ? rank > other.rank : at > other.at;
  }
};

}  // namespace

void Bpe::MergeTable::reserve(std::size_t merges) {
  entries_.assign(std::bit_ceil(std::max<std::size_t>(merges * 2, 16)), Entry{});
  mask_ = entries_.size() - 1;
}

std::size_t Bpe::MergeTable::slot(std::uint64_t pair) const {
  std::size_t at = (pair * 0x9E3779B97F4A7C15ull >> 32) & mask_;
  while (entries_[at].pair != kNone && entries_[at].pair != pair) at = (at + 1) & mask_;
  return at;
}

void Bpe::MergeTable::put(std::int32_t left, std::int32_t right, std::int32_t rank, std::int32_t id) {
  const std::uint64_t pair = std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
  entries_[slot(pair)] = {pair, rank, id};
}

const Bpe::MergeTable::Entry* Bpe::MergeTable::find(std::int32_t left, std::int32_t right) const {
  const std::uint64_t pair = std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
  const Entry& entry = entries_[slot(pair)];
  return entry.pair == pair ? &entry : nullptr;
}

Bpe::Bpe(const Json& model, bool byte_level, const std::string& where) : byte_level_(byte_level) {
  const JsonFields fields(model, where);
  // Old files leave the type out; a BPE model is the one that has merges.
  const std::string type = fields.text("type", fields.has("merges") ? "BPE" : "(none)");
  if (type != "BPE") throw DataError(Message::tr("%1 of type \"%2\" is not supported, BPE is needed", where, type));
  if (fields.has("dropout") && !(model["dropout"].is_number() && model["dropout"].get<double>() == 0.0)) {
    throw DataError(Message::tr("%1 is not supported: ids would be random", fields.at("dropout")));
  }
  for (const char* affix : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!fields.text(affix, "").empty()) throw DataError(Message::tr("%1 is not supported", fields.at(affix)));
  }
  ignore_merges_ = fields.flag("ignore_merges", false);
  byte_fallback_ = fields.flag("byte_fallback", false);
  fuse_unknown_ = fields.flag("fuse_unk", false);
  read_vocabulary(fields);
  read_merges(fields.list("merges"), fields.at("merges"));
}

void Bpe::read_vocabulary(const JsonFields& fields) {
  const Json& vocab = fields.child("vocab");
  const JsonFields entries(vocab, fields.at("vocab"));
  vocabulary_.reserve(vocab.size());
  for (const auto& [token, id] : vocab.items()) {
    vocabulary_.emplace(token, static_cast<std::int32_t>(entries.integer(token.c_str(), 0, kMostId)));
  }
  const auto id_of = [this](const std::string& token) {
    const auto found = vocabulary_.find(token);
    return found == vocabulary_.end() ? -1 : found->second;
  };
  if (fields.has("unk_token")) {
    const std::string unknown = fields.text("unk_token");
    unknown_ = id_of(unknown);
    if (unknown_ < 0)
      throw DataError(Message::tr("%1 \"%2\" is not in the vocabulary", fields.at("unk_token"), unknown));
  }
  for (int byte = 0; byte < 256; ++byte) {
    char fallback[8];
    std::snprintf(fallback, sizeof fallback, "<0x%02X>", byte);
    byte_ids_[byte] = id_of(byte_level_ ? byte_character(static_cast<std::uint8_t>(byte)) : fallback);
  }
}

void Bpe::read_merges(const Json& merges, const std::string& where) {
  merges_.reserve(merges.size());
  std::int32_t rank = 0;
  std::string joined;
  for (const Json& merge : merges) {
    const std::string at = where + "[" + std::to_string(rank) + "]";
    std::string_view left, right;
    if (merge.is_string()) {
      const std::string_view both = merge.get_ref<const std::string&>();
      const std::size_t space = both.find(' ');
      if (space == std::string_view::npos || both.find(' ', space + 1) != std::string_view::npos) {
        throw DataError(Message::tr("%1 is not two tokens with one space between them", at));
      }
      left = both.substr(0, space), right = both.substr(space + 1);
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
      left = merge[0].get_ref<const std::string&>(), right = merge[1].get_ref<const std::string&>();
    } else {
      throw DataError(Message::tr("%1 is %2, \"a b\" or [\"a\", \"b\"] is needed", at, type_of(merge)));
    }
    joined.assign(left).append(right);
    std::int32_t ids[3];
    const std::string parts[3] = {std::string(left), std::string(right), joined};
    for (int i = 0; i < 3; ++i) {
      const auto found = vocabulary_.find(parts[i]);
      if (found == vocabulary_.end())
        throw DataError(Message::at(at, Message::tr("\"%1\" is not in the vocabulary", parts[i])));
      ids[i] = found->second;
    }
    merges_.put(ids[0], ids[1], rank++, ids[2]);
  }
}

void Bpe::characters(std::string_view word, std::vector<std::int32_t>& out) const {
  if (byte_level_) {
    for (const char c : word) {
      const std::int32_t id = byte_ids_[static_cast<unsigned char>(c)];
      if (id >= 0) {
        out.push_back(id);
      } else if (unknown_ >= 0) {
        out.push_back(unknown_);
      }
    }
    return;
  }
  bool after_unknown = false;
  std::string character;
  for (std::size_t at = 0, length = 0; at < word.size(); at += length) {
    utf8_at(word, at, length);
    character.assign(word.substr(at, length));
    if (const auto found = vocabulary_.find(character); found != vocabulary_.end()) {
      out.push_back(found->second);
      after_unknown = false;
      continue;
    }
    const auto known = [this](char c) { return byte_ids_[static_cast<unsigned char>(c)] >= 0; };
    if (byte_fallback_ && std::all_of(character.begin(), character.end(), known)) {
      for (const char c : character) out.push_back(byte_ids_[static_cast<unsigned char>(c)]);
      after_unknown = false;
      continue;
    }
    if (unknown_ >= 0 && !(fuse_unknown_ && after_unknown)) out.push_back(unknown_);
    after_unknown = true;
  }
}

void Bpe::merge(std::vector<std::int32_t>& ids) const {
  struct Symbol {
    std::int32_t id, previous, next;
  };
  const auto count = static_cast<std::int32_t>(ids.size());
  std::vector<Symbol> symbols(ids.size());
  for (std::int32_t i = 0; i < count; ++i) symbols[i] = {ids[i], i - 1, i + 1 < count ? i + 1 : -1};

  std::vector<Candidate> candidates;
  candidates.reserve(ids.size());
  const auto candidate = [&](std::int32_t at) -> const MergeTable::Entry* {
    const std::int32_t next = at < 0 ? -1 : symbols[at].next;
    return next < 0 ? nullptr : merges_.find(symbols[at].id, symbols[next].id);
  };
  for (std::int32_t i = 0; i + 1 < count; ++i) {
    if (const auto* entry = candidate(i)) candidates.push_back({entry->rank, i, entry->id});
  }
  std::priority_queue<Candidate> queue(std::less<Candidate>(), std::move(candidates));
  while (!queue.empty()) {
    const Candidate top = queue.top();
    queue.pop();
    Symbol& left = symbols[top.at];
    if (left.id < 0) continue;
    // A merge beside it may have changed the pair since it was queued.
    const auto* entry = candidate(top.at);
    if (entry == nullptr || entry->id != top.id) continue;
    Symbol& right = symbols[left.next];
    left.id = top.id;
    left.next = right.next;
    right.id = -1;
    if (left.next >= 0) symbols[left.next].previous = top.at;
    for (const std::int32_t at : {left.previous, top.at}) {
      if (const auto* again = candidate(at)) queue.push({again->rank, at, again->id});
    }
  }
  std::size_t kept = 0;
  for (std::int32_t at = count > 0 ? 0 : -1; at >= 0; at = symbols[at].next) ids[kept++] = symbols[at].id;
  ids.resize(kept);
}

void Bpe::encode_uncached(std::string_view word, std::vector<std::int32_t>& out) const {
  if (ignore_merges_) {
    std::string whole;
    if (byte_level_) {
      for (const char c : word) whole += byte_character(static_cast<std::uint8_t>(c));
    } else {
      whole = word;
    }
    if (const auto found = vocabulary_.find(whole); found != vocabulary_.end()) {
      out.push_back(found->second);
      return;
    }
  }
  std::vector<std::int32_t> ids;
  ids.reserve(word.size());
  characters(word, ids);
  merge(ids);
  out.insert(out.end(), ids.begin(), ids.end());
}

void Bpe::encode(std::string_view word, std::vector<std::int32_t>& out) const {
  if (word.size() > kLongestCached) return encode_uncached(word, out);
  std::string key(word);
  CacheShard& shard = cache_[std::hash<std::string>{}(key) % kShards];
  {
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.ids.find(key); found != shard.ids.end()) {
      out.insert(out.end(), found->second.begin(), found->second.end());
      return;
    }
  }
  const std::size_t before = out.size();
  encode_uncached(word, out);
  const std::lock_guard lock(shard.mutex);
  if (shard.ids.size() >= kShardWords) shard.ids.clear();
  shard.ids.try_emplace(std::move(key), out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
}

}  // namespace bandscope::text
