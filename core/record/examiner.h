// SPDX-License-Identifier: Apache-2.0
// HDF5 1.10 itself crashes on some damaged or crafted files. So an unknown record is first read from end to end in a
// process that may die of it; only what came through is opened here.
#pragma once

#include <filesystem>

#include "core/schema/message.h"

namespace bandscope {

/// Forks the process that examines records. Programs call it first thing, while they have one thread and no file of
/// theirs is open; else the first record that is opened or made does it. Does nothing the second time. The process
/// ends with this one.
void start_record_examiner();

namespace record {

/// Returns when the record can be read, or when a living process of this machine is writing it (whoever can run
/// programs here needs no crafted file). A file is looked at once as long as it does not change. Throws DataError with
/// what reading it said, or that reading it crashes, takes too long or too much memory. Returns a remark for people, or
/// nothing: that values changed since they were written.
Message examine(const std::filesystem::path& file);

}  // namespace record
}  // namespace bandscope
