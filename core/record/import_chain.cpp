// SPDX-License-Identifier: Apache-2.0
// margin_chain.jsonl of the paper's published code (scripts/dpo_trainer.py): one JSON object per line, with a step and
// the quantities of the decomposition. Names differ between versions and forks, so each quantity is known by several.
// That code's db/lower, db/upper and db/slack are of its averages, not of the step, and not read.
#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <string_view>

#include "core/error.h"
#include "core/input/json.h"
#include "core/record/import_log.h"

namespace bandscope::record {

namespace {

enum class Scale { linear, logarithm };  ///< logarithm: the log holds r, the record log r

struct Quantity {
  Column column;
  Scale scale;
  std::vector<std::string_view> names;
};

const std::vector<Quantity>& quantities() {
  using enum Scale;
  static const std::vector<Quantity> all = {
      {Column::epoch, linear, {"epoch"}},
      {Column::time, linear, {"time", "elapsed", "wall_time"}},
      {Column::seconds, linear, {"seconds", "step_time"}},
      {Column::tokens, linear, {"tokens"}},
      {Column::learning_rate, linear, {"learning_rate", "lr"}},
      {Column::loss, linear, {"loss", "train_loss"}},
      {Column::z_w,
       linear,
       {"z_w", "zw", "logp_w", "logps_w", "chosen_logp", "chosen_logps", "logp_chosen", "logps_chosen", "logps/chosen",
        "policy_chosen_logps", "chosen_mean_logp", "z_w_mean"}},
      {Column::z_l,
       linear,
       {"z_l", "zl", "logp_l", "logps_l", "rejected_logp", "rejected_logps", "logp_rejected", "logps_rejected",
        "logps/rejected", "policy_rejected_logps", "rejected_mean_logp", "z_l_mean"}},
      {Column::z_w_ref,
       linear,
       {"z_w_ref", "zw_ref", "ref_z_w", "ref_zw", "ref_chosen_logp", "ref_chosen_logps", "reference_chosen_logps"}},
      {Column::z_l_ref,
       linear,
       {"z_l_ref", "zl_ref", "ref_z_l", "ref_zl", "ref_rejected_logp", "ref_rejected_logps",
        "reference_rejected_logps"}},
      {Column::margin, linear, {"margin", "z_margin", "logp_margin", "m"}},
      {Column::effective_margin,
       linear,
       {"effective_margin", "tilde_m", "reward_margin", "rewards_margin", "rewards/margins"}},
      {Column::accuracy, linear, {"accuracy", "acc", "reward_accuracy", "rewards/accuracies"}},
      {Column::d_w, linear, {"d_w", "dw", "incentive_w", "dw_mean", "d_w_mean"}},
      {Column::d_l, linear, {"d_l", "dl", "incentive_l", "dl_mean", "d_l_mean"}},
      {Column::score_norm_w,
       linear,
       {"score_norm_w", "sw_l2", "s_w_norm", "sw_norm", "norm_s_w", "norm_sw", "norm_w", "score_w_norm"}},
      {Column::score_norm_l,
       linear,
       {"score_norm_l", "sl_l2", "s_l_norm", "sl_norm", "norm_s_l", "norm_sl", "norm_l", "score_l_norm"}},
      {Column::score_dot, linear, {"score_dot", "sw_sl_dot", "dot", "s_dot", "sw_dot_sl", "inner_product"}},
      {Column::rho, linear, {"rho", "cos", "cosine", "cos_sim", "cosine_similarity"}},
      {Column::log_r, linear, {"log_r", "logr", "log_ratio"}},
      {Column::log_r, logarithm, {"r", "ratio"}},
      {Column::log_r_star, linear, {"log_r_star", "logr_star", "log_rstar", "log_r*"}},
      {Column::log_r_star, logarithm, {"r_star", "rstar", "r*"}},
      {Column::log_r_applied, linear, {"log_r_applied", "log_r_calibrated", "log_r_rc"}},
      {Column::band_lower, linear, {"band_lower", "log_lower", "db_lower", "log_r_lower", "lower"}},
      {Column::band_upper, linear, {"band_upper", "log_upper", "db_upper", "log_r_upper", "upper"}},
      {Column::slack, linear, {"slack"}},
      {Column::ema_log_r, linear, {"ema_log_r", "log_r_ema", "db/log_r_ema"}},
      {Column::ema_log_r_star, linear, {"ema_log_r_star", "log_r_star_ema", "db/log_r_star_ema"}},
      {Column::alpha, linear, {"alpha", "rc_alpha", "db/alpha"}},
      {Column::grad_norm, linear, {"grad_norm"}},
      {Column::memory, linear, {"memory", "peak_memory"}},
  };
  return all;
}

/// What a name stands for, and its rank among the names of that column: a line may have several of them, which need not
/// be the same number (a mean and a sum), so that the first one counts.
struct Meaning {
  const Quantity* quantity = nullptr;
  int rank = 0;
};

const Meaning* meaning_of(const std::string& name) {
  static const std::map<std::string_view, Meaning> all = [] {
    std::map<std::string_view, Meaning> made;
    int rank = 0;
    for (const auto& quantity : quantities())
      for (const auto known : quantity.names) made.emplace(known, Meaning{&quantity, rank++});
    return made;
  }();
  const auto at = all.find(name);
  return at == all.end() ? nullptr : &at->second;
}

/// The published code's `loss_type`, and the objective's name here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> loss_types = {{{"DPO", "dpo"},
                                                                                       {"TIDPO", "ti-dpo"},
                                                                                       {"SIMPO", "simpo"},
                                                                                       {"LSIF", "dil-lsif"},
                                                                                       {"BCE", "dil-bce"},
                                                                                       {"UKL", "dil-ukl"},
                                                                                       {"IPO", "ipo"},
                                                                                       {"CPO", "cpo"},
                                                                                       {"SLIC", "slic"},
                                                                                       {"DDRO", "ddro"}}};
