// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queue_panel.h"

#include <QAction>
#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QToolButton>
#include <QTreeView>
#include <QUndoStack>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <memory>

#include "app/base/color_scheme.h"
#include "app/base/glyphs.h"
#include "app/base/plain_text.h"
#include "app/base/undo.h"
#include "app/language/translated.h"
#include "app/queue/queue_model.h"
#include "app/queue/run_queue.h"

namespace bandscope::app {
namespace {

constexpr std::array<int, 6> limits{1, 2, 3, 4, 6, 8};

QAction* key_action(QWidget* owner, const QKeySequence& keys) {
  auto* action = new QAction(owner);
  action->setShortcut(keys);
  action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  owner->addAction(action);
  return action;
}

}  // namespace

QueuePanel::QueuePanel(RunQueue* queue, QUndoStack* undo, QWidget* parent)
    : QWidget(parent),
      queue_(queue),
      undo_(undo),
      model_(new QueueModel(queue, this)),
      view_(new QTreeView(this)),
      title_(new QLabel(this)),
      pause_(new QToolButton(this)),
      limits_(new QToolButton(this)) {
  setObjectName(QStringLiteral("queue"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, grid / 2, 0, 0);
  layout->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  top->setSpacing(grid / 2);
  title_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  top->addWidget(title_, 1);
  for (auto* button : {limits_, pause_}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    top->addWidget(button);
  }
  pause_->setObjectName(QStringLiteral("pause-queue"));
  pause_->setIconSize(QSize(16, 16));
  limits_->setObjectName(QStringLiteral("at-once"));
  limits_->setPopupMode(QToolButton::InstantPopup);
  limits_->setMenu(new QMenu(limits_));
  layout->addLayout(top);

  view_->setObjectName(QStringLiteral("queue-list"));
  view_->setModel(model_);
  view_->setRootIsDecorated(false);
  view_->setUniformRowHeights(true);
  view_->setHeaderHidden(true);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setAllColumnsShowFocus(true);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  // Also from another window's list: it is the same queue.
  view_->setDragDropMode(QAbstractItemView::DragDrop);
  view_->setDefaultDropAction(Qt::MoveAction);
  view_->setDragDropOverwriteMode(false);
  view_->setDropIndicatorShown(true);
  view_->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->header()->setObjectName(QStringLiteral("queue-columns"));
  view_->header()->setStretchLastSection(true);
  view_->header()->resizeSection(QueueModel::Name, 148);
  view_->setMinimumHeight(3 * fontMetrics().height());
  layout->addWidget(view_, 1);

  start_ = key_action(view_, QKeySequence(Qt::CTRL | Qt::Key_Return));
  again_ = key_action(view_, {});
  up_ = key_action(view_, QKeySequence(Qt::ALT | Qt::Key_Up));
  down_ = key_action(view_, QKeySequence(Qt::ALT | Qt::Key_Down));
  remove_ = key_action(view_, QKeySequence::Delete);
  connect(start_, &QAction::triggered, this, [this] { queue_->startNow(selected()); });
  connect(again_, &QAction::triggered, this, [this] { queue_->tryAgain(selected()); });
  connect(up_, &QAction::triggered, this, [this] { moveSelected(-1); });
  connect(down_, &QAction::triggered, this, [this] { moveSelected(1); });
  connect(remove_, &QAction::triggered, this, &QueuePanel::removeSelected);
  connect(pause_, &QToolButton::clicked, this, [this] { queue_->setPaused(!queue_->paused()); });
  connect(limits_->menu(), &QMenu::aboutToShow, this, &QueuePanel::fillLimits);
  connect(view_, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
    QMenu menu(this);
    fillMenu(menu);
    menu.exec(view_->viewport()->mapToGlobal(at));
  });
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueuePanel::updateActions);
  connect(view_, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
    if (const auto* run = model_->run(index)) Q_EMIT chosen(run->record());
  });
  connect(model_, &QueueModel::dropped, this, &QueuePanel::moveBefore);
  connect(queue_, &RunQueue::changed, this, &QueuePanel::write);
  write();
}

QStringList QueuePanel::selected() const {
  auto rows = view_->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end());
  QStringList ids;
  for (const auto& row : rows) {
    if (const auto* run = model_->run(row)) ids << run->id;
  }
  return ids;
}

