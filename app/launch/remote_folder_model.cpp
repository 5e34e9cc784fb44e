// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/remote_folder_model.h"

#include <QApplication>
#include <QLocale>
#include <QStyle>

#include "app/base/amounts.h"
#include "app/base/plain_text.h"
#include "app/server/ask_server.h"

namespace bandscope::app {
namespace {

/// More than anybody looks through.
constexpr std::size_t most_items = 50'000;
/// Of items that are all hidden, one after the other.
constexpr int most_empty_pages = 20;
constexpr std::int64_t last_moment = 253'402'300'799'000;  // the year 9999, in ms

/// One item of an answer that anybody may have sent; nothing where it is none.
std::optional<RemoteFolderModel::Item> item_of(const wire::Json& json) {
  const auto name = text_of(json, "name");
  if (!name || name->isEmpty() || name->contains(u'/') || *name == QLatin1String("..")) return std::nullopt;
  const auto flag = [&](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_boolean() && at->get<bool>();
  };
  const auto number = [&](const char* key, std::int64_t most) -> std::int64_t {
    const auto at = json.find(key);
    if (at == json.end() || !at->is_number_integer()) return 0;
    const auto value =
        at->is_number_unsigned() && at->get<std::uint64_t>() > std::uint64_t(most) ? most : at->get<std::int64_t>();
    return std::clamp<std::int64_t>(value, 0, most);
  };
  RemoteFolderModel::Item item;
  item.name = *name;
  item.folder = flag("folder");
  item.model = item.folder && flag("model");
  item.bytes = number("bytes", std::int64_t(1) << 60);
  if (const auto at = number("changed", last_moment); at > 0) item.changed = QDateTime::fromMSecsSinceEpoch(at);
  return item;
}

}  // namespace

RemoteFolderModel::RemoteFolderModel(ServerLink* server, QObject* parent)
    : QAbstractTableModel(parent), server_(server) {}

void RemoteFolderModel::list(const RootedPath& folder) {
  beginResetModel();
  folder_ = folder;
  items_.clear();
  next_ = 0;
  more_ = false;
  empty_pages_ = 0;
  endResetModel();
  askPage();
}

void RemoteFolderModel::askPage() {
  ++wanted_;
  more_ = false;
  if (!server_) return setPhase(Phase::failed, Message::tr("there is no connection to the server"));
  setPhase(Phase::asking);
  wire::Json fields = {{"root", folder_.root.toStdString()}, {"path", folder_.path.toStdString()}};
  if (next_ > 0) fields["first"] = next_;
  server_->ask(wire::Ask::folder, std::move(fields), this, [this, mine = wanted_](const wire::Outcome& outcome) {
    if (mine == wanted_) take(outcome);
  });
}

void RemoteFolderModel::take(const wire::Outcome& outcome) {
  if (!outcome.answered()) return setPhase(Phase::failed, outcome.words);
  const auto list = outcome.fields.find("items");
  if (list == outcome.fields.end() || !list->is_array())
    return setPhase(Phase::failed, Message::tr("the engine there gave an answer that is not understood"));
  std::vector<Item> fresh;
  for (const auto& json : *list) {
    if (items_.size() + fresh.size() == most_items) break;
    if (auto item = item_of(json)) fresh.push_back(std::move(*item));
  }
  const std::uint64_t seen = count_of(outcome.fields, "next").value_or(next_ + list->size());
  empty_pages_ = fresh.empty() ? empty_pages_ + 1 : 0;
  more_ = seen > next_ && seen < count_of(outcome.fields, "all").value_or(0) &&
          items_.size() + fresh.size() < most_items && empty_pages_ < most_empty_pages;
  next_ = seen;
  if (!fresh.empty()) {
    const int first = int(items_.size());
    beginInsertRows({}, first, first + int(fresh.size()) - 1);
    items_.insert(items_.end(), fresh.begin(), fresh.end());
    endInsertRows();
  }
  // A page without anything to show gives the view no reason to ask for the next one.
  if (fresh.empty() && more_) return askPage();
  setPhase(Phase::there);
}

void RemoteFolderModel::setPhase(Phase phase, const Message& problem) {
  phase_ = phase;
  problem_ = problem;
  Q_EMIT phaseChanged();
}

bool RemoteFolderModel::canFetchMore(const QModelIndex& parent) const { return !parent.isValid() && more_; }

void RemoteFolderModel::fetchMore(const QModelIndex& parent) {
  if (canFetchMore(parent)) askPage();
}

int RemoteFolderModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(items_.size()); }
int RemoteFolderModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : column_count; }

QVariant RemoteFolderModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Item& one = item(index.row());
  if (role == Qt::DecorationRole && index.column() == name_column)
    return QApplication::style()->standardIcon(one.folder ? QStyle::SP_DirIcon : QStyle::SP_FileIcon);
  if (role == Qt::TextAlignmentRole && index.column() == size_column)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) return plain_text(one.name);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case name_column:
      return one.name;
    case kind_column:
      return one.model ? tr("model") : one.folder ? tr("folder") : QString();
    case size_column:
      return one.folder ? QString() : bytes_text(double(one.bytes));
    case changed_column:
      return one.changed.isValid() ? QLocale().toString(one.changed, QLocale::ShortFormat) : QString();
    default:
      return {};
  }
}

QVariant RemoteFolderModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case name_column:
      return tr("Name");
    case kind_column:
      return tr("Kind");
    case size_column:
      return tr("Size");
    case changed_column:
      return tr("Changed");
    default:
      return {};
  }
}

}  // namespace bandscope::app
