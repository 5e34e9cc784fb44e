// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences of core, engine and figures, which are free of Qt's translation, for the window's language. A sentence
// stands here as it is written there, with %1, %2, ... at the place of its values; a test compares the two.
#pragma once

#include <span>

namespace bandscope::app {

struct Sentence {
  const char* text;         ///< English, in the translation context "Engine"
  const char* values = "";  ///< numbers of the values that are sentences or words of these tables themselves
};

std::span<const Sentence> run_sentences();
std::span<const Sentence> spec_sentences();
std::span<const Sentence> data_sentences();
std::span<const Sentence> model_sentences();
std::span<const Sentence> text_sentences();
std::span<const Sentence> record_sentences();
std::span<const Sentence> figure_sentences();

}  // namespace bandscope::app
