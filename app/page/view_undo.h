// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of the view that Edit > Undo takes back: zoom, and what is chosen for a page of charts. What follows from a
// run that goes on is no change.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <map>

#include "app/page/chart_tab.h"
#include "viz/chart/zoom_state.h"

class QUndoStack;

namespace bandscope::app {

class ViewUndo : public QObject {
  Q_OBJECT

 public:
  /// `subject` says what is on the page (the records): a change of one subject's view is not undone in another's.
  ViewUndo(QUndoStack* stack, std::function<QStringList()> subject, QObject* parent);

  void watch(viz::ZoomState* zoom);
  /// `show` brings the tab to the front before a change in it is undone, so that one sees what happens.
  void watch(ChartTab* tab, std::function<void()> show);
  /// Runs what changes the views and is undone by itself, as a layout that is taken up.
  void quietly(const std::function<void()>& change);
  /// The views are as they are: nothing before this is undone.
  void settle();

 private:
  void zoomed();
  void chosen(ChartTab* tab);

  QUndoStack* stack_;
  std::function<QStringList()> subject_;
  viz::ZoomState* zoom_ = nullptr;
  viz::ZoomState::State known_zoom_;
  quint64 known_changes_ = 0;
  QTimer soon_;  ///< joins the notches of a wheel
  struct Tab {
    ChartChoice view;
    std::function<void()> show;
  };
  std::map<ChartTab*, Tab> tabs_;
  bool applying_ = false;
};

}  // namespace bandscope::app
