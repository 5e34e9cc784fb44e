// SPDX-License-Identifier: GPL-3.0-or-later
// Whose turn it is: what became of the runs that were started, and which waiting ones have room now.
#include <QDateTime>
#include <QFileInfo>
#include <QThread>
#include <algorithm>
#include <utility>

#include "app/engine/engine_process.h"
#include "app/language/translated.h"
#include "app/queue/run_queue.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr int tick_patience_ms = 50;
constexpr qint64 clock_slack_ms = 2000;  // file systems keep coarser times than the clock

qint64 last_change(const QString& file) {
  const QFileInfo info(file);
  return info.exists() ? info.lastModified().toMSecsSinceEpoch() : 0;
}

/// True when the run has written its record since it was started.
bool recorded(const QueuedRun& run) {
  const qint64 changed = last_change(run.record());
  return changed != run.before && changed >= run.started - clock_slack_ms;
}

/// Runs side by side on the CPU share its cores.
int threads_for(const QueuedRun& run, const QueueState& state) {
  const int together = std::max(state.limit(run.device), state.active(run.device));
  if (run.device != QLatin1String("cpu") || together <= 1) return 0;
  return std::max(1, QThread::idealThreadCount() / together);
}

}  // namespace

void RunQueue::adopt(QueueState state) {
  const bool same = state == state_;
  state_ = std::move(state);
  file_changed_ = QFileInfo(store_.file()).lastModified().toMSecsSinceEpoch();
  for (const auto& text : std::exchange(to_say_, {})) Q_EMIT said(text);
  std::erase_if(described_, [this](const auto& known) { return !state_.find(known.first); });
  if (!same) Q_EMIT changed();
  for (const auto& run : state_.runs) {
    if (run.state != QueuedRun::State::running || seen_.contains(run.id) || !recorded(run)) continue;
    seen_ << run.id;
    appeared_ << run.record();
  }
  for (const auto& record : std::exchange(appeared_, {})) Q_EMIT appeared(record);
}

/// What became of the runs that were started.
void RunQueue::settle(QueueState& state) {
  for (auto& run : state.runs) {
    if (run.state == QueuedRun::State::starting) {
      // The window that was starting it ended in between: the engine is there, or it never came to be.
      run.pid = engine_on(run.spec);
      run.ticks = process_start(run.pid);
      run.state = run.ticks > 0 || recorded(run) ? QueuedRun::State::running : QueuedRun::State::waiting;
    }
    if (run.state != QueuedRun::State::running) continue;
    if (recorded(run)) hand_over_labels(run);
    if (run.ticks > 0 && process_start(run.pid) == run.ticks) continue;
    if (recorded(run)) {
      if (!seen_.contains(run.id)) appeared_ << run.record();
      run.id.clear();  // the record tells the rest
      continue;
    }
    const Message words = last_words(run.log);
    run.state = QueuedRun::State::failed;
    if (run.stop) {
      run.reason = Message::tr("stopped before it had a record");
      continue;
    }
    run.reason =
        words.empty() ? Message::tr("the engine ended without a record; see %1", run.log.toStdString()) : words;
    to_say_ << tr("%1 did not start: %2").arg(run.name, translated(run.reason));
  }
  std::erase_if(state.runs, [](const auto& run) { return run.id.isEmpty(); });
  state.rest();
}

void RunQueue::start(QueuedRun& run, const QueueState& state, const QueueStore::Save& save) {
  // Marked before the engine is there: were this window to end now, the next one would look for it.
  run.state = QueuedRun::State::starting;
  run.started = QDateTime::currentMSecsSinceEpoch();
  run.before = last_change(run.record());
  run.reason = {};
  run.stop = false;
  save(state);
  try {
    const auto engine = start_engine(run.spec, run.runs, threads_for(run, state));
    run.pid = engine.pid;
    run.ticks = process_start(engine.pid);
    run.log = engine.log;
    run.state = QueuedRun::State::running;
  } catch (const Error& error) {
    run.state = QueuedRun::State::failed;
    run.reason = error.message();
    to_say_ << tr("%1 did not start: %2").arg(run.name, translated(run.reason));
  }
}

void RunQueue::tick() {
  const QFileInfo file(store_.file());
  const qint64 changed = file.exists() ? file.lastModified().toMSecsSinceEpoch() : 0;
  // Nothing to look after, and no other window has added anything.
  if (changed == file_changed_ && state_.runs.empty()) return;
  try {
    adopt(store_.change(tick_patience_ms, [this](QueueState& state, const QueueStore::Save& save) {
      settle(state);
      for (auto& run : state.runs) {
        const bool may = run.state == QueuedRun::State::waiting && (!state.paused || run.asked);
        if (may && state.active(run.device) < state.limit(run.device)) start(run, state, save);
      }
    }));
    complaint_ = {};
  } catch (const QueueBusy&) {
    // Another window at work is not worth a word: the next look comes in a second.
  } catch (const Error& error) {
    complain(error.message());
  }
}

/// A file that cannot be understood is put aside once, so that the queue can be used; what it started goes on.
void RunQueue::complain(const Message& text) {
  try {
    store_.load();
  } catch (const Error&) {
    try {
      const QString aside = store_.set_aside();
      Q_EMIT said(tr("The queue could not be read (%1); it was put aside as %2.").arg(translated(text), aside));
      adopt({});
      return;
    } catch (const Error&) {
      // Said below.
    }
  }
  if (text == complaint_) return;
  complaint_ = text;
  Q_EMIT said(translated_sentence(text));
}

}  // namespace bandscope::app
