// SPDX-License-Identifier: GPL-3.0-or-later
// The field's terms: what each symbol and word of the window means, once, for tooltips and the glossary alike. Symbols
// and equations are the paper's; its equation's number stands with each.
#pragma once

#include <QString>
#include <vector>

namespace bandscope::app {

enum class Term {
  z_w,
  z_l,
  margin,
  reference,
  effective_margin,
  objective,
  incentives,
  scores,
  cosine,
  log_r,
  log_r_star,
  band,
  slack,
  calibration,
  alpha,
  log_r_applied,
  pathways,
  both_rise,
  both_fall,
  disentangled,
  reversed,
  predicted,
  realised,
  probe,
};

/// One term in the reader's language.
struct TermEntry {
  Term term;
  QString symbol;    ///< rich text, "z<sub>w</sub>"; empty where the term is a word alone
  QString name;      ///< "log-likelihood of the chosen response"
  QString meaning;   ///< a sentence or two
  QString equation;  ///< rich text; empty where it has none
  QString source;    ///< "Eq. (9)"; empty where the paper has none
};

/// Every term, in the order in which one builds on another.
std::vector<TermEntry> all_terms();
TermEntry term_entry(Term term);
/// Rich text: name, meaning and equation.
QString term_text(Term term);
/// What stands at a symbol or word: term_text() as a tooltip of a readable width.
QString term_tip(Term term);
/// The same in plain text, for screen readers.
QString term_description(Term term);

}  // namespace bandscope::app
