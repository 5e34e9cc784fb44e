// SPDX-License-Identifier: Apache-2.0
#include "core/record/tracked_history.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bandscope::record {

std::string plain_key(const std::string& tracked) {
  // What `export --format tensorboard` calls held-out quantities.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> probe = {
      {{"probe/z_w", "eval_logps/chosen"},
       {"probe/z_l", "eval_logps/rejected"},
       {"probe/accuracy", "eval_rewards/accuracies"}}};
  for (const auto& [ours, key] : probe)
    if (tracked == ours) return std::string(key);
  for (const std::string_view prefix : {"train/", "steps/"})
    if (tracked.starts_with(prefix)) return tracked.substr(prefix.size());
  if (tracked.starts_with("eval/")) return "eval_" + tracked.substr(5);
  return tracked;
}

namespace {

/// What OpenRLHF's DPO trainer (0.11) logs, and the Trainer's name of it; of two for one thing the later counts. Its
/// loss and acc are those of a step's last micro-batch, the means those of all.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> open_rlhf = {{{"lr", "learning_rate"},
                                                                                     {"acc", "rewards/accuracies"},
                                                                                     {"acc_mean", "rewards/accuracies"},
                                                                                     {"loss_mean", "loss"}}};
/// beta times the log-probabilities relative to the reference, by which its rows are known.
constexpr std::string_view chosen_reward = "chosen_reward", rejected_reward = "reject_reward";

bool is_open_rlhf(const std::string& key) {
  const auto names = [&](const auto& pair) { return pair.first == key; };
  return key == chosen_reward || key == rejected_reward || std::ranges::any_of(open_rlhf, names);
}

}  // namespace

bool is_kept(const std::string& key) { return is_read(key) || is_open_rlhf(key); }

bool is_read(const std::string& key) { return is_quantity(key) || is_total(key) || key.starts_with("eval_"); }

void TrackedHistory::put(const std::string& key, const nlohmann::json& value) {
  if (is_kept(key))
    row_[key] = value;
  else
    unknown_.insert(key);
}

void TrackedHistory::take_open_rlhf() {
  const auto take = [this](std::string_view key) {
    const auto at = row_.find(key);
    nlohmann::json value = at == row_.end() ? nlohmann::json() : *at;
    if (at != row_.end()) row_.erase(at);
    return value;
  };
  // Its evaluations repeat in the key what they are.
  if (row_.contains("eval_eval_loss")) {
    row_["eval_loss"] = take("eval_eval_loss");
    row_["eval_rewards/accuracies"] = take("eval_acc_mean");
  }
  const bool known = row_.contains(chosen_reward) && row_.contains(rejected_reward);
  for (const auto& [theirs, ours] : open_rlhf) {
    if (!row_.contains(theirs)) continue;
    const nlohmann::json value = take(theirs);
    if (known)
      row_[ours] = value;
    else
      unknown_.emplace(theirs);
  }
  const nlohmann::json chosen = take(chosen_reward), rejected = take(rejected_reward);
  if (chosen.is_number() && rejected.is_number()) {
    row_["rewards/margins"] = chosen.get<double>() - rejected.get<double>();
    micro_batches_ = true;
  } else {
    for (const auto& [value, key] : {std::pair(&chosen, chosen_reward), std::pair(&rejected, rejected_reward)})
      if (!value->is_null()) unknown_.emplace(key);
  }
}

void TrackedHistory::end_row(std::int64_t step, std::size_t line) {
  take_open_rlhf();
  // An epoch alone says nothing: the Trainer logs it with everything.
  const bool empty = row_.empty() || (row_.size() == 1 && row_.contains("epoch"));
  if (!empty) {
    row_["step"] = step;
    entries_.push_back(std::move(row_));
    lines_.push_back(line);
  }
  row_ = nlohmann::json::object();
}

ImportedLog TrackedHistory::import(const std::string& origin) const {
  ImportedLog log = import_history(entries_, origin, lines_);
  log.unknown.insert(unknown_.begin(), unknown_.end());
  if (micro_batches_)
    log.remarks.push_back(
        Message::tr("the effective margins are OpenRLHF's, means over the last micro-batch of a step"));
  return log;
}

}  // namespace bandscope::record
