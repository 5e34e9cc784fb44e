// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/runs_table.h"

#include <QEvent>
#include <QHeaderView>
#include <algorithm>

#include "app/base/amounts.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/launch/spec_labels.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"

namespace bandscope::app {
namespace {

constexpr int most_rows = 500, rows_seen = 6;

QString column_title(const QString& key) {
  if (key == QLatin1String("calibration.enabled")) return QStringLiteral("RC");
  for (const auto& known : spec_keys()) {
    if (key == QLatin1String(known.key.c_str())) return spec_label(known);
  }
  return key.section(QLatin1Char('.'), -1);
}

QString shown_value(const QString& key, const SpecText& run) {
  const QString value = toml_unquoted(run.value(key).value_or(QString()));
  if (key == QLatin1String("calibration.enabled")) {
    return value == QLatin1String("true") ? RunsTable::tr("w/") : RunsTable::tr("w/o");
  }
  return value;
}

}  // namespace

RunsTable::RunsTable(QWidget* parent) : QTableWidget(parent) {
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setSelectionMode(QAbstractItemView::NoSelection);
  setTabKeyNavigation(false);
  setShowGrid(false);
  setFrameShape(QFrame::NoFrame);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void RunsTable::show(const std::vector<RunSpec>& specs, const QStringList& swept) {
  specs_ = specs;
  swept_ = swept;
  render();
}

void RunsTable::setPlans(const std::vector<RunPlan>& plans) {
  plans_ = plans;
  render();
}

void RunsTable::render() {
  setVisible(specs_.size() > 1);
  if (specs_.size() < 2) return;
  QStringList titles{tr("Run")};
  for (const auto& key : swept_) titles << column_title(key);
  if (!plans_.empty()) titles << tr("Steps") << tr("Memory") << tr("Time");
  clear();
  setColumnCount(int(titles.size()));
  setHorizontalHeaderLabels(titles);
  const int shown = int(std::min<std::size_t>(specs_.size(), most_rows));
  const int more = int(specs_.size()) - shown;
  setRowCount(shown + (more > 0 ? 1 : 0));
  for (int row = 0; row < shown; ++row) {
    const auto& spec = specs_[std::size_t(row)];
    const QString name = QString::fromStdString(spec.run.name);
    const SpecText text(QString::fromStdString(to_toml(spec)));
    QStringList cells{name};
    for (const auto& key : swept_) cells << shown_value(key, text);
    const auto plan = std::find_if(plans_.begin(), plans_.end(), [&](const RunPlan& p) { return p.name == name; });
    const bool known = plan != plans_.end();
    if (!plans_.empty())
      cells << (known && plan->steps > 0 ? count_text(plan->steps) : QString())
            << (known && plan->memory_total > 0 ? bytes_text(plan->memory_total) : QString())
            << (known && plan->seconds_total ? brief_duration(*plan->seconds_total) : QString());
    for (int column = 0; column < cells.size(); ++column) {
      auto* item = new QTableWidgetItem(cells[column]);
      if (known) item->setToolTip(plain_text(plan_details(*plan)));
      setItem(row, column, item);
    }
  }
  if (more > 0) setItem(shown, 0, new QTableWidgetItem(tr("and %n more", nullptr, more)));
  resizeColumnsToContents();
  horizontalHeader()->setStretchLastSection(true);
  const int rows = std::min(rowCount(), rows_seen);
  setFixedHeight(horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 2);
}

void RunsTable::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) render();
  QTableWidget::changeEvent(event);
}

}  // namespace bandscope::app
