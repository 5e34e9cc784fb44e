// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/what_will_run.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QtEndian>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

constexpr qint64 longest_header = 100 * 1024 * 1024;
constexpr qint64 longest_count = 512 * 1024 * 1024;

struct OutlookWords {
  Q_DECLARE_TR_FUNCTIONS(WhatWillRun)
};

/// Numbers in a safetensors file, from its header: the product of each tensor's shape.
double parameters_in(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray head = file.read(8);
  if (head.size() != 8) return 0;
  const auto length = qint64(qFromLittleEndian<quint64>(head.constData()));
  if (length <= 0 || length > std::min(longest_header, file.size())) return 0;
  const auto header = nlohmann::json::parse(file.read(length).toStdString(), nullptr, false);
  if (!header.is_object()) return 0;
  double total = 0;
  for (const auto& [name, tensor] : header.items()) {
    const auto shape = tensor.find("shape");
    if (name == "__metadata__" || shape == tensor.end() || !shape->is_array()) continue;
    double numbers = 1;
    for (const auto& size : *shape) numbers *= size.is_number() ? size.get<double>() : 0;
    total += numbers;
  }
  return total;
}

QString short_count(double value) {
  if (value >= 1e9) return QStringLiteral("%1 B").arg(value / 1e9, 0, 'f', 1);
  if (value >= 1e6) return QStringLiteral("%1 M").arg(qRound64(value / 1e6));
  return count_text(qint64(value));
}

QString rough_duration(double seconds) {
  if (seconds < 90) return OutlookWords::tr("about %1 s").arg(std::max(1, qRound(seconds)));
  if (seconds < 90 * 60) return OutlookWords::tr("about %1 min").arg(qRound(seconds / 60));
  return OutlookWords::tr("about %1 h").arg(seconds / 3600, 0, 'f', 1);
}

/// Seconds per pair of the newest run of the same model and tuning; 0 when there is none.
double pace(const RunSpec& spec, const std::vector<RunEntryPtr>& earlier) {
  const QString model = QString::fromStdString(spec.model.path.filename().string());
  const QString tuning = spec.model.tuning == Tuning::full   ? QStringLiteral("full")
                         : spec.model.tuning == Tuning::lora ? QStringLiteral("lora")
                                                             : QStringLiteral("qlora");
  double best = 0;
  qint64 newest = -1;
  for (const auto& run : earlier) {
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

}  // namespace

ModelLook look_at_model(const QString& folder) {
  ModelLook look;
  const QDir dir(folder);
  if (folder.isEmpty()) {
    look.problem = OutlookWords::tr(
        "Choose a model: a Hugging Face folder with config.json, tokenizer.json and safetensors files.");
    return look;
  }
  QFile config(dir.filePath(QStringLiteral("config.json")));
  if (!dir.exists() || !config.open(QIODevice::ReadOnly)) {
    look.problem = OutlookWords::tr("%1 is no model folder: it has no readable config.json.").arg(folder);
    return look;
  }
  const auto parsed = nlohmann::json::parse(config.readAll().toStdString(), nullptr, false);
  if (parsed.is_object() && parsed.contains("architectures") && parsed["architectures"].is_array() &&
      !parsed["architectures"].empty() && parsed["architectures"][0].is_string()) {
    look.architecture = QString::fromStdString(parsed["architectures"][0].get<std::string>());
  }
  const auto files = dir.entryList({QStringLiteral("*.safetensors")}, QDir::Files);
  if (files.isEmpty()) look.problem = OutlookWords::tr("%1 has no safetensors files.").arg(folder);
  for (const auto& file : files) look.parameters += parameters_in(dir.filePath(file));
  return look;
}

DataLook look_at_data(const QString& path) {
  DataLook look;
  if (path.isEmpty()) {
    look.problem = OutlookWords::tr("Choose training pairs: a .jsonl, .jsonl.gz or .parquet file.");
    return look;
  }
  QFile file(path);
  if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly)) {
    look.problem = OutlookWords::tr("There is no readable file %1.").arg(path);
    return look;
  }
  if (!path.endsWith(QLatin1String(".jsonl")) || file.size() > longest_count) return look;
  look.rows = 0;
  char last = '\n';
  while (true) {
    const QByteArray block = file.read(1 << 20);
    if (block.isEmpty()) break;
    look.rows += block.count('\n');
    last = block.back();
  }
  if (last != '\n') ++look.rows;
  if (look.rows == 0) look.problem = OutlookWords::tr("%1 is empty.").arg(path);
  return look;
}

Outlook what_will_run(const std::vector<RunSpec>& specs, const std::vector<RunEntryPtr>& earlier) {
  Outlook outlook;
  if (specs.empty()) return outlook;
  QStringList names;
  for (const auto& spec : specs) names << QString::fromStdString(spec.run.name);
  QString listed = names.mid(0, 6).join(QStringLiteral(", "));
  if (names.size() > 6) listed += QStringLiteral(", …");
  QStringList parts;
  parts << OutlookWords::tr("%n runs: %1", nullptr, int(names.size())).arg(listed);

  const auto& first = specs.front();
  const auto model = look_at_model(QString::fromStdString(first.model.path.string()));
  const auto data = look_at_data(QString::fromStdString(first.data.train.string()));
  if (model.parameters > 0) {
    parts << (model.architecture.isEmpty()
                  ? OutlookWords::tr("%1 parameters").arg(short_count(model.parameters))
                  : OutlookWords::tr("%1, %2 parameters").arg(model.architecture, short_count(model.parameters)));
  }
  outlook.problem = !model.problem.isEmpty() ? model.problem : data.problem;
  double seconds = 0;
  bool all_known = true;
  QString steps_text;
  for (const auto& spec : specs) {
    qint64 pairs = data.rows;
    if (spec.data.limit > 0) pairs = pairs < 0 ? spec.data.limit : std::min<qint64>(pairs, spec.data.limit);
    qint64 steps = spec.training.steps.value_or(0);
    if (steps == 0 && pairs > 0) {
      steps = std::max<qint64>(
          1, qint64(std::floor(spec.training.epochs.value_or(1.0) * double(pairs) / double(spec.training.batch_size))));
    }
    if (&spec == &first) {
      if (pairs > 0) parts << OutlookWords::tr("%n pairs", nullptr, int(pairs));
      if (steps > 0)
        steps_text =
            OutlookWords::tr("%1 steps of %2 pairs").arg(count_text(steps), count_text(spec.training.batch_size));
    }
    const double own = pace(spec, earlier);
    all_known = all_known && own > 0 && steps > 0;
    seconds += own * double(steps) * double(spec.training.batch_size);
  }
  if (!steps_text.isEmpty()) parts << steps_text;
  if (all_known) parts << rough_duration(seconds);
  outlook.text = parts.join(QStringLiteral(" · "));
  return outlook;
}

}  // namespace bandscope::app
