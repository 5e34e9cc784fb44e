// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/compare_tab.h"

#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QTabBar>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/page/chart_tab.h"
#include "app/page/sweep_view.h"

namespace bandscope::app {
namespace {

constexpr int reread_ms = 4000;
constexpr int most_columns = 3;                              ///< runs that are columns; more are rows
constexpr int room_for_columns = 900, room_for_rows = 1700;  ///< for both tables side by side
constexpr int widest_column = 240;
constexpr int figures_tab = 0, config_tab = 1, sweep_tab = 2;
constexpr int least_sweep = 3;  ///< runs that make a sweep

/// A column's title in two lines about as long as each other, so that numbers decide how wide it is.
QString in_two_lines(const QString& title) {
  constexpr qsizetype short_enough = 9;
  if (title.size() <= short_enough) return title;
  qsizetype best = 0;
  // "z_w" is one word; a key of one word has no other place to break.
  const bool words = title.contains(u' ') || title.contains(u'.') || title.contains(u'，');
  const QString places = words ? QStringLiteral(" .，") : QStringLiteral("_");
  for (qsizetype i = 1; i < title.size(); ++i) {
    const bool breaks = places.contains(title[i - 1]);
    if (breaks && std::abs(2 * i - title.size()) < std::abs(2 * best - title.size())) best = i;
  }
  return best == 0 ? title : title.left(best).trimmed() + QLatin1Char('\n') + title.mid(best);
}

/// `tip`: rich text; where it is empty the cell's own text is its tip.
QTableWidgetItem* new_cell(const QString& text, bool first, const QString& tip) {
  auto* cell = new QTableWidgetItem(text);
  cell->setToolTip(tip.isEmpty() ? plain_text(text) : tip);
  cell->setTextAlignment((first ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  return cell;
}

void fit_columns(QTableWidget* table) {
  table->resizeColumnsToContents();
  for (int column = 0; column < table->columnCount(); ++column)
    table->setColumnWidth(column, std::min(widest_column, table->columnWidth(column) + grid));
}

/// What is compared is a row, a run a column.
void fill_columns(QTableWidget* table, const ComparisonTable& content) {
  table->verticalHeader()->hide();
  table->setColumnCount(int(content.head.size()));
  table->setRowCount(int(content.rows.size()));
  for (int column = 0; column < table->columnCount(); ++column) {
    table->setHorizontalHeaderItem(column, new_cell(content.head[column], column == 0, {}));
    for (int row = 0; row < table->rowCount(); ++row) {
      table->setItem(row, column,
                     new_cell(content.rows[std::size_t(row)].value(column), column == 0,
                              column == 0 ? content.tips.value(row) : QString()));
    }
  }
  fit_columns(table);
}

/// A run is a row: its name stays in sight however many columns there are.
void fill_rows(QTableWidget* table, const ComparisonTable& content) {
  table->verticalHeader()->show();
  table->setColumnCount(int(content.head.size()) - 1);
  table->setRowCount(int(content.rows.size()));
  const auto metrics = table->fontMetrics();
  for (int row = 0; row < table->rowCount(); ++row) {
    const auto& cells = content.rows[std::size_t(row)];
    auto* name =
        new_cell(metrics.elidedText(cells.value(0), Qt::ElideMiddle, widest_column), true, plain_text(cells.value(0)));
    table->setVerticalHeaderItem(row, name);
    for (int column = 0; column < table->columnCount(); ++column)
      table->setItem(row, column, new_cell(cells.value(column + 1), false, {}));
  }
  for (int column = 0; column < table->columnCount(); ++column) {
    const QString title = content.head[column + 1], tip = content.tips.value(column);
    table->setHorizontalHeaderItem(column,
                                   new_cell(in_two_lines(title), false, tip.isEmpty() ? plain_text(title) : tip));
  }
  fit_columns(table);
}

void fill(QTableWidget* table, const ComparisonTable& content, bool runs_are_rows) {
  runs_are_rows ? fill_rows(table, turned(content)) : fill_columns(table, content);
}

QTableWidget* new_table(QWidget* parent) {
  auto* made = new QTableWidget(parent);
  made->setEditTriggers(QAbstractItemView::NoEditTriggers);
  make_plain(made);
  return made;
}

}  // namespace

CompareTab::CompareTab(viz::ZoomState* zoom, QWidget* parent)
    : QWidget(parent),
      charts_(new ChartTab(viz::FigureTab::compare, zoom, this)),
      figures_(new_table(this)),
      config_(new_table(this)),
      text_(new ElidedLine(this)),
      config_title_(new ElidedLine(this)),
      which_(new QTabBar(this)),
      sweep_(new SweepView(this)),
      differences_(new QCheckBox(this)),
      copy_(new QToolButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* splitter = new QSplitter(Qt::Vertical, this);
  splitter->addWidget(charts_);
  auto* below = new QWidget(splitter);
  auto* rows = new QVBoxLayout(below);
  rows->setContentsMargins(grid, 0, grid, grid);
  rows->setSpacing(grid / 2);
  which_->setDrawBase(false);
  which_->setExpanding(false);
  which_->setUsesScrollButtons(false);
  for (int tab = 0; tab <= sweep_tab; ++tab) which_->addTab(QString());
  narrow_top_ = new QHBoxLayout;
  narrow_top_->addWidget(which_);
  narrow_top_->addStretch(1);
  rows->addLayout(narrow_top_);
  auto* columns = new QHBoxLayout;
  columns->setSpacing(2 * grid);
  rows->addLayout(columns, 1);
  const auto column = [&](QTableWidget* content, QLabel* title, QWidget* control) {
    auto* whole = new QWidget(below);
    auto* side = new QVBoxLayout(whole);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(grid / 2);
    auto* top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(control);
    side->addLayout(top);
    side->addWidget(content, 1);
    columns->addWidget(whole, 1);
    return std::pair{whole, top};
  };
  std::tie(figures_side_, figures_top_) = column(figures_, text_, copy_);
  std::tie(config_side_, config_top_) = column(config_, config_title_, differences_);
  columns->addWidget(sweep_, 1);
  connect(sweep_, &SweepView::exportAsked, charts_, &ChartTab::exportAsked);
  connect(sweep_, &SweepView::viewChanged, this, &CompareTab::viewChanged);
  connect(which_, &QTabBar::currentChanged, this, &CompareTab::arrange);
  splitter->addWidget(below);
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("charts-and-comparison"), {3, 2});
  layout->addWidget(splitter);
  differences_->setChecked(true);
  differences_->setMinimumHeight(copy_->sizeHint().height());  // tables at one height
  copy_->setPopupMode(QToolButton::InstantPopup);
  copy_->setMenu(new QMenu(copy_));
  pool_.setMaxThreadCount(1);
  later_.setSingleShot(true);
  later_.setInterval(reread_ms);
  connect(&later_, &QTimer::timeout, this, &CompareTab::read);
  connect(differences_, &QCheckBox::toggled, this, &CompareTab::write);
  connect(differences_, &QCheckBox::toggled, this, &CompareTab::viewChanged);
  translate();
}

CompareTab::~CompareTab() { pool_.waitForDone(); }

bool CompareTab::differencesOnly() const { return differences_->isChecked(); }
bool CompareTab::sweepOpen() const { return which_->currentIndex() == sweep_tab; }
void CompareTab::setSweepOpen(bool open) {
  if (open != sweepOpen()) which_->setCurrentIndex(open ? sweep_tab : figures_tab);
}
void CompareTab::setDifferencesOnly(bool only) { differences_->setChecked(only); }

void CompareTab::setRecords(const QStringList& records, const QStringList& names) {
  if (records == records_) return;
  records_ = records;
  names_ = names;
  runs_.clear();
  stale_ = true;
  write();
  read();
}

void CompareTab::setRuns(const std::vector<viz::RunDataPtr>& runs, const QString& why_empty) {
  charts_->setRuns(runs, why_empty);
  sweep_->setRuns(runs);
  bool news = runs.size() != seen_.size();
  for (std::size_t i = 0; i < runs.size() && !news; ++i) news = runs[i] != seen_[i];
  if (!news) return;
  seen_ = runs;
  stale_ = true;
  if (runs_.empty()) {
    read();
  } else if (!later_.isActive()) {
    later_.start();
  }
}

void CompareTab::read() {
  if (!stale_ || busy_ || !isVisible()) return;
  stale_ = false;
  busy_ = true;
  pool_.start([this, records = records_, names = names_] {
    std::vector<ComparedRun> runs;
    for (int i = 0; i < records.size(); ++i) runs.push_back(read_compared(records[i], names.value(i)));
    QMetaObject::invokeMethod(this, [this, records, runs = std::move(runs)] {
      busy_ = false;
      if (records != records_) return read();
      runs_ = runs;
      write();
      if (stale_ && !later_.isActive()) later_.start();  // they have grown meanwhile, perhaps for the last time
    });
  });
}

void CompareTab::write() {
  // As many as are selected: those that are still read come without another arrangement.
  runs_are_rows_ = records_.size() > most_columns;
  fill(figures_, final_figures(runs_), runs_are_rows_);
  fill(config_, config_table(runs_, differences_->isChecked()), runs_are_rows_);
  QStringList errors;
  for (const auto& run : runs_) {
    if (!run.error.empty()) errors << translated(run.error);
  }
  errors_ = errors.join(QStringLiteral(" · "));
  text_->setWhole(errors_.isEmpty() ? tr("Final figures") : errors_);
  config_title_->setWhole(records_.size() < 2 ? tr("Select two or more runs to compare their specs") : tr("Spec"));
  copy_->setEnabled(!runs_.empty());
  arrange();
}

void CompareTab::arrange() {
  const bool both = width() >= (runs_are_rows_ ? room_for_rows : room_for_columns);
  // One that is open stays open while fewer runs are selected.
  const bool sweep = sweepOpen(), many = sweep || records_.size() >= least_sweep;
  const bool figures = !sweep && (both || which_->currentIndex() != config_tab);
  const bool config = !sweep && (both || which_->currentIndex() == config_tab);
  which_->setTabVisible(config_tab, !both);
  which_->setTabVisible(sweep_tab, many);
  which_->setVisible(!both || many);
  which_->updateGeometry();  // a bar does not ask for the room of a tab that comes
  sweep_->setVisible(sweep);
  figures_side_->setVisible(figures);
  config_side_->setVisible(config);
  // With the tabs a table's name is said, and its control stands in their line.
  if (std::exchange(both_, both) != both) {
    (both ? figures_top_ : narrow_top_)->addWidget(copy_);
    (both ? config_top_ : narrow_top_)->addWidget(differences_);
  }
  copy_->setVisible(figures);
  differences_->setVisible(config);
  text_->setVisible(both || !errors_.isEmpty());
  config_title_->setVisible(both || records_.size() < 2);
}

void CompareTab::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void CompareTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  read();
}

void CompareTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    write();
  }
  QWidget::changeEvent(event);
}

void CompareTab::translate() {
  differences_->setText(tr("Differences only"));
  copy_->setText(tr("Copy"));
  copy_->menu()->clear();
  const auto put = [](const QString& text) { QGuiApplication::clipboard()->setText(text); };
  copy_->menu()->addAction(tr("As text"), this, [this, put] { put(as_text(final_figures(runs_))); });
  copy_->menu()->addAction(tr("As CSV"), this, [this, put] { put(as_csv(final_figures(runs_))); });
  copy_->menu()->addAction(tr("As LaTeX"), this, [this, put] { put(as_latex(final_figures(runs_))); });
  which_->setTabText(figures_tab, tr("Final figures"));
  which_->setTabText(config_tab, tr("Spec"));
  which_->setTabText(sweep_tab, tr("Sweep table"));
  which_->setAccessibleName(tr("Table to show"));
  figures_->setAccessibleName(tr("Final figures"));
  config_->setAccessibleName(tr("Spec"));
}

}  // namespace bandscope::app
