// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/language_model.h"

#include <algorithm>
#include <memory>

#include "core/error.h"
#include "core/input/json.h"
#include "training/text/chat_template.h"

namespace bandscope::evaluation {
namespace {

/// Ids under "eos_token_id": one, a list, or none.
std::vector<text::TokenId> end_ids(const nlohmann::json& config) {
  std::vector<text::TokenId> ids;
  const auto add = [&](const nlohmann::json& id) {
    if (id.is_number_integer() && id.get<std::int64_t>() >= 0 && id.get<std::int64_t>() <= INT32_MAX)
      ids.push_back(id.get<text::TokenId>());
  };
  const auto found = config.is_object() ? config.find("eos_token_id") : config.end();
  if (found == config.end()) return ids;
  if (found->is_array())
    for (const auto& id : *found) add(id);
  else
    add(*found);
  return ids;
}

}  // namespace

std::vector<text::TokenId> LanguageModel::encode(const std::string& text) const {
  std::vector<text::TokenId> ids = tokenizer.encode(text);
  if (!tokenizer.add_bos()) return ids;
  const std::string bos = tokenizer.bos_text();
  if (!bos.empty() && text.starts_with(bos)) return ids;
  ids.insert(ids.begin(), *tokenizer.bos());
  return ids;
}

text::TokenId LanguageModel::first_id() const {
  if (tokenizer.bos()) return *tokenizer.bos();
  if (tokenizer.eos()) return *tokenizer.eos();
  throw DataError(Message::tr("the tokenizer has neither a BOS nor an EOS token, which an empty context needs"));
}

LanguageModel language_model(model::Decoder& decoder, const text::Tokenizer& tokenizer,
                             const std::filesystem::path& folder) {
  LanguageModel model{decoder, tokenizer};
  if (decoder.config().max_position > 0) model.max_length = decoder.config().max_position;
  nlohmann::json config = try_json(decoder.config().json).value_or(nlohmann::json());
  const std::filesystem::path generation = folder / "generation_config.json";
  std::error_code ignored;
  if (std::filesystem::exists(generation, ignored)) {
    config = read_json(generation);
    const auto number = [&](const char* key, double otherwise) {
      const bool written = config.is_object() && config.contains(key) && config[key].is_number();
      return written ? config[key].get<double>() : otherwise;
    };
    if (const double penalty = number("repetition_penalty", 1.0); penalty > 0) model.repetition_penalty = penalty;
    if (const double top_k = number("top_k", 50); top_k >= 0 && top_k <= 1e9)
      model.top_k = static_cast<std::int64_t>(top_k);
    if (const double top_p = number("top_p", 1.0); top_p > 0 && top_p <= 1) model.top_p = top_p;
  }
  model.ends = end_ids(config);
  if (tokenizer.eos() && std::find(model.ends.begin(), model.ends.end(), *tokenizer.eos()) == model.ends.end())
    model.ends.push_back(*tokenizer.eos());
  return model;
}

ChatFormat chat_format(const text::Tokenizer& tokenizer, const std::filesystem::path& folder) {
  if (tokenizer.chat_template().empty())
    throw DataError(Message::at(folder, Message::tr("has no chat template, which --chat needs")));
  const auto chat = std::make_shared<const text::ChatTemplate>(tokenizer.chat_template(), tokenizer.named_tokens());
  return [chat](const std::vector<Turn>& turns) {
    std::vector<text::ChatMessage> messages;
    for (const Turn& turn : turns) messages.push_back({turn.role, turn.content});
    try {
      return chat->render(messages, true);
    } catch (const text::TemplateTooSlow&) {
      throw;
    } catch (const DataError&) {
      // Some templates refuse a system message; then there is none.
      if (messages.empty() || messages.front().role != "system") throw;
      messages.erase(messages.begin());
      return chat->render(messages, true);
    }
  };
}

}  // namespace bandscope::evaluation
