// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_page.h"

#include <QEvent>
#include <QShortcut>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/cursor_values.h"
#include "app/page/layers_tab.h"
#include "app/page/log_tab.h"
#include "app/page/page_header.h"
#include "app/page/pairs_tab.h"
#include "app/page/problem_bar.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/run_problems.h"
#include "app/page/transport.h"
#include "app/whatif/what_if_panel.h"

namespace bandscope::app {

RunEntryPtr partner_of(const RunEntry& run, const std::vector<RunEntryPtr>& all) {
  if (run.pair_key.isEmpty()) return nullptr;
  RunEntryPtr best;
  for (const auto& other : all) {
    if (other->pair_key != run.pair_key || other->calibrated == run.calibrated) continue;
    // Of several the newest: it is the one that the other run was started beside.
    if (!best || other->found.changed > best->found.changed) best = other;
  }
  return best;
}

RunPage::RunPage(QWidget* parent)
    : QWidget(parent),
      loader_(new RunLoader(this)),
      header_(new PageHeader(this)),
      problems_(new ProblemBar(this)),
      tabs_(new QTabWidget(this)),
      dynamics_(new ChartTab(
          {QStringLiteral("dynamics"), QStringLiteral("band"), QStringLiteral("likelihood"), QStringLiteral("margin")},
          &zoom_, this)),
      pathways_(
          new ChartTab({QStringLiteral("pathway-plane"), QStringLiteral("cosine"), QStringLiteral("predicted-margin")},
                       &zoom_, this)),
      scores_(new ChartTab({QStringLiteral("scores"), QStringLiteral("incentives"), QStringLiteral("calibration"),
                            QStringLiteral("slack")},
                           &zoom_, this)),
      training_(new ChartTab({QStringLiteral("training"), QStringLiteral("probe")}, &zoom_, this)),
      what_if_(new WhatIfPanel(this)),
      pairs_(new PairsTab(this)),
      layers_(new LayersTab(this)),
      compare_(new CompareTab(&zoom_, this)),
      log_(new LogTab(this)),
      under_(new QWidget(this)),
      strip_(new CursorStrip(this)),
      transport_(new Transport(this)),
      controls_(new RunControls(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(header_);
  layout->addWidget(problems_);
  layout->addWidget(tabs_, 1);
  auto* below = new QVBoxLayout(under_);
  below->setContentsMargins(0, 0, 0, 0);
  below->setSpacing(0);
  below->addWidget(strip_);
  below->addWidget(transport_);
  layout->addWidget(under_);
  tabs_->setDocumentMode(true);
  tabs_->setObjectName(QStringLiteral("tabs"));
  for (QWidget* page : {static_cast<QWidget*>(dynamics_), static_cast<QWidget*>(pathways_),
                        static_cast<QWidget*>(scores_), static_cast<QWidget*>(training_), static_cast<QWidget*>(pairs_),
                        static_cast<QWidget*>(layers_), static_cast<QWidget*>(compare_), static_cast<QWidget*>(log_)}) {
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
  connect(header_, &PageHeader::stopAsked, controls_, &RunControls::askStop);
  connect(controls_, &RunControls::said, this, &RunPage::said);
  connect(log_, &LogTab::stepAsked, this, [this](double step) {
    setTab(Dynamics);
    setCursor(step);
  });
  connect(log_, &LogTab::recordChosen, this, [this](const QString& record) { log_->setRun(loader_->run(record)); });
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
  connect(tab->view(), &viz::DynamicsView::followChanged, this, [this](bool on) { transport_->setFollow(on); });
  // In the charts only: elsewhere the key presses the button that has the focus.
  auto* space = new QShortcut(QKeySequence(Qt::Key_Space), tab->view());
  space->setContext(Qt::WidgetWithChildrenShortcut);
  connect(space, &QShortcut::activated, transport_, &Transport::toggle);
}

void RunPage::setSelection(const std::vector<RunEntryPtr>& selected, const std::vector<RunEntryPtr>& all) {
  selected_ = selected;
  all_ = all;
  arrange();
}

void RunPage::arrange() {
  const QStringList before = records();
  shown_ = selected_;
  const auto partner = selected_.size() == 1 ? partner_of(*selected_.front(), all_) : nullptr;
  if (partner && pair_wanted_) shown_.push_back(partner);
  // The run without calibration comes first, as in the paper's figure.
  if (shown_.size() == 2 && shown_[0]->calibrated && !shown_[1]->calibrated) std::swap(shown_[0], shown_[1]);
  header_->setPair(partner != nullptr, pair_wanted_);

  const QStringList now = records();
  QStringList names;
  for (const auto& run : shown_) names << run->title();
  if (now != before) {
    cursor_.reset();
    kept_cursor_.reset();
    follow_set_ = false;
    transport_->pause();
    zoom_.show_all();
    loader_->setRecords(now);
    Q_EMIT shownChanged();
  }
  pairs_->setRecords(now, names);
  layers_->setRecords(now, names);
  compare_->setRecords(now, names);
  log_->setRecords(now, names);
  writeHeader();
  writeProblems();
  if (now != before) {
    takeKeptView();
    loaded();
  }
}

QStringList RunPage::records() const {
  QStringList records;
  for (const auto& run : shown_) records << run->found.record;
  return records;
}

QString RunPage::why_empty() const {
  for (const auto& run : shown_) {
    const QString error = loader_->error(run->found.record);
    if (!error.isEmpty()) return error;
  }
  if (loader_->loading()) return tr("Reading the record…");
  return tr(
      "No step has been recorded yet. The first appears here when the model is loaded and the reference is computed.");
}

void RunPage::loaded() {
  const auto runs = loader_->runs();
  double first = 0, last = 0;
  bool any = false, live = false;
  std::vector<Transport::Flag> flags;
  for (const auto& run : runs) {
    if (!run->steps.empty()) {
      first = any ? std::min(first, run->steps[0]) : run->steps[0];
      last = any ? std::max(last, run->last_step()) : run->last_step();
      any = true;
    }
    live |= run->state == RunState::running || run->state == RunState::paused;
    for (const auto& event : run->events) {
      flags.push_back(
          {double(event.step), tr("step %1: %2").arg(event.step).arg(QString::fromStdString(event.message))});
    }
  }
  std::sort(flags.begin(), flags.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  transport_->setRange(first, last);
  transport_->setFlags(std::move(flags));
  transport_->setEnabled(any && last > first);
  if (any && !follow_set_) {
    follow_set_ = true;
    transport_->setFollow(live);
    for (auto* tab : chartTabs()) tab->view()->setFollow(live);
  }
  if (auto* tab = charts(); tab && tab != compare_->charts()) tab->setRuns(runs, why_empty());
  if (tab() == Compare) compare_->setRuns(runs, why_empty());
  if (tab() == Log) log_->setRun(loader_->run(log_->record()));
  if (tab() == Layers) layers_->refresh();
  if (any && kept_cursor_) cursor_ = std::exchange(kept_cursor_, std::nullopt);
  applyCursor();
  writeProblems();
}

std::vector<ChartTab*> RunPage::chartTabs() const {
  return {dynamics_, pathways_, scores_, training_, compare_->charts()};
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
    default:
      return nullptr;
  }
}

void RunPage::setTab(Tab tab) { tabs_->setCurrentIndex(tab); }
RunPage::Tab RunPage::tab() const { return Tab(tabs_->currentIndex()); }

void RunPage::setBare(bool bare) {
  bare_ = bare;
  header_->setVisible(!bare);
  tabs_->tabBar()->setVisible(!bare);
}

void RunPage::tabChanged() {
  if (auto* tab = charts()) loader_->need(tab->columns());
  under_->setVisible(tab() != Log);
  loaded();
}

void RunPage::setCursor(double step) {
  cursor_ = step;
  applyCursor();
}

void RunPage::stepCursor(int by) {
  for (const auto& run : loader_->runs()) {
    if (run->steps.empty()) continue;
    const auto rows = std::ptrdiff_t(run->steps.size());
    const auto row = std::ptrdiff_t(run->row_of(cursor_.value_or(run->last_step())).value_or(0)) + by;
    transport_->pause();
    return setCursor(run->steps[std::size_t(std::clamp<std::ptrdiff_t>(row, 0, rows - 1))]);
  }
}

void RunPage::clearCursor() {
  cursor_.reset();
  applyCursor();
}

void RunPage::applyCursor() {
  if (auto* tab = charts()) {
    tab->view()->setReveal(tab == pathways_ && (transport_->playing() || cursor_));
    tab->setCursor(cursor_);
  }
  strip_->show(loader_->runs(), cursor_);
  if (tab() == Pathways) what_if_->show(loader_->runs(), cursor_);
  const auto runs = loader_->runs();
  double last = 0;
  for (const auto& run : runs) last = std::max(last, run->last_step());
  transport_->setStep(cursor_.value_or(last));
  if (tab() == Pairs) pairs_->setStep(cursor_ ? std::optional<std::int64_t>(std::int64_t(*cursor_)) : std::nullopt);
  layers_->setCursor(cursor_);
  Q_EMIT viewChanged();
}

void RunPage::writeHeader() {
  RunEntryPtr controlled;
  // The selected run's controls, else those of the other one.
  for (const auto* list : {&selected_, &shown_}) {
    for (const auto& run : *list) {
      if (!controlled && run->live()) controlled = run;
    }
  }
  controls_->setRun(controlled);
  header_->setRuns(shown_, controlled, controlled && !controlled->socket.isEmpty());
}

void RunPage::writeProblems() { problems_->setProblems(run_problems(shown_, *this)); }

void RunPage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    writeProblems();
    loaded();
  }
  QWidget::changeEvent(event);
}

void RunPage::translate() {
  const QStringList names{tr("Dynamics"), tr("Pathways"), tr("Scores"),  tr("Training"),
                          tr("Pairs"),    tr("Layers"),   tr("Compare"), tr("Log")};
  for (int i = 0; i < names.size(); ++i) tabs_->setTabText(i, names[i]);
  tabs_->setAccessibleName(tr("Views of the run"));
}

}  // namespace bandscope::app
