// SPDX-License-Identifier: GPL-3.0-or-later
// The shown rows of a table of pairs as text: values in full precision under the names of the record's columns.
#pragma once

#include <QHash>
#include <QIODevice>
#include <QString>
#include <QStringList>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "app/page/pair_texts.h"
#include "app/page/pair_values.h"

namespace bandscope::app {

struct PairExport {
  PairRowsPtr rows;
  std::vector<std::uint32_t> order;  ///< the shown ones, as shown
  QStringList runs;                  ///< names of two runs
  char separator = ',';              ///< or '\t', as spreadsheets paste it
  /// By line, for the columns prompt, chosen and rejected; null: without them.
  const QHash<qint64, PairTextParts>* texts = nullptr;
};

/// Lines counted from 1, as the table shows them. False when writing failed or was stopped.
bool write_pairs(QIODevice& out, const PairExport& pairs, const std::stop_token& stop = {});

}  // namespace bandscope::app
