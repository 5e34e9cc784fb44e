// SPDX-License-Identifier: Apache-2.0
// A queue that others write in, or that other hosts start runs of, on disks that fail; and which record is a run's.
#include <sys/syscall.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

#include "core/error.h"
#include "core/queue/queue_file.h"
#include "core/queue/settle.h"
#include "core/record/run_folder.h"

using namespace bandscope;
using namespace bandscope::queue;
namespace fs = std::filesystem;
using State = QueuedRun::State;
using Stop = QueuedRun::Stop;

namespace {

int synced = 0;
std::function<bool()> at_sync;

}  // namespace

/// In place of the C library's: seen, and refused where the test says so.
extern "C" int fsync(int file) {
  ++synced;
  if (!at_sync || at_sync()) return static_cast<int>(::syscall(SYS_fsync, file));
  errno = EIO;
  return -1;
}

class TestQueueShared : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  fs::path folder() const { return fs::canonical(folder_.path().toStdString()); }
  /// Of the queue of that folder, as the server makes it.
  QueuedRun own(const std::string& name, const std::string& device = "cpu") const {
    const fs::path runs = folder();
    return {"0123456789abcdef", name, runs.string(), (runs / ".specs" / (name + ".toml")).string(), device};
  }
  /// As any other program may.
  static void write(const QueueFile& file, const Queue& queue) { std::ofstream(file.file()) << to_json(queue).dump(); }

 private Q_SLOTS:
  void a_folder_of_runs_names_no_program_and_ends_no_process() {
    const QueueFile shared = queue_of_runs(folder());
    Queue queue;
    queue.engine = "/tmp/other";
    queue.runs = {own("a"), own("b", "slurm")};
    for (QueuedRun& run : queue.runs) {
      run.stop = Stop::asked;
      run.job = "7";
    }
    write(shared, queue);
    const Queue read = shared.load();
    QVERIFY(read.engine.empty() && read.runs[0].stop == Stop::no && read.runs[1].stop == Stop::asked);
    QVERIFY(read.runs[0].job.empty() && read.runs[1].job == "7");
  }

  void a_folder_of_runs_names_nothing_outside() {
    const QueueFile shared = queue_of_runs(folder());
    const auto kept = [&](const std::function<void(QueuedRun&)>& change) {
      Queue queue;
      queue.runs = {own("a")};
      change(queue.runs[0]);
      write(shared, queue);
      queue = shared.load();
      return queue.runs.empty() ? std::optional<QueuedRun>() : queue.runs[0];
    };
    const std::string top = folder().string(), specs = top + "/.specs/";
    QVERIFY(kept([](QueuedRun&) {}) == own("a"));
    for (const char* runs : {"/elsewhere", "elsewhere", "/", "/proc/self/root"})
      QVERIFY2(!kept([&](QueuedRun& run) { run.runs = runs; }), runs);
    for (const std::string& spec : {std::string("/any.toml"), top + "/a.toml", specs, specs + "..", specs + "../a.toml",
                                    specs + "a/b.toml", specs + ".hidden"})
      QVERIFY2(!kept([&](QueuedRun& run) { run.spec = spec; }), spec.c_str());
    for (const char* name : {"../x", "/x", "..", ".x", "x\ny"})
      QVERIFY2(!kept([&](QueuedRun& run) { run.name = name; }), name);
    // Jobs are known by names of which it is a part.
    for (const char* id : {"h", "0123456789abcdeX", "0123456789abcdef0"})
      QVERIFY2(!kept([&](QueuedRun& run) { run.id = id; }), id);
    for (const std::string& log : {std::string("/home/you/.netrc"), top + "/.logs/../a", top + "/.logs/.a"})
      QCOMPARE(kept([&](QueuedRun& run) { run.log = log; })->log, std::string());
    QCOMPARE(kept([&](QueuedRun& run) { run.log = top + "/.logs/a.txt"; })->log, top + "/.logs/a.txt");
    // Another way to the folder leads to the same runs.
    fs::create_directory_symlink(folder(), top + ".link");
    const auto moved = kept([&](QueuedRun& run) {
      run.runs = top + ".link";
      run.spec = top + ".link/.specs/a.toml";
      run.log = top + ".link/.logs/a.txt";
    });
    fs::remove(top + ".link");
    QVERIFY(moved && moved->runs == top && moved->spec == own("a").spec && moved->log == top + "/.logs/a.txt");
  }

  void what_is_quoted_is_no_link() {
    QueuedRun run = own("a");
    fs::create_directories(folder() / ".logs");
    std::ofstream(folder() / "secret") << "secret\n";
    run.log = (folder() / ".logs/a.txt").string();
    std::ofstream(run.log) << "words\n";
    QCOMPARE(why_unrecorded(run).english(), std::string("words"));
    fs::remove(run.log);
    fs::create_symlink(folder() / "secret", run.log);
    QVERIFY(why_unrecorded(run).english().find("secret") == std::string::npos);
    fs::remove_all(folder() / ".logs");
    fs::create_directory_symlink(folder(), folder() / ".logs");
    run.log = (folder() / ".logs/secret").string();
    QCOMPARE(why_unrecorded(run).english(), "the engine ended without a record; see " + run.log);
    fs::remove(folder() / ".logs");
  }

  void a_file_that_may_be_there_is_not_replaced() {
    const QueueFile lost((folder() / "lost.json").string());
    fs::create_symlink("lost.json", folder() / "lost.json");  // one that no system resolves
    QVERIFY_EXCEPTION_THROWN(lost.load(), RunError);
    QVERIFY_EXCEPTION_THROWN(lost.change([](Queue& queue, const auto&) { queue.paused = true; }), RunError);
    QVERIFY_EXCEPTION_THROWN(lost.set_aside(std::chrono::seconds(1)), RunError);
    QVERIFY(fs::is_symlink(folder() / "lost.json"));
  }

  void it_is_on_the_disk_before_it_takes_the_others_place() {
    const QueueFile file((folder() / "safe.json").string());
    file.change([](Queue& queue, const auto&) { queue.paused = true; });
    synced = 0;
    at_sync = [&] { return file.load().paused; };  // the old one is still there
    file.change([](Queue& queue, const auto&) { queue.paused = false; });
    at_sync = {};
    QCOMPARE(synced, 1);
    // What the disk does not take is no queue.
    at_sync = [] { return false; };
    QVERIFY_EXCEPTION_THROWN(file.change([](Queue& queue, const auto&) { queue.paused = true; }), RunError);
    at_sync = {};
    QVERIFY(!file.load().paused);
  }

  void a_record_is_known_by_its_process_or_its_time() {
    QueuedRun run = own("timed");
    const fs::path place = folder() / "timed";
    fs::create_directories(place);
    run.started = 1'000'000'000;
    run.pid = 999'999'999;
    run.ticks = 4;
    run.host = "node1";
    run.state = State::running;
    EngineProcess process{run.pid, run.ticks, run.host, "", 999'000};  // by a clock that was set back since
    write_engine_process(place, process);
    QVERIFY(!recorded(run));
    std::ofstream(run.record()) << "record";
    QVERIFY(recorded(run));
    process.start_ticks = 5;
    write_engine_process(place, process);
    QVERIFY(!recorded(run));
    process.started = 999'999;
    write_engine_process(place, process);
    QVERIFY(recorded(run));
    // A node's clock is another one.
    process.started = 999'970;
    write_engine_process(place, process);
    QVERIFY(!recorded(run));
    run.device = "slurm";
    QVERIFY(recorded(run));
    process.started = 999'000;
    write_engine_process(place, process);
    QVERIFY(!recorded(run));
  }

  void what_goes_on_at_another_host_goes_on() {
    Queue queue;
    queue.runs = {own("recorded"), own("preparing"), own("starting")};
    const fs::path place = folder() / "recorded";
    fs::create_directories(place);
    for (QueuedRun& run : queue.runs) {
      run.state = State::running;
      run.host = "another-host";
      run.pid = 999'999'999;
      run.ticks = 4;
      run.started = now_ms() - 1000;
    }
    queue.runs[2].state = State::starting;
    queue.runs[2].pid = queue.runs[2].ticks = 0;
    const EngineProcess process{999'999'999, 4, "another-host", "", static_cast<double>(now_ms()) / 1000};
    write_engine_process(place, process);
    std::ofstream(place / "run.h5") << "record";
    const Queue before = queue;
    settle(queue);
    QVERIFY(queue == before);
    QCOMPARE(queue.active("cpu"), 3);
    // Not for ever, where nobody is left to say that it has ended.
    for (QueuedRun& run : queue.runs) run.started -= 2 * 3'600'000;
    fs::last_write_time(place / "run.h5", fs::file_time_type::clock::now() - std::chrono::minutes(10));
    settle(queue);
    QCOMPARE(queue.runs.size(), std::size_t{2});
    QVERIFY(queue.runs[0].state == State::failed);
    QVERIFY(queue.runs[1].state == State::waiting && queue.runs[1].host.empty());
    // An older version said no host, and meant this one.
    queue.runs = {before.runs[1]};
    queue.runs[0].host.clear();
    settle(queue);
    QVERIFY(queue.runs[0].state == State::failed);
  }
};

QTEST_APPLESS_MAIN(TestQueueShared)
#include "test_queue_shared.moc"
