// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_queue_view.h"

#include <QActionGroup>
#include <QDialog>
#include <QDialogButtonBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <set>

#include "app/base/color_scheme.h"
#include "app/base/glyphs.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "app/server/ask_server.h"
#include "app/server/remote_entry.h"
#include "app/server/servers.h"

namespace bandscope::app {
namespace {

constexpr std::array<int, 6> usual_limits{1, 2, 3, 4, 6, 8};
constexpr int id_role = Qt::UserRole;
constexpr int name_width = 220;

QString state_text(const queue::QueuedRun& run) {
  const RunEntry entry = entry_of_queued(run, {}, {});
  const QString word = state_word(entry.state);
  return run.reason.empty() ? word : QStringLiteral("%1: %2").arg(word, translated(run.reason));
}

}  // namespace

ServerQueueView::ServerQueueView(Servers* servers, QWidget* parent)
    : QWidget(parent),
      servers_(servers),
      title_(new QLabel(this)),
      pause_(new QToolButton(this)),
      limits_(new QToolButton(this)),
      list_(new QTreeWidget(this)),
      up_(new QPushButton(this)),
      down_(new QPushButton(this)),
      out_(new QPushButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid);
  title_->setTextFormat(Qt::PlainText);
  title_->setWordWrap(true);
  auto* top = new QHBoxLayout;
  top->addWidget(title_, 1);
  for (auto* button : {limits_, pause_}) {
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    top->addWidget(button);
  }
  pause_->setObjectName(QStringLiteral("pause-server-queue"));
  pause_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  limits_->setPopupMode(QToolButton::InstantPopup);
  limits_->setMenu(new QMenu(limits_));
  layout->addLayout(top);
  list_->setObjectName(QStringLiteral("server-queue"));
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->setAllColumnsShowFocus(true);
  list_->setColumnCount(3);
  list_->header()->resizeSection(0, name_width);
  layout->addWidget(list_, 1);
  auto* buttons = new QHBoxLayout;
  up_->setObjectName(QStringLiteral("server-queue-up"));
  down_->setObjectName(QStringLiteral("server-queue-down"));
  out_->setObjectName(QStringLiteral("server-queue-out"));
  for (auto* button : {up_, down_, out_}) {
    button->setAutoDefault(false);
    buttons->addWidget(button);
  }
  buttons->addStretch(1);
  layout->addLayout(buttons);

  connect(pause_, &QToolButton::clicked, this, [this] {
    if (const auto* now = queue()) ask({{"paused", !now->paused}});
  });
  connect(limits_->menu(), &QMenu::aboutToShow, this, &ServerQueueView::fillLimits);
  connect(up_, &QPushButton::clicked, this, [this] { move(-1); });
  connect(down_, &QPushButton::clicked, this, [this] { move(1); });
  connect(out_, &QPushButton::clicked, this, &ServerQueueView::takeOut);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &ServerQueueView::updateButtons);
  connect(servers_, &Servers::changed, this, &ServerQueueView::write);
  connect(servers_, &Servers::runsChanged, this, &ServerQueueView::write);
  write();
}

void ServerQueueView::setServer(const QString& server) {
  if (server == server_) return;
  server_ = server;
  write();
}

void ServerQueueView::choose(const QString& run) {
  for (int row = 0; row < list_->topLevelItemCount(); ++row) {
    if (list_->topLevelItem(row)->text(0) == run) list_->setCurrentItem(list_->topLevelItem(row));
  }
}

const queue::Queue* ServerQueueView::queue() const {
  const ServerRuns* runs = servers_->runs(server_);
  return runs && runs->queue() ? &*runs->queue() : nullptr;
}

QString ServerQueueView::selected() const {
  const auto items = list_->selectedItems();
  return items.isEmpty() ? QString() : items.front()->data(0, id_role).toString();
}

void ServerQueueView::ask(wire::Json fields) {
  auto* link = servers_->link(server_);
  if (!link) return;
  link->ask(wire::Ask::queue_set, std::move(fields), this, [this](const wire::Outcome& outcome) {
    if (!outcome.answered()) Q_EMIT said(tr("The queue stays as it is: %1.").arg(translated(outcome.words)));
  });
}

void ServerQueueView::move(int by) {
  const auto* now = queue();
  if (!now) return;
  wire::Json order = wire::Json::array();
  for (const auto& run : now->runs) order.push_back(run.id);
  const auto at = std::ranges::find(order, wire::Json(selected().toStdString())) - order.begin();
  const auto to = at + by;
  if (at == std::ptrdiff_t(order.size()) || to < 0 || to >= std::ptrdiff_t(order.size())) return;
  std::swap(order[std::size_t(at)], order[std::size_t(to)]);
  ask({{"order", std::move(order)}});
}

