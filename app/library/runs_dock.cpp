// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/runs_dock.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>
#include <algorithm>

#include "app/library/run_library.h"
#include "app/library/run_model.h"

namespace bandscope::app {

RunsDock::RunsDock(RunLibrary* library, RunModel* model, QWidget* parent)
    : QDockWidget(parent), library_(library), model_(model), proxy_(new RunFilterModel(this)) {
  setObjectName(QStringLiteral("runs"));
  setFeatures(QDockWidget::DockWidgetMovable);
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(8, 8, 0, 8);
  layout->setSpacing(8);

  filter_ = new QLineEdit(body);
  filter_->setObjectName(QStringLiteral("filter"));
  filter_->setClearButtonEnabled(true);
  layout->addWidget(filter_);

  proxy_->setSourceModel(model_);
  view_ = new QTreeView(body);
  view_->setObjectName(QStringLiteral("runs-tree"));
  view_->setModel(proxy_);
  view_->setUniformRowHeights(true);  // a thousand runs scroll smoothly
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSortingEnabled(true);
  view_->sortByColumn(RunModel::Name, Qt::AscendingOrder);
  view_->setIndentation(12);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->setTextElideMode(Qt::ElideRight);
  auto* header = view_->header();
  header->setStretchLastSection(false);
  header->setContextMenuPolicy(Qt::CustomContextMenu);
  header->setSectionResizeMode(RunModel::Name, QHeaderView::Interactive);
  header->resizeSection(RunModel::Name, 168);
  header->resizeSection(RunModel::Progress, 104);
  for (int column : {RunModel::Objective, RunModel::Rc, RunModel::Model, RunModel::Data, RunModel::Step,
                     RunModel::InBand, RunModel::ProbeZw, RunModel::ProbeMargin, RunModel::Alerts}) {
    header->setSectionHidden(column, true);
  }

  empty_ = new QLabel(body);
  empty_->setWordWrap(true);
  empty_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  empty_->setTextFormat(Qt::RichText);
  empty_->setForegroundRole(QPalette::PlaceholderText);
  empty_->setTextInteractionFlags(Qt::TextBrowserInteraction);

  stack_ = new QStackedWidget(body);
  stack_->addWidget(view_);
  stack_->addWidget(empty_);
  layout->addWidget(stack_, 1);
  setWidget(body);

  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
    proxy_->setFilterText(text);
    if (!text.isEmpty()) view_->expandAll();
    updateEmptyState();
  });
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    QStringList now;
    for (const auto& entry : selected()) now << entry->found.record;
    if (now == last_selected_) return;
    last_selected_ = now;
    Q_EMIT selectionChanged();
  });
  connect(view_, &QWidget::customContextMenuRequested, this, &RunsDock::showMenu);
  connect(header, &QWidget::customContextMenuRequested, this, &RunsDock::showHeaderMenu);
  connect(empty_, &QLabel::linkActivated, this, [this] { Q_EMIT addFolderAsked(); });
  // New folders of runs are open, unless there are so many that one would not see them.
  connect(proxy_, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex& parent, int first, int last) {
    if (!parent.isValid() && proxy_->rowCount() <= 8) {
      for (int row = first; row <= last; ++row) view_->expand(proxy_->index(row, 0));
    } else if (parent.isValid() && proxy_->rowCount() <= 8) {
      view_->expand(parent);
    }
    updateEmptyState();
  });
  connect(proxy_, &QAbstractItemModel::rowsRemoved, this, &RunsDock::updateEmptyState);
  connect(library_, &RunLibrary::foldersChanged, this, &RunsDock::updateEmptyState);
  translate();
}

std::vector<RunEntryPtr> RunsDock::selected() const {
  auto rows = view_->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) {
    if (a.parent() != b.parent()) return a.parent().row() < b.parent().row();
    return a.row() < b.row();
  });
  std::vector<RunEntryPtr> entries;
  for (const auto& row : rows) {
    if (auto entry = model_->entry(proxy_->mapToSource(row))) entries.push_back(std::move(entry));
  }
  return entries;
}

bool RunsDock::select(const QString& record) {
  const QModelIndex at = proxy_->mapFromSource(model_->find(record));
  if (!at.isValid()) return false;
  view_->expand(at.parent());
  view_->selectionModel()->setCurrentIndex(at, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  view_->scrollTo(at);
  return true;
}

void RunsDock::focusFilter() {
  filter_->setFocus(Qt::ShortcutFocusReason);
  filter_->selectAll();
}

QByteArray RunsDock::saveColumns() const { return view_->header()->saveState(); }

void RunsDock::restoreColumns(const QByteArray& state) {
  if (!state.isEmpty()) view_->header()->restoreState(state);
}

void RunsDock::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  QDockWidget::changeEvent(event);
}

void RunsDock::translate() {
  setWindowTitle(tr("Runs"));
  filter_->setPlaceholderText(tr("Filter: words, objective=dpo"));
  filter_->setToolTip(
      tr("Words are looked for in name, objective, model, data and state.\n"
         "key=value looks into the run's spec, e.g. objective=dpo calibration.enabled=true seed=42."));
  filter_->setAccessibleName(tr("Filter runs"));
  view_->setAccessibleName(tr("Runs"));
  updateEmptyState();
}

void RunsDock::updateEmptyState() {
  const bool nothing = model_->runs() == 0;
  const bool filtered = !nothing && proxy_->rowCount() == 0;
  if (nothing && library_->folders().isEmpty()) {
    empty_->setText(tr("No folder of runs is chosen. <a href=\"add\">Choose a folder…</a>"));
  } else if (nothing) {
    empty_->setText(
        tr("No run records below %1. Start one with New experiment, or <a href=\"add\">choose another folder…</a>")
            .arg(library_->folders().join(QStringLiteral(", ")).toHtmlEscaped()));
  } else if (filtered) {
    empty_->setText(tr("No run matches the filter."));
  }
  stack_->setCurrentIndex(nothing || filtered ? 1 : 0);
}

void RunsDock::showMenu(const QPoint& at) {
  const QModelIndex index = proxy_->mapToSource(view_->indexAt(at));
  QMenu menu(this);
  const auto entry = model_->entry(index);
  if (entry) {
    menu.addAction(tr("Open folder"), this,
                   [folder = entry->folder()] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    menu.addAction(tr("Copy path"), this,
                   [path = entry->found.record] { QGuiApplication::clipboard()->setText(path); });
    menu.addSeparator();
  }
  for (const auto& folder : library_->folders()) {
    menu.addAction(tr("Stop listing %1").arg(QDir::toNativeSeparators(folder)), this,
                   [this, folder] { library_->removeFolder(folder); });
  }
  menu.addAction(tr("Add folder of runs…"), this, [this] { Q_EMIT addFolderAsked(); });
  menu.exec(view_->viewport()->mapToGlobal(at));
}

void RunsDock::showHeaderMenu(const QPoint& at) {
  QMenu menu(this);
  auto* header = view_->header();
  for (int column = RunModel::Progress; column < RunModel::column_total; ++column) {
    auto* action = menu.addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    action->setCheckable(true);
    action->setChecked(!header->isSectionHidden(column));
    connect(action, &QAction::toggled, this, [header, column](bool shown) {
      header->setSectionHidden(column, !shown);
      if (shown && header->sectionSize(column) < 40) header->resizeSection(column, 88);
    });
  }
  menu.exec(header->mapToGlobal(at));
}

}  // namespace bandscope::app
