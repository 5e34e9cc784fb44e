// SPDX-License-Identifier: Apache-2.0
#include "core/spec/sweep.h"

#include <algorithm>

#include "core/error.h"
#include "core/objective/objective.h"
#include "core/spec/run_spec.h"
#include "core/spec/spec_reader.h"

namespace bandscope {
namespace {

constexpr std::string_view kSweep = "sweep.";
/// More runs than this are a slip, and their documents would fill the memory.
constexpr std::size_t kMostRuns = 10000;

/// A value as it may stand in a folder's name.
std::string plain(const SpecValue& value) {
  std::string text;
  if (const auto* string = std::get_if<std::string>(&value.data)) {
    text = *string;
  } else if (const auto* list = std::get_if<SpecValue::List>(&value.data)) {
    for (const SpecValue& element : *list) text += (text.empty() ? "" : "-") + plain(element);
  } else {
    text = to_string(value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
  }
  const std::size_t slash = text.find_last_of('/');
  if (slash != std::string::npos && slash + 1 < text.size()) text = text.substr(slash + 1);

  std::string name;
  for (const char c : text) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                      c == '_' || c == '-' || c == '+';
    if (fits) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
    if (name.size() == 40) break;
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

}  // namespace

std::size_t Sweep::size() const {
  std::size_t runs = 1;
  for (const SweptKey& key : keys) runs *= key.values.size();
  return runs;
}

std::vector<const SpecValue*> Sweep::values(std::size_t index) const {
  std::vector<const SpecValue*> chosen(keys.size());
  for (std::size_t i = keys.size(); i-- > 0;) {
    chosen[i] = &keys[i].values[index % keys[i].values.size()];
    index /= keys[i].values.size();
  }
  return chosen;
}

SpecDocument Sweep::document(std::size_t index) const {
  SpecDocument document = base;
  const std::vector<const SpecValue*> chosen = values(index);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::erase_if(document, [&](const SpecEntry& entry) { return entry.key == keys[i].key; });
    document.push_back({keys[i].key, chosen[i]->place, *chosen[i], false});
  }
  return document;
}

Sweep take_sweep(const SpecDocument& document, SpecErrors& errors) {
  Sweep sweep;
  for (const SpecEntry& entry : document) {
    if (entry.key == "sweep" && entry.empty_table) continue;
    if (entry.key != "sweep" && !entry.key.starts_with(kSweep)) {
      sweep.base.push_back(entry);
      continue;
    }
    errors.check([&] {
      if (entry.key == "sweep")
        fail_at(entry.place, entry.key,
                Message::tr("is %1; it takes %2", shown(entry.value), Message::tr("a table of lists")));
      const auto* list = std::get_if<SpecValue::List>(&entry.value.data);
      if (!list || list->empty()) {
        fail_at(entry.value.place, entry.key,
                Message::tr("is %1; it takes %2", shown(entry.value), Message::tr("a list of values to sweep")));
      }
      if (list->size() > kMostRuns || list->size() * sweep.size() > kMostRuns) {
        fail_at(entry.place, entry.key, Message::tr("makes the sweep larger than %1 runs", kMostRuns));
      }
      sweep.keys.push_back({entry.key.substr(kSweep.size()), *list});
    });
  }
  return sweep;
}

std::string name_with_objective(const std::string& name, const std::string& objective) {
  std::size_t replaced = 0;
  const auto begins_with = [&](std::string_view word) {
    if (name.starts_with(word) && (name.size() == word.size() || name[word.size()] == '-'))
      replaced = std::max(replaced, word.size());
  };
  begins_with(RunSpec().run.name);
  for (const ObjectiveInfo& info : objectives()) begins_with(info.name);
  return replaced > 0 ? objective + name.substr(replaced) : name + "-" + objective;
}

std::string name_part(const std::string& key, const SpecValue& value) {
  if (key == "run.name" || key == "objective.name") return "";
  if (key == "calibration.enabled") {
    const auto* enabled = std::get_if<bool>(&value.data);
    return enabled && *enabled ? "rc" : "";
  }
  const std::string text = plain(value);
  const std::string last = key.substr(key.find_last_of('.') + 1);
  return text.empty() ? last : last + "-" + text;
}

}  // namespace bandscope
