// SPDX-License-Identifier: GPL-3.0-or-later
// The strip under the charts: every value at the cursor, one line per run, the difference to the first run in brackets.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "viz/data/run_data.h"

class QGridLayout;
class QLabel;

namespace bandscope::app {

class CursorStrip : public QWidget {
  Q_OBJECT

 public:
  explicit CursorStrip(QWidget* parent = nullptr);
  /// Shows as many runs as the window has room for, two at least; without a cursor, their last steps.
  void show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor);
  /// What a line says, for tests and screen readers.
  QString lineText(int line) const;

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum Cell { Run, Step, Zw, Zl, Margin, LogR, Band, Alpha, Predicted, Realised, cells };
  void translate();
  void write();
  /// How many runs have a line of their own.
  int lines() const;
  void fit();

  QGridLayout* layout_;
  std::vector<QLabel*> heads_;
  std::vector<std::vector<QLabel*>> lines_;
  std::vector<viz::RunDataPtr> runs_;
  std::optional<double> cursor_;
};

}  // namespace bandscope::app
