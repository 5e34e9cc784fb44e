// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/pair_prompt.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <filesystem>
#include <optional>

#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/record/record_reader.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"
#include "training/text/tokenizer.h"

namespace bandscope::app {
namespace {

struct Strings {
  Q_DECLARE_TR_FUNCTIONS(PairPrompts)
};

/// Of the run's spec, which lies beside the record.
std::filesystem::path model_of(const RunConfig& config, const QString& record) {
  const auto at = config.find(QStringLiteral("model.path"));
  const QString base = at == config.end() ? QString() : at->second;
  return QDir::cleanPath(QFileInfo(record).absoluteDir().absoluteFilePath(base)).toStdString();
}

AnswerPrompt prompt_of(const data::RowValue& row, const std::filesystem::path& model) {
  data::PairForm form{};
  data::PairText text = data::PairTextReader(true).read(row, form);
  const bool labelled_list = row.contains("messages") || row.contains("conversations") ||
                             (row.contains("completion") && !row["completion"].is_string());
  if (form == data::PairForm::conversations || form == data::PairForm::sharegpt || labelled_list) {
    const text::Tokenizer tokenizer = text::Tokenizer::load(model);
    text = data::PairTextReader(tokenizer, true).read(row, form);
  }
  AnswerPrompt prompt = text_prompt(QString::fromStdString(text.prompt.empty() ? text.rejected_prompt : text.prompt));
  prompt.chosen = QString::fromStdString(text.chosen);
  prompt.rejected = QString::fromStdString(text.rejected);
  return prompt;
}

}  // namespace

AnswerPrompt PairPrompts::read(const QString& record, qint64 line, const std::stop_token& stop) {
  const auto reader = RecordReader::open(record.toStdString());
  const RunConfig config = flatten_spec(reader.spec_toml());
  const PairData data = pair_data_of(reader, config, record);
  checked_.check(data, stop);
  const data::DataSource source = data.source();
  std::optional<AnswerPrompt> found;
  std::int64_t last = -1;
  data::load_rows(source, [&](const data::DataRow& row) {
    if (stop.stop_requested()) throw ReadStopped{};
    last = row.index;
    if (row.index != line) return true;
    if (row.value == nullptr) throw DataError(data::at_row(row, source.path, row.problem));
    try {
      found = prompt_of(*row.value, model_of(config, record));
    } catch (const data::RowProblem& problem) {
      throw DataError(data::at_row(row, source.path, problem.message()));
    }
    return false;
  });
  if (!found) {
    throw DataError(Message::at(
        source.path,
        plain_message(Strings::tr("has no line %1, only %2").arg(count_text(line + 1), count_text(last + 1)))));
  }
  return *std::move(found);
}

}  // namespace bandscope::app
