// SPDX-License-Identifier: GPL-3.0-or-later
// The devices of a server in words.
#pragma once

#include <QString>

#include "core/serve/protocol.h"

namespace bandscope::app {

/// Its name on one line: "cuda:0".
QString device_name(const wire::Device& device);
/// What is known of it beside its name: "NVIDIA H100, 71.2 GiB of 79.6 GiB free"; may be empty.
QString device_about(const wire::Device& device);
/// Both.
QString device_text(const wire::Device& device);
/// "cpu · cuda:0 NVIDIA H100, 71.2 GiB of 79.6 GiB free"; at most `most` of them.
QString devices_text(const wire::Hello& hello, int most);

}  // namespace bandscope::app
