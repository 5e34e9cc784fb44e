// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/model_summary.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>

#include "app/base/amounts.h"
#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "training/model/config.h"
#include "training/model/model_files.h"

namespace bandscope::app {
namespace {

struct ModelStrings {
  Q_DECLARE_TR_FUNCTIONS(ModelSummary)
};

QString state_of(const QString& folder) {
  QString state = folder;
  for (const auto& file : QDir(folder).entryInfoList(QDir::Files)) {
    const qint64 changed = file.lastModified().toMSecsSinceEpoch();
    state += QStringLiteral("\n%1 %2 %3").arg(file.fileName()).arg(file.size()).arg(changed);
  }
  return state;
}

void read_weights(const std::filesystem::path& folder, ModelSummary& look) {
  const model::WeightFiles weights = model::read_weight_files(folder);
  look.parameters = weights.parameters;
  look.bytes = weights.bytes;
  look.files = weights.files;
  QStringList types;
  for (const auto& [type, numbers] : weights.types) types << QString::fromStdString(type);
  look.types = types.join(ModelStrings::tr(" and ", "between two types of numbers"));
}

}  // namespace

ModelSummary read_model_summary(const QString& folder) {
  ModelSummary look;
  look.folder = folder;
  if (folder.isEmpty()) {
    look.problem =
        Message::tr("Choose a model: a Hugging Face folder with config.json, tokenizer.json and safetensors files.");
    return look;
  }
  const QDir dir(folder);
  if (!dir.exists()) {
    look.problem = Message::tr("There is no folder %1.", folder.toStdString());
    return look;
  }
  if (!dir.exists(QStringLiteral("config.json"))) {
    const bool adapter = dir.exists(QStringLiteral("adapter_config.json"));
    look.problem =
        adapter ? Message::tr("%1 is an adapter, not a model: it belongs into “Start adapter”.", folder.toStdString())
                : Message::tr("%1 is no model folder: it has no readable config.json.", folder.toStdString());
    return look;
  }
  // Every part that can be read is told, the first problem beside it.
  const std::filesystem::path path = folder.toStdString();
  const auto attempt = [&](auto part) {
    try {
      part();
    } catch (const std::exception& error) {
      if (look.problem.empty()) look.problem = message_of(error);
    }
  };
  attempt([&] {
    const model::ModelConfig config = model::ModelConfig::load(path);
    const std::string_view name = model::to_string(config.architecture);
    look.architecture = QString::fromUtf8(name.data(), qsizetype(name.size()));
    look.layers = config.layers;
    look.hidden = config.hidden_size;
    look.vocabulary = config.vocab_size;
    look.positions = config.max_position;
  });
  attempt([&] { read_weights(path, look); });
  attempt([&] {
    look.tokens = std::make_shared<const text::Tokenizer>(text::Tokenizer::load(path));
    look.tokenizer = model::tokenizer_kind(path);
    look.chat_template = !look.tokens->chat_template().empty();
  });
  return look;
}

QString to_text(const ModelSummary& look) {
  QStringList parts;
  if (!look.architecture.isEmpty()) parts << look.architecture;
  if (look.parameters > 0) parts << ModelStrings::tr("%1 parameters").arg(short_count(double(look.parameters)));
  if (look.layers > 0)
    parts << ModelStrings::tr("%1 layers of %2").arg(count_text(look.layers), count_text(look.hidden));
  if (look.vocabulary > 0) parts << ModelStrings::tr("vocabulary %1").arg(count_text(look.vocabulary));
  if (look.positions > 0) parts << ModelStrings::tr("%1 positions").arg(count_text(look.positions));
  if (look.bytes > 0) {
    const QString size =
        ModelStrings::tr("%1, %2", "type of numbers, size").arg(look.types, bytes_text(double(look.bytes)));
    parts << (look.files == 1 ? size : ModelStrings::tr("%1 in %n files", nullptr, look.files).arg(size));
  }
  if (!look.tokenizer.empty()) {
    parts << translated(look.tokenizer)
          << (look.chat_template ? ModelStrings::tr("chat template") : ModelStrings::tr("no chat template"));
  }
  return parts.join(QStringLiteral(" · "));
}

ModelScanner::ModelScanner(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

ModelScanner::~ModelScanner() {
  pool_.clear();
  pool_.waitForDone();
}

void ModelScanner::look(const QString& folder) {
  const quint64 mine = ++wanted_;
  pool_.clear();
  pool_.start([this, mine, folder, last = last_, last_state = last_state_] {
    const QString state = state_of(folder);
    const ModelSummary look = state == last_state && !folder.isEmpty() ? last : read_model_summary(folder);
    QMetaObject::invokeMethod(this, [this, mine, look, state] {
      if (mine != wanted_) return;  // another folder was chosen since
      last_ = look;
      last_state_ = state;
      Q_EMIT found(look);
    });
  });
}

}  // namespace bandscope::app
