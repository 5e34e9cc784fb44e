// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_process.h"

#include <signal.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <cerrno>

#include "app/base/input_file.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/input/system_reason.h"
#include "core/record/run_folder.h"
#include "core/schema/spoken.h"

namespace bandscope::app {

QProcessEnvironment engine_environment(int threads) {
  auto environment = QProcessEnvironment::systemEnvironment();
  // libgomp's spinning barriers collapse beside another busy process, such as the window.
  if (!environment.contains(QStringLiteral("OMP_WAIT_POLICY"))) {
    environment.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("passive"));
  }
  if (threads > 0 && !environment.contains(QStringLiteral("OMP_NUM_THREADS"))) {
    environment.insert(QStringLiteral("OMP_NUM_THREADS"), QString::number(threads));
  }
  environment.insert(QString::fromLatin1(kSpeakVariable), QStringLiteral("1"));
  return environment;
}

StartedEngine start_engine(const QString& spec, const QString& runs, int threads) {
  const auto engine = QString::fromStdString(engine_program().string());
  const QDir folder(runs);
  if (!folder.mkpath(QStringLiteral(".logs"))) {
    throw RunError(Message::tr("cannot make the folder %1 for the engine's output",
                               folder.filePath(QStringLiteral(".logs")).toStdString()));
  }
  const QString log =
      folder.absoluteFilePath(QStringLiteral(".logs/%1-%2.txt")
                                  .arg(QFileInfo(spec).completeBaseName(),
                                       QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"))));

  const QStringList arguments{QFileInfo(spec).absoluteFilePath(), QStringLiteral("--runs"), folder.absolutePath()};

  QProcess process;
  // setsid makes it the leader of a session of its own: closing the terminal or the window sends it nothing.
  process.setProgram(QStringLiteral("setsid"));
  process.setArguments(QStringList{engine} + arguments);
  process.setProcessEnvironment(engine_environment(threads));
  process.setStandardInputFile(QProcess::nullDevice());
  process.setStandardOutputFile(log);
  process.setStandardErrorFile(log, QIODevice::Append);
  StartedEngine started;
  started.log = log;
  if (!process.startDetached(&started.pid)) {
    throw RunError(Message::tr("cannot start %1: %2", engine.toStdString(), process.errorString().toStdString()));
  }
  return started;
}

qint64 process_start(qint64 pid) {
  QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
  if (pid <= 0 || !file.open(QIODevice::ReadOnly)) return 0;
  const QByteArray text = file.readAll();
  // The second field, the name, is in brackets and may hold blanks and brackets itself; the third is the state.
  const auto fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
  constexpr int state = 0, start_time = 19;
  if (fields.size() <= start_time || fields[state] == "Z" || fields[state] == "X") return 0;
  return fields[start_time].toLongLong();
}

qint64 engine_on(const QString& spec) {
  const QByteArray wanted = QFileInfo(spec).absoluteFilePath().toUtf8();
  for (const auto& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    bool number = false;
    const qint64 pid = entry.toLongLong(&number);
    if (!number || pid == QCoreApplication::applicationPid()) continue;
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) continue;
    const auto words = file.readAll().split('\0');
    if (words.size() > 2 && words.contains(wanted) && words.contains("--runs") && process_start(pid) > 0) return pid;
  }
  return 0;
}

void stop_engine(const QString& run_folder) {
  const auto process = read_engine_process(run_folder.toStdString());
  if (!process)
    throw RunError(Message::tr("%1 has no engine.json that says which process to stop", run_folder.toStdString()));
  const auto living = alive(*process);
  if (!living) throw RunError(Message::tr("the run goes on at %1, not on this machine; stop it there", process->host));
  if (!*living) throw RunError(Message::tr("the run's process has ended already"));
  if (::kill(pid_t(process->pid), SIGTERM) != 0) {
    throw RunError(Message::tr("cannot stop process %1: %2", process->pid, system_reason(errno)));
  }
}

Message last_words(const QString& log) {
  constexpr qint64 tail = 16384;
  constexpr qsizetype most = 400;  // characters of a text that is no message of ours
  QFile file;
  if (!open_regular(file, log)) return {};
  if (file.size() > tail) file.seek(file.size() - tail);
  const Message words = last_spoken(file.read(tail).toStdString());
  return words.is_sentence() ? words : plain_message(QString::fromStdString(words.text()).left(most));
}

}  // namespace bandscope::app
