// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a pair's texts with their tokens coloured by the change of their log-probability.
#pragma once

#include "app/page/pair_texts.h"
#include "app/page/token_changes.h"

class QTextEdit;

namespace bandscope::app {

/// Prompt, chosen and rejected response in place of what `view` holds; what is beyond the scale is underlined.
void write_tokens(QTextEdit& view, const PairTokens& pair, const TokenScale& scale);
/// The texts alone, of which nothing is known.
void write_texts(QTextEdit& view, const PairTextParts& texts);

}  // namespace bandscope::app
