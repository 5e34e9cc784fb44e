// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the Pairs tab, from the records to the table.
#include <QComboBox>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableView>
#include <QToolButton>
#include <algorithm>
#include <utility>

#include "app/language/translated.h"
#include "app/page/pair_filter_bar.h"
#include "app/page/pair_model.h"
#include "app/page/pair_text_view.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_choice.h"
#include "app/whatif/pair_scatter.h"

namespace bandscope::app {

/// What a worker has found.
struct PairsTab::Done {
  std::shared_ptr<PairSource> source;
  PairSource::Answer answer;
  std::vector<std::uint32_t> order;
  PairFilter filter;
  PairColumn sorted_by;
  QString problem;
};

void PairsTab::read() {
  reread_ = true;
  work();
}

void PairsTab::arrange() { work(); }

void PairsTab::work() {
  const QStringList records = wantedRecords();
  if (records.isEmpty()) {
    answer_ = {};
    problem_.clear();
    source_.reset();
    model_->setRows(answer_.rows, {});
    points_.clear();
    scatter_->setRows({});
    return;
  }
  if (!isVisible()) return;
  if (busy_) {
    again_ = true;  // only the latest wish matters
    stop_.request_stop();
    return;
  }
  if (!source_ || source_->records() != records) {
    source_ = std::make_shared<PairSource>(records);
    reread_ = true;
  }
  busy_ = true;
  stop_ = {};
  const bool both = records.size() == 2;
  // The other kind of table has other columns: where the one it is sorted by is not among them, the displacement is.
  const auto& columns = pair_columns(both);
  if (std::find(columns.begin(), columns.end(), sorted_by_) == columns.end()) {
    sorted_by_ = both ? PairColumn{PairValue::z_w, PairSide::difference} : PairColumn{PairValue::change_w};
    sorted_ = Qt::AscendingOrder;
  }
  filter_->setRuns(both ? names_ : QStringList());
  PairFilter filter = filter_->filter();
  // While a text is looked for, the rows of the last search stay.
  filter.text = looked_for_.isEmpty() ? nullptr : found_ ? found_ : shown_filter_.text;
  auto done = std::make_shared<Done>();
  done->source = source_;
  done->answer = answer_;
  done->filter = filter;
  done->sorted_by = sorted_by_;
  pool_.start([this, done, reread = std::exchange(reread_, false), step = step_, span = this->span(),
               descending = sorted_ == Qt::DescendingOrder, stop = stop_.get_token()] {
    try {
      if (reread) done->answer = done->source->read(step, span);
      done->order = arranged(*done->answer.rows, done->filter, done->sorted_by, descending, stop);
    } catch (const std::exception& error) {
      done->answer = {};
      done->problem = translated(error);
    }
    QMetaObject::invokeMethod(this, [this, done, reread] {
      busy_ = false;
      if (std::exchange(again_, false)) {
        // What was read is of use for the next turn, what was arranged for nothing.
        if (done->source->records() == wantedRecords()) {
          answer_ = done->answer;
          reread_ = reread_ || (reread && !done->problem.isEmpty());
        }
        return work();
      }
      if (done->source->records() == wantedRecords()) took(*done);
    });
  });
}

void PairsTab::took(const Done& done) {
  answer_ = done.answer;
  answer_.data.there = there_.value(done.source->records().front());
  problem_ = done.problem;
  shown_filter_ = done.filter;
  if (answer_.rows->size() > 0 && answer_.data != texts_->data()) {
    texts_->setData(answer_.data);
    found_.reset();
    search_problem_.clear();
  }
  if (answer_.rows->size() > 0 && !looked_for_.isEmpty() && !found_ && !texts_->searching())
    texts_->search(looked_for_);
  showRows(done);
  writeStatus();
}

void PairsTab::showRows(const Done& done) {
  const int before = view_->currentIndex().row();
  std::optional<std::pair<std::int64_t, std::int64_t>> current;
  if (before >= 0 && before < model_->rowCount()) {
    const PairRow& row = model_->cells(before).row;
    current.emplace(row.row, row.step);
  }
  const bool other_columns = model_->rows()->both != answer_.rows->both;
  if (other_columns) {
    auto& widths = widths_[model_->rows()->both ? 1 : 0];
    widths.clear();
    for (int column = 0; column < model_->columnCount(); ++column) widths.push_back(view_->columnWidth(column));
  }
  rows_record_ = done.source->records().front();
  model_->setRuns(names_);
  model_->setRows(answer_.rows, done.order);
  if (other_columns) fitColumns();
  {
    const QSignalBlocker quiet(view_->horizontalHeader());
    view_->horizontalHeader()->setSortIndicator(model_->columnOf(sorted_by_), sorted_);
  }
  view_->horizontalHeader()->viewport()->update();
  // Points of the run that is chosen above.
  const bool second = answer_.rows->both && choice_->currentIndex() == 1;
  const auto& cells = second ? answer_.rows->second : answer_.rows->first;
  const auto& order = model_->order();
  const std::size_t every = (order.size() + most_points - 1) / std::max<std::size_t>(1, most_points);
  std::vector<PairRow> points;
  points_.clear();
  for (std::size_t row = 0; row < order.size(); row += std::max<std::size_t>(1, every)) {
    points.push_back(cells[order[row]].row);
    points_.push_back(int(row));
  }
  scatter_->setRows(points, order.size() < answer_.rows->size());
  scatter_->setRun(answer_.rows->both ? names_.value(second ? 1 : 0) : QString());
  if (current) choosePair(*current);
  if (!view_->currentIndex().isValid()) {
    told_ = {};
  } else if (told_.first != rows_record_) {
    tellPair();
  }
  markCurrent();
  pair_text_->setSideBySide(answer_.rows->both ? source_->records() : QStringList(), names_);
  if (tokens_->isChecked()) showPair();
}

/// The same pair stays chosen wherever it is now: the same line at the same step, or else at another.
void PairsTab::choosePair(std::pair<std::int64_t, std::int64_t> pair) {
  int found = -1;
  for (int row = 0; row < model_->rowCount(); ++row) {
    const PairRow& there = model_->cells(row).row;
    if (there.row != pair.first) continue;
    if (found < 0) found = row;
    if (there.step == pair.second) {
      found = row;
      break;
    }
  }
  if (found == view_->currentIndex().row()) return;
  if (found >= 0) return view_->selectRow(found);
  // Where its row was there is another now, which nobody has chosen.
  view_->clearSelection();
  view_->setCurrentIndex({});
}

void PairsTab::markCurrent() {
  const auto at = std::lower_bound(points_.begin(), points_.end(), view_->currentIndex().row());
  const bool drawn = view_->currentIndex().isValid() && at != points_.end() && *at == view_->currentIndex().row();
  scatter_->setCurrent(drawn ? int(at - points_.begin()) : -1);
}

/// Once for each choice: what was chosen stays so where its row moves, whatever was made of it elsewhere.
void PairsTab::tellPair() {
  const int row = view_->currentIndex().row();
  if (row < 0 || row >= model_->rowCount()) return;
  const std::pair<QString, qint64> now(rows_record_, model_->cells(row).row.row);
  if (std::exchange(told_, now) != now) Q_EMIT pairChosen(now.first, now.second);
}

void PairsTab::showPair() {
  const int row = view_->currentIndex().row();
  const QString record = choice_->record();
  if (row < 0 || record.isEmpty() || row >= model_->rowCount()) return pair_text_->clear();
  const PairRow& pair = model_->cells(row).row;
  pair_text_->setPair(record, PairLines{pair.row, pair.rejected_row()}, choice_->records());
}

void PairsTab::fitColumns() {
  const bool both = model_->rows()->both;
  view_->horizontalHeader()->setObjectName(both ? QStringLiteral("pair-columns-of-two")
                                                : QStringLiteral("pair-columns"));
  const int digit = fontMetrics().horizontalAdvance(QLatin1Char('0'));
  const auto& columns = model_->columns();
  const auto& known = widths_[both ? 1 : 0];
  for (std::size_t i = 0; i < columns.size(); ++i) {
    int width = 10 * digit;
    switch (columns[i].value) {
      case PairValue::text:
        width = 26 * digit;
        break;
      case PairValue::pathway:
        width = 17 * digit;
        break;
      case PairValue::line:
      case PairValue::step:
        width = 7 * digit;
        break;
      default:
        break;
    }
    width = std::max(width, view_->horizontalHeader()->sectionSizeHint(int(i)));
    view_->setColumnWidth(int(i), known.size() == columns.size() ? known[i] : width);
  }
}

void PairsTab::filterChanged() {
  const QString text = filter_->text();
  if (text != looked_for_) {
    looked_for_ = text;
    found_.reset();
    search_problem_.clear();
    if (answer_.rows->size() > 0) texts_->search(text);
  }
  arrange();
  writeStatus();
}

}  // namespace bandscope::app
