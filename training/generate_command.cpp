// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iostream>

#include "core/error.h"
#include "core/input/json.h"
#include "training/data/rows.h"
#include "training/evaluate_command.h"
#include "training/evaluation/generator.h"
#include "training/text/chat_template.h"

namespace bandscope {
namespace {

using Row = data::RowValue;

struct Prompt {
  Row fields;
  std::string text;  ///< prompt or instruction
  Row messages;      ///< a conversation instead of a text
};

std::vector<Prompt> read_prompts(const std::string& file) {
  std::vector<Prompt> prompts;
  data::load_rows(
      data::DataSource(file),
      [&](const data::DataRow& row) {
        const auto refuse = [&](const Message& problem) { throw DataError(data::at_row(row, file, problem)); };
        if (row.value == nullptr) refuse(row.problem);
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
      data::Columns::all);
  return prompts;
}

/// The text that the model goes on from.
class PromptText {
 public:
  PromptText(const LoadedModel& loaded, bool chat) : folder_(loaded.weights().tokenizer), chat_(chat) {
    const text::Tokenizer& tokenizer = loaded.tokenizer();
    if (!tokenizer.chat_template().empty())
      template_.emplace(tokenizer.chat_template(), tokenizer.bos_text(), tokenizer.eos_text());
  }
  std::string of(const Prompt& prompt) const {
    if (!chat_ && prompt.messages.is_null()) return prompt.text;
    if (!template_)
      throw DataError(Message::at(folder_, Message::tr("has no chat template, which --chat and \"messages\" need")));
    std::vector<text::ChatMessage> messages;
    if (prompt.messages.is_null()) messages.push_back({"user", prompt.text});
    for (const Row& message : prompt.messages) {
      const bool usable = message.is_object() && message.contains("role") && message["role"].is_string() &&
                          message.contains("content") && message["content"].is_string();
      if (!usable) throw DataError(Message::tr("a message has a \"role\" and a \"content\", both texts"));
      messages.push_back({message["role"].get<std::string>(), message["content"].get<std::string>(), message});
    }
    return template_->render(messages, true);
  }

 private:
  std::filesystem::path folder_;
  bool chat_;
  std::optional<text::ChatTemplate> template_;
};

std::string line_of(const Prompt& prompt, const std::string& answer, const GenerateArguments& arguments,
                    const std::string& label) {
  Row out = Row::object();
  if (arguments.alpaca_eval) {
    std::string instruction = prompt.text;
    if (!prompt.messages.is_null())
      for (const Row& message : prompt.messages)
        if (message.is_object() && message.value("role", Row()) == "user" && message.contains("content"))
          instruction = message["content"].is_string() ? message["content"].get<std::string>() : "";
    out = {{"instruction", instruction}, {"output", answer}, {"generator", label}};
    if (prompt.fields.contains("dataset")) out["dataset"] = prompt.fields["dataset"];
  } else {
    out = prompt.fields;
    out["output"] = answer;
  }
  return out.dump(-1, ' ', false, Row::error_handler_t::replace);
}

}  // namespace

int generate_answers(const GenerateArguments& arguments) {
  const std::vector<Prompt> prompts = read_prompts(arguments.prompts);
  const LoadedModel loaded(find_weights(arguments.model, arguments.weights));
  const PromptText texts(loaded, arguments.chat);
  std::vector<evaluation::GenerationRequest> requests;
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    evaluation::GenerationRequest request;
    try {
      request.prompt = evaluation::prompt_ids(loaded.model(), texts.of(prompts[i]), arguments.max_tokens);
    } catch (const DataError& error) {
      throw DataError(Message::tr("%1, prompt %2: %3", arguments.prompts, i, error.message()));
    }
    request.max_tokens = arguments.max_tokens;
    request.sample = arguments.temperature > 0;
    request.temperature = arguments.temperature;
    request.top_p = arguments.top_p;
    request.seed = arguments.seed * 1'000'003 + i;
    requests.push_back(std::move(request));
  }
  std::ofstream file;
  if (!arguments.out.empty()) file.open(arguments.out, std::ios::trunc | std::ios::binary);
  std::ostream& out = arguments.out.empty() ? std::cout : file;
  const auto check = [&] {
    if (!out) throw RunError(Message::at(arguments.out, Message::tr("cannot be written (is the disk full?)")));
  };
  check();
  // An answer is written as soon as all before it are: the order is that of the prompts.
  std::vector<std::optional<std::string>> done(prompts.size());
  std::size_t next = 0;
  if (arguments.alpaca_eval) out << "[\n";
  evaluation::generate(loaded.model(), requests, [&](std::size_t i, const std::string& text, std::int64_t) {
    done[i] = text;
    for (; next < done.size() && done[next]; ++next) {
      const bool last = next + 1 == done.size();
      out << line_of(prompts[next], *done[next], arguments, loaded.weights().label)
          << (arguments.alpaca_eval && !last ? ",\n" : "\n") << std::flush;
    }
    check();
  });
  if (arguments.alpaca_eval) out << "]\n";
  out.flush();
  check();
  return 0;
}

}  // namespace bandscope
