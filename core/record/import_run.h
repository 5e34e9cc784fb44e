// SPDX-License-Identifier: Apache-2.0
// Makes run records out of other programs' logs: trainer_state.json of TRL and LLaMA-Factory, margin_chain.jsonl of the
// code published with the paper, what the Trainer and OpenRLHF log to Weights & Biases (histories) and TensorBoard
// (event files), and tables of comma-separated values.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/error.h"
#include "core/message/message.h"

namespace bandscope {

/// A table whose columns do not tell by their names which quantities they hold: `columns` of import_run() says it.
struct UnclearColumns : DataError {
  UnclearColumns(Message message, std::vector<std::string> names)
      : DataError(std::move(message)), columns(std::move(names)) {}
  std::vector<std::string> columns;  ///< the names of all, in their order
};

/// Reads `in`, told apart by its content, and writes the record `out`, which must not exist. Quantities that follow
/// from those in the log are computed (margin, cosine, log ratios, band, slack); what is not there stays NaN. Returns
/// what was done and which names of the log were not understood, in one or two sentences. Throws DataError naming file,
/// line or entry, and key; UnclearColumns; RunError when `out` cannot be written. `columns`: for a table, which of its
/// columns a quantity is in, as (column of the record or key of TRL, name in the table); the others are known by their
/// names.
Message import_run(const std::filesystem::path& in, const std::filesystem::path& out,
                   const std::vector<std::pair<std::string, std::string>>& columns = {});

/// True for what `columns` may name: step, and what import_run() reads of a log's entry.
bool is_importable(const std::string& name);

}  // namespace bandscope
