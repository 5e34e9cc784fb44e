// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/runs_dock.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/library/run_columns.h"
#include "app/library/run_delegate.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/still_column.h"

namespace bandscope::app {
namespace {

constexpr int groups_opened = 8;  // of more groups than this one would not see the others

}  // namespace

RunsDock::RunsDock(RunLibrary* library, RunModel* model, QUndoStack* undo, QWidget* parent)
    : QDockWidget(parent),
      library_(library),
      model_(model),
      proxy_(new RunFilterModel(this)),
      edits_(new RunEdits(library, model, undo, this)) {
  setObjectName(QStringLiteral("runs"));
  setFeatures(QDockWidget::DockWidgetMovable);
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(grid, grid, 0, grid);
  layout->setSpacing(grid);

  filter_ = new QLineEdit(body);
  filter_->setObjectName(QStringLiteral("filter"));
  filter_->setClearButtonEnabled(true);
  group_ = new QToolButton(body);
  group_->setObjectName(QStringLiteral("group"));
  group_->setPopupMode(QToolButton::InstantPopup);
  group_->setAutoRaise(true);
  group_->setFocusPolicy(Qt::TabFocus);
  group_->setMenu(new QMenu(group_));
  auto* top = new QHBoxLayout;
  top->setSpacing(grid / 2);
  top->addWidget(filter_, 1);
  top->addWidget(group_);
  layout->addLayout(top);

  proxy_->setSourceModel(model_);
  view_ = new QTreeView(body);
  view_->setObjectName(QStringLiteral("runs-tree"));
  view_->setModel(proxy_);
  view_->setUniformRowHeights(true);  // a thousand runs scroll smoothly
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setSortingEnabled(true);
  view_->setIndentation(12);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->setTextElideMode(Qt::ElideRight);
  view_->setAllColumnsShowFocus(true);
  columns_ = new RunColumns(view_);
  auto* delegate = new RunDelegate(view_);
  view_->setItemDelegate(delegate);

  new StillColumn(view_);

  empty_ = new QLabel(body);
  empty_->setWordWrap(true);
  empty_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  empty_->setTextFormat(Qt::RichText);
  empty_->setForegroundRole(QPalette::PlaceholderText);
  empty_->setTextInteractionFlags(Qt::TextBrowserInteraction);

  stack_ = new QStackedWidget(body);
  stack_->addWidget(view_);
  stack_->addWidget(empty_);
  splitter_ = new QSplitter(Qt::Vertical, body);
  splitter_->setObjectName(QStringLiteral("runs-and-queue"));
  splitter_->setChildrenCollapsible(false);
  splitter_->addWidget(stack_);
  layout->addWidget(splitter_, 1);
  setWidget(body);
  makeActions();

  opening_.setSingleShot(true);
  opening_.setInterval(0);
  connect(&opening_, &QTimer::timeout, this, &RunsDock::openGroups);
  // Runs end while they are selected; a look that reads a thousand is one change.
  updating_.setSingleShot(true);
  updating_.setInterval(0);
  connect(&updating_, &QTimer::timeout, this, &RunsDock::updateActions);
  connect(model_, &QAbstractItemModel::dataChanged, this, [this] {
    if (!updating_.isActive()) updating_.start();
  });
  auto* clear = new QShortcut(QKeySequence(Qt::Key_Escape), body);
  clear->setContext(Qt::WidgetWithChildrenShortcut);
  connect(clear, &QShortcut::activated, this,
          [this] { filter_->text().isEmpty() ? view_->setFocus() : filter_->clear(); });
  connect(filter_, &QLineEdit::textChanged, this, &RunsDock::filter);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    updateActions();
    const QStringList now = selectedRecords();
    if (now == last_selected_) return;
    last_selected_ = now;
    Q_EMIT selectionChanged();
  });
  connect(view_, &QWidget::customContextMenuRequested, this, &RunsDock::showMenu);
  connect(view_->header(), &QWidget::customContextMenuRequested, this, &RunsDock::showHeaderMenu);
  connect(delegate, &RunDelegate::starClicked, this, [this](const QModelIndex& index) {
    if (const auto entry = model_->entry(proxy_->mapToSource(index))) {
      edits_->setStarred({entry}, !entry->labels.starred);
    }
  });
  connect(edits_, &RunEdits::changed, this, &RunsDock::updateActions);
  connect(empty_, &QLabel::linkActivated, this, [this] { Q_EMIT addFolderAsked(); });
  connect(group_->menu(), &QMenu::aboutToShow, this, &RunsDock::fillGroupMenu);
  const auto remember = [this](bool open) {
    return [this, open](const QModelIndex& index) {
      if (opens_itself_ || !filter_->text().isEmpty()) return;
      const QString key = index.data(RunModel::GroupKeyRole).toString();
      open ? void(closed_.remove(key)) : void(closed_.insert(key));
    };
  };
  connect(view_, &QTreeView::expanded, this, remember(true));
  connect(view_, &QTreeView::collapsed, this, remember(false));
  const auto came = [this] {
    if (!opening_.isActive()) opening_.start();
    updateEmptyState();
  };
  connect(proxy_, &QAbstractItemModel::rowsInserted, this, came);
  connect(proxy_, &QAbstractItemModel::layoutChanged, this, came);
  connect(proxy_, &QAbstractItemModel::rowsRemoved, this, &RunsDock::updateEmptyState);
  connect(library_, &RunLibrary::foldersChanged, this, &RunsDock::updateEmptyState);
  translate();
}

