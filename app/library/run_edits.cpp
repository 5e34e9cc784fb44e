// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_edits.h"

#include <QUndoStack>
#include <QWidget>
#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "app/base/late_change.h"
#include "app/language/translated.h"
#include "app/library/run_files.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/waiting_runs.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

/// The run as the list has it now: the one that was asked about may have been read again since.
RunEntryPtr current(const RunModel& model, const QString& record) { return model.entry(model.find(record)); }

QString title_of(const RunEdits::Runs& runs) {
  return runs.size() == 1 ? runs.front()->title() : RunEdits::tr("%n runs", nullptr, int(runs.size()));
}

}  // namespace

RunEdits::RunEdits(RunLibrary* library, RunModel* model, QUndoStack* undo, QWidget* window)
    : QObject(window), library_(library), model_(model), undo_(undo), window_(window) {}

template <class Edit>
void RunEdits::relabel(const QString& text, const Runs& runs, Edit edit) {
  std::vector<Labelled> all;
  const auto there = std::make_shared<std::vector<LabelledThere>>();
  for (const auto& run : runs) {
    if (run->elsewhere()) {
      if (const QString why = whyNotThere(*run); !why.isEmpty()) {
        Q_EMIT said(RunEdits::tr("%1 stays as it is: %2.").arg(run->title(), why));
        return;
      }
      const auto now = current(*model_, run->found.record);
      LabelledThere one{now ? now : run, (now ? now : run)->labels, {}};
      one.after = one.before;
      edit(one.after);
      if (one.after != one.before) there->push_back(std::move(one));
      continue;
    }
    if (run->queued && !waiting_) {
      Q_EMIT said(RunEdits::tr("%1 waits in the queue; it can be labelled when it has started.").arg(run->title()));
      continue;
    }
    Labelled one{run->found.record, {}, {}};
    try {
      // From the file, not from the list: another window may have written it.
      one.before = labels_of(one.record);
    } catch (const Error& error) {
      Q_EMIT said(translated_sentence(error));
      return;
    }
    one.after = one.before;
    edit(one.after);
    if (one.after != one.before) all.push_back(std::move(one));
  }
  if (all.empty() && there->empty()) return;
  const auto late = std::make_shared<Lateness>();
  const auto step = [this, all, there, late](bool forward) {
    const bool written =
        forward ? write(all, &Labelled::after, &Labelled::before) : write(all, &Labelled::before, &Labelled::after);
    if (written) labelThere(late, there, forward, !all.empty());
    return written;
  };
  undo_->push(new LateChange(
      text, [step] { return step(true); }, [step] { return step(false); }, late));
}

/// All of them or none: where one cannot be written those before it are put back.
bool RunEdits::write(const std::vector<Labelled>& all, RunLabels Labelled::*now, RunLabels Labelled::*old) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    try {
      // What others have said about it meanwhile stays.
      const RunLabels next = changed_labels(labels_of(all[i].record), all[i].*old, all[i].*now);
      keep(all[i].record, next);
      show(all[i].record, next);
    } catch (const Error& error) {
      Q_EMIT said(translated_sentence(error));
      for (std::size_t done = 0; done < i; ++done) {
        try {
          const RunLabels back = changed_labels(labels_of(all[done].record), all[done].*now, all[done].*old);
          keep(all[done].record, back);
          show(all[done].record, back);
        } catch (const Error&) {
          // The first reason has been said; the list shows what the files hold at the next look.
        }
      }
      return false;
    }
  }
  Q_EMIT changed();
  return true;
}

RunLabels RunEdits::labels_of(const QString& record) const {
  const auto waiting = waiting_ ? waiting_->labels(record) : std::nullopt;
  return waiting ? *waiting : read_labels(record);
}

void RunEdits::keep(const QString& record, const RunLabels& labels) {
  if (waiting_ && waiting_->labels(record)) {
    waiting_->label(record, labels);
  } else {
    write_labels(record, labels);
  }
}

void RunEdits::show(const QString& record, const RunLabels& labels) {
  library_->touched(record, labels);
  showLabels(record, labels);
}

void RunEdits::showLabels(const QString& record, const RunLabels& labels) {
  const auto before = current(*model_, record);
  if (!before) return;
  auto entry = std::make_shared<RunEntry>(*before);
  entry->labels = labels;
  model_->updateEntries({entry});
}

void RunEdits::setStarred(const Runs& runs, bool starred) {
  const QString text = starred ? tr("star %1").arg(title_of(runs)) : tr("take the star from %1").arg(title_of(runs));
  relabel(text, runs, [starred](RunLabels& labels) { labels.starred = starred; });
}

void RunEdits::retag(const Runs& runs, const QStringList& add, const QStringList& remove) {
  const QString text = remove.isEmpty() ? tr("tag %1 %2").arg(title_of(runs), add.join(QStringLiteral(", ")))
                                        : tr("tags of %1").arg(title_of(runs));
  relabel(text, runs, [&](RunLabels& labels) {
    for (const auto& tag : remove) labels.tags.removeAll(tag);
    labels.tags = tags_from((labels.tags + add).join(QLatin1Char(',')));
  });
}

