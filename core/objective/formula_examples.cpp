// SPDX-License-Identifier: Apache-2.0
#include "core/objective/formula_examples.h"

namespace bandscope {

std::span<const FormulaExample> formula_examples() {
  static const std::vector<FormulaExample> examples = {
      {Message::plain("DPO"), "softplus(-beta*((zw - zw_ref) - (zl - zl_ref)))", {{"beta", 0.1}}, "dpo"},
      {Message::plain("IPO"), "((zw - zw_ref) - (zl - zl_ref) - 1/(2*tau))^2", {{"tau", 0.1}}, "ipo"},
      {Message::plain("R-DPO"),
       "softplus(-beta*((zw - zw_ref) - (zl - zl_ref)) - alpha*(len_w - len_l))",
       {{"beta", 0.1}, {"alpha", 0.01}},
       "r-dpo"},
      {Message::plain("SimPO"), "softplus(gamma - beta*(zw_mean - zl_mean))", {{"gamma", 1.0}, {"beta", 0.1}}, "simpo"},
      {Message::plain("CPO"), "softplus(-beta*(zw - zl)) - lambda*zw", {{"beta", 0.1}, {"lambda", 1.0}}, "cpo"},
      {Message::plain("RRHF"), "step(zl - zw)*(zl - zw) - lambda*zw", {{"lambda", 0.1}}, "rrhf"},
      {Message::plain("KTO"),
       "lambda_w*sigmoid(zw_ref - zw) + lambda_l*sigmoid(zl - zl_ref)",
       {{"lambda_w", 1.0}, {"lambda_l", 1.0}},
       "kto"},
      {Message::plain("ORPO"),
       "-zw_mean - lambda*logsigmoid(zw_mean - log(1 - exp(zw_mean)) - zl_mean + log(1 - exp(zl_mean)))",
       {{"lambda", 0.1}},
       "orpo"},
      {Message::plain("DPOP"),
       "softplus(-beta*((zw - zw_ref) - (zl - zl_ref) - lambda*relu(zw_ref - zw)))",
       {{"beta", 0.1}, {"lambda", 50.0}},
       "dpop"},
      {Message::plain("SimPER"), "exp(zl_mean) - exp(zw_mean)", {}, "simper"},
      // Lambert et al., 2024 (Tülu 3); TRL's sigmoid_norm.
      {Message::tr("DPO, normalised by length"),
       "softplus(-beta*((zw_mean - zw_ref_mean) - (zl_mean - zl_ref_mean)))",
       {{"beta", 5.0}}},
      // Pang et al., 2024 (iterative RPO); also TRL's sigmoid beside sft.
      {Message::tr("DPO with the chosen likelihood"),
       "softplus(-beta*((zw - zw_ref) - (zl - zl_ref))) - lambda*zw_mean",
       {{"beta", 0.1}, {"lambda", 1.0}}},
      // Amini et al., 2024 (ODPO).
      {Message::tr("DPO with an offset"),
       "softplus(offset - beta*((zw - zw_ref) - (zl - zl_ref)))",
       {{"offset", 0.5}, {"beta", 0.1}}},
      // Gupta et al., 2025; TRL's CPOTrainer with alpha.
      {Message::plain("AlphaPO"),
       "softplus(gamma - beta*((1 - exp(-alpha*zw_mean)) - (1 - exp(-alpha*zl_mean)))/alpha)",
       {{"gamma", 0.5}, {"beta", 2.5}, {"alpha", 0.25}}},
      // Jung et al., 2024, without its shift; TRL's bco_pair.
      {Message::plain("BCO"), "softplus(-beta*(zw - zw_ref)) + softplus(beta*(zl - zl_ref))", {{"beta", 0.1}}},
  };
  return examples;
}

}  // namespace bandscope