/// Runs that the filter hid are selected again when it shows them, unless others were chosen meanwhile.
void RunsDock::filter(const QString& text) {
  const QStringList before = selectedRecords();
  if (!before.isEmpty()) hidden_ = before;
  proxy_->setFilterText(text);
  if (text.isEmpty()) {
    openGroups();
  } else {
    opens_itself_ = true;
    view_->expandAll();
    opens_itself_ = false;
  }
  if (before.isEmpty() && !hidden_.isEmpty()) selectAll(hidden_);
  updateEmptyState();
}

/// Groups that came are open, but for those the user has closed, and unless there are so many that one would not see
/// them.
void RunsDock::openGroups() {
  const bool filtered = !filter_->text().isEmpty();
  opens_itself_ = true;
  for (int row = 0; row < proxy_->rowCount(); ++row) {
    const auto group = proxy_->index(row, 0);
    if (!proxy_->hasChildren(group) || view_->isExpanded(group)) continue;
    const bool closed = closed_.contains(group.data(RunModel::GroupKeyRole).toString());
    if (filtered || (!closed && proxy_->rowCount() <= groups_opened)) view_->expand(group);
  }
  opens_itself_ = false;
}

std::vector<RunEntryPtr> RunsDock::selected() const {
  auto rows = view_->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) {
    if (a.parent() != b.parent()) return a.parent().row() < b.parent().row();
    return a.row() < b.row();
  });
  std::vector<RunEntryPtr> entries;
  for (const auto& row : rows) {
    auto entry = model_->entry(proxy_->mapToSource(row));
    // Under two of its tags a run can be selected twice.
    const bool twice = std::any_of(entries.begin(), entries.end(), [&](const auto& other) { return other == entry; });
    if (entry && !twice) entries.push_back(std::move(entry));
  }
  return entries;
}

bool RunsDock::select(const QString& record) {
  const QModelIndex at = proxy_->mapFromSource(model_->find(record));
  if (!at.isValid()) return false;
  view_->expand(at.parent());
  const QScopedValueRollback ours(selecting_, true);
  view_->selectionModel()->setCurrentIndex(at, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  view_->scrollTo(at);
  return true;
}

bool RunsDock::lists(const QString& record) const { return proxy_->mapFromSource(model_->find(record)).isValid(); }

int RunsDock::selectAll(const QStringList& records) {
  QItemSelection rows;
  QModelIndex first;
  int found = 0;
  for (const auto& record : records) {
    const QModelIndex at = proxy_->mapFromSource(model_->find(record));
    if (!at.isValid()) continue;
    ++found;
    if (!first.isValid()) first = at;
    view_->expand(at.parent());
    rows.select(at, at.siblingAtColumn(RunModel::column_total - 1));
  }
  if (found == 0) return 0;
  const QScopedValueRollback ours(selecting_, true);
  view_->selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
  view_->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
  view_->scrollTo(first);
  return found;
}

QStringList RunsDock::selectedRecords() const {
  QStringList records;
  for (const auto& entry : selected()) records << entry->found.record;
  return records;
}

void RunsDock::focusFilter() {
  filter_->setFocus(Qt::ShortcutFocusReason);
  filter_->selectAll();
}

void RunsDock::setGrouping(Grouping grouping) {
  if (grouping == model_->grouping()) return;
  const auto before = selected();
  {
    // The same runs are selected afterwards: no page is to notice.
    const QSignalBlocker quiet(view_->selectionModel());
    model_->setGrouping(grouping);
  }
  closed_.clear();
  view_->setRootIsDecorated(grouping != Grouping::none);
  openGroups();
  QItemSelection selection;
  for (const auto& entry : before) {
    const auto at = proxy_->mapFromSource(model_->find(entry->found.record));
    if (at.isValid()) selection.select(at, at.siblingAtColumn(RunModel::column_total - 1));
  }
  view_->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  if (!selection.isEmpty()) view_->scrollTo(selection.indexes().front());
  translate();
}

void RunsDock::setFooter(QWidget* footer) {
  splitter_->addWidget(footer);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 0);
}

QByteArray RunsDock::saveColumns() const { return columns_->save(); }
void RunsDock::restoreColumns(const QByteArray& state) { columns_->restore(state); }
void RunsDock::setClosedGroups(const QStringList& keys) { closed_ = QSet<QString>(keys.begin(), keys.end()); }

void RunsDock::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) {
    empty_->clear();  // a link keeps the colour that it was laid out with
    updateEmptyState();
  }
  QDockWidget::changeEvent(event);
}

void RunsDock::translate() {
  setWindowTitle(tr("Runs"));
  filter_->setPlaceholderText(tr("Filter: words, objective=dpo"));
  filter_->setToolTip(
      tr("Words are looked for in name, objective, model, data, state, tags and note.\n"
         "key=value looks into the run's spec, e.g. objective=dpo calibration.enabled=true seed=42;\n"
         "tag=baseline and starred=true into what you noted."));
  filter_->setAccessibleName(tr("Filter runs"));
  group_->setText(grouping_title(model_->grouping()));
  group_->setToolTip(tr("By what the runs are put together"));
  group_->setAccessibleName(tr("Group runs by"));
  view_->setAccessibleName(tr("Runs"));
  updateActions();
  updateEmptyState();
}

void RunsDock::updateEmptyState() {
  const bool nothing = model_->rowCount() == 0;
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

}  // namespace bandscope::app