void RunEdits::setNote(const Runs& runs, const QString& note) {
  relabel(tr("note of %1").arg(title_of(runs)), runs, [&note](RunLabels& labels) { labels.note = note.trimmed(); });
}

void RunEdits::rename(const RunEntryPtr& run, const QString& name) {
  if (run->elsewhere()) return renameThere(run, name);
  if (name == run->found.name) return;
  const QString old = run->found.name, record = run->found.record;
  const auto there = std::make_shared<QString>();
  undo_->push(new Change(
      tr("rename %1").arg(old),
      [this, record, name, there] {
        *there = move(record, name);
        return !there->isEmpty();
      },
      [this, old, there] { return !move(*there, old).isEmpty(); }));
}

/// Where the record is now; empty when it stayed.
QString RunEdits::move(const QString& record, const QString& name) {
  const auto entry = current(*model_, record);
  const bool waits = entry && entry->queued && waiting_;
  QString fixed;
  if (!entry) {
    fixed = tr("%1 is not in the list any more").arg(record);
  } else if (!waits) {
    fixed = why_fixed(*entry);
  }
  if (!fixed.isEmpty()) {
    Q_EMIT said(tr("Not renamed: %1.").arg(fixed));
    return {};
  }
  try {
    if (waits) {
      QString there;
      waiting_->rename(record, name, [&](const FoundRecord& now) {
        there = now.record;
        model_->renamed(record, now);
      });
      Q_EMIT changed();
      return there;
    }
    const auto now = rename_run(entry->found, name);
    model_->renamed(record, now);
    library_->moved(record, now.record);
    Q_EMIT changed();
    return now.record;
  } catch (const Error& error) {
    Q_EMIT said(tr("Not renamed: %1.").arg(translated(error)));
    return {};
  }
}

/// Why the run cannot be deleted; empty where it can.
QString RunEdits::whyKept(const RunEntry& run) const {
  if (run.elsewhere()) {
    if (const QString why = whyNotThere(run); !why.isEmpty()) return why;
  } else if (run.queued && waiting_) {
    return {};
  }
  return why_fixed(run);
}

void RunEdits::trash(const Runs& runs, bool for_good) {
  std::vector<FoundRecord> records;
  QStringList waiting;
  const auto there = std::make_shared<std::vector<TrashedThere>>();
  for (const auto& run : runs) {
    const QString kept = whyKept(*run);
    if (!kept.isEmpty()) {
      Q_EMIT said(tr("Not deleted: %1.").arg(kept));
      return;
    }
    if (run->elsewhere()) {
      there->push_back({run});
    } else if (run->queued) {
      waiting << run->found.record;
    } else {
      records.push_back(run->found);
    }
  }
  if (records.empty() && waiting.isEmpty() && there->empty()) return;
  // A run in another one's folder goes before it: then the folder goes whole.
  std::stable_sort(records.begin(), records.end(),
                   [](const auto& a, const auto& b) { return a.record.count(u'/') > b.record.count(u'/'); });
  std::stable_sort(there->begin(), there->end(),
                   [](const auto& a, const auto& b) { return a.run->there.count(u'/') > b.run->there.count(u'/'); });
  const bool others = !records.empty() || !waiting.isEmpty();
  const auto late = std::make_shared<Lateness>();
  if (for_good && !others) return removeThere(late, there, true, true);  // it cannot be undone
  const auto trashed = std::make_shared<std::vector<Trashed>>();
  const auto put_back = std::make_shared<std::function<void()>>();
  const auto redo = [this, records, waiting, trashed, put_back, there, late, others, for_good] {
    trashed->clear();
    // The queue first: it may have started one of them meanwhile, and then nothing is deleted.
    try {
      if (!waiting.isEmpty()) *put_back = waiting_->remove(waiting);
    } catch (const Error& error) {
      Q_EMIT said(tr("Not deleted: %1.").arg(translated(error)));
      return false;
    }
    for (const auto& record : records) {
      try {
        const auto files = trash_run(record);
        trashed->insert(trashed->end(), files.begin(), files.end());
      } catch (const Error& error) {
        Q_EMIT said(translated_sentence(error));
        break;
      }
    }
    if (others) library_->rescan();
    const bool done = !trashed->empty() || !waiting.isEmpty();
    // Where of those here nothing could be deleted, those there stay as well.
    if (done || !others) removeThere(late, there, others, for_good);
    Q_EMIT changed();
    return done || !others;
  };
  const auto undo = [this, trashed, put_back, there, late, others] {
    try {
      if (*put_back) std::exchange(*put_back, nullptr)();
      restore_run(*trashed);
    } catch (const Error& error) {
      Q_EMIT said(tr("Not put back: %1.").arg(translated(error)));
      return false;
    }
    restoreThere(late, there, others);
    if (others) library_->rescan();
    Q_EMIT changed();
    return true;
  };
  undo_->push(new LateChange(tr("delete %1").arg(title_of(runs)), redo, undo, late));
}

}  // namespace bandscope::app
