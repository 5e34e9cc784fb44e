// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of runs on servers. They are shown at once and answered later: what a server refuses is said, shown as it is
// again, and goes off the undo stack.
#include <QUndoStack>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/base/late_change.h"
#include "app/language/translated.h"
#include "app/library/elsewhere_runs.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"

namespace bandscope::app {

/// The list has the path below the server's folder of runs; the last part of it is what can be changed.
QString RunEdits::plainName(const RunEntry& run) {
  if (!run.elsewhere()) return run.found.name;
  const QString name = run.there.section(QLatin1Char('/'), -1);
  return name.endsWith(QLatin1String(".h5")) ? name.chopped(3) : name;
}

/// Why nothing can be asked of the run's server; empty where it can.
QString RunEdits::whyNotThere(const RunEntry& run) const {
  if (!elsewhere_) return tr("runs on servers cannot be changed from here");
  return translated(elsewhere_->whyNot(run.server));
}

/// `forward`: as they are to be, else as they were. `others`: the same command has changed runs here as well.
void RunEdits::labelThere(const Late& late, const AllLabelledThere& all, bool forward, bool others) {
  if (all->empty()) return;
  for (const auto& one : *all) {
    const QString record = one.run->found.record;
    const auto shown = model_->entry(model_->find(record));
    // What was refused is shown as it was already.
    if (forward || (shown && shown->labels == one.after)) showLabels(record, forward ? one.after : one.before);
  }
  Q_EMIT changed();
  late->take([this, late, all, forward, others] {
    const auto due = std::make_shared<std::size_t>(0);
    const auto done_any = std::make_shared<bool>(others);
    for (const auto& one : *all) *due += one.holds != forward;
    if (*due == 0) return late->finish();
    const auto ended = [this, late, due, done_any, forward] {
      if (--*due > 0) return;
      if (!*done_any) LateChange::failed(*undo_, late, forward, !forward);
      late->finish();
    };
    for (std::size_t i = 0; i < all->size(); ++i) {
      const auto& one = (*all)[i];
      if (one.holds == forward) continue;  // it is so already
      const auto &from = forward ? one.before : one.after, &to = forward ? one.after : one.before;
      elsewhere_->label(*one.run, from, to, this, [this, all, i, forward, done_any, ended](const Message& problem) {
        auto& asked = (*all)[i];
        if (problem.empty()) {
          asked.holds = forward;
          *done_any = true;
          return ended();
        }
        Q_EMIT said(tr("%1 stays as it is: %2.").arg(asked.run->title(), translated(problem)));
        // Unless something else has been said about it meanwhile.
        const QString record = asked.run->found.record;
        const auto shown = model_->entry(model_->find(record));
        if (shown && shown->labels == (forward ? asked.after : asked.before))
          showLabels(record, forward ? asked.before : asked.after);
        Q_EMIT changed();
        ended();
      });
    }
  });
}

void RunEdits::renameThere(const RunEntryPtr& run, const QString& name) {
  const QString old = plainName(*run);
  if (name == old) return;
  if (const QString why = whyKept(*run); !why.isEmpty()) {
    Q_EMIT said(tr("Not renamed: %1.").arg(why));
    return;
  }
  const auto late = std::make_shared<Lateness>();
  const auto now = std::make_shared<RunEntryPtr>(run);
  const auto ever = std::make_shared<bool>(false);
  const auto ask = [this, late, now, ever](const QString& to, bool forward) {
    late->take([this, late, now, to, forward, ever] { askRenamed(late, now, to, forward, ever); });
    return true;
  };
  undo_->push(new LateChange(
      tr("rename %1").arg(run->title()), [ask, name] { return ask(name, true); },
      [ask, old] { return ask(old, false); }, late));
}

void RunEdits::askRenamed(const Late& late, const std::shared_ptr<RunEntryPtr>& run, const QString& name, bool forward,
                          const std::shared_ptr<bool>& ever) {
  if (plainName(**run) == name) return late->finish();
  elsewhere_->rename(**run, name, this,
                     [this, late, run, forward, ever](const RunEntryPtr& now, const Message& problem) {
                       if (problem.empty() && now) {
                         *ever = true;
                         takeName(*run, now);
                         Q_EMIT changed();
                       } else {
                         Q_EMIT said(tr("Not renamed: %1.").arg(translated(problem)));
                         LateChange::failed(*undo_, late, forward, *ever);
                       }
                       late->finish();
                     });
}

/// `run` becomes what it is by now, under its new name; its row stays the row it was.
void RunEdits::takeName(RunEntryPtr& run, const RunEntryPtr& now) {
  const QString before = run->found.record;
  const auto shown = model_->entry(model_->find(before));
  auto entry = std::make_shared<RunEntry>(shown ? *shown : *now);
  entry->found.record = now->found.record;
  entry->found.name = now->found.name;
  entry->there = now->there;
  entry->copied = now->copied;
  run = entry;
  // Before the model: at its next look the library lists what it holds.
  library_->renamedElsewhere(before, run);
  model_->renamed(before, run->found);
  if (model_->find(run->found.record).isValid()) model_->updateEntries({run});
}

/// `others`: the same command deletes runs here as well. `for_good`: what the server's trash has of them is deleted,
/// and none is put back later.
void RunEdits::removeThere(const Late& late, const AllTrashedThere& all, bool others, bool for_good) {
  late->take([this, late, all, others, for_good] {
    const auto due = std::make_shared<std::size_t>(0);
    const auto any = std::make_shared<bool>(others);
    for (const auto& one : *all) *due += one.is_there();
    if (*due == 0) return late->finish();
    for (std::size_t i = 0; i < all->size(); ++i) {
      if (!(*all)[i].is_there()) continue;
      elsewhere_->remove(*(*all)[i].run, this, [=, this](const QString& trashed, const Message& problem) {
        auto& one = (*all)[i];
        if (!problem.empty()) {
          Q_EMIT said(tr("Not deleted: %1.").arg(translated(problem)));
        } else {
          *any = true;
          one.trashed = trashed;
          one.purged = for_good;
          if (for_good) purgeThere(*one.run, trashed);
        }
        Q_EMIT changed();
        if (--*due > 0) return;
        if (!*any) LateChange::failed(*undo_, late, true, false);
        late->finish();
      });
    }
  });
}

void RunEdits::purgeThere(const RunEntry& run, const QString& trashed) {
  const QString name = run.title(), server = run.server_name;
  elsewhere_->purge(run, trashed, this, [this, name, server](const Message& problem) {
    if (!problem.empty())
      Q_EMIT said(tr("%1 is in the trash of %2, but not deleted for good: %3.").arg(name, server, translated(problem)));
  });
}

/// The last first, as they were removed.
void RunEdits::restoreThere(const Late& late, const AllTrashedThere& all, bool others) {
  late->take([this, late, all, others] {
    const auto due = std::make_shared<std::size_t>(0);
    const auto any = std::make_shared<bool>(others);
    for (const auto& one : *all) *due += one.in_trash();
    if (*due == 0) return late->finish();
    for (std::size_t i = all->size(); i-- > 0;) {
      const auto& one = (*all)[i];
      if (!one.in_trash()) continue;
      elsewhere_->restore(one.run->server, one.trashed, this, [=, this](const Message& problem) {
        if (problem.empty()) {
          (*all)[i].trashed.clear();
          *any = true;
        } else {
          Q_EMIT said(tr("Not put back: %1.").arg(translated(problem)));
        }
        Q_EMIT changed();
        if (--*due > 0) return;
        if (!*any) LateChange::failed(*undo_, late, false, true);
        late->finish();
      });
    }
  });
}

}  // namespace bandscope::app
