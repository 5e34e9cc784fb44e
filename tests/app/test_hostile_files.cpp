// SPDX-License-Identifier: GPL-3.0-or-later
// What may lie where window and command line look for files: FIFOs, links, huge and deep files, rude names.
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "app/base/input_file.h"
#include "app/launch/run_plan.h"
#include "app/library/run_entry.h"
#include "app/library/run_files.h"
#include "app/library/run_labels.h"
#include "app/page/log_tab.h"
#include "app/page/token_changes.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"
#include "core/queue/queue_file.h"
#include "core/schema/spoken.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

template <typename Call>
QString refusal(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return QStringLiteral("accepted");
}

}  // namespace

class TestHostileFiles : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString file(const QString& name) const { return folder_.filePath(name); }
  QString fifo(const QString& name) const {
    if (::mkfifo(file(name).toLocal8Bit().constData(), 0600) != 0) qFatal("no FIFO");
    return file(name);
  }
  void write(const QString& name, const QByteArray& text) const {
    QFile out(file(name));
    QVERIFY(out.open(QIODevice::WriteOnly));
    QCOMPARE(out.write(text), text.size());
  }

 private Q_SLOTS:
  void a_fifo_hangs_nobody() {
    Message why;
    QVERIFY(!file_bytes(fifo("a"), 100, &why));
    QCOMPARE(why.english(), std::string("a FIFO, not a file"));
    QFile opened;
    QVERIFY(!open_regular(opened, file("a")) && !opened.isOpen());
    QVERIFY(last_words(file("a").toStdString()).empty());
    QVERIFY(refusal([&] { queue::QueueFile(file("a").toStdString()).load(); }).endsWith("a FIFO, not a file"));
    fifo("labels.json");
    QVERIFY(refusal([&] { read_labels(file("run.h5")); }).endsWith("labels.json: a FIFO, not a file"));
    fifo("log.txt");
    LogTab tab;
    const auto run = std::make_shared<RunEntry>();
    run->found.record = file("run.h5");
    tab.setRuns({run}, {"run"});
    tab.show();
    auto* text = tab.findChild<QPlainTextEdit*>();
    QTRY_VERIFY(!text->placeholderText().isEmpty());
    QVERIFY(text->toPlainText().isEmpty());
  }

  void sizes_are_limited() {
    write("large", QByteArray(3000, 'x'));
    Message why;
    QVERIFY(!file_bytes(file("large"), 2999, &why));
    QVERIFY2(why.english().starts_with("it is larger than"), why.english().c_str());
    QCOMPARE(file_bytes(file("large"), 3000).value().size(), 3000);
    QFile opened;
    QVERIFY(open_regular(opened, file("large")));
    QVERIFY(opened.seek(2990));
    QCOMPARE(opened.read(100).size(), 10);
  }

  void a_run_s_spec_elsewhere_is_left_alone() {
    const QByteArray text = "[run]\nname = \"old\"\n";
    write("elsewhere.toml", text);
    QDir(folder_.path()).mkpath("runs");
    const auto record = make_run((folder_.path() + "/runs").toStdString(), {.name = "old", .steps = 2});
    const QString folder = file("runs/old");
    QFile::remove(folder + "/spec.toml");
    QVERIFY(QFile::link(file("elsewhere.toml"), folder + "/spec.toml"));
    rename_run({folder + "/run.h5", file("runs"), "old"}, "new");
    QCOMPARE(file_bytes(file("elsewhere.toml"), 1000).value(), text);
  }

  void nesting_is_limited() {
    const QString dots = QStringLiteral("a.").repeated(100'000) + "a = 1", open = QString(100'000, '[');
    QVERIFY(flatten_spec(dots.toStdString()).empty());
    QVERIFY(SpecText(dots).keys().isEmpty());
    SpecKey number;
    number.type = "integer";
    QVERIFY(toml_value(number, open).startsWith('"'));
    QVERIFY(!toml_elements(open));
    QVERIFY(!parse_plan("{\"memory\":{\"total\":" + open.toUtf8() + "}}"));
    QVERIFY_EXCEPTION_THROWN(parse_pair_tokens("{\"chosen\":" + open.toUtf8()), RunError);
    write("queue.json", open.toUtf8());
    QVERIFY(refusal([&] { queue::QueueFile(file("queue.json").toStdString()).load(); }).contains("byte"));
  }

  void numbers_are_limited() {
    const auto plan = parse_plan("{\"memory\":{\"total\":1},\"steps\":1e300,\"processes\":-1e300}");
    QVERIFY(plan);
    QCOMPARE(plan->steps, 0);
    QCOMPARE(plan->processes, 1);
  }

  void names_cannot_steer_the_terminal() {
    QProcess program;
    program.start(QStringLiteral(BANDSCOPE_BIN "/bandscope"),
                  {"import", file("no\x1b[2J\nsuch"), "--out", file("out.h5")});
    QVERIFY(program.waitForFinished(120000));
    QCOMPARE(program.exitCode(), 3);
    const QByteArray said = program.readAllStandardError();
    QVERIFY2(said.contains("no\\x1B[2J\\nsuch") && said.count('\n') == 1 && !said.contains('\x1b'), said.constData());
  }
};

QTEST_MAIN(TestHostileFiles)
#include "test_hostile_files.moc"
