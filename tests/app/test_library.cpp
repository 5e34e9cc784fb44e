// SPDX-License-Identifier: GPL-3.0-or-later
// What users do in the run library: labels, names, trash, and taking it back.
#include <QDir>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>

#include "app/library/run_files.h"
#include "app/library/run_labels.h"
#include "app/library/tags_dialog.h"
#include "core/error.h"
#include "tests/app/library_box.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLibrary : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::filesystem::path runs() const { return std::filesystem::path(folder_.path().toStdString()) / "runs"; }
  QString record(const char* name) const { return QString::fromStdString((runs() / name / "run.h5").string()); }

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
    LibraryBox bench(QString::fromStdString(runs().string()));
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
    LibraryBox bench(QString::fromStdString(runs().string()));
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
    LibraryBox bench(QString::fromStdString(runs().string()));
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
    LibraryBox bench(QString::fromStdString(runs().string()));
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
    LibraryBox bench(QString::fromStdString(runs().string()));
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
    LibraryBox bench(QString::fromStdString(runs().string()));
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

  void tagsAreTickedForSeveralRuns() {
    TagsDialog dialog({{"a", "b"}, {"a"}}, {"a", "b", "c"}, nullptr);
    QCOMPARE(dialog.added(), QStringList{"a"});
    QCOMPARE(dialog.removed(), QStringList{"c"});  // b is ticked in part and stays as it is
  }
};

QTEST_MAIN(TestLibrary)
#include "test_library.moc"
