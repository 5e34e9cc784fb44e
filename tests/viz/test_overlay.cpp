// SPDX-License-Identifier: GPL-3.0-or-later
// Many runs in one view: hue is the objective, dash is calibration, the legend says both, the read-out names every
// run, and where not every run's band is drawn the panel says so. What is smoothed says so as well.
#include <QGuiApplication>
#include <QTest>
#include <cmath>
#include <set>

#include "tests/viz/synthetic.h"
#include "tests/viz/text_recorder.h"
#include "viz/chart/cursor_overlay.h"
#include "viz/draw/dashes.h"
#include "viz/export/export_figure.h"
#include "viz/export/paper.h"
#include "viz/figure/figures.h"
#include "viz/figure/run_styles.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;
using bandscope::viz::testing::synthetic_run;
using bandscope::viz::testing::TextRecorder;

namespace {

/// Each objective without and with calibration, as a sweep makes them.
std::vector<RunDataPtr> objectives_with_and_without(int count, std::size_t steps = 60) {
  std::vector<RunDataPtr> runs;
  for (int i = 0; i < count; ++i) {
    for (const bool with : {false, true}) {
      const std::string name = "objective-" + std::to_string(i);
      auto run = std::make_shared<RunData>(*synthetic_run({.steps = steps,
                                                           .calibrated = with,
                                                           .seed = unsigned(2 * i + with + 1),
                                                           .name = name + (with ? "-rc" : ""),
                                                           .pair_key = name}));
      run->objective = name;
      runs.push_back(run);
    }
  }
  return runs;
}

int distance(const QColor& a, const QColor& b) {
  return std::abs(a.red() - b.red()) + std::abs(a.green() - b.green()) + std::abs(a.blue() - b.blue());
}

/// Everything that the cursor's box says in a panel of this size on a screen.
QStringList read_out(const Figure& figure, double step, QSizeF size, const QFont& font, QRectF* around, QRectF* plot) {
  const Metrics metrics{TextSetter(font, 1.0), 11, 1};
  const auto layouts = layout_figure(figure, {QRectF(QPointF(), size)}, visible_ranges(figure), metrics);
  const PanelPlan plan = plan_panel(figure.panels[0], layouts[0], 1, std::nullopt);
  TextRecorder canvas(metrics.text);
  draw_cursor({canvas, figure.panels[0], layouts[0], plan, metrics, figure.theme}, step);
  QStringList said;
  for (const auto& text : canvas.texts) {
    said << text.words;
    *around |= text.box;
  }
  *plot = layouts[0].plot;
  return said;
}

}  // namespace

