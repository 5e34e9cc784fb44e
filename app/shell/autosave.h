// SPDX-License-Identifier: GPL-3.0-or-later
// Saves the session soon after something changed, and at intervals, so that a killed window comes back as it was.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>

namespace bandscope::app {

class Autosave : public QObject {
  Q_OBJECT

 public:
  Autosave(std::function<void()> save, QObject* parent);
  static constexpr int soon_ms = 1500, interval_ms = 5000;

 public Q_SLOTS:
  /// Something changed: it is saved within soon_ms, however often it changes until then.
  void touch();
  /// Saves what waits now.
  void flush();

 private:
  std::function<void()> save_;
  QTimer soon_, interval_;
};

}  // namespace bandscope::app
