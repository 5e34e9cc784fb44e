// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_line.h"

#include "core/error.h"
#include "core/input/json.h"

namespace bandscope::app {
namespace {

[[noreturn]] void refuse() { throw RunError(Message::tr("the engine gave an answer that is not understood")); }

qint64 number(const nlohmann::ordered_json& json, const char* key, qint64 most) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > std::uint64_t(most))
    refuse();
  return found->get<qint64>();
}

QString text(const nlohmann::ordered_json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) refuse();
  return QString::fromStdString(found->get_ref<const std::string&>());
}

}  // namespace

AnswerLine parse_answer_line(const QByteArray& bytes, int prompts) {
  constexpr qint64 most_tokens = INT32_MAX;
  if (bytes.size() > longest_answer_line) refuse();
  const auto json = try_ordered_json({bytes.constData(), std::size_t(bytes.size())});
  if (!json || !json->is_object()) refuse();
  AnswerLine line;
  if (json->contains("loaded")) return line;
  line.index = int(number(*json, "index", prompts - 1));
  line.tokens = number(*json, "tokens", most_tokens);
  if (json->contains("piece")) {
    line.kind = AnswerLine::piece;
    line.text = text(*json, "piece");
    return line;
  }
  const auto answer = json->find("answer");
  if (answer == json->end() || !answer->is_object()) refuse();
  line.kind = AnswerLine::answer;
  line.text = text(*answer, "output");
  line.line = answer->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return line;
}

}  // namespace bandscope::app
