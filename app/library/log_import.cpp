// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/log_import.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QRegularExpression>
#include <QThreadPool>
#include <algorithm>
#include <array>

#include "app/base/input_file.h"
#include "core/error.h"
#include "core/record/import_run.h"

namespace bandscope::app {
namespace {

constexpr qint64 beginning = 64 << 10;
constexpr std::size_t most_columns = 1000;  // that anybody would choose from
constexpr std::array step_keys{"step", "global_step", "iteration", "iter", "_step"};
constexpr std::array data_keys{"prompt", "chosen", "rejected", "completion", "messages"};

/// Whether a line of JSON has a member of one of these names. It may be longer than what was read of it, and have
/// numbers that JSON does not know (NaN): its text says enough.
template <class Keys>
bool has_any(const QByteArray& line, const Keys& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const char* key) {
    const QByteArray name = QByteArrayLiteral("\"") + key + '"';
    for (qsizetype at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
      qsizetype after = at + name.size();
      while (after < line.size() && (line[after] == ' ' || line[after] == '\t')) ++after;
      if (after < line.size() && line[after] == ':') return true;
    }
    return false;
  });
}

}  // namespace

bool is_training_log(const QString& path) {
  const QString ending = QFileInfo(path).suffix().toLower();
  // TensorBoard's name for its files.
  if (QFileInfo(path).fileName().startsWith(QLatin1String("events.out.tfevents."))) return true;
  if (ending == QLatin1String("csv")) return QFileInfo(path).isFile();
  QFile file;
  if ((ending != QLatin1String("json") && ending != QLatin1String("jsonl")) || !open_regular(file, path)) return false;
  const QByteArray start = file.read(beginning);
  if (start.contains("\"log_history\"")) return true;
  const qsizetype end = start.indexOf('\n');
  const QByteArray line = end < 0 ? start : start.left(end);
  return line.trimmed().startsWith('{') && has_any(line, step_keys) && !has_any(line, data_keys);
}

QString log_run_name(const QString& path) {
  const QFileInfo file(path);
  QDir folder = file.absoluteDir();
  // Trainers keep their state in every checkpoint; the run is the folder above.
  if (folder.dirName().startsWith(QLatin1String("checkpoint-"))) folder.cdUp();
  const bool usual =
      file.fileName() == QLatin1String("trainer_state.json") || file.fileName() == QLatin1String("margin_chain.jsonl");
  QString name = usual && !folder.isRoot() ? folder.dirName() : file.completeBaseName();
  static const QRegularExpression unfit(QStringLiteral("[/\\\\:*?\"<>|\\x00-\\x1f]+|^\\.+"));
  name.replace(unfit, QStringLiteral("-"));
  return name.left(60).isEmpty() ? QStringLiteral("imported") : name.left(60);
}

void LogImport::start(const QString& log, const QString& folder, const Columns& columns) {
  // At once: the next log must find the name taken.
  QDir().mkpath(folder);
  QThreadPool::globalInstance()->start([self = QPointer(this), log, folder, columns] {
    const QString record = QDir(folder).filePath(QStringLiteral("run.h5"));
    Message what, why;
    QStringList names;
    const auto fail = [&](const std::exception& error) {
      why = message_of(error);
      QDir().rmdir(folder);  // only while it is empty
    };
    try {
      if (!QDir(folder).exists()) throw RunError(Message::at(folder.toStdString(), Message::tr("cannot be made")));
      what = import_run(log.toStdString(), record.toStdString(), columns);
    } catch (const UnclearColumns& error) {
      fail(error);
      if (error.columns.size() <= most_columns)
        for (const std::string& name : error.columns) names << QString::fromStdString(name);
    } catch (const std::exception& error) {
      fail(error);
    }
    QMetaObject::invokeMethod(qApp, [self, log, record, columns, what, why, names] {
      if (!self) return;
      if (why.empty()) {
        Q_EMIT self->imported(record, what);
      } else if (names.isEmpty()) {
        Q_EMIT self->failed(log, why);
      } else {
        Q_EMIT self->columnsAsked(log, names, columns, why);
      }
    });
  });
}

}  // namespace bandscope::app
