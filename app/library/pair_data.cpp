// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/pair_data.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include "app/language/translated.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

struct DataStrings {
  Q_DECLARE_TR_FUNCTIONS(PairData)
};

QString state_of(const PairData& data) {
  QString state = data.split + QLatin1Char('\n') + data.sha256;
  for (const auto& file : data::data_files(data.source())) {
    const QFileInfo info(QString::fromStdString(file.string()));
    state +=
        QStringLiteral("\n%1 %2 %3").arg(info.filePath()).arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
  }
  return state;
}

}  // namespace

PairData pair_data_of(const RecordReader& reader, const RunConfig& config, const QString& record) {
  PairData data;
  const auto value = [&](const char* key) {
    const auto at = config.find(QLatin1String(key));
    return at == config.end() ? QString() : at->second;
  };
  const QString file = value("data.train");
  if (!file.isEmpty()) data.file = QDir::cleanPath(QFileInfo(record).absoluteDir().absoluteFilePath(file));
  data.split = value("data.split");
  const auto environment = QJsonDocument::fromJson(QByteArray::fromStdString(reader.environment_json())).object();
  data.sha256 = environment.value(QStringLiteral("sha256")).toObject().value(QStringLiteral("data")).toString();
  return data;
}

void CheckedData::check(const PairData& data, const std::stop_token& stop) {
  if (data.file.isEmpty())
    throw DataError(plain_message(DataStrings::tr("The record does not say which data it was trained on.")));
  if (data.there)
    throw DataError(plain_message(
        DataStrings::tr("The data are on a server: single pairs can be read there, but not all of them.")));
  const QMutexLocker lock(&mutex_);
  const QString now = state_of(data);
  if (data.sha256.isEmpty() || now == state_) return;
  const auto hash = [&stop](const std::filesystem::path& file) {
    return stoppable_sha256_of_file(file, [&stop] {
      if (stop.stop_requested()) throw ReadStopped{};
    });
  };
  if (data::data_sha256(data::data_hashes(data.source(), hash)) != data.sha256.toStdString()) {
    throw DataError(
        Message::at(data.file.toStdString(),
                    Message::tr("has changed since the run was trained on it, so its rows may be other pairs")));
  }
  state_ = now;
}

}  // namespace bandscope::app