/// Of its calibration's state, which it logs in calibrated runs alone.
constexpr std::string_view calibration_keys = "db/";

double value_of(const Quantity& quantity, double value) {
  if (quantity.scale == Scale::linear) return value;
  return value > 0 ? std::log(value) : std::nan("");
}

/// Values of the lines of one step, averaged: the log may have a line per micro-batch. Tokens are those of all lines.
struct StepSums {
  StepRow sums;
  std::array<int, column_count> counts{};
  std::array<double, token_counters.size()> tokens_so_far{std::nan(""), std::nan("")};

  void add(Column column, double value) {
    if (std::isnan(value)) return;
    const auto i = static_cast<std::size_t>(column);
    sums.values[i] = counts[i]++ == 0 ? value : sums.values[i] + value;
  }
  StepRow mean() const {
    StepRow row = sums;
    for (std::size_t i = 0; i < column_count; ++i)
      if (counts[i] > 1 && static_cast<Column>(i) != Column::tokens) row.values[i] /= counts[i];
    return row;
  }
};

class ChainReader {
 public:
  ChainReader(ImportedLog& log, const std::string& origin) : log_(log), origin_(origin) {}

  void read(const std::string& line, const std::string& where) {
    const nlohmann::json entry = object_of_line(line, where);
    const char* step_key = nullptr;
    for (const char* key : {"step", "global_step", "iteration", "iter"})
      if (step_key == nullptr && entry.contains(key)) step_key = key;
    if (step_key == nullptr) throw DataError(Message::tr("%1 has no step", where));
    begin(step_of(entry[step_key], step_key, where));

    std::array<const Meaning*, column_count> best{};
    std::array<double, column_count> values{};
    double above_ref_w = std::nan(""), above_ref_l = std::nan("");
    for (const auto& [key, value] : entry.items()) {
      if (key == step_key) continue;
      if (const auto counter = std::ranges::find(token_counters, key); counter != token_counters.end()) {
        current_.tokens_so_far[static_cast<std::size_t>(counter - token_counters.begin())] =
            count_of(value, key, where);
        continue;
      }
      if (key == "loss_type" && value.is_string()) {
        loss_type_ = value.get<std::string>();
        continue;
      }
      calibrated_ = calibrated_ || key.starts_with(calibration_keys);
      if (key == "rw" || key == "rl") {  // log-probabilities over the reference's
        (key == "rw" ? above_ref_w : above_ref_l) = number_of(value, key, where);
        continue;
      }
      const auto* meaning = meaning_of(key);
      if (!meaning) {
        log_.unknown.insert(key);
        continue;
      }
      const bool is_count = meaning->quantity->column == Column::tokens;
      const double number =
          value_of(*meaning->quantity, is_count ? count_of(value, key, where) : number_of(value, key, where));
      if (std::isnan(number)) continue;
      const auto i = static_cast<std::size_t>(meaning->quantity->column);
      if (best[i] && values[i] != number) doubled_.insert(best[i]->rank < meaning->rank ? key : names_[i]);
      if (best[i] && best[i]->rank < meaning->rank) continue;
      best[i] = meaning, values[i] = number, names_[i] = key;
    }
    for (std::size_t i = 0; i < column_count; ++i)
      if (best[i]) current_.add(static_cast<Column>(i), values[i]);
    const auto add_reference = [&](Column reference, Column own, double above) {
      const auto i = static_cast<std::size_t>(own);
      if (best[i] && !best[static_cast<std::size_t>(reference)]) current_.add(reference, values[i] - above);
    };
    add_reference(Column::z_w_ref, Column::z_w, above_ref_w);
    add_reference(Column::z_l_ref, Column::z_l, above_ref_l);
  }
  bool any() const { return any_; }

