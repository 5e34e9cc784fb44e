// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment in the real window, by mouse and keyboard: nothing moves when the focus goes on, help and errors have
// their line, and everything can be reached however little room there is.
#include <QApplication>
#include <QCheckBox>
#include <QDebug>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>
#include <QWindow>
#include <algorithm>

#include "app/launch/spec_field.h"
#include "app/library/runs_dock.h"
#include "app/spec/spec_text.h"
#include "core/objective/formula_examples.h"
#include "tests/app/form_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestFormWindow : public QObject {
  Q_OBJECT
  FormBox box_;

 private Q_SLOTS:
  void initTestCase() { box_.settleIn(); }
  void init() { box_.clear(); }
  void cleanup() { box_.window.reset(); }

  void aClickBelowAFieldThatLosesTheFocusIsNotLost_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("note");
    QTest::newRow("with help") << QByteArray("optimizer.learning_rate") << "Learning rate";
    QTest::newRow("with an error") << QByteArray("training.batch_size") << "is 0";
  }
  void aClickBelowAFieldThatLosesTheFocusIsNotLost() {
    QFETCH(const QByteArray, key);
    QFETCH(const QString, note);
    QVERIFY(box_.open());
    box_.page()->setText("[run]\nname = \"dpo\"\n[training]\nbatch_size = 0\n");
    box_.settle();
    auto* above = box_.line(key.constData());
    auto* below = box_.form()->field("training.micro_batch")->sweepButton();
    box_.form()->ensureWidgetVisible(below);
    box_.form()->ensureWidgetVisible(above);
    above->setFocus();
    box_.settle();
    QVERIFY2(box_.note(key.constData()).contains(note), qPrintable(box_.note(key.constData())));
    QVERIFY(above->mapTo(box_.window.get(), QPoint()).y() < below->mapTo(box_.window.get(), QPoint()).y());
    // Pressed and let go at the same place of the screen, as a hand does.
    auto* screen = box_.window->windowHandle();
    const QPoint place = below->mapTo(box_.window.get(), below->rect().center());
    QVERIFY(!below->isChecked());
    QTest::mousePress(screen, Qt::LeftButton, {}, place);
    below->setFocus(Qt::MouseFocusReason);  // as some desktops do with a button that is pressed
    box_.settle();
    QTest::mouseRelease(screen, Qt::LeftButton, {}, place);
    box_.settle();
    QVERIFY(below->isChecked());
  }

  void theFormStandsStillWhereverTheFocusGoes() {
    QVERIFY(box_.open());
    box_.form()->setAdvanced(true);
    box_.page()->setText("[run]\nname = \"a/b\"\n[training]\nbatch_size = 0\n[model]\ntuning = \"lora\"\n");
    box_.settle();
    QVERIFY(box_.fields().size() > 40);
    const auto before = box_.places();
    for (auto* field : box_.fields()) {
      field->setFocus();
      box_.settle();
      QVERIFY2(box_.places() == before, field->key().key.c_str());
    }
  }

  void helpAndErrorsComeAndGoOnALineThatIsThere() {
    QVERIFY(box_.open());
    auto* batch = box_.line("training.batch_size");
    box_.form()->ensureWidgetVisible(batch);
    batch->setFocus();
    box_.settle();
    const auto before = box_.places();
    QVERIFY(box_.note("training.batch_size").startsWith("Pairs per optimizer step"));
    batch->selectAll();
    QTest::keyClicks(batch, "0");
    box_.settle();
    QVERIFY(box_.note("training.batch_size").contains("is 0"));
    QCOMPARE(box_.places(), before);
    QTest::keyClick(batch, Qt::Key_Backspace);
    QTest::keyClicks(batch, "4");
    box_.settle();
    QVERIFY(!box_.note("training.batch_size").contains("is "));
    QCOMPARE(box_.places(), before);
  }

  void theFieldThatTabGoesToIsSeenWithItsHelp() {
    QVERIFY(box_.open(QSize(790, 480)));
    auto* last = box_.form()->field("training.steps");
    box_.form()->verticalScrollBar()->setValue(0);
    box_.line("data.probe")->setFocus();
    for (int keys = 0; keys < 60 && !last->isAncestorOf(QApplication::focusWidget()); ++keys) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
      for (auto* field : box_.fields()) {
        if (!field->isAncestorOf(QApplication::focusWidget())) continue;
        const QRect seen(field->mapTo(box_.form()->viewport(), QPoint()), field->size());
        QVERIFY2(box_.form()->viewport()->rect().contains(QRect(1, seen.top(), 1, seen.height())),
                 field->key().key.c_str());
      }
    }
    QVERIFY(last->isAncestorOf(QApplication::focusWidget()));
  }

  void nothingIsCutOffHoweverWideTheDockIs_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<QSize>("size");
    QTest::newRow("english") << "en" << QSize(790, 560);
    QTest::newRow("chinese") << "zh_CN" << QSize(790, 560);
    QTest::newRow("smallest") << "en" << QSize(720, 480);
  }
  void nothingIsCutOffHoweverWideTheDockIs() {
    QFETCH(const QString, language);
    QFETCH(const QSize, size);
    QVERIFY(box_.open(size));
    box_.window->setLanguage(language);
    box_.form()->setAdvanced(true);
    box_.page()->setText("[model]\ntuning = \"lora\"\n[objective]\nname = \"formula\"\nloss = \"zw - zl\"\n");
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    box_.window->resizeDocks({box_.window->dock()}, {2000}, Qt::Horizontal);
    box_.settle();
    QTRY_VERIFY(box_.page()->startButton()->isEnabled() || !box_.page()->problem().isEmpty());
    box_.settle();
    QCOMPARE(box_.window->size(), size);
    auto* splitter = box_.page()->findChild<QSplitter*>("form-and-spec");
    for (const auto& shares : {QList<int>{1, 1}, QList<int>{0, 1}, QList<int>{1, 0}}) {
      splitter->setSizes({shares[0] * 1000, shares[1] * 1000});
      box_.settle();
      const int right = box_.form()->viewport()->width();
      for (const auto* widget : box_.body()->findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        // What a scroll area holds can be scrolled in it.
        bool scrolled = false;
        for (auto* over = widget->parentWidget(); over != box_.body(); over = over->parentWidget())
          scrolled |= over->inherits("QAbstractScrollArea");
        const int end = widget->mapTo(box_.body(), QPoint(widget->width(), 0)).x();
        QVERIFY2(scrolled || end <= right, qPrintable(QStringLiteral("%1 %2 ends at %3 of %4")
                                                          .arg(widget->metaObject()->className(), widget->objectName())
                                                          .arg(end)
                                                          .arg(right)));
      }
    }
    for (const auto* widget : box_.page()->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
      if (!widget->isVisible()) continue;
      QVERIFY2(box_.page()->rect().contains(widget->geometry()) &&
                   box_.window->rect().contains(QRect(widget->mapTo(box_.window.get(), QPoint()), widget->size())),
               qPrintable(QString(widget->metaObject()->className()) + widget->objectName() +
                          QDebug::toString(widget->geometry())));
      if (const auto* button = qobject_cast<const QPushButton*>(widget))
        QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
    }
  }

  /// An example brings its parameters with it, and takes those of the formula before out.
  void formulasBeginFromExamples() {
    QVERIFY(box_.open());
    box_.page()->setText("[objective]\nname = \"formula\"\nloss = \"q*(zw - zl)\"\nq = 2.0\nbeta = 0.3\n");
    box_.settle();
    const auto fields = box_.fields();
    const auto at = std::find_if(fields.begin(), fields.end(),
                                 [](const SpecField* field) { return field->key().key == "objective.loss"; });
    QVERIFY(at != fields.end() && (*at)->isVisible());
    auto* button = (*at)->findChild<QToolButton*>("pick");
    QVERIFY(button && button->menu() && button->accessibleName().contains("Loss formula"));
    Q_EMIT button->menu()->aboutToShow();
    const auto actions = button->menu()->actions();
    QCOMPARE(std::size_t(actions.size()), formula_examples().size());
    for (auto* action : actions)
      if (action->text() == QStringLiteral("SimPO")) action->trigger();
    box_.settle();
    const SpecText text(box_.page()->text());
    QCOMPARE(text.value("objective.loss"), QStringLiteral("\"softplus(gamma - beta*(zw_mean - zl_mean))\""));
    QCOMPARE(text.value("objective.gamma"), QStringLiteral("1"));
    QCOMPARE(text.value("objective.beta"), QStringLiteral("0.3"));  // what was said stays
    QVERIFY(!text.value("objective.q"));
  }

  void aBoxSaysItsKeyAsOtherFieldsDo() {
    QVERIFY(box_.open());
    box_.form()->setAdvanced(true);
    box_.settle();
    auto* box = box_.form()->findChild<QCheckBox*>("training.precompute_reference");
    QVERIFY(box);
    box->resize(box->width() / 2, box->height());
    QVERIFY2(box->toolTip().startsWith("training.precompute_reference\n"), qPrintable(box->toolTip()));
  }
};

QTEST_MAIN(TestFormWindow)
#include "test_form_window.moc"
