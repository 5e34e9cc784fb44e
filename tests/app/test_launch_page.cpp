// SPDX-License-Identifier: GPL-3.0-or-later
// The launch page as a whole: recipes, one history for form and text, sweeps, what it says, and what it starts.
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/recent_paths.h"
#include "app/launch/recipes.h"
#include "app/launch/runs_table.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "tests/app/launch_samples.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLaunchPage : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<LaunchPage> page_;

  QString at(const QString& name) const { return folder_.filePath(name); }
  QPlainTextEdit* text() const { return page_->findChild<QPlainTextEdit*>("spec-text"); }
  QLineEdit* line(const char* key) const { return page_->findChild<QLineEdit*>(key); }
  void choose() {
    page_->setModel(at("model"));
    page_->setData(at("pairs.jsonl"));
    QTRY_VERIFY2_WITH_TIMEOUT(page_->startButton()->isEnabled(), qPrintable(page_->problem()), 60000);
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-launch");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    QDir(recipe_folder()).removeRecursively();
    make_model(at("model"));
    write_file(at("pairs.jsonl"), hh_rows(64));
    write_file(
        at("engine"),
        "#!/bin/sh\nfor run in dpo dpo-rc; do echo '{\"name\": \"'$run'\", \"parameters\": 20000, \"trainable\": 500, "
        "\"memory\": {\"weights\": 2000000000, \"total\": 3000000000}, \"steps\": 8, \"seconds_per_step\": 2, "
        "\"seconds_total\": 600, \"processes\": 1, \"device\": \"cpu\", \"notes\": []}'; done\n");
    QFile::setPermissions(at("engine"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BANDSCOPE_ENGINE", at("engine").toLocal8Bit());
  }
  void init() {
    page_ = std::make_unique<LaunchPage>();
    page_->setRunsFolder(at("runs"));
    page_->resize(1100, 720);
    page_->show();
    QVERIFY(QTest::qWaitForWindowExposed(page_.get()));
  }
  void cleanup() { page_.reset(); }

  void theTabKeyGoesAsOneReads() {
    page_->show();
    auto* recipe = page_->findChild<QWidget*>("recipe");
    QStringList order;
    for (QWidget* at = recipe->nextInFocusChain(); at != recipe; at = at->nextInFocusChain())
      if (at->focusPolicy() & Qt::TabFocus && at->isVisibleTo(page_.get()) && page_->isAncestorOf(at) &&
          !at->objectName().isEmpty())
        order << at->objectName();
    const auto place = [&](const char* name) { return order.indexOf(QLatin1String(name)); };
    QCOMPARE(order.value(0), "model.path");
    QVERIFY2(place("model.path") < place("data.train") && place("data.train") < place("optimizer.learning_rate") &&
                 place("optimizer.learning_rate") < place("spec-text") && place("spec-text") < place("measure") &&
                 place("measure") < place("add-to-queue") && place("add-to-queue") < place("start") &&
                 place("start") < place("start-afresh"),
             qPrintable(order.join(' ')));
  }

  void probeDataThatCannotBeUsedIsSaidBeforeAnyRun() {
    choose();
    write_file(at("notes.txt"), "no pairs\n");
    auto* probe = line("data.probe");
    QTest::keyClicks(probe, at("notes.txt"));
    QTRY_VERIFY2_WITH_TIMEOUT(page_->problem().contains("notes.txt"), qPrintable(page_->problem()), 60000);
    QVERIFY(!page_->startButton()->isEnabled());
    const auto panels = page_->findChildren<DataPanel*>();
    QVERIFY(
        std::any_of(panels.begin(), panels.end(), [](auto* panel) { return panel->problem().contains("notes.txt"); }));
    probe->clear();
    QTRY_VERIFY2_WITH_TIMEOUT(page_->startButton()->isEnabled(), qPrintable(page_->problem()), 60000);
    QVERIFY(std::none_of(panels.begin(), panels.end(), [](auto* panel) { return !panel->problem().isEmpty(); }));
  }

  void everyRecipeIsASpec() {
    const auto all = recipes();
    QVERIFY(all.size() >= 8);
    std::size_t runs_of_paper = 0;
    for (const auto& recipe : all) {
      QVERIFY2(!recipe.title.isEmpty() && !recipe.about.isEmpty(), qPrintable(recipe.file));
      // As the window uses it, and as a file on the command line.
      const QString filled = fill_recipe(recipe_text(recipe), "[model]\npath = \"/m\"\n[data]\ntrain = \"/d.jsonl\"\n");
      const auto specs = parse_run_specs(filled.toStdString(), recipe.file.toStdString(), "/");
      const QString name = QFileInfo(recipe.file).fileName();
      const auto from_file = load_run_specs(std::string(BANDSCOPE_SOURCE "/resources/recipes/") + name.toStdString(),
                                            {{"model.path", "/m"}, {"data.train", "/d.jsonl"}});
      QCOMPARE(specs.size(), from_file.size());
      for (std::size_t i = 0; i < specs.size(); ++i) QCOMPARE(to_toml(specs[i]), to_toml(from_file[i]));
      QVERIFY(specs.size() >= 2);
      if (name.startsWith("smollm2")) continue;
      ++runs_of_paper;
      for (const auto& spec : specs) {  // section 4.1 of the paper
        QCOMPARE(spec.training.batch_size, 32);
        QCOMPARE(spec.optimizer.warmup_ratio, 0.0);
        QVERIFY(spec.optimizer.schedule == Schedule::constant);
        QCOMPARE(spec.model.tuning == Tuning::full, name.contains("full"));
      }
      if (name == "pythia-410m-full.toml") QCOMPARE(specs.size(), std::size_t(18));
      if (name == "pythia-2.8b-qlora.toml") QCOMPARE(specs[0].optimizer.learning_rate, 1e-4);
      if (name == "mistral-7b-qlora.toml") QCOMPARE(specs[0].optimizer.learning_rate, 3e-7);
      if (name == "qwen2.5-7b-qlora.toml") QCOMPARE(specs[0].optimizer.learning_rate, 5e-7);
    }
    QVERIFY(runs_of_paper >= 7);
  }

  void aRecipeKeepsModelAndDataAndCanBeTakenBack() {
    page_->setModel("/some/model");
    page_->setData("/some/pairs.jsonl");
    const QString before = page_->text();
    page_->useRecipe(0);
    QVERIFY(page_->text() != before);
    QVERIFY(page_->text().contains("\"/some/model\"") && page_->text().contains("\"/some/pairs.jsonl\""));
    QVERIFY(page_->findChild<QComboBox*>("recipe")->currentIndex() > 0);
    page_->undo();
    QCOMPARE(page_->text(), before);
  }

  void aKeptRecipeIsListed() {
    QCOMPARE(keep_recipe("Mine: a / b", "[run]\nname = \"kept\"\n"), QString());
    QVERIFY(!keep_recipe(" /// ", "x").isEmpty());
    const auto all = recipes();
    QVERIFY(all.back().own);
    QCOMPARE(all.back().title, QString("Mine: a / b"));
    QCOMPARE(recipe_text(all.back()), QString("[run]\nname = \"kept\"\n"));
    QDir(recipe_folder()).removeRecursively();
  }

  void oneHistoryForFormAndText() {
    const QString start = page_->text();
    QVERIFY(!page_->canUndo());
    auto* rate = line("optimizer.learning_rate");
    rate->setFocus();
    QTRY_VERIFY(rate->hasFocus());
    rate->selectAll();
    QTest::keyClicks(rate, "1e-5");
    QVERIFY(page_->text().contains("learning_rate = 1e-5"));
    // In the text, then back from the form: both are one history.
    text()->setFocus();
    text()->moveCursor(QTextCursor::End);
    QTest::keyClicks(text(), "# note");
    const QString both = page_->text();
    page_->form()->field("training.batch_size")->setFocus();
    auto* batch = line("training.batch_size");
    QTRY_VERIFY(batch->hasFocus());
    batch->selectAll();
    QTest::keyClicks(batch, "4");
    QVERIFY(page_->text().contains("batch_size = 4"));
    QTest::keyClick(batch, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(page_->text(), both);
    QCOMPARE(batch->text(), QString("8"));
    for (int i = 0; i < 20 && page_->canUndo(); ++i) page_->undo();
    QCOMPARE(page_->text(), start);
    QCOMPARE(rate->text(), QString("5e-7"));
    QVERIFY(!page_->canUndo() && page_->canRedo());
    for (int i = 0; i < 20 && page_->canRedo(); ++i) page_->redo();
    QVERIFY(page_->text().contains("batch_size = 4") && page_->text().contains("# note"));
  }

  void typingInAFieldIsOneStep() {
    auto* name = line("run.name");
    name->setFocus();
    QTRY_VERIFY(name->hasFocus());
    const QString start = page_->text();
    name->selectAll();
    QTest::keyClicks(name, "abcdef");
    QVERIFY(page_->text().contains("\"abcdef\""));
    QTest::keyClick(name, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY2(!page_->text().contains("\"abcd"), qPrintable(page_->text()));
    QTest::keyClick(name, Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(page_->text(), start);
  }

  void aSweepFromTheFormListsItsRuns() {
    choose();
    QCOMPARE(page_->runsTable()->rowCount(), 2);
    auto* field = page_->form()->field("optimizer.learning_rate");
    field->sweepButton()->click();
    auto* list = line("sweep.optimizer.learning_rate");
    QVERIFY(list->isVisible() && !line("optimizer.learning_rate")->isVisible());
    QCOMPARE(list->text(), QString("5e-7"));
    list->setFocus();
    QTest::keyClicks(list, ", 1e-6, 1e-5");
    QVERIFY2(page_->text().contains("\"optimizer.learning_rate\" = [5e-7, 1e-6, 1e-5]"), qPrintable(page_->text()));
    QCOMPARE(field->sweepButton()->text(), QString("×3"));
    QCOMPARE(page_->runsTable()->rowCount(), 6);
    QVERIFY(page_->outlook().contains("6 runs"));
    QVERIFY(page_->runsTable()->item(0, 0)->text().contains("learning_rate-5e-07"));
    page_->undo();
    page_->undo();
    QTRY_COMPARE(page_->runsTable()->rowCount(), 2);
  }

  void anErrorStandsBesideItsFieldAndAtItsLine() {
    choose();
    SpecText spec(page_->text());
    spec.set("training.batch_size", "0");
    page_->setText(spec.text());
    QVERIFY(page_->problem().contains("batch_size"));
    QVERIFY(!page_->startButton()->isEnabled() && !page_->measureButton()->isEnabled());
    const auto labels = page_->form()->field("training.batch_size")->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](QLabel* l) { return l->isVisible() && l->text().contains("is 0"); }));
    QVERIFY(!text()->extraSelections().isEmpty());
    QCOMPARE(text()->extraSelections().last().cursor.block().text(), QString("batch_size = 0"));
  }

  void modelDataAndPlanAreSaid() {
    QTRY_VERIFY(page_->problem().contains("Choose a model"));
    QVERIFY(!page_->startButton()->isEnabled());
    choose();
    QVERIFY(page_->findChild<QLabel*>("model-facts")->text().contains("Mistral"));
    QVERIFY(page_->trainPanel()->facts().contains("64 pairs"));
    QVERIFY(page_->outlook().contains("8 steps of 8 pairs"));
    QTRY_VERIFY2_WITH_TIMEOUT(page_->outlook().contains("2.8 GiB"), qPrintable(page_->outlook()), 60000);
    QVERIFY2(page_->outlook().contains("about 20 min"), qPrintable(page_->outlook()));
    QCOMPARE(page_->runsTable()->item(1, 0)->text(), QString("dpo-rc"));
    QVERIFY(page_->runsTable()->item(1, page_->runsTable()->columnCount() - 2)->text().contains("2.8 GiB"));
    // Another spec: the old plan is not shown for it.
    SpecText spec(page_->text());
    spec.set("training.batch_size", "16");
    page_->setText(spec.text());
    QVERIFY(!page_->outlook().contains("GiB"));
    // A model that is none.
    page_->setModel(folder_.path());
    QTRY_VERIFY(page_->problem().contains("config.json"));
    QVERIFY(!page_->startButton()->isEnabled());
  }

  void startWritesASpecThatMeansTheSame() {
    choose();
    QSignalSpy asked(page_.get(), &LaunchPage::startAsked);
    page_->startButton()->click();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][2].toStringList(), QStringList({"dpo", "dpo-rc"}));
    const auto written = load_run_specs(asked[0][0].toString().toStdString());
    const auto shown = parse_run_specs(page_->text().toStdString(), "spec", QDir::currentPath().toStdString());
    QCOMPARE(written.size(), shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i) QCOMPARE(to_toml(written[i]), to_toml(shown[i]));
    QSignalSpy queued(page_.get(), &LaunchPage::queueAsked);
    page_->queueButton()->click();
    QCOMPARE(queued.size(), 1);
    QCOMPARE(queued[0], asked[0]);
    QCOMPARE(recent_paths(PathKind::model).value(0), at("model"));
    QCOMPARE(recent_paths(PathKind::data).value(0), at("pairs.jsonl"));
    // A run of that name is in the way.
    QDir().mkpath(at("runs/dpo"));
    write_file(at("runs/dpo/run.h5"), "x");
    page_->startButton()->click();
    QCOMPARE(asked.size(), 1);
    QVERIFY(page_->problem().contains("dpo"));
  }

  void closingWhileLookingIsHarmless() {
    write_file(at("large.jsonl"), hh_rows(60000));
    for (int i = 0; i < 4; ++i) {
      LaunchPage page;
      page.setModel(at("model"));
      page.setData(at("large.jsonl"));
      QTest::qWait(200 * i);
    }
  }
};

QTEST_MAIN(TestLaunchPage)
#include "test_launch_page.moc"
