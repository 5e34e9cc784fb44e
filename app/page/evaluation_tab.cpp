// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/evaluation_tab.h"

#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <algorithm>
#include <set>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/page/changed_view.h"
#include "app/page/chart_tab.h"
#include "app/page/paired_tests.h"
#include "app/page/words.h"
#include "viz/figure/benchmark_text.h"
#include "viz/figure/evaluation_words.h"
#include "viz/figure/translation.h"

namespace bandscope::app {
namespace {

constexpr int room_for_both = 900;    ///< numbers and changes side by side
constexpr int few_rows = 6;           ///< of a table that needs no filter
constexpr int least_row = 13 * grid;  ///< of panels
constexpr int least_lines = 7;        ///< of text, in the height of a table

const char* const kSnippet =
    "[evaluation]\n"
    "tasks = [\"arc_challenge.yaml\"]\n"
    "data = \"benchmarks\"\n"
    "every = 50\n"
    "limit = 200";

}  // namespace

EvaluationTab::EvaluationTab(viz::ZoomState* zoom, QWidget* parent)
    : QWidget(parent),
      stack_(new QStackedWidget(this)),
      why_(new QLabel(this)),
      how_(new QLabel(this)),
      snippet_(new QPlainTextEdit(this)),
      copy_snippet_(new QToolButton(this)),
      charts_(new ChartTab(viz::FigureTab::evaluation, zoom, this)),
      model_(new BenchmarkModel(this)),
      table_(new QTableView(this)),
      tests_(new PairedTests(this)),
      title_(new ElidedLine(this)),
      nothing_(new QLabel(this)),
      filter_(new QLineEdit(this)),
      copy_(new QToolButton(this)),
      changes_(new ChangedView(this)),
      which_(new QTabBar(this)) {
  build();
  // Queued: the table gets its room first. New numbers in the same table leave the columns as they are.
  connect(model_, &QAbstractItemModel::modelReset, this, &EvaluationTab::fitColumns, Qt::QueuedConnection);
  connect(filter_, &QLineEdit::textChanged, this, &EvaluationTab::write);
  connect(tests_, &PairedTests::ready, this, [this] {
    write();
    fitColumns();  // their numbers are wider than what stood there
  });
  connect(which_, &QTabBar::currentChanged, this, &EvaluationTab::arrange);
  connect(table_->selectionModel(), &QItemSelectionModel::currentChanged, this, &EvaluationTab::choose);
  connect(copy_snippet_, &QToolButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(snippet_->toPlainText()); });
  translate();
}

void EvaluationTab::build() {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(stack_);
  auto* splitter = new QSplitter(Qt::Vertical, this);
  splitter->addWidget(charts_);
  auto* below = new QWidget(splitter);
  auto* rows = new QVBoxLayout(below);
  rows->setContentsMargins(grid, 0, grid, grid);
  rows->setSpacing(grid / 2);
  which_->setDrawBase(false);
  which_->setExpanding(false);
  which_->addTab(QString());
  which_->addTab(QString());
  rows->addWidget(which_, 0, Qt::AlignLeft);
  auto* both = new QSplitter(Qt::Horizontal, below);
  numbers_side_ = new QWidget(both);
  auto* side = new QVBoxLayout(numbers_side_);
  side->setContentsMargins(0, 0, 0, 0);
  side->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  top->addWidget(title_, 1);
  filter_->setObjectName(QStringLiteral("benchmark-filter"));
  filter_->setClearButtonEnabled(true);
  filter_->setMaximumWidth(24 * grid);
  top->addWidget(filter_);
  copy_->setPopupMode(QToolButton::InstantPopup);
  copy_->setMenu(new QMenu(copy_));
  top->addWidget(copy_);
  side->addLayout(top);
  table_->setObjectName(QStringLiteral("benchmarks"));
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  make_plain(table_);
  side->addWidget(table_, 1);
  nothing_->setObjectName(QStringLiteral("no-benchmark-matches"));
  nothing_->setForegroundRole(QPalette::PlaceholderText);
  nothing_->setWordWrap(true);
  side->addWidget(nothing_);
  both->addWidget(numbers_side_);
  both->addWidget(changes_);
  both->setChildrenCollapsible(false);
  both->setHandleWidth(grid);
  name_splitter(both, QStringLiteral("numbers-and-changes"), {3, 2});
  rows->addWidget(both, 1);
  splitter->addWidget(below);
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("charts-and-benchmarks"), {3, 2});
  charts_->view()->setLeastRow(least_row);
  table_->setMinimumHeight(least_lines * fontMetrics().lineSpacing());
  // In windows lower than charts and tables can be read in, the tab scrolls.
  auto* area = new QScrollArea(this);
  area->setObjectName(QStringLiteral("evaluation-area"));
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setFocusPolicy(Qt::NoFocus);
  area->setWidget(splitter);
  stack_->addWidget(buildEmpty());
  stack_->addWidget(area);
}

