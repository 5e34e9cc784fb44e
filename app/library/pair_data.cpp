// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/pair_data.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include "app/language/translated.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

struct DataStrings {
  Q_DECLARE_TR_FUNCTIONS(PairData)
};

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
  data.sha256 = QString::fromStdString(data::trained_digest(reader.environment_json()));
  return data;
}

void CheckedData::check(const PairData& data, const std::stop_token& stop) {
  if (data.file.isEmpty())
    throw DataError(plain_message(DataStrings::tr("The record does not say which data it was trained on.")));
  if (data.there)
    throw DataError(plain_message(
        DataStrings::tr("The data are on a server: single pairs can be read there, but not all of them.")));
  const QMutexLocker lock(&mutex_);
  const auto hash = [&stop](const std::filesystem::path& file) {
    return stoppable_sha256_of_file(file, [&stop] {
      if (stop.stop_requested()) throw ReadStopped{};
    });
  };
  if (!trained_.same(data.source(), data.sha256.toStdString(), hash))
    throw DataError(data::not_the_trained(data.file.toStdString()));
}

}  // namespace bandscope::app
