// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/chart_tab.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"
#include "app/base/smoothing_choices.h"
#include "app/figure/figure_titles.h"
#include "app/help/panel_terms.h"
#include "app/language/translated.h"
#include "app/page/event_kinds.h"
#include "viz/figure/figures.h"
#include "viz/figure/pathway_codes.h"
#include "viz/figure/seed_means.h"
#include "viz/figure/x_axis.h"

namespace bandscope::app {

ChartTab::ChartTab(viz::FigureTab tab, viz::ZoomState* zoom, QWidget* parent)
    : QWidget(parent),
      figures_(viz::tab_figures(tab)),
      view_(new viz::DynamicsView(this)),
      smoothing_(new QComboBox(this)),
      x_axis_(new QComboBox(this)),
      parts_(new QToolButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(grid, grid / 2, grid, 0);
  top->setSpacing(0);
  if (figures_.size() > 1) {
    figure_buttons_ = new QButtonGroup(this);
    for (int i = 0; i < int(figures_.size()); ++i) {
      auto* button = new QToolButton(this);
      button->setCheckable(true);
      button->setAutoRaise(true);
      button->setChecked(i == 0);
      figure_buttons_->addButton(button, i);
      top->addWidget(button);
    }
    connect(figure_buttons_, &QButtonGroup::idToggled, this, [this](int id, bool on) {
      if (!on) return;
      view_->setFigure(QString::fromStdString(figures_[std::size_t(id)]));
      Q_EMIT figureChanged();
      Q_EMIT viewChanged();
    });
  }
  top->addStretch(1);
  for (const auto& [name, smoothing] : smoothing_choices()) smoothing_->addItem(name);
  smoothing_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  parts_->setObjectName(QStringLiteral("parts"));
  parts_->setAutoRaise(true);
  parts_->setPopupMode(QToolButton::InstantPopup);
  parts_->setMenu(new QMenu(parts_));
  connect(parts_->menu(), &QMenu::aboutToShow, this, &ChartTab::fillParts);
  top->addWidget(parts_);
  top->addSpacing(grid / 2);
  x_axis_->setObjectName(QStringLiteral("x-axis"));
  for (const viz::XAxisRow& axis : viz::x_axes()) x_axis_->addItem(QString(), int(axis.axis));
  x_axis_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  top->addWidget(x_axis_);
  top->addSpacing(grid / 2);
  top->addWidget(smoothing_);
  // In a small window they give way before the list of runs does.
  for (QComboBox* box : {x_axis_, smoothing_}) box->setMinimumWidth(6 * grid);
  layout->addLayout(top);
  auto* body = new QHBoxLayout;
  body->setObjectName(QStringLiteral("body"));
  // A figure of many rows keeps them high enough to be read.
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(view_);
  body->addWidget(scroll, 1);
  layout->addLayout(body, 1);

  view_->setFigure(QString::fromStdString(figures_.front()));
  view_->setTheme(chart_theme());
  view_->setFont(chart_page_font());
  view_->setEventWords([](const QString& kind, const Message& message) {
    return QStringLiteral("%1 · %2").arg(event_kind_word(kind), translated(message));
  });
  view_->setPanelHelp(panel_tip);
  if (zoom) view_->setZoom(zoom);
  connect(view_, &viz::DynamicsView::cursorMoved, this, &ChartTab::cursorMoved);
  connect(view_, &viz::DynamicsView::cursorCleared, this, &ChartTab::cursorCleared);
  connect(view_, &viz::DynamicsView::exportRequested, this, &ChartTab::exportAsked);
  connect(smoothing_, &QComboBox::activated, this,
          [this](int index) { view_->setSmoothing(smoothing_choices()[std::size_t(index)].second); });
  connect(x_axis_, &QComboBox::activated, this, [this](int index) { view_->setXAxis(viz::XAxis(index)); });
  connect(view_, &viz::DynamicsView::settingsChanged, this, [this] {
    x_axis_->setCurrentIndex(int(view_->settings().x_axis));
    offerAxes();
    Q_EMIT viewChanged();
    if (view_->settings().strip) Q_EMIT figureChanged();  // it needs columns of its own
  });
  connect(view_, &viz::DynamicsView::smoothingChanged, this, [this](const viz::Smoothing& now) {
    const QSignalBlocker quiet(smoothing_);
    const auto offered = smoothing_choices();
    const auto at = std::ranges::find(offered, now, [](const auto& choice) { return choice.second; });
    // A smoothing chosen in the context menu that is not in the list shows no entry.
    smoothing_->setCurrentIndex(at == offered.end() ? -1 : int(at - offered.begin()));
  });
  translate();
}

QString ChartTab::figure() const { return view_->figure(); }

void ChartTab::setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty) {
  view_->setEmptyText(why_empty);
  view_->setRuns(runs);
  runs_ = runs;
  offerAxes();
}

