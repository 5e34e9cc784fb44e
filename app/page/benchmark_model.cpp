// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/benchmark_model.h"

#include <QFont>
#include <algorithm>
#include <cmath>

#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/page/words.h"
#include "viz/figure/evaluation_words.h"
#include "viz/figure/translation.h"

namespace bandscope::app {
namespace {

/// In three places, as papers give it; smaller ones by their bound.
QString p_text(double p) { return p < 0.001 ? QStringLiteral("< 0.001") : QString::number(p, 'f', 3); }

}  // namespace

QString benchmark_text(const std::optional<viz::BenchmarkNumber>& number) {
  if (!number) return QStringLiteral("–");
  const QString value = words(viz::percent_text(number->value));
  return std::isnan(number->error) ? value : QStringLiteral("%1 ± %2").arg(value).arg(100 * number->error, 0, 'f', 2);
}

QString test_text(const PairedResult& test) {
  if (test.test == PairedTest::none) return {};
  return BenchmarkModel::tr("%1 over the %2 items that both answered: %3 gained, %4 lost, p %5")
      .arg(translated(in_words(test.test)), count_text(qint64(test.items)), count_text(qint64(test.gained)),
           count_text(qint64(test.lost)), test.p < 0.001 ? p_text(test.p) : QStringLiteral("= ") + p_text(test.p));
}

BenchmarkModel::BenchmarkModel(QObject* parent) : QAbstractTableModel(parent) {}

std::vector<BenchmarkModel::Column> BenchmarkModel::columnsOf(const viz::BenchmarkTable& table) const {
  std::vector<Column> columns{{Kind::title, 0}, {Kind::metric, 0}};
  for (std::size_t i = 0; i < table.methods.size(); ++i) {
    const auto& method = table.methods[i];
    if (method.first) columns.push_back({Kind::first, i});
    if (method.second) columns.push_back({Kind::second, i});
    if (method.first && method.second) {
      columns.push_back({Kind::difference, i});
      columns.push_back({Kind::p, i});
    }
  }
  columns.push_back({Kind::samples, 0});
  return columns;
}

void BenchmarkModel::setTable(viz::BenchmarkTable table, const QString& filter) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.entries.size(); ++i) {
    const auto& entry = table.entries[i];
    const QString all = words(entry.title + " " + entry.key.task + " " + entry.metric());
    if (filter.isEmpty() || all.contains(filter, Qt::CaseInsensitive)) rows.push_back(i);
  }
  const bool average = filter.isEmpty() && table.columns().size() > 1;
  auto columns = columnsOf(table);
  const auto keys = [](const viz::BenchmarkTable& of, const std::vector<std::size_t>& shown) {
    std::vector<BenchmarkKey> out;
    for (const std::size_t i : shown) out.push_back(of.entries[i].key);
    return out;
  };
  const auto same_runs = [&] {
    return std::ranges::equal(table.methods, table_.methods, [](const auto& a, const auto& b) {
      const auto path = [](const viz::RunDataPtr& run) { return run ? run->path : std::filesystem::path(); };
      return path(a.first) == path(b.first) && path(a.second) == path(b.second);
    });
  };
  const bool same = average == average_ && columns.size() == columns_.size() &&
                    keys(table, rows) == keys(table_, rows_) && same_runs();
  if (!same) beginResetModel();
  table_ = std::move(table);
  rows_ = std::move(rows);
  columns_ = std::move(columns);
  average_ = average;
  filtered_ = !filter.isEmpty();
  if (!same) {
    endResetModel();
  } else {
    retranslate();  // the heads name steps
  }
}

void BenchmarkModel::retranslate() {
  if (columnCount() > 0) Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

std::optional<std::size_t> BenchmarkModel::entry(int row) const {
  return row >= 0 && std::size_t(row) < rows_.size() ? std::optional(rows_[std::size_t(row)]) : std::nullopt;
}

std::optional<std::size_t> BenchmarkModel::method(int column) const {
  if (column < 0 || column >= columnCount()) return std::nullopt;
  const Column& of = columns_[std::size_t(column)];
  const bool names = of.kind == Kind::title || of.kind == Kind::metric || of.kind == Kind::samples;
  return names ? std::nullopt : std::optional(of.method);
}

int BenchmarkModel::usualRow() const {
  std::optional<std::size_t> first;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const std::size_t at = rows_[row];
    if (!table_.entries[at].primary) continue;
    if (!first) first = row;
    const auto pair = std::ranges::find_if(table_.methods, [](const auto& one) { return one.first && one.second; });
    if (pair != table_.methods.end() && pair->cells[at].test.gained + pair->cells[at].test.lost > 0) return int(row);
  }
  return int(first.value_or(0));
}

std::optional<std::vector<std::string>> BenchmarkModel::tasks() const {
  if (!filtered_) return std::nullopt;
  std::vector<std::string> tasks;
  for (const std::size_t i : rows_) {
    const std::string& task = table_.entries[i].key.task;
    if (std::ranges::find(tasks, task) == tasks.end()) tasks.push_back(task);
  }
  return tasks;
}

