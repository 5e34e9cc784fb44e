// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_columns.h"

#include <QAction>
#include <QEvent>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeView>
#include <algorithm>
#include <array>

#include "app/library/run_model.h"

namespace bandscope::app {
namespace {

struct ColumnKey {
  RunModel::Column column;
  const char* key;
  int width;
};
constexpr std::array<ColumnKey, RunModel::column_total> column_keys{{{RunModel::Name, "name", 148},
                                                                     {RunModel::Star, "star", 26},
                                                                     {RunModel::Progress, "state", 136},
                                                                     {RunModel::Objective, "objective", 88},
                                                                     {RunModel::Rc, "rc", 64},
                                                                     {RunModel::Model, "model", 152},
                                                                     {RunModel::Data, "data", 128},
                                                                     {RunModel::Step, "step", 64},
                                                                     {RunModel::Eta, "eta", 64},
                                                                     {RunModel::InBand, "in-band", 72},
                                                                     {RunModel::ProbeZw, "probe-z-w", 88},
                                                                     {RunModel::ProbeMargin, "probe-margin", 96},
                                                                     {RunModel::Alerts, "alerts", 56},
                                                                     {RunModel::Tags, "tags", 120},
                                                                     {RunModel::Note, "note", 200}}};
constexpr int narrowest = 20, widest = 2000;
constexpr int least_name = 96, least_state = 72;

const ColumnKey* find_key(const QString& key) {
  const auto at = std::find_if(column_keys.begin(), column_keys.end(),
                               [&](const auto& own) { return key == QLatin1String(own.key); });
  return at == column_keys.end() ? nullptr : &*at;
}

}  // namespace

RunColumns::RunColumns(QTreeView* view) : QObject(view), view_(view) {
  auto* header = view_->header();
  header->setStretchLastSection(false);
  header->setSectionsMovable(true);
  header->setFirstSectionMovable(false);
  header->setMinimumSectionSize(narrowest);
  header->setContextMenuPolicy(Qt::CustomContextMenu);
  view_->viewport()->installEventFilter(this);
  connect(header, &QHeaderView::sectionResized, this, [this](int column, int, int width) { resized(column, width); });
  reset();
}

bool RunColumns::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::Resize) fit();
  return QObject::eventFilter(watched, event);
}

void RunColumns::resized(int column, int width) {
  if (fitting_) return;
  // A section that is hidden has no width.
  if (column == RunModel::Name && width > 0) return setNameWidth(width);
  fit();
}

void RunColumns::setNameWidth(std::optional<int> width) {
  name_width_ = width;
  const QScopedValueRollback ours(fitting_, true);
  if (width) view_->header()->resizeSection(RunModel::Name, *width);
  fit();
}

void RunColumns::fit() {
  if (name_width_) return;
  const QScopedValueRollback ours(fitting_, true);
  auto* header = view_->header();
  const int room = view_->viewport()->width(), usual = column_keys[RunModel::Name].width;
  const auto others = [&] { return header->length() - header->sectionSize(RunModel::Name); };
  // In a narrow dock name and state share the room there is, rather than that the state is scrolled to.
  if (!header->isSectionHidden(RunModel::Progress) && header->sectionSize(RunModel::Progress) == state_width_) {
    const int rest = others() - state_width_;
    const int state = std::clamp(room - rest - usual, least_state, column_keys[RunModel::Progress].width);
    state_width_ = rest + state + least_name <= room ? state : column_keys[RunModel::Progress].width;
    header->resizeSection(RunModel::Progress, state_width_);
  }
  const int left = room - others();
  header->resizeSection(RunModel::Name, left >= least_name ? left : usual);
}

void RunColumns::reset() {
  const QScopedValueRollback ours(fitting_, true);
  auto* header = view_->header();
  for (const auto& own : column_keys) {
    header->moveSection(header->visualIndex(own.column), own.column);
    header->setSectionHidden(own.column, own.column > RunModel::Progress);
    header->resizeSection(own.column, own.width);
  }
  header->setSectionResizeMode(RunModel::Star, QHeaderView::Fixed);
  state_width_ = column_keys[RunModel::Progress].width;
  setNameWidth(std::nullopt);
  view_->sortByColumn(RunModel::Name, Qt::AscendingOrder);
}

bool RunColumns::shown(int column) const { return !view_->header()->isSectionHidden(column); }

