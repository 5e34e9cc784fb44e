// SPDX-License-Identifier: Apache-2.0
#include "training/text/tokenizer.h"

#include <algorithm>
#include <cstdio>

#include "core/input/json.h"
#include "core/input/sha256.h"
#include "training/text/added_tokens.h"
#include "training/text/bpe.h"
#include "training/text/byte_alphabet.h"
#include "training/text/normalizer.h"
#include "training/text/pre_tokenizer.h"
#include "training/text/token_decoder.h"
#include "training/text/tokenizer_config.h"
#include "training/text/utf8.h"

namespace bandscope::text {

struct Tokenizer::Impl {
  std::string where;  ///< tokenizer.json, for messages
  std::unique_ptr<Normalizer> normalizer;
  std::unique_ptr<PreTokenizer> pre_tokenizer;
  std::unique_ptr<Bpe> bpe;
  std::unique_ptr<TokenDecoder> decoder;
  AddedTokenFinder raw_added;         ///< looked for in the text as it is
  AddedTokenFinder normalized_added;  ///< looked for after the normalizer
  std::vector<std::string> entries;   ///< vocabulary by id, "" where an id is unused
  std::vector<bool> is_added;         ///< by id
  std::vector<TokenId> special;       ///< added tokens that are no text
  std::optional<TokenId> bos, eos;
  std::map<std::string, std::string> named;  ///< special tokens of the configuration
  bool add_bos = false;
  std::string chat_template;
  std::string sha256;
  std::vector<Message> notes;

