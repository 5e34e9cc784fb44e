// SPDX-License-Identifier: Apache-2.0
// Alerts are events that say what happened, once per excursion, and only where they are wanted; probe rows are there from
// step 0 on over the same pairs.
#include <QtTest>
#include <cmath>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineAlerts : public QObject {
  Q_OBJECT

  EngineBox box_;

  RecordReader train(const QString& name, const QStringList& sets) {
    const Ended end = box_.train(box_.spec(name, "tiny-neox", "[probe]\nevery = 2\npairs = 12\n"), "runs",
                                 sets + QStringList{"data.probe=" + golden("pairs.jsonl")});
    if (end.code != 0) qFatal("%s", qPrintable(end.error));
    return RecordReader::open(box_.file("runs/" + name + "/run.h5"));
  }

 private slots:
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
      if (event.kind != "alert" || event.message.find("the band") == std::string::npos) continue;
      if (told++ == 0) QCOMPARE(event.step, expected);
      QVERIFY2(event.message.find("below the band for 3 steps") != std::string::npos, event.message.c_str());
    }
    QVERIFY(told >= 1);
    QVERIFY(!has_event(train("patient", sets + QStringList{"alerts.out_of_band_steps=11"}), "alert", "the band for"));
    QVERIFY(!has_event(train("unwanted", sets + QStringList{"alerts.out_of_band_steps=3", "alerts.enabled=false"}), "alert"));
  }

  void calibration_brings_it_into_the_band() {
    const RecordReader record = train("calibrated", {"objective.name=kto", "objective.lambda_w=0.01", "calibration.momentum=0"});
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
    QVERIFY(has_event(record, "alert", "undefined"));
    for (const double alpha : record.column(Column::alpha)) QVERIFY(std::isfinite(alpha) && alpha > 0);
  }

  void likelihood_displacement() {
    const RecordReader record = train("displaced", {"objective.name=kto", "objective.lambda_w=0.001", "calibration.enabled=false",
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
    QCOMPARE(steps, (std::vector<std::int64_t>{0, 2, 4, 5}));
    QCOMPARE(rows.front().accuracy, 0.0);  // the effective margin is exactly 0 before any update
  }
};

QTEST_GUILESS_MAIN(TestEngineAlerts)
#include "test_engine_alerts.moc"
