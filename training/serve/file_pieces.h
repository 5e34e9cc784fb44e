// SPDX-License-Identifier: Apache-2.0
// Files of runs that a window reads in pieces: logs, and what a run keeps of its evaluations.
#pragma once

#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// Answers. All throw wire::Refused.
wire::Json log_piece(const Roots& roots, const wire::Request& request);
wire::Json evaluation_files(const Roots& roots, const wire::Request& request);
wire::Json evaluation_piece(const Roots& roots, const wire::Request& request);

}  // namespace bandscope::serve
