// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_labels.h"

#include <QCoreApplication>
#include <set>

#include "app/language/translated.h"

namespace bandscope::app {
namespace {

struct SectionStrings {
  Q_DECLARE_TR_FUNCTIONS(SpecSection)
};

struct Label {
  const char* key;
  const char* text;
};

constexpr Label labels[] = {
    {"run.name", QT_TRANSLATE_NOOP("SpecLabel", "Name")},
    {"run.seed", QT_TRANSLATE_NOOP("SpecLabel", "Seed")},
    {"run.resume", QT_TRANSLATE_NOOP("SpecLabel", "Resume")},
    {"run.device", QT_TRANSLATE_NOOP("SpecLabel", "Device")},
    {"model.path", QT_TRANSLATE_NOOP("SpecLabel", "Model")},
    {"model.reference", QT_TRANSLATE_NOOP("SpecLabel", "Reference")},
    {"model.dtype", QT_TRANSLATE_NOOP("SpecLabel", "Compute type")},
    {"model.tuning", QT_TRANSLATE_NOOP("SpecLabel", "Tuning")},
    {"model.adapter", QT_TRANSLATE_NOOP("SpecLabel", "Start adapter")},
    {"model.lora.rank", QT_TRANSLATE_NOOP("SpecLabel", "LoRA rank")},
    {"model.lora.alpha", QT_TRANSLATE_NOOP("SpecLabel", "LoRA alpha")},
    {"model.lora.dropout", QT_TRANSLATE_NOOP("SpecLabel", "LoRA dropout")},
    {"model.lora.targets", QT_TRANSLATE_NOOP("SpecLabel", "LoRA targets")},
    {"model.lora.rslora", QT_TRANSLATE_NOOP("SpecLabel", "Rank-stabilised")},
    {"model.gradient_checkpointing", QT_TRANSLATE_NOOP("SpecLabel", "Gradient checkpointing")},
    {"model.recomputed_blocks", QT_TRANSLATE_NOOP("SpecLabel", "Recomputed blocks")},
    {"data.train", QT_TRANSLATE_NOOP("SpecLabel", "Training pairs")},
    {"data.probe", QT_TRANSLATE_NOOP("SpecLabel", "Probe pairs")},
    {"data.split", QT_TRANSLATE_NOOP("SpecLabel", "Set of the folder")},
    {"data.probe_split", QT_TRANSLATE_NOOP("SpecLabel", "Set of the probe folder")},
    {"data.limit", QT_TRANSLATE_NOOP("SpecLabel", "Use at most")},
    {"data.shuffle", QT_TRANSLATE_NOOP("SpecLabel", "Shuffle")},
    {"data.max_length", QT_TRANSLATE_NOOP("SpecLabel", "Longest pair")},
    {"data.max_prompt_length", QT_TRANSLATE_NOOP("SpecLabel", "Longest prompt")},
    {"objective.name", QT_TRANSLATE_NOOP("SpecLabel", "Objective")},
    {"objective.likelihood", QT_TRANSLATE_NOOP("SpecLabel", "Likelihood z")},
    {"objective.loss", QT_TRANSLATE_NOOP("SpecLabel", "Loss formula")},
    {"calibration.enabled", QT_TRANSLATE_NOOP("SpecLabel", "Calibrate")},
    {"calibration.momentum", QT_TRANSLATE_NOOP("SpecLabel", "Momentum")},
    {"calibration.clip", QT_TRANSLATE_NOOP("SpecLabel", "Clip")},
    {"calibration.granularity", QT_TRANSLATE_NOOP("SpecLabel", "Granularity")},
    {"scores.scope", QT_TRANSLATE_NOOP("SpecLabel", "Score scope")},
    {"scores.layers", QT_TRANSLATE_NOOP("SpecLabel", "Per layer")},
    {"scores.after_update", QT_TRANSLATE_NOOP("SpecLabel", "Same pairs after the update")},
    {"optimizer.name", QT_TRANSLATE_NOOP("SpecLabel", "Optimizer")},
    {"optimizer.learning_rate", QT_TRANSLATE_NOOP("SpecLabel", "Learning rate")},
    {"optimizer.betas", QT_TRANSLATE_NOOP("SpecLabel", "Betas")},
    {"optimizer.eps", QT_TRANSLATE_NOOP("SpecLabel", "Epsilon")},
    {"optimizer.weight_decay", QT_TRANSLATE_NOOP("SpecLabel", "Weight decay")},
    {"optimizer.max_grad_norm", QT_TRANSLATE_NOOP("SpecLabel", "Clip gradients at")},
    {"optimizer.schedule", QT_TRANSLATE_NOOP("SpecLabel", "Schedule")},
    {"optimizer.warmup_ratio", QT_TRANSLATE_NOOP("SpecLabel", "Warm-up share")},
    {"training.batch_size", QT_TRANSLATE_NOOP("SpecLabel", "Pairs per step")},
    {"training.micro_batch", QT_TRANSLATE_NOOP("SpecLabel", "Calibrated together")},
    {"training.pass_tokens", QT_TRANSLATE_NOOP("SpecLabel", "Tokens of a pass")},
    {"training.epochs", QT_TRANSLATE_NOOP("SpecLabel", "Epochs")},
    {"training.steps", QT_TRANSLATE_NOOP("SpecLabel", "or steps")},
    {"training.precompute_reference", QT_TRANSLATE_NOOP("SpecLabel", "Reference first")},
    {"probe.every", QT_TRANSLATE_NOOP("SpecLabel", "Probe every")},
    {"probe.pairs", QT_TRANSLATE_NOOP("SpecLabel", "Probe pairs used")},
    {"evaluation.tasks", QT_TRANSLATE_NOOP("SpecLabel", "Benchmarks")},
    {"evaluation.data", QT_TRANSLATE_NOOP("SpecLabel", "Benchmark data")},
    {"evaluation.every", QT_TRANSLATE_NOOP("SpecLabel", "Benchmarks every")},
    {"evaluation.limit", QT_TRANSLATE_NOOP("SpecLabel", "Benchmark documents")},
    {"evaluation.shots", QT_TRANSLATE_NOOP("SpecLabel", "Benchmark examples")},
    {"evaluation.at_start", QT_TRANSLATE_NOOP("SpecLabel", "Benchmarks at the start")},
    {"checkpoint.every", QT_TRANSLATE_NOOP("SpecLabel", "Checkpoint every")},
    {"checkpoint.keep", QT_TRANSLATE_NOOP("SpecLabel", "Checkpoints kept")},
    {"alerts.enabled", QT_TRANSLATE_NOOP("SpecLabel", "Watch for alerts")},
    {"alerts.out_of_band_steps", QT_TRANSLATE_NOOP("SpecLabel", "Alert: steps outside")},
    {"alerts.rho_max", QT_TRANSLATE_NOOP("SpecLabel", "Alert: cosine above")},
    {"alerts.displacement_sigma", QT_TRANSLATE_NOOP("SpecLabel", "Alert: fall in sigmas")},
    {"parallel.zero", QT_TRANSLATE_NOOP("SpecLabel", "Optimizer shared (ZeRO)")},
};

}  // namespace

QString section_title(FormSection section) {
  switch (section) {
    case FormSection::model:
      return SectionStrings::tr("Model");
    case FormSection::data:
      return SectionStrings::tr("Data");
    case FormSection::objective:
      return SectionStrings::tr("Objective");
    case FormSection::calibration:
      return SectionStrings::tr("Reward calibration");
    case FormSection::training:
      return SectionStrings::tr("Training");
  }
  return {};
}

FormSection section_of(const SpecKey& key) {
  const std::string table = key.key.substr(0, key.key.find('.'));
  if (table == "model") return FormSection::model;
  if (table == "data" || table == "probe") return FormSection::data;
  if (table == "objective") return FormSection::objective;
  if (table == "calibration" || table == "scores") return FormSection::calibration;
  return FormSection::training;
}

bool is_basic(const SpecKey& key) {
  static const std::set<std::string> basic = {"run.name",
                                              "model.path",
                                              "model.tuning",
                                              "data.train",
                                              "data.probe",
                                              "probe.every",
                                              "objective.name",
                                              "objective.likelihood",
                                              "optimizer.learning_rate",
                                              "training.batch_size",
                                              "training.micro_batch",
                                              "training.epochs",
                                              "training.steps"};
  return basic.count(key.key) > 0;
}

QString spec_label(const SpecKey& key) {
  for (const auto& label : labels) {
    if (key.key == label.key) return QCoreApplication::translate("SpecLabel", label.text);
  }
  // Parameters of objectives carry their symbol's name.
  return QString::fromStdString(key.key.substr(key.key.rfind('.') + 1));
}

QString spec_hint(const SpecKey& key) {
  QString hint = QCoreApplication::translate("SpecHelp", key.help.c_str());
  if (!hint.isEmpty()) hint[0] = hint[0].toUpper();
  return hint;
}

QString spec_help(const SpecKey& key) {
  QString help = spec_hint(key);
  if (help.isEmpty()) return help;
  if (!key.allowed.empty() && key.type != "choice" && key.type != "boolean") {
    help += QStringLiteral(" (%1)").arg(translated(key.allowed));
  }
  return help;
}

}  // namespace bandscope::app
