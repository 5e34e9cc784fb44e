// SPDX-License-Identifier: Apache-2.0
// How runs end before their time: signals, `control stop`, kill -9, and weights that blow up; and what a script reads
// of it.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <csignal>
#include <optional>

#include "core/record/run_folder.h"
#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineStop : public QObject {
  Q_OBJECT

  EngineBox box_;

  static QString checkpoint_of(std::size_t step) { return QString("checkpoint-%1").arg(step, 8, 10, QChar('0')); }

 private Q_SLOTS:
  void signals_stop_with_a_checkpoint_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGHUP") << SIGHUP;
  }
  void signals_stop_with_a_checkpoint() {
    QFETCH(int, signal);
    const QString name = QString("signal%1").arg(signal);
    auto engine = box_.start(box_.spec(name), "runs", {"training.steps=100000"});
    QVERIFY(engine->processId() > 0);
    const auto record_file = box_.file("runs/" + name + "/run.h5");
    QVERIFY(eventually([&] { return steps_of(record_file) >= 3; }));
    ::kill(static_cast<pid_t>(engine->processId()), signal);
    const Ended end = ended(*engine);
    QVERIFY2(end.code == 130, qPrintable(QString::number(end.code) + end.error));
    const RecordReader record = RecordReader::open(record_file);
    QCOMPARE(record.state(), RunState::stopped);
    QVERIFY(!record.live());
    QVERIFY(record.note().empty());
    QVERIFY(has_event(record, "checkpoint", checkpoint_of(record.steps()).toStdString()));
    QVERIFY(has_event(record, "stop", "stopped before step " + std::to_string(record.steps() + 1) + " of 100000"));
    const QString folder = box_.path("runs/" + name + "/" + checkpoint_of(record.steps()));
    for (const char* file :
         {"DONE", "model.safetensors", "optimizer.safetensors", "trainer.json", "config.json", "tokenizer.json"})
      QVERIFY2(QFile::exists(folder + "/" + file), file);
  }

  void a_signal_before_training_stops_too() {
    auto engine = box_.start(box_.spec("early"), "runs",
                             {"training.steps=100000", "training.micro_batch=1", "training.batch_size=1"});
    QVERIFY(eventually([&] { return std::filesystem::exists(box_.file("runs/early/run.h5")); }));
    ::kill(static_cast<pid_t>(engine->processId()), SIGTERM);
    QCOMPARE(ended(*engine).code, 130);
    QCOMPARE(RecordReader::open(box_.file("runs/early/run.h5")).state(), RunState::stopped);
  }

  void references_say_how_far_they_are_and_a_stop_ends_them() {
    // Far more pairs than are looked at until the stop comes.
    QFile pairs(golden("pairs.jsonl"));
    QVERIFY(pairs.open(QIODevice::ReadOnly));
    const QByteArray some = pairs.readAll();
    QByteArray rows;
    while (rows.size() < 8'000'000) rows += some;
    const QString data = box_.write("referred.jsonl", rows);
    auto engine =
        box_.start(box_.spec("referring"), "runs",
                   {"data.train=" + data, "training.steps=1000000", "training.micro_batch=1", "training.batch_size=1"});
    const auto folder = box_.file("runs/referring");
    std::optional<RunProgress> progress;
    QVERIFY(eventually([&] {
      progress = read_run_progress(folder);
      return progress && progress->done > 0;
    }));
    QCOMPARE(progress->phase, std::string("reference"));
    QVERIFY(progress->total > progress->done && progress->seconds_left.value_or(-1) > 0);
    {
      Connection asking(folder);
      const QJsonObject answer = asking.ask(R"({"v":1,"command":"status"})");
      QCOMPARE(answer["state"].toString(), "waiting");
      QCOMPARE(answer["phase"].toString(), "reference");
      QCOMPARE(answer["total"].toInteger(), progress->total);
      QVERIFY(asking.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    }
    QCOMPARE(ended(*engine).code, 0);
    const RecordReader record = RecordReader::open(folder / "run.h5");
    QCOMPARE(record.state(), RunState::stopped);
    QCOMPARE(record.steps(), std::size_t{0});
    QVERIFY(!QFile::exists(box_.path("runs/referring/progress.json")));
    QFile::remove(data);
  }

  void a_signal_while_data_is_read_ends_at_once() {
    // Far more rows than are read until the signal comes; nothing has begun, so that nothing is left behind.
    QByteArray rows;
    QFile pairs(golden("pairs.jsonl"));
    QVERIFY(pairs.open(QIODevice::ReadOnly));
    const QByteArray some = pairs.readAll();
    while (rows.size() < 60'000'000) rows += some;
    const QString data = box_.write("many.jsonl", rows);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
      auto engine = box_.start(box_.spec("reading"), "reading", {"data.train=" + data});
      const auto catches = [&] {
        QFile status(QString("/proc/%1/status").arg(engine->processId()));
        if (!status.open(QIODevice::ReadOnly)) return false;
        const QByteArray text = status.readAll();
        const auto place = text.indexOf("SigCgt:\t");
        return place >= 0 && (text.mid(place + 8, 16).toULongLong(nullptr, 16) >> (SIGTERM - 1) & 1) != 0;
      };
      // In the midst of the data, which are most of what it reads.
      const auto reads = [&] {
        QFile io(QString("/proc/%1/io").arg(engine->processId()));
        return io.open(QIODevice::ReadOnly) &&
               io.readLine().trimmed().mid(qstrlen("rchar: ")).toLongLong() > 20'000'000;
      };
      QVERIFY(eventually(catches) && eventually(reads));
      ::kill(static_cast<pid_t>(engine->processId()), signal);
      const Ended end = ended(*engine);
      QVERIFY2(end.code == 130, qPrintable(QString::number(end.code) + end.error));
      QVERIFY(!QFile::exists(box_.path("reading/reading")));
    }
    QFile::remove(data);
  }

  void a_signal_ends_a_sweep() {
    const QString spec = box_.spec("series", "tiny-neox", "[sweep]\n\"objective.name\" = [\"dpo\", \"ipo\"]\n");
    auto engine = box_.start(spec, "sweep", {"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box_.file("sweep/series-dpo/run.h5")) >= 2; }));
    ::kill(static_cast<pid_t>(engine->processId()), SIGINT);
    QCOMPARE(ended(*engine).code, 130);
    QVERIFY(!QFile::exists(box_.path("sweep/series-ipo/run.h5")));
  }

  void killed() {
    auto engine = box_.start(box_.spec("killed"), "runs", {"training.steps=100000"});
    const auto folder = box_.file("runs/killed");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 5; }));
    {
      const auto living = read_engine_process(folder);
      QVERIFY(living && alive(*living).value_or(false));
      QCOMPARE(living->pid, static_cast<std::int64_t>(engine->processId()));
      QVERIFY(RecordReader::open(folder / "run.h5").writer_alive());
      const Ended second = box_.train(box_.path("killed.toml"), "runs");
      QVERIFY2(second.code == 2 && second.error.contains("still going on"), qPrintable(second.error));
    }
    ::kill(static_cast<pid_t>(engine->processId()), SIGKILL);
    QCOMPARE(ended(*engine).code, -1);
    const RecordReader record = RecordReader::open(folder / "run.h5");
    QVERIFY(record.steps() >= 5);
    QVERIFY(!record.note().empty());
    QVERIFY(!record.writer_alive());
    const auto steps = record.step_numbers();
    for (std::size_t i = 0; i < steps.size(); ++i) QCOMPARE(steps[i], static_cast<std::int64_t>(i + 1));
    QVERIFY(record.pair_rows().size() >= record.steps() * 4);
    const auto process = read_engine_process(folder);
    QVERIFY(process && !alive(*process).value_or(true));
    QCOMPARE(shown_state(record.state(), record.heartbeat(), alive(*process), false, record.heartbeat() + 1),
             ShownState::killed);

    // What it left is kept aside when the run is started again from the beginning.
    const Ended again = box_.train(box_.path("killed.toml"), "runs", {"training.steps=1"});
    QVERIFY2(again.code == 0, qPrintable(again.error));
    QCOMPARE(RecordReader::open(box_.file("runs/killed/run.h5")).steps(), std::size_t{1});
    QVERIFY(RecordReader::open(box_.file("runs/killed.1/run.h5")).steps() >= 5);
  }

  void weights_that_blow_up_fail_the_run() {
    const Ended end =
        box_.run({box_.spec("blown"), "--runs", box_.path("runs"), "--json", "--set", "optimizer.learning_rate=1e25"});
    QVERIFY2(end.code == 1, qPrintable(end.error));
    const QJsonObject line = QJsonDocument::fromJson(end.out.toUtf8()).object();
    QCOMPARE(line["state"].toString(), "failed");
    QVERIFY(line["reason"].toString().contains("not finite"));
    const RecordReader record = RecordReader::open(box_.file("runs/blown/run.h5"));
    QCOMPARE(record.state(), RunState::failed);
    QVERIFY(record.steps() >= 2);
    bool named = false;
    for (const EventRow& event : record.event_rows()) {
      if (event.kind != "non-finite") continue;
      const std::string quantity = event.message.english().substr(0, event.message.english().find(' '));
      const auto column = std::find(column_names.begin(), column_names.end(), quantity);
      QVERIFY2(column != column_names.end(), event.message.english().c_str());
      QCOMPARE(event.step, static_cast<std::int64_t>(record.steps()));
      const double value = record.column(static_cast<Column>(column - column_names.begin())).back();
      QVERIFY2(!std::isfinite(value), event.message.english().c_str());
      named = true;
    }
    QVERIFY(named);
    QVERIFY(has_event(record, "stop", "not finite"));
  }

  void json_lines() {
    const QString spec = box_.spec("told", "tiny-neox", "[sweep]\n\"calibration.enabled\" = [false, true]\n");
    const Ended end = box_.run({spec, "--runs", box_.path("json"), "--json", "--set", "training.steps=2"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QStringList lines = end.out.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    const QStringList names = {"told", "told-rc"};
    for (int i = 0; i < 2; ++i) {
      const QJsonObject line = QJsonDocument::fromJson(lines[i].toUtf8()).object();
      QCOMPARE(line["name"].toString(), names[i]);
      QCOMPARE(line["record"].toString(), box_.path("json/" + names[i] + "/run.h5"));
      QCOMPARE(line["state"].toString(), "done");
      QCOMPARE(line["steps"].toInt(), 2);
      QVERIFY(line["seconds"].toDouble() > 0);
    }
    QVERIFY(end.error.contains("ETA"));
  }
};

QTEST_GUILESS_MAIN(TestEngineStop)
#include "test_engine_stop.moc"
