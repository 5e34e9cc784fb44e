// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will need, as `bandscope-engine plan --json` says it, and the process that is asked.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTemporaryFile>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/message/message.h"

class QProcess;

namespace bandscope::app {

struct RunPlan {
  QString name;
  double parameters = 0, trainable = 0;
  /// Bytes per device by part ("weights", "activations", …), in one order for all engines; without the total.
  std::vector<std::pair<QString, double>> memory;
  double memory_total = 0;  ///< bytes per device
  double tokens_per_step = 0;
  qint64 steps = 0;
  std::optional<double> seconds_per_step, seconds_total, reference_seconds;  ///< nullopt: not measured
  QString device;
  int processes = 1;
  std::vector<Message> notes;
};

/// One line of the engine's answer; nullopt when it is none.
std::optional<RunPlan> parse_plan(const QByteArray& json_line);
/// The parts of memory and time, one a line, for a tool tip.
QString plan_details(const RunPlan& plan);

/// Asks the engine, one question at a time; a new question ends the process of the one before.
class Planner : public QObject {
  Q_OBJECT

 public:
  explicit Planner(QObject* parent = nullptr);
  ~Planner() override;

  /// `toml`: with absolute paths. `measure`: with a warm-up of real steps, which takes a while.
  void ask(const QString& toml, bool measure);
  void cancel();
  bool measuring() const { return process_ && measure_; }

 Q_SIGNALS:
  void planned(const std::vector<RunPlan>& plans, bool measured);
  /// A sentence that says why there is no plan.
  void failed(const Message& reason, bool measured);
  /// What the engine says while it measures.
  void progress(const Message& said);
  void busyChanged();

 private:
  void finished(int code, bool crashed);
  void end();

  QProcess* process_ = nullptr;
  std::unique_ptr<QTemporaryFile> spec_;
  QByteArray errors_;
  bool measure_ = false;
};

}  // namespace bandscope::app
