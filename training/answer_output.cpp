// SPDX-License-Identifier: Apache-2.0
#include "training/answer_output.h"

#include <iostream>

#include "core/error.h"

namespace bandscope {
namespace {

void put_on_standard_output(const std::string& text) {
  std::cout << text << std::flush;
  if (!std::cout)
    throw RunError(Message::tr("standard output takes no more answers (its reader has gone, or the disk is full)"));
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

AnswerFile::AnswerFile(const std::string& path) {
  if (!path.empty() && path != "-") file_.emplace(path, FreshFile::Unfinished::kept);
}

void AnswerFile::write(const std::string& text) { file_ ? file_->write(text) : put_on_standard_output(text); }

void AnswerFile::finish() {
  if (file_) file_->finish();
}

void AnswerStream::line(const nlohmann::ordered_json& json) { put_on_standard_output(json_text(json) + '\n'); }

void AnswerStream::loaded(const std::string& model, std::size_t prompts) {
  line({{"loaded", model}, {"prompts", prompts}});
}

void AnswerStream::piece(std::size_t index, const std::string& text, std::int64_t tokens) {
  line({{"index", index}, {"piece", text}, {"tokens", tokens}});
}

void AnswerStream::answer(std::size_t index, std::int64_t tokens, const nlohmann::ordered_json& answer) {
  line({{"index", index}, {"tokens", tokens}, {"answer", answer}});
}

}  // namespace bandscope
