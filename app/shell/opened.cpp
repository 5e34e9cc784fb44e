// SPDX-License-Identifier: GPL-3.0-or-later
// What is opened and dropped, and what is shown of what is selected.
#include <QDir>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <algorithm>

#include "app/language/translated.h"
#include "app/launch/data_choice.h"
#include "app/launch/launch_page.h"
#include "app/library/log_import.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/run_page.h"
#include "app/queue/waiting_page.h"
#include "app/server/remote_page.h"
#include "app/server/servers.h"
#include "app/shell/main_window.h"

namespace bandscope::app {

void MainWindow::open(const QStringList& paths) {
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
        library_->cover(full);
      }
      remember(full);
    } else if (info.suffix() == QLatin1String("toml")) {
      openSpec(full);
    } else if (is_training_log(full)) {
      importLog(full);
    } else if (info.exists()) {
      pending_ << full;
      library_->addFile(full);
      remember(full);
    } else {
      statusBar()->showMessage(tr("There is no file or folder %1.").arg(path));
    }
  }
}

void MainWindow::selectPending() {
  if (pending_.isEmpty()) return;
  if (dock_->selectAll(pending_) == 0) return;
  awaited_ = std::exchange(pending_, {});
  awaited_.removeIf([this](const QString& record) { return dock_->lists(record); });
  stack_->setCurrentWidget(page_);
  showSelection();
}

/// The page that New experiment or the last session left open stays open.
void MainWindow::selectAwaited() {
  const auto listed = [this](const QString& record) { return dock_->lists(record); };
  if (!pending_.isEmpty() || std::none_of(awaited_.begin(), awaited_.end(), listed)) return;
  dock_->selectAll(dock_->selectedRecords() + awaited_);
  awaited_.removeIf(listed);
}

void MainWindow::selectionChanged() {
  // Choosing a run leaves New experiment; a list that changes by itself does not.
  if (!dock_->selected().empty() && dock_->isAncestorOf(focusWidget())) stack_->setCurrentWidget(page_);
  if (!dock_->selecting()) awaited_.clear();
  showSelection();
}

/// Runs without a record, or a copy of it, have a page of their own.
void MainWindow::showSelection() {
  const auto waits = [](const RunEntryPtr& run) { return run->queued || !run->copied; };
  auto selected = dock_->selected(), all = model_->entries();
  const auto first = selected.empty() ? nullptr : selected.front();
  const RunEntryPtr only = selected.size() == 1 ? first : nullptr;
  QStringList copies;
  for (const auto& run : selected) copies << run->found.record;
  // The other run of a pair is shown beside it once its copy is there.
  if (const auto other = only ? partner_of(*only, all) : nullptr) copies << other->found.record;
  servers_->setShown(copies);
  const auto waiting = std::erase_if(selected, waits);
  std::erase_if(all, waits);
  page_->setSelection(selected, all, int(waiting));
  if (first && first->elsewhere()) {
    remote_->setRun(first);
  } else if (first && first->queued) {
    waiting_->setRun(first);
  }
  if (stack_->currentWidget() != launch_) {
    QWidget* without_record = welcome_;
    if (first) without_record = first->elsewhere() ? static_cast<QWidget*>(remote_) : waiting_;
    stack_->setCurrentWidget(selected.empty() ? without_record : page_);
  }
  setWindowTitle(first && dock_->selected().size() == 1 ? tr("%1 — Bandscope").arg(first->title())
                                                        : QStringLiteral("Bandscope"));
  updateActions();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList records, files;
  for (const auto& url : event->mimeData()->urls()) {
    const QString path = url.toLocalFile();
    if (path.isEmpty()) continue;
    const QFileInfo info(path);
    // A model or data opens New experiment with it.
    if (info.isDir() && QFileInfo::exists(QDir(path).filePath(QStringLiteral("config.json")))) {
      newExperiment();
      launch_->choosePlace({});  // it lies on this machine
      launch_->setModel(path);
    } else if (is_data(path) && !is_training_log(path)) {
      files << path;
    } else {
      records << path;
    }
  }
  if (const DataChoice choice = choose_data(files); !choice.problem.empty()) {
    say(translated_sentence(choice.problem), 0);
  } else if (!choice.path.isEmpty()) {
    newExperiment();
    launch_->choosePlace({});
    launch_->setData(choice.path);
  }
  if (!records.isEmpty()) open(records);
  event->acceptProposedAction();
}

}  // namespace bandscope::app
