// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/kept_runs.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <utility>

#include "app/base/input_file.h"
#include "core/input/json.h"

namespace bandscope::app {
namespace {

/// The items of a server, and what stands between them.
constexpr qint64 most_kept_bytes = qint64(kMostItemsBytes + 4 * kMostRuns);

}  // namespace

std::vector<RunItemPtr> read_kept_runs(const QString& file) {
  const auto bytes = file_bytes(file, most_kept_bytes);
  const auto kept = bytes ? try_json({bytes->constData(), std::size_t(bytes->size())}) : std::nullopt;
  std::vector<RunItemPtr> runs;
  if (!kept || !kept->is_array()) return runs;
  for (const auto& item : *kept) {
    if (auto run = run_item(item)) runs.push_back(std::move(run));
  }
  return runs;
}

void write_kept_runs(const QString& path, const std::vector<RunItemPtr>& runs) {
  QDir().mkpath(QFileInfo(path).path());
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly)) return;
  const char* before = "[";
  for (const auto& run : runs) {
    file.write(std::exchange(before, ",\n"));
    file.write(run->text.data(), qint64(run->text.size()));
  }
  file.write(runs.empty() ? "[]" : "]");
  file.commit();
}

}  // namespace bandscope::app