void RunColumns::setShown(int column, bool shown) {
  if (column == RunModel::Name || shown == this->shown(column)) return;
  auto* header = view_->header();
  if (shown) header->moveSection(header->visualIndex(column), header->count() - 1);
  header->setSectionHidden(column, !shown);
  fit();
}

int RunColumns::neighbour(int column, int by) const {
  const auto* header = view_->header();
  for (int at = header->visualIndex(column) + by; at > 0 && at < header->count(); at += by) {
    const int other = header->logicalIndex(at);
    if (!header->isSectionHidden(other)) return at;
  }
  return -1;
}

void RunColumns::move(int column, int by) {
  const int to = column == RunModel::Name ? -1 : neighbour(column, by);
  if (to >= 0) view_->header()->moveSection(view_->header()->visualIndex(column), to);
}

void RunColumns::fill(QMenu& menu, int column) {
  const auto title = [this](int of) {
    return view_->model()->headerData(of, Qt::Horizontal, Qt::ToolTipRole).toString();
  };
  if (column > RunModel::Name) {
    auto* left = menu.addAction(tr("Move %1 left").arg(title(column)), this, [this, column] { move(column, -1); });
    left->setEnabled(neighbour(column, -1) >= 0);
    auto* right = menu.addAction(tr("Move %1 right").arg(title(column)), this, [this, column] { move(column, 1); });
    right->setEnabled(neighbour(column, 1) >= 0);
    menu.addAction(tr("Hide %1").arg(title(column)), this, [this, column] { setShown(column, false); });
    menu.addSeparator();
  }
  for (const auto& own : column_keys) {
    if (own.column == RunModel::Name) continue;
    auto* action = menu.addAction(title(own.column));
    action->setCheckable(true);
    action->setChecked(shown(own.column));
    connect(action, &QAction::toggled, this, [this, column = own.column](bool on) { setShown(column, on); });
  }
  menu.addSeparator();
  menu.addAction(tr("Usual columns"), this, &RunColumns::reset);
}

QByteArray RunColumns::save() const {
  const auto* header = view_->header();
  QJsonArray columns;
  for (int at = 0; at < header->count(); ++at) {
    const int column = header->logicalIndex(at);
    if (header->isSectionHidden(column)) continue;
    QJsonObject one{{QStringLiteral("column"), QString::fromLatin1(column_keys[std::size_t(column)].key)},
                    {QStringLiteral("width"), header->sectionSize(column)}};
    if (column == RunModel::Name) {
      one.remove(QStringLiteral("width"));
      if (name_width_) one.insert(QStringLiteral("own_width"), *name_width_);
    }
    // While it follows the room there is, its width is not the user's.
    if (column == RunModel::Progress && header->sectionSize(column) == state_width_)
      one.remove(QStringLiteral("width"));
    columns.append(one);
  }
  const QJsonObject all{
      {QStringLiteral("columns"), columns},
      {QStringLiteral("sorted"), QString::fromLatin1(column_keys[std::size_t(header->sortIndicatorSection())].key)},
      {QStringLiteral("descending"), header->sortIndicatorOrder() == Qt::DescendingOrder}};
  return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

void RunColumns::restore(const QByteArray& state) {
  const auto all = QJsonDocument::fromJson(state).object();
  const auto columns = all.value(QStringLiteral("columns")).toArray();
  if (columns.isEmpty()) return;
  const QScopedValueRollback ours(fitting_, true);
  auto* header = view_->header();
  for (const auto& own : column_keys) header->setSectionHidden(own.column, own.column != RunModel::Name);
  int place = 1;
  std::optional<int> name_width;
  for (const auto& value : columns) {
    const auto object = value.toObject();
    const auto* own = find_key(object.value(QStringLiteral("column")).toString());
    if (!own) continue;
    if (own->column == RunModel::Name) {
      if (const auto width = object.value(QStringLiteral("own_width")); width.isDouble()) {
        name_width = std::clamp(width.toInt(own->width), narrowest, widest);
      }
      continue;
    }
    const int width = object.value(QStringLiteral("width")).toInt(own->width);
    if (own->column == RunModel::Progress) state_width_ = own->width;
    header->setSectionHidden(own->column, false);
    header->resizeSection(own->column, std::clamp(width, narrowest, widest));
    header->moveSection(header->visualIndex(own->column), place++);
  }
  setNameWidth(name_width);
  const auto* sorted = find_key(all.value(QStringLiteral("sorted")).toString());
  const bool descending = all.value(QStringLiteral("descending")).toBool();
  if (sorted) view_->sortByColumn(sorted->column, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

}  // namespace bandscope::app
