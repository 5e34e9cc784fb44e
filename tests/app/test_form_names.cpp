// SPDX-License-Identifier: GPL-3.0-or-later
// The name of a new experiment: one that is taken is told while it is typed, and a free one is proposed.
#include <QPushButton>
#include <QScrollBar>

#include "app/queue/run_queue.h"
#include "app/spec/spec_text.h"
#include "tests/app/form_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestFormNames : public QObject {
  Q_OBJECT
  FormBox box_;

 private Q_SLOTS:
  void initTestCase() { box_.settleIn(); }
  void init() { box_.clear(); }
  void cleanup() { box_.window.reset(); }

  void aNameIsLookedAtWhileItIsTyped() {
    for (const char* run : {"dpo-rc", "base", "base-2-rc"}) box_.makeRun(run);
    QVERIFY(box_.open());
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    // w/o and w/ RC: dpo is free, dpo-rc is not, and a name that is free is proposed.
    auto* name = box_.line("run.name");
    QCOMPARE(name->text(), QStringLiteral("dpo-2"));
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, "dpo");
    QTRY_COMPARE(box_.note("run.name"), QStringLiteral("dpo-rc is taken; dpo-2 is free"));
    QVERIFY(!box_.page()->startButton()->isEnabled());
    name->selectAll();
    QTest::keyClicks(name, "base");
    QVERIFY2(box_.note("run.name").contains("base-3 "), qPrintable(box_.note("run.name")));
    QVERIFY(box_.page()->problem().contains("base"));
    QTest::keyClicks(name, "-3");
    QVERIFY2(box_.note("run.name").startsWith("Folder"), qPrintable(box_.note("run.name")));
    QTRY_VERIFY2(box_.page()->startButton()->isEnabled(), qPrintable(box_.page()->problem()));
    // A run is not made around others.
    box_.makeRun("study/inner");
    name->selectAll();
    QTest::keyClicks(name, "study");
    QCOMPARE(box_.note("run.name"), QStringLiteral("study is taken; study-2 is free"));
    // Another folder, another answer.
    name->selectAll();
    QTest::keyClicks(name, "base");
    QVERIFY(!box_.page()->startButton()->isEnabled());
    box_.page()->setRunsFolder(box_.path("elsewhere"));
    QTRY_VERIFY2(box_.page()->startButton()->isEnabled(), qPrintable(box_.page()->problem()));
    box_.page()->setRunsFolder(box_.path("runs"));
    QVERIFY(!box_.page()->startButton()->isEnabled());
    // What goes on with a run may have its name.
    SpecText spec(box_.page()->text());
    spec.set("run.resume", "true");
    box_.page()->setText(spec.text());
    QTRY_VERIFY2(box_.page()->startButton()->isEnabled(), qPrintable(box_.page()->problem()));
  }

  void aDraftGoesOnUnderTheNextFreeNameAndCanBePutAway() {
    QVERIFY(box_.open(QSize(1280, 600)));
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    const QString draft = box_.page()->text();
    box_.form()->verticalScrollBar()->setValue(box_.form()->verticalScrollBar()->maximum());
    // Its runs were trained since.
    for (const char* run : {"dpo", "dpo-rc"}) box_.makeRun(run);
    box_.window->newExperiment();
    box_.settle();
    QCOMPARE(box_.line("run.name")->text(), QStringLiteral("dpo-2"));
    QCOMPARE(box_.page()->text().length(), draft.length() + 2);  // all else is as it was left
    QCOMPARE(box_.form()->verticalScrollBar()->value(), 0);
    auto* afresh = box_.page()->findChild<QPushButton*>("start-afresh");
    QVERIFY(afresh->isVisible());
    const QString before = box_.page()->text();
    afresh->click();
    box_.settle();
    QVERIFY(!box_.page()->text().contains("pairs.jsonl"));
    QCOMPARE(box_.line("run.name")->text(), QStringLiteral("dpo-2"));
    box_.page()->undo();
    QCOMPARE(box_.page()->text(), before);
    // A clone says whose it is for as long as it is one.
    const auto title = [&] {
      QStringList all;
      for (const auto* label : box_.page()->findChildren<ElidedLine*>(QString(), Qt::FindDirectChildrenOnly))
        all << label->whole();
      return all.join(' ');
    };
    QVERIFY(!title().contains("cloned"));
    box_.page()->openClone(before, QStringLiteral("dpo-rc"));
    QVERIFY2(title().contains("cloned from dpo-rc"), qPrintable(title()));
    afresh->click();
    QVERIFY(!title().contains("cloned"));
    box_.page()->undo();
    QVERIFY2(title().contains("cloned from dpo-rc"), qPrintable(title()));
    box_.page()->redo();
    QVERIFY(!title().contains("cloned"));
    // Nor is what a recipe makes the run's that the page began with, and its name is free.
    box_.page()->openClone(before, QStringLiteral("dpo-rc"));
    box_.page()->useRecipe(0);
    QVERIFY2(!title().contains("cloned"), qPrintable(title()));
    const QString made = box_.page()->text();
    // What was there is an Undo away.
    const QString another = before + QStringLiteral("\n# of another run\n");
    box_.page()->openClone(another, QStringLiteral("dpo"));
    QCOMPARE(box_.page()->text(), another);
    QVERIFY2(title().contains("cloned from dpo"), qPrintable(title()));
    box_.page()->undo();
    QCOMPARE(box_.page()->text(), made);
    QVERIFY2(!title().contains("cloned"), qPrintable(title()));
    QVERIFY2(!QDir(box_.path("runs")).exists(box_.line("run.name")->text()), qPrintable(box_.line("run.name")->text()));
    box_.page()->undo();
    QVERIFY(title().contains("cloned from dpo-rc"));
    box_.page()->redo();
    QCOMPARE(box_.page()->text(), made);
    QVERIFY(!title().contains("cloned"));
  }

  void aNameThatWaitsInTheQueueIsTaken() {
    QVERIFY(box_.open());
    const QString spec = box_.path("waits.toml");
    write_file(spec, QStringLiteral("[run]\nname = \"dpo-rc\"\n[model]\npath = \"%1\"\n[data]\ntrain = \"%2\"\n")
                         .arg(box_.model(), box_.data())
                         .toUtf8());
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    QTRY_VERIFY2(box_.page()->startButton()->isEnabled(), qPrintable(box_.page()->problem()));
    box_.window->queue()->add(spec, box_.path("runs"), RunQueue::Placing::wait);
    QCOMPARE(box_.note("run.name"), QStringLiteral("dpo-rc is taken; dpo-2 is free"));
    QVERIFY(!box_.page()->startButton()->isEnabled());
    box_.window->queue()->take(box_.window->queue()->order());
    QVERIFY(box_.page()->startButton()->isEnabled());
  }

  void theObjectivesOfASweepHaveTheNextFreeNameTogether() {
    box_.makeRun("simpo-rc");
    QVERIFY(box_.open());
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    SpecText spec(box_.page()->text());
    spec.remove("objective.name");
    spec.set("sweep.objective.name", "[\"dpo\", \"simpo\"]");
    box_.page()->setText(spec.text());
    QTRY_COMPARE(box_.note("run.name"), QStringLiteral("simpo-rc is taken; dpo-2 is free"));
  }

  void anObjectiveWhoseNameBeginsWithAnothersHasItsOwnPlaceInTheNames() {
    QDir(box_.path("runs")).removeRecursively();
    for (const char* run : {"dpo", "dpop-2"}) box_.makeRun(run);
    QVERIFY(box_.open());
    SpecText spec(box_.page()->text());
    spec.remove("objective.name");
    spec.remove("sweep.calibration.enabled");
    spec.set("run.name", "\"dpo\"");
    spec.set("sweep.objective.name", "[\"dpo\", \"dpop\"]");
    box_.page()->setModel(box_.model());
    box_.page()->setData(box_.data());
    for (const auto* path : {"model.path", "data.train"}) spec.set(path, *SpecText(box_.page()->text()).value(path));
    box_.page()->setText(spec.text());
    QTRY_COMPARE(box_.note("run.name"), QStringLiteral("dpo is taken; dpo-3 is free"));
    // Nor is a name that begins with the objective's read as made of it.
    QDir(box_.path("runs")).removeRecursively();
    box_.makeRun("dpop-rc");
    spec.remove("sweep.objective.name");
    spec.set("objective.name", "\"dpo\"");
    spec.set("run.name", "\"dpop\"");
    spec.set("sweep.calibration.enabled", "[false, true]");
    box_.page()->setText(spec.text());
    QTRY_COMPARE(box_.note("run.name"), QStringLiteral("dpop-rc is taken; dpop-2 is free"));
  }
};

QTEST_MAIN(TestFormNames)
#include "test_form_names.moc"
