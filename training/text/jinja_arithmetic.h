// SPDX-License-Identifier: Apache-2.0
// Python's operators on template values.
#pragma once

#include <string>

#include "training/text/jinja_limits.h"
#include "training/text/jinja_value.h"

namespace bandscope::text::jinja {

/// + - * / // % ** ~ ; throws ValueError.
Value arithmetic(const std::string& op, const Value& a, const Value& b, Budget& budget);
/// value[begin:end:step] of a list or string; null parts are left out.
Value slice(const Value& value, const Value* begin, const Value* end, const Value* step, Budget& budget);

}  // namespace bandscope::text::jinja
