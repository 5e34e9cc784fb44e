// SPDX-License-Identifier: GPL-3.0-or-later
// What the user does to runs of the library: star, tag, note, rename, delete. Each is one command on the window's undo
// stack; what cannot be done is said in a sentence.
#pragma once

#include <QObject>
#include <QStringList>
#include <utility>
#include <vector>

#include "app/library/run_entry.h"

class QUndoStack;

namespace bandscope::app {

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

  void setStarred(const Runs& runs, bool starred);
  void retag(const Runs& runs, const QStringList& add, const QStringList& remove = {});
  void setNote(const Runs& runs, const QString& note);
  void rename(const RunEntryPtr& run, const QString& name);
  /// To the trash, or out of the queue where they wait.
  void trash(const Runs& runs);

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
  template <class Edit>
  void relabel(const QString& text, const Runs& runs, Edit edit);
  bool write(const std::vector<Labelled>& all, RunLabels Labelled::*now, RunLabels Labelled::*old);
  QString move(const QString& record, const QString& name);
  QString whyKept(const RunEntry& run) const;
  RunLabels labels_of(const QString& record) const;
  void keep(const QString& record, const RunLabels& labels);
  void show(const QString& record, const RunLabels& labels);

  RunLibrary* library_;
  RunModel* model_;
  QUndoStack* undo_;
  WaitingRuns* waiting_ = nullptr;
  QWidget* window_;
  bool asks_ = true;
};

}  // namespace bandscope::app
