// SPDX-License-Identifier: GPL-3.0-or-later
// Models, data and benchmarks used before, and models that other programs keep on this machine.
#pragma once

#include <QString>
#include <QStringList>

namespace bandscope::app {

enum class PathKind { model, data, tasks, benchmarks };

/// Newest first, at most 10; of this machine those that are still there. `server`: the id of another machine.
QStringList recent_paths(PathKind kind, const QString& server = {});
void remember_path(PathKind kind, const QString& path, const QString& server = {});

/// Model folders in the folder that the settings name, in Bandscope's own cache and in Hugging Face's.
QStringList cached_models();

/// Where to look for a model or data when nothing is chosen yet: the folder that the settings name, else where the last
/// one was; empty where there is neither.
QString starting_folder(PathKind kind);

/// Short for a menu: "SmolLM2-135M-Instruct — ~/.cache/bandscope/models".
QString path_title(const QString& path);

}  // namespace bandscope::app
