// SPDX-License-Identifier: Apache-2.0
#include "training/data/pair_text.h"

#include <algorithm>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/objective/objective.h"
#include "training/data/messages.h"

namespace bandscope::data {
namespace {

using namespace row_fields;

constexpr std::string_view kHhMarker = "\n\nAssistant:";
/// Names that other sets give to the prompt's column.
constexpr const char* kPromptNames[] = {"question", "instruction", "query", "input"};

PairText split_hh(const std::string& chosen, const std::string& rejected) {
  const auto ends = std::mismatch(chosen.begin(), chosen.end(), rejected.begin(), rejected.end());
  const std::string_view shared(chosen.data(), static_cast<std::size_t>(ends.first - chosen.begin()));
  const std::size_t marker = shared.rfind(kHhMarker);
  if (marker == std::string_view::npos) {
    throw RowProblem(Message::tr(
        "\"chosen\" and \"rejected\" share no prompt: no \"\\n\\nAssistant:\" in the text both begin with"));
  }
  const std::size_t cut = marker + kHhMarker.size();
  return {chosen.substr(0, cut), chosen.substr(cut), rejected.substr(cut)};
}

/// A hint where the prompt's column has another name; else nothing.
Message prompt_hint(const RowValue& row) {
  for (const char* name : kPromptNames) {
    if (find(row, name) != nullptr)
      return Message::tr("the prompt is read from \"prompt\": rename the column \"%1\"", name);
  }
  return {};
}

/// A hint where the row is a whole file of rows: {"data": [{…}, …]}.
Message list_hint(const RowValue& row) {
  for (const auto& [key, value] : row.items()) {
    if (value.is_array() && !value.empty() && value.front().is_object())
      return Message::tr("its \"%1\" is a list of objects: if these are the rows, save that list alone as .json",
                         printable(key));
  }
  return {};
}

/// How much of `a` and `b` is the same, in whole characters.
std::size_t shared_text(std::string_view a, std::string_view b) {
  auto shared = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const auto inside = [&](std::string_view text) {
    return shared < text.size() && (static_cast<unsigned char>(text[shared]) & 0xC0) == 0x80;
  };
  while (shared > 0 && (inside(a) || inside(b))) --shared;
  return shared;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

[[noreturn]] void refuse_kto(const RowValue& row, const std::string& objective) {
  if (!objective.empty()) {
    throw DataError(
        Message::tr("these are KTO rows (one answer with a \"label\", %1), which the objective \"%2\" cannot use: "
                    "pairs are needed, with \"chosen\" and \"rejected\" in each row, or an "
                    "objective that weighs each answer by itself (%3)",
                    keys_of(row), objective, unpaired_objectives()));
  }
  throw DataError(
      Message::tr("these are KTO rows (one answer with a \"label\", %1): pairs are needed, with \"chosen\" and "
                  "\"rejected\" in each row, or an objective that weighs each answer by itself (%2)",
                  keys_of(row), unpaired_objectives()));
}

/// A hint where another objective would take two prompts; nothing where the objective is not known.
Message prompts_hint(const std::string& objective) {
  if (objective.empty()) return {};
  return Message::tr(
      "the objective \"%1\" needs one prompt for both; one that weighs each answer by itself (%2) "
      "takes such rows",
      objective, unpaired_objectives());
}

/// The label of a row of one response, under the name of TRL or LLaMA-Factory; null where there is none.
const RowValue* label_of(const RowValue& row) {
  const RowValue* label = find(row, "label");
  return label != nullptr ? label : find(row, "kto_tag");
}

}  // namespace

const char* form_name(PairForm form) {
  switch (form) {
    case PairForm::strings:
      return "prompt/chosen/rejected";
    case PairForm::anthropic_hh:
      return "Anthropic-HH";
    case PairForm::conversations:
      return "conversations";
    case PairForm::sharegpt:
      return "ShareGPT";
    case PairForm::labelled:
      return "one response with a label";
  }
  return "";
}

PairTextReader::TemplateInput PairTextReader::input_of(const RowValue& row) {
  return {tools_of(row), template_variables(row)};
}

void PairTextReader::note(const Message& sentence) {
  if (std::find(notes_.begin(), notes_.end(), sentence) == notes_.end()) notes_.push_back(sentence);
}

PairText PairTextReader::conversation(const std::vector<text::ChatMessage>& prompt,
                                      const std::vector<text::ChatMessage>& chosen,
                                      const std::vector<text::ChatMessage>& rejected, const TemplateInput& input) {
  if (prompt.empty()) throw RowProblem(Message::tr("there is no message before the response, so no prompt"));
  if (tokenizer_ == nullptr) {
    PairText plain{"", spoken_in_turn(chosen), spoken_in_turn(rejected)};
    for (const text::ChatMessage& message : prompt) plain.prompt += message.role + ": " + spoken(message) + "\n\n";
    plain.prompt += "assistant: ";
    return plain;
  }
  if (tokenizer_->chat_template().empty()) {
    throw DataError(
        Message::tr("the rows are conversations, but the model has no chat template (chat_template in "
                    "tokenizer_config.json, or chat_template.jinja)"));
  }
  if (!template_) template_.emplace(tokenizer_->chat_template(), tokenizer_->named_tokens());
  // A response rendered alone may get a system message of its own, so it is what comes after the rendered prompt.
  std::string begin, whole[2];
  try {
    begin = template_->render(prompt, true, input.tools, input.variables);
    for (int side = 0; side < 2; ++side) {
      std::vector<text::ChatMessage> messages = prompt;
      const std::vector<text::ChatMessage>& own = side == 0 ? chosen : rejected;
      messages.insert(messages.end(), own.begin(), own.end());
      whole[side] = template_->render(messages, false, input.tools, input.variables);
    }
  } catch (const text::TemplateTooSlow&) {
    throw;
  } catch (const DataError& error) {
    throw RowProblem(error.message());
  }
  const std::size_t shared = std::min(shared_text(begin, whole[0]), shared_text(begin, whole[1]));
  if (shared < begin.size()) check_shared(begin.substr(0, shared), prompt, whole, input);
  PairText text{begin.substr(0, shared), whole[0].substr(shared), whole[1].substr(shared)};
  for (const auto& [side, key] : {std::pair(&text.chosen, "chosen"), std::pair(&text.rejected, "rejected")}) {
    if (trimmed(*side).empty())
      throw RowProblem(Message::tr("%1 has an empty response: the chat template writes nothing of it behind the prompt",
                                   std::string("\"") + key + "\""));
  }
  return text;
}

/// The generation prompt is not how an answer begins (a template opens "<think>" for the model, but leaves it out of
/// answers): the common prefix is the prompt, as long as all of the prompt's own text is in it.
void PairTextReader::check_shared(const std::string& shared, const std::vector<text::ChatMessage>& prompt,
                                  const std::string (&whole)[2], const TemplateInput& input) {
  const std::string_view last = trimmed(prompt.back().content);
  bool inside = !last.empty() && shared.find(last) != std::string::npos;
  if (!inside) {
    try {
      const std::string bare = template_->render(prompt, false, input.tools, input.variables);
      inside =
          !bare.empty() && shared.size() >= bare.size() && whole[0].starts_with(bare) && whole[1].starts_with(bare);
    } catch (const text::TemplateTooSlow&) {
      throw;
    } catch (const DataError&) {
    }
  }
  if (!inside) {
    throw RowProblem(
        Message::tr("the model's chat template cannot be used for this pair: it writes the prompt in another way once "
                    "an answer follows"));
  }
  note(Message::tr(
      "the chat template's generation prompt is not how its answers begin; the prompt is what both have in common, as "
      "in TRL"));
}

PairText PairTextReader::answered(const std::vector<text::ChatMessage>& messages, const char* key,
                                  const TemplateInput& input) {
  require_answer(messages.back(), key);
  return conversation({messages.begin(), messages.end() - 1}, {messages.back()}, {messages.back()}, input);
}

PairText PairTextReader::labelled(const RowValue& row, bool label) {
  PairText one;
  if (const RowValue* completion = find(row, "completion"); completion != nullptr && completion->is_string()) {
    one.prompt = text_of(member(row, "prompt", "the row"), "\"prompt\"");
    one.chosen = completion->get<std::string>();
    if (one.chosen.empty()) throw RowProblem(Message::tr("\"%1\" has an empty response", std::string("completion")));
  } else if (completion != nullptr) {
    if (!completion->is_array())
      throw RowProblem(Message::tr("\"%1\" is %2, a string or a list of messages is needed", std::string("completion"),
                                   kind_of(*completion)));
    std::vector<text::ChatMessage> messages = prompt_messages(find(row, "prompt"));
    for (text::ChatMessage& message : messages_of(*completion, "completion")) messages.push_back(std::move(message));
    one = answered(messages, "completion", input_of(row));
  } else {
    const LabelledConversation conversation = labelled_conversation(row);
    one = answered(conversation.messages, conversation.key, input_of(row));
  }
  PairText text;
  text.label = label;
  (label ? text.prompt : text.rejected_prompt) = std::move(one.prompt);
  (label ? text.chosen : text.rejected) = std::move(one.chosen);
  return text;
}

PairText PairTextReader::read(const RowValue& row, PairForm& form) {
  if (!row.is_object()) throw RowProblem(Message::tr("the row is %1, an object is needed", kind_of(row)));
  const RowValue* chosen = find(row, "chosen");
  const RowValue* rejected = find(row, "rejected");
  const RowValue* prompt = find(row, "prompt");
  if (const RowValue* label = label_of(row); chosen == nullptr && rejected == nullptr && label != nullptr) {
    if (!own_prompts_) refuse_kto(row, objective_);
    if (!label->is_boolean())
      throw RowProblem(Message::tr("\"%1\" is %2, true or false is needed",
                                   std::string(label == find(row, "label") ? "label" : "kto_tag"), kind_of(*label)));
    form = PairForm::labelled;
    return labelled(row, label->get<bool>());
  }
  for (const char* key : {"chosen", "rejected"}) {
    const auto value = row.find(key);
    if (value == row.end())
      throw RowProblem(
          Message::joined(Message::tr("lacks \"%1\" (the row has %2)", key, keys_of(row)), list_hint(row)));
    if (!value->is_string() && !value->is_array() && !value->is_object()) {
      throw RowProblem(Message::tr("\"%1\" is %2, a string or a list of messages is needed", key, kind_of(*value)));
    }
  }
  if (chosen->type() != rejected->type()) {
    throw RowProblem(Message::tr("\"chosen\" is %1 and \"rejected\" is %2, both must be of one kind", kind_of(*chosen),
                                 kind_of(*rejected)));
  }
  if (chosen->is_object()) {
    form = PairForm::sharegpt;
    const std::vector<text::ChatMessage> messages = sharegpt_messages(row);
    const text::ChatMessage answer[2] = {sharegpt_message(*chosen, "chosen"), sharegpt_message(*rejected, "rejected")};
    require_answer(answer[0], "chosen");
    require_answer(answer[1], "rejected");
    return conversation(messages, {answer[0]}, {answer[1]}, input_of(row));
  }
  if (chosen->is_array()) {
    form = PairForm::conversations;
    const std::vector<text::ChatMessage> apart = prompt_messages(prompt);
    const bool is_list = prompt != nullptr && prompt->is_array();
    const auto first = whole_conversation(apart, is_list, messages_of(*chosen, "chosen"));
    const auto second = whole_conversation(apart, is_list, messages_of(*rejected, "rejected"));
    require_answer(first.back(), "chosen");
    require_answer(second.back(), "rejected");
    // A prompt that is asked for an answer is the prompt, also where the sides are exchanges of several turns.
    const auto behind = static_cast<std::ptrdiff_t>(apart.size());
    if (is_list && behind > 0 && behind < std::ssize(first) && behind < std::ssize(second) &&
        first[apart.size()].role == "assistant" && second[apart.size()].role == "assistant")
      return conversation(apart, {first.begin() + behind, first.end()}, {second.begin() + behind, second.end()},
                          input_of(row));
    if (!std::equal(first.begin(), first.end() - 1, second.begin(), second.end() - 1, same_message)) {
      if (own_prompts_) {
        const PairText one = answered(first, "chosen", input_of(row)),
                       other = answered(second, "rejected", input_of(row));
        return {one.prompt, one.chosen, other.chosen, other.prompt, {}};
      }
      throw RowProblem(Message::joined(
          Message::tr("\"chosen\" and \"rejected\" share no prompt: they differ before their last message"),
          prompts_hint(objective_)));
    }
    const auto is_prompt = [&](const text::ChatMessage& m) {
      return trimmed(m.content) == trimmed(apart.front().content);
    };
    if (!apart.empty() && !is_list && std::none_of(first.begin(), first.end(), is_prompt))
      note(Message::tr("rows have a \"prompt\" that is none of their messages; the messages alone are used"));
    if (find(row, "system") != nullptr && first.front().role != "system")
      note(Message::tr("the column \"system\" is not used; a system message belongs into the list of messages"));
    return conversation({first.begin(), first.end() - 1}, {first.back()}, {second.back()}, input_of(row));
  }
  PairText text;
  if (prompt != nullptr) {
    form = PairForm::strings;
    text = {text_of(*prompt, "\"prompt\""), chosen->get<std::string>(), rejected->get<std::string>()};
  } else {
    form = PairForm::anthropic_hh;
    try {
      text = split_hh(chosen->get_ref<const std::string&>(), rejected->get_ref<const std::string&>());
    } catch (const RowProblem& problem) {
      throw RowProblem(Message::joined(problem.message(), prompt_hint(row)));
    }
  }
  for (const char* unused : {"system", "tools", "chat_template_kwargs"}) {
    if (find(row, unused) != nullptr)
      note(
          Message::tr("the column \"%1\" is not used: rows of plain strings are taken as they are, without a chat "
                      "template",
                      unused));
  }
  if (text.chosen.empty()) throw RowProblem(Message::tr("\"%1\" has an empty response", std::string("chosen")));
  if (text.rejected.empty()) throw RowProblem(Message::tr("\"%1\" has an empty response", std::string("rejected")));
  return text;
}

}  // namespace bandscope::data
