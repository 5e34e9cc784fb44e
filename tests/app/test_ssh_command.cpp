// SPDX-License-Identifier: GPL-3.0-or-later
// What ssh is started with, what its words mean, and which hosts its configuration names.
#include <sys/stat.h>

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "app/server/ssh_command.h"
#include "app/server/ssh_config.h"
#include "app/server/ssh_words.h"
#include "tests/app/ssh_script.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestSshCommand : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }

 private Q_SLOTS:
  void initTestCase() {
    qunsetenv("BANDSCOPE_SSH");
    qunsetenv("SSH_ASKPASS");
  }

  void everyShellReadsTheCommandLineAlike_data() {
    QTest::addColumn<QString>("shell");
    // Those that are here: sh and bash are everywhere.
    for (const char* shell : {"sh", "bash", "dash", "zsh", "fish", "tcsh", "csh", "ksh"}) {
      const QString program = QStandardPaths::findExecutable(QString::fromLatin1(shell));
      if (!program.isEmpty()) QTest::newRow(shell) << program;
    }
  }
  void everyShellReadsTheCommandLineAlike() {
    QFETCH(QString, shell);
    // An engine that says what it was given, a line each.
    const QString engine = at("it's an engine");
    write_script(engine, "for word; do printf '%s\\n' \"$word\"; done\n");
    auto server = server_at("far");
    server.engine = engine;
    server.runs = QStringLiteral("~/my runs");
    server.data = QStringList{"plain/path-1.x",
                              "a b",
                              "it's",
                              "back\\slash\\",
                              "two\\\\",
                              "wow!x !!",
                              "$HOME `id` \"q\"",
                              "a;b|c&d>e",
                              "*?[x]{a,b}",
                              "#x",
                              "=ls",
                              "^a^b",
                              QStringLiteral("é漢"),
                              "~",
                              "x~y",
                              "-o",
                              "%s(x)",
                              "~root/d"};
    server.models = QStringList{"\\n x"};
    server.slurm = true;
    QProcess run;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("HOME", "/root");
    environment.insert("LC_ALL", "C.UTF-8");
    run.setProcessEnvironment(environment);
    run.start(shell, {"-c", engine_command_line(server)});
    QVERIFY(run.waitForFinished());
    const QByteArray error = run.readAllStandardError();
    QVERIFY2(error.isEmpty(), error);
    QStringList expected = {"serve", "--stdio", "--runs", "/root/my runs"};
    for (const QString& folder : server.data) {
      QString read = folder;
      if (folder == "~") read = "/root";
      if (folder == "~root/d") read = "/root/d";
      if (folder == "-o") read = "./-o";
      expected << "--data" << read;
    }
    expected << "--models"
             << "\\n x"
             << "--slurm";
    QCOMPARE(QString::fromUtf8(run.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts), expected);
  }

  void sshIsAskedForNoTerminalAndNoPort() {
    auto server = server_at("user@far");
    const SshCommand command = ssh_command(server);
    QCOMPARE(command.program, QStringLiteral("ssh"));
    QCOMPARE(command.environment.value("SSH_ASKPASS_REQUIRE"), QStringLiteral("force"));
    for (const char* option : {"-T", "-C", "ClearAllForwardings=yes", "RemoteCommand=none"})
      QVERIFY2(command.arguments.contains(option), option);
    // Nothing of the destination can be an option.
    const auto end = command.arguments.indexOf("--");
    QCOMPARE(command.arguments.mid(end), (QStringList{"--", "user@far", engine_command_line(server)}));
    QVERIFY(!command.arguments.contains("BatchMode=yes"));
    server.compress = false;
    QVERIFY(!ssh_command(server).arguments.contains("-C"));
    QVERIFY(ssh_command(server, {.may_ask = false}).arguments.contains("BatchMode=yes"));
    qputenv("BANDSCOPE_SSH", "/opt/other ssh");
    QCOMPARE(ssh_command(server).program, QStringLiteral("/opt/other ssh"));
    qunsetenv("BANDSCOPE_SSH");
  }

  void whoAsksForSshIsFound() {
    QProcessEnvironment environment;
    environment.insert("PATH", at("bin"));
    write_script(at("bin/ksshaskpass"), {});
    QVERIFY(!askpass_program(environment).isEmpty());
    environment.insert("SSH_ASKPASS", at("bin/none"));
    QVERIFY(askpass_program(environment).isEmpty());
    environment.insert("SSH_ASKPASS", at("bin/ksshaskpass"));
    QCOMPARE(askpass_program(environment), at("bin/ksshaskpass"));
    qputenv("SSH_ASKPASS", at("bin/none").toUtf8());
    QVERIFY(!ssh_command(server_at("far")).asks);
    qputenv("SSH_ASKPASS", at("bin/ksshaskpass").toUtf8());
    QVERIFY(ssh_command(server_at("far")).asks);
    qunsetenv("SSH_ASKPASS");
  }

  void whatSshMeans_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("error");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, int code, const char* error, const char* words, bool asks = true) {
      QTest::newRow(name) << code << QString::fromUtf8(error) << asks << QString::fromUtf8(words);
    };
    row("no host", 255, "ssh: Could not resolve hostname farr: Name or service not known\r\n",
        "no host of the name farr");
    row("refused", 255, "ssh: connect to host 10.0.0.9 port 22: Connection refused", "10.0.0.9 refuses");
    row("off", 255, "ssh: connect to host far port 22: Connection timed out", "far does not answer");
    row("off while it greets", 255, "Connection timed out during banner exchange\nConnection to far port 22 timed out",
        "user@far does not answer");
    row("no way", 255, "ssh: connect to host far port 22: No route to host", "no way to far");
    row("not let in", 255, "user@far: Permission denied (publickey).", "user@far is not let in");
    row("nobody to ask", 255, "user@far: Permission denied (publickey,password).", "ssh-askpass", false);
    row("banner", 255, "Idle sessions are timed out.\nuser@far: Permission denied (publickey).", "not let in");
    row("jump host", 255, "jump: Permission denied (publickey).\r\nConnection closed by UNKNOWN port 65535",
        "jump is not let in");
    row("unknown host", 255, "Host key verification failed.", "answer ssh's question");
    row("unknown host, nobody to ask", 255,
        "ssh_askpass: exec(/usr/bin/ssh-askpass): No such file or directory\nHost key verification failed.",
        "no program is installed in which it could ask", false);
    row("changed host", 255,
        "@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@\nHost key verification failed.",
        "is not the one that ssh knows");
    row("too many keys", 255, "Received disconnect from 10.0.0.9 port 22:2: Too many authentication failures",
        "IdentitiesOnly");
    row("closed", 255, "kex_exchange_identification: Connection closed by remote host", "closed the connection");
    row("configuration", 255, "/root/.ssh/config: line 3: Bad configuration option: hots", "Bad configuration option");
    row("in, then cut", 255,
        "Authenticated to far ([10.0.0.9]:22) using \"publickey\".\nclient_loop: send disconnect: "
        "Broken pipe",
        "Broken pipe");
    row("silence", 255, "", "ended with code 255");
    row("sh", 127, "sh: 1: exec: bandscope-engine: not found", "was not found there");
    row("zsh", 127, "zsh:1: command not found: bandscope-engine", "was not found there");
    row("Chinese bash", 127, "bash: 行 1: bandscope-engine: 未找到命令", "was not found there");
    row("tcsh", 1, "bandscope-engine: Command not found.", "was not found there");
    row("not a program", 126, "bash: line 1: /etc/passwd: Permission denied", "may not run it");
    row("csh, not a program", 1, "/etc/passwd: Permission denied.", "may not run it");
    row("old", 2, "bandscope-engine: The following arguments were not expected: --stdio serve", "too old to serve");
    row("old for jobs", 2, "The following argument was not expected: --slurm\nRun with --help for more information.",
        "too old for jobs");
    row("folder", 2, "--data: Directory does not exist: /data/a b\nRun with --help for more information.",
        "no folder /data/a b there");
    row("runs folder", 3, "bandscope-engine: /root/x is no folder: Not a directory", "no folder /root/x there");
    row("engine fails", 3, "bandscope-engine: libtorch.so is missing", "libtorch.so is missing");
    row("code", 4, "", "with code 4");
  }
  void whatSshMeans() {
    QFETCH(int, code);
    QFETCH(QString, error);
    QFETCH(bool, asks);
    QFETCH(QString, words);
    const SshEnd end{server_at("user@far"), code, error, {}, asks, false};
    const QString said = QString::fromStdString(ssh_problem(end).english());
    QVERIFY2(said.contains(words), qPrintable(said));
  }

  void whoWasNotAskedIsTold() {
    for (const char* error : {"user@far: Permission denied (publickey).", "Host key verification failed."}) {
      const SshEnd end{server_at("far"), 255, QString::fromLatin1(error), {}, true, false, false};
      QVERIFY2(ssh_problem(end).english().find("connect anew") != std::string::npos, error);
    }
  }

  void endlessWordsAreCut() {
    const SshEnd end{server_at("far"), 255, QString(1'000'000, 'x'), {}, true, false};
    QVERIFY(ssh_problem(end).english().size() < 1000);
    const SshEnd shell{server_at("far"), 0, {}, "This account is not available.\n", true, false};
    QVERIFY(ssh_problem(shell).english().find("This account is not available.") != std::string::npos);
  }

  void hostsOfTheConfigurationAreOffered() {
    const QString home = at("home");
    write_file(
        home + "/.ssh/config",
        "# a remark\nHost far  \"near by\" lab-1 *.example.org !not ?x\n  User me\nhost=equal\nHost = spaced # remark\n"
        "HostName hidden\nInclude conf.d/*.conf other \"quoted name\" ~/elsewhere\nMatch host x\n\tHOST tabbed\r\n"
        "Host far\nHost -oProxyCommand=id\nInclude config\nInclude missing/*/x\n");
    write_file(home + "/.ssh/conf.d/a.conf", "Host a\nInclude conf.d/b.conf\n");
    write_file(home + "/.ssh/conf.d/b.conf", "Host b\n");
    write_file(home + "/.ssh/conf.d/c.txt", "Host c\n");
    write_file(home + "/.ssh/conf.d/.hidden.conf", "Host hidden\n");
    write_file(home + "/.ssh/other", "Host other\n");
    write_file(home + "/.ssh/quoted name", "Host quoted\n");
    write_file(home + "/elsewhere", "Host else\n");
    const QStringList hosts = ssh_config_hosts(home + "/.ssh/config", home);
    QCOMPARE(hosts, (QStringList{"far", "lab-1", "equal", "spaced", "a", "b", "other", "quoted", "else", "tabbed"}));
    QVERIFY(ssh_config_hosts(home + "/none", home).isEmpty());
  }

  void hostileConfigurationsAreEndedWith() {
    const QString home = at("hostile");
    const QString file = home + "/.ssh/config";
    const auto hosts = [&] { return ssh_config_hosts(file, home); };
    write_file(file, "Host far\nInclude fifo /dev/zero /dev/stdin . .. / /*/*/*/*/*\nHost near\n");
    QCOMPARE(::mkfifo(qPrintable(home + "/.ssh/fifo"), 0600), 0);
    QCOMPARE(hosts().mid(0, 1), QStringList{"far"});
    QVERIFY(hosts().contains("near"));
    write_file(file, QByteArray(3 << 20, 'x'));
    QVERIFY(hosts().isEmpty());
    write_file(file, QByteArray("Host a\0b\n", 9));
    QVERIFY(hosts().isEmpty());
    write_file(file, "Host " + QByteArray(500'000, 'y') + "\nHost \xff\xfe ok \"unclosed\nHost last\n");
    QVERIFY(hosts().contains("last"));
    QByteArray many;
    for (int i = 0; i < 50'000; ++i) many += "Host h" + QByteArray::number(i) + "\n";
    write_file(file, many);
    QVERIFY(hosts().size() <= 2000);
    // A hundred files, each of which includes all.
    for (int i = 0; i < 100; ++i) write_file(home + QStringLiteral("/.ssh/c/%1").arg(i), "Include c/*\nHost x\n");
    write_file(file, "Include c/*\nHost after\n");
    QVERIFY(hosts().contains("after"));
  }
};

QTEST_GUILESS_MAIN(TestSshCommand)
#include "test_ssh_command.moc"
