// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/what_will_run.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "app/base/amounts.h"
#include "app/base/number_text.h"

namespace bandscope::app {
namespace {

constexpr int names_listed = 6;

struct OutlookStrings {
  Q_DECLARE_TR_FUNCTIONS(WhatWillRun)
};

/// Seconds per pair of the newest run of the same model and tuning; 0 when there is none.
double pace(const RunSpec& spec, const std::vector<RunEntryPtr>& earlier) {
  const QString model = QString::fromStdString(spec.model.path.filename().string());
  const QString tuning = spec.model.tuning == Tuning::full   ? QStringLiteral("full")
                         : spec.model.tuning == Tuning::lora ? QStringLiteral("lora")
                                                             : QStringLiteral("qlora");
  double best = 0;
  qint64 newest = -1;
  for (const auto& run : earlier) {
    if (run->elsewhere()) continue;  // as fast as its server
    const auto own = run->config.find(QStringLiteral("model.tuning"));
    const auto batch = run->config.find(QStringLiteral("training.batch_size"));
    if (run->model != model || run->steps < 2 || batch == run->config.end() || run->found.changed <= newest) continue;
    if ((own == run->config.end() ? QStringLiteral("full") : own->second) != tuning) continue;
    const double pairs = double(run->steps) * batch->second.toDouble();
    if (pairs <= 0 || run->seconds <= 0) continue;
    best = run->seconds / pairs;
    newest = run->found.changed;
  }
  return best;
}

/// As the engine counts them (specification: floor(epochs · pairs / batch_size), at least 1); 0 when unknown.
qint64 steps_of(const RunSpec& spec, const DataSummary& data) {
  if (spec.training.steps) return *spec.training.steps;
  qint64 pairs = data.survey && !data.reading ? qint64(data.survey->pairs.size()) : 0;
  if (spec.data.limit > 0 && pairs > 0) pairs = std::min<qint64>(pairs, spec.data.limit);
  if (pairs <= 0) return 0;
  const double passes = spec.training.epochs.value_or(1.0);
  return std::max<qint64>(1, qint64(std::floor(passes * double(pairs) / double(spec.training.batch_size))));
}

/// Seconds of all plans together; 0 unless each was measured.
double planned_seconds(const std::vector<RunPlan>& plans) {
  double seconds = 0;
  for (const auto& plan : plans) {
    if (!plan.seconds_total) return 0;
    seconds += *plan.seconds_total;
  }
  return seconds;
}

}  // namespace

QString what_will_run(const std::vector<RunSpec>& specs, const ModelSummary& model, const DataSummary& data,
                      const std::vector<RunPlan>& plans, const std::vector<RunEntryPtr>& earlier) {
  if (specs.empty()) return {};
  QStringList names;
  for (const auto& spec : specs) names << QString::fromStdString(spec.run.name);
  QString listed = names.mid(0, names_listed).join(QStringLiteral(", "));
  if (names.size() > names_listed) listed += QStringLiteral(", …");
  QStringList parts{OutlookStrings::tr("%n runs: %1", nullptr, int(names.size())).arg(listed)};

  const double parameters = plans.empty() ? double(model.parameters) : plans.front().parameters;
  if (parameters > 0) {
    const bool fewer = !plans.empty() && plans.front().trainable < parameters;
    parts << (fewer ? OutlookStrings::tr("%1 parameters, %2 trained")
                          .arg(short_count(parameters), short_count(plans.front().trainable))
                    : OutlookStrings::tr("%1 parameters").arg(short_count(parameters)));
  }
  if (data.survey && !data.first_rows) {
    const int pairs = int(data.survey->pairs.size());
    parts << OutlookStrings::tr("%1 pairs", nullptr, pairs).arg(count_text(pairs));
  }
  const auto& first = specs.front();
  qint64 fewest = -1, most = 0;
  double seconds = planned_seconds(plans);
  const bool measured = seconds > 0;
  bool all_known = true;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const RunSpec& spec = specs[i];
    qint64 steps = steps_of(spec, data);
    // Where the data lie the engine has counted them.
    if (steps == 0 && plans.size() == specs.size()) steps = plans[i].steps;
    fewest = fewest < 0 ? steps : std::min(fewest, steps);
    most = std::max(most, steps);
    if (measured) continue;
    const double own = pace(spec, earlier);
    all_known = all_known && own > 0 && steps > 0;
    seconds += own * double(steps) * double(spec.training.batch_size);
  }
  if (fewest > 0) {
    QString steps = count_text(most);
    if (fewest != most) steps.prepend(count_text(fewest) + QStringLiteral("–"));
    parts << OutlookStrings::tr("%1 steps of %2 pairs").arg(steps, count_text(first.training.batch_size));
  }
  if (measured) {
    parts << rough_duration(seconds);
  } else if (all_known) {
    parts << OutlookStrings::tr("%1 at the pace of an earlier run").arg(rough_duration(seconds));
  }
  double memory = 0;
  for (const auto& plan : plans) memory = std::max(memory, plan.memory_total);
  if (memory > 0) {
    const int processes = plans.front().processes;
    parts << (processes > 1 ? OutlookStrings::tr("%1 on each of %2 devices").arg(bytes_text(memory)).arg(processes)
                            : bytes_text(memory));
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace bandscope::app
