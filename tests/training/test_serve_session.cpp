// SPDX-License-Identifier: Apache-2.0
// The far end of a conversation: lists, changes, files sent along.
#include "core/input/sha256.h"
#include "core/serve/base64.h"
#include "tests/training/served_folders.h"
#include "training/serve/devices.h"
#include "training/serve/uploads.h"

using namespace bandscope;
using namespace serve_test;
using bandscope::serve::Uploads;

class TestServeSession : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runs_are_listed_at_once_and_read_behind() {
    Server server;
    record_rows::write_record(server.record("sweep/b"), 3);
    record_rows::write_record(server.top / "runs/loose.h5", 2);
    fs::create_directory_symlink(server.top / "outside", server.top / "runs/link");
    Json items;
    std::vector<std::string> gone;
    server.client.on_push = [&](const std::string&, const Json& fields) {
      for (const Json& item : fields.at("runs")) items[item.at("run").get<std::string>()] = item;
      for (const Json& name : fields.at("gone")) gone.push_back(name);
    };
    const Outcome listed = server.ask(Ask::runs);
    QCOMPARE(listed.fields.at("all").get<int>(), 3);
    QCOMPARE(listed.fields.at("runs").at(0).at("run").get<std::string>(), std::string("a"));
    QVERIFY(server.ask(Ask::watch).answered());
    QVERIFY(server.wire->until([&] { return items.contains("sweep/b") && items["sweep/b"].value("read", false); }));
    QCOMPARE(items["sweep/b"].at("steps").get<int>(), 3);
    QCOMPARE(items["sweep/b"].at("shown").get<std::string>(), std::string("done"));
    QVERIFY(server.wire->until([&] { return items.contains("loose.h5") && items["loose.h5"].value("read", false); }));
    // What another program changes is told.
    QVERIFY(server.ask(Ask::labels, {{"run", "a"}, {"labels", {{"starred", true}, {"tags", {"x"}}}}}).answered());
    QVERIFY(server.wire->until([&] { return items.contains("a") && items["a"].contains("labels"); }));
    fs::remove_all(server.top / "runs/sweep/b");
    QVERIFY(server.wire->until([&] { return !gone.empty(); }));
    QCOMPARE(gone.front(), std::string("sweep/b"));
    QVERIFY(
        server.ask(Ask::labels, {{"run", "a"}, {"labels", {{"starred", false}, {"tags", Json::array()}}}}).answered());
    QVERIFY(!fs::exists(server.top / "runs/a/labels.json"));
  }

  void what_a_window_changes_is_told_as_it_is() {
    Server server;
    record_rows::write_record(server.record("sweep/b"), 3);
    std::map<std::string, Json> items;
    std::vector<std::string> wrong;
    std::string renamed;
    server.client.on_push = [&](const std::string&, const Json& fields) {
      for (const Json& name : fields.at("gone")) items.erase(name.get<std::string>());
      for (const Json& item : fields.at("runs")) {
        const std::string name = item.at("run");
        items[name] = item;
        if (renamed.empty()) continue;
        if (name == "sweep/b") wrong.push_back("the old name");
        if (name == renamed && (!item.value("read", false) || item.value("steps", 0) != 3)) wrong.push_back("unread");
        if (name == renamed && item.value("labels", Json::object()).value("note", "") != "n")
          wrong.push_back("old labels");
      }
    };
    QVERIFY(server.ask(Ask::runs).answered());
    QVERIFY(server.ask(Ask::watch).answered());
    QVERIFY(server.wire->until([&] { return items.contains("sweep/b") && items["sweep/b"].value("read", false); }));
    QCOMPARE(items["sweep/b"].at("config").at("objective.name").get<std::string>(), std::string("dpo"));
    QVERIFY(server.ask(Ask::labels, {{"run", "sweep/b"}, {"labels", {{"note", "n"}}}}).answered());
    QVERIFY(server.wire->until([&] { return items["sweep/b"].contains("labels"); }));
    renamed = "sweep/c";
    QVERIFY(server.ask(Ask::rename, {{"run", "sweep/b"}, {"name", "c"}}).answered());
    QVERIFY(server.wire->until([&] { return items.contains(renamed) && !items.contains("sweep/b"); }));
    QVERIFY(server.ask(Ask::labels, {{"run", renamed}, {"labels", {{"starred", true}}}}).answered());
    QVERIFY(server.wire->until([&] { return items[renamed].at("labels").value("starred", false); }));
    QVERIFY(server.ask(Ask::remove, {{"run", "a"}}).answered());
    QVERIFY(server.wire->until([&] { return !items.contains("a"); }));
    QVERIFY2(wrong.empty(), wrong.empty() ? "" : wrong.front().c_str());
  }

  void runs_are_renamed_and_put_away() {
    Server server;
    put(server.top / "runs/a/spec.toml", "[run]\nname = \"a\"\n");
    const Outcome renamed = server.ask(Ask::rename, {{"run", "a"}, {"name", "b"}});
    QCOMPARE(renamed.fields.at("run").get<std::string>(), std::string("b"));
    for (const char* wrong : {"", ".x", "../c", "x/y", "x\ny"})
      QVERIFY2(!server.ask(Ask::rename, {{"run", "b"}, {"name", wrong}}).answered(), wrong);
    const Outcome removed = server.ask(Ask::remove, {{"run", "b"}});
    QVERIFY2(removed.answered(), removed.words.english().c_str());
    QVERIFY(!fs::exists(server.top / "runs/b"));
    const std::string trashed = removed.fields.at("trashed");
    QVERIFY(server.ask(Ask::restore, {{"trashed", trashed}}).answered());
    QVERIFY(fs::exists(server.top / "runs/b/run.h5"));
    QVERIFY(server.ask(Ask::remove, {{"run", "b"}}).answered());
    QVERIFY(server.ask(Ask::purge, {{"trashed", trashed}}).answered());
    QVERIFY(!fs::exists(server.top / "runs/.trash" / trashed));
    QVERIFY(refused(server.ask(Ask::spec, {{"run", "b"}}), Refusal::missing));
  }

  void a_run_that_is_written_stays() {
    Server server;
    auto writer = RecordWriter::create(server.record("live"), {record_rows::spec, record_rows::environment, {}});
    QVERIFY(refused(server.ask(Ask::remove, {{"run", "live"}}), Refusal::failed));
    QVERIFY(refused(server.ask(Ask::rename, {{"run", "live"}, {"name", "x"}}), Refusal::failed));
    QVERIFY(fs::exists(server.top / "runs/live/run.h5"));
  }

  /// Two windows of one user; what one writes never ends up in what the other has finished.
  void a_file_is_sent_by_two_sessions() {
    const Server server;
    const std::string text = "{\"prompt\": 1}\n{\"prompt\": 2}\n", sha = sha256_of(text);
    Uploads first(*server.roots), second(*server.roots);
    const auto announce = [&](Uploads& uploads) {
      const Json fields = {{"root", "data/0"}, {"sha256", sha}, {"bytes", text.size()}, {"name", "own.jsonl"}};
      return uploads.announce({1, Ask::send, fields});
    };
    const auto send = [&](Uploads& uploads, std::size_t at, const std::string& part) {
      return uploads.take({1, Ask::send_chunk, {{"sha256", sha}, {"at", at}, {"data", wire::to_base64(part)}}});
    };
    announce(first);
    announce(second);
    send(second, 0, text.substr(0, 4));
    const std::string path = send(first, 0, text).at("path");
    // It is there, and what comes late is not written into it.
    QCOMPARE(send(second, 4, std::string(text.size() - 4, 'x')).value("path", ""), path);
    QCOMPARE(read_file(server.top / "data" / path), text);
    QCOMPARE(announce(second).value("path", ""), path);
    // What another has spoilt meanwhile is not the file that was announced.
    fs::remove(server.top / "data" / path);
    announce(first);
    announce(second);
    send(first, 0, text.substr(0, 8));
    send(second, 0, "spoilt");
    QVERIFY_EXCEPTION_THROWN(send(first, 8, text.substr(8)), wire::Refused);
    QVERIFY(!fs::exists(server.top / "data" / path));
    announce(first);
    QCOMPARE(send(first, 0, text).value("path", ""), path);
    QCOMPARE(read_file(server.top / "data" / path), text);
  }

  void a_file_is_sent_in_chunks_over_several_connections() {
    Server server;
    std::string text;
    while (text.size() < 300'000) text += "{\"prompt\": \"" + std::to_string(text.size()) + "\"}\n";
    const std::string sha = sha256_of(text);
    const Json announced = {{"root", "data/0"}, {"sha256", sha}, {"bytes", text.size()}, {"name", "own.jsonl"}};
    std::size_t have = server.ask(Ask::send, announced).fields.at("have").get<std::size_t>();
    QCOMPARE(have, std::size_t{0});
    std::string path;
    for (int chunk = 0; have < text.size(); ++chunk) {
      const Outcome sent = server.ask(
          Ask::send_chunk, {{"sha256", sha}, {"at", have}, {"data", wire::to_base64(text.substr(have, 70'000))}});
      QVERIFY2(sent.answered(), sent.words.english().c_str());
      have = sent.fields.at("have").get<std::size_t>();
      path = sent.fields.value("path", "");
      if (chunk == 1) {
        server.wire->cut();
        server.connect();
        QVERIFY(refused(server.ask(Ask::send_chunk, {{"sha256", sha}, {"at", have}, {"data", ""}}), Refusal::missing));
        QCOMPARE(server.ask(Ask::send, announced).fields.at("have").get<std::size_t>(), have);
      }
    }
    QCOMPARE(read_file(server.top / "data" / path), text);
    QCOMPARE(server.ask(Ask::send, announced).fields.value("path", ""), path);  // it is there
    const Outcome rows = server.ask(Ask::data_rows, {{"root", "data/0"}, {"path", path}, {"rows", {0, 2, 99'999}}});
    QVERIFY2(rows.answered(), rows.words.english().c_str());
    QCOMPARE(rows.fields.at("rows").at(0).get<std::string>(), std::string("{\"prompt\":\"0\"}"));
    QVERIFY(rows.fields.at("rows").at(1).is_string() && rows.fields.at("rows").at(2).is_null());
  }

  void files_that_nobody_goes_on_with_are_in_nobody_s_way() {
    Server server;
    const auto sha = [](int i) { return std::string(62, 'a') + (i < 10 ? "0" : "") + std::to_string(i); };
    const auto announce = [&](int i) {
      return server.ask(Ask::send, {{"root", "data/0"}, {"sha256", sha(i)}, {"bytes", 100}, {"name", "x"}});
    };
    const auto send = [&](int i, std::size_t at) {
      return server.ask(Ask::send_chunk, {{"sha256", sha(i)}, {"at", at}, {"data", wire::to_base64("abc")}});
    };
    for (int i = 0; i < 16; ++i) QVERIFY(announce(i).answered());
    QCOMPARE(send(0, 0).fields.at("have").get<int>(), 3);
    QVERIFY(announce(16).answered());
    QCOMPARE(send(0, 3).fields.at("have").get<int>(), 6);  // it was just being sent
    QVERIFY(refused(send(1, 0), Refusal::missing));
    QCOMPARE(announce(1).fields.at("have").get<int>(), 0);
    QVERIFY(send(1, 0).answered());
  }

  void what_takes_its_time_keeps_nothing_else_waiting() {
    Server server;
    const fs::path large = server.top / "data/large.jsonl";
    put(large, "{}\n");
    fs::resize_file(large, std::uintmax_t{1} << 30);  // without any blocks; to be hashed all the same
    RecordWriter::create(
        server.record("large"),
        {"[data]\ntrain = \"" + large.string() + "\"\n", R"({"sha256": {"data": "of-other-data"}})", {}})
        .close();
    const std::string gone = server.ask(Ask::remove, {{"run", "a"}}).fields.at("trashed");
    record_rows::write_record(server.record("b"), 5);
    serve::Session session(*server.roots, {});
    session.written(session.output().size());
    const auto ask = [&](std::uint64_t id, Ask what, Json fields) {
      session.receive(wire::request_line(id, what, std::move(fields)));
    };
    ask(1, Ask::data_rows, {{"run", "large"}, {"rows", {0}}});
    const std::string of_b = server.ask(Ask::record, {{"run", "b"}}).fields.at("generation");
    ask(2, Ask::digests, {{"run", "b"}, {"generation", of_b}, {"table", "steps"}, {"first", 0}, {"count", 5}});
    ask(3, Ask::purge, {{"trashed", gone}});
    ask(4, Ask::send, {{"root", "data/0"}, {"sha256", std::string(64, 'a')}, {"bytes", 3}, {"name", "x"}});
    QVERIFY(session.output().empty());
    const auto answered = [&](std::uint64_t id) {
      return session.output().find("\"id\":" + std::to_string(id) + ",") != std::string::npos;
    };
    QVERIFY(QTest::qWaitFor(
        [&] {
          session.tick({});
          return answered(2) && answered(3) && answered(4);
        },
        60'000));
    QVERIFY(!answered(1));
    QVERIFY(!fs::exists(server.top / "runs/.trash" / gone));
    session.finish_jobs();
    QVERIFY(answered(1) && session.output().find("replaced") != std::string::npos);
  }

  void what_is_not_the_announced_file_is_thrown_away() {
    Server server;
    const std::string sha(64, 'a');
    QVERIFY(server.ask(Ask::send, {{"root", "data/0"}, {"sha256", sha}, {"bytes", 3}, {"name", "x"}}).answered());
    const Outcome sent = server.ask(Ask::send_chunk, {{"sha256", sha}, {"at", 0}, {"data", wire::to_base64("abc")}});
    QVERIFY(refused(sent, Refusal::failed));
    for (const auto& entry : fs::directory_iterator(server.top / "data/uploads"))
      QFAIL(("left: " + entry.path().string()).c_str());
    const Json wrong = {{"sha256", sha}, {"bytes", 3}, {"name", "x"}, {"root", "runs"}};
    QVERIFY(refused(server.ask(Ask::send, wrong), Refusal::request));
  }

  void logs_come_in_pieces() {
    Server server;
    put(server.top / "runs/a/log.txt", "first\nsecond\n");
    const Outcome log = server.ask(Ask::log, {{"run", "a"}, {"from", 6}});
    QCOMPARE(*wire::from_base64(log.fields.at("data").get<std::string>()), std::string("second\n"));
    QCOMPARE(log.fields.at("bytes").get<int>(), 13);
  }

  void rows_of_the_data_of_a_run() {
    Server server;
    const auto train = [&](const std::string& run, const std::string& data, const std::string& sha256) {
      auto writer = RecordWriter::create(
          server.record(run),
          {"[data]\ntrain = \"" + data + "\"\n", "{\"sha256\": {\"data\": \"" + sha256 + "\"}}", {}});
      writer.close();
    };
    const auto ask = [&](const std::string& run) {
      return server.ask(Ask::data_rows, {{"run", run}, {"rows", {0, 2, 7}}});
    };
    const fs::path pairs = server.top / "data/pairs.jsonl";
    train("b", pairs.string(), sha256_of(read_file(pairs)));
    train("unknown", pairs.string(), "");
    for (int again = 0; again < 2; ++again) {
      const Outcome rows = ask("b");
      QVERIFY2(rows.answered(), rows.words.english().c_str());
      QCOMPARE(rows.fields.at("rows").dump(), std::string("[\"{\\\"n\\\":0}\",\"{\\\"n\\\":2}\",null]"));
    }
    put(pairs, "{\"n\":0}\n{\"n\":8}\n{\"n\":9}\n");
    QVERIFY(refused(ask("b"), Refusal::replaced));
    QVERIFY(ask("unknown").answered());
    // Wherever the record says that its data are: only what is served is read.
    train("out", (server.top / "outside/rows.jsonl").string(), "");
    train("out-relative", "../../outside/rows.jsonl", "");
    fs::create_directory_symlink(server.top / "outside", server.top / "data/away");
    train("out-by-link", (server.top / "data/away/rows.jsonl").string(), "");
    fs::create_directories(server.top / "data/mixed-set");
    fs::create_symlink(server.top / "outside/rows.jsonl", server.top / "data/mixed-set/rows.jsonl");
    train("out-in-folder", (server.top / "data/mixed-set").string(), "");
    for (const char* run : {"out", "out-relative", "out-by-link", "out-in-folder"})
      QVERIFY2(refused(ask(run), Refusal::outside), run);
    train("none", "", "");
    QVERIFY(refused(ask("none"), Refusal::missing));
    QVERIFY(refused(ask("nowhere"), Refusal::missing));
    QVERIFY(refused(ask("../outside"), Refusal::outside));
    QVERIFY(refused(server.ask(Ask::data_rows, {{"rows", {0}}}), Refusal::request));
    QVERIFY(refused(server.ask(Ask::data_rows, {{"root", "data/0"}, {"rows", {0}}}), Refusal::request));
    QVERIFY(refused(server.ask(Ask::data_rows, {{"run", "unknown"}, {"rows", {2, 1}}}), Refusal::request));
  }

  void coarse_rows_are_even_and_bounded() {
    Server server;
    record_rows::write_record(server.record("long"), 5000);
    const std::string generation = server.ask(Ask::record, {{"run", "long"}}).fields.at("generation");
    const auto ask = [&](Json fields) {
      fields.update({{"run", "long"}, {"generation", generation}});
      if (!fields.contains("table")) fields["table"] = "steps";
      return server.ask(Ask::coarse, fields);
    };
    const Outcome got = ask({{"count", 9}});
    QVERIFY(got.fields.at("count") == 9 && got.fields.at("of") == 5000);
    const auto steps = wire::from_base64(got.fields.at("columns").at("step").get<std::string>());
    QCOMPARE(steps->size(), std::size_t{72});
    QVERIFY(steps->substr(0, 8) == std::string("\1\0\0\0\0\0\0\0", 8));
    QVERIFY(steps->substr(64) == std::string("\x88\x13\0\0\0\0\0\0", 8));
    const Outcome most = ask({{"count", std::uint64_t{0} - 1}});
    QVERIFY(most.answered() && most.fields.at("count").get<std::size_t>() * 280 <= wire::kMostChunkBytes);
    QVERIFY(ask({{"count", 20}, {"table", "layers"}, {"packed", true}}).answered());
    QCOMPARE(ask({{"count", 20}, {"table", "probe"}}).fields.at("count").get<int>(), 1);
    for (const int few : {0, 1}) QVERIFY(refused(ask({{"count", few}}), Refusal::request));
    for (const Json& wrong : {Json(-3), Json(1.5), Json("9"), Json()})
      QVERIFY(refused(ask({{"count", wrong}}), Refusal::request));
    QVERIFY(refused(ask({{"count", 9}, {"table", "walls"}}), Refusal::request));
    QVERIFY(refused(ask({{"count", 9}, {"packed", 1}}), Refusal::request));
    QVERIFY(refused(server.ask(Ask::coarse, {{"run", "long"}, {"generation", "x"}, {"table", "steps"}, {"count", 9}}),
                    Refusal::replaced));
  }

  void a_client_that_does_not_read_is_not_read_from() {
    Server server;
    serve::Session session(*server.roots, {});
    std::string line = wire::request_line(1, Ask::folder, {{"root", "runs"}, {"path", std::string(3000, 'x') + "/"}});
    std::size_t sent = 0, most = 0;
    while (session.wants_input() && sent < (64U << 20)) {
      session.receive(line);
      sent += line.size();
      most = std::max(most, session.output().size());
    }
    QVERIFY2(sent < (64U << 20), "it goes on taking requests");
    QVERIFY2(most < 8 * wire::kLongestLine, std::to_string(most).c_str());
    // What was taken is answered once there is room.
    session.written(session.output().size());
    QVERIFY(session.wants_input());
  }

  void gpus_are_named_as_the_engine_names_them() {
    const char* table = "0, GPU-aaaa, NVIDIA H100, 81559, 80000\n1, GPU-bbbb, NVIDIA A10, 23028, 100\nnonsense\n";
    const auto both = serve::gpus_of(table, {"1", "GPU-aa"});
    QCOMPARE(both.size(), std::size_t{2});
    QVERIFY(both[0].name == "cuda:0" && both[0].about == "NVIDIA A10" && both[0].free_memory == 100ULL << 20);
    QVERIFY(both[1].name == "cuda:1" && both[1].memory == 81559ULL << 20);
    QCOMPARE(serve::gpus_of("", {"0"}).front().memory, std::uint64_t{0});
  }
};

QTEST_GUILESS_MAIN(TestServeSession)
#include "test_serve_session.moc"
