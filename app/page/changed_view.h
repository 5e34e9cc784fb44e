// SPDX-License-Identifier: GPL-3.0-or-later
// Which items of a benchmark changed between two runs: a list to filter, and the chosen one in full. Files are read off
// the window's thread.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <optional>

#include "app/page/changed_items.h"

class QComboBox;
class QTableView;
class QTextBrowser;

namespace bandscope::app {

class ElidedLine;

class ChangedView : public QWidget {
  Q_OBJECT

 public:
  explicit ChangedView(QWidget* parent = nullptr);
  ~ChangedView() override;

  /// Shows the items of this number; nullopt: none, and why in `why`. `title`, `first` and `second` are the benchmark's
  /// and the runs' names.
  void setQuery(const std::optional<ChangedQuery>& query, const QString& title, const QString& first,
                const QString& second, const QString& why);
  ChangedModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  QTextBrowser* detail() const { return detail_; }
  /// What is said over the list.
  QString status() const;
  QComboBox* kinds() const { return show_; }
  bool busy() const { return busy_; }

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void translate();
  void read();
  void writeStatus();
  void showItem();

  ChangedModel* model_;
  ElidedLine* status_;
  QComboBox* show_;
  QTableView* table_;
  QTextBrowser* detail_;
  QThreadPool pool_;
  std::optional<ChangedQuery> query_;
  QString title_, first_, second_, why_;
  qint64 compared_ = 0, changed_ = 0;
  Message error_;
  bool stale_ = false, busy_ = false;
};

}  // namespace bandscope::app
