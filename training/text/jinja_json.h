// SPDX-License-Identifier: Apache-2.0
// JSON as a template sees it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "training/text/jinja_value.h"

namespace bandscope::text::jinja {

/// `value` with Python's types; `bytes` counts its texts. Throws ValueError when it is nested too deep.
Value value_of(const nlohmann::ordered_json& value, std::int64_t& bytes);

}  // namespace bandscope::text::jinja
