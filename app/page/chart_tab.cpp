// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/chart_tab.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/window/look.h"
#include "viz/figure/figures.h"

namespace bandscope::app {
namespace {

struct SmoothingChoice {
  const char* label;
  double momentum;
};
constexpr SmoothingChoice smoothing_choices[] = {{QT_TRANSLATE_NOOP("ChartTab", "raw"), 0.0},
                                                 {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.6"), 0.6},
                                                 {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.9"), 0.9},
                                                 {QT_TRANSLATE_NOOP("ChartTab", "smooth 0.98"), 0.98}};

QString translated(const char* text) { return QCoreApplication::translate("ChartTab", text); }

}  // namespace

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
      {"overlay", QT_TRANSLATE_NOOP("ChartTab", "Overlay")}};
  for (const auto& [key, title] : titles) {
    if (name == QLatin1String(key)) return translated(title);
  }
  return name;
}

ChartTab::ChartTab(const QStringList& figures, viz::ZoomState* zoom, QWidget* parent)
    : QWidget(parent), figures_(figures), view_(new viz::DynamicsView(this)), smoothing_(new QComboBox(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(grid, grid / 2, grid, 0);
  top->setSpacing(0);
  if (figures.size() > 1) {
    choice_ = new QButtonGroup(this);
    for (int i = 0; i < figures.size(); ++i) {
      auto* button = new QToolButton(this);
      button->setCheckable(true);
      button->setAutoRaise(true);
      button->setChecked(i == 0);
      choice_->addButton(button, i);
      top->addWidget(button);
    }
    connect(choice_, &QButtonGroup::idToggled, this, [this](int id, bool on) {
      if (!on) return;
      view_->setFigure(figures_[id]);
      Q_EMIT figureChanged();
    });
  }
  top->addStretch(1);
  for (const auto& choice : smoothing_choices) smoothing_->addItem({}, choice.momentum);
  smoothing_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  top->addWidget(smoothing_);
  layout->addLayout(top);
  auto* body = new QHBoxLayout;
  body->setObjectName(QStringLiteral("body"));
  body->addWidget(view_, 1);
  layout->addLayout(body, 1);

  view_->setFigure(figures.front());
  view_->setTheme(chart_theme());
  if (zoom) view_->setZoom(zoom);
  connect(view_, &viz::DynamicsView::cursorMoved, this, &ChartTab::cursorMoved);
  connect(view_, &viz::DynamicsView::cursorCleared, this, &ChartTab::cursorCleared);
  connect(view_, &viz::DynamicsView::exportRequested, this, &ChartTab::exportAsked);
  connect(smoothing_, &QComboBox::activated, this, [this] {
    const double momentum = smoothing_->currentData().toDouble();
    view_->setSmoothing(momentum > 0 ? viz::Smoothing{viz::Smoothing::Kind::ema, momentum} : viz::Smoothing{});
  });
  connect(view_, &viz::DynamicsView::smoothingChanged, this, [this](const viz::Smoothing& now) {
    const QSignalBlocker quiet(smoothing_);
    const double momentum = now.kind == viz::Smoothing::Kind::ema ? now.amount : 0.0;
    // A smoothing chosen in the context menu that is not in the list shows no entry.
    smoothing_->setCurrentIndex(now.kind == viz::Smoothing::Kind::window ? -1 : smoothing_->findData(momentum));
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
  connect(panel_button_, &QToolButton::toggled, this, &ChartTab::showPanel);
  static_cast<QHBoxLayout*>(layout()->itemAt(0)->layout())->addWidget(panel_button_);
  findChild<QHBoxLayout*>(QStringLiteral("body"))->addWidget(panel);
  translate();
  showPanel();
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

std::vector<Column> ChartTab::columns() const { return viz::figure_columns(view_->figure().toStdString()); }

void ChartTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) view_->setTheme(chart_theme());
  QWidget::changeEvent(event);
}

void ChartTab::translate() {
  if (choice_) {
    for (int i = 0; i < figures_.size(); ++i) choice_->button(i)->setText(figure_title(figures_[i]));
  }
  for (int i = 0; i < smoothing_->count(); ++i) smoothing_->setItemText(i, translated(smoothing_choices[i].label));
  if (panel_button_) panel_button_->setText(translated(panel_title_));
  smoothing_->setToolTip(tr("Exponential mean drawn in front of the raw curve"));
  smoothing_->setAccessibleName(tr("Smoothing"));
}

}  // namespace bandscope::app
