// SPDX-License-Identifier: Apache-2.0
#include "core/serve/names.h"

#include <algorithm>

namespace bandscope::wire {

bool is_plain_name(std::string_view name) {
  constexpr std::size_t longest = 200;
  return !name.empty() && name.size() <= longest && name.front() != '.' && name.find('/') == std::string_view::npos &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

bool is_evaluation_file(std::string_view path) {
  constexpr std::size_t longest_step = 18;
  const auto slash = path.find('/');
  return slash != std::string_view::npos && slash > 0 && slash <= longest_step &&
         std::ranges::all_of(path.substr(0, slash), [](char c) { return c >= '0' && c <= '9'; }) &&
         is_plain_name(path.substr(slash + 1));
}

}  // namespace bandscope::wire
