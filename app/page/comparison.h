// SPDX-License-Identifier: GPL-3.0-or-later
// Final figures and config of several runs side by side, as a table of texts that is shown and copied.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "app/library/run_entry.h"
#include "core/run/summary.h"
#include "core/schema/message.h"

namespace bandscope::app {

/// What the comparison knows of one run.
struct ComparedRun {
  QString name;
  RunSummary summary;
  RunConfig config;
  Message error;  ///< why it could not be read
};

/// Head and rows; the first cell of a row says what it is. With exactly two runs there is a last column with the
/// difference, second minus first.
struct ComparisonTable {
  QStringList head;
  std::vector<QStringList> rows;
  QStringList tips;  ///< of what is compared, the first cell of each row; empty where it needs none
};

ComparedRun read_compared(const QString& record, const QString& name);
ComparisonTable final_figures(const std::vector<ComparedRun>& runs);
/// Keys of the specs whose values differ between the runs ("differences only"), or all keys.
ComparisonTable config_table(const std::vector<ComparedRun>& runs, bool differences_only);

/// The same with a row for each run. `tips` are those of the head's cells behind the first then.
ComparisonTable turned(const ComparisonTable& table);

QString as_text(const ComparisonTable& table);  ///< aligned columns
QString as_csv(const ComparisonTable& table);
QString as_latex(const ComparisonTable& table);  ///< booktabs

}  // namespace bandscope::app
