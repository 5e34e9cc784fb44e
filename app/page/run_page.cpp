// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_page.h"

#include <QEvent>
#include <QShortcut>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>
#include <utility>

#include "app/answers/answers_tab.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/cursor_values.h"
#include "app/page/evaluation_tab.h"
#include "app/page/layers_tab.h"
#include "app/page/log_tab.h"
#include "app/page/page_header.h"
#include "app/page/pairs_tab.h"
#include "app/page/problem_bar.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/transport.h"
#include "app/whatif/what_if_panel.h"
#include "viz/figure/sweep_table.h"

namespace bandscope::app {

RunPage::RunPage(QWidget* parent)
    : QWidget(parent),
      loader_(new RunLoader(this)),
      header_(new PageHeader(this)),
      problems_(new ProblemBar(this)),
      tabs_(new QTabWidget(this)),
      dynamics_(new ChartTab(viz::FigureTab::dynamics, &zoom_, this)),
      pathways_(new ChartTab(viz::FigureTab::pathways, &zoom_, this)),
      scores_(new ChartTab(viz::FigureTab::scores, &zoom_, this)),
      training_(new ChartTab(viz::FigureTab::training, &zoom_, this)),
      what_if_(new WhatIfPanel(this)),
      pairs_(new PairsTab(this)),
      layers_(new LayersTab(this)),
      compare_(new CompareTab(&zoom_, this)),
      evaluation_(new EvaluationTab(&zoom_, this)),
      answers_(new AnswersTab(this)),
      log_(new LogTab(this)),
      under_(new QWidget(this)),
      strip_(new CursorStrip(this)),
      transport_(new Transport(this)),
      controls_(new RunControls(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(header_);
  layout->addWidget(tabs_, 1);
  // Below the charts: coming and going it moves neither tabs nor what is under the mouse at the top.
  layout->addWidget(problems_);
  auto* below = new QVBoxLayout(under_);
  below->setContentsMargins(0, 0, 0, 0);
  below->setSpacing(0);
  below->addWidget(strip_);
  below->addWidget(transport_);
  layout->addWidget(under_);
  tabs_->setDocumentMode(true);
  tabs_->setObjectName(QStringLiteral("tabs"));
  // In the order of Tab. Sessions keep the open one by its name.
  const std::pair<QWidget*, const char*> pages[] = {{dynamics_, "dynamics"}, {pathways_, "pathways"},
                                                    {scores_, "scores"},     {training_, "training"},
                                                    {pairs_, "pairs"},       {layers_, "layers"},
                                                    {compare_, "compare"},   {evaluation_, "evaluation"},
                                                    {answers_, "answers"},   {log_, "log"}};
  for (const auto& [page, name] : pages) {
    page->setObjectName(QLatin1String(name));
    tabs_->addTab(page, QString());
  }
  for (auto* tab : chartTabs()) wire(tab);
  pathways_->addPanel(what_if_, QT_TRANSLATE_NOOP("ChartTab", "What if"));
  loader_->need(cursor_columns());
  loader_->need(what_if_columns());
  connect(tabs_, &QTabWidget::currentChanged, this, &RunPage::tabChanged);
  connect(loader_, &RunLoader::changed, this, &RunPage::loaded);
  connect(transport_, &Transport::moved, this, &RunPage::setCursor);
  connect(transport_, &Transport::followToggled, this, [this](bool on) {
    follow_set_ = true;
    if (on) clearCursor();
    for (auto* tab : chartTabs()) tab->view()->setFollow(on);
  });
  connect(transport_, &Transport::nextEventAsked, this, [this] {
    if (auto* tab = charts()) tab->view()->nextEvent();
  });
  connect(transport_, &Transport::previousEventAsked, this, [this] {
    if (auto* tab = charts()) tab->view()->previousEvent();
  });
  connect(transport_, &Transport::stepAsked, this, &RunPage::stepCursor);
  connect(header_, &PageHeader::pairToggled, this, [this](bool shown) {
    pair_wanted_ = shown;
    arrange();
  });
  connect(header_, &PageHeader::pauseAsked, controls_, &RunControls::pause);
  connect(header_, &PageHeader::resumeAsked, controls_, &RunControls::resume);
  connect(header_, &PageHeader::checkpointAsked, controls_, &RunControls::checkpoint);
  connect(header_, &PageHeader::calibrationAsked, controls_, &RunControls::askCalibration);
  connect(header_, &PageHeader::steerAsked, controls_, &RunControls::openSteer);
  connect(controls_, &RunControls::declined, this, &RunPage::writeHeader);
  connect(header_, &PageHeader::resumeEndedAsked, this, &RunPage::resumeAsked);
  connect(header_, &PageHeader::stopAsked, controls_, &RunControls::askStop);
  connect(log_, &LogTab::stepAsked, this, [this](double step) {
    setTab(Dynamics);
    setCursor(step);
  });
  connect(log_, &LogTab::recordChosen, this, [this](const QString& record) { log_->setRun(loader_->run(record)); });
  connect(log_, &LogTab::recordChosen, this, &RunPage::viewChanged);
  connect(pairs_, &PairsTab::said, this, &RunPage::said);
  connect(answers_, &AnswersTab::said, this, &RunPage::said);
  connect(pairs_, &PairsTab::pairChosen, answers_, &AnswersTab::setPair);
  connect(pairs_, &PairsTab::viewChanged, this, &RunPage::viewChanged);
  connect(layers_, &LayersTab::viewChanged, this, &RunPage::viewChanged);
  connect(compare_, &CompareTab::viewChanged, this, &RunPage::viewChanged);
  dynamics_->view()->setStrip(true);
  connect(&zoom_, &viz::ZoomState::changed, this, &RunPage::viewChanged);
  translate();
  tabChanged();
}

RunPage::~RunPage() = default;

void RunPage::wire(ChartTab* tab) {
  connect(tab, &ChartTab::cursorMoved, this, &RunPage::setCursor);
  connect(tab, &ChartTab::cursorCleared, this, &RunPage::clearCursor);
  connect(tab, &ChartTab::exportAsked, this, &RunPage::exportAsked);
  connect(tab, &ChartTab::viewChanged, this, &RunPage::viewChanged);
  connect(tab, &ChartTab::figureChanged, this, [this, tab] { loader_->need(tab->columns()); });
  // The read-out says whether the charts draw means.
  connect(tab->view(), &viz::DynamicsView::smoothingChanged, this, &RunPage::applyCursor);
  connect(tab->view(), &viz::DynamicsView::followChanged, this, [this](bool on) { transport_->setFollow(on); });
  // In the charts only: elsewhere the key presses the button that has the focus.
  auto* space = new QShortcut(QKeySequence(Qt::Key_Space), tab->view());
  space->setContext(Qt::WidgetWithChildrenShortcut);
  connect(space, &QShortcut::activated, transport_, &Transport::toggle);
}

std::vector<ChartTab*> RunPage::chartTabs() const {
  return {dynamics_, pathways_, scores_, training_, compare_->charts(), evaluation_->charts()};
}

void RunPage::openCharts(ChartTab* tab) {
  for (int i = 0; i < tabs_->count(); ++i) {
    if (tabs_->widget(i) == tab || tabs_->widget(i)->isAncestorOf(tab)) tabs_->setCurrentIndex(i);
  }
}

ChartTab* RunPage::charts() const {
  switch (tab()) {
    case Dynamics:
      return dynamics_;
    case Pathways:
      return pathways_;
    case Scores:
      return scores_;
    case Training:
      return training_;
    case Compare:
      return compare_->charts();
    case Evaluation:
      return evaluation_->charts();
    default:
      return nullptr;
  }
}

void RunPage::setElsewhere(ElsewhereFiles* files) {
  log_->setElsewhere(files);
  pairs_->setElsewhere(files);
}

void RunPage::setTab(Tab tab) { tabs_->setCurrentIndex(tab); }
RunPage::Tab RunPage::tab() const { return Tab(tabs_->currentIndex()); }

void RunPage::setBare(bool bare) {
  header_->setVisible(!bare);
  tabs_->tabBar()->setVisible(!bare);
}

void RunPage::tabChanged() {
  if (auto* tab = charts()) loader_->need(tab->columns());
  if (tab() == Evaluation) loader_->needItems();
  if (tab() == Compare) loader_->need(viz::sweep_columns());
  under_->setVisible(tab() != Log && tab() != Answers);
  loaded();
}

void RunPage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    writeProblems();
    loaded();
  }
  QWidget::changeEvent(event);
}

void RunPage::translate() {
  const QStringList names{tr("Dynamics"), tr("Pathways"), tr("Scores"),     tr("Training"), tr("Pairs"),
                          tr("Layers"),   tr("Compare"),  tr("Evaluation"), tr("Answers"),  tr("Log")};
  for (int i = 0; i < names.size(); ++i) tabs_->setTabText(i, names[i]);
  tabs_->setAccessibleName(tr("Views of the run"));
}

}  // namespace bandscope::app
