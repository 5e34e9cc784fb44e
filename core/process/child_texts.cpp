// SPDX-License-Identifier: Apache-2.0
#include "core/process/child_texts.h"

#include <algorithm>
#include <string_view>

extern char** environ;

namespace bandscope {

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> all;
  for (const auto& [name, value] : variables) all.emplace_back(name).append("=").append(value);
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view own = *entry;
    const auto same = [&](const auto& variable) { return own.substr(0, own.find('=')) == variable.first; };
    if (std::ranges::none_of(variables, same)) all.emplace_back(own);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace bandscope
