// SPDX-License-Identifier: Apache-2.0
#include "core/run/summary.h"

#include <cmath>
#include <limits>

#include "core/benchmark/kept_answers.h"
#include "core/run/band_share.h"
#include "core/run/pathways.h"
#include "core/run/run_card.h"

namespace bandscope {

namespace {

void read_spec(const RecordReader& reader, RunSummary& summary) {
  const RunCard card = read_run_card(reader.spec_toml(), reader.environment_json());
  if (!card.problem.empty()) {
    summary.note = Message::joined(summary.note, Message::tr("its spec is not valid TOML: %1", card.problem));
  }
  summary.name = card.name.empty() ? reader.path().parent_path().filename().string() : card.name;
  summary.objective = card.objective;
  summary.model = short_name(card.model);
  summary.data = short_name(card.data);
  summary.tuning = card.tuning;
  summary.calibrated = card.calibrated;
}

PathwayShares shares_of(const std::vector<Pathway>& pathways) {
  PathwayShares shares;
  const double one = pathways.empty() ? 0 : 1.0 / static_cast<double>(pathways.size());
  for (const Pathway pathway : pathways) {
    switch (pathway) {
      case Pathway::both_rise:
        shares.both_rise += one;
        break;
      case Pathway::both_fall:
        shares.both_fall += one;
        break;
      case Pathway::disentangled:
        shares.disentangled += one;
        break;
      case Pathway::other:
        shares.other += one;
        break;
      case Pathway::undefined:
        shares.undefined += one;
        break;
    }
  }
  return shares;
}

double sum_of_numbers(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values)
    if (!std::isnan(value)) sum += value;
  return sum;
}

void read_events(const RecordReader& reader, RunSummary& summary) {
  for (const auto& event : reader.event_rows()) {
    if (event.kind == "alert" || event.kind == "non-finite") summary.alerts.push_back(event);
    const bool ended = summary.state == RunState::failed || summary.state == RunState::stopped;
    if (ended && (event.kind == "stop" || event.kind == "non-finite")) summary.reason = event.message;
  }
}

void read_band(const RecordReader& reader, RunSummary& summary) {
  const BandShare share = band_share(reader.column(Column::log_r_applied), reader.column(Column::band_lower),
                                     reader.column(Column::band_upper));
  summary.band_defined = share.defined;
  if (share.defined > 0) summary.in_band_share = share.share();
}

void read_pathways(const RecordReader& reader, RunSummary& summary) {
  const RecordedLikelihoods likelihoods(reader);
  const auto predicted = predicted_pathways(reader), realised = realised_pathways(likelihoods.columns());
  summary.predicted = shares_of(predicted);
  summary.realised = shares_of(realised);
  summary.same_pairs = likelihoods.columns().change() == Change::same_pairs;
  summary.agreement = std::numeric_limits<double>::quiet_NaN();
  if (!summary.same_pairs) return;
  std::size_t both = 0, same = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    if (predicted[i] == Pathway::undefined || realised[i] == Pathway::undefined) continue;
    ++both;
    if (predicted[i] == realised[i]) ++same;
  }
  if (both > 0) summary.agreement = static_cast<double>(same) / static_cast<double>(both);
}

}  // namespace

RunSummary summarize(const RecordReader& reader) {
  RunSummary summary;
  summary.note = reader.note();
  summary.state = reader.state();
  summary.steps = reader.steps();
  read_spec(reader, summary);
  read_events(reader, summary);
  read_band(reader, summary);
  read_pathways(reader, summary);

  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto ends = [&](Column column, double& first, double& last) {
    first = last = nan;
    if (reader.steps() == 0) return;
    first = reader.column(column, 0, 1).front();
    last = reader.column(column, reader.steps() - 1, 1).front();
  };
  ends(Column::z_w, summary.first_z_w, summary.last_z_w);
  ends(Column::z_l, summary.first_z_l, summary.last_z_l);
  ends(Column::margin, summary.first_margin, summary.last_margin);
  double unused = 0;
  ends(Column::time, unused, summary.seconds);
  if (std::isnan(summary.seconds)) summary.seconds = 0;
  summary.tokens = sum_of_numbers(reader.column(Column::tokens));
  summary.uncalibrated = static_cast<std::size_t>(sum_of_numbers(reader.column(Column::uncalibrated)));
  if (const auto probes = reader.probe_rows(); !probes.empty()) {
    summary.first_probe = probes.front();
    summary.last_probe = probes.back();
  }
  if (const auto rows = reader.evaluation_rows(); !rows.empty()) {
    summary.first_evaluation = evaluation_at(rows, rows.front().step);
    summary.last_evaluation = last_evaluation(rows);
  }
  return summary;
}

}  // namespace bandscope