QWidget* EvaluationTab::buildEmpty() {
  auto* page = new QWidget(this);
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(3 * grid, 3 * grid, 3 * grid, 3 * grid);
  layout->setSpacing(grid);
  why_->setFont(heading_font(font()));
  for (QLabel* label : {why_, how_}) {
    label->setWordWrap(true);
    label->setMaximumWidth(80 * grid);
    layout->addWidget(label);
  }
  how_->setForegroundRole(QPalette::PlaceholderText);
  snippet_->setReadOnly(true);
  snippet_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  snippet_->setPlainText(QString::fromLatin1(kSnippet));
  snippet_->setMaximumWidth(60 * grid);
  snippet_->setTabChangesFocus(true);
  snippet_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  layout->addWidget(snippet_);
  layout->addWidget(copy_snippet_, 0, Qt::AlignLeft);
  layout->addStretch(1);
  return page;
}

bool EvaluationTab::explains() const { return stack_->currentIndex() == 0; }

void EvaluationTab::setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty, bool planned) {
  charts_->setRuns(runs, why_empty);
  if (runs == runs_ && planned == planned_) return;
  const bool other = planned != planned_;
  planned_ = planned;
  runs_ = runs;
  if (other) translate();
  write();
}

void EvaluationTab::write() {
  const bool any = std::ranges::any_of(runs_, [](const auto& run) { return !run->evaluation.empty(); });
  stack_->setCurrentIndex(any ? 1 : 0);
  viz::BenchmarkTable table = viz::benchmark_table(runs_);
  tests_->fill(table);
  model_->setTable(std::move(table), filter_->text().trimmed());
  charts_->view()->setTasks(model_->tasks());
  const bool rows = model_->rowCount() > 0, filtered = !filter_->text().trimmed().isEmpty();
  filter_->setVisible(int(model_->table().entries.size()) > few_rows || !filter_->text().isEmpty());
  nothing_->setText(tr("No benchmark has “%1” in its name or metric.").arg(filter_->text().trimmed()));
  nothing_->setVisible(filtered && !rows);
  copy_->setEnabled(rows && !model_->waits());
  copy_->setToolTip(model_->waits() ? tr("The paired tests are being computed")
                                    : tr("The table in the layout of the paper's Table 4"));
  const auto step = model_->table().step();
  if (!step) {
    title_->setWhole(tr("Last numbers of each run, in per cent"));
  } else {
    title_->setWhole(
        (model_->table().is_final() ? tr("Final numbers, step %1, in per cent") : tr("Numbers of step %1, in per cent"))
            .arg(*step));
  }
  selectUsual();
  choose();
  arrange();
}

QString EvaluationTab::title() const { return title_->whole(); }

void EvaluationTab::selectUsual() {
  const int now = table_->currentIndex().row(), usual = model_->usualRow();
  if (model_->rowCount() == 0 || (now >= 0 && (now != usual_row_ || now == usual))) return;
  usual_row_ = usual;
  table_->selectRow(usual);
}

/// As wide as their texts; where there is no room for all, the metric gives way before the numbers do.
void EvaluationTab::fitColumns() {
  constexpr int metric = 1, least_metric = 12 * grid;
  table_->resizeColumnsToContents();
  int whole = 0;
  for (int column = 0; column < model_->columnCount(); ++column) {
    table_->setColumnWidth(column, table_->columnWidth(column) + grid);
    whole += table_->columnWidth(column);
  }
  const int over = whole - table_->viewport()->width();
  if (model_->columnCount() <= metric || over <= 0) return;
  const int now = table_->columnWidth(metric);
  table_->setColumnWidth(metric, std::min(now, std::max(least_metric, now - over)));
}

