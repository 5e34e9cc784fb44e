// SPDX-License-Identifier: Apache-2.0
// A run's summary as JSON and as text.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/input/toml.h"
#include "core/run/summary.h"

namespace bandscope {

namespace {

using OrderedJson = nlohmann::ordered_json;

/// Most bytes of an environment that is laid out; a longer one, which no engine writes, is shown as it is.
constexpr std::size_t most_environment = 4 << 20;

std::optional<OrderedJson> environment_of(const std::string& written) {
  return written.size() > most_environment ? std::nullopt : try_ordered_json(written);
}

/// JSON has no NaN.
OrderedJson number(double value) { return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr); }

OrderedJson json_of(const PathwayShares& shares) {
  return {{"both_rise", shares.both_rise},
          {"both_fall", shares.both_fall},
          {"disentangled", shares.disentangled},
          {"other", shares.other},
          {"undefined", shares.undefined}};
}

OrderedJson json_of(const std::optional<ProbeRow>& row) {
  if (!row) return nullptr;
  return {{"step", row->step},
          {"z_w", number(row->z_w)},
          {"z_l", number(row->z_l)},
          {"margin", number(row->margin)},
          {"accuracy", number(row->accuracy)}};
}

OrderedJson json_of(const std::vector<EvaluationRow>& rows) {
  OrderedJson out = OrderedJson::array();
  for (const EvaluationRow& row : rows)
    out.push_back({{"step", row.step},
                   {"task", row.task},
                   {"metric", row.metric},
                   {"filter", row.filter},
                   {"value", number(row.value)},
                   {"stderr", number(row.error)},
                   {"samples", row.samples}});
  return out;
}

OrderedJson spec_as_json(const std::string& toml_text) {
  try {
    std::ostringstream out;
    out << toml::json_formatter(parse_toml(toml_text));
    return try_ordered_json(out.str()).value_or(nullptr);
  } catch (const TomlError&) {
    return nullptr;
  }
}

std::string text(const char* format, double value) {
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), format, value);
  return out.data();
}
std::string fixed(double value) { return std::isnan(value) ? "undefined" : text("%.4f", value); }
std::string change(double first, double last) {
  return fixed(first) + " -> " + fixed(last) +
         (std::isnan(last - first) ? "" : " (" + text("%+.4f", last - first) + ")");
}
std::string percent(double share) { return text("%.1f %%", 100 * share); }

std::string duration(double seconds) {
  if (seconds < 60) return text("%.1f s", seconds);
  if (seconds < 3600) return text("%.1f min", seconds / 60);
  return text("%.1f h", seconds / 3600);
}

std::string line_of(const PathwayShares& shares) {
  std::string line = "both rise " + percent(shares.both_rise) + ", both fall " + percent(shares.both_fall) +
                     ", disentangled " + percent(shares.disentangled);
  if (shares.other > 0) line += ", other " + percent(shares.other);
  if (shares.undefined > 0) line += ", undefined " + percent(shares.undefined);
  return line;
}

}  // namespace

