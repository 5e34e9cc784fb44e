// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/run_plan.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTimer>
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/base/amounts.h"
#include "app/base/number_text.h"
#include "app/engine/engine_process.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/input/json.h"
#include "core/schema/message_json.h"
#include "core/schema/spoken.h"

namespace bandscope::app {
namespace {

using OrderedJson = nlohmann::ordered_json;

struct PlanStrings {
  Q_DECLARE_TR_FUNCTIONS(RunPlan)
};

constexpr int patience_ms = 2000;  // after asking the process to end

/// Parts of the memory as the engine names them, in the order in which they are shown.
struct PlanPart {
  const char *name, *shown;
};
constexpr PlanPart plan_parts[] = {
    {"weights", QT_TRANSLATE_NOOP("RunPlan", "weights")},
    {"adapters", QT_TRANSLATE_NOOP("RunPlan", "adapters")},
    {"gradients", QT_TRANSLATE_NOOP("RunPlan", "gradients")},
    {"optimizer", QT_TRANSLATE_NOOP("RunPlan", "optimizer")},
    {"activations", QT_TRANSLATE_NOOP("RunPlan", "activations")},
    {"head", QT_TRANSLATE_NOOP("RunPlan", "likelihood head")},
};

/// One that is not known comes last.
const PlanPart* find_part(const QString& name) {
  return std::ranges::find_if(plan_parts, [&](const PlanPart& part) { return name == QLatin1String(part.name); });
}

QString part_name(const QString& name) {
  const auto* part = find_part(name);
  return part == std::end(plan_parts) ? name : PlanStrings::tr(part->shown);
}

std::optional<double> number(const OrderedJson& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  return at->get<double>();
}

/// Fits every integer that is asked for.
qint64 whole(const OrderedJson& object, const char* key, qint64 otherwise, qint64 highest) {
  const double value = number(object, key).value_or(double(otherwise));
  return value >= 0 && value <= double(highest) ? qint64(value) : otherwise;
}

QString text(const OrderedJson& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? QString::fromStdString(at->get<std::string>()) : QString();
}

}  // namespace

std::optional<RunPlan> parse_plan(const QByteArray& line) {
  const OrderedJson json = try_ordered_json(line.toStdString()).value_or(nullptr);
  if (!json.is_object() || !json.contains("memory") || !json["memory"].is_object()) return std::nullopt;
  RunPlan plan;
  plan.name = text(json, "name");
  plan.parameters = number(json, "parameters").value_or(0);
  plan.trainable = number(json, "trainable").value_or(0);
  for (const auto& [part, bytes] : json["memory"].items()) {
    if (!bytes.is_number()) continue;
    if (part == "total") {
      plan.memory_total = bytes.get<double>();
    } else {
      plan.memory.emplace_back(QString::fromStdString(part), bytes.get<double>());
    }
  }
  std::ranges::stable_sort(plan.memory, {}, [](const auto& part) { return find_part(part.first); });
  plan.tokens_per_step = number(json, "tokens_per_step").value_or(0);
  plan.steps = whole(json, "steps", 0, qint64(1) << 53);
  plan.seconds_per_step = number(json, "seconds_per_step");
  plan.seconds_total = number(json, "seconds_total");
  plan.reference_seconds = number(json, "reference_seconds");
  plan.device = text(json, "device");
  plan.processes = int(whole(json, "processes", 1, 1 << 20));
  const OrderedJson none = OrderedJson::array();
  const OrderedJson& notes = json.contains("notes") ? json["notes"] : none;
  const OrderedJson& values = json.contains("note_values") ? json["note_values"] : none;
  for (std::size_t i = 0; notes.is_array() && i < notes.size(); ++i) {
    const nlohmann::json own = values.is_array() && i < values.size() ? nlohmann::json(values[i]) : nlohmann::json();
    if (notes[i].is_string()) plan.notes.push_back(message_of(notes[i].get<std::string>(), own));
  }
  return plan;
}

QString plan_details(const RunPlan& plan) {
  QStringList lines{plan.name};
  lines << PlanStrings::tr("%1 parameters, %2 trained").arg(short_count(plan.parameters), short_count(plan.trainable));
  for (const auto& [part, bytes] : plan.memory) {
    if (bytes > 0) lines << QStringLiteral("%1: %2").arg(part_name(part), bytes_text(bytes));
  }
  lines << PlanStrings::tr("in all on %1: %2").arg(plan.device, bytes_text(plan.memory_total));
  const auto tokens = qint64(plan.tokens_per_step);
  if (tokens > 0) lines << PlanStrings::tr("%1 tokens a step").arg(count_text(tokens));
  if (plan.seconds_per_step) lines << PlanStrings::tr("%1 s a step").arg(*plan.seconds_per_step, 0, 'g', 3);
  if (plan.reference_seconds) {
    lines << PlanStrings::tr("reference first: %1").arg(rough_duration(*plan.reference_seconds));
  }
  for (const auto& note : plan.notes) lines << translated(note);
  return lines.join(QLatin1Char('\n'));
}

Planner::Planner(QObject* parent) : QObject(parent) {}

Planner::~Planner() {
  if (!process_) return;
  process_->disconnect(this);
  process_->kill();
  process_->waitForFinished(patience_ms);
}

void Planner::ask(const QString& toml, bool measure) {
  end();
  measure_ = measure;
  errors_.clear();
  spec_ = std::make_unique<QTemporaryFile>(QDir::temp().filePath(QStringLiteral("bandscope-plan-XXXXXX.toml")));
  if (!spec_->open() || spec_->write(toml.toUtf8()) < 0 || !spec_->flush()) {
    Q_EMIT failed(
        Message::tr("%1 cannot be written: %2", spec_->fileName().toStdString(), spec_->errorString().toStdString()),
        measure);
    return;
  }
  QString engine;
  try {
    engine = QString::fromStdString(engine_program().string());
  } catch (const std::exception& error) {
    Q_EMIT failed(message_of(error), measure);
    return;
  }
  process_ = new QProcess(this);
  QStringList arguments{QStringLiteral("plan"), spec_->fileName(), QStringLiteral("--json")};
  if (!measure) arguments << QStringLiteral("--no-warm-up");
  connect(process_, &QProcess::readyReadStandardError, this, [this] {
    errors_ += process_->readAllStandardError();
    if (measure_) Q_EMIT progress(last_spoken(errors_.toStdString()));
  });
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) finished(-1, true);
  });
  connect(process_, &QProcess::finished, this,
          [this](int code, QProcess::ExitStatus status) { finished(code, status != QProcess::NormalExit); });
  process_->setProcessEnvironment(engine_environment());
  process_->setStandardInputFile(QProcess::nullDevice());
  process_->start(engine, arguments);
  Q_EMIT busyChanged();
}

void Planner::finished(int code, bool crashed) {
  const QByteArray output = process_->readAllStandardOutput();
  errors_ += process_->readAllStandardError();
  const QString complaint = process_->errorString();
  process_->deleteLater();
  process_ = nullptr;
  Q_EMIT busyChanged();
  std::vector<RunPlan> plans;
  for (const auto& line : output.split('\n')) {
    if (auto plan = parse_plan(line)) plans.push_back(std::move(*plan));
  }
  if (code == 0 && !crashed && !plans.empty()) {
    Q_EMIT planned(plans, measure_);
  } else {
    const Message words = last_spoken(errors_.toStdString());
    const Message otherwise = crashed ? plain_message(complaint) : Message::tr("the engine ended with code %1", code);
    Q_EMIT failed(words.empty() ? otherwise : words, measure_);
  }
}

void Planner::cancel() {
  if (!process_) return;
  end();
  Q_EMIT busyChanged();
}

void Planner::end() {
  if (!process_) return;
  auto* old = process_;
  process_ = nullptr;
  old->disconnect(this);
  connect(old, &QProcess::finished, old, &QObject::deleteLater);
  old->terminate();
  QTimer::singleShot(patience_ms, old, [old] { old->kill(); });
}

}  // namespace bandscope::app
