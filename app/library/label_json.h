// SPDX-License-Identifier: GPL-3.0-or-later
// Labels as files keep them (core/run/label_file.h).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/library/run_labels.h"

namespace bandscope::app {

/// Keys starred, tags and note, where they say something.
nlohmann::json labels_json(const RunLabels& labels);
/// None where `object` is none. Throws RunError naming `file`, which it is from, and the key when it cannot be
/// understood.
RunLabels labels_from(const nlohmann::json& object, const QString& file);

}  // namespace bandscope::app
