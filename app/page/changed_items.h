// SPDX-License-Identifier: GPL-3.0-or-later
// Items of a benchmark that one run gets right and the other does not, from what the runs keep of their evaluations,
// and a table of them.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <filesystem>
#include <string>
#include <vector>

#include "core/benchmark/kept_answers.h"

namespace bandscope::app {

struct ChangedItem {
  QString task, question, target, first, second;
  QStringList choices;
  qint64 doc = 0;
  double first_score = 0, second_score = 0;
  bool gained() const { return second_score > first_score; }
};

/// Two evaluations, and of which number the items are compared.
struct ChangedQuery {
  std::filesystem::path first, second;  ///< folders of the evaluations
  std::vector<std::string> tasks;       ///< of a group all of them
  std::string metric, filter;
  bool operator==(const ChangedQuery&) const = default;
};

struct ChangedItems {
  std::vector<ChangedItem> items;
  qint64 compared = 0;  ///< items that both have
  qint64 changed = 0;   ///< of these, those whose score differs; may be more than `items`
  static constexpr std::size_t most = 5000;
};

/// Reads both. Throws DataError where a file cannot be read.
ChangedItems read_changed(const ChangedQuery& query);

class ChangedModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Change, Question, First, Second, Right };
  enum class Show { all, gained, lost };

  explicit ChangedModel(QObject* parent = nullptr);
  void setItems(std::vector<ChangedItem> items);
  void setShow(Show show);
  /// Names of the two runs, in the head.
  void setNames(const QString& first, const QString& second);
  void retranslate();
  const ChangedItem& item(int row) const { return items_[rows_[std::size_t(row)]]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void choose();

  std::vector<ChangedItem> items_;
  std::vector<std::size_t> rows_;
  Show show_ = Show::all;
  QString first_, second_;
};

/// The item in full, as a page of text: question, choices with marks, both answers.
QString item_html(const ChangedItem& item, const QString& first, const QString& second);

}  // namespace bandscope::app
