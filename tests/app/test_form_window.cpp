// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment in the real window, by mouse and keyboard: nothing moves when the focus goes on, all mistakes are
// told at once, names while they are typed, and everything can be reached however little room there is.
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWindow>
#include <algorithm>
#include <memory>

#include "app/base/elided_line.h"
#include "app/launch/launch_page.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/library/runs_dock.h"
#include "app/queue/run_queue.h"
#include "app/shell/main_window.h"
#include "app/spec/spec_text.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestFormWindow : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;

  LaunchPage* page() const { return window_->launch(); }
  SpecForm* form() const { return page()->form(); }
  QWidget* body() const { return form()->widget(); }
  QLineEdit* line(const char* key) const { return page()->findChild<QLineEdit*>(key); }
  QString note(const char* key) const { return form()->field(key)->findChild<ElidedLine*>()->whole(); }
  void settle() {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents();
  }
  void openWindow(QSize size = QSize(790, 700)) {
    window_ = std::make_unique<MainWindow>();
    window_->restoreSession();
    window_->resize(size);
    window_->show();
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    page()->setRunsFolder(folder_.filePath("runs"));
    window_->newExperiment();
    settle();
  }
  /// Where everything in the form stands.
  QList<QRect> places() const {
    QList<QRect> all;
    for (const auto* widget : body()->findChildren<QWidget*>()) {
      // A field shows and hides a button in itself.
      if (widget->isVisible() && !qobject_cast<QLineEdit*>(widget->parentWidget()))
        all << QRect(widget->mapTo(window_.get(), QPoint()), widget->size());
    }
    return all;
  }
  QList<SpecField*> fields() const {
    QList<SpecField*> all;
    for (const auto& key : spec_keys()) {
      auto* field = form()->field(QString::fromStdString(key.key));
      if (field && field->isVisible()) all << field;
    }
    return all;
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", folder_.filePath("data").toUtf8());
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-form");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    make_model(folder_.filePath("model"));
    write_file(folder_.filePath("pairs.jsonl"), hh_rows(64));
  }
  void init() { QSettings().clear(); }
  void cleanup() { window_.reset(); }

  void aClickBelowAFieldThatLosesTheFocusIsNotLost_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("note");
    QTest::newRow("with help") << QByteArray("optimizer.learning_rate") << "Learning rate";
    QTest::newRow("with an error") << QByteArray("training.batch_size") << "is 0";
  }
  void aClickBelowAFieldThatLosesTheFocusIsNotLost() {
    QFETCH(const QByteArray, key);
    QFETCH(const QString, note);
    openWindow();
    page()->setText("[run]\nname = \"dpo\"\n[training]\nbatch_size = 0\n");
    settle();
    auto* above = line(key.constData());
    auto* below = form()->field("training.micro_batch")->sweepButton();
    form()->ensureWidgetVisible(below);
    form()->ensureWidgetVisible(above);
    above->setFocus();
    settle();
    QVERIFY2(this->note(key.constData()).contains(note), qPrintable(this->note(key.constData())));
    QVERIFY(above->mapTo(window_.get(), QPoint()).y() < below->mapTo(window_.get(), QPoint()).y());
    // Pressed and let go at the same place of the screen, as a hand does.
    auto* screen = window_->windowHandle();
    const QPoint place = below->mapTo(window_.get(), below->rect().center());
    QVERIFY(!below->isChecked());
    QTest::mousePress(screen, Qt::LeftButton, {}, place);
    below->setFocus(Qt::MouseFocusReason);  // as some desktops do with a button that is pressed
    settle();
    QTest::mouseRelease(screen, Qt::LeftButton, {}, place);
    settle();
    QVERIFY(below->isChecked());
  }

  void theFormStandsStillWhereverTheFocusGoes() {
    openWindow();
    form()->setAdvanced(true);
    page()->setText("[run]\nname = \"a/b\"\n[training]\nbatch_size = 0\n[model]\ntuning = \"lora\"\n");
    settle();
    QVERIFY(fields().size() > 40);
    const auto before = places();
    for (auto* field : fields()) {
      field->setFocus();
      settle();
      QVERIFY2(places() == before, field->key().key.c_str());
    }
  }

  void helpAndErrorsComeAndGoOnALineThatIsThere() {
    openWindow();
    auto* batch = line("training.batch_size");
    form()->ensureWidgetVisible(batch);
    batch->setFocus();
    settle();
    const auto before = places();
    QVERIFY(note("training.batch_size").startsWith("Pairs per optimizer step"));
    batch->selectAll();
    QTest::keyClicks(batch, "0");
    settle();
    QVERIFY(note("training.batch_size").contains("is 0"));
    QCOMPARE(places(), before);
    QTest::keyClick(batch, Qt::Key_Backspace);
    QTest::keyClicks(batch, "4");
    settle();
    QVERIFY(!note("training.batch_size").contains("is "));
    QCOMPARE(places(), before);
  }

  void theFieldThatTabGoesToIsSeenWithItsHelp() {
    openWindow(QSize(790, 480));
    auto* last = form()->field("training.steps");
    form()->verticalScrollBar()->setValue(0);
    line("data.probe")->setFocus();
    for (int keys = 0; keys < 60 && !last->isAncestorOf(QApplication::focusWidget()); ++keys) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
      for (auto* field : fields()) {
        if (!field->isAncestorOf(QApplication::focusWidget())) continue;
        const QRect seen(field->mapTo(form()->viewport(), QPoint()), field->size());
        QVERIFY2(form()->viewport()->rect().contains(QRect(1, seen.top(), 1, seen.height())), field->key().key.c_str());
      }
    }
    QVERIFY(last->isAncestorOf(QApplication::focusWidget()));
  }

  void stepsTakeThePlaceOfEpochs() {
    openWindow();
    auto* steps = line("training.steps");
    steps->setFocus();
    QTest::keyClicks(steps, "400");
    settle();
    QVERIFY2(page()->text().contains("steps = 400") && !page()->text().contains("epochs"), qPrintable(page()->text()));
    auto* epochs = line("training.epochs");
    epochs->setFocus();
    epochs->selectAll();
    QTest::keyClicks(epochs, "2");
    settle();
    QVERIFY2(page()->text().contains("epochs = 2") && !page()->text().contains("steps ="), qPrintable(page()->text()));
  }

  void allMistakesAreToldAtTheirFields() {
    openWindow();
    page()->setText(
        "[run]\nname = \"a/b\"\n[objective]\nname = \"simpo\"\nbeta = -1\n[optimizer]\nlearning_rate = -3\n"
        "[training]\nbatch_size = 0\nbach_size = 3\n");
    settle();
    for (const auto& [key, words] :
         {std::pair("run.name", "folder name"), std::pair("objective.beta", "is -1"),
          std::pair("optimizer.learning_rate", "is -3"), std::pair("training.batch_size", "is 0")}) {
      QVERIFY2(note(key).contains(words), qPrintable(note(key)));
      QVERIFY2(!note(key).contains("key \""), qPrintable(note(key)));  // which key is plain
      QVERIFY(form()->field(key)->isVisible());
    }
    // Four lines, the last of which counts the rest; in the text all are marked.
    QCOMPARE(page()->problem().count('\n'), 3);
    QVERIFY2(page()->problem().endsWith("and 2 more"), qPrintable(page()->problem()));
    auto* text = page()->findChild<QPlainTextEdit*>("spec-text");
    int marked = 0;
    for (const auto& selection : text->extraSelections()) marked += selection.cursor.blockNumber() > 0;
    QVERIFY(marked >= 5);
    QVERIFY(!page()->startButton()->isEnabled());
    // One mended, the others stay.
    auto* rate = line("optimizer.learning_rate");
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, "1e-6");
    QVERIFY(!note("optimizer.learning_rate").contains("is "));
    QVERIFY(note("training.batch_size").contains("is 0"));
    window_->setLanguage("zh_CN");
    settle();
    QVERIFY2(
        note("training.batch_size").contains(QStringLiteral("0")) && !note("training.batch_size").contains("it takes"),
        qPrintable(note("training.batch_size")));
  }

  void aNameIsLookedAtWhileItIsTyped() {
    QDir(folder_.filePath("runs")).removeRecursively();
    for (const char* run : {"dpo-rc", "base", "base-2-rc"}) {
      QDir().mkpath(folder_.filePath(QStringLiteral("runs/") + run));
      write_file(folder_.filePath(QStringLiteral("runs/%1/run.h5").arg(run)), "x");
    }
    openWindow();
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    // w/o and w/ RC: dpo is free, dpo-rc is not, and a name that is free is proposed.
    auto* name = line("run.name");
    QCOMPARE(name->text(), QStringLiteral("dpo-2"));
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, "dpo");
    QTRY_COMPARE(note("run.name"), QStringLiteral("dpo-rc is taken; dpo-2 is free"));
    QVERIFY(!page()->startButton()->isEnabled());
    name->selectAll();
    QTest::keyClicks(name, "base");
    QVERIFY2(note("run.name").contains("base-3 "), qPrintable(note("run.name")));
    QVERIFY(page()->problem().contains("base"));
    QTest::keyClicks(name, "-3");
    QVERIFY2(note("run.name").startsWith("Folder"), qPrintable(note("run.name")));
    QTRY_VERIFY2(page()->startButton()->isEnabled(), qPrintable(page()->problem()));
    // A run is not made around others.
    QDir().mkpath(folder_.filePath("runs/study/inner"));
    write_file(folder_.filePath("runs/study/inner/run.h5"), "x");
    name->selectAll();
    QTest::keyClicks(name, "study");
    QCOMPARE(note("run.name"), QStringLiteral("study is taken; study-2 is free"));
    // Another folder, another answer.
    name->selectAll();
    QTest::keyClicks(name, "base");
    QVERIFY(!page()->startButton()->isEnabled());
    page()->setRunsFolder(folder_.filePath("elsewhere"));
    QTRY_VERIFY2(page()->startButton()->isEnabled(), qPrintable(page()->problem()));
    page()->setRunsFolder(folder_.filePath("runs"));
    QVERIFY(!page()->startButton()->isEnabled());
    // What goes on with a run may have its name.
    SpecText spec(page()->text());
    spec.set("run.resume", "true");
    page()->setText(spec.text());
    QTRY_VERIFY2(page()->startButton()->isEnabled(), qPrintable(page()->problem()));
  }

  void aDraftGoesOnUnderTheNextFreeNameAndCanBePutAway() {
    QDir(folder_.filePath("runs")).removeRecursively();
    openWindow(QSize(1280, 600));
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    const QString draft = page()->text();
    form()->verticalScrollBar()->setValue(form()->verticalScrollBar()->maximum());
    // Its runs were trained since.
    for (const char* run : {"dpo", "dpo-rc"}) {
      QDir().mkpath(folder_.filePath(QStringLiteral("runs/") + run));
      write_file(folder_.filePath(QStringLiteral("runs/%1/run.h5").arg(run)), "x");
    }
    window_->newExperiment();
    settle();
    QCOMPARE(line("run.name")->text(), QStringLiteral("dpo-2"));
    QCOMPARE(page()->text().length(), draft.length() + 2);  // all else is as it was left
    QCOMPARE(form()->verticalScrollBar()->value(), 0);
    auto* afresh = page()->findChild<QPushButton*>("start-afresh");
    QVERIFY(afresh->isVisible());
    const QString before = page()->text();
    afresh->click();
    settle();
    QVERIFY(!page()->text().contains("pairs.jsonl"));
    QCOMPARE(line("run.name")->text(), QStringLiteral("dpo-2"));
    page()->undo();
    QCOMPARE(page()->text(), before);
    // A clone says whose it is for as long as it is one.
    const auto title = [&] {
      QStringList all;
      for (const auto* label : page()->findChildren<ElidedLine*>(QString(), Qt::FindDirectChildrenOnly))
        all << label->whole();
      return all.join(' ');
    };
    QVERIFY(!title().contains("cloned"));
    page()->openClone(before, QStringLiteral("dpo-rc"));
    QVERIFY2(title().contains("cloned from dpo-rc"), qPrintable(title()));
    afresh->click();
    QVERIFY(!title().contains("cloned"));
    page()->undo();
    QVERIFY2(title().contains("cloned from dpo-rc"), qPrintable(title()));
    page()->redo();
    QVERIFY(!title().contains("cloned"));
    // Nor is what a recipe makes the run's that the page began with, and its name is free.
    page()->openClone(before, QStringLiteral("dpo-rc"));
    page()->useRecipe(0);
    QVERIFY2(!title().contains("cloned"), qPrintable(title()));
    const QString made = page()->text();
    QVERIFY2(!QDir(folder_.filePath("runs")).exists(line("run.name")->text()), qPrintable(line("run.name")->text()));
    page()->undo();
    QVERIFY(title().contains("cloned from dpo-rc"));
    page()->redo();
    QCOMPARE(page()->text(), made);
    QVERIFY(!title().contains("cloned"));
  }

  void aNameThatWaitsInTheQueueIsTaken() {
    QDir(folder_.filePath("runs")).removeRecursively();
    openWindow();
    const QString spec = folder_.filePath("waits.toml");
    write_file(spec, QStringLiteral("[run]\nname = \"dpo-rc\"\n[model]\npath = \"%1\"\n[data]\ntrain = \"%2\"\n")
                         .arg(folder_.filePath("model"), folder_.filePath("pairs.jsonl"))
                         .toUtf8());
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    QTRY_VERIFY2(page()->startButton()->isEnabled(), qPrintable(page()->problem()));
    window_->queue()->add(spec, folder_.filePath("runs"), RunQueue::Placing::wait);
    QCOMPARE(note("run.name"), QStringLiteral("dpo-rc is taken; dpo-2 is free"));
    QVERIFY(!page()->startButton()->isEnabled());
    window_->queue()->take(window_->queue()->order());
    QVERIFY(page()->startButton()->isEnabled());
  }

  void theObjectivesOfASweepHaveTheNextFreeNameTogether() {
    QDir(folder_.filePath("runs")).removeRecursively();
    QDir().mkpath(folder_.filePath("runs/simpo-rc"));
    write_file(folder_.filePath("runs/simpo-rc/run.h5"), "x");
    openWindow();
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    SpecText spec(page()->text());
    spec.remove("objective.name");
    spec.set("sweep.objective.name", "[\"dpo\", \"simpo\"]");
    page()->setText(spec.text());
    QTRY_COMPARE(note("run.name"), QStringLiteral("simpo-rc is taken; dpo-2 is free"));
  }

  void anObjectiveWhoseNameBeginsWithAnothersHasItsOwnPlaceInTheNames() {
    QDir(folder_.filePath("runs")).removeRecursively();
    for (const char* run : {"dpo", "dpop-2"}) {
      QDir().mkpath(folder_.filePath(QStringLiteral("runs/") + run));
      write_file(folder_.filePath(QStringLiteral("runs/%1/run.h5").arg(run)), "x");
    }
    openWindow();
    SpecText spec(page()->text());
    spec.remove("objective.name");
    spec.remove("sweep.calibration.enabled");
    spec.set("run.name", "\"dpo\"");
    spec.set("sweep.objective.name", "[\"dpo\", \"dpop\"]");
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    for (const auto* path : {"model.path", "data.train"}) spec.set(path, *SpecText(page()->text()).value(path));
    page()->setText(spec.text());
    QTRY_COMPARE(note("run.name"), QStringLiteral("dpo is taken; dpo-3 is free"));
    // Nor is a name that begins with the objective's read as made of it.
    QDir(folder_.filePath("runs")).removeRecursively();
    QDir().mkpath(folder_.filePath("runs/dpop-rc"));
    write_file(folder_.filePath("runs/dpop-rc/run.h5"), "x");
    spec.remove("sweep.objective.name");
    spec.set("objective.name", "\"dpo\"");
    spec.set("run.name", "\"dpop\"");
    spec.set("sweep.calibration.enabled", "[false, true]");
    page()->setText(spec.text());
    QTRY_COMPARE(note("run.name"), QStringLiteral("dpop-rc is taken; dpop-2 is free"));
  }

  void whatIsWrongIsSaidInTheLanguageThatIsChosenLater() {
    QDir(folder_.filePath("runs")).removeRecursively();
    openWindow();
    page()->setData(folder_.filePath("pairs.jsonl"));
    page()->setModel(folder_.filePath("nowhere"));
    QTRY_VERIFY2(page()->problem().contains("There is no folder"), qPrintable(page()->problem()));
    const auto facts = [&] { return page()->findChild<ElidedLine*>("model-facts")->whole(); };
    QVERIFY(facts().contains("There is no folder"));
    window_->setLanguage("zh_CN");
    settle();
    for (const QString& said : {page()->problem(), facts()}) {
      QVERIFY2(said.contains("nowhere") && !said.contains("There is"), qPrintable(said));
    }
    window_->setLanguage("en");
    settle();
    QDir().mkpath(folder_.filePath("runs/dpo"));
    write_file(folder_.filePath("runs/dpo/run.h5"), "x");
    page()->checkNames();
    QVERIFY2(page()->problem().contains("dpo-2 is free"), qPrintable(page()->problem()));
    window_->setLanguage("zh_CN");
    settle();
    for (const QString& said : {page()->problem(), note("run.name")}) {
      QVERIFY2(said.contains("dpo-2") && !said.contains("free"), qPrintable(said));
    }
    window_->setLanguage("en");
  }

  void aBoxSaysItsKeyAsOtherFieldsDo() {
    openWindow();
    form()->setAdvanced(true);
    settle();
    auto* box = form()->findChild<QCheckBox*>("calibration.enabled");
    QVERIFY(box);
    box->resize(box->width() / 2, box->height());
    QVERIFY2(box->toolTip().startsWith("calibration.enabled\n"), qPrintable(box->toolTip()));
  }

  void aNumberThatCannotBeIsRefusedAtItsField() {
    openWindow();
    auto* rate = line("optimizer.learning_rate");
    for (const char* number : {"5e-7120", "5e7120"}) {
      rate->setFocus();
      rate->selectAll();
      QTest::keyClicks(rate, number);
      QVERIFY2(note("optimizer.learning_rate").contains(QLatin1String(number)) &&
                   note("optimizer.learning_rate").contains("a number"),
               qPrintable(note("optimizer.learning_rate")));
    }
    QVERIFY(!page()->startButton()->isEnabled());
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
    openWindow(size);
    window_->setLanguage(language);
    form()->setAdvanced(true);
    page()->setText("[model]\ntuning = \"lora\"\n[objective]\nname = \"formula\"\nloss = \"zw - zl\"\n");
    page()->setModel(folder_.filePath("model"));
    page()->setData(folder_.filePath("pairs.jsonl"));
    window_->resizeDocks({window_->dock()}, {2000}, Qt::Horizontal);
    settle();
    QTRY_VERIFY(page()->startButton()->isEnabled() || !page()->problem().isEmpty());
    settle();
    QCOMPARE(window_->size(), size);
    auto* splitter = page()->findChild<QSplitter*>("form-and-spec");
    for (const auto& shares : {QList<int>{1, 1}, QList<int>{0, 1}, QList<int>{1, 0}}) {
      splitter->setSizes({shares[0] * 1000, shares[1] * 1000});
      settle();
      const int right = form()->viewport()->width();
      for (const auto* widget : body()->findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        // What a scroll area holds can be scrolled in it.
        bool scrolled = false;
        for (auto* over = widget->parentWidget(); over != body(); over = over->parentWidget())
          scrolled |= over->inherits("QAbstractScrollArea");
        const int end = widget->mapTo(body(), QPoint(widget->width(), 0)).x();
        QVERIFY2(scrolled || end <= right, qPrintable(QStringLiteral("%1 %2 ends at %3 of %4")
                                                          .arg(widget->metaObject()->className(), widget->objectName())
                                                          .arg(end)
                                                          .arg(right)));
      }
    }
    for (const auto* widget : page()->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
      if (!widget->isVisible()) continue;
      QVERIFY2(page()->rect().contains(widget->geometry()) &&
                   window_->rect().contains(QRect(widget->mapTo(window_.get(), QPoint()), widget->size())),
               qPrintable(QString(widget->metaObject()->className()) + widget->objectName() +
                          QDebug::toString(widget->geometry())));
      if (const auto* button = qobject_cast<const QPushButton*>(widget))
        QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
    }
  }
};

QTEST_MAIN(TestFormWindow)
#include "test_form_window.moc"
