// SPDX-License-Identifier: GPL-3.0-or-later
// The program as it is called from a shell: outputs, sentences and exit codes, without a display.
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

struct Outcome {
  int code = -1;
  QString out, err;
};

Outcome call(const QStringList& arguments, const QStringList& environment = {}) {
  QProcess process;
  auto own = QProcessEnvironment::systemEnvironment();
  for (const char* display : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "BANDSCOPE_ENGINE"})
    own.remove(QString::fromLatin1(display));
  for (const auto& item : environment) own.insert(item.section('=', 0, 0), item.section('=', 1));
  process.setProcessEnvironment(own);
  process.start(QStringLiteral(BANDSCOPE_BIN "/bandscope"), arguments);
  process.waitForFinished(60000);
  return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
          QString::fromUtf8(process.readAllStandardError())};
}

}  // namespace

class TestCommandLine : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QString plain_, calibrated_;

 private Q_SLOTS:
  void initTestCase() {
    const std::filesystem::path folder = folder_.path().toStdString();
    plain_ = QString::fromStdString(make_run(folder, {.name = "dpo", .steps = 40}).string());
    calibrated_ =
        QString::fromStdString(make_run(folder, {.name = "dpo-rc", .calibrated = true, .steps = 40}).string());
  }

  void versionAndHelp() {
    QVERIFY(call({"--version"}).out.startsWith("bandscope "));
    const auto help = call({"--help"});
    QCOMPARE(help.code, 0);
    for (const char* word : {"inspect", "export", "import", "--batch", "--runs", "--json"})
      QVERIFY2(help.out.contains(word), word);
  }

  void inspectSaysWhatTheRunDid() {
    const auto text = call({"inspect", plain_});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.contains("dpo") && text.out.contains("40"));
    const auto json =
        QJsonDocument::fromJson(call({"inspect", QFileInfo(plain_).path(), "--json"}).out.toUtf8()).object();
    QCOMPARE(json["steps"].toInt(), 40);
    QCOMPARE(json["objective"].toString(), QStringLiteral("dpo"));
    QCOMPARE(json["calibrated"].toBool(), false);
  }

  void exportWritesEveryFormatWithoutADisplay_data() {
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QByteArray>("magic");
    QTest::newRow("svg") << "svg" << QByteArray("<?xml");
    QTest::newRow("pdf") << "pdf" << QByteArray("%PDF");
    QTest::newRow("png") << "png" << QByteArray("\x89PNG");
    QTest::newRow("csv") << "csv" << QByteArray("");
  }
  void exportWritesEveryFormatWithoutADisplay() {
    QFETCH(QString, suffix);
    QFETCH(QByteArray, magic);
    const QString out = folder_.filePath("figure." + suffix);
    const auto done = call(
        {"export", plain_, calibrated_, "--figure", "dynamics", "--out", out, "--smoothing", "0.9", "--dpi", "72"});
    QCOMPARE(done.err, QString());
    QCOMPARE(done.code, 0);
    QFile file(out);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.size() > 500);
    QVERIFY(bytes.startsWith(magic));
  }

  void tablesForOtherPrograms() {
    const QString csv = folder_.filePath("steps.csv"), parquet = folder_.filePath("pairs.parquet"),
                  board = folder_.filePath("board");
    auto done = call({"export", plain_, calibrated_, "--format", "csv", "--out", csv});
    QCOMPARE(done.err, QString());
    QCOMPARE(done.code, 0);
    QFile file(csv);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 1 + 2 * 40 + 1);
    QVERIFY(lines[0].startsWith("run,step,epoch,time,"));
    QVERIFY(lines[1].startsWith("dpo,1,"));
    QVERIFY(lines[80].startsWith("dpo-rc,40,"));
    done = call({"export", plain_, "--format", "csv", "--table", "events", "--out", "-"});
    QVERIFY2(done.code == 0 && done.out.startsWith("run,step,time,kind,message"), qPrintable(done.out + done.err));
    done = call({"export", plain_, calibrated_, "--format", "tensorboard", "--out", board});
    QVERIFY2(done.code == 0, qPrintable(done.err));
    for (const char* run : {"/dpo", "/dpo-rc"})
      QCOMPARE(QDir(board + run).entryList({"events.out.tfevents.*"}, QDir::Files).size(), 1);
    done = call({"export", plain_, calibrated_, "--format", "parquet", "--table", "pairs", "--out", parquet});
    if (done.code == 1 && done.err.contains("no Arrow")) QSKIP("this build has no Arrow");
    QVERIFY2(done.code == 0, qPrintable(done.err));
    QFile made(parquet);
    QVERIFY(made.open(QIODevice::ReadOnly));
    const QByteArray bytes = made.readAll();
    QVERIFY(bytes.startsWith("PAR1") && bytes.endsWith("PAR1"));
  }

  /// By whatever name it is called.
  void aFigureNeverReplacesItsRecord() {
    QDir(folder_.path()).mkpath("own");
    const QString record = folder_.filePath("own/run.h5"), link = folder_.filePath("own/figure.svg");
    QVERIFY(QFile::copy(plain_, record) && QFile::link(record, link));
    const auto done = call({"export", record, "--figure", "band", "--out", link});
    QCOMPARE(done.code, 2);
    QVERIFY2(done.err.contains("is the record itself"), qPrintable(done.err));
    QCOMPARE(call({"inspect", record}).code, 0);
  }

  void outputThatIsCutShortIsNoSuccess() {
    for (const QString& command : {QStringLiteral("bandscope --help"), QStringLiteral("bandscope-engine --help")}) {
      QProcess shell;
      shell.start("/bin/sh", {"-c", QStringLiteral(BANDSCOPE_BIN "/") + command + " > /dev/full"});
      QVERIFY(shell.waitForFinished(60000));
      QCOMPARE(shell.exitCode(), 1);
      const QString said = QString::fromUtf8(shell.readAllStandardError());
      QVERIFY2(said.contains("cannot write to the standard output"), qPrintable(said));
    }
  }

  void errorsAreOneSentenceAndACode_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    QTest::newRow("unknown option") << QStringList{"--bach", "x.toml"} << 2 << "--batch";
    QTest::newRow("mistyped command") << QStringList{"inspct", "x.h5"} << 2 << "inspect";
    QTest::newRow("unknown figure") << QStringList{"export", plain_, "--figure", "dynamic", "--out", "x.pdf"} << 2
                                    << "dynamics";
    QTest::newRow("no figure") << QStringList{"export", plain_, "--out", "x.pdf"} << 2 << "--template";
    QTest::newRow("no template") << QStringList{"export", plain_, "--template", "none.toml", "--out", "x.pdf"} << 2
                                 << "none.toml";
    QTest::newRow("two figures") << QStringList{"export",   plain_, "--template", "a.toml",
                                                "--figure", "band", "--out",      "x.pdf"}
                                 << 2 << "--figure";
    QTest::newRow("unknown format") << QStringList{"export", plain_, "--figure", "dynamics", "--out", "x.gif"} << 2
                                    << ".svg";
    QTest::newRow("unknown table format")
        << QStringList{"export", plain_, "--format", "xlsx", "--out", "x"} << 2 << "parquet";
    QTest::newRow("table of a figure") << QStringList{"export",  plain_,  "--figure", "dynamics",
                                                      "--table", "pairs", "--out",    "x.pdf"}
                                       << 2 << "--format";
    QTest::newRow("table of events") << QStringList{"export",  plain_,  "--format", "tensorboard",
                                                    "--table", "pairs", "--out",    folder_.filePath("none")}
                                     << 2 << "csv and parquet";
    QTest::newRow("parquet on standard output")
        << QStringList{"export", plain_, "--format", "parquet", "--out", "-"} << 2 << "csv alone";
    QTest::newRow("events on standard output")
        << QStringList{"export", plain_, "--format", "tensorboard", "--out", "-"} << 2 << "csv alone";
    QTest::newRow("figure and tables") << QStringList{"export",   plain_, "--figure", "dynamics",
                                                      "--format", "csv",  "--out",    "x"}
                                       << 2 << "--figure";
    QTest::newRow("no folder") << QStringList{"export", plain_, "--format", "csv", "--out", "/no/such/x.csv"} << 1
                               << "/no/such/x.csv";
    QTest::newRow("set without batch") << QStringList{"--set", "a=b"} << 2 << "--batch";
    QTest::newRow("no record") << QStringList{"inspect", "/no/such.h5"} << 3 << "/no/such.h5";
    QTest::newRow("not a record") << QStringList{"inspect", BANDSCOPE_SOURCE "/CMakeLists.txt"} << 3
                                  << "CMakeLists.txt";
    QTest::newRow("folder without record") << QStringList{"inspect", BANDSCOPE_SOURCE} << 3 << "run.h5";
    QTest::newRow("nothing to open") << QStringList{"/no/such.h5"} << 3 << "/no/such.h5";
    QTest::newRow("unreadable import") << QStringList{"import", "/no/such.jsonl", "--out", folder_.filePath("i.h5")}
                                       << 3 << "/no/such.jsonl";
    QTest::newRow("batch without a name") << QStringList{"--batch", ""} << 2 << "--batch";
    QTest::newRow("import to no name") << QStringList{"import", "x.jsonl", "--out", ""} << 2 << "--out";
    QTest::newRow("value that is empty") << QStringList{"--batch", "x.toml", "--runs="} << 2 << "--runs=";
    QTest::newRow("path that is empty") << QStringList{""} << 2 << "empty";
    QTest::newRow("window without display") << QStringList{} << 2 << "display";
  }
  void errorsAreOneSentenceAndACode() {
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QFETCH(QString, says);
    const auto done = call(arguments);
    QCOMPARE(done.code, code);
    QVERIFY2(done.err.contains(says), qPrintable(done.err));
    QCOMPARE(done.err.count('\n'), 1);
    QCOMPARE(done.out, QString());
  }

  void batchHandsOverToTheEngine() {
    const QString engine = folder_.filePath("engine.sh");
    QFile script(engine);
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho \"$*\"\nexit 130\n");
    script.close();
    script.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner);
    const auto done =
        call({"--batch", "s.toml", "--set", "objective.name=\"ipo\"", "--set", "run.seed=3", "--runs", "out", "--json"},
             {"BANDSCOPE_ENGINE=" + engine});
    QCOMPARE(done.code, 130);
    QCOMPARE(done.out, QStringLiteral("s.toml --set objective.name=\"ipo\" --set run.seed=3 --runs out --json\n"));
  }

  void importMakesARecord() {
    const QString log = folder_.filePath("margin_chain.jsonl");
    QFile file(log);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not json\n");
    file.close();
    const auto done = call({"import", log, "--out", folder_.filePath("imported.h5")});
    QCOMPARE(done.code, 3);
    QVERIFY(done.err.contains("margin_chain.jsonl"));
  }
};

QTEST_GUILESS_MAIN(TestCommandLine)
#include "test_command_line.moc"
