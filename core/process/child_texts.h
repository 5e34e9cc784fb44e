// SPDX-License-Identifier: Apache-2.0
// Texts as the system takes them for another program: its arguments and variables.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bandscope {

/// "NAME=VALUE" of this process's environment, with `variables` in place of those of their names: a name is there once,
/// since of two, programs differ in which they take.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables);
/// Pointers to `texts`, which stay theirs, with a null behind the last.
std::vector<char*> pointers(std::vector<std::string>& texts);

}  // namespace bandscope
