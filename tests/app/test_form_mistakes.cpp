// SPDX-License-Identifier: GPL-3.0-or-later
// Mistakes in New experiment: all are told at once, each at its field, and what excludes another key takes its place.
#include <QPlainTextEdit>
#include <QPushButton>

#include "tests/app/form_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestFormMistakes : public QObject {
  Q_OBJECT
  FormBox box_;

 private Q_SLOTS:
  void initTestCase() { box_.settleIn(); }
  void init() { box_.clear(); }
  void cleanup() { box_.window.reset(); }

  void stepsTakeThePlaceOfEpochs() {
    QVERIFY(box_.open());
    auto* steps = box_.line("training.steps");
    steps->setFocus();
    QTest::keyClicks(steps, "400");
    box_.settle();
    QVERIFY2(box_.page()->text().contains("steps = 400") && !box_.page()->text().contains("epochs"),
             qPrintable(box_.page()->text()));
    auto* epochs = box_.line("training.epochs");
    epochs->setFocus();
    epochs->selectAll();
    QTest::keyClicks(epochs, "2");
    box_.settle();
    QVERIFY2(box_.page()->text().contains("epochs = 2") && !box_.page()->text().contains("steps ="),
             qPrintable(box_.page()->text()));
  }

  void allMistakesAreToldAtTheirFields() {
    QVERIFY(box_.open());
    box_.page()->setText(
        "[run]\nname = \"a/b\"\n[objective]\nname = \"simpo\"\nbeta = -1\n[optimizer]\nlearning_rate = -3\n"
        "[training]\nbatch_size = 0\nbach_size = 3\n");
    box_.settle();
    for (const auto& [key, words] :
         {std::pair("run.name", "folder name"), std::pair("objective.beta", "is -1"),
          std::pair("optimizer.learning_rate", "is -3"), std::pair("training.batch_size", "is 0")}) {
      QVERIFY2(box_.note(key).contains(words), qPrintable(box_.note(key)));
      QVERIFY2(!box_.note(key).contains("key \""), qPrintable(box_.note(key)));  // which key is plain
      QVERIFY(box_.form()->field(key)->isVisible());
    }
    // Four lines, the last of which counts the rest; in the text all are marked.
    QCOMPARE(box_.page()->problem().count('\n'), 3);
    QVERIFY2(box_.page()->problem().endsWith("and 2 more"), qPrintable(box_.page()->problem()));
    auto* text = box_.page()->findChild<QPlainTextEdit*>("spec-text");
    int marked = 0;
    for (const auto& selection : text->extraSelections()) marked += selection.cursor.blockNumber() > 0;
    QVERIFY(marked >= 5);
    QVERIFY(!box_.page()->startButton()->isEnabled());
    // One mended, the others stay.
    auto* rate = box_.line("optimizer.learning_rate");
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, "1e-6");
    QVERIFY(!box_.note("optimizer.learning_rate").contains("is "));
    QVERIFY(box_.note("training.batch_size").contains("is 0"));
    box_.window->setLanguage("zh_CN");
    box_.settle();
    QVERIFY2(box_.note("training.batch_size").contains(QStringLiteral("0")) &&
                 !box_.note("training.batch_size").contains("it takes"),
             qPrintable(box_.note("training.batch_size")));
  }

  void aNumberThatCannotBeIsRefusedAtItsField() {
    QVERIFY(box_.open());
    auto* rate = box_.line("optimizer.learning_rate");
    for (const char* number : {"5e-7120", "5e7120"}) {
      rate->setFocus();
      rate->selectAll();
      QTest::keyClicks(rate, number);
      QVERIFY2(box_.note("optimizer.learning_rate").contains(QLatin1String(number)) &&
                   box_.note("optimizer.learning_rate").contains("a number"),
               qPrintable(box_.note("optimizer.learning_rate")));
    }
    QVERIFY(!box_.page()->startButton()->isEnabled());
  }

  void whatIsWrongIsSaidInTheLanguageThatIsChosenLater() {
    QDir(box_.path("runs")).removeRecursively();
    QVERIFY(box_.open());
    box_.page()->setData(box_.data());
    box_.page()->setModel(box_.path("nowhere"));
    QTRY_VERIFY2(box_.page()->problem().contains("There is no folder"), qPrintable(box_.page()->problem()));
    const auto facts = [&] { return box_.page()->findChild<ElidedLine*>("model-facts")->whole(); };
    QVERIFY(facts().contains("There is no folder"));
    box_.window->setLanguage("zh_CN");
    box_.settle();
    for (const QString& said : {box_.page()->problem(), facts()}) {
      QVERIFY2(said.contains("nowhere") && !said.contains("There is"), qPrintable(said));
    }
    box_.window->setLanguage("en");
    box_.settle();
    box_.makeRun("dpo");
    box_.page()->checkNames();
    QVERIFY2(box_.page()->problem().contains("dpo-2 is free"), qPrintable(box_.page()->problem()));
    box_.window->setLanguage("zh_CN");
    box_.settle();
    for (const QString& said : {box_.page()->problem(), box_.note("run.name")}) {
      QVERIFY2(said.contains("dpo-2") && !said.contains("free"), qPrintable(said));
    }
    box_.window->setLanguage("en");
  }
};

QTEST_MAIN(TestFormMistakes)
#include "test_form_mistakes.moc"
