// SPDX-License-Identifier: GPL-3.0-or-later
// The strip under the charts: every value at the cursor, as recorded, one line per run, the difference to the first run
// in brackets. As many lines as the window has room for are in view, the others are scrolled to.
#pragma once

#include <QWidget>
#include <array>
#include <optional>
#include <vector>

#include "app/help/terms.h"
#include "viz/data/run_data.h"

class QGridLayout;
class QLabel;
class QScrollArea;

namespace bandscope::viz {
struct RunStyle;
}

namespace bandscope::app {

struct CursorValues;

class CursorStrip : public QWidget {
  Q_OBJECT

 public:
  explicit CursorStrip(QWidget* parent = nullptr);
  /// Shows every run; without a cursor, their last steps. `smoothed`: the charts draw means, the values here are raw.
  void show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor, bool smoothed = false);
  /// What a line says, for tests and screen readers.
  QString lineText(int line) const;
  /// The run that a line is of, by its whole name.
  QString lineRun(int line) const;
  int lineCount() const { return int(runs_.size()); }

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum Cell { Run, Step, Zw, Zl, Margin, LogR, Band, Alpha, Predicted, Realised, cells };
  void translate();
  /// What the head of a column means, for the mouse and for screen readers.
  void explain(Cell cell, Term term);
  void nameRatio(Term term);
  void write();
  void writeLine(std::size_t line, const viz::RunStyle& look, std::optional<CursorValues>* first);
  /// How many lines are in view at once.
  int linesInView() const;
  /// Height that the highest of the values needs.
  int lineHeight() const;
  /// In a narrow window the least needed columns give way first; heads and values get the same widths.
  void fit();
  void addLine();
  std::vector<QLabel*> column(Cell cell) const;

  QWidget* top_;
  QScrollArea* scroll_;
  QGridLayout *top_layout_, *layout_;
  std::vector<QLabel*> heads_;
  std::vector<std::vector<QLabel*>> lines_;
  std::vector<viz::RunDataPtr> runs_;
  bool applied_ = false;  ///< the ratio is that after calibration, of any of them
  std::optional<double> cursor_;
  bool smoothed_ = false;
  std::optional<Term> ratio_;  ///< that the head of LogR names
  bool outgrown() const;
  int line_height_ = 0;              ///< as laid out
  std::array<int, cells> widths_{};  ///< of the columns, as laid out
};

}  // namespace bandscope::app
