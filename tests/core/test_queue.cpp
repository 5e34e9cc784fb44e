// SPDX-License-Identifier: Apache-2.0
// The queue: its form in the file, the older forms of windows and servers, whose turn it is, and who keeps it.
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <thread>

#include "core/error.h"
#include "core/input/json.h"
#include "core/queue/keeper_place.h"
#include "core/queue/queue_file.h"

using namespace bandscope;
using namespace bandscope::queue;
using State = QueuedRun::State;
using Stop = QueuedRun::Stop;

namespace {

QueuedRun waiting(const std::string& name, const std::string& device = "cpu") {
  return {"id-" + name, name, "/runs", "/runs/.specs/" + name + ".toml", device};
}

std::string due_names(const Queue& queue) {
  std::string names;
  for (const std::size_t place : queue.due()) names += queue.runs[place].name;
  return names;
}

std::string names(const Queue& queue) {
  std::string all;
  for (const QueuedRun& run : queue.runs) all += run.name;
  return all;
}

}  // namespace

class TestQueue : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QueueFile file() const { return QueueFile(folder_.path().toStdString() + "/queue.json"); }

 private Q_SLOTS:
  void the_file_keeps_all_of_it() {
    Queue queue;
    queue.paused = true;
    queue.engine = "/opt/bandscope-engine";
    queue.at_once = {{"cpu", 2}, {"slurm", 5}};
    QueuedRun run = waiting("a");
    run.state = State::running;
    run.resumes = run.asked = run.now = true;
    run.stop = Stop::asked;
    run.pid = 4;
    run.ticks = 5;
    run.started = 6;
    run.host = "node1";
    run.log = "/log";
    run.reason = Message::tr("%1 takes no value", std::string("x"));
    run.job = "77";
    run.labels = {{"starred", true}, {"tags", {"paper"}}, {"note", "n"}};
    queue.runs = {run, waiting("b", "slurm")};
    file().change([&](Queue& kept, const QueueFile::Save&) { kept = queue; });
    QVERIFY(file().load() == queue);
    QCOMPARE(file().beside("lock").filename().string(), std::string("queue.lock"));
    QCOMPARE(queue_of_runs("/r").beside("keeper").string(), std::string("/r/.queue.keeper"));
  }

  void older_forms_are_read() {
    const auto read = [](const char* run) {
      return queue_from(
          parse_json(std::string(R"({"version": 1, "at_once": {"cuda": 3}, "runs": [)") + run + "]}", "q"), "q");
    };
    const char* start = R"({"id": "1", "name": "a", "runs": "/r", "spec": "/s", "device": "cuda", "state": "failed")";
    // A window's, which told engines itself, and a server's.
    Queue queue = read((std::string(start) + R"(, "stop": true, "before": 7, "labels": {"starred": false}})").c_str());
    QVERIFY(queue.runs[0].stop == Stop::told && queue.runs[0].labels.empty());
    QCOMPARE(queue.runs[0].device, std::string("cuda:0"));
    QCOMPARE(queue.limit("cuda:0"), 3);
    queue = read((std::string(start) + R"(, "stop": "told", "job": "12"})").c_str());
    QVERIFY(queue.runs[0].stop == Stop::told && queue.runs[0].job == "12");
    for (const char* wrong : {R"(, "labels": {"tags": 3}})", R"(, "job": "x"})"})
      QVERIFY_EXCEPTION_THROWN(read((std::string(start) + wrong).c_str()), DataError);
    QVERIFY_EXCEPTION_THROWN(read("3"), DataError);
    QVERIFY_EXCEPTION_THROWN(queue_from({{"version", 2}}, "q"), DataError);
  }

  void whose_turn_it_is() {
    Queue queue;
    queue.runs = {waiting("a"), waiting("b"), waiting("c", "cuda:0"), waiting("d", "slurm")};
    QCOMPARE(due_names(queue), std::string("ac"));
    queue.at_once["cpu"] = 2;
    QCOMPARE(due_names(queue), std::string("abc"));
    queue.runs[0].state = State::running;
    queue.at_once["cpu"] = 1;
    QCOMPARE(due_names(queue), std::string("c"));
    queue.paused = true;
    QCOMPARE(due_names(queue), std::string());
    QVERIFY(queue.needs_keeper());
    queue.runs[0].state = State::failed;
    QVERIFY(!queue.needs_keeper() && queue.busy());
    queue.runs[2].asked = true;
    QVERIFY(queue.needs_keeper());
    QCOMPARE(due_names(queue), std::string("c"));
    // At once comes before the others, and takes their room.
    queue.paused = false;
    queue.runs[0] = waiting("a");
    queue.runs[1].now = true;
    QCOMPARE(due_names(queue), std::string("bc"));
  }

  void what_is_put_in_and_taken_out() {
    Queue queue;
    queue.hold();
    QVERIFY(queue.paused);
    queue.append({waiting("a"), waiting("b"), waiting("c")});
    QVERIFY_EXCEPTION_THROWN(queue.append({waiting("b")}), SpecError);
    queue.runs[1].state = State::failed;
    queue.runs[1].labels = {{"starred", true}};
    QueuedRun again = waiting("b");
    again.id = "other";
    queue.append({again});
    QCOMPARE(names(queue), std::string("acb"));
    QVERIFY(queue.runs[2].labels == nlohmann::json({{"starred", true}}));
    queue.reorder({"other", "id-a"});
    QCOMPARE(names(queue), std::string("bac"));
    queue.runs[1].state = State::running;
    const Taken taken = queue.take({"other", "id-a", "id-c"});
    QCOMPARE(names(queue), std::string("a"));
    queue.put(taken);
    queue.put(taken);
    QCOMPARE(names(queue), std::string("bac"));
  }

  void changes_at_the_same_time_are_all_kept() {
    const QueueFile shared(folder_.path().toStdString() + "/shared.json");
    constexpr int each = 50;
    const auto add = [&](const std::string& letter) {
      for (int i = 0; i < each; ++i)
        shared.change([&](Queue& queue, const auto&) { queue.append({waiting(letter + std::to_string(i))}); });
    };
    std::thread one(add, "a"), two(add, "b");
    one.join();
    two.join();
    QCOMPARE(shared.load().runs.size(), std::size_t{2 * each});
    // Whoever does not wait for ever says so.
    shared.change([&](Queue&, const auto&) {
      QVERIFY_EXCEPTION_THROWN(shared.change([](Queue&, const auto&) {}, std::chrono::milliseconds(20)), QueueBusy);
    });
  }

  void a_file_that_cannot_be_understood_is_put_aside() {
    const QueueFile broken(folder_.path().toStdString() + "/broken.json");
    std::ofstream(broken.file()) << "{";
    QVERIFY_EXCEPTION_THROWN(broken.load(), DataError);
    const auto aside = broken.set_aside(std::chrono::seconds(1));
    QVERIFY(std::filesystem::exists(aside) && broken.load() == Queue());
    QVERIFY(broken.set_aside(std::chrono::seconds(1)).empty());
  }

  void one_process_keeps_it_and_says_what_is_wrong() {
    QVERIFY(!look_for_keeper(file()).there);
    auto place = KeeperPlace::take(file());
    QVERIFY(place && !KeeperPlace::take(file()));
    QVERIFY(look_for_keeper(file()).there && look_for_keeper(file()).problem.empty());
    const Message problem = Message::tr("%1 takes no value", std::string(200, 'x'));
    place->say(problem);
    QVERIFY(look_for_keeper(file()).problem == problem);
    place->say(Message::tr("%1 takes no value", std::string(10000, '\x01')));
    QVERIFY(!look_for_keeper(file()).problem.empty());
    place->say({});
    QVERIFY(look_for_keeper(file()).problem.empty());
    place->leave();
    QVERIFY(!look_for_keeper(file()).there);
    QVERIFY(KeeperPlace::take(file()));
    std::ofstream(file().beside("keeper")) << std::string(5000, '[');
    QVERIFY(!look_for_keeper(file()).there && look_for_keeper(file()).problem.empty());
  }
};

QTEST_APPLESS_MAIN(TestQueue)
#include "test_queue.moc"
