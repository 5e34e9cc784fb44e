// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns of a table of pairs are called and mean.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "app/help/terms.h"
#include "app/page/pair_values.h"

namespace bandscope::app {

QString pair_value_name(PairValue value);
QString pair_value_meaning(PairValue value);
/// The term of the glossary that says more; nothing where the meaning says all.
std::optional<Term> pair_value_term(PairValue value);
QString band_place_word(BandPlace place);

/// The head of a column; `runs` are the names of the two runs where there are two, which stand in a second line.
QString pair_column_name(PairColumn column, const QStringList& runs);
QString pair_column_meaning(PairColumn column, const QStringList& runs);
/// "z_w", or with two runs "dpo-rc/z_w" and "difference/z_w": as a file of values has it, the same in every language.
QString pair_column_key(PairColumn column, const QStringList& runs);

}  // namespace bandscope::app
