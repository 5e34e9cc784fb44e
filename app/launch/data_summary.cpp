// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/data_summary.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QFileInfo>

#include "core/error.h"
#include "training/data/data_files.h"

namespace bandscope::app {
namespace {

/// Between two answers about a file that is still read.
constexpr qint64 answer_every_ms = 400;

QString state_of(const DataQuestion& question) {
  QString files;
  const auto add = [&](const QFileInfo& info) {
    files +=
        QStringLiteral("%1 %2 %3\n").arg(info.filePath()).arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
  };
  add(QFileInfo(question.file));
  for (const auto& shard : data::data_files_in(question.file.toStdString()))
    add(QFileInfo(QString::fromStdString(shard.string())));
  return QStringLiteral("%1 %2 %3 %4 %5")
      .arg(files, question.split)
      .arg(question.tokens ? QString::fromStdString(question.tokens->sha256() + question.tokens->chat_template())
                           : QString())
      .arg(question.options.limit)
      .arg(question.options.own_prompts);
}

}  // namespace

struct DataScanner::Known {
  QString state;
  std::shared_ptr<const data::PairSurvey> survey;
};

DataScanner::DataScanner(QObject* parent) : QObject(parent), known_(std::make_shared<Known>()) {
  pool_.setMaxThreadCount(1);
}

DataScanner::~DataScanner() {
  stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void DataScanner::cancel() {
  stop_.request_stop();
  pool_.clear();
  ++wanted_;
}

Message no_data_chosen() {
  return Message::tr("Choose training pairs: a .jsonl, .jsonl.gz, .parquet or .arrow file, or a folder of such files.");
}

void DataScanner::look(const DataQuestion& question) {
  cancel();
  stop_ = {};
  pool_.start([this, mine = wanted_, question, known = known_, stop = stop_.get_token()] {
    DataSummary look{question.file, nullptr, question.tokens, question.options, {}, false, {}, question.split, false};
    const auto answer = [this, mine](const DataSummary& now) {
      QMetaObject::invokeMethod(this, [this, mine, now] {
        if (mine == wanted_) Q_EMIT found(now);
      });
    };
    if (question.file.isEmpty()) {
      look.problem = no_data_chosen();
      return answer(look);
    }
    const QString state = state_of(question);
    if (known->state != state) {
      known->state.clear();
      known->survey.reset();
      QElapsedTimer since;
      since.start();
      try {
        auto survey = data::survey_pairs({question.file.toStdString(), question.split.toStdString()},
                                         question.tokens.get(), question.options, [&](const data::PairSurvey& so_far) {
                                           if (stop.stop_requested()) return false;
                                           if (since.elapsed() < answer_every_ms || so_far.pairs.empty()) return true;
                                           look.survey = std::make_shared<const data::PairSurvey>(so_far);
                                           look.summary = data::summarize(so_far, question.options);
                                           look.reading = true;
                                           answer(look);
                                           since.restart();
                                           return !stop.stop_requested();
                                         });
        if (!survey.complete) return;
        known->survey = std::make_shared<const data::PairSurvey>(std::move(survey));
        known->state = state;
      } catch (const std::exception& error) {
        look.survey.reset();
        look.reading = false;
        look.problem = message_of(error);
        return answer(look);
      }
    }
    look.reading = false;
    look.survey = known->survey;
    look.summary = data::summarize(*look.survey, question.options);
    answer(look);
  });
}

}  // namespace bandscope::app
