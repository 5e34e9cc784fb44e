// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/places.h"

#include <QDataStream>
#include <QHeaderView>
#include <QIODevice>
#include <QJsonArray>
#include <QSplitter>
#include <algorithm>
#include <optional>

namespace bandscope::app {
namespace {

constexpr int share = 1000;   ///< pixels of a share: more than any part's smallest size, so that none is widened
constexpr int most = 100000;  ///< pixels that a kept size can have

QJsonArray to_json(const QList<int>& sizes) {
  QJsonArray json;
  for (const int size : sizes) json.append(size);
  return json;
}

/// Nothing unless there are `count` of them and each is a size.
std::optional<QList<int>> sizes_from(const QJsonValue& json, qsizetype count) {
  const QJsonArray array = json.toArray();
  if (array.size() != count) return std::nullopt;
  QList<int> sizes;
  for (const auto& value : array) {
    const int size = value.toInt(-1);
    if (size < 0 || size > most) return std::nullopt;
    sizes << size;
  }
  return sizes;
}

/// The sizes that the splitter divides its room by. sizes() gives what the last division made of them, which for a tab
/// that was not opened since is of another room; only the state holds them.
QList<int> sizes_of(const QSplitter* splitter) {
  const QByteArray state = splitter->saveState();
  QDataStream stream(state);
  stream.setVersion(QDataStream::Qt_5_0);
  qint32 mark = 0, version = 0;
  QList<int> sizes;
  stream >> mark >> version >> sizes;
  return stream.status() == QDataStream::Ok && sizes.size() == splitter->count() ? sizes : splitter->sizes();
}

QJsonObject to_json(const QHeaderView* header) {
  QList<int> widths;
  for (int column = 0; column < header->count(); ++column) widths << header->sectionSize(column);
  QJsonObject json{{"widths", to_json(widths)}};
  if (header->isSortIndicatorShown()) {
    json.insert("sorted", header->sortIndicatorSection());
    json.insert("descending", header->sortIndicatorOrder() == Qt::DescendingOrder);
  }
  return json;
}

void restore(QHeaderView* header, const QJsonObject& json) {
  const auto widths = sizes_from(json.value("widths"), header->count());
  if (!widths) return;
  const int stretched = header->stretchLastSection() ? header->logicalIndex(header->count() - 1) : -1;
  for (int column = 0; column < header->count(); ++column) {
    const int width = std::max(widths->at(column), header->minimumSectionSize());
    if (column != stretched && !header->isSectionHidden(column)) header->resizeSection(column, width);
  }
  const int sorted = json.value("sorted").toInt(-1);
  if (!header->isSortIndicatorShown() || sorted < 0 || sorted >= header->count()) return;
  header->setSortIndicator(sorted, json.value("descending").toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
}

/// Qt names parts of its own widgets, too, after itself.
bool is_named(const QObject* object) {
  return !object->objectName().isEmpty() && !object->objectName().startsWith(QLatin1String("qt_"));
}

}  // namespace

void name_splitter(QSplitter* splitter, const QString& name, const QList<int>& shares) {
  splitter->setObjectName(name);
  QList<int> sizes;
  for (int part = 0; part < int(shares.size()); ++part) {
    splitter->setStretchFactor(part, shares[part]);
    sizes << shares[part] * share;
  }
  // Without sizes of its own a splitter that was never seen has none to keep.
  splitter->setSizes(sizes);
}

QJsonObject save_places(const QWidget* root) {
  QJsonObject places;
  for (const auto* splitter : root->findChildren<QSplitter*>()) {
    if (!is_named(splitter)) continue;
    const QList<int> sizes = sizes_of(splitter);
    const bool known = std::all_of(sizes.begin(), sizes.end(), [](int size) { return size >= 0; });
    if (known) places.insert(splitter->objectName(), to_json(sizes));
  }
  for (const auto* header : root->findChildren<QHeaderView*>()) {
    if (is_named(header)) places.insert(header->objectName(), to_json(header));
  }
  return places;
}

void restore_places(QWidget* root, const QJsonObject& places) {
  for (auto* splitter : root->findChildren<QSplitter*>()) {
    if (!is_named(splitter)) continue;
    const auto sizes = sizes_from(places.value(splitter->objectName()), splitter->count());
    const bool seen = sizes && std::any_of(sizes->begin(), sizes->end(), [](int size) { return size > 0; });
    if (seen) splitter->setSizes(*sizes);
  }
  for (auto* header : root->findChildren<QHeaderView*>()) {
    if (is_named(header)) restore(header, places.value(header->objectName()).toObject());
  }
}

}  // namespace bandscope::app
