// SPDX-License-Identifier: Apache-2.0
// The history of a run as Weights & Biases gives it: JSON lines (wandb-history.jsonl, scan_history()) with the keys of
// the Trainer's callback ("train/loss", "eval/loss", "train/global_step") and _step, _runtime, _timestamp.
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

}  // namespace

bool is_wandb_history(std::string_view text) {
  const auto line = try_json(text.substr(0, text.find('\n')));
  return line && line->is_object() && line->contains("_step") &&
         (line->contains("_runtime") || line->contains("_timestamp"));
}

ImportedLog import_wandb_history(const std::string& text, const std::string& origin) {
  // W&B counts its own rows, one for each call of log(); where the trainer's count is there, rows without it (tables,
  // samples of texts) are about no step of training.
  const bool counted = text.find("global_step\"") != std::string::npos;
  TrackedHistory history;
  std::istringstream in(text);
  std::size_t number = 0;
  for (std::string line; std::getline(in, line) && !history.too_long();) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = origin + ", line " + std::to_string(number);
    const Json object = parse_json(line, where, JsonNumbers::python);
    if (!object.is_object())
      throw DataError(Message::tr("%1 is of type %2; an object is needed", where, type_of(object)));
    Json values = Json::object();
    flatten(object, "", values);
    // OpenRLHF counts for its evaluations apart.
    const char* step = "_step";
    if (counted) step = values.contains("train/global_step") ? "train/global_step" : "eval/global_step";
    if (!values.contains(step)) {
      if (counted) continue;
      throw DataError(Message::tr("%1 has no step", where));
    }
    for (const auto& [key, value] : values.items())
      if (!key.starts_with("_") && !key.starts_with("system/") && key != step) history.put(plain_key(key), value);
    history.end_row(step_of(values[step], step, where));
  }
  ImportedLog log = history.import(origin);
  log.kind = "Weights & Biases' history";
  log.source = Message::tr("Weights & Biases' history %1", origin);
  return log;
}

}  // namespace bandscope::record
