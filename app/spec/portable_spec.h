// SPDX-License-Identifier: GPL-3.0-or-later
// A spec that means the same wherever its file lies.
#pragma once

#include <QString>

namespace bandscope::app {

/// The TOML with every relative path, swept ones too, made absolute from `base`.
QString portable_spec(const QString& toml, const QString& base);

}  // namespace bandscope::app