  void read(const std::string& tokenizer_json, const TokenizerConfig& config);
  void put_entry(const std::string& text, TokenId id, bool added);
  std::optional<TokenId> find(const std::optional<std::string>& text, const std::optional<std::int64_t>& id,
                              const char* key) const;
  bool template_begins_with_bos(const Json& post_processor, int depth) const;
  bool wants_bos(const TokenizerConfig& config, const Json& post_processor);
  Json pre_tokenizer_of(const TokenizerConfig& config, const Json& in_file);
  void encode_plain(std::string_view text, bool at_start, std::vector<TokenId>& out) const;
};

void Tokenizer::Impl::put_entry(const std::string& text, TokenId id, bool added) {
  const auto at = static_cast<std::size_t>(id);
  if (entries.size() <= at) entries.resize(at + 1), is_added.resize(at + 1);
  entries[at] = text;
  is_added[at] = added;
}

void Tokenizer::Impl::read(const std::string& tokenizer_json, const TokenizerConfig& config) {
  const Json json = parse_json(tokenizer_json, where);
  const JsonFields fields(json, where);
  const auto part = [&](const char* key) -> const Json& {
    static const Json none;
    return json.contains(key) ? json[key] : none;
  };
  sha256 = sha256_of(tokenizer_json);
  normalizer = make_normalizer(part("normalizer"), where + ": normalizer");
  pre_tokenizer = make_pre_tokenizer(pre_tokenizer_of(config, part("pre_tokenizer")), where + ": pre_tokenizer");
  decoder = make_token_decoder(part("decoder"), where + ": decoder");
  bpe = std::make_unique<Bpe>(fields.child("model"), pre_tokenizer && pre_tokenizer->byte_level(), where + ": model");
  for (const auto& [text, id] : bpe->vocabulary()) put_entry(text, id, false);
  for (const AddedToken& token : all_added(read_added_tokens(part("added_tokens"), where + ": added_tokens", kMostId),
                                           config.added, bpe->vocabulary())) {
    put_entry(token.content, token.id, true);
    if (token.special) special.push_back(token.id);
    if (token.normalized) {
      normalized_added.add(token, normalizer ? normalizer->apply(token.content) : token.content);
    } else {
      raw_added.add(token, token.content);
    }
  }
  if (entries.empty()) throw DataError(Message::at(where, Message::tr("the vocabulary is empty")));
  bos = find(config.bos, config.bos_id, "bos_token");
  eos = find(config.eos, config.eos_id, "eos_token");
  named = config.named;
  add_bos = bos && wants_bos(config, part("post_processor"));
  chat_template = config.chat_template;
}

std::optional<TokenId> Tokenizer::Impl::find(const std::optional<std::string>& text,
                                             const std::optional<std::int64_t>& id, const char* key) const {
  if (text) {
    // An added token of that text wins over a vocabulary entry, as it is what the text itself would become.
    std::optional<TokenId> found;
    for (std::size_t at = 0; at < entries.size(); ++at) {
      if (entries[at] == *text && (is_added[at] || !found)) found = static_cast<TokenId>(at);
    }
    if (!found) throw DataError(Message::at(where, Message::tr("%1 \"%2\" is not in the vocabulary", key, *text)));
    return found;
  }
  if (!id) return std::nullopt;
  if (*id < 0 || *id >= static_cast<std::int64_t>(entries.size())) {
    throw DataError(Message::at(where, Message::tr("%1 %2 is not in the vocabulary", std::string(key) + "_id", *id)));
  }
  return static_cast<TokenId>(*id);
}

/// True for TemplateProcessing whose template of one text starts with the BOS token, also inside a Sequence.
bool Tokenizer::Impl::template_begins_with_bos(const Json& json, int depth) const {
  if (!json.is_object() || depth > 4) return false;
  const std::string type = JsonFields(json, where + ": post_processor").text("type", "");
  if (type == "Sequence" && json.contains("processors") && json["processors"].is_array()) {
    const Json& steps = json["processors"];
    return std::any_of(steps.begin(), steps.end(),
                       [&](const Json& step) { return template_begins_with_bos(step, depth + 1); });
  }
  if (type != "TemplateProcessing" || !json.contains("single") || !json["single"].is_array()) return false;
  const Json& single = json["single"];
  if (single.empty() || !single.front().is_object() || !single.front().contains("SpecialToken")) return false;
  return JsonFields(single.front()["SpecialToken"], where + ": post_processor").text("id", "") ==
         entries[static_cast<std::size_t>(*bos)];
}

/// transformers 5 lets the post-processor of tokenizer.json decide, whatever add_bos_token says; CodeLlama's class
/// makes its own post-processor.
bool Tokenizer::Impl::wants_bos(const TokenizerConfig& config, const Json& post_processor) {
  const bool adds =
      template_begins_with_bos(post_processor, 0) || config.tokenizer_class.starts_with("CodeLlamaTokenizer");
  if (config.add_bos && *config.add_bos != adds) {
    const char* said = *config.add_bos ? "true" : "false";
    notes.push_back(adds ? Message::tr("tokenizer_config.json has add_bos_token = %1, but the post-processor of "
                                       "tokenizer.json adds the BOS token: it counts, as in transformers 5",
                                       said)
                         : Message::tr("tokenizer_config.json has add_bos_token = %1, but the post-processor of "
                                       "tokenizer.json adds no BOS token: it counts, as in transformers 5",
                                       said));
  }
  return adds;
}

namespace {

/// Sets add_prefix_space of every ByteLevel in `step`; true where that changes it.
bool set_prefix_space(Json& step, bool value, int depth) {
  if (!step.is_object() || depth > 16) return false;
  const Json type = step.value("type", Json());
  if (type == "ByteLevel") return std::exchange(step["add_prefix_space"], Json(value)) != Json(value);
  bool changed = false;
  if (type == "Sequence" && step.contains("pretokenizers") && step["pretokenizers"].is_array()) {
    for (Json& inner : step["pretokenizers"]) changed = set_prefix_space(inner, value, depth + 1) || changed;
  }
  return changed;
}

}  // namespace

/// These classes of transformers make their own ByteLevel, by add_prefix_space of tokenizer_config.json.
Json Tokenizer::Impl::pre_tokenizer_of(const TokenizerConfig& config, const Json& in_file) {
  Json used = in_file;
  std::string name = config.tokenizer_class;
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  if (name != "GPT2Tokenizer" && name != "GPTNeoXTokenizer" && name != "Qwen2Tokenizer") return used;
  const bool wanted = config.prefix_space.value_or(false);
  if (set_prefix_space(used, wanted, 0)) {
    const std::string& of = config.tokenizer_class;
    notes.push_back(wanted ? Message::tr("a space is put before the text, as add_prefix_space of tokenizer_config.json "
                                         "(%1) says; tokenizer.json says otherwise",
                                         of)
                           : Message::tr("no space is put before the text, as add_prefix_space of "
                                         "tokenizer_config.json (%1) says; tokenizer.json says otherwise",
                                         of));
  }
  return used;
}

void Tokenizer::Impl::encode_plain(std::string_view text, bool at_start, std::vector<TokenId>& out) const {
  Words words;
  words.list = {text};
  words.at_start = at_start;
  if (pre_tokenizer) pre_tokenizer->apply(words);
  for (const std::string_view word : words.list) bpe->encode(word, out);
}

Tokenizer::Tokenizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Tokenizer Tokenizer::load(const std::filesystem::path& model_dir) {
  const std::filesystem::path file = model_dir / "tokenizer.json";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    if (std::filesystem::is_directory(model_dir / "snapshots", ignored)) {
      throw DataError(Message::tr(
          "%1 is a folder of the hub's cache; name the folder below its snapshots that holds tokenizer.json",
          model_dir.string()));
    }
    throw DataError(Message::tr("%1 does not exist; a model folder needs it", file));
  }
  auto impl = std::make_unique<Impl>();
  impl->where = file.string();
  impl->read(read_file(file), read_tokenizer_config(model_dir));
  return Tokenizer(std::move(impl));
}