void ChartTab::offerAxes() {
  auto* items = qobject_cast<QStandardItemModel*>(x_axis_->model());
  QString chosen_lacks;
  for (const viz::XAxisRow& axis : viz::x_axes()) {
    QStringList lacking;
    for (const auto& run : runs_)
      if (!viz::has_x_axis(*run, axis.axis)) lacking << QString::fromStdString(run->name);
    QString why;
    if (!lacking.isEmpty()) {
      const std::string_view column = column_names[std::size_t(axis.columns.front())];
      why = tr("The column %1 is not in the record of %2")
                .arg(QString::fromUtf8(column.data(), qsizetype(column.size())), lacking.join(QStringLiteral(", ")));
    }
    QStandardItem* item = items->item(int(axis.axis));
    item->setEnabled(lacking.isEmpty());
    item->setToolTip(plain_text(why));
    if (axis.axis == view_->settings().x_axis) chosen_lacks = why;
  }
  x_axis_->setToolTip(chosen_lacks.isEmpty() ? tr("What the charts run over")
                                             : plain_text(tr("%1: the charts run over steps").arg(chosen_lacks)));
}

void ChartTab::setCursor(std::optional<double> step) {
  if (step == view_->cursor()) return;
  const QSignalBlocker quiet(view_);
  if (step) {
    view_->setCursor(*step);
  } else {
    view_->clearCursor();
  }
}

void ChartTab::addPanel(QWidget* panel, const char* title) {
  panel_ = panel;
  panel_title_ = title;
  panel_button_ = new QToolButton(this);
  panel_button_->setCheckable(true);
  panel_button_->setAutoRaise(true);
  panel_button_->setChecked(true);
  connect(panel_button_, &QToolButton::toggled, this, [this] {
    showPanel();
    Q_EMIT viewChanged();
  });
  auto* top = static_cast<QHBoxLayout*>(layout()->itemAt(0)->layout());
  top->addSpacing(grid / 2);
  top->addWidget(panel_button_);
  findChild<QHBoxLayout*>(QStringLiteral("body"))->addWidget(panel);
  translate();
  showPanel();
}

bool ChartTab::panelWanted() const { return panel_button_ && panel_button_->isChecked(); }
void ChartTab::setPanelWanted(bool wanted) {
  if (panel_button_) panel_button_->setChecked(wanted);
}

void ChartTab::showPanel() {
  if (!panel_) return;
  const bool room = width() >= panel_->sizeHint().width() + 320;
  panel_button_->setEnabled(room);
  panel_->setVisible(room && panel_button_->isChecked());
}

void ChartTab::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  showPanel();
}

std::vector<Column> ChartTab::columns() const {
  auto columns = viz::figure_columns(view_->figure().toStdString());
  if (view_->settings().strip) {
    columns.insert(columns.end(), viz::pathway_columns().begin(), viz::pathway_columns().end());
  }
  // Of all axes, so that it is known which there are.
  for (const viz::XAxisRow& axis : viz::x_axes())
    columns.insert(columns.end(), axis.columns.begin(), axis.columns.end());
  return columns;
}

