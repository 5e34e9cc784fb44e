// SPDX-License-Identifier: GPL-3.0-or-later
// What if: predictions agree with Eq. (8) and the band's edges; the panel follows the cursor and what is dragged; the
// scatter finds its points.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/page/chart_tab.h"
#include "app/whatif/pair_scatter.h"
#include "app/whatif/what_if_chart.h"
#include "app/whatif/what_if_panel.h"
#include "tests/viz/synthetic.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

Moment some_moment() { return {.step = 3, .scores = {4.0, 5.0, 15.0}, .d_w = 0.04, .d_l = 0.05, .alpha = 1.1}; }

viz::RunDataPtr some_run() {
  auto run = std::make_shared<viz::RunData>(*viz::testing::synthetic_run({.steps = 50, .calibrated = true}));
  // The synthetic run leaves the dot product out; ρ is there.
  std::vector<double> dot;
  for (std::size_t i = 0; i < run->steps.size(); ++i) {
    dot.push_back(run->column(Column::rho)[i] * run->column(Column::score_norm_w)[i] *
                  run->column(Column::score_norm_l)[i]);
  }
  run->set(Column::score_dot, viz::Samples(dot));
  return run;
}

std::vector<PairRow> some_pairs() {
  std::vector<PairRow> rows;
  for (int i = 0; i < 40; ++i) {
    const double w = 0.1 * ((i * 7) % 11 - 6), l = 0.1 * ((i * 5) % 13 - 9);
    rows.push_back({.step = i / 8, .row = i, .z_w = -1.5 + w, .z_l = -1.6 + l, .z_w_ref = -1.5, .z_l_ref = -1.6});
  }
  return rows;
}

}  // namespace

class TestWhatIf : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_recorded_values_predict_the_recorded_velocity() {
    const Moment moment = some_moment();
    const Prediction now = predict(moment, moment.log_r(), moment.alpha);
    const Velocity expected = likelihood_velocity(0.04 * 1.1, 0.05 / 1.1, moment.scores);
    QVERIFY(std::abs(now.velocity.z_w - expected.z_w) < 1e-12);
    QVERIFY(std::abs(now.velocity.z_l - expected.z_l) < 1e-12);
    QVERIFY(std::abs(now.log_r_applied - (std::log(0.8) + 2 * std::log(1.1))) < 1e-12);
  }

  void velocities_change_sign_at_the_band_s_edges() {
    const Moment moment = some_moment();
    const Band band = disentanglement_band(moment.scores);
    for (const double alpha : {0.5, 1.0, 3.0}) {
      const auto at = [&](double applied) { return predict(moment, applied - 2 * std::log(alpha), alpha); };
      QVERIFY(std::abs(at(band.lower).velocity.z_w) < 1e-12);  // Table 2: z_w stands still at the lower edge
      QVERIFY(std::abs(at(band.upper).velocity.z_l) < 1e-12);
      QCOMPARE(at(band.lower - 0.01).pathway, Pathway::both_fall);
      QCOMPARE(at(band.lower + 0.01).pathway, Pathway::disentangled);
      QCOMPARE(at(band.upper + 0.01).pathway, Pathway::both_rise);
      for (const double applied : {band.lower - 0.3, band.lower + 0.1, band.upper + 0.3}) {
        const Prediction now = at(applied);
        QCOMPARE(pathway_of(now.velocity.z_w, now.velocity.z_l), now.pathway);
      }
    }
  }

  void undefined_ratios_are_no_moment() {
    auto run = std::make_shared<viz::RunData>(*some_run());
    QVERIFY(moment_at(*run, 10));
    QVERIFY(!moment_at(*run, 0));
    run->set(Column::d_w, viz::Samples(std::vector<double>(run->steps.size(), 0.0)));
    QVERIFY(!moment_at(*run, 10));
  }

  void the_panel_follows_cursor_and_hand() {
    WhatIfPanel panel;
    panel.show({}, std::nullopt);
    QVERIFY(!panel.prediction());
    const auto run = some_run();
    panel.show({run}, 20.0);
    const double recorded = run->column(Column::log_r_applied)[19];
    QVERIFY(std::abs(panel.prediction()->log_r_applied - recorded) < 1e-9);
    panel.suppose(-3, 1);
    QCOMPARE(panel.prediction()->pathway, Pathway::both_fall);
    panel.show({run}, 20.0);  // the same step: what was supposed stays
    QCOMPARE(panel.prediction()->log_r_applied, -3.0);
    panel.resize(340, 600);
    panel.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    WhatIfChart* chart = panel.chart();
    QTest::mousePress(chart, Qt::LeftButton, {}, chart->rect().center());
    const double centre = (chart->least() + chart->greatest()) / 2;
    QVERIFY(std::abs(panel.prediction()->log_r_applied - centre) < 0.05);
    QCOMPARE(panel.prediction()->pathway, Pathway::disentangled);
    panel.takeRecorded();
    QVERIFY(std::abs(panel.prediction()->log_r_applied - recorded) < 1e-9);
    panel.show({run}, 21.0);
    QVERIFY(std::abs(panel.prediction()->log_r_applied - run->column(Column::log_r_applied)[20]) < 1e-9);
  }

  void the_scatter_finds_its_points() {
    PairScatter scatter;
    scatter.resize(500, 400);
    scatter.setRows(some_pairs());
    QSignalSpy chosen(&scatter, &PairScatter::chosen);
    QTest::mousePress(&scatter, Qt::LeftButton, {}, scatter.position(7).toPoint());
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(scatter.current(), chosen[0][0].toInt());
    QCOMPARE(scatter.rowAt({1, 1}), -1);
    auto rows = some_pairs();
    rows[0].z_w = NAN;
    scatter.setRows(rows);
    QVERIFY(!scatter.grab().isNull());
    scatter.setRows({});
    QVERIFY(!scatter.grab().isNull());
  }

  // BANDSCOPE_PICTURES names a folder in which to look at them.
  void look_well() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    if (keep.isEmpty()) return;  // nobody wants to look
    for (const auto& [name, look] : {std::pair{"light", ColorScheme::light}, {"dark", ColorScheme::dark}}) {
      apply_color_scheme(look);
      WhatIfPanel panel;
      panel.resize(340, 560);
      panel.show({some_run()}, 30.0);
      panel.suppose(0.1, 1.4);
      panel.grab().save(QStringLiteral("%1/what-if-%2.png").arg(keep, name));
      PairScatter scatter;
      scatter.resize(460, 400);
      scatter.setRows(some_pairs());
      scatter.setCurrent(5);
      scatter.grab().save(QStringLiteral("%1/scatter-%2.png").arg(keep, name));
    }
  }
};

QTEST_MAIN(TestWhatIf)
#include "test_what_if.moc"
