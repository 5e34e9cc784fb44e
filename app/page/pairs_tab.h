// SPDX-License-Identifier: GPL-3.0-or-later
// The Pairs tab: the pairs that the step at the cursor trained on, of one run or of two beside each other. They are
// read, filtered and sorted off the window's thread.
#pragma once

#include <QHash>
#include <QThreadPool>
#include <QWidget>
#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "app/library/run_entry.h"
#include "app/page/pair_order.h"
#include "app/page/pair_source.h"
#include "core/record/columns.h"

class QComboBox;
class QTableView;
class QToolButton;

namespace bandscope::app {

class ElidedLine;
class PairFilterBar;
class PairModel;
class PairScatter;
class PairTextView;
class RunChoice;

class PairsTab : public QWidget {
  Q_OBJECT

 public:
  /// Points that the scatter draws; of more pairs it shows every second, third, … one.
  static constexpr std::size_t most_points = 20'000;

  explicit PairsTab(QWidget* parent = nullptr);
  ~PairsTab() override;

  /// Who fetches the texts of pairs of runs on servers.
  void setElsewhere(ElsewhereFiles* files);
  void setRuns(const std::vector<RunEntryPtr>& runs, const QStringList& names);
  void setRecords(const QStringList& records, const QStringList& names);
  /// Shows the pairs of this step; nullopt: of the last one.
  void setStep(std::optional<std::int64_t> step);
  PairModel* model() const { return model_; }
  QTableView* table() const { return view_; }
  PairFilterBar* filter() const { return filter_; }
  PairScatter* scatter() const { return scatter_; }
  PairTextView* pairText() const { return pair_text_; }
  PairTexts* texts() const { return texts_; }
  /// What is said over the table.
  QString status() const;
  /// Whether the chosen pair is read token by token, which takes the engine and the model.
  void setTokensShown(bool shown);
  bool tokensShown() const;
  /// Whether the page's two runs stand beside each other; a wish that is kept while there are not two.
  void setSideBySide(bool on);
  bool sideBySide() const;
  RunChoice* choice() const { return choice_; }
  /// Steps whose pairs are shown: the one at the cursor and those before it.
  qint64 span() const;
  void setSpan(qint64 steps);
  /// True while rows are read, sorted or saved.
  bool busy() const { return busy_ || saving_; }
  /// Writes the shown rows to the file, in the background; said() tells how it went.
  void save(const QString& file, bool with_texts);
  /// Puts the selected rows, or all that are shown where fewer than two are selected, on the clipboard.
  void copy();

 Q_SIGNALS:
  /// Another run or span was chosen, or tokens or runs beside each other are shown or not.
  void viewChanged();
  /// A pair was chosen in the table or the scatter: the line (from 0) that it is of the data of this record's run.
  void pairChosen(const QString& record, qint64 line);
  /// Something for the status bar.
  void said(const QString& text);

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Done;
  void build();
  void link();
  void translate();
  /// Reads the records anew; arrange() only filters and sorts what was read.
  void read();
  void arrange();
  void work();
  void took(const Done& done);
  void filterChanged();
  void showRows(const Done& done);
  void choosePair(std::pair<std::int64_t, std::int64_t> pair);
  void markCurrent();
  void tellPair();
  void showPair();
  /// Gives the columns the widths that they had, or that suit what they hold.
  void fitColumns();
  void writeStatus();
  void chooseFile(bool with_texts);
  QStringList wantedRecords() const;
  QStringList runNames() const;

  RunChoice* choice_;
  QComboBox* span_;
  ElidedLine* text_;
  QToolButton* beside_;
  QToolButton* tokens_;
  PairFilterBar* filter_;
  QTableView* view_;
  PairScatter* scatter_;
  PairTextView* pair_text_;
  PairModel* model_;
  PairTexts* texts_;
  QThreadPool pool_, save_pool_;
  std::shared_ptr<PairSource> source_;
  std::stop_source stop_, save_stop_;
  PairSource::Answer answer_;
  QString problem_;  ///< why there are no rows
  std::optional<std::int64_t> step_;
  QStringList names_;
  QHash<QString, RunElsewhere> there_;  ///< by record: those of runs on servers
  QString rows_record_;                 ///< of the rows in the table; of two the first
  std::pair<QString, qint64> told_{};   ///< the pair that was said to be chosen
  PairFilter shown_filter_;
  std::shared_ptr<const std::vector<std::int64_t>> found_;  ///< lines that hold the text that is looked for
  QString looked_for_, search_problem_;
  PairColumn sorted_by_{PairValue::change_w, PairSide::first};  // the most displaced first
  Qt::SortOrder sorted_ = Qt::AscendingOrder;
  std::array<std::vector<int>, 2> widths_;  ///< of the columns of one run and of two, once they were left
  std::vector<int> points_;                 ///< rows of the table that the scatter's points stand for
  bool reached_ = true;                     ///< the servers of the runs
  bool busy_ = false, again_ = false, reread_ = false, saving_ = false;
};

}  // namespace bandscope::app
