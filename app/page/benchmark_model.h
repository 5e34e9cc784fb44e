// SPDX-License-Identifier: GPL-3.0-or-later
// The final numbers of benchmarks as a table: a row per number, per method its runs, their difference and p; the mean
// last.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <optional>
#include <vector>

#include "viz/figure/benchmark_table.h"

namespace bandscope::app {

class BenchmarkModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit BenchmarkModel(QObject* parent = nullptr);

  /// Shows the numbers whose task, title or metric has `filter` in it. A table of the same rows and runs changes the
  /// cells alone.
  void setTable(viz::BenchmarkTable table, const QString& filter);
  const viz::BenchmarkTable& table() const { return table_; }
  /// The entry that a row shows; nullopt of the mean.
  std::optional<std::size_t> entry(int row) const;
  /// The method that a column is of; nullopt where it is of all.
  std::optional<std::size_t> method(int column) const;
  /// The row that is chosen first: of the numbers that stand for their tasks the first of which items changed.
  int usualRow() const;
  /// Tasks of the shown rows; nullopt where nothing is filtered.
  std::optional<std::vector<std::string>> tasks() const;
  /// Tests are being computed.
  bool waits() const;
  /// The words of another language.
  void retranslate();

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  enum class Kind { title, metric, samples, first, second, difference, p };
  struct Column {
    Kind kind = Kind::title;
    std::size_t method = 0;
  };
  std::vector<Column> columnsOf(const viz::BenchmarkTable& table) const;
  QString text(int row, const Column& column) const;
  QString tip(int row, const Column& column) const;

  viz::BenchmarkTable table_;
  std::vector<std::size_t> rows_;
  std::vector<Column> columns_;
  bool average_ = false, filtered_ = false;
};

/// "30.31 ± 0.42", in per cent.
QString benchmark_text(const std::optional<viz::BenchmarkNumber>& number);
/// "exact McNemar test over 100 items: 12 gained, 5 lost, p = 0.14"; empty where nothing was tested.
QString test_text(const PairedResult& test);

}  // namespace bandscope::app
