// SPDX-License-Identifier: Apache-2.0
#include "core/spec/run_spec.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/input/file.h"
#include "core/objective/formula.h"
#include "core/spec/key_rules.h"
#include "core/spec/spec_document.h"
#include "core/spec/spec_reader.h"
#include "core/spec/sweep.h"

namespace bandscope {
namespace {

/// `run.name` with the parts of the swept values that mean something to this run: the objective first, calibration
/// last, so that the two runs of a pair differ in their end.
std::string run_name(const RunSpec& spec, const Sweep& sweep, std::size_t index) {
  std::string name = spec.run.name, calibration;
  if (sweep.size() == 1) return name;
  const std::vector<const SpecValue*> values = sweep.values(index);
  if (std::ranges::find(sweep.keys, "objective.name", &SweptKey::key) != sweep.keys.end())
    name = name_with_objective(name, spec.objective.name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& key = sweep.keys[i].key;
    const bool is_parameter = key.starts_with("objective.") && !find_rule(key);
    if (is_parameter && !spec.objective.parameters.contains(key.substr(key.find('.') + 1))) continue;
    if (key == "objective.loss" && spec.objective.name != "formula") continue;
    const std::string part = name_part(key, *values[i]);
    if (!part.empty()) (key == "calibration.enabled" ? calibration : name) += "-" + part;
  }
  return name + calibration;
}

/// "name", "name-2", "name-3", ...
std::string unique_name(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int i = 2; !taken.insert(candidate).second; ++i) candidate = name + "-" + std::to_string(i);
  return candidate;
}

}  // namespace

std::vector<RunSpec> load_run_specs(const std::filesystem::path& file, const std::vector<Override>& overrides) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw SpecError(Message::at(file, Message::tr("this is a folder; a run spec is a TOML file")));
  }
  if (!std::filesystem::exists(file, ignored)) {
    throw SpecError(
        Message::at(file, Message::tr("the run spec cannot be read; is there such a file, and may it be read?")));
  }
  if (std::filesystem::is_regular_file(file, ignored) && std::filesystem::file_size(file, ignored) > kMostSpecBytes &&
      !ignored) {
    throw SpecError(Message::at(file, Message::tr("this is no run spec; one has at most 1 MiB")));
  }
  std::string text;
  try {
    text = read_file(file, kMostSpecBytes);
  } catch (const DataError& error) {
    throw SpecError(error.message());
  }
  return parse_run_specs(text, file.string(), file.parent_path(), overrides);
}

std::vector<RunSpec> parse_run_specs(std::string_view toml, const std::string& origin,
                                     const std::filesystem::path& base, const std::vector<Override>& overrides) {
  SpecDocument document = read_document(toml, origin);
  for (const Override& override : overrides) apply_override(document, override);
  SpecErrors errors;
  const Sweep sweep = take_sweep(document, errors);

  ObjectiveKeys shared_keys;
  const bool objective_swept =
      std::ranges::any_of(sweep.keys, [](const SweptKey& key) { return key.key.starts_with("objective."); });
  for (std::size_t i = 0; objective_swept && i < sweep.size(); ++i)
    shared_keys.merge(objective_keys(sweep.document(i)));

  std::vector<RunSpec> runs;
  std::set<std::string> taken, seen;
  constexpr std::size_t most_wrong_runs = 200;  // of a sweep: their mistakes are the same few
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < sweep.size() && wrong < most_wrong_runs && !errors.full(); ++i) {
    RunSpec spec;
    if (!errors.check([&] { spec = read_run(sweep.document(i), origin, base, shared_keys); })) ++wrong;
    if (!errors.empty()) continue;
    // Two runs are the same when a swept parameter is none of their objective's.
    if (!seen.insert(to_toml(spec)).second && sweep.size() > 1) continue;
    spec.run.name = unique_name(run_name(spec, sweep, i), taken);
    runs.push_back(std::move(spec));
  }
  errors.raise();
  return runs;
}

std::string to_toml(const RunSpec& spec) {
  std::string text, section;
  const auto open = [&](const std::string& wanted) {
    if (wanted == section) return;
    text += (text.empty() ? "[" : "\n[") + wanted + "]\n";
    section = wanted;
  };
  // Keys of a table come before its sub-tables: [model] is written before [model.lora].
  std::vector<const KeyRule*> order;
  for (const KeyRule& rule : key_rules()) order.push_back(&rule);
  const auto section_of = [](const KeyRule* rule) { return rule->key.key.substr(0, rule->key.key.rfind('.')); };
  std::stable_sort(order.begin(), order.end(), [&](const KeyRule* a, const KeyRule* b) {
    return section_of(a) == "model" && section_of(b) == "model.lora";
  });
  for (const KeyRule* rule : order) {
    const std::string value = rule->write(spec);
    if (value.empty()) continue;
    open(section_of(rule));
    text += rule->key.key.substr(rule->key.key.rfind('.') + 1) + " = " + value + "\n";
    if (rule->key.key == "objective.likelihood") {
      for (const auto& [name, number] : spec.objective.parameters) text += name + " = " + toml_number(number) + "\n";
    }
  }
  return text;
}

}  // namespace bandscope
