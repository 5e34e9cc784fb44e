// SPDX-License-Identifier: Apache-2.0
// Steering a run: the answers to good and bad request lines, and a live run that is paused, resumed, changed and
// stopped over its socket, with every change an event of its record.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QJsonDocument>
#include <QTest>
#include <map>
#include <thread>

#include "core/error.h"
#include "core/record/run_folder.h"
#include "tests/training/engine_box.h"
#include "training/control/server.h"

using namespace bandscope;
using namespace engine_test;

namespace {

QJsonObject answer(const char* line, control::CommandQueue& commands, const control::LiveStatus& status = {}) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(control::answer_control(line, commands, status))).object();
}

/// Step of the first event of this kind whose message has `part`; -1 without.
std::int64_t event_step(const RecordReader& record, const std::string& kind, const std::string& part) {
  for (const EventRow& event : record.event_rows())
    if (event.kind == kind && event.message.english().find(part) != std::string::npos) return event.step;
  return -1;
}

}  // namespace

class TestControl : public QObject {
  Q_OBJECT

  EngineBox box_;

 private Q_SLOTS:
  void good_lines() {
    control::CommandQueue commands;
    control::LiveStatus status;
    status.change([](control::LiveStatus::Values& values) {
      values.run = "näme \"quoted\"";
      values.state = "running";
      values.step = 3;
      values.steps = 9;
      values.settings = {true, 0.98, 5e-7};
    });
    const QJsonObject told = answer(R"({"v":1,"command":"status"})", commands, status);
    QCOMPARE(told["ok"].toBool(), true);
    QCOMPARE(told["run"].toString(), QString("näme \"quoted\""));
    QCOMPARE(told["state"].toString(), "running");
    QCOMPARE(told["step"].toInt(), 3);
    QCOMPARE(told["steps"].toInt(), 9);
    QCOMPARE(told["calibration"].toBool(), true);
    QCOMPARE(told["momentum"].toDouble(), 0.98);
    QCOMPARE(told["learning_rate"].toDouble(), 5e-7);
    QVERIFY(!commands.pop());

    const std::pair<const char*, Order::Kind> lines[] = {
        {R"({"v":1,"command":"pause"})", Order::Kind::pause},
        {R"({"v":1,"command":"resume"})", Order::Kind::resume},
        {R"({"v":1,"command":"stop"})", Order::Kind::stop},
        {R"({"v":1,"command":"checkpoint"})", Order::Kind::checkpoint}};
    for (const auto& [line, kind] : lines) {
      QVERIFY(answer(line, commands)["ok"].toBool());
      const auto order = commands.pop();
      QVERIFY(order && order->kind == kind);
    }
    QVERIFY(answer(R"({"v":1,"command":"calibration","enabled":true})", commands)["ok"].toBool());
    const auto is = [&](const char* name, LiveValue value) {
      const auto order = commands.pop();
      return order && order->kind == Order::Kind::set && order->setting->name == name && order->value == value;
    };
    QVERIFY(is("calibration", true));
    QVERIFY(answer(R"({"v":1,"command":"momentum","value":0})", commands)["ok"].toBool());
    QVERIFY(is("momentum", 0.0));
    QVERIFY(answer(R"({"v":1,"command":"learning_rate","value":1e-6,"more":[1]})", commands)["ok"].toBool());
    QVERIFY(is("learning_rate", 1e-6));
    QVERIFY(!commands.pop());
  }

