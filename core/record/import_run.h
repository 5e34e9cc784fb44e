// SPDX-License-Identifier: Apache-2.0
// Makes run records out of other programs' logs: TRL's trainer_state.json, and margin_chain.jsonl of the code published
// with the paper.
#pragma once

#include <filesystem>

#include "core/schema/message.h"

namespace bandscope {

/// Reads `in`, told apart by its content, and writes the record `out`, which must not exist. Quantities that follow
/// from those in the log are computed (margin, cosine, log ratios, band, slack); what is not there stays NaN. Returns
/// what was done and which names of the log were not understood, in one or two sentences. Throws DataError naming file,
/// line or entry, and key; RunError when `out` cannot be written.
Message import_run(const std::filesystem::path& in, const std::filesystem::path& out);

}  // namespace bandscope
