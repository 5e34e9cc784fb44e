// SPDX-License-Identifier: Apache-2.0
// An sshd of a test's own on a loopback port, with keys made for it. It needs root and Debian's openssh-server.
#pragma once

#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStringList>
#include <QThread>

#include "tests/training/slow_line.h"

namespace ssh_test {

class Sshd {
 public:
  static constexpr const char* program = "/usr/sbin/sshd";
  static bool possible() { return ::geteuid() == 0 && QFile::exists(QString::fromLatin1(program)); }

  /// Keys, configuration and log lie in `folder`.
  explicit Sshd(const QString& folder) : folder_(folder), port_(serve_test::free_port()) {
    for (const char* key : {"host_key", "user_key"})
      QProcess::execute("ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-f", path(key)});
    QFile::copy(path("user_key.pub"), path("authorized_keys"));
    QFile config(path("sshd_config"));
    if (!config.open(QIODevice::WriteOnly)) qFatal("%s cannot be written", qPrintable(config.fileName()));
    config.write(QStringLiteral("ListenAddress 127.0.0.1\nPort %1\nHostKey %2\nAuthorizedKeysFile %3\n"
                                "PidFile none\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
                                "PasswordAuthentication no\n")
                     .arg(port_)
                     .arg(path("host_key"), path("authorized_keys"))
                     .toUtf8());
    config.close();
    // sshd's own folder, without which it does not start; Debian makes it with the service.
    QDir().mkpath("/run/sshd");
    process_.setStandardErrorFile(path("sshd.log"));
    process_.start(QString::fromLatin1(program), {"-D", "-e", "-f", config.fileName()});
    process_.waitForStarted();
  }
  ~Sshd() {
    process_.terminate();
    if (!process_.waitForFinished(5000)) process_.kill();
    process_.waitForFinished();
  }
  int port() const { return port_; }
  /// The user that it lets in with user_key.
  static QString user() { return QString::fromLocal8Bit(qgetenv("USER").isEmpty() ? "root" : qgetenv("USER")); }
  QString path(const QString& name) const { return QDir(folder_).filePath(name); }
  QByteArray log() const {
    QFile file(path("sshd.log"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  bool listens() const {
    QElapsedTimer clock;
    clock.start();
    while (!log().contains("listening")) {
      if (clock.elapsed() > 20'000) return false;
      QThread::msleep(20);
    }
    return true;
  }
  /// Options with which ssh gets in through `port`, without a question.
  QStringList options(int port) const {
    return {"-F", "none",
            "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=accept-new",
            "-o", "UserKnownHostsFile=" + path("known_hosts"),
            "-o", "IdentitiesOnly=yes",
            "-i", path("user_key"),
            "-p", QString::number(port),
            "-l", user()};
  }

 private:
  QString folder_;
  int port_;
  QProcess process_;
};

}  // namespace ssh_test
