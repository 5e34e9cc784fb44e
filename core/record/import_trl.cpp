// SPDX-License-Identifier: Apache-2.0
// TRL's trainer_state.json (DPOTrainer and its kin): `log_history` holds one object per logging step, one per
// evaluation (keys with eval_) and evaluated set, and a last one with the totals of the run.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "core/input/json.h"
#include "core/record/import_log.h"

namespace bandscope::record {

namespace {

using Json = nlohmann::json;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view evaluated = "eval_";

struct Name {
  std::string_view key;
  Column column;
};
/// logps/… are sums over the response's tokens, means over the batch. rewards/margins is beta times the margin relative
/// to the reference, which stands for it only where the reference's log-probabilities are not logged: beta is not.
constexpr std::array names = {
    Name{"loss", Column::loss},
    Name{"epoch", Column::epoch},
    Name{"learning_rate", Column::learning_rate},
    Name{"grad_norm", Column::grad_norm},
    Name{"logps/chosen", Column::z_w},
    Name{"logps/rejected", Column::z_l},
    Name{"ref_logps/chosen", Column::z_w_ref},
    Name{"ref_logps/rejected", Column::z_l_ref},
    Name{"rewards/margins", Column::effective_margin},
    Name{"rewards/accuracies", Column::accuracy},
};

/// The column that a key stands for: TRL's name of it, or the record's own.
std::optional<Column> column_of(const std::string& key) {
  if (const auto name = std::ranges::find(names, key, &Name::key); name != names.end()) return name->column;
  const auto own = std::ranges::find(column_names, key);
  if (own == column_names.end()) return std::nullopt;
  return static_cast<Column>(own - column_names.begin());
}

bool says_more_than_totals(const std::string& key) {
  return key != "step" && key != "epoch" && (is_quantity(key) || key.starts_with(evaluated));
}

/// The evaluations of one set.
struct Series {
  std::string set;
  std::vector<ProbeRow> rows;
};

/// Names of the sets that an entry of an evaluation is about; "" where there is only one, which has none.
std::set<std::string> sets_of(const Json& entry) {
  const auto with = [&](std::string_view ending) {
    std::set<std::string> sets;
    for (const auto& [key, value] : entry.items()) {
      if (!key.starts_with(evaluated) || !key.ends_with(ending)) continue;
      const std::size_t length = key.size() - evaluated.size();
      if (length < ending.size()) continue;
      const std::string set = key.substr(evaluated.size(), length - ending.size());
      if (set.empty() || set.ends_with('_')) sets.insert(set.substr(0, set.empty() ? 0 : set.size() - 1));
    }
    return sets;
  };
  // The Trainer itself writes eval_SET_runtime; metrics that end in _loss there may be.
  auto sets = with("runtime");
  if (sets.empty()) {
    sets = with("logps/chosen");
    sets.erase("ref");
  }
  if (sets.empty() && !entry.contains("eval_loss")) sets = with("loss");
  if (sets.empty()) sets.insert("");
  return sets;
}

class StateReader {
 public:
  explicit StateReader(ImportedLog& log) : log_(log) {}

  void read(const Json& entry, std::int64_t step, const std::string& where) {
    if (entry.contains("train_runtime")) {
      seconds_ += number_of(entry["train_runtime"], "train_runtime", where);
      ended_ = true;
      // Trackers put the last step and the run's totals, which are of the same step, together.
      if (std::ranges::none_of(entry.items(), [](const auto& item) { return says_more_than_totals(item.key()); }))
        return;
    }
    if (step < last_) go_back(step);
    last_ = step;
    bool evaluation = false, training = false, other = false;
    for (const auto& [key, value] : entry.items()) {
      if (key == "step" || key == "epoch" || (is_total(key) && entry.contains("train_runtime"))) continue;
      const bool of_evaluation = key.starts_with(evaluated);
      (of_evaluation ? evaluation : is_quantity(key) ? training : other) = true;
    }
    if (evaluation) read_evaluation(entry, step, where);
    if (training || (other && !evaluation)) read_step(entry, step, where);
  }

