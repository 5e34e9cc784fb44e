// SPDX-License-Identifier: GPL-3.0-or-later
// The page of what is selected: one run, the pair without and with reward calibration, or several runs.
#pragma once

#include <QJsonObject>
#include <QWidget>
#include <optional>
#include <vector>

#include "app/library/run_entry.h"
#include "viz/chart/zoom_state.h"
#include "viz/figure/smoothing.h"

class QTabWidget;

namespace bandscope::app {

class AnswersTab;
class ChartTab;
class CompareTab;
class CursorStrip;
class ElsewhereFiles;
class EvaluationTab;
class LayersTab;
class LogTab;
class PageHeader;
class PairsTab;
class ProblemBar;
class RunControls;
class RunLoader;
class Transport;
class WhatIfPanel;

class RunPage : public QWidget {
  Q_OBJECT

 public:
  enum Tab { Dynamics, Pathways, Scores, Training, Pairs, Layers, Compare, Evaluation, Answers, Log };

  explicit RunPage(QWidget* parent = nullptr);
  ~RunPage() override;

  /// Shows the selected runs; `all` is the library, in which the other run of a pair is looked for. `waiting`: how many
  /// more are selected that have no record yet.
  void setSelection(const std::vector<RunEntryPtr>& selected, const std::vector<RunEntryPtr>& all, int waiting = 0);
  /// The runs on the page, in the order of their colours.
  const std::vector<RunEntryPtr>& shown() const { return shown_; }
  QStringList records() const;

  /// Who fetches what lies beside the records of runs on servers: logs, texts of pairs.
  void setElsewhere(ElsewhereFiles* files);

  void setTab(Tab tab);
  Tab tab() const;
  QTabWidget* tabs() const { return tabs_; }
  /// The charts of the open tab; nullptr where it has none.
  ChartTab* charts() const;
  /// Every tab of charts, in the order of the tabs.
  std::vector<ChartTab*> chartTabs() const;
  void openCharts(ChartTab* tab);

  /// What is shown and how, whatever the runs: tab, figures, panels, axes, smoothing, splitters.
  QJsonObject saveLayout() const;
  void restoreLayout(const QJsonObject& layout);
  /// What belongs to the shown runs: zoom and cursor. It is taken up when these runs are on the page.
  QJsonObject saveView() const;
  void restoreView(const QJsonObject& view);
  /// Of charts for which no other was chosen; those that have the usual one get it.
  void setUsualSmoothing(const viz::Smoothing& smoothing);
  /// Whether the end of a live run is kept in view when it comes to the page.
  void setFollows(bool follows) { follows_ = follows; }
  /// Hides header and tabs, so that the charts have the whole page.
  void setBare(bool bare);

  RunLoader* loader() const { return loader_; }
  CursorStrip* strip() const { return strip_; }
  Transport* transport() const { return transport_; }
  ProblemBar* problems() const { return problems_; }
  AnswersTab* answers() const { return answers_; }
  RunControls* controls() const { return controls_; }
  viz::ZoomState* zoom() { return &zoom_; }

 public Q_SLOTS:
  void setCursor(double step);
  void clearCursor();
  /// Moves the cursor by so many recorded steps of the first run.
  void stepCursor(int by);

 Q_SIGNALS:
  void exportAsked(const QString& figure);
  void shownChanged();
  /// A run that ended before its last step is to go on.
  void resumeAsked(const bandscope::app::RunEntryPtr& run);
  /// Zoom or cursor moved, or a tab or figure was chosen: what saveLayout() and saveView() give is new.
  void viewChanged();
  /// Something for the status bar.
  void said(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void arrange();
  void loaded();
  void tabChanged();
  void applyCursor();
  void writeHeader();
  /// The spec of a living run names benchmarks.
  bool benchmarksPlanned() const;
  bool calibratedNow(const RunEntry& run) const;
  void writeProblems();
  void wire(ChartTab* tab);
  void takeKeptView();
  QString why_empty() const;

  viz::ZoomState zoom_;
  RunLoader* loader_;
  PageHeader* header_;
  ProblemBar* problems_;
  QTabWidget* tabs_;
  ChartTab *dynamics_, *pathways_, *scores_, *training_;
  WhatIfPanel* what_if_;
  PairsTab* pairs_;
  LayersTab* layers_;
  CompareTab* compare_;
  EvaluationTab* evaluation_;
  AnswersTab* answers_;
  LogTab* log_;
  QWidget* under_;
  CursorStrip* strip_;
  Transport* transport_;
  RunControls* controls_;

  std::vector<RunEntryPtr> selected_, all_, shown_;
  bool pair_wanted_ = true;
  bool follow_set_ = false;  ///< follow was chosen for these runs
  std::optional<double> cursor_;
  QJsonObject kept_view_;              ///< of the last session, until its runs are on the page
  std::optional<double> kept_cursor_;  ///< until the runs are read
  bool follows_ = true;
  viz::Smoothing usual_smoothing_;
};

/// The runs of a pair side by side, the one without calibration first, as in the paper's figure; pairs and single runs
/// in the order of their first.
std::vector<RunEntryPtr> in_pairs(const std::vector<RunEntryPtr>& runs);
/// The run in `all` that differs from `run` in calibration only; the one in the same folder, if there are several.
RunEntryPtr partner_of(const RunEntry& run, const std::vector<RunEntryPtr>& all);

}  // namespace bandscope::app
