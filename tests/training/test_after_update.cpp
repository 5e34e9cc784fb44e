// SPDX-License-Identifier: Apache-2.0
// scores.after_update: what a step's own pairs are after its update, in record and inspect, and that looking again
// changes nothing else.
#include <QTest>
#include <cmath>

#include "core/run/summary.h"
#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestAfterUpdate : public QObject {
  Q_OBJECT

  EngineBox box_;

  RecordReader record(const QString& name, const QString& model, const QStringList& sets) {
    const Ended end = box_.train(box_.spec(name, model), "runs", sets);
    if (end.code != 0) qFatal("%s", qPrintable(end.error));
    return RecordReader::open(box_.file("runs/" + name + "/run.h5"));
  }

 private Q_SLOTS:
  void the_next_step_on_the_same_pairs_begins_there_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("full") << "tiny-llama-tied" << QStringList{};
    QTest::newRow("all scores") << "tiny-neox" << QStringList{"scores.scope=all"};
    QTest::newRow("TDPO") << "tiny-qwen2" << QStringList{"objective.name=tdpo"};
    QTest::newRow("TI-DPO") << "tiny-neox" << QStringList{"objective.name=ti-dpo", "training.micro_batch=1"};
    QTest::newRow("LoRA") << "tiny-mistral" << QStringList{"model.tuning=lora"};
  }
  void the_next_step_on_the_same_pairs_begins_there() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    const QString name = QString("same-%1").arg(QTest::currentDataTag()).replace(' ', '-');
    sets << "data.limit=4"
         << "data.shuffle=false"
         << "training.steps=4"
         << "scores.after_update=true";
    const RecordReader reader = record(name, model, sets);
    const auto z_w = reader.column(Column::z_w), z_l = reader.column(Column::z_l), w = reader.column(Column::z_w_after),
               l = reader.column(Column::z_l_after);
    for (std::size_t step = 0; step + 1 < z_w.size(); ++step) {
      QCOMPARE(w[step], z_w[step + 1]);
      QCOMPARE(l[step], z_l[step + 1]);
      QVERIFY(w[step] != z_w[step]);
    }
    const auto pairs = reader.pair_rows();
    QCOMPARE(pairs.size(), std::size_t{16});
    for (std::size_t i = 0; i + 4 < pairs.size(); ++i) {
      QCOMPARE(pairs[i].z_w_after, pairs[i + 4].z_w);
      QCOMPARE(pairs[i].z_l_after, pairs[i + 4].z_l);
    }
    const RunSummary summary = summarize(reader);
    QVERIFY(summary.same_pairs && !std::isnan(summary.agreement));
  }

  void looking_again_changes_nothing_else() {
    const QStringList sets = {"model.tuning=lora", "model.lora.dropout=0.2", "training.steps=3"};
    const RecordReader without = record("without", "tiny-mistral", sets),
                       with = record("with", "tiny-mistral", sets + QStringList{"scores.after_update=true"});
    for (const Column column : {Column::loss, Column::z_w, Column::z_l, Column::grad_norm, Column::alpha})
      QVERIFY(without.column(column) == with.column(column));
    QVERIFY(std::isnan(without.column(Column::z_w_after).at(0)));
    QVERIFY(std::isfinite(with.column(Column::z_w_after).at(0)));
    QVERIFY(!summarize(without).same_pairs && std::isnan(summarize(without).agreement));
  }

  /// An update of no size moves nothing, so that what is seen twice is the same where the masks are.
  void looked_at_again_under_the_same_masks() {
    const QStringList sets = {"model.tuning=lora",
                              "model.adapter=" + golden("models/tiny-mistral-lora"),
                              "optimizer.learning_rate=1e-30",
                              "training.steps=3",
                              "training.micro_batch=2",
                              "scores.after_update=true"};
    const RecordReader plain = record("plain-again", "tiny-mistral", sets);
    for (const char* scope : {"output", "all"}) {
      const RecordReader masked =
          record(QString("masked-again-") + scope, "tiny-mistral",
                 sets + QStringList{"model.lora.dropout=0.5", QString("scores.scope=") + scope});
      const auto pairs = masked.pair_rows(), without = plain.pair_rows();
      QCOMPARE(pairs.size(), std::size_t{12});
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        QVERIFY(pairs[i].z_w != without[i].z_w && pairs[i].z_l != without[i].z_l);
        QCOMPARE(pairs[i].z_w_after, pairs[i].z_w);
        QCOMPARE(pairs[i].z_l_after, pairs[i].z_l);
      }
    }
  }

  /// Theorem 3.1 at work: with scores over all parameters, plain gradient descent (AdamW whose eps outweighs the second
  /// moment) moves the step's own pairs as incentives and scores say, up to what is of second order in the rate.
  void the_realised_change_is_the_predicted_one_to_first_order() {
    struct Change {
      double w, l;
    };
    constexpr double eps = 1e6;
    /// Realised minus predicted at a rate.
    const auto off = [&](const char* name, double rate, Change& predicted) {
      const RecordReader reader =
          record(name, "tiny-qwen2",
                 {"objective.name=cpo", "scores.scope=all", "scores.after_update=true", "training.batch_size=1",
                  "training.micro_batch=1", "training.steps=1", "data.shuffle=false", "optimizer.eps=1e6",
                  QString("optimizer.learning_rate=%1").arg(rate * eps)});
      const auto value = [&](Column column) { return reader.column(column).at(0); };
      const double alpha = value(Column::alpha), dot = value(Column::score_dot);
      const double w = alpha * value(Column::d_w), l = value(Column::d_l) / alpha;
      const auto square = [](double x) { return x * x; };
      predicted = {rate * (w * square(value(Column::score_norm_w)) - l * dot),
                   rate * (w * dot - l * square(value(Column::score_norm_l)))};
      return Change{value(Column::z_w_after) - value(Column::z_w) - predicted.w,
                    value(Column::z_l_after) - value(Column::z_l) - predicted.l};
    };
    Change predicted{}, halved{};
    const Change whole = off("whole", 5e-4, predicted), half = off("half", 2.5e-4, halved);
    const auto text = [](const char* what, const Change& change) {
      return QString("%1 %2 %3 ").arg(what).arg(change.w).arg(change.l);
    };
    const QString said = text("predicted", predicted) + text("off", whole) + text("off at half the rate", half);
    QVERIFY2(std::abs(whole.w) < 0.02 * std::abs(predicted.w) && std::abs(whole.l) < 0.02 * std::abs(predicted.l),
             qPrintable(said));
    for (const double ratio : {whole.w / half.w, whole.l / half.l})
      QVERIFY2(ratio > 3.2 && ratio < 4.8, qPrintable(said));
  }

  void a_plan_says_what_it_costs() {
    const Ended end = box_.run({"plan", box_.spec("plan"), "--set", "scores.after_update=true"});
    QVERIFY2(end.code == 0 && end.out.contains("scores.after_update adds a forward pass"), qPrintable(end.out));
  }
};

QTEST_GUILESS_MAIN(TestAfterUpdate)
#include "test_after_update.moc"
