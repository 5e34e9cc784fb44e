// SPDX-License-Identifier: GPL-3.0-or-later
// What users do in the run library: labels, names, trash, and taking it back; live runs; columns.
#include <QElapsedTimer>
#include <QHeaderView>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QUndoStack>

#include "app/library/run_columns.h"
#include "app/library/run_edits.h"
#include "app/library/run_files.h"
#include "app/library/run_labels.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/library/tags_dialog.h"
#include "core/error.h"
#include "tests/app/record_maker.h"
#include "tests/app/run_entries.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLibrary : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString record(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }

  /// Library, model and dock as the window puts them together.
  struct Bench {
    RunLibrary library;
    RunModel model;
    QUndoStack undo;
    RunsDock dock{&library, &model, &undo};
    QStringList said;

    explicit Bench(const QString& folder) {
      connect(&library, &RunLibrary::listed, &model, &RunModel::setRecords);
      connect(&library, &RunLibrary::entriesRead, &model, &RunModel::updateEntries);
      connect(dock.edits(), &RunEdits::said, [this](const QString& text) { said << text; });
      library.setInterval(150);
      if (!folder.isEmpty()) library.setFolders({folder});  // else the test says what is listed
      dock.resize(360, 400);
      dock.show();
    }
    RunEntryPtr run(const QString& record) const { return model.entry(model.find(record)); }
    /// Two looks: one may have been in flight.
    void lookAgain() {
      for (int i = 0; i < 2; ++i) {
        QSignalSpy settled(&library, &RunLibrary::settled);
        library.rescan();
        QVERIFY(settled.wait(60000));
      }
    }
    bool read(const QString& record) const { return run(record) && run(record)->read; }
  };

 private Q_SLOTS:
  void initTestCase() {
    // The trash of these tests is theirs alone.
    qputenv("XDG_DATA_HOME", folder_.filePath("data").toUtf8());
    QDir().mkpath(folder_.filePath("data"));
    make_run(runs(), {.name = "alpha", .steps = 12});
    make_run(runs(), {.name = "beta", .calibrated = true, .steps = 12});
    make_run(runs(), {.name = "gamma", .objective = "simpo", .steps = 12});
  }

  void labelsAreKeptBesideTheRecord() {
    const QString file = folder_.filePath("one/run.h5");
    QDir(folder_.path()).mkdir("one");
    QCOMPARE(labels_file(file), folder_.filePath("one/labels.json"));
    QCOMPARE(labels_file(folder_.filePath("alone.h5")), folder_.filePath("alone.labels.json"));
    QVERIFY(read_labels(file).empty());
    const RunLabels labels{true, {"baseline", "for the paper"}, "seed 42\nlooks good"};
    write_labels(file, labels);
    QCOMPARE(read_labels(file), labels);
    write_labels(file, {});
    QVERIFY(!QFile::exists(labels_file(file)));
    QCOMPARE(tags_from(" b ,a,,b,  two   words "), (QStringList{"a", "b", "two words"}));
  }

  void labelsOfOthersStayAndBrokenOnesAreNamed() {
    const QString file = folder_.filePath("one/run.h5");
    QFile out(labels_file(file));
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(R"({"reviewer": "yes", "tags": ["a"]})");
    out.close();
    write_labels(file, {true, {"b"}, {}});
    QVERIFY(out.open(QIODevice::ReadOnly));
    QVERIFY(out.readAll().contains("reviewer"));
    out.close();
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(R"({"tags": "a"})");
    out.close();
    try {
      read_labels(file);
      QFAIL("a text was taken for a list of tags");
    } catch (const Error& error) {
      QVERIFY2(QString(error.what()).contains("labels.json") && QString(error.what()).contains("tags"), error.what());
    }
    QFile::remove(labels_file(file));
  }

  void aRunIsStarredTaggedAndNotedAndItIsTakenBack() {
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("alpha")) && bench.read(record("beta")));
    auto* edits = bench.dock.edits();
    const RunEdits::Runs both{bench.run(record("alpha")), bench.run(record("beta"))};
    edits->setStarred(both, true);
    edits->retag(both, {"baseline"});
    edits->setNote({both[0]}, "first try");
    QVERIFY(bench.run(record("alpha"))->labels.starred && bench.run(record("beta"))->labels.starred);
    QCOMPARE(bench.run(record("alpha"))->labels.note, QStringLiteral("first try"));
    QCOMPARE(read_labels(record("beta")).tags, QStringList{"baseline"});
    QCOMPARE(bench.undo.count(), 3);
    // What a look in flight read before does not come back.
    bench.lookAgain();
    QCOMPARE(bench.run(record("alpha"))->labels.tags, QStringList{"baseline"});
    QVERIFY(RunFilter("tag=base*").accepts(*bench.run(record("alpha"))));
    QVERIFY(RunFilter("starred=true first").accepts(*bench.run(record("alpha"))));
    QVERIFY(!RunFilter("starred=true").accepts(*bench.run(record("gamma"))));
    while (bench.undo.canUndo()) bench.undo.undo();
    QVERIFY(bench.run(record("alpha"))->labels.empty() && bench.run(record("beta"))->labels.empty());
    QVERIFY(!QFile::exists(labels_file(record("alpha"))));
    bench.undo.redo();
    QVERIFY(read_labels(record("alpha")).starred);
    bench.undo.undo();
    QCOMPARE(bench.said, QStringList());
  }

  void whatOthersHaveSaidMeanwhileStays() {
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("gamma")));
    bench.dock.edits()->setStarred({bench.run(record("gamma"))}, true);
    bench.dock.edits()->retag({bench.run(record("gamma"))}, {"mine"});
    write_labels(record("gamma"), {true, {"mine", "theirs"}, "their note"});
    bench.undo.undo();
    QCOMPARE(read_labels(record("gamma")).tags, QStringList{"theirs"});
    bench.undo.undo();
    const RunLabels left = read_labels(record("gamma"));
    QVERIFY(!left.starred);
    QCOMPARE(left.note, QStringLiteral("their note"));
    write_labels(record("gamma"), {});
    QTRY_VERIFY(bench.run(record("gamma"))->labels.empty());
  }

  void labelsWrittenElsewhereAreSeen() {
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("gamma")));
    write_labels(record("gamma"), {false, {"elsewhere"}, {}});
    QTRY_COMPARE(bench.run(record("gamma"))->labels.tags, QStringList{"elsewhere"});
    write_labels(record("gamma"), {});
    QTRY_VERIFY(bench.run(record("gamma"))->labels.empty());
  }

  void aRunIsRenamedWithItsFolderAndStaysSelected() {
    write_labels(record("alpha"), {true, {}, {}});
    QFile spec(QString::fromStdString((runs() / "alpha" / "spec.toml").string()));
    QVERIFY(spec.open(QIODevice::WriteOnly));
    spec.write("[run]\nname = \"alpha\"\nseed = 1\n");
    spec.close();
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("alpha")));
    QVERIFY(bench.dock.select(record("alpha")));
    auto* edits = bench.dock.edits();
    edits->rename(bench.run(record("alpha")), "beta");
    QVERIFY2(bench.said.value(0).contains("already"), qPrintable(bench.said.value(0)));
    edits->rename(bench.run(record("alpha")), "a/b");
    QVERIFY2(bench.said.value(1).contains("cannot be a run's name"), qPrintable(bench.said.value(1)));
    QCOMPARE(bench.undo.count(), 0);
    edits->rename(bench.run(record("alpha")), "zeta");
    QCOMPARE(bench.dock.selected().size(), std::size_t(1));
    QCOMPARE(bench.dock.selected().front()->found.record, record("zeta"));
    QVERIFY(!QFile::exists(record("alpha")) && read_labels(record("zeta")).starred);
    QFile renamed(QString::fromStdString((runs() / "zeta" / "spec.toml").string()));
    QVERIFY(renamed.open(QIODevice::ReadOnly));
    QVERIFY(renamed.readAll().contains("name = \"zeta\"\nseed = 1"));
    bench.lookAgain();
    QCOMPARE(bench.dock.selected().front()->found.name, QStringLiteral("zeta"));
    bench.undo.undo();
    QVERIFY(QFile::exists(record("alpha")));
    QCOMPARE(bench.dock.selected().front()->found.record, record("alpha"));
    write_labels(record("alpha"), {});
  }

  void aRunGoesToTheTrashAfterAQuestionAndComesBack() {
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("alpha")) && bench.read(record("beta")));
    bench.dock.edits()->askTrash({bench.run(record("alpha")), bench.run(record("beta"))});
    auto* box = bench.dock.findChild<QMessageBox*>("ask-trash");
    QVERIFY(box && QFile::exists(record("alpha")));
    QVERIFY(box->informativeText().contains("alpha"));
    for (auto* button : box->buttons()) {
      if (box->buttonRole(button) == QMessageBox::AcceptRole) button->click();
    }
    if (bench.said.value(0).contains("cannot be moved to the trash")) QSKIP("the temporary folder has no trash");
    QVERIFY2(!QFile::exists(record("alpha")) && !QFile::exists(record("beta")), qPrintable(bench.said.join(' ')));
    QTRY_VERIFY(!bench.run(record("alpha")));
    bench.undo.undo();
    QVERIFY(QFile::exists(record("alpha")) && QFile::exists(record("beta")));
    QTRY_VERIFY(bench.read(record("alpha")) && bench.read(record("beta")));
    QCOMPARE(QDir(folder_.filePath("data/Trash/info")).entryList(QDir::Files).size(), 0);
  }

  void aLivingRunIsNeitherRenamedNorDeleted() {
    const MadeRun live{.name = "living", .steps = 40};
    auto writer = begin_run(runs(), live);
    append_step(writer, live, 1);
    Bench bench(QString::fromStdString(runs().string()));
    QTRY_VERIFY(bench.read(record("living")) && bench.run(record("living"))->live());
    bench.dock.edits()->trash({bench.run(record("living"))});
    bench.dock.edits()->rename(bench.run(record("living")), "other");
    bench.dock.edits()->askTrash({bench.run(record("living"))});
    QCOMPARE(bench.said.size(), 3);
    for (const auto& text : bench.said) QVERIFY2(text.contains("stop it first"), qPrintable(text));
    QVERIFY(!bench.dock.findChild<QMessageBox*>("ask-trash"));
    QVERIFY(QFile::exists(record("living")));
    writer.set_status(RunState::done);
    writer.close();
  }

  void aRecordAloneTakesItsLabelsAlong() {
    const QString lone = folder_.filePath("lone.h5");
    QVERIFY(QFile::copy(record("gamma"), lone));
    write_labels(lone, {true, {"x"}, {}});
    const auto records = find_records({}, {lone});
    QCOMPARE(records.size(), std::size_t(1));
    const auto now = rename_run(records.front(), "other");
    QCOMPARE(now.record, folder_.filePath("other.h5"));
    QVERIFY(read_labels(now.record).starred && !QFile::exists(folder_.filePath("lone.labels.json")));
  }

  void selectionScrollAndClosedGroupsSurviveLiveRuns() {
    Bench bench({});
    std::vector<RunEntryPtr> all;
    for (int i = 0; i < 120; ++i) {
      all.push_back(entry(i % 2 ? "/r/a" : "/r/b", QStringLiteral("run-%1").arg(i, 3, 10, QLatin1Char('0')),
                          i % 3 ? "dpo" : "simpo"));
    }
    QTest::qWait(50);
    Q_EMIT bench.library.listed(found(all));
    Q_EMIT bench.library.entriesRead(all);
    bench.dock.setGrouping(Grouping::objective);
    QTest::qWait(30);
    auto* view = bench.dock.view();
    QVERIFY(view->isExpanded(view->model()->index(0, 0)) && view->isExpanded(view->model()->index(1, 0)));
    view->collapse(view->model()->index(1, 0));
    QVERIFY(bench.dock.select("/r/a/run-031/run.h5"));
    view->verticalScrollBar()->setValue(17);
    QSignalSpy selections(&bench.dock, &RunsDock::selectionChanged);
    for (int round = 1; round <= 5; ++round) {
      std::vector<RunEntryPtr> read;
      for (const auto& one : all) {
        auto live = std::make_shared<RunEntry>(*one);
        live->state = ShownState::running;
        live->steps = round;
        read.push_back(std::move(live));
      }
      Q_EMIT bench.library.entriesRead(read);
      // Another run of a group comes, one changes its group.
      auto fresh = entry("/r/c", QStringLiteral("new-%1").arg(round), "kto");
      all.push_back(fresh);
      Q_EMIT bench.library.listed(found(all));
      Q_EMIT bench.library.entriesRead({fresh});
      QTest::qWait(10);
    }
    QCOMPARE(selections.count(), 0);
    QCOMPARE(bench.dock.selected().size(), std::size_t(1));
    QCOMPARE(bench.dock.selected().front()->found.name, QStringLiteral("run-031"));
    QCOMPARE(view->verticalScrollBar()->value(), 17);
    QCOMPARE(view->model()->rowCount(), 3);
    for (int row = 0; row < 3; ++row) {
      const auto group = view->model()->index(row, 0);
      QCOMPARE(view->isExpanded(group), !group.data().toString().startsWith("simpo"));
    }
  }

  void columnsAreChosenOrderedAndKept() {
    Bench bench({});
    auto* columns = bench.dock.columns();
    auto* header = bench.dock.view()->header();
    QVERIFY(!columns->shown(RunModel::Tags) && columns->shown(RunModel::Progress));
    columns->setShown(RunModel::Tags, true);
    columns->setShown(RunModel::InBand, true);
    columns->move(RunModel::InBand, -1);
    columns->move(RunModel::InBand, -1);
    columns->setShown(RunModel::Name, false);
    QVERIFY(columns->shown(RunModel::Name));
    QVERIFY(header->visualIndex(RunModel::InBand) < header->visualIndex(RunModel::Progress));
    QVERIFY(header->visualIndex(RunModel::Progress) < header->visualIndex(RunModel::Tags));
    header->resizeSection(RunModel::Tags, 233);
    bench.dock.view()->sortByColumn(RunModel::InBand, Qt::DescendingOrder);
    const auto kept = bench.dock.saveColumns();
    Bench other({});
    other.dock.restoreColumns(kept);
    auto* restored = other.dock.view()->header();
    QCOMPARE(restored->sectionSize(RunModel::Tags), 233);
    QCOMPARE(restored->visualIndex(RunModel::Name), 0);
    QVERIFY(restored->visualIndex(RunModel::InBand) < restored->visualIndex(RunModel::Progress));
    QVERIFY(restored->isSectionHidden(RunModel::Model));
    QCOMPARE(restored->sortIndicatorSection(), int(RunModel::InBand));
    QCOMPARE(other.dock.saveColumns(), kept);
    other.dock.restoreColumns("nothing of ours");
    QCOMPARE(other.dock.saveColumns(), kept);
  }

  void theNameTakesTheRoomThatTheOthersLeave() {
    Bench bench({});
    Q_EMIT bench.library.listed(found({entry("/r", "a", "dpo")}));  // else the tree stands behind a sentence
    auto* columns = bench.dock.columns();
    auto* view = bench.dock.view();
    auto* header = view->header();
    const auto spare = [&] { return view->viewport()->width() - header->length(); };
    QTRY_COMPARE(spare(), 0);
    const int name = header->sectionSize(RunModel::Name), state = header->sectionSize(RunModel::Progress);
    bench.dock.resize(560, 400);
    QTRY_COMPARE(header->sectionSize(RunModel::Name), name + 200);
    QCOMPARE(header->sectionSize(RunModel::Progress), state);
    header->resizeSection(RunModel::Progress, state + 40);
    QCOMPARE(header->sectionSize(RunModel::Name), name + 160);
    QCOMPARE(spare(), 0);
    // In a narrow dock one scrolls: the name stays readable.
    columns->setShown(RunModel::Note, true);
    columns->setShown(RunModel::Model, true);
    QVERIFY(spare() < 0);
    QVERIFY(header->sectionSize(RunModel::Name) >= 148);
    columns->setShown(RunModel::Note, false);
    columns->setShown(RunModel::Model, false);
    QCOMPARE(spare(), 0);
    // A width that the user gave it is kept, also in the next window.
    header->resizeSection(RunModel::Name, 190);
    const int left = spare();
    bench.dock.resize(700, 400);
    QTRY_COMPARE(spare(), left + 140);
    QCOMPARE(header->sectionSize(RunModel::Name), 190);
    Bench other({});
    other.dock.restoreColumns(bench.dock.saveColumns());
    other.dock.resize(640, 400);
    QTest::qWait(10);
    QCOMPARE(other.dock.view()->header()->sectionSize(RunModel::Name), 190);
    columns->reset();
    QCOMPARE(header->sectionSize(RunModel::Progress), state);
    QCOMPARE(spare(), 0);
  }

  void aStateThatANarrowDockShrankGrowsAgainInTheNextWindow() {
    const auto one = found({entry("/r", "a", "dpo")});
    Bench narrow({});
    Q_EMIT narrow.library.listed(one);
    const auto state = [](const Bench& bench) { return bench.dock.view()->header()->sectionSize(RunModel::Progress); };
    narrow.dock.resize(260, 400);
    QTRY_VERIFY2(state(narrow) < 136, qPrintable(QString::number(state(narrow))));
    Bench other({});
    Q_EMIT other.library.listed(one);
    other.dock.resize(260, 400);
    other.dock.restoreColumns(narrow.dock.saveColumns());
    other.dock.resize(560, 400);
    QTRY_COMPARE(state(other), 136);
    // One that the user gave it is kept.
    other.dock.view()->header()->resizeSection(RunModel::Progress, 100);
    Bench third({});
    Q_EMIT third.library.listed(one);
    third.dock.restoreColumns(other.dock.saveColumns());
    third.dock.resize(700, 400);
    QTRY_COMPARE(third.dock.view()->viewport()->width() - third.dock.view()->header()->length(), 0);
    QCOMPARE(state(third), 100);
  }

  void tagsAreTickedForSeveralRuns() {
    TagsDialog dialog({{"a", "b"}, {"a"}}, {"a", "b", "c"}, nullptr);
    QCOMPARE(dialog.added(), QStringList{"a"});
    QCOMPARE(dialog.removed(), QStringList{"c"});  // b is ticked in part and stays as it is
  }

  void aThousandRunsAreGrouped() {
    Bench bench({});
    QTest::qWait(50);
    bench.dock.setGrouping(Grouping::objective);
    const QStringList objectives{"dpo", "simpo", "ipo", "kto", "cpo"};
    std::vector<RunEntryPtr> all;
    for (int i = 0; i < 1000; ++i) {
      all.push_back(entry("/r", QStringLiteral("run-%1").arg(i), objectives[i % 5]));
    }
    QElapsedTimer clock;
    clock.start();
    Q_EMIT bench.library.listed(found(all));
    // As the library hands them over, some at a time.
    for (int i = 0; i < 1000; i += 50) {
      Q_EMIT bench.library.entriesRead({all.begin() + i, all.begin() + i + 50});
      QCoreApplication::processEvents();
    }
    const auto grouped = clock.restart();
    auto* bar = bench.dock.view()->verticalScrollBar();
    QVERIFY(bar->maximum() > 900);
    int frames = 0;
    for (int at = 0; at < bar->maximum(); at += 20, ++frames) {
      bar->setValue(at);
      bench.dock.view()->viewport()->repaint();
    }
    const double frame = double(clock.elapsed()) / frames;
    qInfo("1000 runs: grouped in %lld ms, %.1f ms for each frame scrolled", static_cast<long long>(grouped), frame);
  }
};

QTEST_MAIN(TestLibrary)
#include "test_library.moc"
