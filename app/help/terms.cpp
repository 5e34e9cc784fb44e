// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help/terms.h"

#include <QCoreApplication>
#include <QTextDocumentFragment>
#include <algorithm>

namespace bandscope::app {
namespace {

struct TermRow {
  Term term;
  const char *symbol, *name, *meaning, *equation, *source;
};

constexpr TermRow rows[] = {
    {Term::z_w, "z<sub>w</sub>", QT_TRANSLATE_NOOP("Terms", "log-likelihood of the chosen response"),
     QT_TRANSLATE_NOOP("Terms",
                       "How probable the model finds the response that was preferred, in nats: a mean per token "
                       "or a sum over the response, as the spec says."),
     "z<sub>w</sub> = log π<sub>θ</sub>(y<sub>w</sub> | x)", ""},
    {Term::z_l, "z<sub>l</sub>", QT_TRANSLATE_NOOP("Terms", "log-likelihood of the rejected response"),
     QT_TRANSLATE_NOOP("Terms", "The same of the response that was not preferred."),
     "z<sub>l</sub> = log π<sub>θ</sub>(y<sub>l</sub> | x)", ""},
    {Term::margin, "m", QT_TRANSLATE_NOOP("Terms", "margin"),
     QT_TRANSLATE_NOOP("Terms",
                       "How far the chosen response is ahead. It grows as well when both likelihoods fall and "
                       "the rejected one falls faster."),
     "m = z<sub>w</sub> − z<sub>l</sub>", "3.2"},
    {Term::reference, "π<sub>ref</sub>", QT_TRANSLATE_NOOP("Terms", "reference"),
     QT_TRANSLATE_NOOP("Terms",
                       "The model before training. Likelihoods against it, z̃, show what training changed, "
                       "whichever pairs a step has."),
     "z̃ = z − z<sub>ref</sub>", ""},
    {Term::effective_margin, "m̃", QT_TRANSLATE_NOOP("Terms", "effective margin"),
     QT_TRANSLATE_NOOP("Terms", "The margin against the reference; 0 before the first update."),
     "m̃ = z̃<sub>w</sub> − z̃<sub>l</sub>", ""},
    {Term::objective, "ℒ", QT_TRANSLATE_NOOP("Terms", "objective"),
     QT_TRANSLATE_NOOP("Terms",
                       "The loss that training lowers: a function of the two likelihoods. Its gradient is two "
                       "scores, each weighed by its incentive."),
     "−∇ℒ = d<sub>w</sub> s<sub>w</sub> − d<sub>l</sub> s<sub>l</sub>", "5"},
    {Term::incentives, "d<sub>w</sub>, d<sub>l</sub>", QT_TRANSLATE_NOOP("Terms", "incentives"),
     QT_TRANSLATE_NOOP("Terms",
                       "How strongly the objective pushes the chosen likelihood up and the rejected one down."),
     "d<sub>w</sub> = −∂ℒ/∂z<sub>w</sub>, d<sub>l</sub> = ∂ℒ/∂z<sub>l</sub>", "5"},
    {Term::scores, "s<sub>w</sub>, s<sub>l</sub>", QT_TRANSLATE_NOOP("Terms", "scores"),
     QT_TRANSLATE_NOOP("Terms",
                       "The directions in which the parameters raise each likelihood: of the output layer, or of "
                       "all that is trained."),
     "s<sub>w</sub> = ∇z<sub>w</sub>, s<sub>l</sub> = ∇z<sub>l</sub>", "5"},
    {Term::cosine, "ρ", QT_TRANSLATE_NOOP("Terms", "cosine of the scores"),
     QT_TRANSLATE_NOOP("Terms",
                       "How much the two responses pull the parameters the same way. The nearer to 1, the "
                       "narrower the band; at 0 or below there is none."),
     "ρ = ⟨s<sub>w</sub>, s<sub>l</sub>⟩ / (‖s<sub>w</sub>‖ ‖s<sub>l</sub>‖)", "7"},
    {Term::log_r, "log r", QT_TRANSLATE_NOOP("Terms", "log incentive ratio"),
     QT_TRANSLATE_NOOP("Terms",
                       "How much stronger the push on the chosen response is than that on the rejected one. "
                       "Inside the band, the two likelihoods part."),
     "log r = log d<sub>w</sub> − log d<sub>l</sub>", "9"},
    {Term::log_r_star, "log r*", QT_TRANSLATE_NOOP("Terms", "centre of the band"),
     QT_TRANSLATE_NOOP("Terms", "The ratio that is farthest from both edges; reward calibration steers towards it."),
     "log r* = log ‖s<sub>l</sub>‖ − log ‖s<sub>w</sub>‖", "11"},
    {Term::band, "", QT_TRANSLATE_NOOP("Terms", "disentanglement band"),
     QT_TRANSLATE_NOOP("Terms",
                       "The ratios log r at which the chosen likelihood does not fall and the rejected one does "
                       "not rise. Below it both fall, above it both rise."),
     "log r* + log ρ ≤ log r ≤ log r* − log ρ", "9"},
    {Term::slack, "Δ", QT_TRANSLATE_NOOP("Terms", "slack"),
     QT_TRANSLATE_NOOP("Terms", "Distance of log r to the nearer edge of the band; below 0 outside."),
     "Δ = −log ρ − |log r − log r*|", "10"},
    {Term::calibration, "RC", QT_TRANSLATE_NOOP("Terms", "reward calibration"),
     QT_TRANSLATE_NOOP("Terms",
                       "Scales the two incentives against each other, so that log r moves to the band's centre. "
                       "The loss and its value stay what they are. w/ RC: with it, w/o RC: without it."),
     "d<sub>w</sub> → α d<sub>w</sub>, d<sub>l</sub> → d<sub>l</sub> / α", "12"},
    {Term::alpha, "α", QT_TRANSLATE_NOOP("Terms", "calibration factor"),
     QT_TRANSLATE_NOOP("Terms",
                       "What reward calibration multiplies the chosen incentive by and divides the rejected one "
                       "by, from moving means of both ratios; 1 without it."),
     "α = exp(½ (mean log r* − mean log r))", "63"},
    {Term::log_r_applied, "log α²r", QT_TRANSLATE_NOOP("Terms", "log ratio as applied"),
     QT_TRANSLATE_NOOP("Terms", "The ratio of the two incentives after calibration; without it the same as log r."),
     "log α²r = log r + 2 log α", "12"},
    {Term::pathways, "(i) (ii) (iii)", QT_TRANSLATE_NOOP("Terms", "pathways"),
     QT_TRANSLATE_NOOP("Terms",
                       "How the two likelihoods move: both rise, both fall, or they part (disentangled). Which of "
                       "them, log r and the band decide."),
     "", QT_TRANSLATE_NOOP("Terms", "Table 2")},
    {Term::both_rise, "(i)", QT_TRANSLATE_NOOP("Terms", "both rise"),
     QT_TRANSLATE_NOOP("Terms",
                       "The chosen and the rejected response both become more probable: log r is above the band."),
     "ż<sub>w</sub> &gt; 0, ż<sub>l</sub> &gt; 0", QT_TRANSLATE_NOOP("Terms", "Table 2")},
    {Term::both_fall, "(ii)", QT_TRANSLATE_NOOP("Terms", "both fall"),
     QT_TRANSLATE_NOOP("Terms", "Both become less probable, even the one that was preferred: log r is below the band."),
     "ż<sub>w</sub> &lt; 0, ż<sub>l</sub> &lt; 0", QT_TRANSLATE_NOOP("Terms", "Table 2")},
    {Term::disentangled, "(iii)", QT_TRANSLATE_NOOP("Terms", "disentangled"),
     QT_TRANSLATE_NOOP("Terms",
                       "The chosen response does not fall and the rejected one does not rise: log r is in the band."),
     "ż<sub>w</sub> ≥ 0, ż<sub>l</sub> ≤ 0", QT_TRANSLATE_NOOP("Terms", "Table 2")},
    {Term::reversed, "", QT_TRANSLATE_NOOP("Terms", "reversed"),
     QT_TRANSLATE_NOOP("Terms",
                       "The chosen response falls while the rejected one does not, or the rejected one rises while "
                       "the chosen one does not: against the preference. The paper's table has no such row."),
     "ż<sub>w</sub> &lt; 0 ≤ ż<sub>l</sub>", ""},
    {Term::predicted, "", QT_TRANSLATE_NOOP("Terms", "predicted pathway"),
     QT_TRANSLATE_NOOP("Terms", "The pathway that log r and the scores of a step give for that step's own pairs."),
     "ż<sub>w</sub> = d<sub>w</sub>‖s<sub>w</sub>‖² − d<sub>l</sub>⟨s<sub>w</sub>, s<sub>l</sub>⟩", "6"},
    {Term::realised, "", QT_TRANSLATE_NOOP("Terms", "realised pathway"),
     QT_TRANSLATE_NOOP("Terms",
                       "The pathway of the change of both likelihoods. With scores.after_update, of each step's own "
                       "pairs before and after its update; else to the next step, against the reference. The next "
                       "step has other pairs: one step says little, many show the trend."),
     "", ""},
    {Term::probe, "", QT_TRANSLATE_NOOP("Terms", "probe set"),
     QT_TRANSLATE_NOOP("Terms", "Pairs held out from training and looked at again and again, the same each time."), "",
     ""},
};

struct TermStrings {
  Q_DECLARE_TR_FUNCTIONS(Terms)
};

QString said(const char* text) { return *text ? TermStrings::tr(text) : QString(); }

TermEntry entry_of(const TermRow& row) {
  const QString source = QString::fromUtf8(row.source);
  // Corollaries and tables are named, equations numbered.
  const bool number = !source.isEmpty() && source[0].isDigit() && !source.contains(QLatin1Char('.'));
  return {row.term,
          QString::fromUtf8(row.symbol),
          said(row.name),
          said(row.meaning),
          QString::fromUtf8(row.equation),
          source.isEmpty()      ? QString()
          : number              ? TermStrings::tr("Eq. (%1)").arg(source)
          : source[0].isDigit() ? TermStrings::tr("Corollary %1").arg(source)
                                : said(row.source)};
}

QString heading(const TermEntry& words) {
  return words.symbol.isEmpty() ? words.name : QStringLiteral("%1 — %2").arg(words.symbol, words.name);
}

}  // namespace

std::vector<TermEntry> all_terms() {
  std::vector<TermEntry> terms;
  for (const TermRow& row : rows) terms.push_back(entry_of(row));
  return terms;
}

TermEntry term_entry(Term term) {
  const auto* row = std::find_if(std::begin(rows), std::end(rows), [&](const TermRow& at) { return at.term == term; });
  return entry_of(*row);
}

QString term_text(Term term) {
  const TermEntry words = term_entry(term);
  QString tip = QStringLiteral("<b>%1</b><br>%2").arg(heading(words), words.meaning);
  if (!words.equation.isEmpty()) {
    tip += QStringLiteral("<br><nobr>%1</nobr>").arg(words.equation);
    if (!words.source.isEmpty()) tip += QStringLiteral(" \u00a0 %1").arg(words.source);
  }
  return tip;
}

QString term_tip(Term term) { return QStringLiteral("<qt>%1</qt>").arg(term_text(term)); }

QString term_description(Term term) {
  const TermEntry words = term_entry(term);
  return QTextDocumentFragment::fromHtml(QStringLiteral("%1. %2").arg(heading(words), words.meaning)).toPlainText();
}

}  // namespace bandscope::app
