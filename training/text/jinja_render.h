// SPDX-License-Identifier: Apache-2.0
// Runs a parsed template over values.
#pragma once

#include <ctime>

#include "training/text/jinja_ast.h"
#include "training/text/jinja_lexer.h"

namespace bandscope::text::jinja {

/// The output of `body` with `variables` set. `now` is what strftime_now() formats (local time). `budget` tells what
/// was used, also where the rendering fails. Throws TemplateError with the line.
std::string render(const Body& body, const Dict& variables, std::time_t now, Budget& budget,
                   Dialect dialect = Dialect::chat);

}  // namespace bandscope::text::jinja