class TestOverlay : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void swarms_of_alerts_do_not_hide_the_curves() {
    FigureOptions options;
    options.events = true;
    const auto with_alerts = [](const char* name) {
      auto run = std::make_shared<RunData>(*synthetic_run({.steps = 200, .name = name, .pair_key = name}));
      run->events = {{20, 1, "rc", Message::plain("reward calibration switched off")}};
      for (int step = 1; step <= 200; ++step)
        run->events.push_back({step, 1, "alert", Message::plain("the ratio is undefined")});
      return RunDataPtr(run);
    };
    const auto count = [&](const std::vector<RunDataPtr>& runs, const char* kind) {
      const Figure figure = make_figure("margin", runs, options);
      return std::count_if(figure.panels[0].events.begin(), figure.panels[0].events.end(),
                           [&](const EventMark& event) { return event.kind == kind; });
    };
    const auto a = with_alerts("a"), b = with_alerts("b"), c = with_alerts("c");
    QVERIFY(count({a}, "alert") >= 1 && count({a}, "alert") <= 20);
    QCOMPARE(count({a, b, c}, "alert"), 0);
    // What a person did stays.
    QCOMPARE(count({a}, "rc"), 1);
    QCOMPARE(count({a, b, c}, "rc"), 3);
  }

  void ten_objectives_have_ten_hues_and_calibration_is_dashed() {
    for (const Theme& theme : {Theme::light(), Theme::dark(), Theme::paper()}) {
      FigureOptions options;
      options.theme = theme;
      const auto runs = objectives_with_and_without(10);
      const Figure figure = make_figure("margin", runs, options);
      QCOMPARE(figure.panels[0].lines.size(), std::size_t(20));
      std::vector<QColor> hues;
      for (std::size_t i = 0; i < 20; ++i) {
        const Line& line = figure.panels[0].lines[i];
        QCOMPARE(line.dashed, i % 2 == 1);
        if (i % 2 == 1) {
          QCOMPARE(line.color, hues.back());  // the two of one objective
          continue;
        }
        for (const QColor& other : hues) QVERIFY2(distance(line.color, other) > 60, qPrintable(line.color.name()));
        for (const QColor& pathway : {theme.both_rise, theme.both_fall, theme.disentangled}) {
          QVERIFY2(distance(line.color, pathway) > 40, qPrintable(line.color.name()));
        }
        QVERIFY2(contrast(line.color, theme.plot) >= 1.8, qPrintable(line.color.name()));
        hues.push_back(line.color);
      }
    }
  }

  void a_pair_alone_keeps_its_two_hues() {
    const Figure figure = make_figure("margin", synthetic_pair(30));
    QCOMPARE(figure.panels[0].lines[0].color.name(), QStringLiteral("#d55e00"));
    QCOMPARE(figure.panels[0].lines[1].color.name(), QStringLiteral("#0072b2"));
    QVERIFY(!figure.panels[0].lines[1].dashed);
    const Theme paper = Theme::paper();
    for (const QColor& hue : {paper.without_rc, paper.with_rc}) {
      for (const QColor& pathway : {paper.both_rise, paper.both_fall, paper.disentangled}) QVERIFY(hue != pathway);
    }
  }

  void the_two_of_a_spec_find_each_other_in_any_order() {
    const std::vector<RunKind> kinds = {{"dpo", "a", true},  {"kto", "k", false}, {"dpo", "b", false},
                                        {"dpo", "a", false}, {"dpo", "b", true},  {"kto", "other seed", true}};
    const auto looks = run_styles(kinds, Theme::light());
    QCOMPARE(looks[0].spec, looks[3].spec);
    QCOMPARE(looks[2].spec, looks[4].spec);
    QCOMPARE(looks[1].spec, looks[5].spec);
    QCOMPARE(std::set<std::size_t>({looks[0].spec, looks[1].spec, looks[2].spec}).size(), std::size_t(3));
    QVERIFY(looks[0].dashed && !looks[3].dashed);
    // Two seeds are not a pair, whatever they share.
    const auto seeds = run_styles({{"ipo", "1", false}, {"ipo", "2", false}}, Theme::light());
    QVERIFY(seeds[0].hue != seeds[1].hue);
  }

  void more_specs_than_hues_are_told_by_their_objectives() {
    std::vector<RunKind> kinds;
    for (int seed = 0; seed < 7; ++seed) {
      for (const char* objective : {"dpo", "ipo"}) {
        const std::string key = objective + std::to_string(seed);
        kinds.push_back({objective, key, false});
        kinds.push_back({objective, key, true});
      }
    }
    const auto looks = run_styles(kinds, Theme::light());
    std::set<std::size_t> specs;
    for (std::size_t i = 0; i < looks.size(); ++i) {
      const bool dpo = kinds[i].objective == "dpo";
      QCOMPARE(looks[i].group, std::size_t(dpo ? 0 : 1));
      QCOMPARE(looks[i].hue, looks[dpo ? 0 : 2].hue);
      QCOMPARE(looks[i].dashed, kinds[i].calibrated);
      specs.insert(looks[i].spec);
    }
    QVERIFY(looks[0].hue != looks[2].hue);
    QCOMPARE(specs.size(), std::size_t(14));
    // As many as there are hues keep one each; of one objective alone, hues come again.
    const std::size_t hues = Theme::light().further.size();
    std::vector<RunKind> few;
    for (std::size_t i = 0; i < hues; ++i) few.push_back({i % 2 ? "dpo" : "ipo", std::to_string(i), false});
    std::set<std::size_t> groups;
    for (const RunStyle& look : run_styles(few, Theme::light())) groups.insert(look.group);
    QCOMPARE(groups.size(), hues);
    std::vector<RunKind> alike;
    for (std::size_t i = 0; i <= hues; ++i) alike.push_back({"dpo", std::to_string(i), false});
    const auto many = run_styles(alike, Theme::light());
    QVERIFY(many[0].hue != many[1].hue && many[0].hue != many[hues].hue);
  }

  void the_legend_names_each_hue_once_and_the_dash() {
    const Figure figure = make_figure("margin", objectives_with_and_without(10));
    QCOMPARE(figure.runs.size(), std::size_t(10));
    for (std::size_t i = 0; i < 10; ++i) {
      QCOMPARE(figure.runs[i].label, "OBJECTIVE-" + std::to_string(i));
      QCOMPARE(figure.runs[i].color, figure.panels[0].lines[2 * i].color);
    }
    QCOMPARE(figure.marks.size(), std::size_t(2));
    QCOMPARE(figure.marks[0].label, std::string("w/o RC"));
    QVERIFY(figure.marks[0].kind == LegendEntry::Kind::line && figure.marks[1].kind == LegendEntry::Kind::dashed);
    QCOMPARE(figure.marks[1].label, std::string("w/ RC"));
  }

  void a_legend_names_objectives_or_runs_and_never_both() {
    // The last objective has one run only, and is named as the others are.
    auto runs = objectives_with_and_without(3);
    runs.pop_back();
    const Figure by_objective = make_figure("margin", runs);
    QCOMPARE(by_objective.runs.size(), std::size_t(3));
    for (std::size_t i = 0; i < 3; ++i) QCOMPARE(by_objective.runs[i].label, "OBJECTIVE-" + std::to_string(i));
    // Two specs of one objective: only names tell them apart, so that all have names.
    auto again = std::make_shared<RunData>(*runs[0]);
    again->name = "again";
    again->pair_key = "another spec";
    runs.push_back(again);
    const Figure by_name = make_figure("margin", runs);
    QCOMPARE(by_name.runs.size(), std::size_t(4));
    QCOMPARE(by_name.runs[0].label, runs[0]->name);
    QCOMPARE(by_name.runs[2].label, runs[4]->name);
    QCOMPARE(by_name.runs[3].label, std::string("again"));
  }

  void dashes_are_gaps_in_the_drawing() {
    const std::vector<QPointF> points = {{0, 0}, {5, 3}, {30, 3}, {30, 9}, {41, 0}};
    double drawn = 0;
    for (const auto& piece : dashes_along_x(points, 0, 7, 4)) {
      QVERIFY(piece.size() >= 2);
      drawn += piece.back().x() - piece.front().x();
      for (const QPointF& point : piece)
        QVERIFY(in_dash(point.x() - 1e-9, 0, 7, 4) || in_dash(point.x() + 1e-9, 0, 7, 4));
    }
    QCOMPARE(drawn, 7.0 * 3 + 7);  // from 0, 11, 22 and 33 on
    double along = 0;
    for (const auto& piece : dashes_along_path(points, 7, 4)) {
      for (std::size_t i = 1; i < piece.size(); ++i)
        along += std::hypot(piece[i].x() - piece[i - 1].x(), piece[i].y() - piece[i - 1].y());
    }
    const double length = std::hypot(5, 3) + 25 + 6 + std::hypot(11, 9);
    QVERIFY(std::abs(along - length * 7 / 11) < 7);
  }

  void the_read_out_names_every_run() {
    const auto runs = objectives_with_and_without(10);
    for (const char* kind : {"margin", "likelihood"}) {
      for (const QSizeF size : {QSizeF(620, 260), QSizeF(1200, 420)}) {
        QRectF around, plot;
        const QStringList said = read_out(make_figure(kind, runs), 30, size, QGuiApplication::font(), &around, &plot);
        const QString all = said.join(QLatin1Char('\n'));
        for (const auto& run : runs) {
          // The ends of a name stay where its middle has no room.
          const QString name = QString::fromStdString(run->name);
          const bool whole = said.contains(name);
          const bool cut = std::any_of(said.begin(), said.end(), [&](const QString& text) {
            return text.contains(u'…') && text.startsWith(u'o') && name.endsWith(text.mid(text.indexOf(u'…') + 1));
          });
          QVERIFY2(whole || cut, qPrintable(name + " in " + all));
        }
        QVERIFY(!all.contains("more"));
        QCOMPARE(all.count(QLatin1String("m  ")), QLatin1String(kind) == QLatin1String("margin") ? 20 : 0);
        QVERIFY2(plot.adjusted(-1, -1, 1, 1).contains(around),
                 qPrintable(QString("%1 at %2").arg(kind).arg(size.width())));
      }
    }
  }

  void what_a_tiny_plot_has_no_room_for_is_counted() {
    QRectF around, plot;
    const QStringList said = read_out(make_figure("margin", objectives_with_and_without(10)), 30, {260, 110},
                                      QGuiApplication::font(), &around, &plot);
    int lines = 0;
    for (const QString& text : said) lines += text.startsWith("m  ");
    QVERIFY(lines >= 1 && lines < 20);
    QVERIFY2(said.front().contains(QString("+ %1 more").arg(20 - lines)), qPrintable(said.front()));
    QVERIFY(around.right() <= plot.right() + 1);
  }

  void it_is_said_that_not_every_band_is_drawn_or_all_are() {
    const auto runs = objectives_with_and_without(10);
    const Figure dynamics = make_figure("dynamics", runs);
    QVERIFY(dynamics.panels[0].title.find("objective-0, one of 20 runs") != std::string::npos);
    QVERIFY(dynamics.panels[1].title.find("objective-0-rc, one of 20 runs") != std::string::npos);
    QVERIFY(make_figure("dynamics", synthetic_pair(30)).panels[0].title.find("one of") == std::string::npos);
    const Figure bands = make_figure("band", runs);
    QCOMPARE(bands.panels.size(), std::size_t(20));
    for (std::size_t i = 0; i < 20; ++i) {
      QCOMPARE(bands.panels[i].bands[0].run, runs[i]->name);
      QVERIFY(bands.panels[i].title.find(runs[i]->name) == 0);
    }
    const Figure strip = make_figure("pathway-strip", runs);
    QVERIFY(strip.panels[0].title.find("of 20 runs") != std::string::npos);
  }

  void what_is_smoothed_says_so_and_the_read_out_is_raw() {
    FigureOptions options;
    options.smoothing = {Smoothing::Kind::ema, 0.9};
    const auto pair = synthetic_pair(100);
    const Figure figure = make_figure("margin", pair, options);
    QRectF around, plot;
    const QStringList said = read_out(figure, 50, {900, 420}, QGuiApplication::font(), &around, &plot);
    QVERIFY2(said.front().contains("raw values"), qPrintable(said.front()));
    const double raw = pair[0]->column(Column::margin)[49], mean = figure.panels[0].lines[0].smooth[49];
    const auto number = [](double value) { return QString::number(value, 'f', 3); };
    QVERIFY(number(raw) != number(mean));
    QVERIFY2(said.contains(QString("m  %1  (mean %2)").arg(number(raw), number(mean))), qPrintable(said.join(" | ")));
    QStringList marks;
    for (const auto& mark : figure.marks) marks << QString::fromStdString(mark.label);
    QCOMPARE(marks, QStringList({"raw", "mean, momentum 0.9"}));
    QVERIFY(make_figure("margin", pair).marks.empty());
    const QStringList plain =
        read_out(make_figure("margin", pair), 50, {900, 420}, QGuiApplication::font(), &around, &plot);
    QVERIFY(!plain.join(" ").contains("raw") && !plain.join(" ").contains("mean"));
  }

  void the_raw_band_lies_behind_that_of_the_means() {
    FigureOptions options;
    options.smoothing = {Smoothing::Kind::window, 21};
    const auto run = synthetic_run({.steps = 200});
    const Figure figure = make_figure("band", {run}, options);
    QCOMPARE(figure.panels[0].bands.size(), std::size_t(2));
    QCOMPARE(figure.panels[0].bands[0].lower[77], run->column(Column::band_lower)[77]);
    QVERIFY(figure.panels[0].bands[1].lower[77] != run->column(Column::band_lower)[77]);
    QVERIFY(figure.panels[0].bands[0].fill.alphaF() < figure.panels[0].bands[1].fill.alphaF() / 2);
    for (const Line& line : figure.panels[0].lines) {
      QVERIFY2(!line.smooth.empty(), line.symbol.c_str());
      QCOMPARE(line.y.size(), std::size_t(200));
    }
    QCOMPARE(figure.panels[0].lines[0].y[77], run->column(Column::log_r_star)[77]);
  }

  void a_window_longer_than_the_run_is_as_long_as_the_run_and_says_so() {
    FigureOptions options;
    options.smoothing = {Smoothing::Kind::window, 501};
    const auto run = synthetic_run({.steps = 60, .noise = 0.1});
    const Figure figure = make_figure("margin", {run}, options);
    const Samples mean = figure.panels[0].lines[0].smooth;
    double least = 0, greatest = 0, raw_least = 0, raw_greatest = 0;
    QVERIFY(mean.extremes(0, 60, &least, &greatest));
    QVERIFY(run->column(Column::margin).extremes(0, 60, &raw_least, &raw_greatest));
    QVERIFY2(greatest - least > 0.2 * (raw_greatest - raw_least), "the mean is flat");
    const auto expected = smooth(run->column(Column::margin).values(), {Smoothing::Kind::window, 60});
    QCOMPARE(std::vector<double>(mean.values().begin(), mean.values().end()), expected);
    QCOMPARE(figure.marks.back().label, std::string("mean over 501 steps, over 60 in dpo, which has no more"));
    const Figure longer = make_figure("margin", {synthetic_run({.steps = 600})}, options);
    QCOMPARE(longer.marks.back().label, std::string("mean over 501 steps"));
  }

  // BANDSCOPE_PICTURES names a folder in which to look at them.
  void looks_well() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    if (keep.isEmpty()) return;  // nobody wants to look
    for (const char* kind : {"overlay", "band", "dynamics", "pathway-plane", "figure2"}) {
      export_figure(make_figure(kind, objectives_with_and_without(10, 300)),
                    QStringLiteral("%1/overlay-%2.png").arg(keep, kind).toStdString(), {.dpi = 200});
    }
  }
};

QTEST_MAIN(TestOverlay)
#include "test_overlay.moc"
