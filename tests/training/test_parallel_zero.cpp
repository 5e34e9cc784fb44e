// SPDX-License-Identifier: Apache-2.0
// What processes share out among them (ZeRO-1, ZeRO-3) changes no bit of a run.
#include <QTest>

#include "tests/training/process_group.h"

using namespace bandscope;
using namespace engine_test;

class TestParallelZero : public QObject, private ProcessGroup {
  Q_OBJECT

 private Q_SLOTS:
  void zero_changes_no_bit_data() {
    QTest::addColumn<QString>("optimizer");
    for (const char* name : {"adamw", "adamw_8bit"}) QTest::newRow(name) << QString(name);
  }
  void zero_changes_no_bit() {
    QFETCH(QString, optimizer);
    const QString spec = box_.spec("shared", "tiny-qwen2"), plain = "plain-" + optimizer, zero = "zero-" + optimizer;
    const QStringList sets = {"run.resume=true",
                              "training.micro_batch=1",
                              "optimizer.weight_decay=0.1",
                              "optimizer.max_grad_norm=0.5",
                              "optimizer.learning_rate=1e-4",
                              "optimizer.name=" + optimizer};
    // Other processes go on with other shares of the same state.
    for (const auto& [processes, steps] : {std::pair{2, 3}, {4, 6}}) {
      const QStringList more = sets + QStringList{QString("training.steps=%1").arg(steps)};
      QCOMPARE(train(processes, spec, plain, more), QString());
      QCOMPARE(train(processes, spec, zero, more + QStringList{"parallel.zero=1"}), QString());
      for (const char* name : {"model.safetensors", "optimizer.safetensors"}) {
        const auto file = QString("/shared/checkpoint-%1/%2").arg(steps, 8, 10, QChar('0')).arg(name);
        const std::string what = file_difference(box_.file(plain + file), box_.file(zero + file));
        QVERIFY2(what.empty(), what.c_str());
      }
    }
  }

  void sharing_weights_out_changes_no_bit_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    const QStringList one = {"training.micro_batch=1"};
    QTest::newRow("tied") << "tiny-llama-tied" << one;
    QTest::newRow("untied, parallel residual, norms with biases") << "tiny-neox" << one;
    QTest::newRow("clipping, decay") << "tiny-qwen2"
                                     << one + QStringList{"optimizer.max_grad_norm=0.3", "optimizer.weight_decay=0.1"};
    QTest::newRow("checkpointing") << "tiny-mistral" << one + QStringList{"model.gradient_checkpointing=true"};
    QTest::newRow("bfloat16") << "tiny-llama-tied" << one + QStringList{"model.dtype=bfloat16"};
    QTest::newRow("micro-batches of two, several passes") << "tiny-neox" << QStringList{"training.batch_size=16"};
    QTest::newRow("a pass each") << "tiny-qwen2" << one + QStringList{"training.pass_tokens=1"};
    QTest::newRow("tdpo, reference on the fly")
        << "tiny-neox" << one + QStringList{"objective.name=tdpo", "training.precompute_reference=false"};
    QTest::newRow("pairs again after the update") << "tiny-llama-tied" << one + QStringList{"scores.after_update=true"};
  }
  /// ZeRO-3 against ZeRO-1, on two and then on four processes that go on from their checkpoints: every weight, moment
  /// and recorded number but for what time and memory are.
  void sharing_weights_out_changes_no_bit() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    const QString spec = box_.spec("shared", model, "[probe]\nevery = 2\npairs = 10\n"),
                  tag = QString(QTest::currentDataTag()).remove(' ').remove(',');
    sets << "run.resume=true"
         << "optimizer.learning_rate=1e-4"
         << "data.probe=" + golden("pairs.jsonl");
    for (const auto& [processes, steps] : {std::pair{2, 3}, {4, 5}}) {
      const QStringList more = sets + QStringList{QString("training.steps=%1").arg(steps)};
      for (const int zero : {1, 3})
        QCOMPARE(train(processes, spec, QString("%1-%2").arg(tag).arg(zero),
                       more + QStringList{QString("parallel.zero=%1").arg(zero)}),
                 QString());
      for (const char* name : {"model.safetensors", "optimizer.safetensors"}) {
        const auto file = QString("/shared/checkpoint-%1/%2").arg(steps, 8, 10, QChar('0')).arg(name);
        const std::string what = file_difference(box_.file(tag + "-1" + file), box_.file(tag + "-3" + file));
        QVERIFY2(what.empty(), what.c_str());
      }
    }
    QCOMPARE(difference(tag + "-1", tag + "-3", 0.0), QString());
  }

  /// Two processes that stop and go on are two that do not.
  void weights_that_are_shared_out_resume_to_the_bit() {
    const QString spec = box_.spec("shared", "tiny-neox");
    const QStringList sets = {"run.resume=true", "parallel.zero=3", "training.micro_batch=1"};
    QCOMPARE(train(2, spec, "whole-3", sets + QStringList{"training.steps=6"}), QString());
    QCOMPARE(train(2, spec, "parts-3", sets + QStringList{"training.steps=3"}), QString());
    QCOMPARE(train(2, spec, "parts-3", sets + QStringList{"training.steps=6"}), QString());
    QCOMPARE(difference("whole-3", "parts-3", 0.0), QString());
    const std::string what = file_difference(box_.file("whole-3/shared/checkpoint-00000006/model.safetensors"),
                                             box_.file("parts-3/shared/checkpoint-00000006/model.safetensors"));
    QVERIFY2(what.empty(), what.c_str());
  }
};

QTEST_GUILESS_MAIN(TestParallelZero)
#include "test_parallel_zero.moc"
