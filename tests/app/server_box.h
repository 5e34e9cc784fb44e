// SPDX-License-Identifier: GPL-3.0-or-later
// A server of the tests: the real engine behind a program that stands for ssh, whose line can be cut.
#pragma once

#include <signal.h>

#include <QDir>
#include <QFile>

#include "app/base/server_address.h"
#include "tests/app/ssh_script.h"

namespace bandscope::testing {

class ServerBox {
 public:
  /// In this folder, which is there.
  explicit ServerBox(const QString& folder) : folder_(folder) {
    QDir().mkpath(runs());
    // While the file "cut" is there nobody answers.
    write_script(
        path(QStringLiteral("ssh")),
        "here=$(dirname \"$0\")\n"
        "if [ -e \"$here/cut\" ]; then echo 'ssh: connect to host far port 22: No route to host' >&2; exit 255; fi\n" +
            take_command() + "echo $$ >> \"$here/lines\"\n" + run_command());
  }
  /// Before the first connection.
  void settle() const { qputenv("BANDSCOPE_SSH", path(QStringLiteral("ssh")).toUtf8()); }
  QString path(const QString& name) const { return QDir(folder_).filePath(name); }
  QString runs() const { return path(QStringLiteral("far-runs")); }
  app::ServerAddress address(const QString& name = QStringLiteral("far")) const {
    app::ServerAddress address;
    address.id = name;
    address.name = name;
    address.destination = QStringLiteral("far.example");
    address.engine = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");
    address.runs = runs();
    return address;
  }
  /// Ends the lines that there are; none is made before mend().
  void cut() const {
    write_file(path(QStringLiteral("cut")), "x");
    QFile lines(path(QStringLiteral("lines")));
    if (!lines.open(QIODevice::ReadOnly)) return;
    for (const auto& pid : lines.readAll().split('\n')) {
      if (pid.toInt() > 0) ::kill(pid.toInt(), SIGKILL);
    }
  }
  void mend() const {
    QFile::remove(path(QStringLiteral("lines")));
    QFile::remove(path(QStringLiteral("cut")));
  }

 private:
  QString folder_;
};

}  // namespace bandscope::testing
