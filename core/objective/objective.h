// SPDX-License-Identifier: Apache-2.0
// Preference objectives as scalar mathematics (paper, Table 1 and section A.3): a loss of the two log-likelihoods and
// its incentive coefficients d_w = -dL/dz_w and d_l = dL/dz_l, Eq. (14). No tensors, no graph.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/objective/range.h"

namespace bandscope {

/// How a response's log-likelihood z is reduced over its tokens.
enum class Likelihood { mean, sum };

/// What the likelihood head must compute for an objective beside sums of log-probabilities.
enum class TokenStatistic {
  none,        ///< z = sum of log-probabilities
  importance,  ///< TI-DPO: tokens weighted by 1 - pi_theta, Eq. (26)
  kl,          ///< TDPO: sequential KL to the reference, Eq. (24)
};

/// One pair as an objective sees it. All in nats; lengths in response ids.
struct PairLikelihoods {
  double z_w = 0, z_l = 0;          ///< policy
  double z_w_ref = 0, z_l_ref = 0;  ///< reference; 0 where there is none
  double len_w = 1, len_l = 1;      ///< |y_w|, |y_l|
  double kl_w = 0;                  ///< D_w of Eq. (25), reduced as z is; TDPO only
};

/// Incentive coefficients of one pair, Eq. (14).
struct Incentives {
  double d_w = 0;
  double d_l = 0;
};

/// A named parameter of an objective, for the parser, the form and the docs.
struct ObjectiveParameter {
  std::string name;
  double default_value;
  Range range;       ///< what it may be
  std::string help;  ///< one line, no full stop
};

/// A preference objective with its parameters set.
class Objective {
 public:
  virtual ~Objective() = default;
  /// L(z) of one pair.
  virtual double loss(const PairLikelihoods& z) const = 0;
  /// Closed-form d_w, d_l of one pair (Table 1).
  virtual Incentives incentives(const PairLikelihoods& z) const = 0;
};

using ParameterValues = std::map<std::string, double, std::less<>>;

/// One row of the table of objectives.
struct ObjectiveInfo {
  std::string name;   ///< as in the spec, e.g. "dpo"
  std::string title;  ///< as printed, e.g. "DPO"
  bool needs_reference;
  bool entangled;         ///< Table 1's grouping: d_w or d_l depends on the other response as well
  bool unpaired = false;  ///< each response is weighed by itself, so that the two may answer prompts of their own
  TokenStatistic statistic;
  std::string source;  ///< the paper's equation, or who published an objective that the paper has not
  std::vector<ObjectiveParameter> parameters;
  /// `values` holds every parameter of `parameters`.
  std::function<std::unique_ptr<Objective>(const ParameterValues& values, Likelihood likelihood)> make;
};

/// All objectives, in the order in which they are offered.
std::span<const ObjectiveInfo> objectives();
/// nullptr when there is none of that name.
const ObjectiveInfo* find_objective(std::string_view name);
/// The names of those with ObjectiveInfo::unpaired, for people: "kto, ddro, …".
std::string unpaired_objectives();

}  // namespace bandscope
