// SPDX-License-Identifier: GPL-3.0-or-later
// The process that keeps the queue going: without a window, beside several, killed, and kept from it.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>
#include <thread>

#include "app/language/translated.h"
#include "app/queue/queue_messages.h"
#include "app/queue/run_queue.h"
#include "core/error.h"
#include "core/queue/keeper_place.h"

using namespace bandscope;
using namespace bandscope::app;

class TestQueueKeeper : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;

  static constexpr auto start = RunQueue::Placing::start, wait = RunQueue::Placing::wait;
  QString at(const QString& name) const { return folder_->filePath(name); }
  QString runs() const { return at("runs"); }
  queue::QueueFile kept() const { return queue::QueueFile(at("queue.json").toStdString()); }
  /// Its process; 0: there is none. It leads its session.
  pid_t keeper() const {
    const auto look = queue::look_for_keeper(kept());
    return look.there ? pid_t(look.session) : 0;
  }
  void write(const QString& name, const QByteArray& text) const {
    QFile out(at(name));
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(text);
    QVERIFY(out.setPermissions(out.permissions() | QFile::ExeOwner | QFile::ExeUser));
  }
  QString spec(const QString& name) const {
    write(name + ".toml", "[run]\nname = \"" + name.toUtf8() +
                              "\"\ndevice = \"cpu\"\n[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n");
    return at(name + ".toml");
  }
  /// Notes start and end, writes a record, and goes on as long as there is a file `hold`. `keep` is what it does as
  /// keeper.
  void writeEngine(const QByteArray& keep = "exec " FAKE_ENGINE " \"$@\"") const {
    const QByteArray top = folder_->path().toUtf8();
    write("engine.sh", "#!/bin/bash\nif [ $1 = keep-queue ]; then " + keep +
                           "; fi\nname=${1##*/}; name=${name%-*}\necho \"+$name\" >> " + top +
                           "/order.txt\nmkdir -p \"$3/$name\"; echo record > \"$3/$name/run.h5\"\n"
                           "echo '{\"pid\": 1, \"start_ticks\": 1, \"host\": \"\", \"started\": '$(date +%s)'}' > "
                           "\"$3/$name/engine.json\"\nwhile [ -e " +
                           top + "/hold ]; do sleep 0.02; done\n[ -e " + top + " ] && echo \"-$name\" >> " + top +
                           "/order.txt\n");
  }
  QStringList order() const {
    QFile log(at("order.txt"));
    if (!log.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(log.readAll()).split('\n', Qt::SkipEmptyParts);
  }
  std::unique_ptr<RunQueue> window() const {
    auto queue = std::make_unique<RunQueue>(at("queue.json"));
    queue->setInterval(50);
    return queue;
  }

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    writeEngine();
    qputenv("BANDSCOPE_ENGINE", at("engine.sh").toUtf8());
  }
  void cleanup() {
    QFile::remove(at("hold"));
    if (const pid_t pid = keeper(); pid > 0) ::kill(pid, SIGTERM);
    QTRY_COMPARE(keeper(), 0);
    folder_.reset();
  }

  void threeRunsGoOnWithoutTheirWindow() {
    write("hold", "");
    auto queue = window();
    // What this program has open is not its keeper's.
    int pipe[2];
    QCOMPARE(::pipe(pipe), 0);
    for (const auto& name : {"a", "b", "c"}) queue->add(spec(name), runs(), start);
    QTRY_COMPARE(order(), QStringList{"+a"});
    queue.reset();
    const pid_t pid = keeper();
    QVERIFY(pid > 0 && ::getsid(pid) == pid && ::getsid(pid) != ::getsid(0));
    ::close(pipe[1]);
    char byte = 0;
    QCOMPARE(::fcntl(pipe[0], F_SETFL, O_NONBLOCK), 0);
    QCOMPARE(::read(pipe[0], &byte, 1), 0);  // its end, not "nothing yet"
    ::close(pipe[0]);
    ::kill(pid, SIGHUP);
    QFile::remove(at("hold"));
    QTRY_COMPARE(order(), (QStringList{"+a", "-a", "+b", "-b", "+c", "-c"}));
    QTRY_COMPARE(keeper(), 0);  // it ends with the queue
    QVERIFY(kept().load().runs.empty());
  }

  void windowsAndKeeperLoseNothingOfEachOther() {
    auto first = window(), second = window();
    first->setAtOnce("cpu", 8);
    constexpr int each = 12;
    // Windows of other programs, at the same time.
    const auto others = [&](const char* letter) {
      for (int i = 0; i < each; ++i) {
        queue::QueuedRun run;
        run.id = queue::fresh_id();
        run.name = letter + std::to_string(i);
        run.runs = runs().toStdString();
        run.device = "cpu";
        run.spec = at(QString::fromStdString(run.name) + "-x.toml").toStdString();
        kept().change([&](queue::Queue& state, const auto&) { state.append({run}); });
      }
    };
    std::thread one(others, "x"), two(others, "y");
    for (int i = 0; i < each; ++i) {
      const QString record = first->add(spec("f" + QString::number(i)), runs(), start).front();
      second->add(spec("s" + QString::number(i)), runs(), wait);
      second->setOrder(second->order());
      try {
        first->label(record, {true, {}, {}});
      } catch (const Error&) {
        // It has ended already.
      }
      QCoreApplication::processEvents();
    }
    one.join();
    two.join();
    first->setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(first->runs().empty() && second->runs().empty(), 30000);
    auto all = order().filter("+");
    QCOMPARE(all.size(), 4 * each);
    all.removeDuplicates();
    QCOMPARE(all.size(), 4 * each);
    QVERIFY(first->trouble().empty());
  }

  void aKilledKeeperIsReplacedAndNothingStartsTwice() {
    write("hold", "");
    auto queue = window();
    for (const auto& name : {"a", "b"}) queue->add(spec(name), runs(), start);
    QTRY_COMPARE(order(), QStringList{"+a"});
    QTRY_VERIFY(kept().load().runs[0].pid > 0);
    const pid_t killed = keeper();
    ::kill(killed, SIGKILL);
    QTRY_VERIFY(keeper() != 0 && keeper() != killed);  // by the window's next look
    QVERIFY(queue->trouble().empty());
    queue.reset();
    // As if it had ended between marking the run and starting its engine, and before noting its process.
    ::kill(keeper(), SIGKILL);
    QTRY_COMPARE(keeper(), 0);
    const auto pid = kept().load().runs[0].pid;
    kept().change([](queue::Queue& state, const auto&) {
      state.runs[0].state = QueuedRun::State::starting;
      state.runs[0].pid = state.runs[0].ticks = 0;
    });
    queue = window();
    QTRY_VERIFY(!queue->runs().empty() && queue->runs()[0].state == QueuedRun::State::running);
    QCOMPARE(kept().load().runs[0].pid, pid);
    QCOMPARE(queue->runs().size(), std::size_t(2));
    QFile::remove(at("hold"));
    QTRY_COMPARE(order(), (QStringList{"+a", "-a", "+b", "-b"}));
    QTRY_VERIFY(queue->runs().empty());
  }

  void thereIsOneKeeperForAllWindows() {
    write("hold", "");
    auto first = window(), second = window();
    first->add(spec("a"), runs(), start);
    second->add(spec("b"), runs(), start);
    QTRY_COMPARE(order(), QStringList{"+a"});
    const pid_t pid = keeper();
    QVERIFY(pid > 0);
    QTest::qWait(200);
    QCOMPARE(keeper(), pid);
    QVERIFY(first->trouble().empty() && second->trouble().empty());
    QCOMPARE(order(), QStringList{"+a"});
  }

  void anEngineThatIsMissingOrTooOldIsSaid() {
    qputenv("BANDSCOPE_ENGINE", at("none").toUtf8());
    auto queue = window();
    QSignalSpy said(queue.get(), &RunQueue::said);
    const auto records = queue->add(spec("a"), runs(), start);
    QCOMPARE(said.size(), 1);
    QVERIFY2(said[0][0].toString().startsWith("Waiting runs do not start: BANDSCOPE_ENGINE names"),
             qPrintable(said[0][0].toString()));
    QVERIFY(placed_text(*queue, records, start).isEmpty());
    QCOMPARE(queue->runs()[0].state, QueuedRun::State::waiting);
    // One that knows no such command.
    writeEngine("echo 'bandscope-engine: --queue was not expected' >&2; exit 2");
    qputenv("BANDSCOPE_ENGINE", at("engine.sh").toUtf8());
    QTRY_COMPARE(said.size(), 2);
    const QString text = said[1][0].toString();
    QVERIFY2(text.contains("too old") && text.contains("--queue was not expected"), qPrintable(text));
    QTest::qWait(200);
    QCOMPARE(said.size(), 2);  // once
    QVERIFY(order().isEmpty());
    // Another one is tried at once.
    writeEngine();
    QVERIFY(QFile::rename(at("engine.sh"), at("newer.sh")));
    qputenv("BANDSCOPE_ENGINE", at("newer.sh").toUtf8());
    queue->useEngine();
    QTRY_COMPARE(order(), (QStringList{"+a", "-a"}));
    QTRY_VERIFY(queue->runs().empty());
    QVERIFY(queue->trouble().empty());
  }

  void aFullDiskIsSaidAndOvercome() {
    // What is larger than this cannot be written; the signal that says so is ignored, as programs of ours do.
    writeEngine("trap '' XFSZ; ulimit -f 8; exec " FAKE_ENGINE " \"$@\"");
    auto queue = window();
    for (int i = 0; i < 60; ++i) queue->add(spec("r" + QString::number(i)), runs(), wait);
    QSignalSpy said(queue.get(), &RunQueue::said);
    queue->setPaused(false);
    QTRY_COMPARE(said.size(), 1);
    QVERIFY2(said[0][0].toString().contains("cannot be written"), qPrintable(said[0][0].toString()));
    QVERIFY(queue->trouble() == queue::look_for_keeper(kept()).problem);
    QVERIFY(order().isEmpty());  // none that the file does not know of
    QCOMPARE(queue->waiting(), 60);
    queue->take(queue->order().mid(1));
    QTRY_COMPARE_WITH_TIMEOUT(order(), (QStringList{"+r0", "-r0"}), 10000);
    QTRY_VERIFY(queue->trouble().empty());
  }

  void anOlderFileIsTaken() {
    spec("a");
    write("queue.json",
          "{\"version\": 1, \"paused\": false, \"at_once\": {\"cpu\": 2}, \"runs\": [{\"id\": "
          "\"{12}\", \"name\": \"a\", \"runs\": \"" +
              runs().toUtf8() + "\", \"spec\": \"" + at("a.toml").toUtf8() +
              "\", \"device\": \"cpu\", \"state\": \"running\", \"pid\": 999999999, \"start_ticks\": 4, "
              "\"started\": 5, \"before\": 3, \"stop\": true, \"labels\": {\"starred\": true}}]}");
    auto queue = window();
    QTRY_VERIFY(!queue->runs().empty() && queue->runs()[0].state == QueuedRun::State::failed);
    QCOMPARE(translated(queue->runs()[0].reason), QStringLiteral("stopped before it had a record"));
    QVERIFY(queue->runs()[0].labels.starred);
    QCOMPARE(queue->atOnce("cpu"), 2);
  }
};

QTEST_MAIN(TestQueueKeeper)
#include "test_queue_keeper.moc"