void QueuePanel::write() {
  int waiting = 0, held = 0, failed = 0;
  for (const auto& run : queue_->runs()) {
    const bool waits = run.state == QueuedRun::State::waiting, paused = queue_->paused() && !run.asked;
    waiting += waits && !paused;
    held += waits && paused;
    failed += run.state == QueuedRun::State::failed;
  }
  QStringList parts;
  if (waiting > 0) parts << tr("%n waiting", nullptr, waiting);
  if (held > 0) parts << tr("%n paused", nullptr, held);
  if (failed > 0) parts << tr("%n failed", nullptr, failed);
  title_->setText(QStringLiteral("<b>%1</b>&nbsp; %2").arg(tr("Queue"), parts.join(QStringLiteral(" · "))));
  const QString goes_on = tr("Runs start and go on when no window is open, too.");
  title_->setToolTip(queue_->trouble().empty() ? goes_on : plain_text(translated_sentence(queue_->trouble())));
  pause_->setIcon(glyph(queue_->paused() ? Glyph::play : Glyph::pause, palette()));
  // What a queue that does not run needs is said in a word; pausing is for those who look for it.
  pause_->setText(tr("Start", "the queue"));
  pause_->setToolButtonStyle(queue_->paused() ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
  pause_->setToolTip(queue_->paused() ? tr("Let waiting runs start")
                                      : tr("Pause: no waiting run starts, running ones go on"));
  pause_->setAccessibleName(pause_->toolTip());
  int most = 1;
  for (const auto& device : queue_->devices()) most = std::max(most, queue_->atOnce(device));
  limits_->setText(tr("%n at once", nullptr, most) + QStringLiteral("  "));  // room for the arrow
  limits_->setToolTip(tr("How many runs go at once on each device"));
  view_->setAccessibleName(tr("Queue"));
  start_->setText(tr("&Start now"));
  again_->setText(tr("&Try again"));
  up_->setText(tr("Move &up"));
  down_->setText(tr("Move &down"));
  remove_->setText(tr("&Remove from queue"));
  updateActions();
  setVisible(!queue_->runs().empty() || queue_->paused());
}

void QueuePanel::updateActions() {
  bool waiting = false, failed = false;
  for (const auto& id : selected()) {
    const auto* run = model_->run(model_->find(id));
    waiting |= run && run->state == QueuedRun::State::waiting;
    failed |= run && run->state == QueuedRun::State::failed;
  }
  start_->setEnabled(waiting || failed);
  again_->setEnabled(failed);
  for (auto* action : {up_, down_}) action->setEnabled(waiting);
  remove_->setEnabled(waiting || failed);
}

void QueuePanel::fillMenu(QMenu& menu) { menu.addActions({start_, again_, up_, down_, remove_}); }

void QueuePanel::fillLimits() {
  auto* menu = limits_->menu();
  menu->clear();
  for (const auto& device : queue_->devices()) {
    menu->addSection(device);
    auto* choices = new QActionGroup(menu);
    for (const int count : limits) {
      auto* action = menu->addAction(tr("%n at once", nullptr, count), this,
                                     [this, device, count] { queue_->setAtOnce(device, count); });
      action->setCheckable(true);
      action->setChecked(queue_->atOnce(device) == count);
      choices->addAction(action);
    }
  }
}

void QueuePanel::moveSelected(int by) {
  const QStringList moved = selected();
  QStringList order = queue_->order();
  // From the end that they move towards, so that they do not overtake one another.
  const int count = int(order.size());
  for (int i = 0; i < count; ++i) {
    const int at = by < 0 ? i : count - 1 - i;
    const int to = at + by;
    if (!moved.contains(order[at]) || to < 0 || to >= count || moved.contains(order[to])) continue;
    order.swapItemsAt(at, to);
  }
  reorder(order);
}

void QueuePanel::moveBefore(const QStringList& ids, const QString& before) {
  if (ids.contains(before)) return;
  QStringList order = queue_->order();
  for (const auto& id : ids) order.removeAll(id);
  const auto at = before.isEmpty() ? order.size() : std::max<qsizetype>(0, order.indexOf(before));
  for (qsizetype i = 0; i < ids.size(); ++i) order.insert(at + i, ids[i]);
  reorder(order);
}

void QueuePanel::reorder(const QStringList& order) {
  const QStringList before = queue_->order();
  if (order == before) return;
  const auto set = [this](const QStringList& ids) {
    return [this, ids] {
      queue_->setOrder(ids);
      return true;
    };
  };
  undo_->push(new Change(tr("order of the queue"), set(order), set(before)));
}

void QueuePanel::removeSelected() {
  const QStringList ids = selected();
  if (ids.isEmpty()) return;
  const auto taken = std::make_shared<queue::Taken>();
  undo_->push(new Change(
      tr("remove %n runs from the queue", nullptr, int(ids.size())),
      [this, ids, taken] {
        *taken = queue_->take(ids);
        return !taken->empty();
      },
      [this, taken] {
        queue_->put(*taken);
        return true;
      }));
}

void QueuePanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
