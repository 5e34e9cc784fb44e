// SPDX-License-Identifier: Apache-2.0
// What a window may look into on the server: folders for its pickers, and rows of data.
#pragma once

#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// Answers. All throw wire::Refused or DataError.
wire::Json folder_page(const Roots& roots, const wire::Request& request);
/// `data` is the file or folder of the request, found before; for another thread.
wire::Json data_rows(const Roots& roots, const std::filesystem::path& data, const wire::Request& request);

}  // namespace bandscope::serve
