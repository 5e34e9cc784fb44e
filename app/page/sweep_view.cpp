// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/sweep_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/figure/figure_titles.h"
#include "app/page/sweep_model.h"

namespace bandscope::app {

SweepView::SweepView(QWidget* parent)
    : QWidget(parent),
      choice_(new QComboBox(this)),
      filter_(new QLineEdit(this)),
      copy_(new QToolButton(this)),
      table_(new QTableView(this)),
      model_(new SweepModel(this)),
      sorted_(new QSortFilterProxyModel(this)),
      note_(new QLabel(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  choice_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  choice_->setObjectName(QStringLiteral("sweep-quantity"));
  top->addWidget(choice_);
  filter_->setObjectName(QStringLiteral("sweep-filter"));
  filter_->setClearButtonEnabled(true);
  top->addWidget(filter_, 1);
  copy_->setPopupMode(QToolButton::InstantPopup);
  copy_->setMenu(new QMenu(copy_));
  top->addWidget(copy_);
  layout->addLayout(top);
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(SweepModel::sort_role);
  table_->setObjectName(QStringLiteral("sweep"));
  table_->setModel(sorted_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  make_plain(table_);
  table_->horizontalHeader()->setSortIndicatorClearable(true);
  table_->setSortingEnabled(true);
  table_->sortByColumn(-1, Qt::AscendingOrder);
  layout->addWidget(table_, 1);
  note_->setForegroundRole(QPalette::PlaceholderText);
  note_->setWordWrap(true);
  layout->addWidget(note_);
  connect(choice_, &QComboBox::activated, this, [this](int index) {
    quantity_ = choice_->itemData(index).toString();
    write();
    Q_EMIT viewChanged();
  });
  connect(filter_, &QLineEdit::textChanged, this, [this] {
    write();
    Q_EMIT viewChanged();
  });
  translate();
}

QString SweepView::filterText() const { return filter_->text(); }
void SweepView::setFilterText(const QString& text) { filter_->setText(text); }

void SweepView::setQuantity(const QString& name) {
  if (name.isEmpty() || name == quantity_) return;
  quantity_ = name;
  write();
}

void SweepView::setRuns(const std::vector<viz::RunDataPtr>& runs) {
  if (runs == runs_) return;
  runs_ = runs;
  stale_ = true;
  compute();
}

void SweepView::compute() {
  if (!stale_ || !isVisible()) return;
  stale_ = false;
  sweep_ = viz::sweep_table(runs_);
  write();
}

void SweepView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  compute();
}

void SweepView::write() {
  const QSignalBlocker quiet(choice_);
  choice_->clear();
  for (const viz::SweepQuantity& quantity : sweep_.quantities)
    choice_->addItem(figure_text(quantity.title.c_str()), QString::fromStdString(quantity.name));
  choice_->setCurrentIndex(std::max(0, choice_->findData(quantity_)));
  choice_->setEnabled(choice_->count() > 0);
  model_->setTable(sweep_, quantity_, filter_->text());
  table_->resizeColumnsToContents();
  for (int column = 0; column < model_->columnCount(); ++column)
    table_->setColumnWidth(column, table_->columnWidth(column) + grid);
  const viz::SweepFilter filter(filter_->text().toStdString());
  QStringList known;
  for (const viz::SweepQuantity& quantity : sweep_.quantities) known << QString::fromStdString(quantity.name);
  QString said;
  if (const auto unknown = filter.unknown(sweep_); !unknown.empty() && !known.isEmpty()) {
    said = tr("“%1” is no figure of these runs; they have %2.")
               .arg(QString::fromStdString(unknown.front()), known.join(QStringLiteral(", ")));
  } else if (model_->rowCount() == 0) {
    said = sweep_.rows.empty() ? tr("No run has been read yet.") : tr("No row matches the filter.");
  }
  note_->setText(said);
  note_->setVisible(!said.isEmpty());
  copy_->setEnabled(model_->rowCount() > 0);
}

viz::SweepTable SweepView::shown() const {
  const viz::SweepTable all = model_->shown();
  viz::SweepTable part = all;
  for (int row = 0; row < sorted_->rowCount(); ++row)
    part.rows[std::size_t(row)] = all.rows[std::size_t(sorted_->mapToSource(sorted_->index(row, 0)).row())];
  return part;
}

void SweepView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    model_->retranslate();
  }
  QWidget::changeEvent(event);
}

void SweepView::translate() {
  choice_->setAccessibleName(tr("Final figure to show"));
  choice_->setToolTip(tr("The figure whose numbers the table has; all can be named in the filter"));
  filter_->setPlaceholderText(tr("Filter, as in_band<50 or dpo"));
  filter_->setAccessibleName(tr("Filter of the sweep's table"));
  filter_->setToolTip(tr(
      "Words of an objective or model, and conditions as in_band<50 or dz_w>=0 on the mean without or with RC; of one "
      "of them as in_band.with>90, in_band.without<50, margin.difference>0. All must hold."));
  copy_->setText(tr("Copy"));
  copy_->setToolTip(tr("All figures of the rows that are shown"));
  copy_->menu()->clear();
  const auto put = [](const std::string& text) { QGuiApplication::clipboard()->setText(QString::fromStdString(text)); };
  copy_->menu()->addAction(tr("As CSV"), this, [this, put] { put(viz::sweep_csv(shown())); });
  copy_->menu()->addAction(tr("As LaTeX"), this, [this, put] { put(viz::sweep_latex(shown())); });
  copy_->menu()->addAction(tr("This figure as LaTeX"), this,
                           [this, put] { put(viz::sweep_latex(shown(), {quantity_.toStdString()})); });
  copy_->menu()->addSeparator();
  copy_->menu()->addAction(tr("Export as a figure…"), this,
                           [this] { Q_EMIT exportAsked(QStringLiteral("sweep-table")); });
  table_->setAccessibleName(tr("Final figures of the sweep"));
  write();
}

}  // namespace bandscope::app
