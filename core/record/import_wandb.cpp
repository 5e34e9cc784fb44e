// SPDX-License-Identifier: Apache-2.0
// The history of a run as Weights & Biases gives it: JSON lines (wandb-history.jsonl, scan_history()) with the keys of
// the Trainer's callback ("train/loss", "eval/loss", "train/global_step") and _step, _runtime, _timestamp.
#include <algorithm>
#include <array>
#include <sstream>

#include "core/error.h"
#include "core/input/json.h"
#include "core/record/tracked_history.h"

namespace bandscope::record {
namespace {

using Json = nlohmann::json;

/// Numbers of `object` below `prefix`, by their keys; what W&B writes for numbers that JSON has none for is null.
void flatten(const Json& object, const std::string& prefix, Json& out) {
  for (const auto& [key, value] : object.items()) {
    std::string name = prefix;
    if (!name.empty()) name += '/';
    name += key;
    if (value.is_object()) {
      flatten(value, name, out);
    } else if (value.is_number()) {
      out[name] = value;
    } else if (value == "NaN" || value == "Infinity" || value == "-Infinity") {
      out[name] = nullptr;
    }
  }
}

/// The trainer's own count, the better name first; OpenRLHF counts for its evaluations apart.
constexpr std::array counts = {"train/global_step", "trainer/global_step", "global_step", "eval/global_step"};

const char* count_in(const Json& values) {
  const auto* at = std::ranges::find_if(counts, [&](const char* key) { return values.contains(key); });
  return at == counts.end() ? nullptr : *at;
}

/// `counted`: rows without the trainer's count are about no step of training, and left out.
ImportedLog read_history(const std::string& text, const std::string& origin, bool counted) {
  TrackedHistory history;
  std::istringstream in(text);
  std::size_t number = 0, left_out = 0;
  bool cut = false;
  for (std::string line; std::getline(in, line) && !history.too_long();) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = origin + ", line " + std::to_string(number);
    cut = in.eof() && !history.empty() && !try_json(line, JsonNumbers::python);
    if (cut) break;
    Json values = Json::object();
    flatten(object_of_line(line, where), "", values);
    const char* step = counted ? count_in(values) : "_step";
    if (!step) {
      ++left_out;
      continue;
    }
    if (!values.contains(step)) throw DataError(Message::tr("%1 has no step", where));
    for (const auto& [key, value] : values.items())
      if (!key.starts_with("_") && !key.starts_with("system/") && std::ranges::find(counts, key) == counts.end())
        history.put(plain_key(key), value);
    history.end_row(step_of(values[step], step, where), number);
  }
  // The count was the name of something else.
  if (counted && history.empty() && left_out > 0) return read_history(text, origin, false);
  ImportedLog log = history.import(origin);
  log.kind = "Weights & Biases' history";
  log.source = Message::tr("Weights & Biases' history %1", origin);
  if (left_out > 0) log.remarks.push_back(without_step(left_out));
  if (cut) log.remarks.push_back(ends_within_a_line());
  return log;
}

}  // namespace

bool is_wandb_history(std::string_view text) {
  const auto line = try_json(text.substr(0, text.find('\n')), JsonNumbers::python);
  if (!line || !line->is_object() || !line->contains("_step")) return false;
  return std::ranges::any_of(line->items(), [](const auto& item) {
    const std::string& key = item.key();
    return key == "_runtime" || key == "_timestamp" || key.starts_with("train") || key.starts_with("eval");
  });
}

ImportedLog import_wandb_history(const std::string& text, const std::string& origin) {
  // W&B counts its own rows, one for each call of log(); where the trainer's count is there, rows without it (tables,
  // samples of texts) are about no step of training.
  return read_history(text, origin, text.find("global_step\"") != std::string::npos);
}

}  // namespace bandscope::record
