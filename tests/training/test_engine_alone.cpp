// SPDX-License-Identifier: Apache-2.0
// One engine per run, and a run in its own place: what happens when two begin on one name, when engine.json names
// another host, when the run's folder goes away under it, and when standard streams are closed.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <csignal>
#include <cstring>
#include <fstream>

#include "core/record/folder_lock.h"
#include "core/record/run_folder.h"
#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineAlone : public QObject {
  Q_OBJECT

  EngineBox box_;

  /// Gives the record a heartbeat of so many seconds ago.
  static bool age_heartbeat(const std::filesystem::path& record, double seconds) {
    const double heartbeat = RecordReader::open(record).heartbeat(), older = heartbeat - seconds;
    std::fstream file(record, std::ios::in | std::ios::out | std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::size_t place = bytes.find(std::string(reinterpret_cast<const char*>(&heartbeat), sizeof heartbeat));
    if (place == std::string::npos) return false;
    file.clear();
    file.seekp(static_cast<std::streamoff>(place));
    file.write(reinterpret_cast<const char*>(&older), sizeof older);
    file.close();
    return RecordReader::open(record).heartbeat() == older;
  }
  static void move_to_other_host(const std::filesystem::path& folder) {
    auto process = read_engine_process(folder);
    process->host = "another-host";
    write_engine_process(folder, *process);
  }

 private Q_SLOTS:
  void a_run_is_not_made_around_others() {
    QCOMPARE(box_.train(box_.spec("inner"), "around/outer", {"training.steps=1"}).code, 0);
    FAILS(box_.train(box_.spec("outer"), "around", {"training.steps=1"}), 2, "run.name", "around other runs (inner)");
    QVERIFY(!QFile::exists(box_.path("around/outer/run.h5")));
    // Nor is what it left moved aside with them.
    QDir().mkpath(box_.path("aside/outer"));
    QCOMPARE(box_.train(box_.spec("outer"), "aside", {"training.steps=1"}).code, 0);
    QCOMPARE(box_.train(box_.spec("inner"), "aside/outer", {"training.steps=1"}).code, 0);
    FAILS(box_.train(box_.spec("outer"), "aside", {"training.steps=1"}), 2, "a finished run");
    QCOMPARE(box_.train(box_.spec("outer"), "aside", {"training.steps=2", "run.resume=true"}).code, 0);
    QVERIFY(QFile::exists(box_.path("aside/outer/inner/run.h5")));
  }

  void how_its_threads_wait_and_where_tensors_lie_data() {
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QStringList>("wanted");
    QTest::newRow("nothing said") << QStringList{}
                                  << QStringList{"OMP_WAIT_POLICY=passive", "GOMP_SPINCOUNT=5000",
                                                 "THP_MEM_ALLOC_ENABLE=1"};
    QTest::newRow("how they wait") << QStringList{"OMP_WAIT_POLICY=active"}
                                   << QStringList{"OMP_WAIT_POLICY=active", "THP_MEM_ALLOC_ENABLE=1"};
    QTest::newRow("both") << QStringList{"OMP_WAIT_POLICY=active", "THP_MEM_ALLOC_ENABLE=0"}
                          << QStringList{"OMP_WAIT_POLICY=active", "THP_MEM_ALLOC_ENABLE=0"};
  }
  // Whoever starts it: what it was not told it sets itself.
  void how_its_threads_wait_and_where_tensors_lie() {
    QFETCH(QStringList, given);
    QFETCH(QStringList, wanted);
    EngineBox box;
    for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "THP_MEM_ALLOC_ENABLE"}) box.environment.remove(name);
    for (const QString& one : given) box.environment.insert(one.section('=', 0, 0), one.section('=', 1));
    auto run = box.start(box.spec("set_up"), "runs", {"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box.file("runs/set_up/run.h5")) > 0; }));
    QStringList has;
    for (const QByteArray& one : contents(QString("/proc/%1/environ").arg(run->processId())).split('\0')) {
      const QString text = QString::fromUtf8(one);
      if (text.startsWith("OMP_WAIT") || text.startsWith("GOMP_SPIN") || text.startsWith("THP_")) has << text;
    }
    run->kill();
    QVERIFY(run->waitForFinished());
    has.sort(), wanted.sort();
    QCOMPARE(has, wanted);
  }

  void two_at_the_same_moment() {
    for (int i = 0; i < 4; ++i) {
      const QString runs = QString("both%1").arg(i), spec = box_.spec("same");
      auto a = box_.start(spec, runs, {"training.steps=150"}), b = box_.start(spec, runs, {"training.steps=150"});
      const Ended first = ended(*a), second = ended(*b);
      const bool a_won = first.code == 0;
      QVERIFY2((first.code == 0 && second.code == 2) || (first.code == 2 && second.code == 0),
               qPrintable(first.error + "\n---\n" + second.error));
      const QString refusal = (a_won ? second : first).message();
      QVERIFY2(
          refusal.contains("run.name") && (refusal.contains("still going on") || refusal.contains("being started")),
          qPrintable(refusal));
      // One run and nothing beside it: no folder moved aside, no lock left.
      QCOMPARE(QDir(box_.path(runs)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
               QStringList{"same"});
      const RecordReader record = RecordReader::open(box_.file(runs + "/same/run.h5"));
      QCOMPARE(record.state(), RunState::done);
      QCOMPARE(record.steps(), std::size_t{150});
    }
  }

  void a_locked_name_is_refused() {
    QDir().mkpath(box_.path("locked"));
    std::optional<FolderLock> lock = FolderLock::try_take(box_.file("locked/held"));
    QVERIFY(lock);
    QVERIFY(!FolderLock::try_take(box_.file("locked/held")));
    QVERIFY(FolderLock::try_take(box_.file("locked/other")));
    const Ended end = box_.train(box_.spec("held"), "locked");
    QVERIFY2(end.code == 2 && end.message().contains("being started by another process"), qPrintable(end.error));
    lock.reset();
    QVERIFY(!QFile::exists(box_.path("locked/.held.lock")));
    QCOMPARE(box_.train(box_.spec("held"), "locked", {"training.steps=1"}).code, 0);
  }

  void another_host() {
    const QString spec = box_.spec("far");
    auto engine = box_.start(spec, "runs", {"training.steps=100000"});
    const auto folder = box_.file("runs/far");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 3; }));
    // The lock of the record tells that it is written, whatever host engine.json names, and where there is none.
    move_to_other_host(folder);
    Ended second = box_.train(spec, "runs");
    QVERIFY2(
        second.code == 2 && second.message().contains("still going on") && second.message().contains("another-host"),
        qPrintable(second.error));
    QVERIFY(QFile::rename(box_.path("runs/far/engine.json"), box_.path("engine.json")));
    second = box_.train(spec, "runs", {"run.resume=true"});
    QVERIFY2(second.code == 2 && second.message().contains("still going on"), qPrintable(second.error));
    QVERIFY(QFile::rename(box_.path("engine.json"), box_.path("runs/far/engine.json")));
    const std::size_t before = steps_of(folder / "run.h5");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") > before; }));  // it was not disturbed
    ::kill(static_cast<pid_t>(engine->processId()), SIGKILL);
    QCOMPARE(ended(*engine).code, -1);

    // Where locks are not seen only the heartbeat tells.
    second = box_.train(spec, "runs");
    QVERIFY2(second.code == 2 && second.message().contains("may still be going on at another host") &&
                 second.message().contains("300 s"),
             qPrintable(second.error));
    QVERIFY(age_heartbeat(folder / "run.h5", 400));
    second = box_.train(spec, "runs", {"training.steps=2"});
    QVERIFY2(second.code == 0, qPrintable(second.error));
    QVERIFY(QFile::exists(box_.path("runs/far.1/run.h5")));
  }

  void a_folder_that_goes_away_data() {
    QTest::addColumn<bool>("renamed");
    QTest::newRow("deleted") << false;
    QTest::newRow("renamed") << true;
  }
  void a_folder_that_goes_away() {
    QFETCH(bool, renamed);
    const QString name = renamed ? "renamed" : "deleted";
    QProcess engine;
    engine.setProcessEnvironment(box_.environment);
    engine.start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"),
                 {box_.spec(name), "--runs", box_.path("gone"), "--json", "--set", "training.steps=100000", "--set",
                  "checkpoint.every=1000"});
    QVERIFY(engine.waitForStarted());
    const QString folder = box_.path("gone/" + name), moved = box_.path("gone/moved");
    QVERIFY(eventually([&] { return steps_of(box_.file("gone/" + name + "/run.h5")) >= 3; }));
    if (renamed)
      QVERIFY(QDir().rename(folder, moved));
    else
      QVERIFY(QDir(folder).removeRecursively());
    const Ended end = ended(engine);
    QVERIFY2(end.code == 1, qPrintable(end.error));
    const QJsonObject line = QJsonDocument::fromJson(end.out.toUtf8()).object();
    QCOMPARE(line["state"].toString(), "failed");
    QVERIFY2(
        line["reason"].toString().contains(renamed ? "the run's folder was moved" : "the run's folder was deleted"),
        qPrintable(end.out));
    QVERIFY(!QFile::exists(folder));  // nothing is written to the old place
    if (!renamed) {
      QVERIFY(line["record"].isNull());
      QVERIFY2(!end.error.contains("run.h5"), qPrintable(end.error));
      return;
    }
    QCOMPARE(line["record"].toString(), moved + "/run.h5");
    const RecordReader record = RecordReader::open((moved + "/run.h5").toStdString());
    QCOMPARE(record.state(), RunState::failed);
    QVERIFY(has_event(record, "stop", "was moved"));
  }

  void closed_streams_data() {
    QTest::addColumn<QString>("closed");
    for (const char* closed : {"<&- >&- 2>&-", ">&- 2>&-", "<&- 2>&-", "2>&-", "<&-"})
      QTest::newRow(closed) << QString(closed);
  }
  void closed_streams() {
    QFETCH(QString, closed);
    const QString name = QString("closed%1").arg(qHash(closed), 0, 16);
    QProcess shell;
    shell.setProcessEnvironment(box_.environment);
    shell.start("sh", {"-c", QString("exec \"$0\" \"$1\" --runs \"$2\" --json %1").arg(closed),
                       QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"), box_.spec(name), box_.path("streams")});
    QVERIFY(shell.waitForStarted());
    const Ended end = ended(shell);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const RecordReader record = RecordReader::open(box_.file("streams/" + name + "/run.h5"));
    QCOMPARE(record.state(), RunState::done);
    QCOMPARE(record.steps(), std::size_t{10});
    QVERIFY(record.note().empty());
    QFile bytes(box_.path("streams/" + name + "/run.h5"));
    QVERIFY(bytes.open(QIODevice::ReadOnly));
    QVERIFY(!bytes.readAll().contains("step 1/10"));
  }
};

QTEST_GUILESS_MAIN(TestEngineAlone)
#include "test_engine_alone.moc"
