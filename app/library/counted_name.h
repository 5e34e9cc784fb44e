// SPDX-License-Identifier: GPL-3.0-or-later
// How names of runs count on where one is used: dpo, dpo-2, dpo-3.
#pragma once

#include <QString>
#include <functional>

namespace bandscope::app {

/// `name` where it is not used; else the first of name-2, name-3, … that is not. A number at its end counts on only
/// where it was counted before: "seed-42" is not the 42nd "seed". Empty where none of the first thousand is free.
QString counted_name(const QString& name, const std::function<bool(const QString&)>& used);

}  // namespace bandscope::app
