// SPDX-License-Identifier: Apache-2.0
#include "training/answer_output.h"

#include <iostream>

#include "core/error.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

void put_on_standard_output(const std::string& text) {
  std::cout << text << std::flush;
  if (!std::cout)
    throw RunError(Message::tr("standard output takes no more answers (its reader has gone, or the disk is full)"));
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

AnswerFile::AnswerFile(const std::string& path) : out_(&std::cout) {
  if (path.empty() || path == "-") return;
  std::error_code error;
  path_ = fs::exists(path, error) ? fs::canonical(path, error) : fs::path(path);
  if (path_.empty()) path_ = path;
  const fs::file_status status = fs::status(path_, error);
  part_ = fs::exists(status) && !fs::is_regular_file(status) ? path_ : fs::path(path_.string() + ".part");
  file_.open(part_, std::ios::trunc | std::ios::binary);
  out_ = &file_;
  if (!file_) fail();
}

void AnswerFile::write(const std::string& text) {
  if (out_ == &std::cout) return put_on_standard_output(text);
  file_ << text << std::flush;
  if (!file_) fail();
}

void AnswerFile::finish() {
  if (out_ == &std::cout) return;
  file_.close();
  if (!file_) fail();
  std::error_code error;
  if (part_ != path_) fs::rename(part_, path_, error);
  if (error) fail();
}

void AnswerFile::fail() const {
  throw RunError(Message::at(path_, Message::tr("cannot be written (is the disk full?)")));
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
