// SPDX-License-Identifier: Apache-2.0
// DONE, the mark of a whole checkpoint: the sizes and CRC-32 sums of its files, so that damage that came later is seen
// before a run goes on from it. (An empty mark says only that the checkpoint was written to its end.)
#pragma once

#include <filesystem>
#include <string>

#include "core/message/message.h"

namespace bandscope::trainer {

/// The mark's text for the files that are in `checkpoint`. Throws DataError where one cannot be read.
std::string checkpoint_mark(const std::filesystem::path& checkpoint);

/// What is wrong with the files of a checkpoint, in a sentence that names the file; empty where they are what the mark
/// says, or, with an empty mark, where each safetensors file is whole.
Message checkpoint_damage(const std::filesystem::path& checkpoint);

}  // namespace bandscope::trainer
