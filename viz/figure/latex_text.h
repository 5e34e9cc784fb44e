// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

namespace bandscope::viz {

/// Text as it stands in a LaTeX file, whatever a run's name has in it; symbols become mathematics.
QString latex_text(const QString& text);
/// The same of a record's texts.
inline std::string latex(const std::string& text) { return latex_text(QString::fromStdString(text)).toStdString(); }

}  // namespace bandscope::viz
