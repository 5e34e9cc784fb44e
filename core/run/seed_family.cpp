// SPDX-License-Identifier: Apache-2.0
#include "core/run/seed_family.h"

#include <sstream>

#include "core/input/toml.h"

namespace bandscope {

std::string seed_family(const std::string& pair_key) {
  toml::table spec;
  try {
    spec = parse_toml(pair_key);
  } catch (const TomlError&) {
    return pair_key;
  }
  if (auto* run = spec["run"].as_table()) run->erase("seed");
  std::ostringstream key;
  key << spec;
  return key.str();
}

}  // namespace bandscope