void ServerQueueView::takeOut() {
  const auto items = list_->selectedItems();
  if (items.isEmpty()) return;
  const QString id = selected();
  auto* box = new QMessageBox(
      QMessageBox::Question, tr("Take out"),
      plain_text(tr("Take %1 out of the queue of %2?").arg(items.front()->text(0), servers_->name(server_))),
      QMessageBox::NoButton, this);
  box->setObjectName(QStringLiteral("ask-take-out"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(tr("The server keeps nothing of it: this cannot be undone."));
  auto* yes = box->addButton(tr("Take out"), QMessageBox::AcceptRole);
  box->setDefaultButton(box->addButton(QMessageBox::Cancel));
  connect(yes, &QPushButton::clicked, this, [this, id] { ask({{"take_out", wire::Json::array({id.toStdString()})}}); });
  box->open();
}

void ServerQueueView::fillLimits() {
  auto* menu = limits_->menu();
  menu->clear();
  const auto* now = queue();
  const auto* link = servers_->link(server_);
  if (!now || !link) return;
  std::set<std::string> devices;
  for (const auto& device : link->hello().devices) devices.insert(device.name);
  for (const auto& run : now->runs) devices.insert(run.device);
  for (const auto& device : devices) {
    menu->addSection(QString::fromStdString(device));
    auto* choices = new QActionGroup(menu);
    for (const int count : usual_limits) {
      auto* action = menu->addAction(tr("%n at once", nullptr, count), this, [this, device, count] {
        ask({{"at_once", {{device, count}}}});
      });
      action->setCheckable(true);
      action->setChecked(now->limit(device) == count);
      choices->addAction(action);
    }
  }
}

/// Where the runs are the same, in place: it is written whenever the server says something, and whoever has scrolled,
/// or goes by keys, stays where they are.
void ServerQueueView::writeRows(const queue::Queue& queue) {
  const int count = int(queue.runs.size());
  const auto id_of = [&](int row) { return QString::fromStdString(queue.runs[std::size_t(row)].id); };
  bool same = list_->topLevelItemCount() == count;
  for (int row = 0; same && row < count; ++row)
    same = list_->topLevelItem(row)->data(0, id_role).toString() == id_of(row);
  const int row_height = list_->fontMetrics().height() + grid;
  const QString before = selected();
  const QSignalBlocker quiet(list_);
  if (!same) list_->clear();
  for (int row = 0; row < count; ++row) {
    const auto& run = queue.runs[std::size_t(row)];
    auto* item = same ? list_->topLevelItem(row) : new QTreeWidgetItem(list_);
    item->setText(0, QString::fromStdString(run.name));
    item->setText(1, QString::fromStdString(run.device));
    item->setText(2, state_text(run));
    if (same) continue;
    item->setSizeHint(0, QSize(0, row_height));
    item->setData(0, id_role, id_of(row));
    if (!before.isEmpty() && id_of(row) == before) list_->setCurrentItem(item);
  }
}

void ServerQueueView::write() {
  const auto* now = queue();
  list_->setHeaderLabels({tr("Run"), tr("Device"), tr("State")});
  list_->setAccessibleName(tr("Queue of the server"));
  now ? writeRows(*now) : list_->clear();
  const QString name = servers_->name(server_);
  QString title = now && now->paused ? tr("Queue of %1, paused").arg(name) : tr("Queue of %1").arg(name);
  const Message why =
      why_not_asked([this](const QString& id) { return servers_->link(id); }, server_, wire::Ask::queue_set);
  const ServerRuns* runs = servers_->runs(server_);
  if (now && runs->inQueue() > now->runs.size()) {
    title = tr("%1: the first %2 of %3 runs")
                .arg(title, QLocale().toString(qulonglong(now->runs.size())), QLocale().toString(runs->inQueue()));
  }
  if (!server_.isEmpty() && !why.empty()) title = QStringLiteral("%1: %2").arg(title, translated(why));
  title_->setText(title);
  const bool paused = now && now->paused;
  pause_->setIcon(glyph(paused ? Glyph::play : Glyph::pause, palette()));
  pause_->setText(paused ? tr("Start", "the queue") : tr("Pause", "the queue"));
  limits_->setText(tr("At once") + QStringLiteral("  "));  // room for the arrow
  limits_->setToolTip(tr("How many runs go at once on each device"));
  up_->setText(tr("Move &up"));
  down_->setText(tr("Move &down"));
  out_->setText(tr("&Take out"));
  updateButtons();
}

void ServerQueueView::updateButtons() {
  const auto* link = servers_->link(server_);
  const auto* now = queue();
  const bool asks = now && link && link->knows(wire::Ask::queue_set);
  const std::string id = selected().toStdString();
  const auto at = now ? std::ranges::find(now->runs, id, &queue::QueuedRun::id) : decltype(now->runs.begin())();
  const bool chosen = now && at != now->runs.end();
  pause_->setEnabled(asks);
  limits_->setEnabled(asks);
  up_->setEnabled(asks && chosen && at != now->runs.begin());
  down_->setEnabled(asks && chosen && std::next(at) != now->runs.end());
  out_->setEnabled(asks && chosen && !at->active());
}

void ServerQueueView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

void open_server_queue(Servers* servers, const QString& server, QWidget* parent,
                       const std::function<void(const QString&)>& say) {
  auto* dialog = new QDialog(parent);
  dialog->setObjectName(QStringLiteral("server-queue-dialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(ServerQueueView::tr("Queue of %1").arg(servers->name(server)));
  auto* layout = new QVBoxLayout(dialog);
  auto* view = new ServerQueueView(servers, dialog);
  view->setServer(server);
  layout->addWidget(view);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
  layout->addWidget(buttons);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  QObject::connect(view, &ServerQueueView::said, dialog, say);
  dialog->resize(520, 320);
  dialog->open();
}

}  // namespace bandscope::app
