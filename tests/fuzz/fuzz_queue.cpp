// SPDX-License-Identifier: GPL-3.0-or-later
// Any queue.json, and the same bytes as a run's labels.json; what is accepted must survive being saved, and be shown.
#include <QFile>
#include <QTemporaryDir>
#include <cstdint>

#include "app/library/run_labels.h"
#include "app/queue/queued_run.h"
#include "core/error.h"
#include "core/queue/queue_file.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

/// What the file says after it was saved by us.
queue::Queue saved_again(const queue::QueueFile& file) {
  file.change([](queue::Queue& state, const queue::QueueFile::Save&) { state.paused = !state.paused; });
  return file.load();
}

RunLabels saved_again(const QString& record) {
  write_labels(record, read_labels(record));
  return read_labels(record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const QTemporaryDir folder;
  const QString name = folder.filePath(QStringLiteral("queue.json"));
  const queue::QueueFile file(name.toStdString());
  const QString record = folder.filePath(QStringLiteral("run.h5"));
  for (const auto& place : {name, labels_file(record)}) {
    QFile out(place);
    if (!out.open(QIODevice::WriteOnly)) __builtin_trap();
    out.write(reinterpret_cast<const char*>(data), qint64(size));
  }
  try {
    const queue::Queue state = saved_again(file);
    if (!(saved_again(file).runs == state.runs)) __builtin_trap();
    if (shown_runs(state).size() != state.runs.size()) __builtin_trap();
  } catch (const Error&) {
    // A refusal with a sentence is what broken files should get.
  }
  try {
    const RunLabels labels = saved_again(record);
    if (!(saved_again(record) == labels)) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
