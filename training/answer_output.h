// SPDX-License-Identifier: Apache-2.0
// Where `bandscope-engine generate` writes: a file that is there only when it is whole, and lines for a program that
// shows answers while they grow.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/export/fresh_file.h"

namespace bandscope {

/// Answers go to FILE.part, which takes FILE's name at the end: what lies at FILE stays until then, and what was
/// answered before an interruption lies in FILE.part. What is no regular file (a pipe, a terminal) is written directly.
class AnswerFile {
 public:
  /// Empty or "-": standard output. Throws RunError where nothing can be written.
  explicit AnswerFile(const std::string& path);
  /// Writes and flushes. Throws RunError.
  void write(const std::string& text);
  /// All is written.
  void finish();
  /// The file as it is until finish(); empty for standard output.
  std::filesystem::path part() const { return file_ ? file_->part() : std::filesystem::path(); }

 private:
  std::optional<FreshFile> file_;
};

/// Lines of JSON on standard output, each flushed: {"loaded": MODEL, "prompts": N} once, then {"index": I, "piece":
/// TEXT, "tokens": N} as the answer to prompt I (from 0) grows, and {"index": I, "tokens": N, "answer": {…}} at its
/// end. Throws RunError when the reader has gone.
class AnswerStream {
 public:
  void loaded(const std::string& model, std::size_t prompts);
  void piece(std::size_t index, const std::string& text, std::int64_t tokens);
  void answer(std::size_t index, std::int64_t tokens, const nlohmann::ordered_json& answer);

 private:
  static void line(const nlohmann::ordered_json& json);
};

/// One line; bytes that are no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace bandscope
