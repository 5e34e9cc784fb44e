// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the Runs dock: what can be done to the selected runs, grouping, columns.
#include <QAction>
#include <QActionGroup>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>
#include <algorithm>

#include "app/library/run_columns.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"

namespace bandscope::app {
namespace {

bool all_starred(const std::vector<RunEntryPtr>& runs) {
  return !runs.empty() && std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run->labels.starred; });
}

}  // namespace

void RunsDock::makeActions() {
  const auto make = [this](const QKeySequence& keys, auto&& act) {
    auto* action = new QAction(this);
    action->setShortcut(keys);
    // Delete and F2 mean other things elsewhere in the window.
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    view_->addAction(action);
    connect(action, &QAction::triggered, this, std::forward<decltype(act)>(act));
    return action;
  };
  star_ = make(QKeySequence(Qt::CTRL | Qt::Key_D), [this] { toggleStar(); });
  tags_ = make(QKeySequence(Qt::CTRL | Qt::Key_T), [this] { edits_->askTags(selected()); });
  note_ = make(QKeySequence(Qt::CTRL | Qt::Key_M), [this] { edits_->askNote(selected()); });
  rename_ = make(QKeySequence(Qt::Key_F2), [this] {
    const auto runs = selected();
    if (runs.size() == 1) edits_->askRename(runs.front());
  });
  trash_ = make(QKeySequence::Delete, [this] { edits_->askTrash(selected()); });
  resume_ = make({}, [this] { Q_EMIT resumeAsked(selectedThat(&RunEntry::resumable)); });
  again_ = make({}, [this] { Q_EMIT againAsked(selectedThat(&RunEntry::repeatable)); });
  clone_ = make({}, [this] {
    if (const auto runs = selectedThat(&RunEntry::repeatable); runs.size() == 1) Q_EMIT cloneAsked(runs.front());
  });
}

/// Those of the selected runs of which this holds.
RunEdits::Runs RunsDock::selectedThat(bool (RunEntry::*holds)() const) const {
  auto runs = selected();
  std::erase_if(runs, [&](const auto& run) { return !((*run).*holds)(); });
  return runs;
}

void RunsDock::toggleStar() {
  const auto runs = selected();
  edits_->setStarred(runs, !all_starred(runs));
}

void RunsDock::updateActions() {
  const auto runs = selected();
  star_->setText(all_starred(runs) ? tr("Take the &star away") : tr("&Star"));
  tags_->setText(tr("&Tags…"));
  note_->setText(tr("&Note…"));
  rename_->setText(tr("Rena&me…"));
  trash_->setText(tr("&Delete…"));
  for (auto* action : {star_, tags_, note_, trash_}) action->setEnabled(!runs.empty());
  rename_->setEnabled(runs.size() == 1);
  resume_->setText(tr("R&esume"));
  resume_->setToolTip(tr("Go on from the last checkpoint of a run that ended before its last step"));
  again_->setText(tr("Run a&gain"));
  again_->setToolTip(tr("Train the same spec once more, under a name of its own"));
  clone_->setText(tr("Clo&ne…"));
  clone_->setToolTip(tr("New experiment that begins with this run's spec"));
  resume_->setEnabled(!selectedThat(&RunEntry::resumable).empty());
  const auto repeatable = selectedThat(&RunEntry::repeatable).size();
  again_->setEnabled(repeatable > 0);
  clone_->setEnabled(runs.size() == 1 && repeatable == 1);
}

void RunsDock::fillMenu(QMenu& menu) {
  const auto runs = selected();
  updateActions();
  if (!runs.empty()) {
    menu.addActions(runActions());
    menu.addSeparator();
    menu.addActions(editActions());
    menu.addSeparator();
  }
  if (runs.size() == 1) {
    menu.addAction(tr("Open folder"), this,
                   [folder = runs.front()->folder()] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
  }
  if (!runs.empty()) {
    QStringList paths;
    for (const auto& run : runs) paths << run->found.record;
    menu.addAction(runs.size() == 1 ? tr("Copy path") : tr("Copy paths"), this,
                   [paths] { QGuiApplication::clipboard()->setText(paths.join(QLatin1Char('\n'))); });
    menu.addSeparator();
  }
  for (const auto& folder : library_->folders()) {
    menu.addAction(tr("Stop listing %1").arg(QDir::toNativeSeparators(folder)), this,
                   [this, folder] { library_->removeFolder(folder); });
  }
  menu.addAction(tr("Add folder of runs…"), this, [this] { Q_EMIT addFolderAsked(); });
}

void RunsDock::showMenu(const QPoint& at) {
  QMenu menu(this);
  const QString server = server_of_group(view_->indexAt(at).data(RunModel::GroupKeyRole).toString());
  if (server.isEmpty()) {
    fillMenu(menu);
  } else {
    Q_EMIT serverMenuAsked(&menu, server);
  }
  menu.exec(view_->viewport()->mapToGlobal(at));
}

void RunsDock::showHeaderMenu(const QPoint& at) {
  QMenu menu(this);
  columns_->fill(menu, view_->header()->logicalIndexAt(at));
  menu.exec(view_->header()->mapToGlobal(at));
}

void RunsDock::fillGroupMenu() {
  auto* menu = group_->menu();
  menu->clear();
  auto* choices = new QActionGroup(menu);
  for (const auto grouping : groupings()) {
    if (grouping == Grouping::none) menu->addSeparator();
    auto* action = menu->addAction(grouping_title(grouping), this, [this, grouping] { setGrouping(grouping); });
    action->setCheckable(true);
    action->setChecked(grouping == model_->grouping());
    choices->addAction(action);
  }
}

}  // namespace bandscope::app
