// SPDX-License-Identifier: Apache-2.0
// Tensors of weight files that the model has no place for, as a bias where its configuration says that there is none:
// it would compute something else than what was trained.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/message/message.h"
#include "training/model/config.h"

namespace bandscope::model {

/// A note that names `file` and some of them; empty where every one of `tensors` is used. What tools store beside the
/// weights and what follows from the configuration (masks, rotary frequencies, a tied projection's second copy, the
/// parts of 4-bit weights) is none.
Message unused_weights(const ModelConfig& config, const std::vector<std::string>& tensors,
                       const std::filesystem::path& file);

}  // namespace bandscope::model
