// SPDX-License-Identifier: GPL-3.0-or-later
// What the user does to runs that wait: star, tags, note, another name, taking them out of the library. Kept in the
// queue's file until the run has a folder.
#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "app/language/translated.h"
#include "app/library/label_json.h"
#include "app/library/run_files.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/queue/settle.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

[[noreturn]] void refuse(const QString& why) { throw RunError(plain_message(why)); }

queue::QueuedRun* run_of(queue::Queue& state, const QString& record) {
  const auto at = std::find_if(state.runs.begin(), state.runs.end(),
                               [own = record.toStdString()](const auto& run) { return run.record() == own; });
  return at == state.runs.end() ? nullptr : &*at;
}

}  // namespace

queue::QueuedRun& RunQueue::waitingRun(queue::Queue& state, const QString& record) {
  auto* run = run_of(state, record);
  if (!run) refuse(tr("%1 is not in the queue any more").arg(record));
  if (run->active()) refuse(tr("%1 is being started").arg(QString::fromStdString(run->name)));
  return *run;
}

std::optional<RunLabels> RunQueue::labels(const QString& record) const {
  const auto* run = find(record);
  // Once there is a record the folder has them, as soon as it was given them.
  if (!run || run->resumes || (run->labels.empty() && run->active() && QFileInfo::exists(record))) return std::nullopt;
  return run->labels;
}

void RunQueue::label(const QString& record, const RunLabels& labels) {
  change([&](queue::Queue& state) {
    auto* run = run_of(state, record);
    if (!run) refuse(tr("%1 is not in the queue any more").arg(record));
    // Its folder has been given what the queue had.
    if (run->active() && run->labels.empty() && queue::recorded(*run)) {
      write_labels(record, labels);
    } else {
      run->labels = labels_json(labels);
    }
  });
}

void RunQueue::rename(const QString& record, const QString& name,
                      const std::function<void(const FoundRecord&)>& renamed) {
  check_run_name(name);
  FoundRecord now;
  change(
      [&](queue::Queue& state) {
        queue::QueuedRun& run = waitingRun(state, record);
        queue::QueuedRun other = run;
        other.name = name.toStdString();
        const QString runs = QString::fromStdString(run.runs), its_record = QString::fromStdString(other.record());
        if (QFileInfo::exists(QDir(runs).filePath(name)) || run_of(state, its_record))
          refuse(tr("there is a run %1 in %2 already").arg(name, QDir::toNativeSeparators(runs)));
        RunSpec spec = load_run_specs(run.spec).front();
        spec.run.name = other.name;
        write_fresh(run.spec, to_toml(spec));
        run = other;
        described_.erase(QString::fromStdString(run.id));
        now = {its_record, runs, name};
      },
      [&] { renamed(now); });
}

std::function<void()> RunQueue::remove(const QStringList& records) {
  queue::Taken taken;
  change([&](queue::Queue& state) {
    std::vector<std::string> ids;
    for (const auto& record : records) ids.push_back(waitingRun(state, record).id);
    taken = state.take(ids);
  });
  return [this, taken] {
    change([&](queue::Queue& state) {
      for (const auto& [place, run] : taken) {
        const auto* other = run_of(state, QString::fromStdString(run.record()));
        if (other && other->id != run.id)
          refuse(tr("another run %1 is in the queue now").arg(QString::fromStdString(run.name)));
      }
      state.put(taken);
    });
  };
}

}  // namespace bandscope::app
