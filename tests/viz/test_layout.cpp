// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a figure at journals' widths: no text on another, none cut, letters of one kind of one size in all
// panels.
#include <QRegularExpression>
#include <QTest>
#include <vector>

#include "tests/viz/synthetic.h"
#include "tests/viz/text_recorder.h"
#include "viz/draw/draw_panel.h"
#include "viz/export/export_figure.h"
#include "viz/export/paper.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;
using bandscope::viz::testing::synthetic_pair;
using bandscope::viz::testing::TextRecorder;

namespace {

/// Whether the label is there, whole or with each index as a text of its own behind what it belongs to.
bool written(const std::vector<TextRecorder::Text>& texts, const QString& label) {
  static const QRegularExpression index(QStringLiteral("_(?:\\{([^}]*)\\}|(\\p{L}))"));
  const QString parts = QString(label).replace(index, QStringLiteral("\\1\\2"));
  for (auto first = texts.begin(); first != texts.end(); ++first) {
    QString words;
    for (auto text = first; text != texts.end() && words.size() < parts.size(); ++text) words += text->words;
    if (words == parts || first->words == label) return true;
  }
  return false;
}

}  // namespace

class TestLayout : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_text_has_its_own_place_data() {
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("width");
    for (const auto& kind : figure_names()) {
      for (const double width : {77.0, 84.0, 139.7, 171.45}) {
        // A page of four panels in a row is not for one column.
        if (width < 100 &&
            (kind == "dynamics-grid" || kind == "training" || kind == "scope-comparison" || kind == "probe"))
          continue;
        QTest::addRow("%s at %g mm", kind.c_str(), width) << QString::fromStdString(kind) << width;
      }
    }
  }
  void every_text_has_its_own_place() {
    QFETCH(QString, kind);
    QFETCH(double, width);
    for (const bool smooth : {false, true}) {
      FigureOptions options;
      options.width_mm = width;
      if (smooth) options.smoothing = {Smoothing::Kind::ema, 0.9};
      const Figure figure = make_figure(kind.toStdString(), synthetic_pair(1200), options);
      const QRectF page = paper_area(figure);
      const Metrics metrics = paper_metrics(figure);
      TextRecorder canvas(metrics.text);
      draw_figure(canvas, figure, page, metrics);
      QVERIFY(canvas.texts.size() > 4);
      // No legend loses an entry.
      for (const Panel& panel : figure.panels) {
        for (const LegendEntry& entry : panel.legend) {
          const QString label = QString::fromStdString(entry.label);
          QVERIFY2(written(canvas.texts, label), qPrintable(label));
        }
      }
      for (const auto& text : canvas.texts) {
        QVERIFY2(!text.words.contains(u'…'), qPrintable(text.words));
        QVERIFY2(page.adjusted(-0.2, -0.2, 0.2, 0.2).contains(text.box), qPrintable(text.words));
        for (const auto& other : canvas.texts) {
          if (&other == &text) continue;
          // Parts of one line touch: "z" and its index.
          QVERIFY2(!other.box.adjusted(0.3, 0.4, -0.3, -0.4).intersects(text.box.adjusted(0.3, 0.4, -0.3, -0.4)),
                   qPrintable(text.words + " / " + other.words));
        }
      }
    }
  }

  void letters_of_a_kind_are_of_one_size() {
    for (const char* kind : {"dynamics", "overlay", "figure3", "calibration"}) {
      FigureOptions options;
      options.width_mm = 84;
      const Figure figure = make_figure(kind, synthetic_pair(300), options);
      const FigurePlan plan = plan_figure(figure, paper_area(figure), paper_metrics(figure));
      for (const PanelLayout& layout : plan.layouts) {
        QCOMPARE(layout.title_size, plan.layouts[0].title_size);
        QCOMPARE(layout.y_title_size, plan.layouts[0].y_title_size);
        QCOMPARE(layout.legend_size, plan.layouts[0].legend_size);
      }
      QVERIFY(plan.layouts[0].y_title_size >= 0.7 * paper_metrics(figure).font);
    }
  }

  void flags_of_events_are_for_the_screen() {
    auto run = std::make_shared<RunData>(*synthetic_pair(60)[0]);
    run->events = {{20, 1, "rc", Message::plain("off")}};
    for (const Panel& panel : make_figure("dynamics", {run}).panels) QVERIFY(panel.events.empty());
    QVERIFY(!FigureTemplate{}.events);
    FigureOptions with;
    with.events = true;
    QVERIFY(!make_figure("dynamics", {run}, with).panels[0].events.empty());
  }
};

QTEST_MAIN(TestLayout)
#include "test_layout.moc"
