// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pairs_tab.h"

#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "app/library/run_cells.h"
#include "app/page/pair_model.h"
#include "app/page/pair_text_view.h"
#include "app/page/run_choice.h"
#include "app/whatif/pair_scatter.h"
#include "app/window/look.h"
#include "app/window/places.h"
#include "app/words/engine_words.h"
#include "core/record/record_reader.h"

namespace bandscope::app {

struct PairsTab::Source {
  QString record;
  std::optional<RecordReader> reader;

  /// First row whose step is at least `step`: rows are in the order of the steps, so a few single rows are enough.
  std::size_t first_row(std::int64_t step) const {
    std::size_t low = 0, high = reader->pairs();
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      const auto row = reader->pair_rows(middle, 1);
      if (!row.empty() && row.front().step < step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  std::vector<PairRow> pairs_of(std::optional<std::int64_t> wanted, std::int64_t span) {
    if (!reader) {
      reader.emplace(RecordReader::open(record.toStdString()));
    } else {
      reader->refresh();
    }
    const std::size_t total = reader->pairs();
    if (total == 0) return {};
    // The step may have no pairs of its own (an imported log): the one before it is shown then.
    std::size_t end = wanted ? first_row(*wanted + 1) : total;
    if (end == 0) return {};
    const auto last = reader->pair_rows(end - 1, 1);
    if (last.empty()) return {};
    // Of many steps the last rows only: more than these cannot be told apart in a scatter.
    constexpr std::size_t most_rows = 100000;
    const std::size_t begin = std::max(first_row(last.front().step - span + 1), end - std::min(end, most_rows));
    return reader->pair_rows(begin, end - begin);
  }
};

PairsTab::PairsTab(QWidget* parent)
    : QWidget(parent),
      choice_(new RunChoice(this)),
      span_(new QComboBox(this)),
      text_(new QLabel(this)),
      view_(new QTableView(this)),
      scatter_(new PairScatter(this)),
      pair_text_(new PairTextView(this)),
      tokens_(new QToolButton(this)),
      model_(new PairModel(this)),
      sorted_(new QSortFilterProxyModel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  top->addWidget(choice_);
  for (const int steps : {1, 10, 100, 1000}) span_->addItem({}, steps);
  top->addWidget(span_);
  text_->setWordWrap(true);
  text_->setForegroundRole(QPalette::PlaceholderText);
  top->addWidget(text_, 1);
  tokens_->setObjectName(QStringLiteral("tokens"));
  tokens_->setCheckable(true);
  tokens_->setAutoRaise(true);
  top->addWidget(tokens_);
  layout->addLayout(top);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(Qt::UserRole);
  view_->setModel(sorted_);
  view_->setSortingEnabled(true);
  view_->sortByColumn(PairModel::ChangeW, Qt::AscendingOrder);  // most displaced first
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setShowGrid(false);
  view_->setAlternatingRowColors(true);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + grid);
  view_->horizontalHeader()->setHighlightSections(false);
  view_->horizontalHeader()->setObjectName(QStringLiteral("pair-columns"));
  view_->horizontalHeader()->setDefaultSectionSize(88);
  view_->horizontalHeader()->resizeSection(PairModel::Pathway, 128);
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
  connect(tokens_, &QToolButton::toggled, this, [this](bool on) {
    pair_text_->setVisible(on);
    showPair();
    Q_EMIT viewChanged();
  });
  pool_.setMaxThreadCount(1);
  for (QComboBox* box : {static_cast<QComboBox*>(choice_), span_}) {
    connect(box, &QComboBox::activated, this, [this] {
      read();
      Q_EMIT viewChanged();
    });
  }
  link();
  translate();
}

/// The row chosen in the table is ringed in the scatter, and the other way round.
void PairsTab::link() {
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& now) {
    scatter_->setCurrent(now.isValid() ? sorted_->mapToSource(now).row() : -1);
    if (tokens_->isChecked()) showPair();
  });
  connect(scatter_, &PairScatter::chosen, this, [this](int row) {
    const QModelIndex index = sorted_->mapFromSource(model_->index(row, 0));
    view_->selectRow(index.row());
    view_->scrollTo(index);
  });
}

