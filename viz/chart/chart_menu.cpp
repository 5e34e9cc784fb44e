// SPDX-License-Identifier: GPL-3.0-or-later
#include <QActionGroup>
#include <QMenu>

#include "viz/chart/page.h"

namespace bandscope::viz {

void DynamicsView::Impl::open_menu(const QPoint& global, ChartView* chart) {
  auto* menu = new QMenu(page);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(DynamicsView::tr("Copy picture"), page, &DynamicsView::copyPicture);
  menu->addAction(DynamicsView::tr("Copy data"), page, &DynamicsView::copyData);
  menu->addAction(DynamicsView::tr("Export this figure…"), page,
                  [this] { Q_EMIT page->exportRequested(page->figure()); });
  if (figure->panels.size() > 1 && chart->panel()) {
    const QString alone = QString::fromStdString(chart->panel()->figure);
    menu->addAction(DynamicsView::tr("Export this chart…"), page,
                    [this, alone] { Q_EMIT page->exportRequested(alone); });
  }
  menu->addSeparator();

  QMenu* smoothing = menu->addMenu(DynamicsView::tr("Smoothing"));
  auto* group = new QActionGroup(smoothing);
  const auto offer = [&](const QString& text, Smoothing choice) {
    QAction* action = smoothing->addAction(text, page, [this, choice] { page->setSmoothing(choice); });
    action->setCheckable(true);
    action->setChecked(choice == options.smoothing);
    group->addAction(action);
  };
  offer(DynamicsView::tr("None"), {});
  for (const double momentum : {0.8, 0.9, 0.95, 0.98, 0.99}) {
    offer(DynamicsView::tr("Moving average, momentum %1").arg(momentum), {Smoothing::Kind::ema, momentum});
  }
  for (const int rows : {5, 21, 101, 501}) {
    offer(DynamicsView::tr("Mean over %1 steps").arg(rows), {Smoothing::Kind::window, static_cast<double>(rows)});
  }

  QMenu* axes = menu->addMenu(DynamicsView::tr("Axes"));
  const auto toggle = [&](const QString& text, bool on, void (DynamicsView::*set)(bool)) {
    QAction* action = axes->addAction(text);
    action->setCheckable(true);
    action->setChecked(on);
    connect(action, &QAction::toggled, page, set);
  };
  toggle(DynamicsView::tr("Logarithmic steps"), options.log_x, &DynamicsView::setLogX);
  toggle(DynamicsView::tr("Logarithmic values, where they are positive"), options.log_y, &DynamicsView::setLogY);
  QAction* strip = menu->addAction(DynamicsView::tr("Pathway strip"));
  strip->setCheckable(true);
  strip->setChecked(options.strip);
  connect(strip, &QAction::toggled, page, &DynamicsView::setStrip);
  menu->addSeparator();
  menu->addAction(DynamicsView::tr("Show all\tHome"), page, &DynamicsView::showAll);
  menu->addAction(DynamicsView::tr("Zoom back\tBackspace"), page, &DynamicsView::zoomBack)
      ->setEnabled(zoom->can_go_back());
  const auto index = static_cast<std::size_t>(std::find(charts.begin(), charts.end(), chart) - charts.begin());
  if (figure->panels.size() > 1) {
    menu->addAction(maximised ? DynamicsView::tr("All charts\tM") : DynamicsView::tr("This chart alone\tM"), page,
                    [this, index] {
                      maximised = maximised ? std::nullopt : std::optional<std::size_t>(index);
                      schedule(false);
                    });
  }
  menu->popup(global);
}

}  // namespace bandscope::viz
