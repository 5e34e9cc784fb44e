// SPDX-License-Identifier: GPL-3.0-or-later
// A spec that means the same wherever its file lies.
#pragma once

#include <QString>
#include <functional>

#include "app/spec/spec_text.h"

namespace bandscope::app {

/// True for keys whose values are paths, or lists of them.
bool names_paths(const SpecKey& key);

/// Writes every path of the spec, swept and listed ones too, as `moved` makes it; those that are empty stay.
void move_paths(SpecText& spec, const std::function<QString(const QString& path)>& moved);

/// The TOML with every relative path made absolute from `base`.
QString portable_spec(const QString& toml, const QString& base);

}  // namespace bandscope::app
