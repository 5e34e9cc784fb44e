// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QLabel>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QTranslator>
#include <QUndoStack>
#include <algorithm>

#include "app/base/on_screen.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/library/log_import.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/run_controls.h"
#include "app/page/run_page.h"
#include "app/page/view_undo.h"
#include "app/queue/queue_model.h"
#include "app/queue/queue_panel.h"
#include "app/queue/run_queue.h"
#include "app/queue/waiting_page.h"
#include "app/server/remote_page.h"
#include "app/server/server_edits.h"
#include "app/server/server_files.h"
#include "app/server/server_orders.h"
#include "app/server/servers.h"
#include "app/settings/settings.h"
#include "app/shell/actions.h"
#include "app/shell/autosave.h"
#include "app/shell/full_screen.h"
#include "app/shell/layouts.h"
#include "app/shell/window_keys.h"
#include "core/error.h"

namespace bandscope::app {

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      library_(new RunLibrary(this)),
      model_(new RunModel(this)),
      undo_(new QUndoStack(this)),
      dock_(new RunsDock(library_, model_, undo_, this)),
      stack_(new QStackedWidget(this)),
      page_(new RunPage(this)),
      launch_(new LaunchPage(this)),
      queue_(new RunQueue(queue_file(), this)),
      queue_panel_(new QueuePanel(queue_, undo_, this)),
      waiting_(new WaitingPage(queue_, this)),
      servers_(new Servers(servers_cache(), this)),
      remote_(new RemotePage(servers_, this)),
      welcome_(new QLabel(this)),
      new_button_(new QToolButton(this)),
      open_button_(new QToolButton(this)),
      actions_(std::make_unique<Actions>(this)),
      settings_(new Settings(this)),
      imports_(new LogImport(this)) {
  setWindowTitle(QStringLiteral("Bandscope"));
  setAcceptDrops(true);
  setMinimumSize(720, 480);
  addDockWidget(Qt::LeftDockWidgetArea, dock_);
  resizeDocks({dock_}, {320}, Qt::Horizontal);
  dock_->setFooter(queue_panel_);
  welcome_->setAlignment(Qt::AlignCenter);
  welcome_->setTextInteractionFlags(Qt::TextBrowserInteraction);
  welcome_->setWordWrap(true);
  stack_->addWidget(welcome_);
  stack_->addWidget(page_);
  stack_->addWidget(launch_);
  stack_->addWidget(waiting_);
  stack_->addWidget(remote_);
  setCentralWidget(stack_);
  statusBar()->setSizeGripEnabled(false);
  connect(statusBar(), &QStatusBar::messageChanged, this, [this](const QString& text) {
    if (text.isEmpty()) statusBar()->setToolTip({});
  });
  buildMenus();
  translateMenus();
  updateActions();

  connect(library_, &RunLibrary::listed, this, [this](const std::vector<FoundRecord>& records) {
    model_->setRecords(records);
    selectPending();
    selectAwaited();
    showSelection();
  });
  // Copies of runs on servers are listed by their servers, which take their own time.
  connect(library_, &RunLibrary::settled, this, [this] {
    const QString copies = servers_cache() + QLatin1Char('/');
    awaited_.removeIf([&](const QString& record) { return !record.startsWith(copies); });
  });
  connect(library_, &RunLibrary::entriesRead, this, [this](const std::vector<RunEntryPtr>& entries) {
    model_->updateEntries(entries);
    dropStaleSentence();
    showSelection();
  });
  connect(dock_, &RunsDock::selectionChanged, this, &MainWindow::selectionChanged);
  connect(dock_, &RunsDock::addFolderAsked, this, &MainWindow::askOpenFolder);
  connect(dock_->edits(), &RunEdits::changed, this, &MainWindow::showSelection);
  connect(dock_->edits(), &RunEdits::said, this, [this](const QString& text) { say(text); });
  connect(page_, &RunPage::exportAsked, this, &MainWindow::exportFigure);
  connect(page_, &RunPage::shownChanged, this, &MainWindow::updateActions);
  connect(page_, &RunPage::said, this, [this](const QString& text) { say(text); });
  connect(launch_, &LaunchPage::startAsked, this, &MainWindow::startRun);
  connect(launch_, &LaunchPage::queueAsked, this, &MainWindow::queueRun);
  connect(launch_, &LaunchPage::closeAsked, this, [this] {
    stack_->setCurrentWidget(page_->shown().empty() ? static_cast<QWidget*>(welcome_) : page_);
    updateActions();
  });
  connect(welcome_, &QLabel::linkActivated, this, [this](const QString& link) {
    if (link == QLatin1String("new")) newExperiment();
    if (link == QLatin1String("open")) askOpenRecords();
    if (link == QLatin1String("folder")) askOpenFolder();
  });
  connectQueue();
  connectServers();
  connectViews();
  connectImports();
  new ScreenKeeper(this);
  new WindowKeys(this);
  connect(settings_, &Settings::changed, this, &MainWindow::preferencesChanged);
}

// The stack says that it is emptied when it goes, after the menus have gone.
MainWindow::~MainWindow() { undo_->disconnect(this); }

void MainWindow::connectViews() {
  views_ = new ViewUndo(
      undo_, [this] { return page_->records(); }, this);
  views_->watch(page_->zoom());
  for (ChartTab* tab : page_->chartTabs()) {
    views_->watch(tab, [this, tab] {
      if (!page_->shown().empty()) stack_->setCurrentWidget(page_);
      page_->openCharts(tab);
    });
  }
  // Another run has another view; there is nothing to take back in it.
  connect(page_, &RunPage::shownChanged, views_, &ViewUndo::settle);
  layouts_ = new Layouts(this, page_, undo_, views_, actions_->layout_menu);
  full_screen_ = new FullScreen(this, page_);
  autosave_ = new Autosave([this] { saveSession(); }, this);
  connect(page_, &RunPage::viewChanged, autosave_, &Autosave::touch);
  connect(page_, &RunPage::shownChanged, autosave_, &Autosave::touch);
  connect(page_->controls(), &RunControls::said, this, [this](const QString& text) {
    const auto run = page_->controls()->run();
    run ? sayOf({run->found.record}, text) : say(text);
  });
  connect(page_->controls(), &RunControls::declined, this, &MainWindow::updateActions);
}

void MainWindow::connectQueue() {
  const auto list = [this] { library_->setQueued(queue_->entries()); };
  connect(queue_, &RunQueue::changed, this, list);
  connect(queue_, &RunQueue::appeared, this,
          [this](const QString& record) { library_->cover(QFileInfo(record).absolutePath() + QStringLiteral("/..")); });
  // Why a run did not start stays until something else is said.
  connect(queue_, &RunQueue::said, this, [this](const QString& text) { say(text, 0); });
  connect(queue_panel_, &QueuePanel::chosen, this, [this](const QString& record) {
    awaited_.clear();
    dock_->select(record);
  });
  // List, queue and header say the same of a run: what the library has of it.
  queue_panel_->model()->setEntries([this](const QString& record) { return model_->entry(model_->find(record)); });
  connect(library_, &RunLibrary::entriesRead, queue_panel_->model(), &QueueModel::refreshStates);
  connect(page_->controls(), &RunControls::asked, library_, &RunLibrary::setAsked);
  connect(dock_, &RunsDock::resumeAsked, this, &MainWindow::resumeRuns);
  connect(dock_, &RunsDock::againAsked, this, &MainWindow::repeatRuns);
  connect(dock_, &RunsDock::cloneAsked, this, &MainWindow::cloneRun);
  connect(page_, &RunPage::resumeAsked, this, [this](const RunEntryPtr& run) { resumeRuns({run}); });
  dock_->edits()->setWaiting(queue_);
  launch_->setQueued([this](const QString& record) { return queue_->holds(record); });
  // Hidden it looks at the names when it is shown.
  connect(queue_, &RunQueue::changed, this, [this] {
    if (launch_->isVisible()) launch_->checkNames();
  });
  list();
}

void MainWindow::say(const QString& text, int ms) {
  said_of_.clear();
  statusBar()->showMessage(text, ms);
  statusBar()->setToolTip(plain_text(text));  // the bar cuts what is longer than it
}

void MainWindow::sayOf(const QStringList& records, const QString& text) {
  say(text);
  said_ = text;
  said_of_ = records;
  going_.clear();
  dropStaleSentence();
}

void MainWindow::dropStaleSentence() {
  // A run that is resumed is what it was until its engine has begun.
  const auto over = [this](const QString& record) {
    const auto run = model_->entry(model_->find(record));
    if (!run || !run->read || run->state == ShownState::waiting) return false;
    const bool goes = run->live() && run->state != ShownState::paused;
    if (goes && !going_.contains(record)) going_ << record;
    return !goes && going_.contains(record);
  };
  if (!std::any_of(said_of_.begin(), said_of_.end(), over)) return;
  said_of_.clear();
  if (statusBar()->currentMessage() == said_) statusBar()->clearMessage();
}

void MainWindow::openSpec(const QString& file) {
  newExperiment();
  launch_->openSpec(file);
}

void MainWindow::newExperiment() {
  launch_->setEarlierRuns(model_->entries());
  if (launch_->runsFolder().isEmpty()) launch_->setRunsFolder(defaultRunsFolder());
  launch_->begin();
  stack_->setCurrentWidget(launch_);
  launch_->setFocus();
  updateActions();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  saveSession();
  QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translateMenus();
  if (event->type() == QEvent::PaletteChange) {
    const QString text = welcome_->text();
    welcome_->clear();  // links keep the colour that they were laid out with
    welcome_->setText(text);
  }
  if (event->type() == QEvent::ActivationChange && isActiveWindow()) library_->rescan();
  QMainWindow::changeEvent(event);
}

QString MainWindow::defaultRunsFolder() const {
  return library_->folders().isEmpty() ? runs_home() : library_->folders().front();
}

}  // namespace bandscope::app
