// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/changed_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSplitter>
#include <QTableView>
#include <QTextBrowser>
#include <utility>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/number_text.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/language/translated.h"
#include "core/error.h"

namespace bandscope::app {

ChangedView::ChangedView(QWidget* parent)
    : QWidget(parent),
      model_(new ChangedModel(this)),
      status_(new ElidedLine(this)),
      show_(new QComboBox(this)),
      table_(new QTableView(this)),
      detail_(new QTextBrowser(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  top->addWidget(status_, 1);
  show_->addItems({{}, {}, {}});
  show_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  top->addWidget(show_);
  layout->addLayout(top);
  table_->setObjectName(QStringLiteral("changed-items"));
  table_->setModel(model_);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  make_plain(table_);
  auto* header = table_->horizontalHeader();
  header->setStretchLastSection(true);
  header->setObjectName(QStringLiteral("changed-columns"));
  table_->setColumnWidth(ChangedModel::Change, 8 * grid);
  table_->setColumnWidth(ChangedModel::Question, 26 * grid);
  for (const int column : {ChangedModel::First, ChangedModel::Second}) table_->setColumnWidth(column, 12 * grid);
  detail_->setOpenLinks(false);
  detail_->setFrameShape(QFrame::NoFrame);
  table_->setMinimumHeight(5 * fontMetrics().lineSpacing());
  detail_->setMinimumHeight(4 * fontMetrics().lineSpacing());
  auto* splitter = new QSplitter(Qt::Vertical, this);
  splitter->addWidget(table_);
  splitter->addWidget(detail_);
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("changed-and-item"), {1, 1});
  layout->addWidget(splitter, 1);
  pool_.setMaxThreadCount(1);
  connect(show_, &QComboBox::activated, this, [this](int index) {
    model_->setShow(ChangedModel::Show(index));
    showItem();
  });
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ChangedView::showItem);
  connect(model_, &QAbstractItemModel::modelReset, this, &ChangedView::showItem);
  translate();
}

ChangedView::~ChangedView() { pool_.waitForDone(); }

QString ChangedView::status() const { return status_->whole(); }

void ChangedView::setQuery(const std::optional<ChangedQuery>& query, const QString& title, const QString& first,
                           const QString& second, const QString& why) {
  if (first != first_ || second != second_) model_->setNames(first, second);
  const bool other = query != query_;
  title_ = title;
  first_ = first;
  second_ = second;
  why_ = why;
  if (other) {
    query_ = query;
    stale_ = query.has_value();
    error_ = {};
    compared_ = changed_ = 0;
    model_->setItems({});
    read();
  }
  writeStatus();
}

void ChangedView::read() {
  if (!stale_ || busy_ || !isVisible() || !query_) return;
  stale_ = false;
  busy_ = true;
  pool_.start([this, query = *query_] {
    ChangedItems found;
    Message error;
    try {
      found = read_changed(query);
    } catch (const std::exception& failure) {
      error = message_of(failure);
    }
    QMetaObject::invokeMethod(this, [this, query, found = std::move(found), error] {
      busy_ = false;
      if (query != query_) return read();
      stale_ = false;  // asked for again while it was being read
      error_ = error;
      compared_ = found.compared;
      changed_ = found.changed;
      model_->setItems(found.items);
      writeStatus();
    });
  });
  writeStatus();
}

void ChangedView::writeStatus() {
  QString text = why_;
  if (query_ && !error_.empty()) {
    text = translated(error_);
  } else if (query_ && (busy_ || stale_)) {
    text = tr("%1: reading the answers…").arg(title_);
  } else if (query_) {
    text = tr("%1 of %2 items changed · %3").arg(count_text(changed_), count_text(compared_), title_);
    if (changed_ > qint64(ChangedItems::most))
      text += tr(", the first %1 are listed").arg(count_text(qint64(ChangedItems::most)));
  }
  status_->setWhole(text);
  show_->setEnabled(changed_ > 0);
}

void ChangedView::showItem() {
  if (model_->rowCount() > 0 && !table_->currentIndex().isValid()) {
    table_->selectRow(0);
    return;  // which comes here again
  }
  const int row = table_->currentIndex().row();
  detail_->setVisible(model_->rowCount() > 0);
  detail_->setHtml(row >= 0 && row < model_->rowCount() ? item_html(model_->item(row), first_, second_) : QString());
}

void ChangedView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  read();
}

void ChangedView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    model_->retranslate();
    writeStatus();
    showItem();
  }
  QWidget::changeEvent(event);
}

void ChangedView::translate() {
  show_->setItemText(0, tr("All changes"));
  show_->setItemText(1, tr("Gained"));
  show_->setItemText(2, tr("Lost"));
  show_->setAccessibleName(tr("Changes to list"));
  show_->setToolTip(tr("Gained: the second run's answer scores higher; lost: lower"));
  table_->setAccessibleName(tr("Changed items"));
  detail_->setAccessibleName(tr("The chosen item"));
}

}  // namespace bandscope::app
