// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace bandscope::app {

/// The look of a page's tables: rows of one line without grid and numbers, every other one shaded; Tab leaves the
/// table.
void make_plain(QTableView* table);

}  // namespace bandscope::app
