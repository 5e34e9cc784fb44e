// SPDX-License-Identifier: Apache-2.0
// `bandscope-engine serve --stdio` as a window uses it: over pipes, with runs that it starts, steers and copies.
#include <QTest>
#include <fstream>
#include <set>

#include "core/input/file.h"
#include "core/mirror/mirror_feed.h"
#include "core/record/run_folder.h"
#include "core/serve/base64.h"
#include "tests/core/record_rows.h"
#include "tests/training/engine_box.h"
#include "tests/training/serve_process.h"

using namespace bandscope;
using engine_test::EngineBox;
using engine_test::eventually;
using serve_test::ServeProcess;
using wire::Ask;
using wire::Json;
using wire::Outcome;

#define ANSWERED(outcome)                                                       \
  do {                                                                          \
    const Outcome& got = (outcome);                                             \
    QVERIFY2(got.kind == Outcome::Kind::answered, got.words.english().c_str()); \
  } while (false)

namespace {

const QString engine = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");

void serve(const EngineBox& box, ServeProcess& server) {
  server.start(engine,
               {"serve", "--stdio", "--runs", box.path("runs"), "--data", engine_test::golden(""), "--models",
                engine_test::golden("models")},
               box.environment);
}

}  // namespace

class TestServeProgram : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void it_says_what_it_is_and_ends_with_its_input() {
    const EngineBox box;
    ServeProcess server;
    serve(box, server);
    QVERIFY(server.ready());
    QVERIFY(server.client.hello().roots == (std::vector<std::string>{"runs", "data/0", "models/0"}));
    QVERIFY(server.client.hello().devices.front().memory > 0);
    server.process.write("nonsense\n");
    server.process.write(QByteArray(int(wire::kLongestLine) + 10, 'x') + "\n");
    const Outcome folder = server.ask(Ask::folder, {{"root", "models/0"}, {"path", ""}});
    // The two refusals have no id, so they are answers to nothing.
    QVERIFY(!folder.answered());
    server.cut();
    serve(box, server);
    QVERIFY(server.ready());
    const Outcome models = server.ask(Ask::folder, {{"root", "models/0"}, {"path", ""}});
    ANSWERED(models);
    QVERIFY(models.fields.at("items").at(0).at("model").get<bool>());
    server.process.closeWriteChannel();
    QVERIFY(server.process.waitForFinished());
    QCOMPARE(server.process.exitCode(), 0);
  }

  void bad_folders_are_refused() {
    const EngineBox box;
    FAILS(box.run({"serve", "--runs", box.path("runs")}), 2, "stdio");
    FAILS(box.run({"serve", "--stdio", "--data", box.path("none")}), 2, "none");
    box.write("file", "");
    FAILS(box.run({"serve", "--stdio", "--runs", box.path("file")}), 3, "is no folder");
  }

  void a_run_is_planned_started_steered_and_copied() {
    const EngineBox box;
    const QString spec = box.spec("far");
    const std::string toml = engine_test::contents(spec).replace("steps = 10", "steps = 100000").toStdString();
    ServeProcess server;
    server.keep_pushes();
    serve(box, server);
    QVERIFY(server.ready());
    const Outcome plan = server.ask(Ask::plan, {{"spec", toml}});
    ANSWERED(plan);
    QCOMPARE(plan.fields.at("plans").size(), std::size_t{1});
    const Outcome started = server.ask(Ask::start, {{"spec", toml}});
    ANSWERED(started);
    QCOMPARE(started.fields.at("runs").at(0).get<std::string>(), std::string("far"));
    QVERIFY(eventually([&] { return engine_test::steps_of(box.file("runs/far/run.h5")) > 2; }));

    mirror::MirrorFeed feed(server.client, box.file("cache/far"), "far", ServeProcess::now);
    server.client.on_push = [&](const std::string& name, const Json& fields) {
      if (name == "grown") feed.pushed(fields);
    };
    feed.start();
    QVERIFY(server.until([&] { return feed.phase() == mirror::MirrorFeed::Phase::level; }));
    const std::size_t before = engine_test::steps_of(box.file("cache/far/run.h5"));
    QVERIFY(server.until([&] { return feed.known()[0] > before + 3; }));

    const Outcome steered =
        server.ask(Ask::control, {{"run", "far"}, {"order", {{"v", 1}, {"command", "momentum"}, {"value", 0.5}}}});
    ANSWERED(steered);
    QVERIFY(!server.ask(Ask::control, {{"run", "far"}, {"order", {{"v", 1}, {"command", "fly"}}}}).answered());
    QVERIFY(!server.ask(Ask::remove, {{"run", "far"}}).answered());
    // The line goes; the run does not.
    server.cut();
    const std::size_t at_cut = engine_test::steps_of(box.file("runs/far/run.h5"));
    QVERIFY(eventually([&] { return engine_test::steps_of(box.file("runs/far/run.h5")) > at_cut + 2; }));
    serve(box, server);
    QVERIFY(server.ready());
    feed.start();
    const Outcome log = server.ask(Ask::log, {{"engine", started.fields.at("engine")}});
    ANSWERED(log);
    ANSWERED(server.ask(Ask::end, {{"run", "far"}}));
    QVERIFY2(server.until([&] { return feed.phase() == mirror::MirrorFeed::Phase::ended; }),
             feed.problem().english().c_str());
    QCOMPARE(feed.shown(), std::string("stopped"));
    SAME(engine_test::difference(box.file("runs/far/run.h5"), box.file("cache/far/run.h5")));
    const auto copy = RecordReader::open(box.file("cache/far/run.h5"));
    QVERIFY(engine_test::has_event(copy, "momentum", "0.5"));
    QCOMPARE(copy.steps(), engine_test::steps_of(box.file("runs/far/run.h5")));
    ANSWERED(server.ask(Ask::remove, {{"run", "far"}}));
  }

  void the_queue_goes_on_without_a_window() {
    const EngineBox box;
    ServeProcess server;
    serve(box, server);
    QVERIFY(server.ready());
    ANSWERED(server.ask(Ask::queue_set, {{"paused", true}}));
    for (const char* name : {"one", "two", "three"})
      ANSWERED(server.ask(Ask::queue, {{"spec", engine_test::contents(box.spec(name)).toStdString()}}));
    QVERIFY(!server.ask(Ask::queue, {{"spec", engine_test::contents(box.spec("two")).toStdString()}}).answered());
    Json runs = server.ask(Ask::queued).fields.at("queue").at("runs");
    QCOMPARE(runs.size(), std::size_t{3});
    QVERIFY(!server.ask(Ask::queue_set, {{"at_once", {{"cpu", 0}}}}).answered());
    const Outcome set = server.ask(Ask::queue_set, {{"order", {runs.at(2).at("id"), runs.at(0).at("id")}},
                                                    {"take_out", {runs.at(1).at("id")}},
                                                    {"paused", false}});
    ANSWERED(set);
    runs = set.fields.at("queue").at("runs");
    QVERIFY(runs.size() == 2 && runs.at(0).at("name") == "three" && runs.at(1).at("name") == "one");
    server.cut();
    const auto done = [&](const char* name) {
      const auto record = box.file(QStringLiteral("runs/%1/run.h5").arg(name));
      return std::filesystem::exists(record) && RecordReader::open(record).state() == RunState::done;
    };
    QVERIFY(eventually([&] { return done("three") && done("one"); }));
    QVERIFY(!std::filesystem::exists(box.file("runs/two")));
    // One after the other, in the order that was set.
    const auto began = [&](const char* name) {
      return read_engine_process(box.file(QStringLiteral("runs/%1").arg(name)))->started;
    };
    const auto last = RecordReader::open(box.file("runs/three/run.h5")).heartbeat();
    QVERIFY(began("one") >= last);
    QVERIFY(eventually([&] { return !engine_test::contents(box.path("runs/.queue.json")).contains("\"id\""); }));
  }

  /// With scripts in place of Slurm's programs, of which sbatch starts what it is given.
  void runs_are_jobs_where_the_server_says_so() {
    EngineBox box;
    const auto script = [&](const QString& name, const QByteArray& text) {
      QFile::setPermissions(box.write("bin/" + name, "#!/bin/sh\n" + text), QFile::ReadOwner | QFile::ExeOwner);
    };
    const QByteArray top = (box.path("slurm") + "/").toUtf8();
    std::filesystem::create_directories(box.file("slurm"));
    // What follows the options is the template and its arguments; there is no srun here either.
    script("sbatch",
           "log=\nwhile :; do case $1 in --output=*) log=${1#--output=};; --job-name=*) name=${1#--job-name=};; "
           "-*) ;; *) break;; esac; shift; done\necho \"$name\" > " +
               top +
               "name\n"
               "setsid bash \"$@\" > \"$log\" 2>&1 < /dev/null &\necho $! > " +
               top + "pid\necho 41\n");
    script("srun", "shift\nexec \"$@\"\n");
    script("squeue", "[ -e " + top + "pid ] || exit 0\nstate=FAILED\nkill -0 $(cat " + top +
                         "pid) 2> /dev/null && state=RUNNING\necho \"41|$state|None|$(cat " + top + "name)\"\n");
    script("scancel", "echo \"$@\" > " + top + "cancelled\nkill -TERM $(cat " + top + "pid)\n");
    box.environment.insert("PATH", box.path("bin") + ":" + box.environment.value("PATH"));
    box.environment.insert("XDG_CONFIG_HOME", box.path("config"));
    ServeProcess server;
    server.start(engine,
                 {"serve", "--stdio", "--slurm", "--runs", box.path("runs"), "--data", engine_test::golden(""),
                  "--models", engine_test::golden("models")},
                 box.environment);
    QVERIFY(server.ready());
    QCOMPARE(server.client.hello().jobs, std::string("slurm"));
    const std::string toml =
        engine_test::contents(box.spec("far")).replace("steps = 10", "steps = 100000").toStdString();
    const Outcome started = server.ask(Ask::start, {{"spec", toml}});
    ANSWERED(started);
    QCOMPARE(started.fields.at("ids").size(), std::size_t{1});
    const auto entry = [&] { return server.ask(Ask::queued).fields.at("queue").at("runs"); };
    QVERIFY(eventually([&] { return entry().at(0).value("job", "") == "41"; }));
    QVERIFY(eventually([&] { return engine_test::steps_of(box.file("runs/far/run.h5")) > 2; }));
    QVERIFY(eventually([&] { return entry().at(0).at("state") == "running"; }));
    QVERIFY(!server.ask(Ask::remove, {{"run", "far"}}).answered());
    ANSWERED(server.ask(Ask::end, {{"run", "far"}}));
    QVERIFY(eventually([&] { return entry().empty(); }));
    QCOMPARE(engine_test::contents(box.path("slurm/cancelled")), QByteArray("--signal=TERM 41\n"));
    QCOMPARE(RecordReader::open(box.file("runs/far/run.h5")).state(), RunState::stopped);
  }

  void a_thousand_runs_are_listed() {
    const EngineBox box;
    record_rows::write_record(box.file("first.h5"), 3);
    const std::string spec = "[run]\nname = \"r\"\n[objective]\nname = \"dpo\"\n";
    constexpr int count = 1000;
    for (int i = 0; i < count; ++i) {
      const auto run = box.file("runs/sweep-" + QString::number(i / 100) + "/r" + QString::number(i));
      std::filesystem::create_directories(run);
      std::filesystem::copy(box.file("first.h5"), run / "run.h5");
      std::ofstream(run / "spec.toml") << spec;
    }
    ServeProcess server;
    std::set<std::string> read;
    server.client.on_push = [&](const std::string&, const Json& fields) {
      for (const Json& item : fields.at("runs"))
        if (item.at("read").get<bool>()) read.insert(item.at("run"));
    };
    serve(box, server);
    QVERIFY(server.ready());
    QElapsedTimer clock;
    clock.start();
    std::set<std::string> listed;
    int pages = 0;
    for (std::size_t first = 0; listed.size() < count; ++pages) {
      const Outcome page = server.ask(Ask::runs, {{"first", first}});
      ANSWERED(page);
      QVERIFY(!page.fields.at("runs").empty());
      for (const Json& item : page.fields.at("runs")) {
        listed.insert(item.at("run"));
        QCOMPARE(item.at("objective").get<std::string>(), std::string("dpo"));
      }
      first += page.fields.at("runs").size();
    }
    qInfo("1,000 runs listed in %lld ms, %d pages", clock.elapsed(), pages);
    QVERIFY(pages <= 4);  // round trips
    // They are read one after the other behind; what was read is known when the next window comes.
    ANSWERED(server.ask(Ask::watch));
    QVERIFY(server.until([&] { return read.size() >= 10; }));
    server.process.closeWriteChannel();
    QVERIFY(server.process.waitForFinished());
    server.client.lost(Message::plain("end"));
    serve(box, server);
    QVERIFY(server.ready());
    const Outcome again = server.ask(Ask::runs);
    ANSWERED(again);
    QCOMPARE(again.fields.at("runs").at(0).at("steps").get<int>(), 3);
  }
};

QTEST_GUILESS_MAIN(TestServeProgram)
#include "test_serve_program.moc"
