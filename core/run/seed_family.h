// SPDX-License-Identifier: Apache-2.0
// Runs that are one experiment over several seeds.
#pragma once

#include <string>

namespace bandscope {

/// RunCard::pair_key without run.seed: equal for runs that differ in seed and calibration alone. A key that is no spec
/// is given back as it is.
std::string seed_family(const std::string& pair_key);

}  // namespace bandscope
