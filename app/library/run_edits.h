// SPDX-License-Identifier: GPL-3.0-or-later
// What the user does to runs of the library: star, tag, note, rename, delete. Each is one command on the window's undo
// stack; what cannot be done is said in a sentence.
#pragma once

#include <QObject>
#include <QStringList>
#include <memory>
#include <utility>
#include <vector>

#include "app/library/run_entry.h"

class QUndoStack;

namespace bandscope::app {

class ElsewhereRuns;
class Lateness;
class RunLibrary;
class RunModel;
class WaitingRuns;

class RunEdits : public QObject {
  Q_OBJECT

 public:
  using Runs = std::vector<RunEntryPtr>;

  /// `window`: parent of the questions.
  RunEdits(RunLibrary* library, RunModel* model, QUndoStack* undo, QWidget* window);

  /// Who keeps what is said about runs that wait to be started; without one they are left alone.
  void setWaiting(WaitingRuns* waiting) { waiting_ = waiting; }
  /// Who changes runs on servers; without one they are left alone.
  void setElsewhere(ElsewhereRuns* elsewhere) { elsewhere_ = elsewhere; }

  void setStarred(const Runs& runs, bool starred);
  void retag(const Runs& runs, const QStringList& add, const QStringList& remove = {});
  void setNote(const Runs& runs, const QString& note);
  void rename(const RunEntryPtr& run, const QString& name);
  /// To the trash, or out of the queue where they wait. `for_good`: of those on servers nothing is kept there.
  void trash(const Runs& runs, bool for_good = false);

  void askTags(const Runs& runs);
  void askNote(const Runs& runs);
  void askRename(const RunEntryPtr& run);
  /// Without a question where setAsks(false) was said: it can be undone.
  void askTrash(const Runs& runs);
  void setAsks(bool asks) { asks_ = asks; }

 Q_SIGNALS:
  void said(const QString& text);
  /// Labels, names or the list have changed.
  void changed();

 private:
  struct Labelled {
    QString record;
    RunLabels before, after;
  };
  /// Of a run on a server, and what the server has taken.
  struct LabelledThere {
    RunEntryPtr run;
    RunLabels before, after;
    bool holds = false;
  };
  using AllLabelledThere = std::shared_ptr<std::vector<LabelledThere>>;
  struct TrashedThere {
    RunEntryPtr run;
    QString trashed = {};  ///< empty: it is where it was
    bool purged = false;
    bool is_there() const { return trashed.isEmpty(); }
    bool in_trash() const { return !trashed.isEmpty() && !purged; }
  };
  using AllTrashedThere = std::shared_ptr<std::vector<TrashedThere>>;
  using Late = std::shared_ptr<Lateness>;

  template <class Edit>
  void relabel(const QString& text, const Runs& runs, Edit edit);
  bool write(const std::vector<Labelled>& all, RunLabels Labelled::*now, RunLabels Labelled::*old);
  QString move(const QString& record, const QString& name);
  QString whyKept(const RunEntry& run) const;
  RunLabels labels_of(const QString& record) const;
  void keep(const QString& record, const RunLabels& labels);
  void show(const QString& record, const RunLabels& labels);
  void showLabels(const QString& record, const RunLabels& labels);

  // run_edits_elsewhere.cpp
  static QString plainName(const RunEntry& run);
  QString whyNotThere(const RunEntry& run) const;
  void labelThere(const Late& late, const AllLabelledThere& all, bool forward, bool others);
  void renameThere(const RunEntryPtr& run, const QString& name);
  void askRenamed(const Late& late, const std::shared_ptr<RunEntryPtr>& run, const QString& name, bool forward,
                  const std::shared_ptr<bool>& ever);
  void takeName(RunEntryPtr& run, const RunEntryPtr& now);
  void removeThere(const Late& late, const AllTrashedThere& all, bool others, bool for_good);
  void restoreThere(const Late& late, const AllTrashedThere& all, bool others);
  void purgeThere(const RunEntry& run, const QString& trashed);

  RunLibrary* library_;
  RunModel* model_;
  QUndoStack* undo_;
  WaitingRuns* waiting_ = nullptr;
  ElsewhereRuns* elsewhere_ = nullptr;
  QWidget* window_;
  bool asks_ = true;
};

}  // namespace bandscope::app
