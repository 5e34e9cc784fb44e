// SPDX-License-Identifier: GPL-3.0-or-later
// Light and dark: everything can be read in both, and what is coloured follows.
#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <QTextLayout>

#include "app/base/color_scheme.h"
#include "app/launch/launch_page.h"
#include "app/library/run_cells.h"
#include "app/page/problem_bar.h"
#include "tests/app/views_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLooks : public QObject, ViewsBox {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { settle("bandscope-test-looks"); }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void a_problem_can_be_read_after_the_look_is_switched() {
    make_run(runs(), {.name = "broken", .objective = "rrhf", .steps = 30, .state = RunState::failed});
    openFresh({path("broken")});
    QTRY_VERIFY(!page()->problems()->text().isEmpty());
    for (const char* look : {"dark", "light", "dark"}) {
      window_->setColorSchemeName(look);
      QCoreApplication::processEvents();
      for (const auto* label : page()->problems()->findChildren<QLabel*>()) {
        const QPalette palette = label->palette();
        QVERIFY(viz::contrast(palette.color(QPalette::WindowText), palette.color(QPalette::Window)) >= 4.5);
      }
    }
    window_->setColorSchemeName("light");
  }

  void a_spec_s_colours_follow_the_look() {
    window_ = std::make_unique<MainWindow>();
    window_->setColorSchemeName("light");
    window_->show();
    window_->newExperiment();
    auto* text = window_->launch()->findChild<QPlainTextEdit*>();
    QVERIFY(text);
    const QString before = window_->launch()->text();
    for (const char* look : {"dark", "light"}) {
      window_->setColorSchemeName(look);
      QCoreApplication::processEvents();
      int coloured = 0;
      for (auto block = text->document()->begin(); block.isValid(); block = block.next()) {
        for (const auto& range : block.layout()->formats()) {
          if (range.format.foreground().style() == Qt::NoBrush) continue;
          ++coloured;
          QVERIFY(viz::contrast(range.format.foreground().color(), text->palette().color(QPalette::Base)) >= 4.5);
        }
      }
      QVERIFY(coloured > 0);
    }
    QCOMPARE(window_->launch()->text(), before);
  }

  void text_stands_out_from_its_ground_in_both_looks() {
    for (const ColorScheme look : {ColorScheme::light, ColorScheme::dark}) {
      apply_color_scheme(look);
      const QPalette palette = QApplication::palette();
      using enum QPalette::ColorRole;
      const std::pair<QPalette::ColorRole, QPalette::ColorRole> roles[] = {{WindowText, Window},
                                                                           {Text, Base},
                                                                           {Text, AlternateBase},
                                                                           {ButtonText, Button},
                                                                           {Link, Window},
                                                                           {PlaceholderText, Base},
                                                                           {PlaceholderText, Window},
                                                                           {HighlightedText, Highlight},
                                                                           {Link, Base},
                                                                           {BrightText, Window},
                                                                           {ToolTipText, ToolTipBase},
                                                                           {PlaceholderText, AlternateBase}};
      for (const auto& [text, ground] : roles) {
        const double found = viz::contrast(palette.color(text), palette.color(ground));
        QVERIFY2(found >= 4.5,
                 qPrintable(QString("%1 on %2, look %3: %4").arg(text).arg(ground).arg(to_name(look)).arg(found)));
      }
      for (const auto state :
           {ShownState::running, ShownState::done, ShownState::waiting, ShownState::stalled, ShownState::failed}) {
        for (const auto ground : {Base, Window}) {
          QVERIFY(viz::contrast(state_color(state, look == ColorScheme::dark), palette.color(ground)) >= 4.5);
        }
      }
      const viz::Theme theme = chart_theme();
      for (const QColor& text : {theme.text, theme.muted}) {
        QVERIFY(viz::contrast(text, theme.background) >= 4.5 && viz::contrast(text, theme.plot) >= 4.5);
      }
      for (const QColor& hue :
           {theme.both_rise, theme.both_fall, theme.disentangled, theme.without_rc, theme.with_rc}) {
        QVERIFY(viz::contrast(viz::legible(hue, theme.plot), theme.plot) >= 4.5);
      }
    }
    apply_color_scheme(ColorScheme::light);
  }
};

QTEST_MAIN(TestLooks)
#include "test_looks.moc"
