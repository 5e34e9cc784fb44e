// SPDX-License-Identifier: GPL-3.0-or-later
// What the window comes back as: the same splitters, columns, dock and size after any number of reopenings, whichever
// tabs were opened in between; on the screen, whichever screens there are.
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QPointer>
#include <QRandomGenerator>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <memory>

#include "app/base/on_screen.h"
#include "app/base/places.h"
#include "app/launch/launch_page.h"
#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/compare_tab.h"
#include "app/page/cursor_strip.h"
#include "app/page/pair_model.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/layouts.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestPlaces : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
  QRandomGenerator random_{20261127};

  QString record() const { return folder_.filePath("runs/dpo/run.h5"); }
  int up_to(int most) { return int(random_.bounded(most + 1)); }
  void openWindow() {
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }
  /// The record is on the page, with what is written above and below its tabs.
  void loaded() {
    QTRY_COMPARE(window_->page()->records().value(0), record());
    const auto runs = [&] { return window_->page()->loader()->runs(); };
    QTRY_VERIFY(!runs().empty() && runs().front() && runs().front()->last_step() == 20);
    QTRY_VERIFY(window_->page()->strip()->lineText(0).size() > 0 || window_->page()->strip()->lineText(1).size() > 0);
  }
  void closeWindow() {
    window_->close();
    window_.reset();
  }

  /// The places that the open page shows, by name.
  std::map<QString, QList<int>> seen() const {
    std::map<QString, QList<int>> places;
    for (auto* splitter : window_->findChildren<QSplitter*>()) {
      if (splitter->isVisible() && splitter->count() > 1 && splitter->widget(1)->isVisible())
        places[splitter->objectName()] = splitter->sizes();
    }
    for (auto* header : window_->findChildren<QHeaderView*>()) {
      const QString name = header->objectName();
      if (name.isEmpty() || name.startsWith("qt_") || !header->isVisible()) continue;
      QList<int> widths{header->sortIndicatorSection(), int(header->sortIndicatorOrder())};
      for (int column = 0; column < header->count(); ++column) widths << header->sectionSize(column);
      places[name] = widths;
    }
    places["dock"] = {window_->dock()->width()};
    places["window"] = {window_->width(), window_->height()};
    return places;
  }
  /// Page 0 is New experiment, the others are the tabs.
  void show(int page) {
    if (page == 0) {
      window_->newExperiment();
    } else {
      window_->stack()->setCurrentWidget(window_->page());
      window_->page()->tabs()->setCurrentIndex(page - 1);
    }
    // What is said above the table decides how much room is left below it.
    if (auto* pairs = window_->findChild<PairsTab*>(); pairs->isVisible()) QTRY_VERIFY(pairs->model()->rowCount() > 0);
    if (auto* compare = window_->findChild<CompareTab*>(); compare->isVisible())
      QTRY_VERIFY(compare->table()->rowCount() > 0);
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents();
  }
  /// As one does with the mouse.
  void drag(QSplitter* splitter) {
    auto* handle = splitter->handle(1);
    const QPoint from = handle->rect().center();
    const int by = up_to(160) - 80;
    const QPoint to = from + (splitter->orientation() == Qt::Horizontal ? QPoint(by, 0) : QPoint(0, by));
    QTest::mousePress(handle, Qt::LeftButton, {}, from);
    QTest::mouseMove(handle, to);
    QTest::mouseRelease(handle, Qt::LeftButton, {}, to);
  }
  void drag(QHeaderView* header) {
    const int column = up_to(header->count() - 2);
    header->resizeSection(column, 40 + up_to(120));
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", folder_.filePath("data").toUtf8());
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_run(std::filesystem::path(folder_.path().toStdString()) / "runs", {.name = "dpo", .steps = 20});
  }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void everythingStandsWhereItWasLeftAfterFiftyReopenings() {
    openWindow();
    window_->open({record()});
    loaded();
    window_->resize(790, 700);
    closeWindow();
    std::map<QString, QList<int>> left;
    int moved = 0, compared = 0;
    for (int time = 0; time < 50; ++time) {
      openWindow();
      loaded();
      const int tabs = window_->page()->tabs()->count();
      const int visits = up_to(5);
      for (int visit = 0; visit < visits; ++visit) {
        show(up_to(tabs));
        const auto now = seen();
        for (const auto& [name, sizes] : now) {
          const auto before = left.find(name);
          if (before == left.end()) continue;
          ++compared;
          QVERIFY2(before->second == sizes,
                   qPrintable(QStringLiteral("reopening %1, %2: %3 was %4")
                                  .arg(time)
                                  .arg(name, QDebug::toString(sizes), QDebug::toString(before->second))));
        }
        if (up_to(2) == 0 && window_->stack()->currentWidget() == window_->page()) {
          if (auto* pairs = window_->findChild<PairsTab*>(); pairs->isVisible())
            pairs->setTokensShown(!pairs->tokensShown());
        }
        for (auto* splitter : window_->findChildren<QSplitter*>()) {
          if (!splitter->isVisible() || splitter->count() < 2 || !splitter->handle(1)->isVisible() || up_to(1))
            continue;
          drag(splitter);
          ++moved;
        }
        for (auto* header : window_->findChildren<QHeaderView*>()) {
          if (!header->isVisible() || !header->objectName().endsWith("-columns") || up_to(2)) continue;
          drag(header);
          ++moved;
        }
        if (up_to(5) == 0) window_->resizeDocks({window_->dock()}, {240 + up_to(60)}, Qt::Horizontal);
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
        for (const auto& [name, sizes] : seen()) left[name] = sizes;
        // Another room is another division of it, by the same rule: what is not in sight is looked at when it is next.
        if (const auto now_dock = window_->dock()->width(); now_dock != now.at("dock").front()) {
          std::erase_if(left, [](const auto& one) { return one.first != "dock" && one.first != "window"; });
        }
      }
      closeWindow();
    }
    QVERIFY2(moved > 30 && compared > 200, qPrintable(QStringLiteral("%1 %2").arg(moved).arg(compared)));
  }

  void everySplitterAndEveryColumnIsNamedOnce() {
    openWindow();
    QStringList names;
    for (auto* splitter : window_->findChildren<QSplitter*>()) {
      QVERIFY2(!splitter->objectName().isEmpty(), splitter->parent()->metaObject()->className());
      names << splitter->objectName();
    }
    QVERIFY(names.size() >= 6);
    for (auto* header : window_->findChildren<QHeaderView*>()) {
      if (header->objectName().endsWith("-columns")) names << header->objectName();
    }
    for (auto* dock : window_->findChildren<QDockWidget*>()) names << dock->objectName();
    QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
    QVERIFY(!names.contains(QString()));
  }

  void aTabThatWasNeverOpenedKeepsItsUsualShares() {
    openWindow();
    window_->open({record()});
    loaded();
    show(RunPage::Compare + 1);
    const auto first = seen().at("charts-and-comparison");
    show(RunPage::Dynamics + 1);
    closeWindow();
    QSettings().remove("page/layout");
    for (int time = 0; time < 3; ++time) {  // opened, not looked at, closed
      openWindow();
      closeWindow();
    }
    openWindow();
    loaded();
    show(RunPage::Compare + 1);
    QCOMPARE(seen().at("charts-and-comparison"), first);
  }

  void aSessionOfPlacesInTheirOrderIsHarmless() {
    openWindow();
    window_->open({record()});
    loaded();
    show(RunPage::Pairs + 1);
    const auto first = seen();
    show(RunPage::Log + 1);
    const auto log = seen();
    closeWindow();
    auto layout = QJsonDocument::fromJson(QSettings().value("page/layout").toString().toUtf8()).object();
    layout.remove("places");
    QSplitter wrong(Qt::Vertical);
    wrong.setHandleWidth(77);
    const QString blob = QString::fromLatin1(wrong.saveState().toBase64());
    layout.insert("splitters", QJsonArray{blob, blob, "AAAA", 7});
    QSettings().setValue("page/layout", QString::fromUtf8(QJsonDocument(layout).toJson(QJsonDocument::Compact)));
    openWindow();
    loaded();
    QCOMPARE(window_->page()->tab(), RunPage::Log);  // the rest is taken up
    QTRY_COMPARE(seen(), log);
    show(RunPage::Pairs + 1);
    QTRY_COMPARE(seen(), first);
  }

  void placesThatMakeNoSenseArePassedOver() {
    openWindow();
    window_->open({record()});
    loaded();
    show(RunPage::Pairs + 1);
    const auto before = seen();
    for (const char* text :
         {R"({"pairs-and-scatter": [1]})", R"({"pairs-and-scatter": [0, 0]})", R"({"pairs-and-scatter": [-5, 20]})",
          R"({"pairs-and-scatter": [1e12, 1]})", R"({"pairs-and-scatter": "x", "pair-columns": [3]})",
          R"({"pair-columns": {"widths": [1, 2], "sorted": 99}})", R"({"": [1, 2], "no-such": [3, 4]})"}) {
      restore_places(window_.get(), QJsonDocument::fromJson(text).object());
      QCoreApplication::processEvents();
      QCOMPARE(seen(), before);
    }
  }

  void theUsualLayoutComesBackAsAWhole() {
    openWindow();
    window_->open({record()});
    loaded();
    show(RunPage::Log + 1);
    const auto usual = seen().at("events-and-log");
    drag(window_->findChild<QSplitter*>("events-and-log"));
    QVERIFY(seen().at("events-and-log") != usual);
    window_->layouts()->reset();
    show(RunPage::Log + 1);
    QCOMPARE(seen().at("events-and-log"), usual);
  }

  void aFrameIsMovedAndShrunkIntoTheNearestRoom() {
    const QRect left(0, 0, 1920, 1040), right(1920, 0, 1280, 984);
    QCOMPARE(on_screen({100, 100, 800, 600}, {left, right}), QRect(100, 100, 800, 600));
    QCOMPARE(on_screen({100, 100, 2000, 1200}, {left}), QRect(0, 0, 1920, 1040));
    QCOMPARE(on_screen({1500, 900, 800, 600}, {left}), QRect(1120, 440, 800, 600));
    QCOMPARE(on_screen({1800, 100, 800, 600}, {left, right}), QRect(1920, 100, 800, 600));  // more of it is there
    QCOMPARE(on_screen({4000, 3000, 800, 600}, {left, right}), QRect(2400, 384, 800, 600));
    QCOMPARE(on_screen({-3000, -50, 800, 600}, {left, right}), QRect(0, 0, 800, 600));
  }

  /// The screen of this test is smaller than the first size would like.
  void theFirstWindowLiesOnTheScreen() {
    const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
    QVERIFY(room.width() < 1280);
    openWindow();
    QVERIFY2(room.contains(window_->frameGeometry()), qPrintable(QDebug::toString(window_->frameGeometry())));
    QVERIFY(window_->width() > room.width() - 20);  // no smaller than it must be
  }

  void aWindowOfAScreenThatIsGoneComesBackOnOneThatIsThere() {
    openWindow();
    window_->resize(740, 560);
    window_->move(6000, 4000);
    closeWindow();
    openWindow();
    const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
    QVERIFY2(room.contains(window_->frameGeometry()), qPrintable(QDebug::toString(window_->frameGeometry())));
    QCOMPARE(window_->size(), QSize(740, 560));
  }

  void everyDialogOfTheMenusFitsASmallScreen() {
    openWindow();
    window_->open({record()});
    loaded();
    int dialogs = 0;
    QList<QPointer<QAction>> actions;  // a menu may be filled anew meanwhile
    for (auto* action : window_->findChildren<QAction*>()) actions << action;
    for (const auto& action : actions) {
      if (!action) continue;
      const bool help = action->text().contains("Keyboard") || action->text().contains("About");
      if (!action->isEnabled() || !(help || action->text().contains(QStringLiteral("…")))) continue;
      action->trigger();
      QCoreApplication::processEvents();
      for (auto* widget : QApplication::topLevelWidgets()) {
        auto* dialog = qobject_cast<QDialog*>(widget);
        if (!dialog || !dialog->isVisible()) continue;
        ++dialogs;
        const QSize least = dialog->minimumSizeHint().expandedTo(dialog->minimumSize());
        QVERIFY2(least.width() <= 792 && least.height() <= 560,
                 qPrintable(dialog->windowTitle() + QDebug::toString(least)));
        dialog->reject();
      }
      QCoreApplication::processEvents();
    }
    QVERIFY2(dialogs >= 6, qPrintable(QString::number(dialogs)));
  }

  void aDialogIsNoLargerThanTheScreen() {
    openWindow();
    const QRect room = QGuiApplication::primaryScreen()->availableGeometry();
    QDialog large(window_.get()), lost(window_.get());
    large.resize(3000, 3000);
    lost.resize(300, 200);
    lost.move(-4000, 9000);
    for (auto* dialog : {&large, &lost}) {
      dialog->open();
      QVERIFY2(room.contains(dialog->frameGeometry()), qPrintable(QDebug::toString(dialog->frameGeometry())));
      dialog->close();
    }
    QCOMPARE(lost.size(), QSize(300, 200));
  }
};

QTEST_MAIN(TestPlaces)
#include "test_places.moc"
