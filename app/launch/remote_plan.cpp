// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/remote_plan.h"

#include <algorithm>

#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr int most_in_flight = 2;  // that a server makes at a time
constexpr int again_after_ms = 1000;
constexpr std::size_t most_plans_read = 2000;
constexpr double most_amount = 1e15;

bool possible(const RunPlan& plan) {
  const auto is_amount = [](double value) { return value >= 0 && value <= most_amount; };
  return is_amount(plan.parameters) && is_amount(plan.trainable) && is_amount(plan.memory_total) &&
         is_amount(plan.tokens_per_step) && is_amount(plan.seconds_per_step.value_or(0)) &&
         is_amount(plan.seconds_total.value_or(0)) && is_amount(plan.reference_seconds.value_or(0)) &&
         std::ranges::all_of(plan.memory, [&](const auto& part) { return is_amount(part.second); });
}

}  // namespace

std::vector<RunPlan> plans_of(const wire::Json& answer) {
  std::vector<RunPlan> plans;
  const auto list = answer.find("plans");
  if (list == answer.end() || !list->is_array()) return plans;
  for (const auto& item : *list) {
    if (plans.size() == most_plans_read) break;
    auto plan = parse_plan(QByteArray::fromStdString(item.dump(-1, ' ', false, wire::Json::error_handler_t::replace)));
    if (!plan || !possible(*plan)) continue;
    plans.push_back(std::move(*plan));
  }
  return plans;
}

RemotePlanner::RemotePlanner(QObject* parent) : QObject(parent), in_flight_(std::make_shared<int>(0)), again_(this) {
  again_.setSingleShot(true);
  again_.setInterval(again_after_ms);
  connect(&again_, &QTimer::timeout, this, &RemotePlanner::send);
}

void RemotePlanner::ask(ServerLink* server, const QString& toml, bool measure) {
  // Of a server that has gone no answer comes any more.
  if (asked_ != server) in_flight_ = std::make_shared<int>(0);
  asked_ = server;
  wanted_ = Question{server, toml, measure};
  ++number_;
  sent_ = false;
  send();
  Q_EMIT busyChanged();
}

void RemotePlanner::cancel() {
  ++number_;
  if (!wanted_) return;
  wanted_.reset();
  Q_EMIT busyChanged();
}

void RemotePlanner::send() {
  if (!wanted_ || sent_ || !wanted_->server || *in_flight_ >= most_in_flight) return;
  sent_ = true;
  ++*in_flight_;
  wire::Json fields = {{"spec", wanted_->toml.toStdString()}};
  if (wanted_->measure) fields["warm_up"] = true;
  wanted_->server->ask(wire::Ask::plan, std::move(fields), this,
                       [this, mine = number_, owed = in_flight_](const wire::Outcome& outcome) {
                         --*owed;
                         answered(mine, outcome);
                       });
}

void RemotePlanner::answered(quint64 number, const wire::Outcome& outcome) {
  if (!wanted_ || number != number_) return send();
  if (outcome.kind == wire::Outcome::Kind::refused && outcome.refusal == wire::Refusal::busy) {
    sent_ = false;
    again_.start();
    return;
  }
  const bool measured = wanted_->measure;
  wanted_.reset();
  Q_EMIT busyChanged();
  if (outcome.kind == wire::Outcome::Kind::lost) {
    Q_EMIT lost();
  } else if (outcome.answered()) {
    if (const auto plans = plans_of(outcome.fields); !plans.empty()) {
      Q_EMIT planned(plans, measured);
    } else {
      Q_EMIT failed(Message::tr("the engine there gave an answer that is not understood"), false);
    }
  } else {
    const bool refused = outcome.refusal == wire::Refusal::outside || outcome.refusal == wire::Refusal::missing;
    Q_EMIT failed(outcome.words, refused);
  }
}

}  // namespace bandscope::app
