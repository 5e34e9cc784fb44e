// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/chart_tab.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/figure/figure_words.h"
#include "app/help/panel_terms.h"
#include "app/language/translated.h"
#include "app/page/event_kinds.h"
#include "app/window/look.h"
#include "viz/figure/figures.h"
#include "viz/figure/pathway_codes.h"

namespace bandscope::app {
namespace {

struct SmoothingChoice {
  const char* label;
  viz::Smoothing smoothing;
};
using enum viz::Smoothing::Kind;
constexpr SmoothingChoice offered[] = {{QT_TRANSLATE_NOOP("ChartTab", "raw"), {}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.6"), {ema, 0.6}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.9"), {ema, 0.9}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.98"), {ema, 0.98}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "mean of 21"), {window, 21}},
                                       {QT_TRANSLATE_NOOP("ChartTab", "mean of 101"), {window, 101}}};

QString translated(const char* text) { return QCoreApplication::translate("ChartTab", text); }

}  // namespace

std::vector<std::pair<QString, viz::Smoothing>> smoothing_choices() {
  std::vector<std::pair<QString, viz::Smoothing>> choices;
  for (const auto& choice : offered) choices.emplace_back(translated(choice.label), choice.smoothing);
  return choices;
}

QString figure_title(const QString& name) {
  static const std::pair<const char*, const char*> titles[] = {
      {"dynamics", QT_TRANSLATE_NOOP("ChartTab", "Dynamics")},
      {"band", QT_TRANSLATE_NOOP("ChartTab", "Band")},
      {"likelihood", QT_TRANSLATE_NOOP("ChartTab", "Likelihoods")},
      {"margin", QT_TRANSLATE_NOOP("ChartTab", "Margin")},
      {"pathway-plane", QT_TRANSLATE_NOOP("ChartTab", "Pathway plane")},
      {"cosine", QT_TRANSLATE_NOOP("ChartTab", "Cosine")},
      {"incentives", QT_TRANSLATE_NOOP("ChartTab", "Incentives")},
      {"scores", QT_TRANSLATE_NOOP("ChartTab", "Score norms")},
      {"overlay", QT_TRANSLATE_NOOP("ChartTab", "Overlay")},
      {"pathway-strip", QT_TRANSLATE_NOOP("ChartTab", "Pathway strip")},
      {"calibration", QT_TRANSLATE_NOOP("ChartTab", "Calibration")},
      {"slack", QT_TRANSLATE_NOOP("ChartTab", "Slack")},
      {"predicted-margin", QT_TRANSLATE_NOOP("ChartTab", "Predicted margin")},
      {"training", QT_TRANSLATE_NOOP("ChartTab", "Training")},
      {"probe", QT_TRANSLATE_NOOP("ChartTab", "Probe set")},
      {"difference", QT_TRANSLATE_NOOP("ChartTab", "Difference")}};
  for (const auto& [key, title] : titles) {
    if (name == QLatin1String(key)) return translated(title);
  }
  return name;
}

ChartTab::ChartTab(const QStringList& figures, viz::ZoomState* zoom, QWidget* parent)
    : QWidget(parent),
      figures_(figures),
      view_(new viz::DynamicsView(this)),
      smoothing_(new QComboBox(this)),
      parts_(new QToolButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(grid, grid / 2, grid, 0);
  top->setSpacing(0);
  if (figures.size() > 1) {
    figure_buttons_ = new QButtonGroup(this);
    for (int i = 0; i < figures.size(); ++i) {
      auto* button = new QToolButton(this);
      button->setCheckable(true);
      button->setAutoRaise(true);
      button->setChecked(i == 0);
      figure_buttons_->addButton(button, i);
      top->addWidget(button);
    }
    connect(figure_buttons_, &QButtonGroup::idToggled, this, [this](int id, bool on) {
      if (!on) return;
      view_->setFigure(figures_[id]);
      Q_EMIT figureChanged();
      Q_EMIT viewChanged();
    });
  }
  top->addStretch(1);
  for (std::size_t i = 0; i < std::size(offered); ++i) smoothing_->addItem({});
  smoothing_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  parts_->setObjectName(QStringLiteral("parts"));
  parts_->setAutoRaise(true);
  parts_->setPopupMode(QToolButton::InstantPopup);
  parts_->setMenu(new QMenu(parts_));
  connect(parts_->menu(), &QMenu::aboutToShow, this, &ChartTab::fillParts);
  top->addWidget(parts_);
  top->addSpacing(grid / 2);
  top->addWidget(smoothing_);
  layout->addLayout(top);
  auto* body = new QHBoxLayout;
  body->setObjectName(QStringLiteral("body"));
  body->addWidget(view_, 1);
  layout->addLayout(body, 1);

  view_->setFigure(figures.front());
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
          [this](int index) { view_->setSmoothing(offered[index].smoothing); });
  connect(view_, &viz::DynamicsView::settingsChanged, this, [this] {
    Q_EMIT viewChanged();
    if (view_->settings().strip) Q_EMIT figureChanged();  // it needs columns of its own
  });
  connect(view_, &viz::DynamicsView::smoothingChanged, this, [this](const viz::Smoothing& now) {
    const QSignalBlocker quiet(smoothing_);
    const auto at = std::find_if(std::begin(offered), std::end(offered),
                                 [&](const SmoothingChoice& choice) { return choice.smoothing == now; });
    // A smoothing chosen in the context menu that is not in the list shows no entry.
    smoothing_->setCurrentIndex(at == std::end(offered) ? -1 : int(at - std::begin(offered)));
  });
  translate();
}

QString ChartTab::figure() const { return view_->figure(); }

void ChartTab::setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty) {
  view_->setEmptyText(why_empty);
  view_->setRuns(runs);
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
  return columns;
}

void ChartTab::setChoice(const ChartChoice& choice) {
  const auto index = figures_.indexOf(choice.figure);
  if (index >= 0 && choice.figure != figure()) {
    if (figure_buttons_) {
      figure_buttons_->button(int(index))->setChecked(true);
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
      auto* action = menu->addAction(part_title(part));
      action->setCheckable(true);
      action->setChecked(on(part));
      // One panel at least stays.
      action->setEnabled(!(shown.size() == 1 && on(part)));
      connect(action, &QAction::toggled, this, [this, all, on, part](bool wanted) {
        std::vector<std::string> next;
        for (const auto& name : all) {
          if (name == part ? wanted : on(name)) next.push_back(name);
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
  toggle(figure_title(QStringLiteral("pathway-strip")), settings.strip, &viz::DynamicsView::setStrip);
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
    for (int i = 0; i < figures_.size(); ++i) figure_buttons_->button(i)->setText(figure_title(figures_[i]));
  }
  for (int i = 0; i < smoothing_->count(); ++i) smoothing_->setItemText(i, translated(offered[i].label));
  if (panel_button_) panel_button_->setText(translated(panel_title_));
  parts_->setText(tr("Panels"));
  parts_->setToolTip(tr("Which panels are shown, and their axes"));
  smoothing_->setToolTip(tr("A mean, exponential or over so many steps, drawn in front of the raw curve"));
  smoothing_->setAccessibleName(tr("Smoothing"));
}

}  // namespace bandscope::app
