// SPDX-License-Identifier: GPL-3.0-or-later
// By what the run library puts runs together.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::app {

enum class Grouping { folder, objective, model, data, rc, tag, none };

const std::vector<Grouping>& groupings();
/// "folder", "objective", … as kept in settings; anything else is read as folder.
QString to_name(Grouping grouping);
Grouping grouping_from(const QString& name);
/// As the menu says it, translated.
QString grouping_title(Grouping grouping);

/// RunEntry::found.group of runs on a server, by its id, and the folder below that of its runs; empty: in that itself.
QString server_group(const QString& server, const QString& folder = {});
/// The id of such a group; empty: it is a folder of this machine.
QString server_of_group(const QString& group);
QString folder_of_group(const QString& group);

/// The groups a run stands in: one, but for tags, where it stands under each of them. An empty key: not known yet, or
/// no tag. Where nothing is grouped every run has the empty key.
QStringList group_keys(const RunEntry& entry, Grouping grouping);
/// A group as the tree names it, translated; a folder by its name without the path.
QString group_title(const QString& key, Grouping grouping);

}  // namespace bandscope::app