  void bad_lines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("part");
    const auto row = [](const char* line, const char* part) {
      QTest::newRow(line) << QByteArray(line) << QString(part);
    };
    row("", "JSON");
    row("pause", "JSON");
    row("[1]", "JSON");
    row("{\"v\":1,\"command\":\"pause\"", "JSON");
    row(R"({"command":"pause"})", "\"v\"");
    row(R"({"v":2,"command":"pause"})", "\"v\"");
    row(R"({"v":"1","command":"pause"})", "\"v\"");
    row(R"({"v":1})", "command");
    row(R"({"v":1,"command":3})", "command");
    row(R"({"v":1,"command":"explode"})", "explode");
    row(R"({"v":1,"command":"calibration"})", "enabled");
    row(R"({"v":1,"command":"calibration","enabled":1})", "enabled");
    row(R"({"v":1,"command":"momentum"})", "value");
    row(R"({"v":1,"command":"momentum","value":"0.5"})", "value");
    row(R"({"v":1,"command":"momentum","value":1})", "range");
    row(R"({"v":1,"command":"momentum","value":-0.1})", "range");
    row(R"({"v":1,"command":"learning_rate","value":0})", "range");
    row(R"({"v":1,"command":"learning_rate","value":-1})", "range");
    row(R"({"v":1,"command":"learning_rate","value":1e400})", "");
    row("{\"v\":1,\"command\":\"\xff\xfe\"}", "");
  }
  void bad_lines() {
    QFETCH(QByteArray, line);
    QFETCH(QString, part);
    control::CommandQueue commands;
    const QJsonObject told = answer(line.constData(), commands);
    QCOMPARE(told["v"].toInt(), 1);
    QVERIFY(told["ok"].isBool() && !told["ok"].toBool());
    QVERIFY2(told["error"].toString().contains(part), qPrintable(told["error"].toString()));
    QVERIFY(!commands.pop());
  }

  void a_live_run() {
    const QString spec = box_.spec("steered", "tiny-llama-tied", "[calibration]\nenabled = true\nmomentum = 0.9\n");
    auto engine = box_.start(spec, "runs", {"training.steps=100000", "checkpoint.keep=5"});
    const auto folder = box_.file("runs/steered"), file = folder / "run.h5";
    QVERIFY(eventually([&] { return steps_of(file) >= 3; }));
    struct stat socket {};
    QCOMPARE(::stat(read_engine_process(folder)->socket.c_str(), &socket), 0);
    QVERIFY(S_ISSOCK(socket.st_mode));
    QCOMPARE(socket.st_mode & 077, 0U);  // nobody else's
    Connection run(folder);
    QVERIFY(run.connected());
    const auto state = [&] { return run.ask(R"({"v":1,"command":"status"})"); };

    // Paused: no steps, and the record says so.
    QVERIFY(run.ask(R"({"v":1,"command":"pause"})")["ok"].toBool());
    QVERIFY(eventually([&] { return state()["state"].toString() == "paused"; }));
    const auto paused_at = static_cast<std::int64_t>(state()["step"].toInt());
    const auto beat = [&] { return RecordReader::open(file).heartbeat(); };
    const double then = beat();
    QVERIFY(eventually([&] { return beat() > then; }));  // it goes on, without steps
    QCOMPARE(state()["step"].toInt(), static_cast<int>(paused_at));
    QCOMPARE(steps_of(file), static_cast<std::size_t>(paused_at));
    QCOMPARE(RecordReader::open(file).state(), RunState::paused);

    // While paused: everything that can be asked.
    QVERIFY(run.ask(R"({"v":1,"command":"calibration","enabled":false})")["ok"].toBool());
    QVERIFY(run.ask(R"({"v":1,"command":"momentum","value":0.5})")["ok"].toBool());
    QVERIFY(run.ask(R"({"v":1,"command":"learning_rate","value":0.0002})")["ok"].toBool());
    QVERIFY(run.ask(R"({"v":1,"command":"checkpoint"})")["ok"].toBool());
    QVERIFY(!run.ask(R"({"v":1,"command":"momentum","value":7})")["ok"].toBool());
    const auto checkpoint = folder / ("checkpoint-" + QString("%1").arg(paused_at, 8, 10, QChar('0')).toStdString());
    QVERIFY(eventually([&] { return std::filesystem::exists(checkpoint / "DONE"); }));
    QCOMPARE(state()["calibration"].toBool(), false);
    QCOMPARE(state()["momentum"].toDouble(), 0.5);
    QCOMPARE(state()["learning_rate"].toDouble(), 0.0002);

    QVERIFY(run.ask(R"({"v":1,"command":"resume"})")["ok"].toBool());
    QVERIFY(eventually([&] { return state()["step"].toInt() >= paused_at + 3; }));
    // Through the command line, while it goes on.
    const Ended on = box_.control(box_.path("runs/steered"), {"calibration", "on"});
    QVERIFY2(on.code == 0 && on.out.contains("\"ok\":true"), qPrintable(on.error));
    QVERIFY(eventually([&] { return state()["calibration"].toBool(); }));
    const Ended bad = box_.control(box_.path("runs/steered"), {"momentum", "2"});
    QVERIFY2(bad.code == 2 && bad.error.contains("range"), qPrintable(bad.error));
    QCOMPARE(box_.control(box_.path("runs/steered"), {"momentum", "x"}).code, 2);
    QCOMPARE(box_.control(box_.path("runs/steered"), {"dance"}).code, 2);
    const auto until = state()["step"].toInt() + 2;
    QVERIFY(eventually([&] { return state()["step"].toInt() >= until; }));
    QVERIFY(run.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    const Ended end = ended(*engine);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY(::stat(read_engine_process(folder)->socket.c_str(), &socket) != 0);
    const Ended late = box_.control(box_.path("runs/steered"), {"pause"});
    QVERIFY2(late.code == 1 && late.error.contains("not going on"), qPrintable(late.error));

    const RecordReader record = RecordReader::open(file);
    QCOMPARE(record.state(), RunState::stopped);
    QCOMPARE(event_step(record, "pause", ""), paused_at);
    QCOMPARE(event_step(record, "rc", "switched off"), paused_at);
    QCOMPARE(event_step(record, "momentum", "0.5"), paused_at);
    QCOMPARE(event_step(record, "learning-rate", "0.0002"), paused_at);
    QCOMPARE(event_step(record, "checkpoint", ""), paused_at);
    QCOMPARE(event_step(record, "resume", ""), paused_at);
    const std::int64_t on_at = event_step(record, "rc", "switched on");
    QVERIFY(on_at > paused_at);
    QCOMPARE(event_step(record, "stop", ""), static_cast<std::int64_t>(record.steps()));
    // What was asked is what the steps did, from the next one on.
    const auto rates = record.column(Column::learning_rate), alphas = record.column(Column::alpha);
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const auto step = static_cast<std::int64_t>(i + 1);
      QCOMPARE(rates[i], step > paused_at ? 0.0002 : 1e-3);
      const bool calibrated = step <= paused_at || step > on_at;
      QVERIFY2((alphas[i] == 1.0) == !calibrated, qPrintable(QString("alpha %1 at step %2").arg(alphas[i]).arg(step)));
    }
  }

  void a_resumed_run_tells_what_it_does() {
    const QString spec = box_.spec("kept", "tiny-llama-tied", "[calibration]\nenabled = true\nmomentum = 0.9\n");
    const auto folder = box_.file("runs/kept"), file = folder / "run.h5";
    const QStringList sets = {"training.steps=100000", "run.resume=true"};
    std::size_t steered_at = 0;
    {
      auto engine = box_.start(spec, "runs", sets);
      QVERIFY(eventually([&] { return steps_of(file) >= 2; }));
      Connection run(folder);
      for (const char* line :
           {R"({"v":1,"command":"calibration","enabled":false})", R"({"v":1,"command":"momentum","value":0.5})",
            R"({"v":1,"command":"learning_rate","value":0.0002})"})
        QVERIFY(run.ask(line)["ok"].toBool());
      const auto told = [&] { return run.ask(R"({"v":1,"command":"status"})"); };
      QVERIFY(eventually([&] { return told()["learning_rate"].toDouble() == 0.0002; }));
      QVERIFY(run.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
      QCOMPARE(ended(*engine).code, 0);
      steered_at = steps_of(file);
    }
    auto engine = box_.start(spec, "runs", sets);
    QVERIFY(eventually([&] { return steps_of(file) >= steered_at + 2; }));
    Connection run(folder);
    const QJsonObject told = run.ask(R"({"v":1,"command":"status"})");
    QCOMPARE(told["calibration"].toBool(true), false);
    QCOMPARE(told["momentum"].toDouble(), 0.5);
    QCOMPARE(told["learning_rate"].toDouble(), 0.0002);
    QVERIFY(run.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    QCOMPARE(ended(*engine).code, 0);
    const RecordReader record = RecordReader::open(file);
    QCOMPARE(record.column(Column::learning_rate).back(), 0.0002);
    QCOMPARE(record.column(Column::alpha).back(), 1.0);
    // A reader of the record alone comes to the same.
    LiveSettings read{true, 0.9, 1e-3};
    for (const EventRow& event : record.event_rows()) apply_event(read, event.kind, event.message.english());
    QVERIFY(read == (LiveSettings{false, 0.5, 0.0002}));
  }

  void rude_clients_do_not_disturb_the_run() {
    auto engine = box_.start(box_.spec("rude"), "runs", {"training.steps=100000"});
    const auto folder = box_.file("runs/rude");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 1; }));
    {
      Connection endless(folder);  // a line without end is cut off
      QVERIFY(endless.connected());
      for (int i = 0; i < 16; ++i) endless.send(QByteArray(1024, 'x'));
      QVERIFY(endless.read_line().isEmpty());
    }
    std::vector<std::unique_ptr<Connection>> many;
    for (int i = 0; i < 40; ++i) many.push_back(std::make_unique<Connection>(folder));
    many.clear();
    {
      Connection halves(folder);  // a line may come in pieces, and two in one
      halves.send("{\"v\":1,\"comm");
      QTest::qWait(50);
      halves.send(QByteArray("and\":\"status\"}\n{\"v\":1,\"command\":\"status\"}\n"));
      QVERIFY(QJsonDocument::fromJson(halves.read_line()).object()["ok"].toBool());
      QVERIFY(QJsonDocument::fromJson(halves.read_line()).object()["ok"].toBool());
    }
    const std::size_t before = steps_of(folder / "run.h5");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") > before; }));
    Connection last(folder);
    QVERIFY(last.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    QCOMPARE(ended(*engine).code, 0);
  }

  void the_queue_is_bounded_and_a_stop_comes_first() {
    control::CommandQueue commands;
    for (std::size_t i = 0; i < control::CommandQueue::most_waiting; ++i)
      QVERIFY(answer(R"({"v":1,"command":"pause"})", commands)["ok"].toBool());
    const QJsonObject full = answer(R"({"v":1,"command":"resume"})", commands);
    QVERIFY(!full["ok"].toBool() && full["error"].toString().contains("too many"));
    QVERIFY(answer(R"({"v":1,"command":"status"})", commands)["ok"].toBool());
    for (int i = 0; i < 3; ++i) QVERIFY(answer(R"({"v":1,"command":"stop"})", commands)["ok"].toBool());
    QVERIFY(commands.pop()->kind == Order::Kind::stop);
    QVERIFY(commands.pop()->kind == Order::Kind::pause);
    QVERIFY(!answer(QByteArray(100000, '[').constData(), commands)["ok"].toBool());
  }

  void idle_clients_and_floods_do_not_disturb_the_run() {
    auto engine = box_.start(box_.spec("crowd"), "runs", {"training.steps=100000"});
    const auto folder = box_.file("runs/crowd");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 1; }));
    std::vector<std::unique_ptr<Connection>> idle;
    for (int i = 0; i < 20; ++i) idle.push_back(std::make_unique<Connection>(folder));
    const Ended told = box_.control(box_.path("runs/crowd"), {"status"});
    QVERIFY2(told.code == 0, qPrintable(told.error));
    Connection flood(folder);
    QByteArray lines;
    for (int i = 0; i < 1500; ++i)
      lines += QByteArray("{\"v\":1,\"command\":\"calibration\",\"enabled\":") + (i % 2 ? "true}\n" : "false}\n");
    QVERIFY(flood.send(lines));
    const std::size_t before = steps_of(folder / "run.h5");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= before + 20; }));
    const Ended stopped = box_.control(box_.path("runs/crowd"), {"stop"});
    QVERIFY2(stopped.code == 0, qPrintable(stopped.error));
    QCOMPARE(ended(*engine).code, 0);
    std::map<std::int64_t, int> at_step;
    for (const EventRow& event : RecordReader::open(folder / "run.h5").event_rows())
      at_step[event.step] += event.kind == "rc";
    for (const auto& [step, count] : at_step)
      QVERIFY2(count <= control::CommandQueue::most_at_a_time,
               qPrintable(QString("%1 at step %2").arg(count).arg(step)));
  }

  void answers_have_a_bound_and_a_time() {
    for (const bool endless : {true, false}) {
      const QTemporaryDir place;
      const std::string path = place.filePath("s").toStdString();
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      QVERIFY(path.size() < sizeof address.sun_path);
      std::copy(path.begin(), path.end(), address.sun_path);
      const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      QCOMPARE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
      QCOMPARE(::listen(listener, 1), 0);
      std::thread server([&] {
        const int client = ::accept(listener, nullptr, nullptr);
        const std::string text(4096, 'x');
        // Without end, or letter by letter for as long as anybody listens.
        while (::send(client, text.data(), endless ? text.size() : 1, MSG_NOSIGNAL) > 0)
          if (!endless) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        ::close(client);
      });
      std::string reason;
      try {
        control::ask_control(path, "{}");
      } catch (const RunError& error) {
        reason = error.what();
      }
      server.join();
      ::close(listener);
      QVERIFY2(reason.find(endless ? "the answer has no end" : "no answer") != std::string::npos, reason.c_str());
    }
  }

  void a_signal_ends_a_paused_run() {
    auto engine = box_.start(box_.spec("asleep"), "runs", {"training.steps=100000"});
    const auto folder = box_.file("runs/asleep");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 1; }));
    Connection run(folder);
    run.ask(R"({"v":1,"command":"pause"})");
    QVERIFY(eventually([&] { return run.ask(R"({"v":1,"command":"status"})")["state"].toString() == "paused"; }));
    engine->terminate();
    QCOMPARE(ended(*engine).code, 130);
    QCOMPARE(RecordReader::open(folder / "run.h5").state(), RunState::stopped);
  }
};

QTEST_GUILESS_MAIN(TestControl)
#include "test_control.moc"
