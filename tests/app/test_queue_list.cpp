// SPDX-License-Identifier: GPL-3.0-or-later
// The queue's list under the mouse, and what is said about runs that wait: labels and names, kept in the queue's file.
#include <QDir>
#include <QDrag>
#include <QDragEnterEvent>
#include <QDragMoveEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QUndoStack>
#include <algorithm>
#include <memory>

#include "app/library/run_labels.h"
#include "app/queue/queue_model.h"
#include "app/queue/queue_panel.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/queue/settle.h"
#include "core/record/run_folder.h"
#include "core/spec/run_spec.h"

using namespace bandscope;
using namespace bandscope::app;

class TestQueueList : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<RunQueue> queue_;
  std::unique_ptr<QUndoStack> undo_;
  std::unique_ptr<QueuePanel> panel_;

  QString at(const QString& name) const { return folder_->filePath(name); }
  QString record(const QString& name) const { return at("runs/" + name + "/run.h5"); }
  QString names() const {
    QString all;
    for (const auto& run : queue_->runs()) all += run.name;
    return all;
  }
  const QueuedRun& run(const QString& name) const {
    for (const auto& one : queue_->runs()) {
      if (one.name == name) return one;
    }
    qFatal("no run %s", qPrintable(name));
  }
  QTreeView* view() const { return panel_->view(); }
  /// As another program does.
  void change(const std::function<void(queue::Queue&)>& change) const {
    queue::QueueFile(at("queue.json").toStdString()).change([&](queue::Queue& state, const auto&) { change(state); });
  }
  /// Drags these rows to before a row, or to below the last. False where the list does not take them.
  bool drag(const QList<int>& rows, int before) {
    QModelIndexList indexes;
    for (const int row : rows) indexes << panel_->model()->index(row, 0) << panel_->model()->index(row, 1);
    const std::unique_ptr<QMimeData> data(panel_->model()->mimeData(indexes));
    return bring(*data, before);
  }
  bool bring(const QMimeData& data, int before) {
    const int count = panel_->model()->rowCount();
    const QRect row = view()->visualRect(panel_->model()->index(std::min(before, count - 1), 0));
    const QPoint to = before < count ? row.topLeft() + QPoint(8, 1) : row.bottomLeft() + QPoint(8, 24);
    QDragEnterEvent enter(to, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view()->viewport(), &enter);
    QDragMoveEvent move(to, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view()->viewport(), &move);
    if (!enter.isAccepted() || !move.isAccepted()) return false;
    QDropEvent drop(to, Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view()->viewport(), &drop);
    QCoreApplication::processEvents();
    return true;
  }

 private Q_SLOTS:
  void init() {
    qputenv("BANDSCOPE_ENGINE", "/bin/false");
    folder_ = std::make_unique<QTemporaryDir>();
    queue_ = std::make_unique<RunQueue>(at("queue.json"));
    for (const QString name : {"a", "b", "c", "d"}) {
      QFile spec(at(name + ".toml"));
      QVERIFY(spec.open(QIODevice::WriteOnly));
      spec.write("[run]\nname = \"" + name.toUtf8() +
                 "\"\ndevice = \"cpu\"\n[model]\npath = \"/m\"\n[data]\ntrain = \"/d.jsonl\"\n");
      spec.close();
      queue_->add(spec.fileName(), at("runs"), RunQueue::Placing::wait);
    }
    undo_ = std::make_unique<QUndoStack>();
    panel_ = std::make_unique<QueuePanel>(queue_.get(), undo_.get());
    panel_->resize(320, 260);
    panel_->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel_.get()));
  }
  void cleanup() {
    panel_.reset();
    undo_.reset();
    queue_.reset();
  }

  void rowsAreDraggedIntoAnotherOrder() {
    QVERIFY(drag({3}, 0));
    QCOMPARE(names(), QStringLiteral("dabc"));
    QVERIFY(drag({0}, 2));
    QCOMPARE(names(), QStringLiteral("adbc"));
    QVERIFY(drag({0, 2}, 4));  // below the last, two that are apart
    QCOMPARE(names(), QStringLiteral("dcab"));
    QVERIFY(drag({1}, 1));  // onto itself
    QCOMPARE(names(), QStringLiteral("dcab"));
    QCOMPARE(panel_->model()->rowCount(), 4);  // a move removes nothing
    undo_->undo();
    undo_->undo();
    undo_->undo();
    QCOMPARE(names(), QStringLiteral("abcd"));
    undo_->redo();
    QCOMPARE(names(), QStringLiteral("dabc"));
  }

  void whatIsNoQueuedRunIsNotTaken() {
    QMimeData text;
    text.setText("a");
    QVERIFY(!bring(text, 0));
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile("/d.jsonl")});
    QVERIFY(!bring(files, 0));
    QCOMPARE(names(), QStringLiteral("abcd"));
    QCOMPARE(undo_->count(), 0);
  }

  void theMouseBeginsADragOfAWaitingRun() {
    const QPoint from = view()->visualRect(panel_->model()->index(1, 0)).center();
    const auto send = [&](QEvent::Type type, QPoint to, Qt::MouseButton button, Qt::MouseButtons buttons) {
      QMouseEvent event(type, to, view()->viewport()->mapToGlobal(to), button, buttons, Qt::NoModifier);
      QCoreApplication::sendEvent(view()->viewport(), &event);
    };
    send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    QVERIFY(view()->selectionModel()->isRowSelected(1));
    for (int step = 1; step <= 4; ++step)
      send(QEvent::MouseMove, from + QPoint(0, 10 * step), Qt::NoButton, Qt::LeftButton);
    QVERIFY(view()->findChild<QDrag*>());  // it is let go in a moment
    send(QEvent::MouseButtonRelease, from + QPoint(0, 40), Qt::LeftButton, Qt::NoButton);
    QCOMPARE(names(), QStringLiteral("abcd"));
    // One that is being trained stays where it is.
    change([](queue::Queue& state) {
      state.runs[0].state = QueuedRun::State::running;
      state.runs[0].pid = QCoreApplication::applicationPid();
    });
    const auto flags = [&](int row) { return panel_->model()->flags(panel_->model()->index(row, 0)); };
    QVERIFY(flags(1) & Qt::ItemIsDragEnabled);
    queue_->label(record("b"), {true, {}, {}});  // reads the file again
    QVERIFY(!(flags(0) & Qt::ItemIsDragEnabled));
  }

  void aPausedQueueSaysHowToStartIt() {
    auto* button = panel_->findChild<QToolButton*>("pause-queue");
    QVERIFY(queue_->paused());
    const auto labels = panel_->findChildren<QLabel*>();
    QVERIFY(
        std::any_of(labels.begin(), labels.end(), [](QLabel* label) { return label->text().contains("4 paused"); }));
    QCOMPARE(button->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    QVERIFY(button->text().contains("Start") && !button->accessibleName().isEmpty());
    // What was asked for does not wait for the pause to end, and its row says so.
    change([](queue::Queue& state) {
      queue::QueuedRun running = state.runs[0];
      running.id = "running";
      running.name = "r";
      running.state = QueuedRun::State::starting;
      running.spec = "/none";
      state.runs.insert(state.runs.begin(), running);
      state.runs[1].asked = true;
    });
    queue_->label(record("b"), {true, {}, {}});
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](QLabel* label) { return label->text().contains("1 waiting · 3 paused"); }));
    const auto status = [&](int row) { return panel_->model()->index(row, QueueModel::Status).data().toString(); };
    QCOMPARE(status(1), QStringLiteral("next on cpu"));
    QCOMPARE(status(2), QStringLiteral("2 for cpu"));
  }

  void labelsOfWaitingRunsAreKept() {
    const RunLabels labels{true, {"baseline", "paper"}, "to compare"};
    QCOMPARE(queue_->labels(record("b")), std::optional(RunLabels()));
    QVERIFY(!queue_->labels(record("z")));
    QSignalSpy changed(queue_.get(), &RunQueue::changed);
    queue_->label(record("b"), labels);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(queue_->entries()[1]->labels, labels);
    // Another window reads them in the same file; an undone removal brings them back.
    RunQueue other(at("queue.json"));
    other.tick();
    QCOMPARE(other.labels(record("b")), std::optional(labels));
    const auto taken = queue_->take({run("b").id});
    QVERIFY(!queue_->labels(record("b")));
    queue_->put(taken);
    QCOMPARE(queue_->labels(record("b")), std::optional(labels));
    QVERIFY(!QFile::exists(labels_file(record("b"))));  // there is no folder yet
    QVERIFY_EXCEPTION_THROWN(queue_->label(record("z"), labels), Error);
  }

  void aFolderGetsTheLabelsOfItsRun() {
    const RunLabels labels{true, {"paper"}, {}};
    queue_->label(record("a"), labels);
    // As when its engine has made the folder and the record, and lives.
    QVERIFY(QDir().mkpath(at("runs/a")));
    QFile made(record("a"));
    QVERIFY(made.open(QIODevice::WriteOnly) && made.write("record") > 0);
    made.close();
    write_engine_process(at("runs/a").toStdString(), this_process());
    change([](queue::Queue& state) {
      state.runs[0].state = QueuedRun::State::running;
      QVERIFY(queue::settle(state).empty());  // as its keeper does
    });
    queue_->tick();
    QCOMPARE(names(), QStringLiteral("bcd"));  // its process is gone: it has left the queue
    QCOMPARE(read_labels(record("a")), labels);
    QVERIFY(!queue_->labels(record("a")));
  }

  void aWaitingRunGetsAnotherName() {
    queue_->label(record("b"), {true, {}, {}});
    FoundRecord now;
    bool first = true;
    connect(queue_.get(), &RunQueue::changed, this, [&] { first = first && !now.record.isEmpty(); });
    const auto rename = [&](const QString& from, const QString& to) {
      queue_->rename(record(from), to, [&](const FoundRecord& found) { now = found; });
    };
    rename("b", "better");
    QVERIFY(first);  // whoever follows the run hears of its new record before the list changes
    QCOMPARE(now.record, record("better"));
    QCOMPARE(names(), QStringLiteral("abettercd"));
    QVERIFY(run("better").labels.starred);
    QCOMPARE(load_run_specs(run("better").spec.toStdString()).front().run.name, std::string("better"));
    QCOMPARE(queue_->entries()[1]->title(), QStringLiteral("better"));
    QVERIFY(QDir().mkpath(at("runs/there")));
    for (const QString taken : {"a", "there", "", "x/y", ".hidden"}) {
      QVERIFY_EXCEPTION_THROWN(rename("better", taken), Error);
    }
    QVERIFY_EXCEPTION_THROWN(rename("b", "e"), Error);
    QCOMPARE(names(), QStringLiteral("abettercd"));
  }
};

QTEST_MAIN(TestQueueList)
#include "test_queue_list.moc"
