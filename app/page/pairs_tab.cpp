// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pairs_tab.h"

#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/number_text.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/page/pair_filter_bar.h"
#include "app/page/pair_model.h"
#include "app/page/pair_text_view.h"
#include "app/page/run_choice.h"
#include "app/whatif/pair_scatter.h"

namespace bandscope::app {

PairsTab::PairsTab(QWidget* parent)
    : QWidget(parent),
      choice_(new RunChoice(this)),
      span_(new QComboBox(this)),
      text_(new ElidedLine(this)),
      beside_(new QToolButton(this)),
      tokens_(new QToolButton(this)),
      filter_(new PairFilterBar(this)),
      view_(new QTableView(this)),
      scatter_(new PairScatter(this)),
      pair_text_(new PairTextView(this)),
      model_(new PairModel(this)),
      texts_(new PairTexts(this)) {
  pool_.setMaxThreadCount(1);
  save_pool_.setMaxThreadCount(1);
  for (const int steps : {1, 10, 100, 1000}) span_->addItem({}, steps);
  build();
  link();
  translate();
}

PairsTab::~PairsTab() {
  stop_.request_stop();
  save_stop_.request_stop();
  pool_.waitForDone();
  save_pool_.waitForDone();
}

void PairsTab::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  top->setSpacing(grid);
  top->addWidget(choice_);
  top->addWidget(span_);
  text_->setObjectName(QStringLiteral("pairs-status"));
  text_->setForegroundRole(QPalette::PlaceholderText);
  top->addStretch(1);
  beside_->setObjectName(QStringLiteral("side-by-side"));
  tokens_->setObjectName(QStringLiteral("tokens"));
  for (QToolButton* button : {beside_, tokens_}) {
    button->setCheckable(true);
    button->setAutoRaise(true);
    top->addWidget(button);
  }
  beside_->hide();
  layout->addLayout(top);
  layout->addWidget(filter_);
  layout->addWidget(text_);
  model_->setTexts(texts_);
  view_->setObjectName(QStringLiteral("pairs"));
  view_->setModel(model_);
  make_plain(view_);
  view_->horizontalHeader()->setSortIndicator(model_->columnOf(sorted_by_), sorted_);
  view_->setSortingEnabled(true);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  fitColumns();
  auto* both = new QSplitter(this);
  both->addWidget(view_);
  both->addWidget(scatter_);
  both->setChildrenCollapsible(true);
  name_splitter(both, QStringLiteral("pairs-and-scatter"), {3, 2});
  auto* whole = new QSplitter(Qt::Vertical, this);
  whole->addWidget(both);
  whole->addWidget(pair_text_);
  whole->setChildrenCollapsible(false);
  name_splitter(whole, QStringLiteral("pairs-and-tokens"), {3, 2});
  layout->addWidget(whole, 1);
  pair_text_->hide();
}

/// The row chosen in the table is ringed in the scatter, and the other way round.
void PairsTab::link() {
  connect(tokens_, &QToolButton::toggled, this, [this](bool on) {
    pair_text_->setVisible(on);
    showPair();
    Q_EMIT viewChanged();
  });
  connect(beside_, &QToolButton::toggled, this, [this] {
    translate();
    read();
    Q_EMIT viewChanged();
  });
  for (QComboBox* box : {static_cast<QComboBox*>(choice_), span_}) {
    connect(box, &QComboBox::activated, this, [this] {
      read();
      Q_EMIT viewChanged();
    });
  }
  connect(filter_, &PairFilterBar::changed, this, &PairsTab::filterChanged);
  connect(filter_, &PairFilterBar::saveAsked, this, &PairsTab::chooseFile);
  connect(filter_, &PairFilterBar::copyAsked, this, &PairsTab::copy);
  connect(new QShortcut(QKeySequence::Copy, view_, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this,
          &PairsTab::copy);
  connect(texts_, &PairTexts::changed, this, &PairsTab::writeStatus);
  connect(pair_text_, &PairTextView::textsWanted, texts_, &PairTexts::readWhole);
  connect(texts_, &PairTexts::wholeRead, pair_text_, &PairTextView::setTexts);
  connect(texts_, &PairTexts::wholeFailed, pair_text_, &PairTextView::setNoTexts);
  connect(texts_, &PairTexts::found, this,
          [this](const QString& text, const PairTexts::Lines& lines, const QString& why) {
            if (text != looked_for_) return;
            found_ = lines ? lines : std::make_shared<const std::vector<std::int64_t>>();
            search_problem_ = why;
            arrange();
          });
  connect(model_, &PairModel::sortAsked, this, [this](int column, Qt::SortOrder order) {
    if (column < 0 || column >= model_->columnCount()) return;
    sorted_by_ = model_->columns()[std::size_t(column)];
    sorted_ = order;
    arrange();
  });
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    markCurrent();
    if (tokens_->isChecked()) showPair();
    tellPair();
  });
  connect(scatter_, &PairScatter::chosen, this, [this](int point) {
    if (point < 0 || point >= int(points_.size())) return;
    const int row = points_[std::size_t(point)];
    view_->selectRow(row);
    view_->scrollTo(model_->index(row, 0));
  });
}

