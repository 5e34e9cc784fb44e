// SPDX-License-Identifier: GPL-3.0-or-later
// A server that the window reaches through $BANDSCOPE_SSH: bandscope-engine itself on this machine, or a script that
// gives the answers it is told.
#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "app/server/server_link.h"
#include "tests/app/server_box.h"

namespace bandscope::testing {

/// tests/fixtures/golden
inline QString golden_file(const QString& path) {
  return QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/golden/") + path;
}

class FarServer {
 public:
  FarServer() : box_(folder_.path()) {
    for (const char* name : {"data", "models", "cache", "runtime"}) QDir().mkpath(path(name));
    qputenv("XDG_CACHE_HOME", path("cache").toLocal8Bit());
    qputenv("XDG_RUNTIME_DIR", path("runtime").toLocal8Bit());
  }
  QString path(const QString& name) const { return folder_.filePath(name); }
  QString runs() const { return box_.runs(); }

  /// As the settings describe it.
  app::ServerAddress address() const {
    app::ServerAddress address = box_.address();
    address.name = QStringLiteral("gpu-box");
    address.data = {path("data")};
    address.models = {path("models")};
    return address;
  }
  /// Copies of a golden model, and of its pairs.
  void addModel(const QString& name) const {
    const QDir from(golden_file("models/tiny-llama-tied"));
    QDir().mkpath(path("models/" + name));
    for (const auto& file : from.entryList(QDir::Files))
      QFile::copy(from.filePath(file), path("models/" + name + "/" + file));
  }
  void addPairs(const QString& name) const { QFile::copy(golden_file("pairs.jsonl"), path("data/" + name)); }

  void use() const { box_.settle(); }
  /// The line goes, at once; the next one stays.
  void cut() const {
    box_.cut();
    box_.mend();
  }
  /// Whether there is, or was, a line since the last cut.
  bool connected() const { return QFile::exists(path("lines")); }

  /// From now on the server answers each request with what answer() says, or not at all.
  void useTold(const QByteArray& hello_more = {}) const {
    QDir().mkpath(path("answers"));
    write_file(path("hello"),
               "{\"bandscope\":\"serve\",\"v\":1,\"program\":\"x\",\"host\":\"h\",\"now\":1,\"requests\":[" +
                   every_request() + "]" + hello_more + "}\n");
    answer("watch", "");
    answer("queued", "");
    answer("runs", "\"runs\":[],\"all\":0");
    write_script(path("told"),
                 QStringLiteral("cat '%1'\nwhile read -r line; do\n"
                                "id=$(printf '%s' \"$line\" | sed 's/.*\"id\":\\([0-9]*\\).*/\\1/')\n"
                                "request=$(printf '%s' \"$line\" | sed 's/.*\"request\":\"\\([a-z_]*\\)\".*/\\1/')\n"
                                "printf '%s\\n' \"$line\" >> '%2/asked'\n"
                                "[ -f '%2/'$request ] && sed \"s/@ID@/$id/\" '%2/'$request\ndone\n")
                     .arg(path("hello"), path("answers"))
                     .toUtf8());
    qputenv("BANDSCOPE_SSH", path("told").toLocal8Bit());
  }
  /// Members of the answer, beside v, id and ok.
  void answer(const QString& request, const QByteArray& members) const {
    write_file(path("answers/" + request),
               "{\"v\":1,\"id\":@ID@,\"ok\":true" + (members.isEmpty() ? QByteArray() : "," + members) + "}\n");
  }

 private:
  QTemporaryDir folder_;
  ServerBox box_;
};

}  // namespace bandscope::testing
