// SPDX-License-Identifier: GPL-3.0-or-later
// The strip of pathways: the codes are those of core, counts over any range are exact, and no pathway that occurs is
// left out of a column of pixels.
#include <QGuiApplication>
#include <QTest>
#include <cmath>

#include "core/run/pathways.h"
#include "tests/viz/synthetic.h"
#include "tests/viz/text_recorder.h"
#include "viz/draw/draw_panel.h"
#include "viz/export/export_figure.h"
#include "viz/export/paper.h"
#include "viz/figure/figures.h"
#include "viz/figure/pathway_codes.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;
using bandscope::viz::testing::TextRecorder;

namespace {

std::vector<double> column(const RunData& run, Column which) {
  const Samples samples = run.column(which);
  return {samples.values().begin(), samples.values().end()};
}

/// A pair of which each step was measured again on its own pairs.
std::vector<RunDataPtr> same_pairs(std::size_t steps) {
  std::vector<RunDataPtr> runs;
  for (const auto& run : synthetic_pair(steps)) {
    auto again = std::make_shared<RunData>(*run);
    again->same_pairs = true;
    runs.push_back(again);
  }
  return runs;
}

double code(Pathway pathway) {
  return pathway == Pathway::undefined ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(pathway);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

class TestPathwayStrip : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void codes_are_those_of_core() {
    for (const auto& run : synthetic_pair(700)) {
      const auto z_w = column(*run, Column::z_w), z_l = column(*run, Column::z_l);
      const auto z_w_ref = column(*run, Column::z_w_ref), z_l_ref = column(*run, Column::z_l_ref);
      const auto realised = realised_pathways({z_w, z_l, z_w_ref, z_l_ref});
      const Samples codes = realised_codes(*run), predicted = predicted_codes(*run), agree = agreement_codes(*run);
      QCOMPARE(codes.size(), realised.size());
      QVERIFY(std::isnan(codes[codes.size() - 1]));  // the last step has no next one
      for (std::size_t row = 0; row < codes.size(); ++row) {
        QVERIFY(same(codes[row], code(realised[row])));
        const Scores scores{run->column(Column::score_norm_w)[row], run->column(Column::score_norm_l)[row],
                            run->column(Column::score_dot)[row]};
        QVERIFY(same(predicted[row], code(predicted_pathway(run->column(Column::log_r_applied)[row], scores))));
        if (row + 1 < codes.size()) QVERIFY(same(agree[row], codes[row] == predicted[row] ? 1.0 : 0.0));
      }
    }
  }

  void scores_that_are_not_recorded_are_replaced_by_the_band() {
    auto run = std::make_shared<RunData>(*synthetic_pair(90)[0]);
    const Samples before = predicted_codes(*run);
    for (const Column gone : {Column::score_norm_w, Column::score_norm_l, Column::score_dot}) {
      run->columns[static_cast<std::size_t>(gone)].reset();
    }
    // A column of its own, so that nothing kept with the first is taken.
    run->set(Column::log_r_applied, Samples(column(*run, Column::log_r_applied)));
    const Samples after = predicted_codes(*run);
    for (std::size_t row = 0; row < before.size(); ++row) QVERIFY(same(before[row], after[row]));
  }

  void counts_over_any_range_are_exact() {
    const auto run = synthetic_pair(1000)[0];
    const Samples codes = realised_codes(*run);
    for (const Rows rows : {Rows{0, 1000}, Rows{0, 0}, Rows{3, 5}, Rows{60, 70}, Rows{64, 128}, Rows{1, 999},
                            Rows{960, 1000}, Rows{63, 961}, Rows{999, 5000}}) {
      CodeCounts plain;
      for (std::size_t row = rows.first; row < std::min<std::size_t>(rows.last, 1000); ++row) {
        if (!std::isnan(codes[row])) ++plain.of[static_cast<std::size_t>(codes[row])];
      }
      QCOMPARE(count_codes(codes, rows).of, plain.of);
    }
    QVERIFY(!agreement_share(Samples(), {0, 10}));
  }

  void one_step_among_many_is_seen() {
    auto run = std::make_shared<RunData>();
    std::vector<double> steps, z_w, z_l;
    constexpr std::size_t kOdd = 70'001;
    double w = 0, l = 0;
    for (std::size_t row = 0; row < 100'000; ++row) {
      steps.push_back(static_cast<double>(row + 1));
      z_w.push_back(w);
      z_l.push_back(l);
      w += row == kOdd ? -1 : 1;
      l -= 1;
    }
    run->steps = Samples(steps);
    run->set(Column::z_w, Samples(z_w));
    run->set(Column::z_l, Samples(z_l));
    const Figure figure = make_figure("pathway-strip", {run});
    const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
    const auto& cells = plan.plans[0].strips[1].cells;
    QVERIFY(cells.size() > 100 && cells.size() < 5000);
    std::size_t fall = 0, total = 0, columns = 0;
    for (const StripCell& cell : cells) {
      fall += cell.counts.of[static_cast<std::size_t>(Pathway::both_fall)];
      total += cell.counts.total();
      columns += cell.counts.of[static_cast<std::size_t>(Pathway::both_fall)] > 0;
      QVERIFY(cell.right > cell.left);
    }
    QCOMPARE(fall, 1u);
    QCOMPARE(columns, 1u);
    QCOMPARE(total, 99'999u);
    // It is in the picture too: a pixel of its own.
    const QImage image = figure_image(figure, 600);
    const QColor color = figure.theme.both_fall;
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const QColor at = image.pixelColor(x, y);
        found += std::abs(at.red() - color.red()) + std::abs(at.green() - color.green()) +
                     std::abs(at.blue() - color.blue()) <
                 200;
      }
    }
    QVERIFY2(found > 0, "the one step that fell is not drawn");
  }

