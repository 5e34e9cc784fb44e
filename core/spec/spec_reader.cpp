// SPDX-License-Identifier: Apache-2.0
#include "core/spec/spec_reader.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/objective/formula.h"
#include "core/spec/key_rules.h"
#include "core/spec/nearest.h"
#include "core/spec/objective_choice.h"
#include "core/spec/rule_factories.h"
#include "core/spec/spec_errors.h"

namespace bandscope {
namespace {

constexpr std::string_view kObjective = "objective.";

/// `objective.beta` and the like: in [objective], yet not in the table of keys.
bool is_parameter_key(std::string_view key) {
  return key.starts_with(kObjective) && key.find('.', kObjective.size()) == std::string_view::npos && !find_rule(key);
}

const SpecEntry* find_entry(const SpecDocument& document, std::string_view key) {
  const auto found = std::ranges::find(document, key, &SpecEntry::key);
  return found == document.end() ? nullptr : &*found;
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const SpecKey& key : spec_keys()) keys.push_back(key.key);
  for (const ObjectiveInfo& info : objectives()) {
    for (const ObjectiveParameter& parameter : info.parameters) {
      const std::string key = std::string(kObjective) + parameter.name;
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

Message list_of_parameters(const ObjectiveInfo& info) {
  std::string names;
  for (const ObjectiveParameter& parameter : info.parameters) names += (names.empty() ? "" : ", ") + parameter.name;
  return names.empty() ? Message::tr("none") : Message::plain(names);
}

Message describe_range(const ObjectiveParameter& parameter) {
  constexpr double beyond_use = 1e300;  // a formula's parameters have no range
  const Range& range = parameter.range;
  return std::abs(range.maximum) > beyond_use ? Message::tr("a number") : Message::tr("a number %1", text_of(range));
}

/// name and formula as written, unchecked.
RunSpec::ObjectiveChoice written_choice(const SpecDocument& document) {
  RunSpec::ObjectiveChoice choice;
  const auto text = [&](std::string_view key, std::string& target) {
    const SpecEntry* entry = find_entry(document, key);
    const auto* given = entry ? std::get_if<std::string>(&entry->value.data) : nullptr;
    if (given) target = *given;
  };
  text("objective.name", choice.name);
  text("objective.loss", choice.formula);
  return choice;
}

/// The objective's row; errors of a formula are given the place of its text.
ObjectiveInfo info_at_its_place(const SpecDocument& document, const RunSpec::ObjectiveChoice& choice,
                                const std::string& origin) {
  const SpecEntry* loss = find_entry(document, "objective.loss");
  if (choice.name == "formula" && !loss) {
    throw SpecError(Message::tr("%1: key \"%2\" %3", origin, "objective.loss",
                                Message::tr("is missing; the objective \"formula\" takes its loss there")),
                    "objective.loss", 0);
  }
  try {
    return objective_info(choice);
  } catch (const SpecError& error) {
    if (!loss) throw;
    throw SpecError(Message::tr("%1: key \"%2\": %3", to_string(loss->value.place), "objective.loss", error.message()),
                    "objective.loss", loss->value.place.line);
  }
}

void read_parameter(const SpecEntry& entry, const ObjectiveInfo& info, const ObjectiveKeys& shared_keys,
                    RunSpec::ObjectiveChoice& choice) {
  const std::string name = entry.key.substr(kObjective.size());
  const auto parameter = std::ranges::find(info.parameters, name, &ObjectiveParameter::name);
  if (parameter == info.parameters.end()) {
    if (shared_keys.contains(name)) return;
    const Message whose =
        choice.name == "formula" ? Message::tr("the formula") : Message::tr("objective \"%1\"", choice.name);
    const std::vector<std::string> known = all_keys();
    if (std::ranges::find(known, entry.key) != known.end()) {
      fail_at(entry.place, entry.key,
              Message::tr("is no parameter of %1, which has %2", whose, list_of_parameters(info)));
    }
    fail_at(entry.place, entry.key,
            Message::tr("is unknown; the nearest known key is \"%1\"; %2 has %3", nearest_key(entry.key, known), whose,
                        list_of_parameters(info)));
  }
  double value = 0;
  if (!rules::as_number(entry.value, value) || !parameter->range.contains(value)) {
    fail_at(entry.value.place, entry.key,
            Message::tr("is %1; it takes %2", shown(entry.value), describe_range(*parameter)));
  }
  choice.parameters[name] = value;
}

void read_parameters(const SpecDocument& document, const std::string& origin, const ObjectiveKeys& shared_keys,
                     RunSpec::ObjectiveChoice& choice, SpecErrors& errors) {
  const ObjectiveInfo info = info_at_its_place(document, choice, origin);
  const SpecEntry* loss = find_entry(document, "objective.loss");
  if (choice.name != "formula") {
    choice.formula.clear();
    if (loss && !shared_keys.contains("loss")) {
      errors.check([&] {
        fail_at(
            loss->place, loss->key,
            Message::tr("is for the objective \"formula\" only; \"%1\" has %2", choice.name, list_of_parameters(info)));
      });
    }
  }
  for (const SpecEntry& entry : document) {
    if (is_parameter_key(entry.key)) errors.check([&] { read_parameter(entry, info, shared_keys, choice); });
  }
  for (const ObjectiveParameter& parameter : info.parameters) {
    if (choice.parameters.contains(parameter.name) || errors.about("objective." + parameter.name)) continue;
    if (std::isnan(parameter.default_value)) {  // only a formula's
      const Formula formula = Formula::parse(choice.formula);
      const int character = std::ranges::find(formula.parameters(), parameter.name, &FormulaParameter::name)->character;
      fail_at(loss->value.place, "objective.loss",
              Message::tr("names \"%1\" %2, which is no variable (%3) and has no value in [objective]", parameter.name,
                          formula_excerpt(choice.formula, character), formula_variables()));
    }
    choice.parameters[parameter.name] = parameter.default_value;
  }
}

/// What no single key can tell, where the keys themselves are right.
void check_together(const SpecDocument& document, const RunSpec& spec, const std::string& origin, SpecErrors& errors) {
  const auto place = [&](std::string_view key) {
    const SpecEntry* entry = find_entry(document, key);
    return entry ? entry->place : SpecPlace{origin};
  };
  const auto fail = [&](std::string_view at, const std::string& key, const std::string& other,
                        const Message& complaint) {
    if (errors.about(key) || errors.about(other)) return;
    errors.check([&] { fail_at(place(at), key, complaint); });
  };
  if (spec.training.batch_size % spec.training.micro_batch != 0) {
    const bool micro = find_entry(document, "training.micro_batch") != nullptr;
    fail(micro ? "training.micro_batch" : "training.batch_size", "training.micro_batch", "training.batch_size",
         Message::tr("is %1 and does not divide \"training.batch_size\", which is %2", spec.training.micro_batch,
                     spec.training.batch_size));
  }
  if (spec.training.epochs && spec.training.steps) {
    fail("training.steps", "training.steps", "training.epochs",
         Message::tr("and \"training.epochs\" are both given; only one of them is allowed"));
  }
  if (spec.scores.layers && spec.scores.scope != ScoreScope::all) {
    fail("scores.layers", "scores.layers", "scores.scope",
         Message::tr("is true; it needs \"scores.scope\" to be \"all\""));
  }
  if (spec.parallel.zero == 2)
    fail("parallel.zero", "parallel.zero", "parallel.zero", Message::tr("is %1; 0, 1 and 3 are known", 2));
  if (spec.parallel.zero == 3) {
    const auto needs = [&](bool met, const std::string& key, const std::string& value) {
      if (!met)
        fail("parallel.zero", "parallel.zero", key, Message::tr("is 3; it needs \"%1\" to be \"%2\"", key, value));
    };
    needs(spec.model.tuning == Tuning::full, "model.tuning", "full");
    needs(spec.scores.scope == ScoreScope::output, "scores.scope", "output");
    needs(spec.calibration.granularity == Granularity::micro_batch, "calibration.granularity", "micro-batch");
    needs(spec.optimizer.name == "adamw", "optimizer.name", "adamw");
  }
  if (spec.model.recomputed_blocks > 0 && !spec.model.gradient_checkpointing) {
    fail("model.recomputed_blocks", "model.recomputed_blocks", "model.gradient_checkpointing",
         Message::tr("is %1; it needs \"model.gradient_checkpointing\" to be true", spec.model.recomputed_blocks));
  }
  if (!spec.model.adapter.empty() && spec.model.tuning == Tuning::full) {
    fail("model.adapter", "model.adapter", "model.tuning",
         Message::tr("is given; it needs \"model.tuning\" to be \"lora\" or \"qlora\""));
  }
}

/// One key of the table, or one that nobody knows.
void read_entry(const SpecEntry& entry, RunSpec& spec, const std::filesystem::path& base) {
  const KeyRule* rule = find_rule(entry.key);
  if (!rule) {
    const bool known_section =
        std::ranges::any_of(spec_keys(), [&](const SpecKey& key) { return key.key.starts_with(entry.key + "."); });
    if (!(entry.empty_table && known_section)) fail_unknown(entry, entry.key);
    return;
  }
  if (rule->read(spec, entry.value, base)) return;
  const auto* given = std::get_if<std::string>(&entry.value.data);
  if (rule->key.type == "path" && given && !given->empty())
    fail_at(entry.value.place, entry.key,
            Message::tr("is %1; a path has at most %2 bytes, %3 in each of its names, and no zero byte",
                        shown(entry.value), kLongestPath, kLongestName));
  fail_at(entry.value.place, entry.key,
          Message::tr("is %1; it takes %2", shown(entry.value), describe_allowed(rule->key)));
}

}  // namespace

void fail_at(const SpecPlace& place, const std::string& key, const Message& complaint) {
  constexpr std::size_t most = 200;
  const std::string name = printable(key.substr(0, most)) + (key.size() > most ? "…" : "");
  throw SpecError(Message::tr("%1: key \"%2\" %3", to_string(place), name, complaint), key, place.line);
}

void fail_unknown(const SpecEntry& entry, const std::string& key) {
  const std::vector<std::string> known = all_keys();
  const bool is_section = std::ranges::any_of(known, [&](const auto& name) { return name.starts_with(key + "."); });
  if (is_section && entry.value.empty_table())
    fail_at(entry.place, key, Message::tr("is an empty table, which sets nothing"));
  if (is_section)
    fail_at(entry.place, key, Message::tr("is %1; it takes %2", shown(entry.value), Message::tr("a table")));
  fail_at(entry.place, key, Message::tr("is unknown; the nearest known key is \"%1\"", nearest_key(key, known)));
}

ObjectiveKeys objective_keys(const SpecDocument& document) {
  const RunSpec::ObjectiveChoice choice = written_choice(document);
  ObjectiveKeys keys;
  try {
    for (const ObjectiveParameter& parameter : objective_info(choice).parameters) keys.insert(parameter.name);
    if (choice.name == "formula") keys.insert("loss");
  } catch (const SpecError&) {
    // Reported with its place when the run itself is read.
  }
  return keys;
}

RunSpec read_run(const SpecDocument& document, const std::string& origin, const std::filesystem::path& base,
                 const ObjectiveKeys& shared_keys) {
  RunSpec spec;
  SpecErrors errors;
  for (const SpecEntry& entry : document) {
    if (!is_parameter_key(entry.key)) errors.check([&] { read_entry(entry, spec, base); });
  }
  // Whose parameters they are is not known where the objective is not.
  if (!errors.about("objective.name") && !errors.about("objective.loss"))
    errors.check([&] { read_parameters(document, origin, shared_keys, spec.objective, errors); });
  check_together(document, spec, origin, errors);
  for (const KeyRule& rule : key_rules()) {
    if (!rule.key.required || find_entry(document, rule.key.key)) continue;
    const Message missing = Message::tr("is missing: %1", Message::known(rule.key.help));
    errors.add(SpecError(Message::tr("%1: key \"%2\" %3", origin, rule.key.key, missing), rule.key.key, 0));
  }
  errors.raise();
  if (!spec.training.epochs && !spec.training.steps) spec.training.epochs = 1.0;
  return spec;
}

}  // namespace bandscope
