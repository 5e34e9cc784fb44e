// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/shown_names.h"

#include <algorithm>
#include <string>

#include "viz/data/run_names.h"

namespace bandscope::app {

QStringList distinct_names(const QStringList& names) {
  std::vector<std::string> plain;
  for (const auto& name : names) plain.push_back(name.toStdString());
  QStringList distinct;
  for (const auto& name : viz::distinct_names(std::move(plain))) distinct << QString::fromStdString(name);
  return distinct;
}

QStringList shown_names(const std::vector<RunEntryPtr>& runs) {
  // One on a server is told from its namesake here, or on another, by the server.
  const auto namesake = [&](const RunEntryPtr& run) {
    return std::ranges::any_of(
        runs, [&](const RunEntryPtr& other) { return other->title() == run->title() && other->server != run->server; });
  };
  QStringList names;
  for (const auto& run : runs) {
    const bool told = run->elsewhere() && namesake(run);
    names << (told ? QStringLiteral("%1 · %2").arg(run->title(), run->server_name) : run->title());
  }
  return distinct_names(names);
}

QString name_of(const RunEntryPtr& run, const std::vector<RunEntryPtr>& runs) {
  if (!run) return {};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const bool same_record = !run->found.record.isEmpty() && runs[i]->found.record == run->found.record;
    if (runs[i] == run || same_record) return shown_names(runs)[qsizetype(i)];
  }
  return run->title();
}

}  // namespace bandscope::app
