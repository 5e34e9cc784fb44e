// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/data/run_names.h"

#include <map>
#include <memory>
#include <set>
#include <utility>

namespace bandscope::viz {

std::vector<std::string> distinct_names(std::vector<std::string> names) {
  // A run that is called "dpo (2)" keeps its name: the second "dpo" is then "dpo (3)".
  std::set<std::string> taken(names.begin(), names.end()), given;
  std::map<std::string, int> counts;
  for (auto& name : names) {
    if (given.insert(name).second) continue;
    const std::string plain = name;
    int& count = counts.try_emplace(plain, 1).first->second;
    do name = plain + " (" + std::to_string(++count) + ")";
    while (!taken.insert(name).second);
    given.insert(name);
  }
  return names;
}

std::vector<RunDataPtr> with_own_names(std::vector<RunDataPtr> runs) {
  std::vector<std::string> names;
  for (const auto& run : runs) {
    if (run) names.push_back(run->name);
  }
  auto name = (names = distinct_names(std::move(names))).begin();
  for (auto& run : runs) {
    if (!run) continue;
    if (run->name != *name) {
      auto renamed = std::make_shared<RunData>(*run);
      renamed->name = *name;
      run = std::move(renamed);
    }
    ++name;
  }
  return runs;
}

}  // namespace bandscope::viz
