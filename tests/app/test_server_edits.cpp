// SPDX-License-Identifier: GPL-3.0-or-later
// Star, tags, note, name and deletion of runs on a server, alone and together with runs of this machine: what the
// server does, what it refuses, and what undo makes of it.
#include <QCheckBox>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QUndoStack>

#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/server/server_edits.h"
#include "tests/app/served_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

/// The library's part of a window.
struct Bench {
  explicit Bench(ServedBox& box) : edits_there(box.links()) {
    edits.setElsewhere(&edits_there);
    QObject::connect(&edits, &RunEdits::said, [this](const QString& text) { said << text; });
  }
  void list(const std::vector<RunEntryPtr>& runs) {
    std::vector<FoundRecord> records;
    for (const auto& run : runs) records.push_back(run->found);
    model.setRecords(records);
    model.updateEntries(runs);
  }
  RunEntryPtr shown(const RunEntryPtr& run) const { return model.entry(model.find(run->found.record)); }

  QWidget window;
  RunLibrary library;
  RunModel model;
  QUndoStack undo;
  ServerEdits edits_there;
  RunEdits edits{&library, &model, &undo, &window};
  QStringList said;
};

}  // namespace

class TestServerEdits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY(data_home_.isValid());
    qputenv("XDG_DATA_HOME", data_home_.path().toUtf8());  // the trash of this test is its own
  }

  void labels_of_runs_there_and_here_are_one_command() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    const auto local = make_run(box.path("near").toStdString(), {.name = "b", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr there = box.entry("a");
    FoundRecord found{QString::fromStdString(local.string()), box.path("near"), "b", 1, 1};
    const RunEntryPtr here = read_entry(found);
    bench.list({there, here});
    bench.edits.setStarred({there, here}, true);
    QCOMPARE(bench.undo.count(), 1);
    QVERIFY(bench.shown(there)->labels.starred);  // before the server has answered
    QTRY_VERIFY(box.read("far/runs/a/labels.json").contains("starred"));
    QVERIFY(box.read("near/b/labels.json").contains("starred"));
    bench.edits.retag({bench.shown(there)}, {"x", "y"});
    QTRY_VERIFY(box.read("far/runs/a/labels.json").contains("\"y\""));
    QVERIFY(box.read("far/runs/a/labels.json").contains("starred"));
    bench.edits.setNote({bench.shown(there)}, "good");
    QTRY_VERIFY(box.read("far/runs/a/labels.json").contains("good"));
    for (int i = 0; i < 3; ++i) bench.undo.undo();
    QTRY_VERIFY(!box.has("far/runs/a/labels.json"));
    QVERIFY(!box.has("near/b/labels.json"));
    QVERIFY(bench.shown(there)->labels.empty() && bench.shown(here)->labels.empty());
    bench.undo.redo();
    QTRY_VERIFY(box.read("far/runs/a/labels.json").contains("starred"));
    QCOMPARE(bench.said, QStringList());
  }

  void what_others_have_said_stays() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    box.write("far/runs/a/labels.json", R"({"note": "of another window"})");
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr run = box.entry("a");  // as it was before
    bench.list({run});
    bench.edits.setStarred({run}, true);
    QTRY_VERIFY(box.read("far/runs/a/labels.json").contains("starred"));
    QVERIFY(box.read("far/runs/a/labels.json").contains("of another window"));
  }

  void what_the_server_refuses_is_said_and_goes_back() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr gone = box.entry("gone"), run = box.entry("a");
    bench.list({gone, run});
    bench.edits.setStarred({gone}, true);
    QVERIFY(bench.shown(gone)->labels.starred);
    QTRY_COMPARE(bench.said.size(), 1);
    QVERIFY2(bench.said[0].startsWith("gone stays as it is: "), qPrintable(bench.said[0]));
    QVERIFY(!bench.shown(gone)->labels.starred);
    QCOMPARE(bench.undo.count(), 0);
    // Of several the others are changed, and undo takes those back.
    bench.edits.setStarred({gone, run}, true);
    QTRY_COMPARE(bench.said.size(), 2);
    QTRY_VERIFY(box.has("far/runs/a/labels.json"));
    QVERIFY(!bench.shown(gone)->labels.starred && bench.shown(run)->labels.starred);
    QCOMPARE(bench.undo.count(), 1);
    bench.undo.undo();
    QTRY_VERIFY(!box.has("far/runs/a/labels.json"));
    QCOMPARE(bench.said.size(), 2);
  }

  void a_server_that_is_not_reached_changes_nothing() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr run = box.entry("a");
    bench.list({run});
    bench.edits.setStarred({run}, true);
    QTRY_VERIFY(box.has("far/runs/a/labels.json"));
    box.leave();
    bench.edits.setNote({run}, "x");
    bench.edits.rename(run, "b");
    bench.edits.trash({run});
    bench.edits.askTrash({run});
    QCOMPARE(bench.said.size(), 4);
    for (const auto& text : bench.said) QVERIFY2(text.contains("its server is not among"), qPrintable(text));
    QVERIFY(bench.window.findChild<QMessageBox*>() == nullptr);
    QCOMPARE(bench.undo.count(), 1);
    // Undo says so as well, and can be tried again when the server is back.
    bench.undo.undo();
    QTRY_COMPARE(bench.said.size(), 5);
    QVERIFY(bench.undo.canUndo());
    QVERIFY(bench.shown(run)->labels.starred);
    QVERIFY(box.reach());
    bench.undo.undo();
    QTRY_VERIFY(!box.has("far/runs/a/labels.json"));
  }

  void names_are_changed_there() {
    ServedBox box;
    make_run(box.runs() / "sweep", {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr run = box.entry("sweep/a");
    const auto copy = [&](const char* name) { return QFileInfo(box.link->mirrorOf(name)).path() + "/note"; };
    for (const char* name : {"sweep/a", "sweep/b"}) QVERIFY(QDir().mkpath(QFileInfo(copy(name)).path()));
    write_file(copy("sweep/a"), "a");
    write_file(copy("sweep/b"), "of one that is no more");
    bench.list({run});
    bench.edits.askRename(run);
    auto* asked = bench.window.findChild<QInputDialog*>("ask-rename");
    QVERIFY(asked);
    QCOMPARE(asked->textValue(), "a");
    asked->setTextValue("b");
    asked->accept();
    QTRY_VERIFY(box.has("far/runs/sweep/b/run.h5"));
    const QString now = box.link->mirrorOf("sweep/b");
    QTRY_VERIFY(bench.model.find(now).isValid());
    const auto shown = bench.model.entry(bench.model.find(now));
    QCOMPARE(shown->there, "sweep/b");
    // Its copy has gone with it.
    QCOMPARE(QFileInfo(copy("sweep/b")).size(), 1);
    QVERIFY(!QFile::exists(QFileInfo(copy("sweep/a")).path()));
    // As the library lists it: its folder is its group.
    QCOMPARE(shown->found.name, "b");
    bench.edits.rename(shown, "../c");
    QTRY_COMPARE(bench.said.size(), 1);
    QVERIFY2(bench.said[0].startsWith("Not renamed: "), qPrintable(bench.said[0]));
    QCOMPARE(bench.undo.count(), 1);
    bench.undo.undo();
    QTRY_VERIFY(box.has("far/runs/sweep/a/run.h5"));
    QTRY_VERIFY(bench.model.find(box.link->mirrorOf("sweep/a")).isValid());
    bench.undo.redo();
    QTRY_VERIFY(box.has("far/runs/sweep/b/run.h5"));
  }

  void runs_go_to_the_trash_there_and_come_back() {
    ServedBox box;
    for (const char* name : {"a", "b"}) make_run(box.runs(), {.name = name, .steps = 3});
    const auto local = make_run(box.path("near").toStdString(), {.name = "c", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr a = box.entry("a"), b = box.entry("b");
    const RunEntryPtr here = read_entry({QString::fromStdString(local.string()), box.path("near"), "c", 1, 1});
    bench.list({a, b, here});
    bench.edits.askTrash({a, b, here});
    auto* box_asked = bench.window.findChild<QMessageBox*>("ask-trash");
    QVERIFY(box_asked);
    QVERIFY2(box_asked->informativeText().contains("2 of them are on Lab"), qPrintable(box_asked->informativeText()));
    for (auto* button : box_asked->buttons())
      if (box_asked->buttonRole(button) == QMessageBox::AcceptRole) button->click();
    QTRY_VERIFY(!box.has("far/runs/a") && !box.has("far/runs/b"));
    QVERIFY(!box.has("near/c"));
    QVERIFY(box.has("far/runs/.trash/a"));
    bench.undo.undo();
    QTRY_VERIFY(box.has("far/runs/a/run.h5") && box.has("far/runs/b/run.h5"));
    QVERIFY(box.has("near/c/run.h5"));
    // Undone before the answer has come.
    bench.edits.trash({a});
    bench.undo.undo();
    bench.undo.redo();
    bench.undo.undo();
    QCOMPARE(bench.undo.index(), 0);
    bench.edits.setStarred({b}, true);  // answered behind all of them
    QTRY_VERIFY(box.has("far/runs/b/labels.json"));
    QTRY_VERIFY(box.has("far/runs/a/run.h5"));
    QCOMPARE(bench.said, QStringList());
  }

  void one_that_goes_on_stays() {
    ServedBox box;
    const auto writer = begin_run(box.runs(), {.name = "live", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr known = box.entry("live", ShownState::running), unknown = box.entry("live");
    bench.list({known});
    bench.edits.trash({known});
    QCOMPARE(bench.said.size(), 1);
    bench.edits.trash({unknown});  // the list is behind
    QTRY_COMPARE(bench.said.size(), 2);
    for (const auto& text : bench.said) QVERIFY2(text.contains("live is running; stop it first"), qPrintable(text));
    QVERIFY(box.has("far/runs/live/run.h5"));
    QCOMPARE(bench.undo.count(), 0);
  }

  void deleted_for_good() {
    ServedBox box;
    make_run(box.runs(), {.name = "a", .steps = 3});
    QVERIFY(box.reach());
    Bench bench(box);
    const RunEntryPtr run = box.entry("a");
    const QString copy = QFileInfo(box.link->mirrorOf("a")).path();
    QVERIFY(QDir().mkpath(copy + "/evaluations"));
    bench.list({run});
    bench.edits.askTrash({run});
    auto* asked = bench.window.findChild<QMessageBox*>("ask-trash");
    QVERIFY(asked && asked->text().contains("a on Lab"));
    asked->checkBox()->setChecked(true);
    for (auto* button : asked->buttons())
      if (asked->buttonRole(button) == QMessageBox::AcceptRole) button->click();
    QTRY_VERIFY(!box.has("far/runs/a"));
    QTRY_VERIFY(!box.has("far/runs/.trash/a"));
    QTRY_VERIFY(!QFile::exists(copy));
    QCOMPARE(bench.undo.count(), 0);
  }

  void answers_of_other_types_are_no_success() {
    ServedBox box;
    QVERIFY(box.reachLiar(R"("ok":true,"run":7,"trashed":["x"])"));
    Bench bench(box);
    const RunEntryPtr run = box.entry("a");
    bench.list({run});
    bench.edits.rename(run, "b");
    bench.edits.trash({run});
    QTRY_COMPARE(bench.said.size(), 2);
    for (const auto& text : bench.said) QVERIFY2(text.contains("Lab gave an answer that is"), qPrintable(text));
    QCOMPARE(bench.undo.count(), 0);
    QVERIFY(bench.shown(run));
  }

  void the_connection_goes_before_the_answer() {
    ServedBox box;
    QVERIFY(box.reachLiar({}));
    Bench bench(box);
    const RunEntryPtr run = box.entry("a");
    bench.list({run});
    bench.edits.setStarred({run}, true);
    QTRY_COMPARE(bench.said.size(), 1);
    QVERIFY2(bench.said[0].contains("the connection to Lab was lost before it answered"), qPrintable(bench.said[0]));
    QVERIFY(!bench.shown(run)->labels.starred);
    QCOMPARE(bench.undo.count(), 0);
  }

 private:
  QTemporaryDir data_home_;
};

QTEST_MAIN(TestServerEdits)
#include "test_server_edits.moc"