void ChartTab::setChoice(const ChartChoice& choice) {
  // A session may name a figure that there is not.
  const auto known = std::ranges::find(figures_, choice.figure.toStdString());
  if (known != figures_.end() && choice.figure != figure()) {
    if (figure_buttons_) {
      figure_buttons_->button(int(known - figures_.begin()))->setChecked(true);
    } else {
      view_->setFigure(choice.figure);
    }
  }
  view_->setSettings(choice.settings);
}

void ChartTab::fillParts() {
  auto* menu = parts_->menu();
  menu->clear();
  const auto shown = view_->settings().parts;
  const auto all = viz::figure_parts(figure().toStdString());
  const auto on = [shown](const std::string& part) {
    return shown.empty() || std::find(shown.begin(), shown.end(), part) != shown.end();
  };
  if (all.size() > 1) {
    for (const auto& part : all) {
      auto* action = menu->addAction(figure_text(part.title));
      action->setCheckable(true);
      action->setChecked(on(part.name));
      // One panel at least stays.
      action->setEnabled(!(shown.size() == 1 && on(part.name)));
      connect(action, &QAction::toggled, this, [this, all, on, name = part.name](bool wanted) {
        std::vector<std::string> next;
        for (const auto& own : all) {
          if (own.name == name ? wanted : on(own.name)) next.push_back(own.name);
        }
        view_->setParts(next.size() == all.size() ? std::vector<std::string>() : next);
      });
    }
    menu->addSeparator();
  }
  const auto toggle = [&](const QString& text, bool value, void (viz::DynamicsView::*set)(bool)) {
    auto* action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(value);
    connect(action, &QAction::toggled, view_, set);
  };
  const auto settings = view_->settings();
  toggle(figure_title("pathway-strip"), settings.strip, &viz::DynamicsView::setStrip);
  toggle(tr("Means over seeds"), settings.seed_means, &viz::DynamicsView::setSeedMeans);
  auto* seeds = menu->actions().constLast();
  seeds->setEnabled(settings.seed_means || viz::has_seeds(runs_));
  seeds->setToolTip(seeds->isEnabled()
                        ? tr("Runs that differ in the seed alone as their mean, with a band of its spread")
                        : tr("No two of the runs differ in the seed alone"));
  menu->setToolTipsVisible(true);
  toggle(tr("Logarithmic steps"), settings.log_x, &viz::DynamicsView::setLogX);
  toggle(tr("Logarithmic values, where they are positive"), settings.log_y, &viz::DynamicsView::setLogY);
}

void ChartTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) {
    view_->setTheme(chart_theme());
    view_->setFont(chart_page_font());
  }
  QWidget::changeEvent(event);
}

void ChartTab::translate() {
  if (figure_buttons_) {
    for (int i = 0; i < int(figures_.size()); ++i) {
      figure_buttons_->button(i)->setText(figure_title(figures_[std::size_t(i)]));
    }
  }
  for (int i = 0; i < smoothing_->count(); ++i) smoothing_->setItemText(i, smoothing_choices()[std::size_t(i)].first);
  if (panel_button_) panel_button_->setText(QCoreApplication::translate("ChartTab", panel_title_));
  parts_->setText(tr("Panels"));
  parts_->setToolTip(tr("Which panels are shown, and their axes"));
  smoothing_->setToolTip(tr("A mean, exponential or over so many steps, drawn in front of the raw curve"));
  smoothing_->setAccessibleName(tr("Smoothing"));
  for (const viz::XAxisRow& axis : viz::x_axes()) x_axis_->setItemText(int(axis.axis), figure_text(axis.choice));
  x_axis_->setAccessibleName(tr("What the charts run over"));
  offerAxes();
}

}  // namespace bandscope::app
