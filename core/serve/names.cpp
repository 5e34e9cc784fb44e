// SPDX-License-Identifier: Apache-2.0
#include "core/serve/names.h"

#include <algorithm>

namespace bandscope::wire {

bool is_plain_name(std::string_view name) {
  constexpr std::size_t longest = 200;
  return !name.empty() && name.size() <= longest && name.front() != '.' && name.find('/') == std::string_view::npos &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool is_step(std::string_view name) {
  constexpr std::size_t longest = 18;
  return !name.empty() && name.size() <= longest &&
         std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_evaluation_file(std::string_view path) {
  const auto slash = path.find('/');
  return slash != std::string_view::npos && is_step(path.substr(0, slash)) && is_plain_name(path.substr(slash + 1));
}

}  // namespace bandscope::wire
