// SPDX-License-Identifier: Apache-2.0
// What a window may look into on the server: folders for its pickers.
#pragma once

#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// Answers. All throw wire::Refused.
wire::Json folder_page(const Roots& roots, const wire::Request& request);

}  // namespace bandscope::serve
