// SPDX-License-Identifier: Apache-2.0
// A run that was interrupted and gone on with is the uninterrupted run, bit for bit: every column but wall-clock times
// and memory, pairs, probe and the final weights, with no step twice and none missing.
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>
#include <csignal>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

namespace {
constexpr int steps = 30;  // of 4 of 48 pairs: two and a half epochs, shuffled anew in each
}

class TestEngineResume : public QObject {
  Q_OBJECT

  EngineBox box_;

  QString weights(const QString& runs, bool lora) const {
    return box_.path(runs + QString("/resumed/checkpoint-%1/").arg(steps, 8, 10, QChar('0')) +
                     (lora ? "adapter_model.safetensors" : "model.safetensors"));
  }
  void compare(const QString& whole, const QString& parts, bool lora) {
    const std::string what = difference(box_.file(whole + "/resumed/run.h5"), box_.file(parts + "/resumed/run.h5"));
    QVERIFY2(what.empty(), what.c_str());
    const std::string files = file_difference(weights(whole, lora).toStdString(), weights(parts, lora).toStdString());
    QVERIFY2(files.empty(), files.c_str());
    const RecordReader record = RecordReader::open(box_.file(parts + "/resumed/run.h5"));
    QCOMPARE(record.state(), RunState::done);
    QVERIFY(has_event(record, "resume"));
    const auto numbers = record.step_numbers();
    QCOMPARE(numbers.size(), static_cast<std::size_t>(steps));
    for (std::size_t i = 0; i < numbers.size(); ++i) QCOMPARE(numbers[i], static_cast<std::int64_t>(i + 1));
    const auto time = record.column(Column::time);
    for (std::size_t i = 1; i < time.size(); ++i) QVERIFY(time[i] > time[i - 1]);
  }

