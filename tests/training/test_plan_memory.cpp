// SPDX-License-Identifier: Apache-2.0
// Planned memory against the peak that the system counted for a real run of a real model: within 15 %.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <filesystem>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestPlanMemory : public QObject {
  Q_OBJECT

  EngineBox box_;
  QString model_;
  double program_ = 0;  // peak of the program itself, with next to no model

  /// Four of the demo's pairs as one: long enough that activations count.
  QString long_pairs() const {
    QFile file(QStringLiteral(BANDSCOPE_SOURCE "/resources/demo/pairs.jsonl"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("no demo pairs");
    QByteArray out;
    QJsonObject joined;
    for (int i = 1; !file.atEnd(); ++i) {
      const QJsonObject pair = QJsonDocument::fromJson(file.readLine()).object();
      for (const char* key : {"prompt", "chosen", "rejected"})
        joined[key] = joined[key].toString() + pair[key].toString();
      if (i % 4 != 0) continue;
      out += QJsonDocument(joined).toJson(QJsonDocument::Compact) + "\n";
      joined = {};
    }
    return box_.write("long.jsonl", out);
  }

  double peak(const QString& runs) const {
    return RecordReader::open(box_.file(runs + "/memory/run.h5")).column(Column::memory).back();
  }

 private Q_SLOTS:
  void initTestCase() {
    model_ = QDir::homePath() + "/.cache/bandscope/models/SmolLM2-135M-Instruct";
    if (!QFile::exists(model_ + "/model.safetensors")) QSKIP("packaging/model has not fetched SmolLM2-135M-Instruct");
    const Ended end = box_.train(box_.spec("memory"), "small", {"training.steps=2"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    program_ = peak("small");
  }

  void within_15_percent_data() {
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("full") << QStringList{"training.micro_batch=1", "training.batch_size=2"};
    QTest::newRow("full, micro 4") << QStringList{"training.micro_batch=4"};
    QTest::newRow("full, checkpointing") << QStringList{"training.micro_batch=2", "model.gradient_checkpointing=true"};
    QTest::newRow("full, checkpointing of 10 blocks")
        << QStringList{"training.micro_batch=4", "model.gradient_checkpointing=true", "model.recomputed_blocks=10"};
    QTest::newRow("lora") << QStringList{"training.micro_batch=4", "model.tuning=lora"};
    QTest::newRow("all scores") << QStringList{"training.micro_batch=1", "training.batch_size=2", "scores.scope=all"};
    QTest::newRow("per step") << QStringList{"training.micro_batch=2", "calibration.granularity=step"};
    QTest::newRow("per step, all scores")
        << QStringList{"training.micro_batch=1", "calibration.granularity=step", "scores.scope=all"};
  }

  void within_15_percent() {
    QFETCH(QStringList, sets);
    const QString tag = QString(QTest::currentDataTag()).remove(' ').remove(',');
    sets << "data.train=" + long_pairs() << "training.steps=2"
         << "data.max_length=1024"
         << "data.max_prompt_length=512";
    const QString spec = box_.spec("memory", model_);
    QStringList arguments = {"plan", spec, "--json", "--no-warm-up"};
    for (const QString& set : sets) arguments << "--set" << set;
    const Ended planned = box_.run(arguments);
    QVERIFY2(planned.code == 0, qPrintable(planned.error));
    const QJsonObject memory = QJsonDocument::fromJson(planned.out.toUtf8()).object()["memory"].toObject();
    box_.environment.remove("OMP_NUM_THREADS");
    QStringList run = {spec, "--runs", box_.path(tag)};
    for (const QString& set : sets) run << "--set" << set;
    const Ended end = box_.run(run, 600000);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const double measured = peak(tag) - program_, total = memory["total"].toDouble();
    qInfo("planned %.0f MiB, measured %.0f MiB: %+.1f %%; %s", total / (1 << 20), measured / (1 << 20),
          100 * (total / measured - 1), QJsonDocument(memory).toJson(QJsonDocument::Compact).constData());
    QVERIFY(std::abs(total / measured - 1) < 0.15);
    std::filesystem::remove_all(box_.file(tag));
  }
};

int main(int argc, char** argv) {
  qputenv("QTEST_FUNCTION_TIMEOUT", "900000");  // a step of a real model takes its time
  QCoreApplication application(argc, argv);
  TestPlanMemory test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_plan_memory.moc"