bool BenchmarkModel::waits() const { return std::ranges::any_of(table_.methods, &viz::BenchmarkMethod::waits); }

int BenchmarkModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(rows_.size()) + (average_ ? 1 : 0);
}

int BenchmarkModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : int(columns_.size()); }

QString BenchmarkModel::text(int row, const Column& column) const {
  const auto at = entry(row);
  if (column.kind == Kind::title) {
    if (!at) return tr("Average");
    return QString(2 * table_.entries[*at].depth, QChar(0x2003)) + words(table_.entries[*at].title);
  }
  if (column.kind == Kind::metric) return at ? words(table_.entries[*at].metric()) : QString();
  if (column.kind == Kind::samples) {
    for (const auto& method : table_.methods) {
      const auto& cell = at ? method.cells[*at] : method.average;
      const auto& number = cell.first ? cell.first : cell.second;
      if (at && number) return count_text(number->samples);
    }
    return {};
  }
  const auto& method = table_.methods[column.method];
  const auto& cell = at ? method.cells[*at] : method.average;
  switch (column.kind) {
    case Kind::first:
      return benchmark_text(cell.first);
    case Kind::second:
      return benchmark_text(cell.second);
    case Kind::difference: {
      const auto difference = cell.difference();
      if (!difference) return QStringLiteral("–");
      return words(viz::percent_difference(*difference)) + (cell.test.significant() ? QStringLiteral(" *") : QString());
    }
    case Kind::p:
      if (at && method.waits && cell.difference()) return QStringLiteral("…");
      return !at ? QString() : cell.test.test == PairedTest::none ? QStringLiteral("–") : p_text(cell.test.p);
    default:
      return {};
  }
}

QString BenchmarkModel::tip(int row, const Column& column) const {
  const auto at = entry(row);
  if (column.kind == Kind::title && at) return words(table_.entries[*at].key.task);
  if (column.kind == Kind::title) return tr("Mean of the benchmarks that are in no group, one number of each");
  if (column.kind == Kind::metric || column.kind == Kind::samples) return text(row, column);
  const auto& method = table_.methods[column.method];
  const auto& cell = at ? method.cells[*at] : method.average;
  if (column.kind == Kind::first || column.kind == Kind::second) {
    const auto& number = column.kind == Kind::first ? cell.first : cell.second;
    if (!number) return tr("not evaluated");
    const auto& run = column.kind == Kind::first ? method.first : method.second;
    return tr("%1, step %2, in per cent").arg(words(run->name), count_text(number->step));
  }
  const QString test = test_text(cell.test);
  if (!test.isEmpty()) return test;
  if (at && method.waits && cell.difference()) return tr("the paired test is being computed");
  return at && cell.difference() ? tr("not tested: the answers to the items are not kept with both runs") : QString();
}

QVariant BenchmarkModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) return {};
  const Column& column = columns_[std::size_t(index.column())];
  const auto at = entry(index.row());
  if (role == Qt::DisplayRole) return text(index.row(), column);
  if (role == Qt::ToolTipRole) return plain_text(tip(index.row(), column));
  if (role == Qt::TextAlignmentRole) {
    const bool words = column.kind == Kind::title || column.kind == Kind::metric;
    return int((words ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  }
  if (role == Qt::FontRole) {
    const bool significant =
        column.kind == Kind::difference && at && table_.methods[column.method].cells[*at].test.significant();
    QFont font;
    font.setBold(!at || significant);
    return font.bold() ? QVariant(font) : QVariant();
  }
  if (role == Qt::AccessibleTextRole)
    return QStringLiteral("%1: %2").arg(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
                                        text(index.row(), column));
  return {};
}

QVariant BenchmarkModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& column = columns_[std::size_t(section)];
  const bool left = column.kind == Kind::title || column.kind == Kind::metric;
  if (role == Qt::TextAlignmentRole) return int((left ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  if (column.kind == Kind::title) return tr("Benchmark");
  if (column.kind == Kind::metric) return tr("Metric");
  if (column.kind == Kind::samples) return role == Qt::ToolTipRole ? tr("Items of the benchmark") : tr("Items");
  const auto& method = table_.methods[column.method];
  QString title;
  if (column.kind == Kind::first || column.kind == Kind::second)
    title = words(viz::run_head(table_, method, column.kind == Kind::second, viz::window_words));
  if (column.kind == Kind::difference) title = QStringLiteral("Δ");
  if (column.kind == Kind::p) title = QStringLiteral("p");
  if (role == Qt::ToolTipRole && column.kind == Kind::p)
    return tr("Two-sided p of the paired test over the items that both runs answered; * marks p < 0.05");
  if (role == Qt::ToolTipRole && column.kind == Kind::difference) return tr("Second run minus first, in points");
  const bool several = table_.methods.size() > 1 && !method.label.empty();
  if (several) title = QStringLiteral("%1 · %2").arg(words(method.label), title);
  return role == Qt::ToolTipRole ? plain_text(title) : title;
}

}  // namespace bandscope::app