PairsTab::~PairsTab() { pool_.waitForDone(); }

void PairsTab::setRecords(const QStringList& records, const QStringList& names) {
  choice_->setRecords(records, names);
  read();
}

void PairsTab::setStep(std::optional<std::int64_t> step) {
  step_ = step;
  read();
}

void PairsTab::read() {
  const QString record = choice_->record();
  if (record.isEmpty()) {
    model_->setRows({});
    scatter_->setRows({});
    return;
  }
  if (!isVisible()) return;
  if (busy_) {
    again_ = true;  // only the latest step matters
    return;
  }
  busy_ = true;
  if (!source_ || source_->record != record) {
    source_ = std::make_shared<Source>();
    source_->record = record;
  }
  pool_.start([this, source = source_, step = step_, span = span_->currentData().toLongLong()] {
    std::vector<PairRow> rows;
    QString error;
    try {
      rows = source->pairs_of(step, span);
    } catch (const std::exception& problem) {
      error = engine_words(problem);
      source->reader.reset();
    }
    QMetaObject::invokeMethod(this, [this, source, rows = std::move(rows), error] {
      busy_ = false;
      if (again_) {
        again_ = false;
        read();
      }
      if (source->record != choice_->record()) return;
      model_->setRows(rows);
      scatter_->setRows(rows);
      // The same place in the table is another pair now.
      const QModelIndex now = view_->currentIndex();
      scatter_->setCurrent(now.isValid() ? sorted_->mapToSource(now).row() : -1);
      if (tokens_->isChecked()) showPair();
      if (!error.isEmpty()) {
        text_->setText(error);
      } else if (rows.empty()) {
        text_->setText(tr("The record has no pairs for this step: it was imported, or nothing was trained yet."));
      } else if (rows.front().step != rows.back().step) {
        text_->setText(tr("Steps %1 to %2: %n pairs, most displaced first. A pair's change is from the reference.",
                          nullptr, int(rows.size()))
                           .arg(count_text(rows.front().step), count_text(rows.back().step)));
      } else {
        text_->setText(tr("Step %1: %n pairs, most displaced first. A pair's change is from the reference.", nullptr,
                          int(rows.size()))
                           .arg(count_text(rows.front().step)));
      }
    });
  });
}

void PairsTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  read();
}

void PairsTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    read();
  }
  QWidget::changeEvent(event);
}

void PairsTab::setTokensShown(bool shown) { tokens_->setChecked(shown); }
bool PairsTab::tokensShown() const { return tokens_->isChecked(); }
qint64 PairsTab::span() const { return span_->currentData().toLongLong(); }

void PairsTab::setSpan(qint64 steps) {
  const int at = span_->findData(int(steps));
  if (at < 0 || at == span_->currentIndex()) return;
  span_->setCurrentIndex(at);
  read();
}

void PairsTab::showPair() {
  const auto index = sorted_->mapToSource(view_->currentIndex());
  const QString record = choice_->record();
  if (!index.isValid() || record.isEmpty() || index.row() >= int(model_->rows().size())) return pair_text_->clear();
  pair_text_->setPair(record, model_->rows()[std::size_t(index.row())].row, choice_->records());
}

void PairsTab::translate() {
  tokens_->setText(tr("Tokens"));
  tokens_->setToolTip(
      tr("Read the chosen pair with its tokens coloured by the change of their log-probability; the "
         "engine computes it from the run's data and newest checkpoint"));
  view_->setAccessibleName(tr("Pairs of the step"));
  span_->setItemText(0, tr("this step"));
  for (int i = 1; i < span_->count(); ++i)
    span_->setItemText(i, tr("last %1 steps").arg(count_text(span_->itemData(i).toLongLong())));
  span_->setAccessibleName(tr("Steps whose pairs are shown"));
  choice_->setAccessibleName(tr("Run whose pairs are shown"));
}

}  // namespace bandscope::app
