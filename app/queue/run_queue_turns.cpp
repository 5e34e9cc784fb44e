// SPDX-License-Identifier: GPL-3.0-or-later
// What has become of the queue since it was last looked at, and whether somebody keeps it.
#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "app/language/translated.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/queue/settle.h"

namespace bandscope::app {
namespace {

const QueuedRun* with_id(const std::vector<QueuedRun>& runs, const QString& id) {
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.id == id; });
  return at == runs.end() ? nullptr : &*at;
}

}  // namespace

void RunQueue::adopt(queue::Queue state) {
  const bool same = read_ && state == state_;
  state_ = std::move(state);
  const auto before = std::exchange(runs_, shown_runs(state_));
  std::erase_if(described_, [this](const auto& known) { return !with_id(runs_, known.first); });
  if (!same) Q_EMIT changed();
  if (std::exchange(read_, true)) announce(before);
}

/// What has become of the runs that were in the queue before.
void RunQueue::announce(const std::vector<QueuedRun>& before) {
  using State = QueuedRun::State;
  for (const auto& old : before) {
    const auto* run = with_id(runs_, old.id);
    if (run && run->state == State::failed && old.state != State::failed && !run->stop)
      Q_EMIT said(tr("%1 did not start: %2").arg(run->name, translated(run->reason)));
    // One that has ended has left the queue.
    if (!run && !seen_.count(old.id) && QFileInfo::exists(old.record())) Q_EMIT appeared(old.record());
  }
  std::erase_if(seen_, [this](const QString& id) { return !with_id(runs_, id); });
}

void RunQueue::tick() {
  try {
    const auto stamp = file_.stamp();
    if (!read_ || stamp != stamp_) {
      adopt(file_.load());
      stamp_ = stamp;
    }
    complaint_ = {};
  } catch (const Error& error) {
    return complain(error.message());
  }
  QStringList there;
  for (const auto& run : state_.runs) {
    if (run.state != QueuedRun::State::running || seen_.count(QString::fromStdString(run.id))) continue;
    if (!queue::recorded(run)) continue;
    seen_.insert(QString::fromStdString(run.id));
    there << QString::fromStdString(run.record());
  }
  for (const auto& record : there) Q_EMIT appeared(record);
  keep();
}

void RunQueue::keep() {
  const Message trouble = state_.needs_keeper() ? keeper_.ensure() : Message();
  if (trouble == trouble_) return;
  trouble_ = trouble;
  Q_EMIT changed();
  if (!trouble.empty()) Q_EMIT said(translated_sentence(trouble));
}

/// A file that cannot be understood is put aside once, so that the queue can be used; what it started goes on.
void RunQueue::complain(const Message& text) {
  try {
    if (const auto aside = file_.set_aside(patience); !aside.empty()) {
      Q_EMIT said(tr("The queue could not be read (%1); it was put aside as %2.")
                      .arg(translated(text), QString::fromStdString(aside.string())));
      return adopt({});
    }
  } catch (const Error&) {
    // Said below.
  }
  if (text == complaint_) return;
  complaint_ = text;
  Q_EMIT said(translated_sentence(text));
}

}  // namespace bandscope::app
