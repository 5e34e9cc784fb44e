// SPDX-License-Identifier: Apache-2.0
// Alerts are events that say what happened, once per excursion, and only where they are wanted; probe rows are there
// from step 0 on over the same pairs.
#include <QTest>
#include <cmath>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineAlerts : public QObject {
  Q_OBJECT

  EngineBox box_;

  RecordReader train(const QString& name, const QStringList& sets) {
    const Ended end = box_.train(box_.spec(name, "tiny-neox", "[probe]\nevery = 2\npairs = 12\n"), "runs",
                                 QStringList{"data.probe=" + golden("pairs.jsonl")} + sets);
    if (end.code != 0) qFatal("%s", qPrintable(end.error));
    return RecordReader::open(box_.file("runs/" + name + "/run.h5"));
  }

 private Q_SLOTS:
  void out_of_band() {
    // KTO with a weak pull on the chosen response: log r lies far below the band at every step.
    const QStringList sets = {"objective.name=kto", "objective.lambda_w=0.01", "calibration.enabled=false"};
    const RecordReader record = train("outside", sets + QStringList{"alerts.out_of_band_steps=3"});
    const auto slack = record.column(Column::slack);
    int consecutive = 0;
    std::int64_t expected = 0;
    for (std::size_t i = 0; i < slack.size() && !expected; ++i) {
      consecutive = slack[i] < 0 ? consecutive + 1 : 0;
      if (consecutive == 3) expected = static_cast<std::int64_t>(i + 1);
    }
    QVERIFY(expected > 0);
    int told = 0;
    for (const EventRow& event : record.event_rows()) {
      if (event.kind != "alert" || event.message.english().find("the band") == std::string::npos) continue;
      if (told++ == 0) QCOMPARE(event.step, expected);
      QVERIFY2(event.message.english().find("below the band for 3 steps") != std::string::npos,
               event.message.english().c_str());
    }
    QVERIFY(told >= 1);
    QVERIFY(!has_event(train("patient", sets + QStringList{"alerts.out_of_band_steps=11"}), "alert", "the band for"));
    QVERIFY(!has_event(train("unwanted", sets + QStringList{"alerts.out_of_band_steps=3", "alerts.enabled=false"}),
                       "alert"));
  }

  void calibration_brings_it_into_the_band() {
    const RecordReader record =
        train("calibrated", {"objective.name=kto", "objective.lambda_w=0.01", "calibration.momentum=0"});
    for (const double slack : record.column(Column::slack)) QVERIFY(slack >= 0);
    QVERIFY(!has_event(record, "alert", "below the band"));
  }

  void nearly_parallel_scores() {
    const RecordReader record = train("parallel", {"alerts.rho_max=0.05"});
    QVERIFY(record.column(Column::rho).front() >= 0.05);
    QVERIFY(has_event(record, "alert", "nearly parallel"));
    QVERIFY(!has_event(train("apart", {"alerts.rho_max=1"}), "alert", "nearly parallel"));
  }

  void undefined_incentive_ratio() {
    // RRHF's hinge is off where the chosen response is already the likelier one.
    const RecordReader record = train("hinge", {"objective.name=rrhf", "objective.lambda=0", "training.micro_batch=1"});
    bool some = false;
    const auto uncalibrated = record.column(Column::uncalibrated);
    for (const double count : uncalibrated) some = some || count > 0;
    QVERIFY(some);
    const auto told = [](const RecordReader& read) {
      std::vector<std::string> messages;
      for (const EventRow& event : read.event_rows())
        if (event.kind == "alert" && event.message.english().find("undefined") != std::string::npos)
          messages.push_back(event.message.english());
      return messages;
    };
    QCOMPARE(told(record).size(), std::size_t{1});
    // Without calibration there is no alpha to speak of.
    const RecordReader plain = train("hinge-plain", {"objective.name=rrhf", "objective.lambda=0",
                                                     "training.micro_batch=1", "calibration.enabled=false"});
    QCOMPARE(told(plain).size(), std::size_t{1});
    QVERIFY2(told(plain)[0].find("alpha") == std::string::npos, told(plain)[0].c_str());
    for (const double alpha : record.column(Column::alpha)) QVERIFY(std::isfinite(alpha) && alpha > 0);
  }

  void likelihood_displacement() {
    const RecordReader record =
        train("displaced", {"objective.name=kto", "objective.lambda_w=0.001", "calibration.enabled=false",
                            "training.steps=20", "alerts.displacement_sigma=1e-6"});
    const auto probe = record.probe_rows();
    QVERIFY(probe.back().z_w < probe.front().z_w);
    QVERIFY(probe.back().margin > probe.front().margin);
    QVERIFY(has_event(record, "alert", "likelihood displacement"));
  }

  void probe_rows() {
    const auto rows = train("probed", {"training.steps=5"}).probe_rows();
    std::vector<std::int64_t> steps;
    for (const ProbeRow& row : rows) {
      steps.push_back(row.step);
      QCOMPARE(row.margin, row.z_w - row.z_l);
    }
    QCOMPARE(steps, (std::vector<std::int64_t>{0, 2, 4}));
    QCOMPARE(rows.front().accuracy, 0.0);  // the effective margin is exactly 0 before any update
  }

  void a_probe_without_its_other_half_is_told() {
    QVERIFY(has_event(train("never", {"training.steps=1", "probe.every=0"}), "note", "probe.every is 0"));
    QVERIFY(has_event(train("nothing", {"training.steps=1", "data.probe="}), "note", "data.probe is not"));
  }

  void the_probe_is_what_a_step_over_the_same_pairs_has_data() {
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("token means") << QStringList{"objective.name=dpo"};
    QTest::newRow("sums") << QStringList{"objective.name=dpo", "objective.likelihood=sum",
                                         "training.precompute_reference=false"};
    QTest::newRow("TI-DPO's weights") << QStringList{"objective.name=ti-dpo"};
    QTest::newRow("TDPO's divergence") << QStringList{"objective.name=tdpo"};
    QTest::newRow("TDPO's divergence, adapters")
        << QStringList{"objective.name=tdpo", "model.tuning=lora", "optimizer.learning_rate=0.02"};
  }
  void the_probe_is_what_a_step_over_the_same_pairs_has() {
    QFETCH(const QStringList, sets);
    const QString name = QString(QTest::currentDataTag()).remove(' ').remove(',').remove('\'');
    const RecordReader record =
        train(name, sets + QStringList{"data.limit=12", "data.shuffle=false", "training.batch_size=12",
                                       "training.micro_batch=4", "training.steps=4", "probe.every=1"});
    const auto probe = record.probe_rows();
    QCOMPARE(probe.size(), std::size_t{5});
    QVERIFY(std::abs(probe[3].z_l - probe[0].z_l) > 1e-3);  // the numbers compared do change
    for (std::size_t step = 0; step < 4; ++step) {
      for (const auto& [column, value] : {std::pair{Column::z_w, probe[step].z_w},
                                          {Column::z_l, probe[step].z_l},
                                          {Column::accuracy, probe[step].accuracy}}) {
        const double at_step = record.column(column)[step];
        QVERIFY2(std::abs(value - at_step) <= 2e-6 * std::max(1.0, std::abs(at_step)),
                 qPrintable(QString("%1 %2 %3").arg(step).arg(value, 0, 'g', 10).arg(at_step, 0, 'g', 10)));
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestEngineAlerts)
#include "test_engine_alerts.moc"
