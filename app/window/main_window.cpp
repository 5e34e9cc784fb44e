// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/main_window.h"

#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QTranslator>
#include <QUndoStack>

#include "app/engine/engine_process.h"
#include "app/launch/launch_page.h"
#include "app/launch/launch_watch.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/window/actions.h"
#include "app/window/look.h"
#include "core/error.h"

namespace bandscope::app {

MainWindow::MainWindow(QWidget* parent)
    : QMainWindow(parent),
      library_(new RunLibrary(this)),
      model_(new RunModel(this)),
      dock_(new RunsDock(library_, model_, this)),
      stack_(new QStackedWidget(this)),
      page_(new RunPage(this)),
      launch_(new LaunchPage(this)),
      welcome_(new QLabel(this)),
      new_button_(new QToolButton(this)),
      open_button_(new QToolButton(this)),
      actions_(std::make_unique<Actions>(this)),
      watch_(new LaunchWatch(this)),
      undo_(new QUndoStack(this)) {
  setWindowTitle(QStringLiteral("Bandscope"));
  setAcceptDrops(true);
  setMinimumSize(720, 480);
  addDockWidget(Qt::LeftDockWidgetArea, dock_);
  resizeDocks({dock_}, {296}, Qt::Horizontal);
  welcome_->setAlignment(Qt::AlignCenter);
  welcome_->setTextInteractionFlags(Qt::TextBrowserInteraction);
  welcome_->setWordWrap(true);
  stack_->addWidget(welcome_);
  stack_->addWidget(page_);
  stack_->addWidget(launch_);
  setCentralWidget(stack_);
  statusBar()->setSizeGripEnabled(false);
  buildMenus();
  translateMenus();
  updateActions();

  connect(library_, &RunLibrary::listed, this, [this](const std::vector<FoundRecord>& records) {
    model_->setRecords(records);
    selectPending();
    selectionChanged();
  });
  connect(library_, &RunLibrary::entriesRead, this, [this](const std::vector<RunEntryPtr>& entries) {
    model_->updateEntries(entries);
    refreshPage();
  });
  connect(dock_, &RunsDock::selectionChanged, this, &MainWindow::selectionChanged);
  connect(dock_, &RunsDock::addFolderAsked, this, &MainWindow::askOpenFolder);
  connect(page_, &RunPage::exportAsked, this, &MainWindow::exportFigure);
  connect(page_, &RunPage::shownChanged, this, &MainWindow::updateActions);
  connect(page_, &RunPage::said, this, [this](const QString& text) { statusBar()->showMessage(text, 8000); });
  connect(launch_, &LaunchPage::startAsked, this, &MainWindow::startRun);
  connect(launch_, &LaunchPage::closeAsked, this, [this] {
    stack_->setCurrentWidget(page_->shown().empty() ? static_cast<QWidget*>(welcome_) : page_);
    updateActions();
  });
  connect(welcome_, &QLabel::linkActivated, this, [this](const QString& link) {
    if (link == QLatin1String("new")) newExperiment();
    if (link == QLatin1String("open")) askOpenRecords();
    if (link == QLatin1String("folder")) askOpenFolder();
  });
  connect(watch_, &LaunchWatch::appeared, this, [this](const QString& record) {
    pending_ = {record};
    library_->rescan();
  });
  connect(watch_, &LaunchWatch::ended, this, [this](const QString& message) { statusBar()->showMessage(message); });
}

// The stack says that it is emptied when it goes, after the menus have gone.
MainWindow::~MainWindow() { undo_->disconnect(this); }

void MainWindow::open(const QStringList& paths) {
  QStringList folders;
  for (const auto& path : paths) {
    const QFileInfo info(path);
    const QString full = info.absoluteFilePath();
    if (info.isDir()) {
      // A run's own folder is opened as that run.
      const QString own = QDir(full).filePath(QStringLiteral("run.h5"));
      if (QFileInfo::exists(own)) {
        pending_ << own;
        library_->addFile(own);
      } else {
        library_->addFolder(full);
      }
      remember(full);
    } else if (info.suffix() == QLatin1String("toml")) {
      openSpec(full);
    } else if (info.exists()) {
      pending_ << full;
      library_->addFile(full);
      remember(full);
    } else {
      statusBar()->showMessage(tr("There is no file or folder %1.").arg(path));
    }
  }
}

void MainWindow::openSpec(const QString& file) {
  newExperiment();
  launch_->openSpec(file);
}

void MainWindow::newExperiment() {
  launch_->setEarlierRuns(model_->entries());
  if (launch_->runsFolder().isEmpty()) launch_->setRunsFolder(defaultRunsFolder());
  stack_->setCurrentWidget(launch_);
  updateActions();
}

void MainWindow::startRun(const QString& spec, const QString& runs, const QStringList& names) {
  try {
    const auto started = start_engine(spec, runs);
    watch_->add(started.pid, started.log, runs, names);
    library_->addFolder(runs);
    remember(spec);
    statusBar()->showMessage(
        tr("Started. The run appears at the left when its record is there; it goes on when the window closes."), 10000);
    stack_->setCurrentWidget(page_->shown().empty() ? static_cast<QWidget*>(welcome_) : page_);
    updateActions();
  } catch (const Error& error) {
    statusBar()->showMessage(QString::fromStdString(error.what()));
  }
}

void MainWindow::selectPending() {
  // The first of what was asked for is shown; the others are in the list beside it.
  for (const auto& record : QStringList(pending_)) {
    if (dock_->select(record)) {
      pending_.clear();
      stack_->setCurrentWidget(page_);
      return;
    }
  }
}

void MainWindow::selectionChanged() {
  const auto selected = dock_->selected();
  page_->setSelection(selected, model_->entries());
  if (selected.empty()) {
    if (stack_->currentWidget() == page_) stack_->setCurrentWidget(welcome_);
  } else if (stack_->currentWidget() == welcome_ || dock_->isAncestorOf(focusWidget())) {
    stack_->setCurrentWidget(page_);
  }
  setWindowTitle(selected.size() == 1 ? tr("%1 – Bandscope").arg(selected.front()->title())
                                      : QStringLiteral("Bandscope"));
  updateActions();
}

void MainWindow::refreshPage() {
  page_->setSelection(dock_->selected(), model_->entries());
  updateActions();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  saveSession();
  QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translateMenus();
  if (event->type() == QEvent::ActivationChange && isActiveWindow()) library_->rescan();
  QMainWindow::changeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList records;
  for (const auto& url : event->mimeData()->urls()) {
    const QString path = url.toLocalFile();
    if (path.isEmpty()) continue;
    const QFileInfo info(path);
    // A model or a data file opens New experiment with it.
    if (info.isDir() && QFileInfo::exists(QDir(path).filePath(QStringLiteral("config.json")))) {
      newExperiment();
      launch_->setModel(path);
    } else if (path.endsWith(QLatin1String(".jsonl")) || path.endsWith(QLatin1String(".jsonl.gz")) ||
               path.endsWith(QLatin1String(".parquet"))) {
      newExperiment();
      launch_->setData(path);
    } else {
      records << path;
    }
  }
  if (!records.isEmpty()) open(records);
  event->acceptProposedAction();
}

QString MainWindow::defaultRunsFolder() const {
  if (!library_->folders().isEmpty()) return library_->folders().front();
  const QDir here(QDir::currentPath());
  if (here.exists(QStringLiteral("runs"))) return here.filePath(QStringLiteral("runs"));
  return QDir::home().filePath(QStringLiteral("bandscope-runs"));
}

}  // namespace bandscope::app
