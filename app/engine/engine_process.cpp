// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/engine_process.h"

#include <signal.h>

#include <QProcessEnvironment>
#include <cerrno>

#include "core/error.h"
#include "core/input/system_reason.h"
#include "core/record/run_folder.h"
#include "core/schema/spoken.h"

namespace bandscope::app {

QProcessEnvironment engine_environment() {
  auto environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QString::fromLatin1(kSpeakVariable), QStringLiteral("1"));
  return environment;
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

}  // namespace bandscope::app
