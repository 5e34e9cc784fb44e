// SPDX-License-Identifier: GPL-3.0-or-later
// The runs that a spec makes, one a row: name, the swept values, and what each will need.
#pragma once

#include <QStringList>
#include <QTableWidget>
#include <vector>

#include "app/launch/run_plan.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {

class RunsTable : public QTableWidget {
  Q_OBJECT

 public:
  explicit RunsTable(QWidget* parent = nullptr);

  /// `swept`: the keys of the sweep, without "sweep.".
  void show(const std::vector<RunSpec>& specs, const QStringList& swept);
  /// Memory and time where a plan names the run.
  void setPlans(const std::vector<RunPlan>& plans);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void render();

  std::vector<RunSpec> specs_;
  QStringList swept_;
  std::vector<RunPlan> plans_;
};

}  // namespace bandscope::app