  void finish() {
    if (any_) end_step();
    const bool counted_by_step =
        std::ranges::any_of(log_.steps, [](const StepRow& row) { return !std::isnan(row[Column::tokens]); });
    for (const auto& counts : tokens_so_far_) {
      if (counted_by_step || std::ranges::all_of(counts, [](double count) { return std::isnan(count); })) continue;
      const auto added = increments(counts);
      for (std::size_t i = 0; i < added.size(); ++i) log_.steps[i][Column::tokens] = added[i];
      break;
    }
    go_on_rising(log_.steps, Column::time);
    go_on_rising(log_.steps, Column::epoch);
    if (several_) log_.remarks.push_back(averaged());
    log_.calibrated = calibrated_;
    if (calibrated_)
      log_.remarks.push_back(
          Message::tr("a calibrated run of the published code is logged before each calibration: its scores are those "
                      "of micro-batches one earlier, clipped together by the largest gradient norm; d_w, d_l, alpha "
                      "and the averages are those of the micro-batch before the step's last"));
    const auto* name = std::ranges::find(loss_types, loss_type_, &std::pair<std::string_view, std::string_view>::first);
    if (name != loss_types.end()) {
      log_.spec = "[objective]\nname = \"" + std::string(name->second) +
                  "\"\n[calibration]\nenabled = " + (calibrated_ ? "true" : "false") + "\n";
    } else if (!loss_type_.empty()) {
      log_.unknown.insert("loss_type");
    }
    if (times_back_ > 0) log_.remarks.push_back(went_back(times_back_));
    if (!doubled_.empty())
      log_.remarks.push_back(
          Message::tr("left out, since another name of the same quantity is there: %1", listed(doubled_)));
  }

 private:
  void begin(std::int64_t step) {
    if (any_ && step == current_.sums.step) {
      several_ = true;
      return;
    }
    if (any_) {
      const bool back = step < current_.sums.step;
      end_step();
      if (back) go_back(step);
    }
    current_ = {};
    current_.sums.step = step;
    any_ = true;
  }

  /// What follows a resume takes the place of what the interrupted run had logged after its checkpoint.
  void go_back(std::int64_t step) {
    ++times_back_;
    const auto kept = std::ranges::lower_bound(log_.steps, step, {}, &StepRow::step) - log_.steps.begin();
    log_.steps.resize(static_cast<std::size_t>(kept));
    for (auto& counts : tokens_so_far_) counts.resize(static_cast<std::size_t>(kept));
  }

  void end_step() {
    log_.steps.push_back(current_.mean());
    for (std::size_t i = 0; i < token_counters.size(); ++i) tokens_so_far_[i].push_back(current_.tokens_so_far[i]);
    check_length(log_, origin_);
  }

  ImportedLog& log_;
  const std::string& origin_;
  StepSums current_;
  std::array<std::vector<double>, token_counters.size()> tokens_so_far_;  ///< of the rows of log_.steps
  std::array<std::string, column_count> names_;                           ///< that the columns were read from last
  std::set<std::string> doubled_;
  std::string loss_type_;
  int times_back_ = 0;
  bool any_ = false, several_ = false, calibrated_ = false;
};

}  // namespace

ImportedLog import_margin_chain(const std::string& text, const std::string& origin) {
  ImportedLog log;
  log.kind = "a margin chain";
  log.source = Message::tr("a margin chain %1", origin);
  ChainReader reader(log, origin);
  std::istringstream lines(text);
  std::string line;
  bool cut = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::string where = origin + ", line " + std::to_string(number);
    cut = lines.eof() && reader.any() && !try_json(line, JsonNumbers::python);
    if (!cut) reader.read(line, where);
  }
  reader.finish();
  if (cut) log.remarks.push_back(ends_within_a_line());
  return log;
}

}  // namespace bandscope::record
