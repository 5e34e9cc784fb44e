// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a live run that can be changed: what the engine uses now, another value, checked before it is sent,
// and what the engine answered.
#pragma once

#include <QDialog>
#include <QJsonObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "app/page/run_controls.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace bandscope::app {

class SteerDialog : public QDialog {
  Q_OBJECT

 public:
  /// Steers the run that `controls` has now, and closes when that has ended.
  SteerDialog(RunControls* controls, QWidget* parent);

 private:
  /// One setting: its field, what is wrong with the field, and the engine's value.
  struct Row {
    const LiveSetting* setting = nullptr;
    QString key;  ///< of the engine's status
    QString title, range;
    QLineEdit* field = nullptr;
    QLabel* now = nullptr;
    QLabel* problem = nullptr;
    QPushButton* set = nullptr;
    std::optional<double> sent;  ///< waits to be seen in the engine's status
  };
  void build(Row& row);
  void check(Row& row);
  void ask(Row& row);
  void answered(const SteeredRun& run, const QString& command, const QJsonObject& answer);
  bool isMine(const SteeredRun& run) const { return run_ && run.record == run_->found.record; }
  std::optional<double> value(const Row& row) const;

  RunControls* controls_;
  RunEntryPtr run_;
  QString name_;
  std::vector<std::unique_ptr<Row>> rows_;
  QLabel* said_;
  QTimer poll_;
};

}  // namespace bandscope::app
