// SPDX-License-Identifier: Apache-2.0
// What no message and no spec can do at the far end of a conversation: lead out of its folders.
#include <fcntl.h>

#include <cerrno>
#include <map>
#include <set>

#include "core/serve/base64.h"
#include "tests/training/served_folders.h"
#include "training/queue/keeper.h"

using namespace bandscope;
using namespace serve_test;

namespace {

/// Every file below a folder, and what is in it.
std::map<std::string, std::string> tree(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    all[entry.path()] = entry.is_regular_file() ? read_file(entry.path()) : "";
  return all;
}

}  // namespace

class TestServeBounds : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void specs_keep_to_the_folders() {
    Server server;
    const auto spec = [&](const std::string& model, const std::string& data) {
      return "[model]\npath = \"" + model + "\"\n[data]\ntrain = \"" + data + "\"\n[training]\nsteps = 1\n";
    };
    const std::string model = (server.top / "models/tiny").string(), data = (server.top / "data/pairs.jsonl").string();
    fs::create_directory_symlink(server.top / "outside", server.top / "models/link");
    put(server.top / "data/uploads/x.json", "{}");
    fs::create_directories(server.top / "data/mixed");
    fs::create_symlink(server.top / "outside/rows.jsonl", server.top / "data/mixed/rows.jsonl");
    const std::vector<std::string> elsewhere = {
        spec((server.top / "outside").string(), data),
        spec((server.top / "models/link").string(), data),
        spec(model, "/etc/passwd"),
        spec(model, "../outside/rows.jsonl"),
        spec(model, data) + "[evaluation]\ntasks = [\"/etc\"]\n",
        spec(model, (server.top / "data/mixed").string()),
        spec(model, data) + "[evaluation]\ntasks = [\"" + (server.top / "data/uploads/x.json").string() + "\"]\n"};
    for (const std::string& toml : elsewhere)
      for (const Ask what : {Ask::start, Ask::plan})
        QVERIFY2(refused(server.ask(what, {{"spec", toml}}), Refusal::outside), toml.c_str());
    QVERIFY(refused(server.ask(Ask::start, {{"spec", spec(model + "-none", data)}}), Refusal::missing));
    for (const char* in : {"../outside", "/etc", "a/../../outside"})
      QVERIFY2(refused(server.ask(Ask::start, {{"spec", spec(model, data)}, {"in", in}}), Refusal::outside), in);
    QVERIFY(refused(server.ask(Ask::start, {{"spec", spec(model, data)}, {"in", "none"}}), Refusal::missing));
    QVERIFY(refused(server.ask(Ask::start, {{"spec", "= nonsense"}}), Refusal::failed));
    QVERIFY(!fs::exists(server.top / "runs/.logs"));
  }

  void no_message_leads_out_of_the_folders() {
    Server server;
    fs::create_directory_symlink(server.top / "outside", server.top / "runs/link");
    fs::create_directory_symlink(server.top / "outside", server.top / "data/link");
    fs::create_directories(server.top / "runs/.trash");
    fs::create_directory_symlink(server.top / "outside", server.top / "runs/.trash/link");
    fs::create_directories(server.top / "runs/.logs");
    fs::create_symlink(server.top / "outside/secret.txt", server.top / "runs/.logs/link.txt");
    fs::create_symlink(server.top / "outside/secret.txt", server.top / "runs/a/log.txt");
    fs::create_symlink(server.top / "outside/secret.txt", server.top / "runs/a/spec.toml");
    put(server.top / "outside/labels.json", std::string("{\"note\": \"") + secret + "\"}");
    fs::create_symlink(server.top / "outside/labels.json", server.top / "runs/a/labels.json");
    record_rows::write_record(server.top / "outside/run.h5", 2);
    fs::create_directories(server.top / "runs/linked");
    fs::create_symlink(server.top / "outside/run.h5", server.top / "runs/linked/run.h5");
    fs::create_directories(server.top / "data/mixed");
    fs::create_symlink(server.top / "outside/rows.jsonl", server.top / "data/mixed/rows.jsonl");
    fs::create_directory_symlink(server.top / "outside", server.top / "data/uploads");
    const auto before = tree(server.top / "outside");
    const std::string absolute = (server.top / "outside").string();
    const std::vector<std::string> paths = {"..",
                                            "../outside",
                                            "a/../../outside",
                                            "link",
                                            "link/",
                                            "link/secret.txt",
                                            "./link/rows.jsonl",
                                            "mixed",
                                            "mixed/rows.jsonl",
                                            absolute,
                                            absolute + "/secret.txt",
                                            "//etc/passwd",
                                            "",
                                            ".",
                                            "a",
                                            "a/",
                                            "link.txt",
                                            ".trash/link",
                                            std::string("a\0b", 3),
                                            std::string(5000, 'x'),
                                            "/proc/self/environ",
                                            "a\nb",
                                            "linked"};
    std::string said;
    for (const auto& about : wire::requests()) {
      for (const std::string& path : paths) {
        for (const char* root : {"runs", "data/0", "models/0", "..", ""}) {
          Json fields = Json::object();
          for (const wire::Field& field : about.fields) {
            if (field.name == "root")
              fields["root"] = root;
            else if (field.name == "table")
              fields["table"] = "steps";
            else if (field.name == "sha256")
              fields["sha256"] = std::string(64, 'b');
            else if (field.name == "labels")
              fields["labels"] = {{"note", "hostile"}};
            else if (field.name == "order")
              fields["order"] = {{"v", 1}, {"command", "stop"}};
            else if (field.name == "split")
              continue;
            else if (field.name == "data")
              fields["data"] = "aGk=";
            else if (field.name == "spec")
              fields["spec"] = "[model]\npath = \"/etc/" + path + "\"\n[data]\ntrain = \"a\"\n";
            else if (field.kind == wire::FieldKind::text)
              fields[std::string(field.name)] = path;
            else if (field.kind == wire::FieldKind::count)
              fields[std::string(field.name)] = 2;
            else if (field.kind == wire::FieldKind::list)
              fields["rows"] = {0};
          }
          // A run of its own may be renamed, put away and labelled: that is not what is asked here.
          if (about.ask == Ask::rename || about.ask == Ask::remove) {
            if (path == "a" || path == "a/") continue;
          }
          const Outcome outcome = server.ask(about.ask, fields);
          QVERIFY2(outcome.kind != Outcome::Kind::lost, (std::string(about.name) + " " + path).c_str());
          said += outcome.fields.dump(-1, ' ', false, Json::error_handler_t::replace);
          if (fields.find("root") == fields.end()) break;
        }
      }
    }
    QVERIFY(said.size() > 10'000);
    QCOMPARE(server.ask(Ask::runs).fields.at("all").get<int>(), 1);
    QVERIFY(refused(server.ask(Ask::record, {{"run", "linked"}}), Refusal::outside));
    for (const std::string& form : {std::string(secret), wire::to_base64(secret).substr(0, 24)})
      QVERIFY2(said.find(form) == std::string::npos, form.c_str());
    QVERIFY(tree(server.top / "outside") == before);
  }

  /// Kernels before 5.6, and containers that refuse openat2.
  void without_openat2_no_link_is_followed() {
    const Server server;
    fs::create_directory_symlink(server.top / "outside", server.top / "data/link");
    fs::create_symlink(server.top / "outside/secret.txt", server.top / "data/secret.txt");
    const Descriptor folder(::open((server.top / "data").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const char* path : {"link", "link/secret.txt", "secret.txt"}) {
      for (const int flags : {O_PATH, O_RDONLY}) {
        QVERIFY2(!serve::open_without_links(folder, path, flags), path);
        QVERIFY2(errno == ELOOP || errno == ENOTDIR, path);
      }
    }
    QVERIFY(serve::open_without_links(folder, "pairs.jsonl", O_RDONLY));
    QVERIFY(serve::open_without_links(folder, "", O_PATH));
  }

  /// What is told is bounded as answers are: a line that is too long would end the connection, again and again.
  void a_queue_of_any_length_fits_in_a_message() {
    Server server;
    constexpr std::size_t many = 9000;
    queue::queue_of_runs(server.top / "runs").change([&](queue::Queue& queue, const auto&) {
      queue.paused = true;
      for (std::size_t i = 0; i < many; ++i) {
        queue::QueuedRun run;
        run.id = queue::fresh_id();
        run.name = "run-of-a-long-sweep-" + std::to_string(i);
        run.runs = (server.top / "runs").string();
        run.spec = (server.top / "runs/.specs" / (run.name + ".toml")).string();
        run.device = "cpu";
        queue.runs.push_back(run);
      }
    });
    Json told;
    server.client.on_push = [&](const std::string& name, const Json& fields) {
      if (name == "queue") told = fields.at("queue");
    };
    QVERIFY(server.ask(Ask::watch).answered());
    QVERIFY(server.wire->until([&] { return !told.is_null(); }));
    const Json asked = server.ask(Ask::queued).fields.at("queue");
    for (const Json& queue : {told, asked}) {
      QCOMPARE(queue.at("all").get<std::size_t>(), many);
      QVERIFY(queue.at("runs").size() > 1000 && queue.at("runs").size() < many);
      QCOMPARE(queue.at("runs").at(7).at("name").get<std::string>(), std::string("run-of-a-long-sweep-7"));
    }
  }

  void many_runs_that_go_at_once_are_told_in_pieces() {
    Server server;
    const std::string long_name(200, 'n');
    constexpr int many = 3000;
    for (int i = 0; i < many; ++i) put(server.top / "runs" / (long_name + std::to_string(i)) / "run.h5", "no record");
    QVERIFY(server.ask(Ask::watch).answered());
    QCOMPARE(server.ask(Ask::runs).fields.at("all").get<int>(), many + 1);
    for (int i = 0; i < many; ++i) fs::remove_all(server.top / "runs" / (long_name + std::to_string(i)));
    std::set<std::string> gone;
    int pieces = 0;
    server.client.on_push = [&](const std::string& name, const Json& fields) {
      if (name != "changed" || fields.at("gone").empty()) return;
      ++pieces;
      for (const Json& run : fields.at("gone")) gone.insert(run.get<std::string>());
    };
    QVERIFY(server.wire->until([&] { return gone.size() == many; }));
    QVERIFY(pieces > 1);
  }

  void a_run_that_tells_too_much_of_itself_is_listed_without_it() {
    Server server;
    auto writer = RecordWriter::create(server.record("b"),
                                       {"[objective]\nname = \"" + std::string(600'000, 'x') + "\"\n", "{}", {}});
    writer.close();
    const auto item = [&] {
      const Json runs = server.ask(Ask::runs).fields.at("runs");
      return runs.size() == 2 ? runs.at(1) : Json();
    };
    QVERIFY(server.wire->until([&] { return item().value("read", false); }));
    QVERIFY(item().contains("error"));
    QVERIFY(item().dump().size() < 1000);
  }
};

QTEST_GUILESS_MAIN(TestServeBounds)
#include "test_serve_bounds.moc"
