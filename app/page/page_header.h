// SPDX-License-Identifier: GPL-3.0-or-later
// The head of a run's page: what is shown, each run's state in words and colour, and the controls of a live run.
#pragma once

#include <QWidget>
#include <vector>

#include "app/library/run_entry.h"

class QLabel;
class QToolButton;

namespace bandscope::app {

class ElidedLine;
class RunChips;

class PageHeader : public QWidget {
  Q_OBJECT

 public:
  explicit PageHeader(QWidget* parent = nullptr);

  /// The runs on the page, in order; `controlled` is the run that the controls act on (nullptr: none is live).
  void setRuns(const std::vector<RunEntryPtr>& runs, const RunEntryPtr& controlled, bool steerable, bool calibrated);
  /// How many runs are chosen beside these that wait in the queue and have nothing to show.
  void setWaiting(int count);
  /// The run that Resume acts on, which ended before its last step; nullptr: none.
  void setResumable(const RunEntryPtr& run);
  /// Whether the pair's other run is offered, and shown.
  void setPair(bool offered, bool shown);

 Q_SIGNALS:
  void pairToggled(bool shown);
  void pauseAsked();
  void resumeAsked();
  /// The run that ended before its last step is to go on from its checkpoint.
  void resumeEndedAsked(const bandscope::app::RunEntryPtr& run);
  void stopAsked();
  void checkpointAsked();
  void calibrationAsked(bool enabled);
  void steerAsked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void write();

  std::vector<RunEntryPtr> runs_;
  RunEntryPtr controlled_, resumable_;
  bool calibrated_ = false;  ///< the controlled run, now
  bool steerable_ = false;
  int waiting_ = 0;
  ElidedLine* title_;
  RunChips* states_;
  QLabel* controlled_name_;
  QToolButton *pair_, *pause_, *stop_, *checkpoint_, *calibration_, *steer_, *resume_;
};

}  // namespace bandscope::app
