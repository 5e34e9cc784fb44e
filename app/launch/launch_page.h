// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment: the form on the left, the spec's TOML on the right, both editable; below, what will run, and Start.
#pragma once

#include <QThreadPool>
#include <QTimer>
#include <QWidget>
#include <vector>

#include "app/library/run_entry.h"
#include "core/spec/run_spec.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace bandscope::app {

class SpecForm;

class LaunchPage : public QWidget {
  Q_OBJECT

 public:
  explicit LaunchPage(QWidget* parent = nullptr);
  ~LaunchPage() override;

  /// Opens a spec file for editing; relative paths stay relative to it.
  void openSpec(const QString& file);
  /// A new spec, with what is given filled in.
  void setModel(const QString& folder);
  void setData(const QString& file);
  void setText(const QString& toml);
  QString text() const;
  void setRunsFolder(const QString& folder);
  QString runsFolder() const;
  /// Runs of the library, for the pace of training.
  void setEarlierRuns(std::vector<RunEntryPtr> runs) { earlier_ = std::move(runs); }
  QPushButton* startButton() const { return start_; }
  QString problem() const;
  SpecForm* form() const { return form_; }

 Q_SIGNALS:
  /// A spec file was written: its runs are to be trained.
  void startAsked(const QString& spec, const QString& runs, const QStringList& names);
  void closeAsked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void formEdited(const QString& key);
  void textEdited();
  void check();
  void look();
  void start();
  QString base() const;

  SpecForm* form_;
  QPlainTextEdit* text_;
  QLabel *title_, *outlook_, *problem_, *runs_label_;
  QLineEdit* runs_;
  QCheckBox* advanced_;
  QPushButton *start_, *cancel_, *open_, *save_;
  QTimer debounce_;
  QThreadPool pool_;
  QString spec_file_;  ///< the file opened; empty: a new spec
  std::vector<RunSpec> specs_;
  std::vector<RunEntryPtr> earlier_;
  int generation_ = 0;
};

/// What a new spec starts with.
QString starting_spec();

}  // namespace bandscope::app
