// SPDX-License-Identifier: GPL-3.0-or-later
// Replay: play, pause, speed, a slider over the steps with event flags, and following a live run's end.
#pragma once

#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QToolButton;

namespace bandscope::app {

class FlagSlider;

class Transport : public QWidget {
  Q_OBJECT

 public:
  explicit Transport(QWidget* parent = nullptr);

  struct Flag {
    double step = 0;
    QString text;
  };
  void setRange(double first, double last);
  void setFlags(std::vector<Flag> flags);
  /// Moves the slider without a signal.
  void setStep(double step);
  double step() const { return step_; }
  void setFollow(bool on);
  bool follows() const;
  bool playing() const { return clock_.isActive(); }

 public Q_SLOTS:
  void play();
  void pause();
  void toggle();
  void toStart();
  void toEnd();

 Q_SIGNALS:
  /// The user or the replay moved to this step.
  void moved(double step);
  void followToggled(bool on);
  void previousEventAsked();
  void nextEventAsked();
  /// One recorded step back (−1) or on (1).
  void stepAsked(int by);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void advance();
  void go(double step);

  FlagSlider* slider_;
  QToolButton *play_, *previous_, *next_, *back_, *on_;
  QComboBox* speed_;
  QCheckBox* follow_;
  QTimer clock_;
  double first_ = 0, last_ = 0, step_ = 0;
};

}  // namespace bandscope::app
