// SPDX-License-Identifier: GPL-3.0-or-later
// The Pairs tab: the pairs that the step at the cursor trained on, read off the window's thread.
#pragma once

#include <QThreadPool>
#include <QWidget>
#include <memory>
#include <optional>

#include "core/record/columns.h"

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTableView;
class QToolButton;

namespace bandscope::app {

class PairModel;
class PairScatter;
class PairTextView;
class RunChoice;

class PairsTab : public QWidget {
  Q_OBJECT

 public:
  explicit PairsTab(QWidget* parent = nullptr);
  ~PairsTab() override;

  void setRecords(const QStringList& records, const QStringList& names);
  /// Shows the pairs of this step; nullopt: of the last one.
  void setStep(std::optional<std::int64_t> step);
  PairModel* model() const { return model_; }
  PairScatter* scatter() const { return scatter_; }
  PairTextView* pairText() const { return pair_text_; }
  /// Whether the chosen pair is read token by token, which takes the engine and the model.
  void setTokensShown(bool shown);
  bool tokensShown() const;
  RunChoice* choice() const { return choice_; }
  /// Steps whose pairs are shown: the one at the cursor and those before it.
  qint64 span() const;
  void setSpan(qint64 steps);

 Q_SIGNALS:
  /// Another run or span was chosen, or tokens are shown or not.
  void viewChanged();

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Source;  ///< an open record, used by the worker only
  void translate();
  void read();

  void link();
  void showPair();

  RunChoice* choice_;
  QComboBox* span_;
  QLabel* text_;
  QTableView* view_;
  PairScatter* scatter_;
  PairTextView* pair_text_;
  QToolButton* tokens_;
  PairModel* model_;
  QSortFilterProxyModel* sorted_;
  QThreadPool pool_;
  std::shared_ptr<Source> source_;
  std::optional<std::int64_t> step_;
  bool busy_ = false, again_ = false;
};

}  // namespace bandscope::app
