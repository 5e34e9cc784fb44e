// SPDX-License-Identifier: GPL-3.0-or-later
// Text from files (prompts, names, paths, messages) where Qt takes what looks like HTML for HTML: in tooltips, in
// labels of no fixed format, in message boxes.
#pragma once

#include <QString>

namespace bandscope::app {

/// Text that is shown as it is there, with its line breaks; one that Qt would not take for HTML stays itself.
QString plain_text(const QString& text);

/// On one line, and cut after `most` characters: for words of another machine.
QString one_line(const QString& text, qsizetype most);

}  // namespace bandscope::app
