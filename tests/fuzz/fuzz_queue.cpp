// SPDX-License-Identifier: GPL-3.0-or-later
// Any queue.json, and the same bytes as a run's labels.json; what is accepted must survive being saved.
#include <QFile>
#include <QTemporaryDir>
#include <cstdint>

#include "app/library/run_labels.h"
#include "app/queue/queued_run.h"
#include "core/error.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

/// What the file says after it was saved by us.
QueueState saved_again(const QueueStore& store) {
  store.change(1000, [](QueueState& state, const QueueStore::Save&) { state.paused = !state.paused; });
  return store.load();
}

RunLabels saved_again(const QString& record) {
  write_labels(record, read_labels(record));
  return read_labels(record);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const QTemporaryDir folder;
  const QueueStore store(folder.filePath(QStringLiteral("queue.json")));
  const QString record = folder.filePath(QStringLiteral("run.h5"));
  for (const auto& name : {store.file(), labels_file(record)}) {
    QFile out(name);
    if (!out.open(QIODevice::WriteOnly)) __builtin_trap();
    out.write(reinterpret_cast<const char*>(data), qint64(size));
  }
  try {
    const QueueState state = saved_again(store);
    if (!(saved_again(store).runs == state.runs)) __builtin_trap();
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
