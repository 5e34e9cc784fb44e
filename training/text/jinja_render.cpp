// SPDX-License-Identifier: Apache-2.0
#include "training/text/jinja_render.h"

#include "training/text/jinja_renderer.h"

namespace bandscope::text::jinja {

std::string render(const Body& body, const Dict& variables, std::time_t now, Budget& budget, Dialect dialect) {
  return Renderer(variables, now, budget, dialect == Dialect::task).run(body);
}

}  // namespace bandscope::text::jinja