  void finish() {
    // One counter for the whole log: they count different tokens.
    for (auto& counts : counts_) {
      if (std::ranges::all_of(counts, [](double count) { return std::isnan(count); })) continue;
      const auto added = increments(counts);
      for (std::size_t i = 0; i < added.size(); ++i) log_.steps[i][Column::tokens] = added[i];
      break;
    }
    go_on_rising(log_.steps, Column::epoch);
    take_margins();
    keep_one_set();
    if (averaged_) log_.remarks.push_back(averaged());
    if (times_back_ > 0) log_.remarks.push_back(went_back(times_back_));
    if (ended_) log_.remarks.push_back(Message::tr("the whole run took %1 s", Json(seconds_).dump()));
  }

 private:
  /// What follows a resume takes the place of what the interrupted run had logged after its checkpoint.
  void go_back(std::int64_t step) {
    ++times_back_;
    const auto kept = std::ranges::lower_bound(log_.steps, step, {}, &StepRow::step) - log_.steps.begin();
    log_.steps.resize(static_cast<std::size_t>(kept));
    for (auto& counts : counts_) counts.resize(static_cast<std::size_t>(kept));
    for (auto& series : series_) std::erase_if(series.rows, [&](const ProbeRow& row) { return row.step >= step; });
  }

  void read_step(const Json& entry, std::int64_t step, const std::string& where) {
    // An entry that logs more about the step before, e.g. by a callback, goes into its row; what it logs again is
    // averaged.
    if (log_.steps.empty() || log_.steps.back().step < step) {
      log_.steps.emplace_back().step = step;
      for (auto& counts : counts_) counts.push_back(nan);
      values_.fill(0);
    }
    StepRow& row = log_.steps.back();
    for (const auto& [key, value] : entry.items()) {
      if (key == "step" || key.starts_with(evaluated) || (is_total(key) && entry.contains("train_runtime"))) continue;
      const auto* counter = std::ranges::find(token_counters, key);
      const auto column = column_of(key);
      if (counter != token_counters.end()) {
        counts_[static_cast<std::size_t>(counter - token_counters.begin())].back() = count_of(value, key, where);
      } else if (column) {
        if (key == "rewards/margins") by_beta_ = true;
        put(row, *column, number_of(value, key, where));
      } else {
        log_.unknown.insert(key);
      }
    }
  }

  void put(StepRow& row, Column column, double value) {
    if (std::isnan(value)) return;
    double& kept = row[column];
    int& count = values_[static_cast<std::size_t>(column)];
    averaged_ = averaged_ || (count > 0 && value != kept);
    kept = count == 0 ? value : kept + (value - kept) / (count + 1);
    ++count;
  }

  /// The margins relative to the reference that the log-probabilities give, where all four are there.
  void take_margins() {
    if (!by_beta_) return;
    bool left = false;
    for (StepRow& row : log_.steps) {
      const double margin = (row[Column::z_w] - row[Column::z_w_ref]) - (row[Column::z_l] - row[Column::z_l_ref]);
      if (!std::isnan(margin)) row[Column::effective_margin] = margin;
      left = left || (std::isnan(margin) && !std::isnan(row[Column::effective_margin]));
    }
    if (left)
      log_.remarks.push_back(
          Message::tr("the effective margins are rewards/margins, which is beta times them; beta is not in the log"));
  }

