// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/plain_table.h"

#include <QHeaderView>
#include <QTableView>

#include "app/base/color_scheme.h"

namespace bandscope::app {

void make_plain(QTableView* table) {
  table->setShowGrid(false);
  table->setAlternatingRowColors(true);
  table->setWordWrap(false);
  table->setTabKeyNavigation(false);
  table->verticalHeader()->hide();
  table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + grid);
  table->horizontalHeader()->setHighlightSections(false);
}

}  // namespace bandscope::app
