// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help/panel_terms.h"

#include <initializer_list>

#include "app/help/terms.h"

namespace bandscope::app {
namespace {

struct PanelTerms {
  const char* part;
  std::initializer_list<Term> terms;
};

}  // namespace

QString panel_tip(const QString& part) {
  using enum Term;
  static const PanelTerms panels[] = {{"band-without", {log_r, log_r_star, band}},
                                      {"band-with", {log_r_applied, alpha, log_r_star, band}},
                                      {"band", {log_r, log_r_star, band}},
                                      {"output", {scores, log_r, band}},
                                      {"all", {scores, log_r, band}},
                                      {"both", {scores, log_r, band}},
                                      {"likelihood", {z_w, z_l}},
                                      {"difference-likelihood", {z_w, z_l}},
                                      {"probe-likelihood", {probe, z_w, z_l}},
                                      {"margin", {margin}},
                                      {"difference-margin", {margin}},
                                      {"predicted-margin", {margin, predicted}},
                                      {"probe-margin", {probe, margin}},
                                      {"probe-accuracy", {probe, effective_margin}},
                                      {"accuracy", {effective_margin}},
                                      {"pathway-plane", {pathways, z_w, z_l}},
                                      {"pathway-strip", {predicted, realised, pathways, reversed}},
                                      {"cosine", {cosine}},
                                      {"incentives", {incentives}},
                                      {"scores", {scores}},
                                      {"alpha", {alpha, calibration}},
                                      {"emas", {log_r, log_r_star, alpha}},
                                      {"slack", {slack, band}},
                                      {"loss", {objective}}};
  for (const PanelTerms& panel : panels) {
    if (part != QLatin1String(panel.part)) continue;
    QString tip;
    for (const Term term : panel.terms) tip += QStringLiteral("<p>%1</p>").arg(term_text(term));
    return QStringLiteral("<qt>%1</qt>").arg(tip);
  }
  return {};
}

}  // namespace bandscope::app
