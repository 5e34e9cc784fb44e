// SPDX-License-Identifier: GPL-3.0-or-later
// A page of linked charts: any figure by name, by default the paper's four panels (band without and with
// reward calibration, likelihoods, margin). One zoom and one cursor for all of its charts.
#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/message/message.h"
#include "viz/chart/view_settings.h"
#include "viz/chart/zoom_state.h"
#include "viz/data/run_data.h"
#include "viz/draw/panel_layout.h"
#include "viz/figure/smoothing.h"
#include "viz/theme.h"

class QPixmap;

namespace bandscope::viz {

/// A value under the cursor, for tables beside the charts.
struct CursorValue {
  QString run;     ///< run name
  QString symbol;  ///< "z_w", "log r", ...
  QColor color;
  double step = 0;                   ///< step of the row that is shown (the last one at or before the cursor)
  double value = 0;                  ///< NaN where undefined
  std::optional<double> difference;  ///< to the same value of the first run, for the second run of a pair
};

class DynamicsView : public QWidget {
  Q_OBJECT

 public:
  explicit DynamicsView(QWidget* parent = nullptr);
  ~DynamicsView() override;

  /// Any number of runs. One pair (or two runs) makes the paper's figure; more are overlaid in the likelihoods and
  /// margin. Give new snapshots of the same runs as often as you like: zoom, cursor and history stay.
  void setRuns(std::vector<RunDataPtr> runs);
  /// A name of figure_names(); throws SpecError for another one.
  void setFigure(const QString& name);
  QString figure() const;
  void setSmoothing(const Smoothing& smoothing);
  Smoothing smoothing() const;
  void setTheme(const Theme& theme);
  void setLogX(bool on);
  void setLogY(bool on);
  /// Over what the charts over steps run; over steps where a run lacks the columns (x_axis.h says which they need).
  void setXAxis(XAxis axis);
  /// Means over seeds with their spread in place of the runs.
  void setSeedMeans(bool on);
  /// Strips of pathways under charts over steps; needs the columns of pathway_columns().
  void setStrip(bool on);
  /// Shows these parts of the figure only (of figure_parts()); empty: all. Another figure shows all of its parts.
  void setParts(const std::vector<std::string>& parts);
  /// Everything above that a reader chooses, as one.
  ViewSettings settings() const;
  void setSettings(const ViewSettings& settings);
  /// Benchmarks to draw, as FigureOptions::tasks.
  void setTasks(const std::optional<std::vector<std::string>>& tasks);
  /// Rows of panels are at least so many pixels high, and the page asks for as much height; 0: those of figures with
  /// many rows stay high enough to be read, others share what there is.
  void setLeastRow(int pixels);
  /// What an empty page says: why nothing is drawn and what to do.
  void setEmptyText(const QString& text);
  /// How an event's kind and message, which a record keeps in English, are said at its flag; as written without one.
  void setEventWords(std::function<QString(const QString& kind, const Message& message)> words);
  /// What is said of a panel (by its name among figure_parts()) where the mouse rests on its title, legend or axes.
  void setPanelHelp(std::function<QString(const QString& part)> help);

  /// Keeps the last step in view while new rows arrive; panning away from the end switches it off.
  void setFollow(bool on);
  bool follow() const;

  void setCursor(double step);
  void clearCursor();
  std::optional<double> cursor() const;
  /// Every value drawn, at the cursor; empty without one.
  std::vector<CursorValue> cursorValues() const;
  /// Draws paths (pathway plane) only up to the cursor, for replay.
  void setReveal(bool on);

  /// Moves the cursor to the next or previous event.
  void nextEvent();
  void previousEvent();

  /// The visible range of each axis, by its key: what an export "as on the screen" draws.
  Ranges shownRanges() const;

  ZoomState* zoom() const;
  /// Shares the zoom of another page; the page does not own it.
  void setZoom(ZoomState* zoom);

  /// The page as it is on the screen.
  QPixmap picture();
  /// CSV of exactly what is drawn, in the visible range.
  QString drawnCsv() const;
  /// How many points the charts have, how many of them they draw, and how many cannot be seen.
  struct Counts {
    std::size_t points = 0, drawn = 0, undefined = 0, off_scale = 0;
  };
  Counts counts() const;

  /// How often a chart's curves were drawn anew since the last reset (a moved cursor draws none).
  int redraws() const;
  void resetRedraws();

 public Q_SLOTS:
  void showAll();
  void zoomBack();
  void copyPicture();
  void copyData();

 Q_SIGNALS:
  /// The cursor is at this step now.
  void cursorMoved(double step);
  void cursorCleared();
  void followChanged(bool on);
  void smoothingChanged(const bandscope::viz::Smoothing& smoothing);
  /// Smoothing, axes, strip or parts are others now.
  void settingsChanged();
  /// "Export this figure…" was chosen; the name is figure()'s, or that of the single chart under the mouse.
  void exportRequested(const QString& figure);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bandscope::viz
