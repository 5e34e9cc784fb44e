// SPDX-License-Identifier: GPL-3.0-or-later
// A server as a window reaches it: the real engine's far end behind a script in ssh's place, or one that says what the
// test wants it to say.
#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "app/library/run_entry.h"
#include "app/server/ask_server.h"
#include "app/server/server_link.h"
#include "tests/app/record_maker.h"
#include "tests/app/ssh_script.h"

namespace bandscope::testing {

class ServedBox {
 public:
  ServedBox() {
    QDir().mkpath(path("far/runs"));
    QDir().mkpath(path("far/data"));
    write_script(path("ssh"), take_command() + run_command());
    qputenv("BANDSCOPE_SSH", path("ssh").toLocal8Bit());
    // A far end that gives every request the members of the file `says`; it ends where there is no such file.
    write_script(path("liar"),
                 QByteArray("requests='") + every_request() +
                     "'\nprintf '{\"bandscope\":\"serve\",\"v\":1,\"program\":\"0\",\"host\":\"h\",\"now\":1,"
                     "\"devices\":[],\"roots\":[\"runs\"],\"requests\":[%s],\"limits\":{}}\\n' \"$requests\"\n"
                     "while read -r line; do\n"
                     "  id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/')\n"
                     "  case $line in\n"
                     "    *'\"request\":\"runs\"'*|*'\"request\":\"watch\"'*|*'\"request\":\"queued\"'*)\n"
                     "      printf '{\"v\":1,\"id\":%s,\"ok\":true,\"runs\":[],\"all\":0}\\n' \"$id\";;\n"
                     "    *) printf '%s\\n' \"$line\" >> '" +
                     path("asked").toUtf8() + "'\n      [ -e '" + path("says").toUtf8() +
                     "' ] || exit 1\n"
                     "      printf '{\"v\":1,\"id\":%s,%s}\\n' \"$id\" \"$(cat '" +
                     path("says").toUtf8() + "')\";;\n  esac\ndone\n");
  }
  ~ServedBox() { qunsetenv("BANDSCOPE_SSH"); }

  QString path(const QString& name) const { return folder_.filePath(name); }
  std::filesystem::path runs() const { return path("far/runs").toStdString(); }
  void write(const QString& name, const QByteArray& content) const {
    QDir().mkpath(QFileInfo(path(name)).absolutePath());
    write_file(path(name), content);
  }
  QByteArray read(const QString& name) const {
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  bool has(const QString& name) const { return QFile::exists(path(name)); }

  /// Connects to the engine's far end, or to the one that says `says`. False where it is not reached.
  bool reach() { return reach(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine")); }
  bool reachLiar(const QByteArray& says) {
    say(says);
    return reach(path("liar"));
  }
  /// The members of its answers; empty: it ends in place of an answer.
  void say(const QByteArray& says) const {
    QFile::remove(path("says"));
    if (!says.isEmpty()) write("says", says);
  }
  void leave() { link.reset(); }

  app::ServerLinks links() {
    return [this](const QString& id) { return id == QLatin1String("lab") ? link.get() : nullptr; };
  }
  /// A run of the server as the library lists it.
  std::shared_ptr<app::RunEntry> entry(const QString& there, ShownState state = ShownState::done) const {
    auto run = std::make_shared<app::RunEntry>();
    run->found = {path("cache/" + there + "/run.h5"), QStringLiteral("lab"), there, 1, 1};
    run->read = true;
    run->state = state;
    run->server = QStringLiteral("lab");
    run->server_name = QStringLiteral("Lab");
    run->there = there;
    run->copied = false;
    return run;
  }

  std::unique_ptr<app::ServerLink> link;

 private:
  bool reach(const QString& engine) {
    app::ServerAddress address;
    address.id = QStringLiteral("lab");
    address.name = QStringLiteral("Lab");
    address.destination = QStringLiteral("lab");
    address.engine = engine;
    address.runs = path("far/runs");
    address.data = QStringList{path("far/data")};
    link = std::make_unique<app::ServerLink>(address, path("cache"));
    link->connectToServer();
    return QTest::qWaitFor([this] { return link->ready(); }, 60'000);
  }
  QTemporaryDir folder_;
};

}  // namespace bandscope::testing
