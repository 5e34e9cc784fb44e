// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <fstream>

#include "core/error.h"
#include "core/record/run_folder.h"

using namespace bandscope;

class TestRunFolder : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_engine_is_found_again() {
    const QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    QVERIFY(!read_engine_process(run));
    auto process = this_process();
    process.socket = "/run/user/0/bandscope-1";
    write_engine_process(run, process);
    const auto read = read_engine_process(run);
    QVERIFY(read);
    QCOMPARE(read->pid, static_cast<std::int64_t>(::getpid()));
    QCOMPARE(read->start_ticks, process.start_ticks);
    QVERIFY(read->start_ticks > 0);
    QCOMPARE(read->host, process.host);
    QCOMPARE(read->socket, process.socket);
    QCOMPARE(alive(*read), std::optional(true));
    std::ofstream(run / "engine.json") << "{\"pid\": \"twelve\"}";
    QVERIFY(!read_engine_process(run));
    QVERIFY_EXCEPTION_THROWN(write_engine_process(run / "missing", process), RunError);
  }

  void progress_is_a_hint_that_may_be_missing_or_broken() {
    const QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    QVERIFY(!read_run_progress(run));
    const RunProgress progress{"reference", 3, 6, 54.0}, unknown{"probe reference", 0, 6, std::nullopt};
    for (const auto& one : {progress, unknown}) {
      write_run_progress(run, one);
      const auto read = read_run_progress(run);
      QVERIFY(read && *read == one);
    }
    QVERIFY(!std::filesystem::exists(run / ".progress.json.new"));
    for (const char* text : {"", "[]", "{\"phase\": 1, \"done\": 0, \"total\": 1}",
                             "{\"phase\": \"reference\", \"done\": 7, \"total\": 6}",
                             "{\"phase\": \"reference\", \"done\": -1, \"total\": 6}"}) {
      std::ofstream(run / "progress.json") << text;
      QVERIFY2(!read_run_progress(run), text);
    }
    remove_run_progress(run);
    QVERIFY(!std::filesystem::exists(run / "progress.json"));
    write_run_progress(run / "missing", progress);  // says nothing
  }

  void runs_inside_a_folder_are_found_but_no_checkpoints() {
    const QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    const auto record = [&](const std::filesystem::path& own) {
      std::filesystem::create_directories(run / own);
      std::ofstream(run / own / "run.h5") << "x";
    };
    record(".");
    QVERIFY(runs_inside(run).empty());
    record("checkpoint-00000010");
    record(".specs/hidden");
    QVERIFY(runs_inside(run).empty());
    record("b/deep");
    record("a");
    QCOMPARE(runs_inside(run), (std::vector<std::filesystem::path>{run / "a", run / "b" / "deep"}));
    std::filesystem::create_directory_symlink(run / "a", run / "linked");
    QCOMPARE(runs_inside(run).size(), std::size_t{2});
    QVERIFY(runs_inside(run / "missing").empty());
  }

  void a_reused_pid_another_host_and_a_zombie_are_told_apart() {
    auto process = this_process();
    process.start_ticks += 1;
    QCOMPARE(alive(process), std::optional(false));
    process = this_process();
    process.host += "-other";
    QCOMPARE(alive(process), std::nullopt);

    const pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);  // ended, not yet reaped
    process = this_process();
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string field;
    for (int i = 0; i < 22; ++i) stat >> field;
    process.pid = child;
    process.start_ticks = std::stoll(field);
    QCOMPARE(alive(process), std::optional(false));
    ::waitpid(child, nullptr, 0);
    QCOMPARE(alive(process), std::optional(false));
  }

  void states_are_honest_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("alive");  // -1: not known
    QTest::addColumn<double>("age");
    QTest::addColumn<bool>("reason");
    QTest::addColumn<int>("shown");
    const auto row = [](const char* name, RunState state, int alive, double age, bool reason, ShownState shown) {
      QTest::newRow(name) << static_cast<int>(state) << alive << age << reason << static_cast<int>(shown);
    };
    row("running", RunState::running, 1, 5, false, ShownState::running);
    row("preparing", RunState::waiting, 1, 5, false, ShownState::preparing);
    row("paused", RunState::paused, 1, 5, false, ShownState::paused);
    row("stalled", RunState::running, 1, 61, false, ShownState::stalled);
    row("killed", RunState::running, 0, 5, false, ShownState::killed);
    row("killed while paused", RunState::paused, 0, 5000, false, ShownState::killed);
    row("elsewhere, beating", RunState::running, -1, 5, false, ShownState::running);
    row("elsewhere, silent", RunState::running, -1, 500, false, ShownState::stalled);
    row("failed", RunState::failed, 0, 500, true, ShownState::failed);
    row("crashed", RunState::failed, 0, 500, false, ShownState::crashed);
    row("done", RunState::done, 0, 50000, false, ShownState::done);
    row("stopped", RunState::stopped, 0, 50000, true, ShownState::stopped);
  }
  void states_are_honest() {
    QFETCH(int, state);
    QFETCH(int, alive);
    QFETCH(double, age);
    QFETCH(bool, reason);
    QFETCH(int, shown);
    const auto process = alive < 0 ? std::optional<bool>() : std::optional(alive == 1);
    QCOMPARE(static_cast<int>(shown_state(static_cast<RunState>(state), 1000, process, reason, 1000 + age)), shown);
    QVERIFY(!to_string(static_cast<ShownState>(shown)).empty());
  }
};

QTEST_GUILESS_MAIN(TestRunFolder)
#include "test_run_folder.moc"
