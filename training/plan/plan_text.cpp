// SPDX-License-Identifier: Apache-2.0
#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/input/printable.h"
#include "core/schema/message_json.h"
#include "training/plan/plan.h"

namespace bandscope::plan {
namespace {

nlohmann::json number_or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

std::string count_text(std::int64_t count) {
  const auto value = static_cast<double>(count);
  if (count >= 1'000'000'000) return fmt::format("{:.2f} B", value / 1e9);
  if (count >= 1'000'000) return fmt::format("{:.1f} M", value / 1e6);
  return count >= 10'000 ? fmt::format("{:.1f} k", value / 1e3) : std::to_string(count);
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes == 0) return "-";
  const double mib = static_cast<double>(bytes) / (1 << 20);
  return mib >= 1000 ? fmt::format("{:.2f} GiB", mib / 1024) : fmt::format("{:.1f} MiB", mib);
}

std::string time_text(const std::optional<double>& seconds) {
  if (!seconds) return "not measured";
  if (*seconds < 120) return fmt::format("{:.1f} s", *seconds);
  const auto minutes = static_cast<std::int64_t>(std::round(*seconds / 60));
  return minutes < 120 ? fmt::format("{} min", minutes) : fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

}  // namespace

std::string to_json_line(const RunPlan& plan) {
  const memory::MemoryPlan& m = plan.memory;
  nlohmann::json english = nlohmann::json::array(), values = nlohmann::json::array();
  for (const Message& note : plan.notes) english.push_back(note.english()), values.push_back(to_json(note));
  const nlohmann::json line = {{"name", plan.name},
                               {"model", plan.model},
                               {"parameters", plan.parameters},
                               {"trainable", plan.trainable},
                               {"pass_tokens", plan.pass_tokens},
                               {"recomputed_blocks", plan.recomputed_blocks},
                               {"memory",
                                {{"weights", m.weights},
                                 {"adapters", m.adapters},
                                 {"gradients", m.gradients},
                                 {"optimizer", m.optimizer},
                                 {"activations", m.activations},
                                 {"head", m.head},
                                 {"total", m.total()}}},
                               {"tokens_per_step", plan.tokens_per_step},
                               {"steps", plan.steps},
                               {"seconds_per_step", number_or_null(plan.seconds_per_step)},
                               {"seconds_total", number_or_null(plan.seconds_total)},
                               {"reference_seconds", number_or_null(plan.reference_seconds)},
                               {"device", plan.device},
                               {"processes", plan.processes},
                               {"notes", english},
                               {"note_values", values}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_table(const std::vector<RunPlan>& plans) {
  std::string text;
  std::optional<double> all = 0.0;
  for (const RunPlan& plan : plans) {
    const memory::MemoryPlan& m = plan.memory;
    text += fmt::format("{}\n", printable(plan.name));
    text += fmt::format("  {:<12} {}, {} parameters, {} trained\n", "model",
                        printable(std::filesystem::path(plan.model).filename().string()), count_text(plan.parameters),
                        count_text(plan.trainable));
    text += fmt::format("  {:<12} {}{}\n", "device", plan.device,
                        plan.processes > 1 ? fmt::format(", {} processes", plan.processes) : std::string());
    text += fmt::format("  {:<12} {:>12}{}\n", "memory", bytes_text(m.total()),
                        plan.processes > 1 ? " on each device" : "");
    for (const auto& [part, bytes] : {std::pair{"weights", m.weights},
                                      {"adapters", m.adapters},
                                      {"gradients", m.gradients},
                                      {"optimizer", m.optimizer},
                                      {"activations", m.activations},
                                      {"head", m.head}})
      text += fmt::format("    {:<10} {:>12}\n", part, bytes_text(bytes));
    text += fmt::format("  {:<12} {} of {:.0f} tokens{}{}\n", "steps", plan.steps, plan.tokens_per_step,
                        plan.pass_tokens > 0 ? fmt::format(", at most {} in a pass", plan.pass_tokens) : "",
                        plan.recomputed_blocks > 0 ? fmt::format(", {} blocks run again", plan.recomputed_blocks) : "");
    text += fmt::format("  {:<12} {}", "time", time_text(plan.seconds_total));
    if (plan.seconds_per_step)
      text += fmt::format(" ({:.2f} s per step, reference values {})", *plan.seconds_per_step,
                          time_text(plan.reference_seconds));
    text += '\n';
    for (const Message& note : plan.notes) text += "  note         " + printable(note.english()) + '\n';
    if (plan.seconds_total && all) {
      *all += *plan.seconds_total;
    } else {
      all.reset();
    }
  }
  if (plans.size() > 1 && all)
    text += fmt::format("all {} runs, one after the other: {}\n", plans.size(), time_text(all));
  return text;
}

}  // namespace bandscope::plan