  void read_evaluation(const Json& entry, std::int64_t step, const std::string& where) {
    const auto sets = sets_of(entry);
    for (const auto& set : sets) {
      // TRL's own metrics carry no set's name, since an entry is about one set.
      const auto value = [&](const char* metric) {
        const std::string own = "eval_" + set + "_" + metric, shared = std::string("eval_") + metric;
        if (!set.empty() && entry.contains(own)) return number_of(entry[own], own, where);
        return sets.size() == 1 && entry.contains(shared) ? number_of(entry[shared], shared, where) : nan;
      };
      const double z_w = value("logps/chosen"), z_l = value("logps/rejected");
      const auto [at, fresh] = places_.try_emplace(set, series_.size());
      if (fresh) series_.push_back({set, {}});
      Series* const series = &series_[at->second];
      if (series->rows.empty() || series->rows.back().step != step) series->rows.emplace_back();
      series->rows.back() = {step, z_w, z_l, z_w - z_l, value("rewards/accuracies")};
    }
  }

  /// A record has one series of evaluations; two sets in it would look like one that jumps.
  void keep_one_set() {
    std::erase_if(series_, [](const Series& series) { return series.rows.empty(); });
    if (series_.empty()) return;
    auto kept = std::ranges::find_if(series_, [](const Series& series) {
      return std::ranges::any_of(series.rows, [](const ProbeRow& row) { return !std::isnan(row.margin); });
    });
    if (kept == series_.end()) kept = series_.begin();
    const Message nameless = Message::tr("the set without a name");
    std::set<std::string> others;
    for (const auto& series : series_) {
      if (series.set != kept->set) others.insert(series.set.empty() ? nameless.text() : series.set);
    }
    if (!others.empty()) {
      log_.remarks.push_back(
          Message::tr("the evaluations are those of %1; other sets were left out: %2",
                      kept->set.empty() ? nameless : Message::plain(kept->set.substr(0, 80)),
                      others == std::set{nameless.text()} ? nameless : Message::plain(listed(others))));
    }
    log_.probes = std::move(kept->rows);
  }

  ImportedLog& log_;
  std::array<std::vector<double>, token_counters.size()> counts_;  ///< of the rows of log_.steps
  std::array<int, column_count> values_{};                         ///< of each column of the last row, so many
  std::vector<Series> series_;                                     ///< in the log's order
  std::map<std::string, std::size_t> places_;                      ///< in series_, by set
  std::int64_t last_ = 0;
  int times_back_ = 0;
  double seconds_ = 0;
  bool ended_ = false, averaged_ = false;
  bool by_beta_ = false;  ///< there were rewards/margins
};

}  // namespace

bool is_quantity(const std::string& key) {
  return column_of(key).has_value() || std::ranges::find(token_counters, key) != token_counters.end();
}

bool is_total(const std::string& key) { return key.starts_with("train_") || key == "total_flos"; }

ImportedLog import_history(const Json& history, const std::string& origin, const std::vector<std::size_t>& lines) {
  ImportedLog log;
  if (!history.is_array())
    throw DataError(Message::at(origin, Message::tr("log_history is of type %1; a list is needed", type_of(history))));
  StateReader reader(log);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& entry = history[i];
    std::string where = origin;
    if (lines.empty())
      where += ", log_history entry " + std::to_string(i + 1);
    else if (lines[i] > 0)
      where += ", line " + std::to_string(lines[i]);
    if (!entry.is_object())
      throw DataError(Message::tr("%1 is of type %2; an object is needed", where, type_of(entry)));
    if (!entry.contains("step")) throw DataError(Message::tr("%1 has no step", where));
    reader.read(entry, step_of(entry["step"], "step", where), where);
    check_length(log, origin);
  }
  reader.finish();
  return log;
}

ImportedLog import_trainer_state(const Json& state, const std::string& origin) {
  ImportedLog log = import_history(state["log_history"], origin);
  log.kind = "TRL's trainer state";
  log.source = Message::tr("TRL's trainer state %1", origin);
  const auto whole = [&](const char* key) {
    return state.contains(key) && state[key].is_number() ? state[key].get<double>() : 0.0;
  };
  if (whole("global_step") < whole("max_steps")) log.state = RunState::stopped;
  return log;
}

}  // namespace bandscope::record
