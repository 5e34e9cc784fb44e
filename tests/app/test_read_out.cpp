// SPDX-License-Identifier: GPL-3.0-or-later
// The real window with many runs: every run has its line in the read-out under the charts, by name; what is smoothed is
// said; shares of different pairs are not shown; the glossary is searched; a record dropped on a chart opens; what has
// the keyboard is seen.
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFocusFrame>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "app/base/color_scheme.h"
#include "app/help/glossary.h"
#include "app/help/panel_terms.h"
#include "app/help/terms.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"
#include "viz/chart/chart_view.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

constexpr const char* kObjectives[] = {"dpo",  "ipo",  "simpo",   "kto",     "cpo",
                                       "rrhf", "ddro", "dil-bce", "dil-ukl", "r-dpo"};

QLabel* head(const CursorStrip* strip, const QString& start) {
  for (auto* label : strip->findChildren<QLabel*>()) {
    if (label->text().startsWith(start)) return label;
  }
  return nullptr;
}

}  // namespace

class TestReadOut : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QStringList names_, records_;
  std::unique_ptr<MainWindow> window_;

  RunPage* page() const { return window_->page(); }
  CursorStrip* strip() const { return page()->strip(); }

  void openAll(QSize size = {1280, 800}) {
    window_ = std::make_unique<MainWindow>();
    window_->resize(size);
    window_->open({folder_.filePath("runs")});
    window_->show();
    QTRY_COMPARE(window_->dock()->selectAll(records_), records_.size());
    QTRY_COMPARE(page()->records().size(), records_.size());
    QTRY_COMPARE(strip()->lineCount(), int(records_.size()));
    QTRY_VERIFY(!page()->loader()->loading());
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test-read-out");
    QCoreApplication::setApplicationName("bandscope-test-read-out");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    apply_color_scheme(ColorScheme::light);
    const std::filesystem::path folder = folder_.filePath("runs").toStdString();
    unsigned seed = 1;
    for (const char* objective : kObjectives) {
      for (const bool with : {false, true}) {
        names_ << QString::fromLatin1(objective) + (with ? "-rc" : "");
        records_ << QString::fromStdString(make_run(folder, {.name = names_.back().toStdString(),
                                                             .objective = objective,
                                                             .calibrated = with,
                                                             .steps = 40,
                                                             .seed = seed})
                                               .string());
        ++seed;
      }
    }
    make_run(std::filesystem::path(folder_.filePath("elsewhere").toStdString()), {.name = "dropped", .steps = 20});
  }
  void init() { QSettings().clear(); }
  void cleanup() {
    window_.reset();
    apply_color_scheme(ColorScheme::light);
  }

  void every_run_has_its_line_by_name() {
    openAll();
    QStringList said;
    for (int line = 0; line < strip()->lineCount(); ++line) {
      said << strip()->lineRun(line);
      QVERIFY2(strip()->lineText(line).contains("z_w"), qPrintable(strip()->lineText(line)));
    }
    said.sort();
    QStringList wanted = names_;
    wanted.sort();
    QCOMPARE(said, wanted);
    // Those without room are scrolled to; charts keep the greater part.
    auto* scroll = strip()->findChild<QScrollArea*>();
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    QVERIFY(strip()->height() < window_->height() / 4);
    QVERIFY2(head(strip(), "20 runs"), "how many there are is not said");
    page()->setCursor(20);
    QVERIFY2(strip()->lineText(19).contains("Step 20"), qPrintable(strip()->lineText(19)));
    // Heads stand over their values.
    const auto* z_w = head(strip(), "z<sub>w");
    QVERIFY(z_w && z_w->isVisible());
    QCoreApplication::processEvents();
    const auto inner = scroll->widget()->findChildren<QLabel*>();
    QVERIFY(std::any_of(inner.begin(), inner.end(), [&](const QLabel* value) {
      return value->isVisible() && value->mapTo(strip(), QPoint()).x() == z_w->mapTo(strip(), QPoint()).x();
    }));
  }

  void the_read_out_says_that_it_is_raw() {
    openAll();
    page()->setCursor(20);
    QVERIFY(!head(strip(), "Step, raw"));
    const QString before = strip()->lineText(0);
    auto* view = page()->charts()->view();
    view->setSmoothing({viz::Smoothing::Kind::window, 101});  // the runs have 40 steps
    QTRY_VERIFY(head(strip(), "Step, raw values"));
    const auto values_of = [](const QString& line) { return line.section(", z_w", 1).section(", Predicted", 0, 0); };
    QCOMPARE(values_of(strip()->lineText(0)), values_of(before));
    // The charts' own values at the cursor are those of the strip.
    const auto compared = [&] {
      int same = 0;
      for (const auto& value : view->cursorValues()) {
        for (int line = 0; line < strip()->lineCount(); ++line) {
          if (value.symbol != QLatin1String("z_w") || strip()->lineRun(line) != value.run) continue;
          const QString number = QString::number(value.value, 'f', 3).replace('-', QChar(0x2212));
          same += strip()->lineText(line).contains("z_w " + number);
        }
      }
      return same;
    };
    QTRY_COMPARE(compared(), 20);
    page()->setTab(RunPage::Scores);  // whose charts are not smoothed
    QTRY_VERIFY(!head(strip(), "Step, raw"));
  }

  void two_runs_need_no_scroll_bar() {
    openAll();
    QCOMPARE(window_->dock()->selectAll({records_[0], records_[1]}), 2);
    QTRY_COMPARE(strip()->lineCount(), 2);
    page()->setCursor(20);
    auto* scroll = strip()->findChild<QScrollArea*>();
    QTRY_VERIFY(scroll->isVisible() && !scroll->verticalScrollBar()->isVisible());
    QTRY_VERIFY(scroll->widget()->height() <= scroll->viewport()->height());
  }

  void no_share_of_different_pairs_is_shown() {
    openAll();
    page()->setTab(RunPage::Compare);
    auto* compare = window_->findChild<CompareTab*>();
    // A run a row: many would be more columns than there is room for.
    QTRY_COMPARE(compare->table()->rowCount(), int(records_.size()));
    QVERIFY(compare->table()->columnCount() > 5);
    for (int column = 0; column < compare->table()->columnCount(); ++column) {
      const auto* title = compare->table()->horizontalHeaderItem(column);
      QVERIFY2(!title->text().contains("agree"), qPrintable(title->text()));
      if (title->text().startsWith("steps in")) QCOMPARE(title->toolTip(), term_tip(Term::band));
    }
    QVERIFY(head(strip(), "Realised")->toolTip().contains("other pairs"));
  }

  void terms_are_explained_where_they_stand() {
    openAll();
    for (const auto& [start, term] : {std::pair{"z<sub>w", Term::z_w}, {"z<sub>l", Term::z_l}, {"Band", Term::band}}) {
      QCOMPARE(head(strip(), start)->toolTip(), term_tip(term));
    }
    QCOMPARE(head(strip(), "log α²r")->toolTip(), term_tip(Term::log_r_applied));
    // Without calibration the ratio is as it is.
    QStringList without;
    for (int i = 0; i < names_.size(); ++i) {
      if (!names_[i].endsWith("-rc")) without << records_[i];
    }
    QCOMPARE(window_->dock()->selectAll(without), int(without.size()));
    QTRY_VERIFY(head(strip(), "log r"));
    QVERIFY(!head(strip(), "log α²r"));
    QCOMPARE(head(strip(), "log r")->toolTip(), term_tip(Term::log_r));
    QCOMPARE(head(strip(), "log r")->accessibleDescription(), term_description(Term::log_r));
    for (const char* part : {"band-without", "band-with", "likelihood", "margin", "pathway-plane", "pathway-strip"}) {
      QVERIFY2(!panel_tip(part).isEmpty(), part);
    }
    QVERIFY(panel_tip("pathway-strip").contains(term_text(Term::reversed)));
  }

  void the_glossary_is_searched_and_stays_open() {
    openAll();
    for (auto* action : window_->findChildren<QAction*>()) {
      if (action->text().remove('&') != "Glossary") continue;
      action->trigger();
      break;  // menus may be filled anew by it
    }
    auto* glossary = window_->findChild<Glossary*>();
    QVERIFY(glossary && glossary->isVisible() && !glossary->isModal());
    QCOMPARE(glossary->shownTerms().size(), qsizetype(all_terms().size()));
    for (const auto& [typed, found] : {std::pair{"z_w", "log-likelihood of the chosen response"},
                                       {"ALPHA", "calibration factor"},
                                       {"log r*", "centre of the band"},
                                       {"reversed", "reversed"}}) {
      glossary->search()->setText(typed);
      QVERIFY2(glossary->shownTerms().contains(QLatin1String(found)), typed);
      QVERIFY(glossary->shownTerms().size() < qsizetype(all_terms().size()));
    }
    glossary->search()->setText("no such term");
    QVERIFY(glossary->shownTerms().isEmpty());
    page()->setTab(RunPage::Pathways);  // the window is used meanwhile
    QVERIFY(glossary->isVisible());
  }

  void a_record_dropped_on_a_chart_opens() {
    openAll();
    auto* chart = page()->charts()->view()->findChild<viz::ChartView*>();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(folder_.filePath("elsewhere/dropped/run.h5"))});
    // As the window system sends them: to the window's deepest widget under the mouse, from there upwards.
    QWidget* target = chart->viewport();
    const QPoint at = target->mapTo(window_.get(), target->rect().center());
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, {});
    QWidget* accepts = window_->childAt(at);
    while (accepts && !accepts->acceptDrops()) accepts = accepts->isWindow() ? nullptr : accepts->parentWidget();
    QCOMPARE(accepts, static_cast<QWidget*>(window_.get()));
    QApplication::sendEvent(accepts, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(at), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(accepts, &drop);
    QTRY_COMPARE(page()->records(), QStringList{folder_.filePath("elsewhere/dropped/run.h5")});
  }

  void what_has_the_keyboard_is_seen_data() {
    QTest::addColumn<int>("look");
    QTest::newRow("light") << int(ColorScheme::light);
    QTest::newRow("dark") << int(ColorScheme::dark);
  }
  void what_has_the_keyboard_is_seen() {
    QFETCH(int, look);
    apply_color_scheme(ColorScheme(look));
    openAll();
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    QList<QWidget*> controls;
    for (auto* widget : window_->findChildren<QWidget*>()) {
      if (!widget->isVisible() || !widget->isEnabled() || !(widget->focusPolicy() & Qt::TabFocus)) continue;
      if (widget->focusProxy() || widget->width() < 8 || widget->visibleRegion().isEmpty()) continue;
      controls << widget;
    }
    QVERIFY(controls.size() > 10);
    for (QWidget* control : controls) {
      window_->setFocus();
      const QImage before = window_->grab().toImage();
      control->setFocus(Qt::TabFocusReason);
      QVERIFY2(control->hasFocus(), control->metaObject()->className());
      const QImage after = window_->grab().toImage();
      const QRect where =
          QRect(control->mapTo(window_.get(), QPoint()), control->size()).adjusted(-2, -2, 2, 2) & after.rect();
      int seen = 0;
      for (int y = where.top(); y <= where.bottom(); ++y) {
        for (int x = where.left(); x <= where.right(); ++x) {
          const QColor was = before.pixelColor(x, y), is = after.pixelColor(x, y);
          seen += was != is && viz::contrast(was, is) >= 3;
        }
      }
      // A line along two sides at least.
      QVERIFY2(
          seen >= std::min(control->width(), control->height()),
          qPrintable(QString("%1 %2: %3").arg(control->metaObject()->className(), control->objectName()).arg(seen)));
    }
  }

  // BANDSCOPE_PICTURES names a folder in which to look at the window.
  void looks_well() {
    const QString keep = qEnvironmentVariable("BANDSCOPE_PICTURES");
    if (keep.isEmpty()) return;  // nobody wants to look
    for (const auto& [name, look] : {std::pair{"light", ColorScheme::light}, {"dark", ColorScheme::dark}}) {
      apply_color_scheme(look);
      for (const QSize size : {QSize(1280, 800), QSize(1920, 1080), QSize(800, 600)}) {
        openAll(size);
        page()->setCursor(20);
        for (const RunPage::Tab tab : {RunPage::Dynamics, RunPage::Pathways, RunPage::Compare}) {
          page()->setTab(tab);
          QTest::qWait(600);
          window_->grab().save(
              QStringLiteral("%1/window-%2-%3-%4.png").arg(keep, name).arg(size.width()).arg(int(tab)));
        }
        if (size.width() == 1280) {
          Glossary glossary;
          glossary.show();
          glossary.grab().save(QStringLiteral("%1/glossary-%2.png").arg(keep, name));
          QVERIFY(window_->dock()->selectAll({records_[0], records_[1]}) == 2);
          QTRY_COMPARE(strip()->lineCount(), 2);
          page()->setTab(RunPage::Dynamics);
          page()->charts()->view()->setSmoothing({viz::Smoothing::Kind::window, 101});
          page()->setCursor(20);
          QTest::qWait(600);
          window_->grab().save(QStringLiteral("%1/window-%2-smooth.png").arg(keep, name));
        }
        window_.reset();
      }
    }
  }
};

QTEST_MAIN(TestReadOut)
#include "test_read_out.moc"
