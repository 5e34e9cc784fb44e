// SPDX-License-Identifier: Apache-2.0
#include "training/data/prompts.h"

#include <string_view>

#include "core/error.h"
#include "core/input/json.h"
#include "training/data/rows.h"

namespace bandscope::data {

std::vector<Prompt> read_prompts(const std::string& file, std::size_t most, const std::function<void()>& go_on) {
  std::vector<Prompt> prompts;
  load_rows(
      DataSource(file),
      [&](const DataRow& row) {
        if (go_on) go_on();
        const auto refuse = [&](const Message& problem) { throw DataError(at_row(row, file, problem)); };
        if (row.value == nullptr) refuse(row.problem);
        if (prompts.size() >= most) refuse(Message::tr("more than %1 prompts at a time are not taken here", most));
        Prompt prompt;
        if (!row.value->is_object())
          refuse(Message::tr("a prompt is an object with \"prompt\", \"instruction\" or \"messages\""));
        prompt.fields = *row.value;
        for (const char* key : {"prompt", "instruction", "messages"}) {
          const auto found = prompt.fields.find(key);
          if (found == prompt.fields.end() || found->is_null()) continue;
          const bool conversation = std::string_view(key) == "messages";
          if (conversation ? !found->is_array() : !found->is_string())
            refuse(Message::tr("\"%1\" is %2, %3 is needed", std::string(key), type_of(nlohmann::json(*found)),
                               conversation ? Message::tr("a list of messages") : Message::tr("a string")));
          if (conversation)
            prompt.messages = *found;
          else
            prompt.text = found->get<std::string>();
          prompts.push_back(std::move(prompt));
          return true;
        }
        refuse(Message::tr("a prompt is an object with \"prompt\", \"instruction\" or \"messages\""));
        return false;
      },
      Columns::all);
  return prompts;
}

std::string question_of(const Prompt& prompt) {
  std::string question = prompt.text;
  if (!prompt.messages.is_null())
    for (const RowValue& message : prompt.messages)
      if (message.is_object() && message.value("role", RowValue()) == "user" && message.contains("content"))
        question = message["content"].is_string() ? message["content"].get<std::string>() : "";
  return question;
}

}  // namespace bandscope::data
