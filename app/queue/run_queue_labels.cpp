// SPDX-License-Identifier: GPL-3.0-or-later
// What the user does to runs that wait: star, tags, note, another name, taking them out of the library. Kept in the
// queue's file until the run has a folder.
#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "app/language/translated.h"
#include "app/library/run_files.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

template <class Runs>
auto* run_of(Runs& runs, const QString& record) {
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.record() == record; });
  return at == runs.end() ? nullptr : &*at;
}

[[noreturn]] void refuse(const QString& why) { throw RunError(plain_message(why)); }

}  // namespace

std::optional<RunLabels> RunQueue::labels(const QString& record) const {
  const auto* run = run_of(state_.runs, record);
  // Once there is a record the folder has them, as soon as it was given them.
  if (!run || run->resumes || (run->labels.empty() && run->active() && QFileInfo::exists(record))) return std::nullopt;
  return run->labels;
}

void RunQueue::label(const QString& record, const RunLabels& labels) {
  adopt(store_.change(patience_ms, [&](QueueState& state, const auto&) {
    auto* run = run_of(state.runs, record);
    if (!run) refuse(tr("%1 is not in the queue any more").arg(record));
    run->labels = labels;
  }));
}

void RunQueue::rename(const QString& record, const QString& name,
                      const std::function<void(const FoundRecord&)>& renamed) {
  check_run_name(name);
  FoundRecord now;
  const auto state = store_.change(patience_ms, [&](QueueState& queue, const auto&) {
    auto* run = run_of(queue.runs, record);
    if (!run) refuse(tr("%1 is not in the queue any more").arg(record));
    if (run->active()) refuse(tr("%1 is being started").arg(run->name));
    QueuedRun other = *run;
    other.name = name;
    if (QFileInfo::exists(QDir(run->runs).filePath(name)) || run_of(queue.runs, other.record())) {
      refuse(tr("there is a run %1 in %2 already").arg(name, QDir::toNativeSeparators(run->runs)));
    }
    RunSpec spec = load_run_specs(run->spec.toStdString()).front();
    spec.run.name = name.toStdString();
    write_run_spec(run->spec, spec);
    *run = other;
    described_.erase(run->id);
    now = {run->record(), run->runs, name};
  });
  renamed(now);
  adopt(state);
}

std::function<void()> RunQueue::remove(const QStringList& records) {
  std::vector<std::pair<int, QueuedRun>> taken;
  adopt(store_.change(patience_ms, [&](QueueState& state, const auto&) {
    for (const auto& record : records) {
      const auto* run = run_of(state.runs, record);
      if (!run) refuse(tr("%1 is not in the queue any more").arg(record));
      if (run->active()) refuse(tr("%1 is being started").arg(run->name));
      taken.emplace_back(int(run - state.runs.data()), *run);
    }
    std::erase_if(state.runs, [&](const auto& run) { return records.contains(run.record()); });
    state.rest();
  }));
  // Put back from the first, so that each finds its place.
  std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return [this, taken] {
    adopt(store_.change(patience_ms, [&](QueueState& state, const auto&) {
      for (const auto& [place, run] : taken) {
        const auto* other = run_of(state.runs, run.record());
        if (other && other->id != run.id) refuse(tr("another run %1 is in the queue now").arg(run.name));
      }
      state.put(taken);
    }));
  };
}

/// A run that has a folder now gets its labels there.
void RunQueue::hand_over_labels(QueuedRun& run) {
  if (run.labels.empty()) return;
  try {
    write_labels(run.record(), run.labels);
  } catch (const Error& error) {
    to_say_ << tr("Star, tags and note of %1 are lost: %2").arg(run.name, translated(error));
  }
  run.labels = {};
}

}  // namespace bandscope::app