void PairsTab::setElsewhere(ElsewhereFiles* files) { texts_->setElsewhere(files); }

void PairsTab::setRuns(const std::vector<RunEntryPtr>& runs, const QStringList& names) {
  QStringList records;
  there_.clear();
  bool reached = true;
  for (const auto& run : runs) {
    records << run->found.record;
    reached &= run->reached;
    if (run->elsewhere()) there_.insert(run->found.record, {run->server, run->there});
  }
  pair_text_->setThere(there_.keys());
  if (!std::exchange(reached_, reached) && reached) texts_->retry();
  setRecords(records, names);
}

void PairsTab::setRecords(const QStringList& records, const QStringList& names) {
  choice_->setRecords(records, names);
  names_ = names;
  beside_->setVisible(records.size() == 2);
  translate();
  read();
}

void PairsTab::setStep(std::optional<std::int64_t> step) {
  step_ = step;
  read();
}

void PairsTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  texts_->retry();
  read();
}

void PairsTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    read();
  }
  QWidget::changeEvent(event);
}

QString PairsTab::status() const { return text_->whole(); }
void PairsTab::setTokensShown(bool shown) { tokens_->setChecked(shown); }
bool PairsTab::tokensShown() const { return tokens_->isChecked(); }
void PairsTab::setSideBySide(bool on) { beside_->setChecked(on); }
bool PairsTab::sideBySide() const { return beside_->isChecked(); }
qint64 PairsTab::span() const { return span_->currentData().toLongLong(); }

void PairsTab::setSpan(qint64 steps) {
  const int at = span_->findData(int(steps));
  if (at < 0 || at == span_->currentIndex()) return;
  span_->setCurrentIndex(at);
  read();
}

QStringList PairsTab::wantedRecords() const {
  const QStringList all = choice_->records();
  if (beside_->isChecked() && all.size() == 2) return all;
  return choice_->record().isEmpty() ? QStringList() : QStringList{choice_->record()};
}

QStringList PairsTab::runNames() const { return answer_.rows->both ? names_ : QStringList(); }

void PairsTab::writeStatus() {
  if (!problem_.isEmpty()) return text_->setWhole(problem_);
  const auto& rows = *answer_.rows;
  QStringList parts;
  if (rows.size() == 0 && rows.both && answer_.of_one > 0) {
    parts << tr("The two runs have no pair in common at these steps: choose more steps.");
  } else if (rows.size() == 0) {
    parts << tr("The record has no pairs for this step: it was imported, or nothing was trained yet.");
  } else if (answer_.first_step != answer_.last_step) {
    parts << tr("Steps %1 to %2: %n pairs.", nullptr, int(rows.size()))
                 .arg(count_text(answer_.first_step), count_text(answer_.last_step));
  } else {
    parts << tr("Step %1: %n pairs.", nullptr, int(rows.size())).arg(count_text(answer_.first_step));
  }
  if (rows.size() > 0 && rows.both && answer_.of_one > 0)
    parts << tr("%n more are in one of the runs only.", nullptr, int(answer_.of_one));
  if (!shown_filter_.all()) parts << tr("%1 shown.").arg(count_text(qint64(model_->order().size())));
  if (points_.size() < model_->order().size()) {
    parts << tr("The scatter has %1 of them.").arg(count_text(qint64(points_.size())));
  }
  if (texts_->searching()) parts << tr("Searching the texts…");
  if (!search_problem_.isEmpty()) {
    parts << tr("The texts cannot be searched: %1").arg(search_problem_);
  } else if (!texts_->problem().isEmpty() && rows.size() > 0) {
    parts << tr("No texts: %1").arg(texts_->problem());
  }
  text_->setWhole(parts.join(QLatin1Char(' ')));
}

void PairsTab::translate() {
  tokens_->setText(tr("Pair text"));
  tokens_->setToolTip(
      tr("Read the chosen pair with its tokens coloured by the change of their log-probability; the "
         "engine computes it from the run's data and newest checkpoint"));
  beside_->setText(tr("Side by side"));
  beside_->setToolTip(
      tr("Both runs of the page in one table: the same pairs with their values in each and the difference"));
  view_->setAccessibleName(tr("Pairs of the step"));
  span_->setItemText(0, tr("this step"));
  for (int i = 1; i < span_->count(); ++i)
    span_->setItemText(i, tr("last %1 steps").arg(count_text(span_->itemData(i).toLongLong())));
  span_->setAccessibleName(tr("Steps whose pairs are shown"));
  const bool two = beside_->isChecked() && choice_->count() == 2;
  choice_->setAccessibleName(two ? tr("Run whose pairs the scatter shows") : tr("Run whose pairs are shown"));
  choice_->setToolTip(choice_->accessibleName());
}

}  // namespace bandscope::app