  void strips_stand_under_charts_over_steps_only() {
    FigureOptions options;
    options.strip = true;
    const Figure dynamics = make_figure("dynamics", synthetic_pair(300), options);
    QCOMPARE(dynamics.panels.size(), 6u);
    QCOMPARE(dynamics.rows, 3);
    const FigurePlan plan = plan_figure(dynamics, paper_area(dynamics), paper_metrics(dynamics));
    for (int i : {0, 1}) {
      const auto strip = static_cast<std::size_t>(4 + i), above = static_cast<std::size_t>(2 + i);
      QCOMPARE(plan.layouts[strip].x.range, plan.layouts[above].x.range);
      QCOMPARE(plan.layouts[strip].plot.left(), plan.layouts[above].plot.left());
      QCOMPARE(plan.layouts[strip].plot.right(), plan.layouts[above].plot.right());
      QVERIFY(plan.layouts[strip].plot.height() < plan.layouts[above].plot.height() / 2);
      QVERIFY(plan.layouts[above].x_title && !plan.layouts[strip].x_title);
      QVERIFY(!plan.plans[strip].strips[0].agreement_of_all.has_value());  // of different pairs
    }
    QCOMPARE(make_figure("pathway-plane", synthetic_pair(300), options).panels.size(), 1u);
    QCOMPARE(make_figure("dynamics", {}, options).panels.size(), 4u);
  }

  void the_agreement_of_both_runs_is_printed_at_every_width_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("width");
    for (const char* kind : {"pathway-strip", "likelihood", "margin", "dynamics"}) {
      for (const double width : {77.0, 82.55, 84.0, 139.7, 160.0, 171.45}) {
        QTest::addRow("%s at %g mm", kind, width) << QString::fromLatin1(kind) << width;
      }
    }
  }
  void the_agreement_of_both_runs_is_printed_at_every_width() {
    QFETCH(QString, kind);
    QFETCH(double, width);
    FigureOptions options;
    options.strip = true;
    options.width_mm = width;
    const Words chinese = [](const char* text) {
      return std::string(text) == "%1 agree in view, %2 of all" ? std::string("视图内相符 %1，全程 %2")
                                                                : std::string(text);
    };
    for (const Words& words : {Words(english), chinese}) {
      options.say = words;
      const Figure figure = make_figure(kind.toStdString(), same_pairs(300), options);
      const Metrics metrics = paper_metrics(figure);
      const FigurePlan plan = plan_figure(figure, paper_area(figure), metrics);
      int said = 0;
      for (std::size_t i = 0; i < figure.panels.size(); ++i) {
        if (!figure.panels[i].strip) continue;
        TextRecorder canvas(metrics.text);
        draw_frame(canvas, figure.panels[i], plan.layouts[i], metrics, figure.theme, true);
        draw_strip_frame(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
        for (const auto& text : canvas.texts) {
          // A part of this line that has shares in it holds one of each run, or one of both kinds.
          said += text.words.contains(QLatin1Char('%'));
          QVERIFY2(text.box.right() <= plan.layouts[i].outer.right() + 0.01, qPrintable(text.words));
          for (const auto& other : canvas.texts) {
            QVERIFY2(&other == &text || !other.box.adjusted(0.1, 0.1, -0.1, -0.1).intersects(text.box),
                     qPrintable(text.words + " / " + other.words));
          }
        }
      }
      QCOMPARE(said, 2);
    }
  }

  void of_different_pairs_no_share_is_said_but_that_they_are_different_data() {
    the_agreement_of_both_runs_is_printed_at_every_width_data();
  }
  void of_different_pairs_no_share_is_said_but_that_they_are_different() {
    QFETCH(QString, kind);
    QFETCH(double, width);
    FigureOptions options;
    options.strip = true;
    options.width_mm = width;
    const Figure figure = make_figure(kind.toStdString(), synthetic_pair(300), options);
    const Metrics metrics = paper_metrics(figure);
    const FigurePlan plan = plan_figure(figure, paper_area(figure), metrics);
    for (std::size_t i = 0; i < figure.panels.size(); ++i) {
      if (!figure.panels[i].strip) continue;
      TextRecorder canvas(metrics.text);
      draw_frame(canvas, figure.panels[i], plan.layouts[i], metrics, figure.theme, true);
      draw_strip_frame(canvas, figure.panels[i], plan.layouts[i], plan.plans[i], metrics, figure.theme);
      int said = 0;
      for (const auto& text : canvas.texts) {
        QVERIFY2(!text.words.contains(QLatin1Char('%')), qPrintable(text.words));
        said += text.words.contains(QLatin1String("different pairs"));
        QVERIFY2(text.box.right() <= plan.layouts[i].outer.right() + 0.01, qPrintable(text.words));
      }
      QCOMPARE(said, 1);
    }
  }

  void the_agreement_follows_the_visible_range() {
    FigureOptions options;
    const auto pair = same_pairs(400);
    options.x_range = {{100, 200}};
    const Figure figure = make_figure("pathway-strip", {pair[0]}, options);
    const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
    const Samples agree = agreement_codes(*pair[0]);
    double same = 0;
    for (std::size_t row = 99; row < 200; ++row) same += agree[row];
    QCOMPARE(*plan.plans[0].strips[0].agreement_in_view, same / 101);
    QCOMPARE(*plan.plans[0].strips[0].agreement_of_all, *agreement_share(agree, {0, 400}));
  }
};

QTEST_MAIN(TestPathwayStrip)
#include "test_pathway_strip.moc"