 private Q_SLOTS:
  void bit_for_bit_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    QTest::addColumn<QString>("how");
    const QStringList lora = {"model.tuning=lora", "model.lora.dropout=0.1"};
    QTest::newRow("full, signal") << "tiny-llama-tied" << QStringList{} << "signal";
    QTest::newRow("full, kill") << "tiny-neox" << QStringList{"checkpoint.every=3"} << "kill";
    QTest::newRow("full, all scores per step, control")
        << "tiny-qwen2" << QStringList{"calibration.granularity=step", "scores.scope=all", "scores.layers=true"}
        << "control";
    QTest::newRow("lora, dropout, signal") << "tiny-mistral" << lora << "signal";
    QTest::newRow("lora, dropout, per step, checkpointing, kill")
        << "tiny-llama-tied"
        << lora + QStringList{"calibration.granularity=step", "model.gradient_checkpointing=true", "checkpoint.every=5",
                              "checkpoint.keep=1"}
        << "kill";
    QTest::newRow("bfloat16, cosine, clipping, signal")
        << "tiny-llama-tied"
        << QStringList{"model.dtype=bfloat16", "optimizer.schedule=cosine", "optimizer.warmup_ratio=0.2",
                       "optimizer.max_grad_norm=0.5", "optimizer.weight_decay=0.1"}
        << "signal";
    QTest::newRow("tdpo, reference on the fly, kill")
        << "tiny-neox"
        << QStringList{"objective.name=tdpo", "training.precompute_reference=false", "checkpoint.every=4"} << "kill";
    QFile pairs(golden("pairs.jsonl"));
    QVERIFY(pairs.open(QIODevice::ReadOnly));
    QByteArray rows;
    for (int i = 0; i < 22; ++i) {  // 14 desirable rows, 8 undesirable ones
      const QJsonObject pair = QJsonDocument::fromJson(pairs.readLine()).object();
      const bool wanted = i % 11 < 7;
      rows += QJsonDocument(QJsonObject{{"prompt", pair["prompt"]},
                                        {"completion", pair[wanted ? "chosen" : "rejected"]},
                                        {"label", wanted}})
                  .toJson(QJsonDocument::Compact) +
              "\n";
    }
    QTest::newRow("rows of one response, shuffled, signal")
        << "tiny-neox" << QStringList{"objective.name=kto", "data.train=" + box_.write("labels.jsonl", rows)}
        << "signal";
  }

  void bit_for_bit() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    QFETCH(QString, how);
    const bool lora = sets.contains("model.tuning=lora");
    const QString spec = box_.spec("resumed", model, "[probe]\nevery = 4\npairs = 6\n");
    sets << QString("training.steps=%1").arg(steps) << "data.probe=" + golden("pairs.jsonl");
    const QString tag = QString(QTest::currentDataTag()).remove(QRegularExpression("[ ,]"));
    const QString whole = "whole-" + tag, parts = "parts-" + tag;
    const Ended reference = box_.train(spec, whole, sets);
    QVERIFY2(reference.code == 0, qPrintable(reference.error));

    // Interrupted at least once, at steps that differ from test run to test run.
    const auto record = box_.file(parts + "/resumed/run.h5");
    int interruptions = 0;
    std::size_t least = 0;
    for (;;) {
      QVERIFY(interruptions < 20);
      auto engine = box_.start(spec, parts, sets + QStringList{"run.resume=true"});
      const std::size_t target = least + 1 + QRandomGenerator::global()->bounded(1, 8);
      const bool reached = eventually([&] { return steps_of(record) >= target || engine->waitForFinished(1); });
      QVERIFY(reached);
      if (engine->state() == QProcess::NotRunning) {
        const Ended end = ended(*engine);
        QVERIFY2(end.code == 0, qPrintable(end.error));
        break;
      }
      if (how == "control") {
        Connection(box_.file(parts + "/resumed")).ask(R"({"v":1,"command":"stop"})");
      } else {
        ::kill(static_cast<pid_t>(engine->processId()), how == "kill" ? SIGKILL : SIGTERM);
      }
      const Ended end = ended(*engine);
      QVERIFY2(end.code == (how == "kill" ? -1 : how == "control" ? 0 : 130) || end.code == 0, qPrintable(end.error));
      least = steps_of(record);
      ++interruptions;
      if (least >= static_cast<std::size_t>(steps)) break;
    }
    QVERIFY(interruptions > 0);
    if (RecordReader::open(record).state() != RunState::done) {
      const Ended last = box_.train(spec, parts, sets + QStringList{"run.resume=true"});
      QVERIFY2(last.code == 0, qPrintable(last.error));
    }
    compare(whole, parts, lora);
  }

  void a_run_without_a_checkpoint_begins_anew() {
    const QString spec = box_.spec("resumed");
    auto engine = box_.start(spec, "anew", {"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box_.file("anew/resumed/run.h5")) >= 3; }));
    engine->kill();
    ended(*engine);
    const Ended again = box_.train(spec, "anew", {"training.steps=3", "run.resume=true"});
    QVERIFY2(again.code == 0, qPrintable(again.error));
    const RecordReader record = RecordReader::open(box_.file("anew/resumed/run.h5"));
    QCOMPARE(record.step_numbers(), (std::vector<std::int64_t>{1, 2, 3}));
    QCOMPARE(record.pair_rows().size(), std::size_t{12});
  }

  void resume_of_nothing_is_a_fresh_run_and_a_finished_run_stays() {
    const QString spec = box_.spec("resumed");
    QCOMPARE(box_.train(spec, "fresh", {"training.steps=4", "run.resume=true"}).code, 0);
    QVERIFY(QFile::copy(box_.path("fresh/resumed/run.h5"), box_.path("before.h5")));
    QCOMPARE(box_.train(spec, "fresh", {"training.steps=4", "run.resume=true"}).code, 0);
    const std::string what = difference(box_.file("before.h5"), box_.file("fresh/resumed/run.h5"));
    QVERIFY2(what.empty(), what.c_str());
    const RecordReader record = RecordReader::open(box_.file("fresh/resumed/run.h5"));
    QCOMPARE(record.state(), RunState::done);
    QVERIFY(!has_event(record, "note"));
  }

  void another_spec_is_said_in_the_record() {
    const QString spec = box_.spec("resumed");
    QCOMPARE(box_.train(spec, "changed", {"training.steps=3"}).code, 0);
    const Ended end =
        box_.train(spec, "changed", {"training.steps=5", "run.resume=true", "optimizer.learning_rate=2e-5"});
    QVERIFY2(end.code == 0 && end.error.contains("another spec"), qPrintable(end.error));
    const RecordReader record = RecordReader::open(box_.file("changed/resumed/run.h5"));
    QVERIFY(has_event(record, "note", "optimizer.learning_rate = 2e-05 (was 0.001)"));
    QVERIFY(has_event(record, "note", "training.steps = 5 (was 3)"));
    QVERIFY(!has_event(record, "note", "run.resume"));
    QCOMPARE(record.column(Column::learning_rate), (std::vector<double>{1e-3, 1e-3, 1e-3, 2e-5, 2e-5}));
  }

  void a_damaged_checkpoint_is_named() {
    const QString spec = box_.spec("resumed");
    QCOMPARE(box_.train(spec, "damaged", {"training.steps=4"}).code, 0);
    const QString folder = box_.path("damaged/resumed/checkpoint-00000004");
    QVERIFY(QFile::resize(folder + "/optimizer.safetensors", 1000));
    const Ended end = box_.train(spec, "damaged", {"training.steps=6", "run.resume=true"});
    QVERIFY2(end.code == 3, qPrintable(end.error));
    QVERIFY2(end.error.contains("optimizer.safetensors"), qPrintable(end.error));
    // A folder without DONE does not count: there is no checkpoint then, and the run begins anew.
    QVERIFY(QFile::remove(folder + "/DONE"));
    const Ended anew = box_.train(spec, "damaged", {"training.steps=6", "run.resume=true"});
    QVERIFY2(anew.code == 0, qPrintable(anew.error));
    QCOMPARE(RecordReader::open(box_.file("damaged/resumed/run.h5")).steps(), std::size_t{6});
  }
};

QTEST_GUILESS_MAIN(TestEngineResume)
#include "test_engine_resume.moc"
