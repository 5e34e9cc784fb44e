// SPDX-License-Identifier: GPL-3.0-or-later
// A tab of linked charts: one or several figures to choose from, the cursor shared with the page.
#pragma once

#include <QWidget>
#include <optional>
#include <utility>
#include <vector>

#include "viz/chart/dynamics_view.h"
#include "viz/figure/figures.h"

class QButtonGroup;
class QComboBox;
class QToolButton;

namespace bandscope::app {

/// What a reader chose to see in a tab of charts.
struct ChartChoice {
  QString figure;
  viz::ViewSettings settings;
  bool operator==(const ChartChoice&) const = default;
};

class ChartTab : public QWidget {
  Q_OBJECT

 public:
  /// Offers the tab's figures; the first is shown.
  ChartTab(viz::FigureTab tab, viz::ZoomState* zoom, QWidget* parent = nullptr);

  viz::DynamicsView* view() const { return view_; }
  QComboBox* xAxis() const { return x_axis_; }
  QString figure() const;
  void setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty);
  void setCursor(std::optional<double> step);
  ChartChoice choice() const { return {figure(), view_->settings()}; }
  /// An unknown figure, as of another version's session, leaves the shown one.
  void setChoice(const ChartChoice& choice);
  /// Puts a panel at the right of the charts, shown while its button is down and there is room for both.
  void addPanel(QWidget* panel, const char* title);
  bool panelWanted() const;
  void setPanelWanted(bool wanted);
  /// Columns that the shown figure draws.
  std::vector<Column> columns() const;

 Q_SIGNALS:
  void cursorMoved(double step);
  void cursorCleared();
  void exportAsked(const QString& figure);
  /// Another figure is shown, which may need other columns.
  void figureChanged();
  /// choice() is another now.
  void viewChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void translate();
  void showPanel();
  void fillParts();
  /// The axes that the runs have can be chosen; of the others it is said what they lack.
  void offerAxes();

  std::vector<std::string> figures_;
  viz::DynamicsView* view_;
  QButtonGroup* figure_buttons_ = nullptr;
  QComboBox *smoothing_, *x_axis_;
  std::vector<viz::RunDataPtr> runs_;
  QToolButton* parts_;
  QWidget* panel_ = nullptr;
  QToolButton* panel_button_ = nullptr;
  const char* panel_title_ = "";
};

}  // namespace bandscope::app
