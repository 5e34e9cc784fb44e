// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queue_model.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QIODevice>
#include <QMimeData>
#include <QPalette>
#include <QSize>
#include <algorithm>
#include <set>

#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "app/queue/run_queue.h"

namespace bandscope::app {
namespace {

const QString mime_type = QStringLiteral("application/x-bandscope-queued-runs");

}  // namespace

QueueModel::QueueModel(RunQueue* queue, QObject* parent) : QAbstractTableModel(parent), queue_(queue) {
  connect(queue_, &RunQueue::changed, this, &QueueModel::refresh);
  rows_ = queue_->runs();
}

void QueueModel::refresh() {
  const auto& now = queue_->runs();
  std::set<QString> wanted;
  for (const auto& run : now) wanted.insert(run.id);
  for (int row = int(rows_.size()) - 1; row >= 0; --row) {
    if (wanted.count(rows_[std::size_t(row)].id)) continue;
    beginRemoveRows({}, row, row);
    rows_.erase(rows_.begin() + row);
    endRemoveRows();
  }
  for (int row = 0; row < int(now.size()); ++row) {
    const auto& run = now[std::size_t(row)];
    const auto at = std::find_if(rows_.begin() + row, rows_.end(), [&](const auto& own) { return own.id == run.id; });
    if (at == rows_.end()) {
      beginInsertRows({}, row, row);
      rows_.insert(rows_.begin() + row, run);
      endInsertRows();
    } else if (const int from = int(at - rows_.begin()); from != row) {
      beginMoveRows({}, from, from, {}, row);
      std::rotate(rows_.begin() + row, at, at + 1);
      endMoveRows();
    }
    rows_[std::size_t(row)] = run;
  }
  // A place in the queue changes with the runs before it.
  if (!rows_.empty()) Q_EMIT dataChanged(index(0, 0), index(int(rows_.size()) - 1, column_total - 1));
}

const QueuedRun* QueueModel::run(const QModelIndex& index) const {
  return index.isValid() && index.row() < int(rows_.size()) ? &rows_[std::size_t(index.row())] : nullptr;
}

QModelIndex QueueModel::find(const QString& id) const {
  const auto at = std::find_if(rows_.begin(), rows_.end(), [&](const auto& run) { return run.id == id; });
  return at == rows_.end() ? QModelIndex() : index(int(at - rows_.begin()), 0);
}

int QueueModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }
int QueueModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(column_total); }

void QueueModel::refreshStates() {
  for (int row = 0; row < int(rows_.size()); ++row) {
    if (rows_[std::size_t(row)].active()) Q_EMIT dataChanged(index(row, 0), index(row, column_total - 1));
  }
}

/// The library's entry of a run that is active; nullptr: it lists none yet.
RunEntryPtr QueueModel::entry(const QueuedRun& run) const {
  auto entry = run.active() && entry_of_ ? entry_of_(run.record()) : nullptr;
  return entry && entry->read ? entry : nullptr;
}

QString QueueModel::status(const QueuedRun& run) const {
  switch (run.state) {
    case QueuedRun::State::waiting:
      // Of a paused queue it is the one that does not wait for the pause to end.
      if (run.asked && queue_->paused() && queue_->place(run) == 1) return tr("next on %1").arg(run.device);
      return tr("%1 for %2", "place in the queue, device").arg(queue_->place(run)).arg(run.device);
    case QueuedRun::State::starting:
    case QueuedRun::State::running:
      if (const auto listed = entry(run)) return progress_text(*listed);
      return run.state == QueuedRun::State::starting ? tr("starting") : tr("runs on %1").arg(run.device);
    case QueuedRun::State::failed:
      return tr("did not start: %1").arg(translated(run.reason));
  }
  return {};
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
  const auto* own = run(index);
  if (!own) return {};
  switch (role) {
    case Qt::SizeHintRole:
      return QSize(0, QFontMetrics(QGuiApplication::font()).height() + 8);
    case Qt::DisplayRole:
      return index.column() == Name ? own->name : status(*own);
    case Qt::ToolTipRole:
      return plain_text(own->active() ? tr("%1\n%2\nruns on %3").arg(own->record(), status(*own), own->device)
                                      : QStringLiteral("%1\n%2").arg(own->record(), status(*own)));
    case Qt::AccessibleTextRole:
      return index.column() == Name ? QStringLiteral("%1, %2").arg(own->name, status(*own)) : status(*own);
    case Qt::ForegroundRole:
      if (index.column() == Status) {
        const bool dark = QGuiApplication::palette().color(QPalette::Base).lightness() < 128;
        if (const auto listed = entry(*own)) return state_color(*listed, dark);
        if (own->state == QueuedRun::State::failed) return state_color(ShownState::failed, dark);
        return state_color(own->active() ? ShownState::preparing : ShownState::waiting, dark);
      }
      return {};
    default:
      return {};
  }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Name ? tr("Run") : tr("State");
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const {
  const auto* own = run(index);
  if (!own) return Qt::ItemIsDropEnabled;
  auto flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
  if (!own->active()) flags |= Qt::ItemIsDragEnabled;
  return flags;
}

QStringList QueueModel::mimeTypes() const { return {mime_type}; }

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const {
  QStringList ids;
  for (const auto& index : indexes) {
    if (const auto* own = run(index); own && index.column() == Name) ids << own->id;
  }
  auto* data = new QMimeData;  // the drag takes it over
  data->setData(mime_type, ids.join(QLatin1Char('\n')).toUtf8());
  return data;
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction, int row, int, const QModelIndex& parent) {
  if (!data->hasFormat(mime_type)) return false;
  const QStringList ids = QString::fromUtf8(data->data(mime_type)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  if (parent.isValid()) row = parent.row();
  const auto* before = row >= 0 ? run(index(row, 0)) : nullptr;
  // Not from within the drop: the order changes rows, which the view is still about to look at.
  QMetaObject::invokeMethod(
      this, [this, ids, id = before ? before->id : QString()] { Q_EMIT dropped(ids, id); }, Qt::QueuedConnection);
  // Not taken: the view would remove the rows that were dragged.
  return false;
}

}  // namespace bandscope::app
