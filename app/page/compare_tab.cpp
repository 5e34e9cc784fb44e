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
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/places.h"
#include "app/language/translated.h"
#include "app/page/chart_tab.h"

namespace bandscope::app {
namespace {

constexpr int reread_ms = 4000;

QTableWidget* new_table(QWidget* parent) {
  auto* made = new QTableWidget(parent);
  made->setEditTriggers(QAbstractItemView::NoEditTriggers);
  made->setShowGrid(false);
  made->setAlternatingRowColors(true);
  made->setWordWrap(false);
  made->verticalHeader()->hide();
  made->verticalHeader()->setDefaultSectionSize(made->fontMetrics().height() + grid);
  made->horizontalHeader()->setHighlightSections(false);
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
      differences_(new QCheckBox(this)),
      copy_(new QToolButton(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* splitter = new QSplitter(Qt::Vertical, this);
  splitter->addWidget(charts_);
  auto* below = new QWidget(splitter);
  auto* columns = new QHBoxLayout(below);
  columns->setContentsMargins(grid, 0, grid, grid);
  columns->setSpacing(2 * grid);
  const auto column = [&](QTableWidget* content, QLabel* title, QWidget* control) {
    auto* side = new QVBoxLayout;
    side->setSpacing(grid / 2);  // a layout without its own would take over that of the columns
    auto* top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(control);
    top->addStrut(std::max(copy_->sizeHint().height(), differences_->sizeHint().height()));  // tables at one height
    side->addLayout(top);
    side->addWidget(content, 1);
    columns->addLayout(side, 1);
  };
  column(figures_, text_, copy_);
  column(config_, config_title_, differences_);
  splitter->addWidget(below);
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("charts-and-comparison"), {3, 2});
  layout->addWidget(splitter);
  differences_->setChecked(true);
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
    });
  });
}

void CompareTab::write() {
  fill(figures_, final_figures(runs_));
  fill(config_, config_table(runs_, differences_->isChecked()));
  QStringList errors;
  for (const auto& run : runs_) {
    if (!run.error.empty()) errors << translated(run.error);
  }
  text_->setWhole(errors.isEmpty() ? tr("Final figures") : errors.join(QLatin1Char('\n')));
  config_title_->setWhole(records_.size() < 2 ? tr("Select two or more runs to compare their specs") : tr("Spec"));
  copy_->setEnabled(!runs_.empty());
}

void CompareTab::fill(QTableWidget* table, const ComparisonTable& content) {
  table->setColumnCount(int(content.head.size()));
  table->setHorizontalHeaderLabels(content.head);
  table->setRowCount(int(content.rows.size()));
  for (int row = 0; row < table->rowCount(); ++row) {
    for (int column = 0; column < table->columnCount(); ++column) {
      const QString text = content.rows[std::size_t(row)].value(column);
      auto* item = new QTableWidgetItem(text);
      const QString tip = column == 0 ? content.tips.value(row) : QString();
      item->setToolTip(tip.isEmpty() ? text : tip);
      item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
      table->setItem(row, column, item);
    }
  }
  for (int column = 0; column < table->columnCount(); ++column) {
    if (auto* head = table->horizontalHeaderItem(column)) {
      head->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
  }
  table->resizeColumnsToContents();
  for (int column = 0; column < table->columnCount(); ++column) {
    table->setColumnWidth(column, std::min(240, table->columnWidth(column) + grid));
  }
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
  figures_->setAccessibleName(tr("Final figures"));
  config_->setAccessibleName(tr("Spec"));
}

}  // namespace bandscope::app
