// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/pair_prompt.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <optional>

#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "app/library/run_entry.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"
#include "training/text/tokenizer.h"

namespace bandscope::app {
namespace {

struct Strings {
  Q_DECLARE_TR_FUNCTIONS(PairPrompts)
};

void go_on_unless(const std::stop_token& stop) {
  if (stop.stop_requested()) throw RunError(plain_message(Strings::tr("stopped")));
}

QString value(const RunConfig& config, const char* key) {
  const auto at = config.find(QLatin1String(key));
  return at == config.end() ? QString() : at->second;
}

}  // namespace

struct PairPrompts::Source {
  QString record;
  data::DataSource data{std::filesystem::path()};
  std::filesystem::path model;
  std::string sha256;  ///< as the run found the data; empty: unknown
  bool checked = false;
  std::optional<text::Tokenizer> tokenizer;

  explicit Source(const QString& file) : record(file) {
    const auto reader = RecordReader::open(file.toStdString());
    const RunConfig config = flatten_spec(reader.spec_toml());
    const QDir folder = QFileInfo(file).absoluteDir();
    const QString train = value(config, "data.train"), base = value(config, "model.path");
    if (train.isEmpty())
      throw DataError(plain_message(Strings::tr("The record does not say which data it was trained on.")));
    data = {QDir::cleanPath(folder.absoluteFilePath(train)).toStdString(), value(config, "data.split").toStdString()};
    model = QDir::cleanPath(folder.absoluteFilePath(base)).toStdString();
    const auto about = QJsonDocument::fromJson(QByteArray::fromStdString(reader.environment_json())).object();
    sha256 = about.value(QStringLiteral("sha256")).toObject().value(QStringLiteral("data")).toString().toStdString();
  }

  void check(const std::stop_token& stop) {
    if (checked || sha256.empty()) return;
    const auto hash = [&stop](const std::filesystem::path& file) {
      return stoppable_sha256_of_file(file, [&stop] { go_on_unless(stop); });
    };
    if (data::data_sha256(data::data_hashes(data, hash)) != sha256) {
      throw DataError(Message::at(
          data.path, Message::tr("has changed since the run was trained on it, so its rows may be other pairs")));
    }
    checked = true;
  }

  AnswerPrompt prompt_of(const data::RowValue& row) {
    data::PairForm form{};
    data::PairText text = data::PairTextReader(true).read(row, form);
    const bool labelled_list = row.contains("messages") || row.contains("conversations") ||
                               (row.contains("completion") && !row["completion"].is_string());
    if (form == data::PairForm::conversations || form == data::PairForm::sharegpt || labelled_list) {
      if (!tokenizer) tokenizer.emplace(text::Tokenizer::load(model));
      text = data::PairTextReader(*tokenizer, true).read(row, form);
    }
    AnswerPrompt prompt = text_prompt(QString::fromStdString(text.prompt.empty() ? text.rejected_prompt : text.prompt));
    prompt.chosen = QString::fromStdString(text.chosen);
    prompt.rejected = QString::fromStdString(text.rejected);
    return prompt;
  }
};

PairPrompts::PairPrompts() = default;
PairPrompts::~PairPrompts() = default;

AnswerPrompt PairPrompts::read(const QString& record, qint64 line, const std::stop_token& stop) {
  if (!source_ || source_->record != record) source_ = std::make_unique<Source>(record);
  source_->check(stop);
  std::optional<AnswerPrompt> found;
  std::int64_t last = -1;
  data::load_rows(source_->data, [&](const data::DataRow& row) {
    go_on_unless(stop);
    last = row.index;
    if (row.index != line) return true;
    if (row.value == nullptr) throw DataError(data::at_row(row, source_->data.path, row.problem));
    try {
      found = source_->prompt_of(*row.value);
    } catch (const data::RowProblem& problem) {
      throw DataError(data::at_row(row, source_->data.path, problem.message()));
    }
    return false;
  });
  if (!found) {
    throw DataError(Message::at(
        source_->data.path,
        plain_message(Strings::tr("has no line %1, only %2").arg(count_text(line + 1), count_text(last + 1)))));
  }
  return *std::move(found);
}

}  // namespace bandscope::app
