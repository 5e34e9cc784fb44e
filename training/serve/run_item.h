// SPDX-License-Identifier: Apache-2.0
// One run as an item of a list in a message.
#pragma once

#include <filesystem>
#include <string>

#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/serve/protocol.h"

namespace bandscope::serve {

/// Whether the folder of a record is its run's: it is called run.h5.
bool owns_folder(const std::filesystem::path& record);
/// Whether a file of a run's folder is one, and no link, which may lead anywhere: what it says is passed on.
bool is_own_file(const std::filesystem::path& file);

/// What the user says of the run, in place of what `item` has of it; where it is more than a message should carry,
/// that.
void put_labels(wire::Json& item, const std::filesystem::path& record, wire::Json labels);

/// What can be said without opening the record: "run", "changed" (ms since 1970), "bytes", "read": false, and by the
/// folder's spec.toml its objective and what stands beside it.
wire::Json unread_item(const std::string& name, const std::filesystem::path& record);
/// The same with what the record says, "read": true; or "error", where it cannot be read. Never throws.
wire::Json read_item(const std::string& name, const std::filesystem::path& record);

/// What the run is by this machine's clock and processes.
ShownState judged(const RecordReader& reader, bool has_reason);

}  // namespace bandscope::serve