Tokenizer Tokenizer::from_text(const std::string& tokenizer_json, const std::string& tokenizer_config_json) {
  TokenizerConfig config;
  if (!tokenizer_config_json.empty()) {
    const std::string where = "tokenizer_config.json";
    config = parse_tokenizer_config(parse_json(tokenizer_config_json, where), where);
  }
  auto impl = std::make_unique<Impl>();
  impl->where = "tokenizer.json";
  impl->read(tokenizer_json, config);
  return Tokenizer(std::move(impl));
}

std::vector<TokenId> Tokenizer::encode(std::string_view text) const {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = to_valid_utf8(text);
  std::vector<TokenId> out;
  std::vector<AddedSplit> outer, inner;
  impl_->raw_added.split(text, outer);
  bool at_start = true;  // Metaspace's "first" is the first character of the text as it came
  for (const AddedSplit& part : outer) {
    if (part.id >= 0) {
      out.push_back(part.id);
      at_start = false;
      continue;
    }
    std::string normalized;
    std::string_view plain = part.text;
    if (impl_->normalizer) plain = normalized = impl_->normalizer->apply(part.text);
    at_start = at_start && (!impl_->normalizer || impl_->normalizer->keeps_front(part.text));
    inner.clear();
    impl_->normalized_added.split(plain, inner);
    for (const AddedSplit& piece : inner) {
      if (piece.id >= 0) {
        out.push_back(piece.id);
      } else {
        impl_->encode_plain(piece.text, at_start, out);
      }
      at_start = false;
    }
  }
  return out;
}

std::string Tokenizer::decode(const std::vector<TokenId>& ids) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const TokenId id : ids) {
    // An id without an entry (a model's padding of its vocabulary) has no text.
    if (id >= 0 && static_cast<std::size_t>(id) < impl_->entries.size()) tokens.push_back(impl_->entries[id]);
  }
  if (impl_->decoder) impl_->decoder->apply(tokens);
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0 && !impl_->decoder) out.push_back(' ');
    out += tokens[i];
  }
  return out;
}

std::string Tokenizer::token_text(TokenId id) const {
  if (id < 0 || static_cast<std::size_t>(id) >= impl_->entries.size()) return "<id " + std::to_string(id) + ">";
  std::string bytes = impl_->entries[static_cast<std::size_t>(id)];
  if (!impl_->is_added[static_cast<std::size_t>(id)]) {
    constexpr std::string_view mark = "\xE2\x96\x81";
    if (impl_->pre_tokenizer && impl_->pre_tokenizer->byte_level()) {
      bytes = alphabet_to_bytes(bytes).value_or(bytes);
    } else if (const int byte = fallback_byte(bytes); byte >= 0) {
      bytes.assign(1, static_cast<char>(byte));
    } else {
      for (std::size_t at; (at = bytes.find(mark)) != std::string::npos;) bytes.replace(at, mark.size(), " ");
    }
  }
  std::string out;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = utf8_sequence(bytes, at);
    if (length > 0) {
      out.append(bytes, at, length);
      at += length;
      continue;
    }
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\x%02X", static_cast<unsigned char>(bytes[at++]));
    out += escape;
  }
  return out;
}

bool Tokenizer::is_special(TokenId id) const {
  return id == impl_->bos || id == impl_->eos ||
         std::find(impl_->special.begin(), impl_->special.end(), id) != impl_->special.end();
}

std::size_t Tokenizer::vocab_size() const { return impl_->entries.size(); }
std::optional<TokenId> Tokenizer::bos() const { return impl_->bos; }
std::optional<TokenId> Tokenizer::eos() const { return impl_->eos; }
bool Tokenizer::add_bos() const { return impl_->add_bos; }
std::string Tokenizer::bos_text() const { return impl_->bos ? impl_->entries[*impl_->bos] : ""; }
std::string Tokenizer::eos_text() const { return impl_->eos ? impl_->entries[*impl_->eos] : ""; }
std::map<std::string, std::string> Tokenizer::named_tokens() const {
  std::map<std::string, std::string> tokens = impl_->named;
  tokens["bos_token"] = bos_text();
  tokens["eos_token"] = eos_text();
  return tokens;
}
const std::string& Tokenizer::chat_template() const { return impl_->chat_template; }
const std::string& Tokenizer::sha256() const { return impl_->sha256; }
const std::vector<Message>& Tokenizer::notes() const { return impl_->notes; }

}  // namespace bandscope::text