std::string to_json(const RunSummary& summary, const RecordReader& reader) {
  OrderedJson alerts = OrderedJson::array();
  for (const auto& event : summary.alerts)
    alerts.push_back({{"step", event.step},
                      {"time", number(event.time)},
                      {"kind", event.kind},
                      {"message", event.message.english()}});
  const std::string written = reader.environment_json();
  const OrderedJson environment = environment_of(written).value_or(written);
  const std::string spec = reader.spec_toml();
  const OrderedJson json = {{"record", reader.path().string()},
                            {"name", summary.name},
                            {"objective", summary.objective},
                            {"model", summary.model},
                            {"data", summary.data},
                            {"tuning", summary.tuning},
                            {"calibrated", summary.calibrated},
                            {"state", to_string(summary.state)},
                            {"reason", summary.reason.english()},
                            {"steps", summary.steps},
                            {"seconds", number(summary.seconds)},
                            {"tokens", number(summary.tokens)},
                            {"in_band_share", number(summary.in_band_share)},
                            {"band_defined", summary.band_defined},
                            {"predicted", json_of(summary.predicted)},
                            {"realised", json_of(summary.realised)},
                            {"realised_of", summary.same_pairs ? "same pairs" : "different pairs"},
                            {"agreement", number(summary.agreement)},
                            {"first_z_w", number(summary.first_z_w)},
                            {"last_z_w", number(summary.last_z_w)},
                            {"first_z_l", number(summary.first_z_l)},
                            {"last_z_l", number(summary.last_z_l)},
                            {"first_margin", number(summary.first_margin)},
                            {"last_margin", number(summary.last_margin)},
                            {"first_probe", json_of(summary.first_probe)},
                            {"last_probe", json_of(summary.last_probe)},
                            {"first_evaluation", json_of(summary.first_evaluation)},
                            {"last_evaluation", json_of(summary.last_evaluation)},
                            {"alerts", alerts},
                            {"uncalibrated", summary.uncalibrated},
                            {"note", summary.note.english()},
                            {"spec", spec_as_json(spec)},
                            {"spec_toml", spec},
                            {"environment", environment}};
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string to_text(const RunSummary& summary, const RecordReader& reader) {
  std::ostringstream out;
  out << printable(reader.path().string()) << "\n";
  const auto line = [&](const char* title, const std::string& value) {
    if (!value.empty())
      out << "  " << std::string(title).append(14 - std::min<std::size_t>(14, std::string(title).size()), ' ')
          << printable(value) << "\n";
  };
  line("run", summary.name);
  line("objective", summary.objective.empty() ? "" : summary.objective + (summary.calibrated ? ", w/ RC" : ", w/o RC"));
  line("model", summary.model + (summary.tuning.empty() ? "" : " (" + summary.tuning + ")"));
  line("data", summary.data);
  line("state",
       std::string(to_string(summary.state)) + (summary.reason.empty() ? "" : ": " + summary.reason.english()));
  line("steps", std::to_string(summary.steps) + " in " + duration(summary.seconds) + ", " +
                    text("%.0f", summary.tokens) + " tokens");
  if (summary.steps > 0) {
    line("in the band", summary.band_defined == 0 ? "undefined at every step"
                                                  : percent(summary.in_band_share) + " of the " +
                                                        std::to_string(summary.band_defined) + " steps that have one");
    line("predicted", line_of(summary.predicted));
    line("realised", line_of(summary.realised));
    line("", summary.same_pairs
                 ? "(both of the same pairs; realised after the step's update)"
                 : "(different pairs: predicted of a step's, realised of the change to the next step's)");
    if (!std::isnan(summary.agreement)) line("agreement", percent(summary.agreement) + " of the steps that have both");
    line("z_w", change(summary.first_z_w, summary.last_z_w));
    line("z_l", change(summary.first_z_l, summary.last_z_l));
    line("margin", change(summary.first_margin, summary.last_margin));
  }
  if (summary.first_probe && summary.last_probe) {
    const auto &first = *summary.first_probe, &last = *summary.last_probe;
    line("probe", "steps " + std::to_string(first.step) + " to " + std::to_string(last.step));
    line("  z_w", change(first.z_w, last.z_w));
    line("  z_l", change(first.z_l, last.z_l));
    line("  margin", change(first.margin, last.margin));
    line("  accuracy", change(first.accuracy, last.accuracy));
  }
  if (!summary.last_evaluation.empty()) {
    line("benchmarks", "steps " + std::to_string(summary.first_evaluation.front().step) + " to " +
                           std::to_string(summary.last_evaluation.front().step));
    for (const EvaluationRow& last : summary.last_evaluation) {
      const auto first = std::ranges::find_if(summary.first_evaluation, [&](const EvaluationRow& row) {
        return row.task == last.task && row.metric == last.metric && row.filter == last.filter;
      });
      std::string measured = last.task + ", " + last.metric;
      if (last.filter != "none") measured += " (" + last.filter + ")";
      measured += ": " + change(first == summary.first_evaluation.end() ? last.value : first->value, last.value);
      if (!std::isnan(last.error)) measured += text(" ± %.4f", last.error);
      line("", measured + ", " + std::to_string(last.samples) + " documents");
    }
  }
  if (summary.uncalibrated > 0) line("uncalibrated", std::to_string(summary.uncalibrated) + " micro-batches");
  for (const auto& event : summary.alerts)
    line("alert", "step " + std::to_string(event.step) + ": " + event.message.english());
  line("note", summary.note.english());
  const std::string written = reader.environment_json();
  const auto environment = environment_of(written);
  out << "\nspec\n" << printable_lines(reader.spec_toml()) << "\nenvironment\n";
  out << printable_lines(environment ? environment->dump(2, ' ', false, OrderedJson::error_handler_t::replace)
                                     : written)
      << "\n";
  return out.str();
}

}  // namespace bandscope