/// The items of the chosen row, of the two runs of its cell, or the first two that are compared.
void EvaluationTab::choose() {
  const auto& table = model_->table();
  auto pair = std::ranges::find_if(table.methods, [](const auto& one) { return one.first && one.second; });
  if (const auto chosen = model_->method(table_->currentIndex().column())) {
    const auto own = table.methods.begin() + std::ptrdiff_t(*chosen);
    if (own->first && own->second) pair = own;
  }
  if (pair == table.methods.end()) {
    changes_->setQuery({}, {}, {}, {}, tr("Select two runs to see which items changed"));
    return;
  }
  const QString first = words(viz::run_title(*pair, false, viz::window_words)),
                second = words(viz::run_title(*pair, true, viz::window_words));
  const auto at = model_->entry(table_->currentIndex().row());
  if (!at || !pair->cells[*at].first || !pair->cells[*at].second) {
    changes_->setQuery({}, {}, first, second, tr("Choose a benchmark that both runs have, to see which items changed"));
    return;
  }
  const auto& entry = table.entries[*at];
  ChangedQuery query{evaluation_folder(pair->first->path, pair->cells[*at].first->step),
                     evaluation_folder(pair->second->path, pair->cells[*at].second->step),
                     {},
                     entry.key.metric,
                     entry.key.filter};
  if (!viz::has_items(*pair)) {
    changes_->setQuery({}, {}, first, second, tr("%1: reading the answers…").arg(words(entry.title)));
    return;
  }
  std::set<std::string> tasks;
  if (pair->first->scores) {
    const auto items = pair->first->scores->items.find(entry.key);
    if (items != pair->first->scores->items.end())
      for (const ScoredItem& item : items->second) tasks.insert(item.task);
  }
  if (tasks.empty()) {
    changes_->setQuery({}, {}, first, second,
                       tr("The answers to the items of %1 are not kept").arg(words(entry.title)));
    return;
  }
  query.tasks.assign(tasks.begin(), tasks.end());
  QStringList title{words(entry.title), words(entry.metric())};
  if (table.methods.size() > 1 && !pair->label.empty()) title.prepend(words(pair->label));
  changes_->setQuery(query, title.join(QStringLiteral(" · ")), first, second, {});
}

void EvaluationTab::arrange() {
  const bool both = width() >= room_for_both;
  which_->setVisible(!both);
  numbers_side_->setVisible(both || which_->currentIndex() == 0);
  changes_->setVisible(both || which_->currentIndex() == 1);
}

void EvaluationTab::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
  fitColumns();
}

void EvaluationTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    model_->retranslate();
    write();
  }
  QWidget::changeEvent(event);
}

void EvaluationTab::translate() {
  why_->setText(planned_ ? tr("No benchmark has been evaluated yet") : tr("No benchmark was evaluated"));
  how_->setText(planned_
                    ? tr("The spec names benchmarks. Their first numbers appear here when the evaluation at the start, "
                         "or after so many steps, has ended.")
                    : tr("A run evaluates benchmarks at the start, every so many steps and at the end when its spec "
                         "names task files of lm-evaluation-harness. Add this to the spec, or tick "
                         "“All keys” in New experiment and fill in the fields “Benchmarks”:"));
  snippet_->setVisible(!planned_);
  copy_snippet_->setVisible(!planned_);
  snippet_->setFixedHeight(snippet_->fontMetrics().lineSpacing() * 5 + 3 * grid);
  snippet_->setAccessibleName(tr("What to add to the spec"));
  copy_snippet_->setText(tr("Copy"));
  filter_->setPlaceholderText(tr("Filter benchmarks"));
  filter_->setAccessibleName(tr("Filter benchmarks"));
  filter_->setToolTip(tr("Shows the benchmarks with this in their name or metric, in the table and the charts"));
  copy_->setText(tr("Copy"));
  copy_->menu()->clear();
  const auto put = [](const std::string& text) { QGuiApplication::clipboard()->setText(words(text)); };
  copy_->menu()->addAction(tr("As CSV"), this,
                           [this, put] { put(viz::benchmarks_csv(model_->table(), model_->tasks())); });
  copy_->menu()->addAction(tr("As LaTeX"), this,
                           [this, put] { put(viz::benchmarks_latex(model_->table(), model_->tasks())); });
  copy_->menu()->addSeparator();
  copy_->menu()->addAction(tr("Export as a figure…"), this,
                           [this] { Q_EMIT charts_->exportAsked(QStringLiteral("evaluation-table")); });
  table_->setAccessibleName(tr("Last numbers of the benchmarks"));
  which_->setTabText(0, tr("Numbers"));
  which_->setTabText(1, tr("Changed items"));
  which_->setAccessibleName(tr("Table to show"));
}

}  // namespace bandscope::app
