// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/changed_items.h"

#include <map>
#include <tuple>

#include "app/base/plain_text.h"
#include "app/page/words.h"

namespace bandscope::app {
namespace {

/// One line for a cell: breaks are blanks, and no more than a wide screen shows.
QString one_line(const QString& text) {
  constexpr qsizetype most = 300;
  return text.left(most).simplified();
}

ChangedItem changed_item(const std::string& task, const std::string& metric, const AnsweredItem& first,
                         const AnsweredItem& second) {
  ChangedItem item;
  item.task = words(task);
  item.question = words(first.question);
  for (const std::string& choice : first.choices) item.choices << words(choice);
  item.target = words(first.target);
  item.first = words(first.answer(metric));
  item.second = words(second.answer(metric));
  item.doc = first.doc;
  item.first_score = first.scores.at(metric);
  item.second_score = second.scores.at(metric);
  return item;
}

}  // namespace

ChangedItems read_changed(const ChangedQuery& query) {
  ChangedItems found;
  for (const std::string& task : query.tasks) {
    std::map<std::pair<std::int64_t, std::string>, AnsweredItem> before;
    for (AnsweredItem& item : read_task_answers(query.first, task)) {
      if (item.filter != query.filter || !item.scores.contains(query.metric)) continue;
      const auto key = std::pair(item.doc, item.hash);
      before.insert_or_assign(key, std::move(item));
    }
    for (const AnsweredItem& item : read_task_answers(query.second, task)) {
      const auto same = before.find({item.doc, item.hash});
      if (item.filter != query.filter || same == before.end() || !item.scores.contains(query.metric)) continue;
      ++found.compared;
      if (same->second.scores.at(query.metric) == item.scores.at(query.metric)) continue;
      ++found.changed;
      if (found.items.size() < ChangedItems::most)
        found.items.push_back(changed_item(task, query.metric, same->second, item));
    }
  }
  return found;
}

ChangedModel::ChangedModel(QObject* parent) : QAbstractTableModel(parent) {}

void ChangedModel::setItems(std::vector<ChangedItem> items) {
  beginResetModel();
  items_ = std::move(items);
  choose();
  endResetModel();
}

void ChangedModel::setShow(Show show) {
  if (show == show_) return;
  beginResetModel();
  show_ = show;
  choose();
  endResetModel();
}

void ChangedModel::choose() {
  rows_.clear();
  for (std::size_t i = 0; i < items_.size(); ++i)
    if (show_ == Show::all || items_[i].gained() == (show_ == Show::gained)) rows_.push_back(i);
}

void ChangedModel::setNames(const QString& first, const QString& second) {
  first_ = first;
  second_ = second;
  Q_EMIT headerDataChanged(Qt::Horizontal, First, Second);
}

void ChangedModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int ChangedModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(rows_.size()); }
int ChangedModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : Right + 1; }

QVariant ChangedModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const ChangedItem& shown = item(index.row());
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  const bool whole = role == Qt::ToolTipRole;
  const auto text = [&](const QString& of) { return whole ? plain_text(of.left(2000)) : one_line(of); };
  switch (index.column()) {
    case Change:
      return shown.gained() ? tr("gained") : tr("lost");
    case Question:
      return text(shown.question);
    case First:
      return text(shown.first);
    case Second:
      return text(shown.second);
    case Right:
      return text(shown.target);
    default:
      return {};
  }
}

QVariant ChangedModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Change:
      return tr("Change");
    case Question:
      return tr("Question");
    case First:
      return first_;
    case Second:
      return second_;
    default:
      return tr("Right answer");
  }
}

QString item_html(const ChangedItem& item, const QString& first, const QString& second) {
  const auto shown = [](const QString& text) {
    return text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
  };
  QString html = QStringLiteral("<p>%1</p>").arg(shown(item.question));
  if (!item.choices.isEmpty()) {
    html += QStringLiteral("<table cellspacing=\"0\" cellpadding=\"2\">");
    for (const QString& choice : item.choices) {
      QStringList marks;
      if (choice == item.target) marks << ChangedModel::tr("right");
      if (choice == item.first) marks << first;
      if (choice == item.second) marks << second;
      html +=
          QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>")
              .arg(marks.isEmpty() ? QString()
                                   : QStringLiteral("<b>%1</b>").arg(marks.join(QStringLiteral(", ")).toHtmlEscaped()),
                   choice == item.target ? QStringLiteral("<b>%1</b>").arg(shown(choice)) : shown(choice));
    }
    return html + QStringLiteral("</table>");
  }
  const auto line = [&](const QString& name, const QString& text) {
    html += QStringLiteral("<p><b>%1</b>: %2</p>").arg(name.toHtmlEscaped(), shown(text));
  };
  line(ChangedModel::tr("Right answer"), item.target);
  line(first, item.first);
  line(second, item.second);
  return html;
}

}  // namespace bandscope::app
