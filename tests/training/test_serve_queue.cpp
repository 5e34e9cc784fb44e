// SPDX-License-Identifier: Apache-2.0
// A queue whose keeper or server is short of something, or whose folder others have put links and locks into; and specs
// of runs that are started at once.
#include <dlfcn.h>
#include <unistd.h>

#include <QCoreApplication>
#include <cerrno>
#include <set>

#include "core/error.h"
#include "core/record/run_folder.h"
#include "tests/training/served_folders.h"
#include "training/queue/keeper.h"
#include "training/serve/launcher.h"
#include "training/serve/queue_requests.h"

using namespace bandscope;
using namespace bandscope::queue;
using serve_test::Json;
using serve_test::put;
namespace fs = std::filesystem;
using State = QueuedRun::State;

namespace {

bool no_more_processes = false;

}  // namespace

/// In place of the C library's: fails as it does where there are as many processes as there may be.
extern "C" pid_t fork() {
  static const auto library = reinterpret_cast<pid_t (*)()>(::dlsym(RTLD_NEXT, "fork"));
  if (!no_more_processes) return library();
  errno = EAGAIN;
  return -1;
}

class TestServeQueue : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  fs::path top_ = fs::canonical(folder_.path().toStdString());

  /// A folder of runs of its own.
  fs::path fresh_runs() const {
    static int number = 0;
    const fs::path runs = top_ / ("runs" + std::to_string(++number));
    fs::create_directories(runs / ".specs");
    return runs;
  }
  static QueuedRun waiting(const fs::path& runs, const std::string& name, const std::string& device) {
    return {fresh_id(), name, runs.string(), (runs / ".specs" / (name + ".toml")).string(), device};
  }
  static RunSpec spec(const std::string& name) {
    RunSpec spec;
    spec.run.name = name;
    spec.run.device = "cpu";
    return spec;
  }

 private Q_SLOTS:
  void a_run_waits_for_want_of_processes() {
    const fs::path runs = fresh_runs();
    Queue queue, kept;
    queue.runs = {waiting(runs, "a", "cpu"), waiting(runs, "b", "cpu"), waiting(runs, "c", "cuda:0")};
    queue.runs[1].now = true;
    queue.engine = "/bin/true";
    const auto save = [&](const Queue& now) { kept = now; };
    no_more_processes = true;
    const Queue before = queue;
    QVERIFY_EXCEPTION_THROWN(take_turns(queue, save), RunError);
    no_more_processes = false;
    QVERIFY(queue == before && kept == before);
    take_turns(queue, save);
    QVERIFY(queue.runs[0].state == State::waiting);  // b has the room
    QVERIFY(queue.runs[1].state == State::running && queue.runs[1].pid > 0 && !queue.runs[1].now);
    QCOMPARE(queue.runs[1].host, this_process().host);
    QVERIFY(queue.runs[2].state == State::running);
    // What is no program will be none in a moment either.
    queue.runs = {waiting(runs, "d", "cpu")};
    queue.engine = (top_ / "none").string();
    take_turns(queue, save);
    QVERIFY(queue.runs[0].state == State::failed && kept.runs[0].state == State::failed);
  }

  void a_folder_that_cannot_be_written_holds_up_its_own_runs_only() {
    const fs::path bad = fresh_runs(), good = fresh_runs();
    put(bad / ".logs", "a file");
    Queue queue, kept;
    queue.runs = {waiting(bad, "a", "cpu"), waiting(good, "b", "cuda:0")};
    queue.engine = "/bin/true";
    QVERIFY_EXCEPTION_THROWN(take_turns(queue, [&](const Queue& now) { kept = now; }), RunError);
    QVERIFY(kept.runs[0].state == State::waiting && kept.runs[1].state == State::running);
    fs::remove(bad / ".logs");
    take_turns(queue, [&](const Queue& now) { kept = now; });
    QVERIFY(kept.runs[0].state == State::running);
  }

  void nothing_is_written_through_links() {
    const fs::path runs = fresh_runs(), elsewhere = top_ / "elsewhere";
    fs::create_directories(elsewhere);
    fs::remove_all(runs / ".specs");
    for (const char* name : {".specs", ".logs"}) fs::create_directory_symlink(elsewhere, runs / name);
    const QueueFile file = queue_of_runs(runs);
    QVERIFY_EXCEPTION_THROWN(add_to_queue(file, {spec("a")}), RunError);
    QVERIFY(file.load().runs.empty());
    fs::remove(runs / ".specs");
    add_to_queue(file, {spec("a")});
    QVERIFY_EXCEPTION_THROWN(ensure_keeper(file), RunError);
    Queue queue = file.load();
    QVERIFY_EXCEPTION_THROWN(take_turns(queue, [](const Queue&) {}), RunError);
    QVERIFY(queue.runs.at(0).state == State::waiting);
    QVERIFY(fs::is_empty(elsewhere));
  }

  void what_the_server_queues_is_what_its_file_gives_back() {
    const fs::path runs = fresh_runs();
    const QueueFile file = queue_of_runs(runs);
    const std::string longest(200, 'n');
    add_to_queue(file, {spec("a b"), spec(longest)});
    Queue queue = file.change([](Queue& now, const QueueFile::Save& save) {
      now.engine = "/bin/true";
      take_turns(now, save);
    });
    QCOMPARE(queue.runs.size(), std::size_t{2});
    QVERIFY(!queue.runs[0].log.empty());
    queue.engine.clear();
    QVERIFY(file.load() == queue);
  }

  void a_lock_that_another_keeps_is_a_refusal() {
    const fs::path runs = fresh_runs();
    serve::QueueRequests requests(runs, Start::process, std::chrono::milliseconds(20));
    const QueueFile file = queue_of_runs(runs);
    file.change([&](Queue&, const QueueFile::Save&) {
      QVERIFY_EXCEPTION_THROWN(requests.add({spec("a")}), QueueBusy);
      QVERIFY_EXCEPTION_THROWN(requests.set({1, wire::Ask::queue_set, Json{{"paused", true}}}), QueueBusy);
    });
    QVERIFY(file.load() == Queue());
  }

  void each_start_has_a_spec_of_its_own() {
    const fs::path runs = fresh_runs();
    fs::create_directories(runs / "a");
    fs::create_directories(runs / "b");
    const serve::Roots roots(runs, {}, {});
    const serve::Launcher launcher(roots);
    fs::create_directories(runs / "model");
    put(runs / "rows.jsonl", "{}\n");
    const auto start = [&](const std::string& in, int steps) {
      launcher.start("[run]\nname = \"dpo\"\n[model]\npath = \"" + (runs / "model").string() +
                         "\"\n[data]\ntrain = \"" + (runs / "rows.jsonl").string() +
                         "\"\n[training]\nsteps = " + std::to_string(steps) + "\n",
                     in);
    };
    start("a", 3);
    start("b", 4);
    std::set<std::int64_t> steps;
    for (const auto& entry : fs::directory_iterator(runs / ".specs"))
      steps.insert(load_run_specs(entry.path()).at(0).training.steps.value());
    QVERIFY(steps == (std::set<std::int64_t>{3, 4}));
  }
};

/// Engines and keepers that are started here are this program again.
int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::string(argv[i]) == "--runs") return 0;
  TestServeQueue test;
  const QCoreApplication application(argc, argv);
  return QTest::qExec(&test, argc, argv);
}
#include "test_serve_queue.moc"
