// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on a server that have ended and are taken up again there: what is asked for, and what the server makes of it.
#include "app/answers/answer_form.h"
#include "app/answers/answers_tab.h"
#include "app/server/server_orders.h"
#include "core/error.h"
#include "core/spec/run_spec.h"
#include "tests/app/served_box.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

/// What became of a request.
struct Heard {
  bool done = false;
  QStringList names;
  QString text;
  std::string problem;
  ServerOrders::Started started() {
    return [this](const QStringList& got, const Message& why) { hear(got, {}, why); };
  }
  ServerOrders::Spec spec() {
    return [this](const QString& got, const Message& why) { hear({}, got, why); };
  }
  void hear(const QStringList& got, const QString& toml, const Message& why) {
    done = true;
    names = got;
    text = toml;
    problem = why.english();
  }
};

const QByteArray spec =
    "# of the user\n[model]\npath = \"model\"\n[data]\ntrain = \"../../data/pairs.jsonl\"\n[run]\nname = \"a\"\n"
    "[training]\nsteps = 4\n";

}  // namespace

class TestServerOrders : public QObject {
  Q_OBJECT

  static void make(const ServedBox& box) {
    make_run(box.runs(), {.name = "a", .steps = 3, .state = RunState::stopped});
    box.write("far/runs/a/spec.toml", QByteArray(spec).replace("../../data", "pairs"));
    box.write("far/runs/a/model/config.json", "{}");
    box.write("far/runs/a/pairs/pairs.jsonl", "{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}");
  }
  /// Nothing is started while the queue is paused.
  static bool pause(ServedBox& box) {
    bool paused = false;
    ask_server(box.links(), "lab", wire::Ask::queue_set, {{"paused", true}}, box.link.get(),
               [&](const wire::Json&, const Message& problem) { paused = problem.empty(); });
    return QTest::qWaitFor([&] { return paused; }, 30'000);
  }

 private Q_SLOTS:
  void paths_of_a_spec_mean_the_same_in_the_folder_of_runs() {
    const QString there = spec_there(QString::fromUtf8(spec), "sweep/a", "a", true);
    QVERIFY2(there.contains("path = \"sweep/a/model\"") && there.contains("train = \"data/pairs.jsonl\""),
             qPrintable(there));
    QVERIFY(there.contains("# of the user"));
    const auto specs = parse_run_specs(there.toStdString(), "spec", "/runs");
    QCOMPARE(specs.size(), 1u);
    QVERIFY(specs[0].run.resume && specs[0].run.name == "a");
    QCOMPARE(specs[0].data.train.string(), std::string("/runs/data/pairs.jsonl"));
    const QString absolute = QString::fromUtf8(QByteArray(spec).replace("\"model\"", "\"/models/tiny\""));
    QVERIFY(spec_there(absolute, "a", "b", false).contains("path = \"/models/tiny\""));
    QVERIFY_EXCEPTION_THROWN(spec_there("= nonsense", "a", "a", true), Error);
    const QString swept = QString::fromUtf8(spec) + "[sweep]\n\"run.seed\" = [1, 2]\n";
    QVERIFY_EXCEPTION_THROWN(spec_there(swept, "a", "a", true), Error);
  }

  void a_run_goes_on_or_is_trained_again_in_the_queue() {
    ServedBox box;
    make(box);
    QVERIFY(box.reach());
    QVERIFY(pause(box));
    const ServerOrders orders(box.links());
    QObject context;
    Heard on, again, taken, fetched;
    orders.resume(*box.entry("a", ShownState::stopped), ServerOrders::Placing::queue, &context, on.started());
    QTRY_VERIFY(on.done);
    QCOMPARE(on.problem, std::string());
    QCOMPARE(on.names, QStringList("a"));
    orders.again(*box.entry("a"), "a-2", ServerOrders::Placing::queue, &context, again.started());
    QTRY_VERIFY(again.done);
    QCOMPARE(again.problem, std::string());
    QCOMPARE(again.names, QStringList("a-2"));
    wire::Json queue;
    ask_server(box.links(), "lab", wire::Ask::queued, wire::Json::object(), &context,
               [&](const wire::Json& answer, const Message&) { queue = answer.at("queue").at("runs"); });
    QTRY_COMPARE(queue.size(), 2u);
    for (const bool resumes : {true, false}) {
      const auto specs = load_run_specs(queue.at(resumes ? 0 : 1).at("spec").get<std::string>());
      QCOMPARE(specs.at(0).run.resume, resumes);
      QCOMPARE(QString::fromStdString(specs.at(0).data.train.string()), box.path("far/runs/a/pairs/pairs.jsonl"));
    }
    orders.resume(*box.entry("a", ShownState::stopped), ServerOrders::Placing::queue, &context, taken.started());
    QTRY_VERIFY(taken.done);
    QVERIFY(!taken.problem.empty());
    orders.spec(*box.entry("a"), &context, fetched.spec());
    QTRY_VERIFY(fetched.done);
    QVERIFY2(fetched.text.contains("train = \"a/pairs/pairs.jsonl\""), qPrintable(fetched.text));
  }

  void a_run_is_started_at_once() {
    ServedBox box;
    make(box);
    QVERIFY(box.reach());
    const ServerOrders orders(box.links());
    QObject context;
    Heard again;
    // The engine there finds that it is no model, and says so in its log.
    orders.again(*box.entry("a"), "a-2", ServerOrders::Placing::start, &context, again.started());
    QTRY_VERIFY(again.done);
    QCOMPARE(again.problem, std::string());
    const QDir logs(box.path("far/runs/.logs"));
    QTRY_VERIFY_WITH_TIMEOUT(!logs.entryList(QDir::Files).isEmpty() &&
                                 !box.read("far/runs/.logs/" + logs.entryList(QDir::Files).first()).isEmpty(),
                             60000);
    QVERIFY(logs.entryList(QDir::Files).first().startsWith("a-2-"));
    // One in a folder below goes on in that.
    QVERIFY(QDir(box.path("far/runs")).mkdir("sweep"));
    QVERIFY(QDir(box.path("far/runs")).rename("a", "sweep/a"));
    QVERIFY(box.reachLiar(
        "\"ok\":true,\"runs\":[\"a\"],\"spec\":\"[model]\\npath=\\\"m\\\"\\n[data]\\ntrain=\\\"d\\\"\\n\""));
    Heard on;
    orders.resume(*box.entry("sweep/a", ShownState::stopped), ServerOrders::Placing::start, &context, on.started());
    QTRY_VERIFY(on.done);
    QCOMPARE(on.names, QStringList("a"));
    QVERIFY2(box.read("asked").contains("\"in\":\"sweep\""), box.read("asked").constData());
    QVERIFY(box.read("asked").contains("sweep/a/d"));
  }

  void refusals_are_said() {
    ServedBox box;
    make(box);
    make_run(box.runs() / "sweep", {.name = "b", .steps = 3, .state = RunState::stopped});
    box.write("far/runs/a/spec.toml", QByteArray(spec).replace("../../data", "/etc"));
    QVERIFY(box.reach());
    const ServerOrders orders(box.links());
    QObject context;
    using Placing = ServerOrders::Placing;
    const auto problem = [&](const RunEntryPtr& run, Placing placing = Placing::start) {
      Heard heard;
      orders.resume(*run, placing, &context, heard.started());
      if (!QTest::qWaitFor([&] { return heard.done; }, 30'000)) return std::string("nothing");
      return heard.problem;
    };
    QVERIFY(problem(box.entry("a")).find("leads out of the folders") != std::string::npos);
    QVERIFY(problem(box.entry("sweep/b"), Placing::queue).find("nothing can be queued") != std::string::npos);
    QVERIFY(!problem(box.entry("none")).empty());
    const RunEntryPtr run = box.entry("a");
    box.leave();
    QVERIFY(problem(run).find("its server is not among") != std::string::npos);
  }

  void answers_of_other_types_are_no_success() {
    ServedBox box;
    for (const char* says :
         {"\"ok\":true,\"spec\":[\"x\"],\"runs\":\"a\"", "\"ok\":true,\"spec\":\"= nonsense\"",
          "\"ok\":true,\"spec\":\"[model]\\npath=\\\"m\\\"\\n[data]\\ntrain=\\\"d\\\"\\n\",\"runs\":[1,{}]}"}) {
      QVERIFY(box.reachLiar(says));
      const ServerOrders orders(box.links());
      QObject context;
      Heard heard;
      orders.again(*box.entry("a"), "b", ServerOrders::Placing::start, &context, heard.started());
      QTRY_VERIFY(heard.done);
      QVERIFY2(!heard.problem.empty() && heard.names.isEmpty(), says);
    }
    QVERIFY(box.reachLiar({}));
    const ServerOrders orders(box.links());
    QObject context;
    Heard heard;
    orders.spec(*box.entry("a"), &context, heard.spec());
    QTRY_VERIFY(heard.done);
    QVERIFY2(heard.problem.find("was lost before it answered") != std::string::npos, heard.problem.c_str());
  }

  void answers_are_asked_on_the_machine_of_the_weights() {
    ServedBox box;
    AnswersTab tab;
    tab.setRuns({box.entry("a")});
    QVERIFY(tab.form()->chosenModels().empty());
    QVERIFY2(tab.form()->said().contains("on the machine of the weights only"), qPrintable(tab.form()->said()));
    auto here = std::make_shared<RunEntry>(*box.entry("b"));
    here->server.clear();
    tab.setRuns({box.entry("a"), here});
    QCOMPARE(tab.form()->chosenModels().size(), 1u);
    QVERIFY(!tab.form()->said().isEmpty());
    tab.setRuns({here});
    QCOMPARE(tab.form()->said(), QString());
  }
};

QTEST_MAIN(TestServerOrders)
#include "test_server_orders.moc"
