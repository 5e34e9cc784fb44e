// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "core/error.h"
#include "core/process/stop_signals.h"
#include "training/answer_output.h"
#include "training/data/prompts.h"
#include "training/evaluate_command.h"
#include "training/evaluation/generator.h"
#include "training/text/chat_template.h"

namespace bandscope {
namespace {

using Row = data::RowValue;
using data::Prompt;

/// The text that the model goes on from.
class PromptText {
 public:
  PromptText(const LoadedModel& loaded, bool chat) : folder_(loaded.weights().tokenizer), chat_(chat) {
    const text::Tokenizer& tokenizer = loaded.tokenizer();
    if (!tokenizer.chat_template().empty()) template_.emplace(tokenizer.chat_template(), tokenizer.named_tokens());
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

Row answer_of(const Prompt& prompt, const std::string& answer, const GenerateArguments& arguments,
              const std::string& label) {
  Row out = Row::object();
  if (arguments.alpaca_eval) {
    out = {{"instruction", data::question_of(prompt)}, {"output", answer}, {"generator", label}};
    if (prompt.fields.contains("dataset")) out["dataset"] = prompt.fields["dataset"];
  } else {
    out = prompt.fields;
    out["output"] = answer;
  }
  return out;
}

/// Writes each answer as soon as all before it are there: the order in the file is that of the prompts.
class AnswerWriter {
 public:
  AnswerWriter(const GenerateArguments& arguments, std::size_t prompts)
      : array_(arguments.alpaca_eval), lines_(prompts) {
    // The answers' own lines would stand between those of the stream.
    if (arguments.stream && (arguments.out.empty() || arguments.out == "-")) return;
    file_.emplace(arguments.out);
    if (array_) file_->write("[\n");
  }
  void take(std::size_t index, const Row& answer) {
    if (!file_) return;
    lines_[index] = json_text(answer);
    std::string ready;
    for (; written_ < lines_.size() && lines_[written_]; ++written_) {
      ready += *lines_[written_] + (array_ && written_ + 1 < lines_.size() ? ",\n" : "\n");
      lines_[written_]->clear();
    }
    if (!ready.empty()) file_->write(ready);
  }
  void finish() {
    if (!file_) return;
    if (array_) file_->write("]\n");
    file_->finish();
  }
  Message interrupted() const {
    if (!file_ || file_->part().empty()) return Message::tr("stopped by a signal");
    return Message::tr("stopped by a signal; the first %1 of %2 answers are in %3", written_, lines_.size(),
                       file_->part());
  }

 private:
  bool array_;
  std::vector<std::optional<std::string>> lines_;
  std::size_t written_ = 0;
  std::optional<AnswerFile> file_;
};

/// Asks for all answers and writes them; a signal ends it between two tokens.
void answer_all(const LoadedModel& loaded, const std::vector<Prompt>& prompts,
                std::span<const evaluation::GenerationRequest> requests, const GenerateArguments& arguments) {
  on_stop(OnStop::finish_step);  // a line is written whole
  AnswerWriter writer(arguments, prompts.size());
  AnswerStream stream;
  if (arguments.stream) stream.loaded(loaded.weights().label, prompts.size());
  evaluation::GeneratorOptions options;
  if (arguments.stream)
    options.grew = [&](std::size_t i, const std::string& piece, std::int64_t tokens) {
      if (!piece.empty()) stream.piece(i, piece, tokens);
    };
  options.before_step = [&] {
    if (stop_signal() != 0) throw Error(ExitCode::stopped, writer.interrupted());
  };
  const auto ended = [&](std::size_t i, const std::string& text, std::int64_t tokens) {
    const Row answer = answer_of(prompts[i], text, arguments, loaded.weights().label);
    writer.take(i, answer);
    if (arguments.stream) stream.answer(i, tokens, answer);
  };
  evaluation::generate(loaded.model(), requests, ended, options);
  writer.finish();
}

}  // namespace

int generate_answers(const GenerateArguments& arguments) {
  if (std::error_code unknown; std::filesystem::equivalent(arguments.prompts, arguments.out, unknown))
    throw SpecError(
        Message::tr("--out %1 is the file of prompts, which would be lost; choose another file", arguments.out));
  const std::vector<Prompt> prompts = data::read_prompts(arguments.prompts);
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
  answer_all(loaded, prompts, requests, arguments);
  return 0;
}

}  // namespace bandscope
