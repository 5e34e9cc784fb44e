// SPDX-License-Identifier: Apache-2.0
// What a run keeps of its evaluations, and its copy on the window's machine.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/mirror/evaluation_copy.h"
#include "core/serve/base64.h"
#include "tests/core/record_rows.h"
#include "tests/training/serve_wire.h"

using namespace bandscope;
using mirror::EvaluationCopy;
using serve_test::Wire;
using wire::Ask;
using wire::Json;
using wire::Outcome;
using wire::Refusal;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

struct Far {
  Far() {
    fs::create_directories(top / "runs/a");
    record_rows::write_record(top / "runs/a/run.h5", 3);
    roots.emplace(top / "runs", std::vector<fs::path>{}, std::vector<fs::path>{});
    wire.emplace(*roots, client);
    connect();
  }
  void connect() {
    wire->connect();
    if (!wire->until([&] { return client.state() == wire::Client::State::ready; })) qFatal("no hello");
  }
  fs::path kept(const std::string& path) const { return top / "runs/a/evaluation" / path; }
  fs::path copied(const std::string& path) const { return top / "copy/evaluation" / path; }
  EvaluationCopy copy() {
    return EvaluationCopy(client, top / "copy", "a", [this] { return wire->now(); });
  }
  bool update(EvaluationCopy& copy) {
    copy.update();
    return wire->until([&] { return !copy.busy(); });
  }

  QTemporaryDir folder;
  fs::path top = fs::canonical(folder.path().toStdString());
  std::optional<serve::Roots> roots;
  wire::Client client;
  std::optional<Wire> wire;
};

}  // namespace

class TestServeEvaluations : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void files_are_copied_once_and_again_when_they_are_others() {
    Far far;
    // Larger than a piece.
    const std::string large(3 * wire::kMostChunkBytes + 17, 'x');
    put(far.kept("20/samples_arc.jsonl"), large);
    put(far.kept("20/results.json"), "{}");
    put(far.kept("0/results.json"), "");
    EvaluationCopy copy = far.copy();
    int came = 0;
    copy.on_fetched = [&] { ++came; };
    QVERIFY(far.update(copy));
    QVERIFY2(copy.problem().empty(), copy.problem().english().c_str());
    QCOMPARE(came, 1);
    QVERIFY(read_file(far.copied("20/samples_arc.jsonl")) == large);
    QCOMPARE(read_file(far.copied("20/results.json")), std::string("{}"));
    QCOMPARE(read_file(far.copied("0/results.json")), std::string());
    QVERIFY(far.update(copy));
    QCOMPARE(came, 1);
    // Of the same size, but changed.
    put(far.kept("20/results.json"), "[]");
    fs::last_write_time(far.kept("20/results.json"), fs::file_time_type::clock::now() + std::chrono::hours(5));
    put(far.kept("40/results.json"), "{\"a\": 1}");
    QVERIFY(far.update(copy));
    QCOMPARE(came, 2);
    QCOMPARE(read_file(far.copied("20/results.json")), std::string("[]"));
    QCOMPARE(read_file(far.copied("40/results.json")), std::string("{\"a\": 1}"));
  }

  void a_cut_leaves_no_part_and_the_next_time_goes_on() {
    Far far;
    const std::string large(4 * wire::kMostChunkBytes, 'y');
    put(far.kept("20/samples_arc.jsonl"), large);
    EvaluationCopy copy = far.copy();
    copy.update();
    std::size_t carried = 0;
    for (int i = 0; i < 100 && carried < 1'500'000; ++i) carried += far.wire->carry(100'000);
    QVERIFY(carried >= 1'500'000 && copy.busy());
    far.wire->cut();
    QVERIFY(!copy.busy());
    QVERIFY(!copy.problem().empty());
    QVERIFY(!fs::exists(far.copied("20/samples_arc.jsonl")));
    far.connect();
    QVERIFY(far.update(copy));
    QVERIFY(read_file(far.copied("20/samples_arc.jsonl")) == large);
  }

  void nothing_but_files_of_evaluations_is_read() {
    Far far;
    put(far.top / "outside/results.json", "secret");
    put(far.top / "runs/a/log.txt", "secret");
    put(far.kept("20/results.json"), "{}");
    put(far.kept("20/.hidden"), "secret");
    put(far.kept("notes/results.json"), "secret");
    fs::create_symlink(far.top / "outside/results.json", far.kept("20/link.json"));
    fs::create_directory_symlink(far.top / "outside", far.kept("30"));
    fs::create_directories(far.kept("20/folder"));
    const Outcome list = far.wire->ask(Ask::evaluations, {{"run", "a"}});
    QVERIFY(list.answered());
    QCOMPARE(list.fields["files"].size(), std::size_t(1));
    QCOMPARE(list.fields["files"][0]["path"], Json("20/results.json"));
    for (const char* path :
         {"20/link.json", "30/results.json", "20/../../log.txt", "../log.txt", "notes/results.json", "20/.hidden", "",
          "20", "20/", "/20/results.json", "20//results.json", "20/folder", "-1/results.json", "20/none.json"}) {
      const Outcome piece = far.wire->ask(Ask::evaluation_file, {{"run", "a"}, {"path", path}, {"from", 0}});
      QVERIFY2(piece.kind == Outcome::Kind::refused, path);
    }
    for (const char* run : {"../outside", "", "none", "a/evaluation", "/etc"}) {
      QVERIFY2(!far.wire->ask(Ask::evaluations, {{"run", run}}).answered(), run);
    }
    const Outcome past = far.wire->ask(Ask::evaluation_file, {{"run", "a"}, {"path", "20/results.json"}, {"from", 99}});
    QVERIFY(past.answered());
    QCOMPARE(past.fields["from"], Json(2));
    QCOMPARE(past.fields["data"], Json(""));
  }

  void an_older_engine_has_none() {
    Far far;
    far.wire->cut();
    far.wire->unknown = "evaluations";
    far.connect();
    put(far.kept("20/results.json"), "{}");
    EvaluationCopy copy = far.copy();
    QVERIFY(far.update(copy));
    QVERIFY(!fs::exists(far.copied("20/results.json")));
  }

  void hostile_lists_write_nothing() {
    Far far;
    for (const char* answer : {"{\"files\": 1}", "{}", "{\"files\": [1]}",
                               "{\"files\": [{\"path\": \"../x\", \"bytes\": 1, \"changed\": 1}]}",
                               "{\"files\": [{\"path\": \"20/../../x\", \"bytes\": 1, \"changed\": 1}]}",
                               "{\"files\": [{\"path\": \"20/.x\", \"bytes\": 1, \"changed\": 1}]}",
                               "{\"files\": [{\"path\": \"20/x\", \"bytes\": -1, \"changed\": 1}]}",
                               "{\"files\": [{\"path\": \"20/x\", \"bytes\": 1, \"changed\": \"now\"}]}"}) {
      wire::Client client;
      EvaluationCopy copy(client, far.top / "copy", "a", [&] { return far.wire->now(); });
      wire::Hello hello;
      hello.requests = {"evaluations", "evaluation_file"};
      client.connected(far.wire->now());
      client.receive(wire::hello_line(hello), far.wire->now());
      copy.update();
      client.receive(wire::answer_line(1, Json::parse(answer)), far.wire->now());
      QVERIFY2(!copy.busy() && !copy.problem().empty(), answer);
      QVERIFY2(!fs::exists(far.top / "copy") && !fs::exists(far.top / "x"), answer);
    }
  }
};

QTEST_GUILESS_MAIN(TestServeEvaluations)
#include "test_serve_evaluations.moc"
