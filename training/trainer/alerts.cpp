// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/alerts.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace bandscope::trainer {

std::vector<Message> AlertWatch::step(const StepRow& row) {
  std::vector<Message> messages;
  if (!settings_.enabled) return messages;
  const double slack = row[Column::slack], rho = row[Column::rho];
  outside_ = slack < 0 ? outside_ + 1 : 0;
  if (outside_ == settings_.out_of_band_steps) {
    const bool below = row[Column::log_r_applied] < row[Column::log_r_star];
    messages.push_back(Message::tr("log r has been %1 the band for %2 steps: %3",
                                   below ? Message::tr("below") : Message::tr("above"), outside_,
                                   below ? Message::tr("both likelihoods tend to fall (pathway ii)")
                                         : Message::tr("both likelihoods tend to rise (pathway i)")));
  }
  if (rho >= settings_.rho_max && !told_rho_)
    messages.push_back(Message::tr("the scores are nearly parallel (rho %1): the band is only %2 wide",
                                   fmt::format("{:.4f}", rho), fmt::format("{:.4f}", -2.0 * std::log(rho))));
  told_rho_ = rho >= settings_.rho_max;
  const bool undefined = row[Column::uncalibrated] > 0;
  if (undefined && !told_undefined_) {
    const std::string count = fmt::format("{:.0f}", row[Column::uncalibrated]);
    const std::string d_w = fmt::format("{:.3g}", row[Column::d_w]), d_l = fmt::format("{:.3g}", row[Column::d_l]);
    messages.push_back(
        row[Column::alpha] == 1
            ? Message::tr("the incentive ratio is undefined in %1 micro-batch(es) of this step (d_w %2, d_l %3)", count,
                          d_w, d_l)
            : Message::tr("the incentive ratio is undefined in %1 micro-batch(es) of this step (d_w %2, d_l %3): alpha "
                          "comes from the averages",
                          count, d_w, d_l));
  }
  // Once in a run: where a hinge is off it comes and goes, and the column `uncalibrated` counts.
  told_undefined_ = told_undefined_ || undefined;
  return messages;
}

std::vector<Message> AlertWatch::probe(std::int64_t, const ProbeValues& now) {
  if (!start_ || start_->z_w.size() != now.z_w.size()) {
    start_ = now;
    return {};
  }
  const auto count = static_cast<double>(now.z_w.size());
  if (!settings_.enabled || count < 2) return {};
  double mean = 0, squares = 0, margin = 0;
  for (std::size_t i = 0; i < now.z_w.size(); ++i) {
    const double change = now.z_w[i] - start_->z_w[i];
    mean += change / count;
    squares += change * change / count;
    margin += (change - (now.z_l[i] - start_->z_l[i])) / count;
  }
  const double error = std::sqrt(std::max(0.0, squares - mean * mean) / (count - 1.0));
  const bool displaced = mean < -settings_.displacement_sigma * error && margin > 0;
  std::vector<Message> messages;
  if (displaced && !told_displacement_)
    messages.push_back(
        Message::tr("likelihood displacement: the probe pairs' z_w has fallen by %1 (standard error %2) "
                    "while their margin rose by %3",
                    fmt::format("{:.4g}", -mean), fmt::format("{:.2g}", error), fmt::format("{:.4g}", margin)));
  told_displacement_ = displaced;
  return messages;
}

nlohmann::json AlertWatch::state() const {
  nlohmann::json state = {
      {"outside", outside_}, {"rho", told_rho_}, {"undefined", told_undefined_}, {"displacement", told_displacement_}};
  if (start_) state["start"] = {{"z_w", start_->z_w}, {"z_l", start_->z_l}};
  return state;
}

void AlertWatch::load(const nlohmann::json& state) {
  outside_ = state.at("outside").get<std::int64_t>();
  told_rho_ = state.at("rho").get<bool>();
  told_undefined_ = state.at("undefined").get<bool>();
  told_displacement_ = state.at("displacement").get<bool>();
  if (state.contains("start"))
    start_ = ProbeValues{state["start"].at("z_w").get<std::vector<double>>(),
                         state["start"].at("z_l").get<std::vector<double>>()};
}

}  // namespace bandscope::trainer
