// SPDX-License-Identifier: Apache-2.0
// What a window and a server say to each other: lines, base64, requests, hello, and the near end's states.
#include <QFile>
#include <QTest>
#include <random>

#include "core/serve/base64.h"
#include "core/serve/client.h"
#include "core/serve/lines.h"
#include "core/serve/names.h"
#include "core/serve/protocol_document.h"
#include "core/serve/rows_json.h"

using namespace bandscope;
using namespace bandscope::wire;
using namespace std::chrono_literals;

namespace {

Refusal refusal_of_line(const std::string& line, std::optional<std::uint64_t>* id = nullptr) {
  std::optional<std::uint64_t> found;
  try {
    read_request(line, found);
  } catch (const Refused& error) {
    if (id) *id = found;
    return error.refusal;
  }
  return Refusal::failed;
}

std::string hello() {
  Hello hello;
  hello.program = "9.8.7";
  hello.roots = {"runs", "data/0"};
  hello.devices = {{"cuda:0", "H100", 80, 60}};
  hello.requests = {"runs", "spec"};
  return hello_line(hello);
}

}  // namespace

class TestServe : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_document_is_made_of_the_table() {
    QFile file(QStringLiteral(BANDSCOPE_SOURCE "/core/serve/PROTOCOL.md"));
    const QByteArray made = QByteArray::fromStdString(protocol_document());
    if (qEnvironmentVariableIsSet("BANDSCOPE_WRITE_FORMAT")) {
      QVERIFY(file.open(QIODevice::WriteOnly) && file.write(made) == made.size());
      return;
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(file.readAll() == made, "PROTOCOL.md differs from the table; run this with BANDSCOPE_WRITE_FORMAT=1");
  }

  void lines_are_cut_and_bounded() {
    Lines lines(5);
    lines.add("ab\n\ncde");
    QCOMPARE(lines.next()->text, std::string("ab"));
    QCOMPARE(lines.next()->text, std::string());
    QVERIFY(!lines.next());
    lines.add("fg\n123456\nok\n");
    QCOMPARE(lines.next()->text, std::string("cdefg"));
    QVERIFY(lines.next()->too_long);
    QCOMPARE(lines.next()->text, std::string("ok"));
    lines.add("123456");
    QVERIFY(lines.next()->too_long);
    for (int i = 0; i < 1000; ++i) {
      lines.add("more of it");
      QVERIFY(!lines.next());
    }
    lines.add("\nback\n");
    QCOMPARE(lines.next()->text, std::string("back"));
    QVERIFY(!lines.next());
  }

  void names_of_files_lead_nowhere() {
    for (const char* path : {"0/a", "000000000000000020/results.json"}) QVERIFY2(is_evaluation_file(path), path);
    for (const char* path : {"", "/", "a", "1/", "/a", "x/a", "1/.a", "1/..", "1/a/b", "../1/a", "1/a\n",
                             "0000000000000000020/results.json"})
      QVERIFY2(!is_evaluation_file(path), path);
    QVERIFY(is_plain_name(std::string(200, 'a')) && !is_plain_name(std::string(201, 'a')));
  }

  void base64_there_and_back() {
    QCOMPARE(to_base64("foobar"), std::string("Zm9vYmFy"));  // RFC 4648, section 10
    QCOMPARE(to_base64("fooba"), std::string("Zm9vYmE="));
    QCOMPARE(to_base64("foob"), std::string("Zm9vYg=="));
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 200; ++size) {
      std::string bytes(size, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random());
      QVERIFY(from_base64(to_base64(bytes)) == bytes);
    }
    for (const char* wrong : {"Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm 9", "Zg==Zg==", "Zm9v\n"})
      QVERIFY2(!from_base64(wrong), wrong);
  }

  void packed_rows_there_and_back() {
    std::mt19937_64 random(2);
    RowShape shape{{"a", "text", "step"}, {8, 64, 8}};
    for (const std::size_t count : {0, 1, 2, 7, 500}) {
      RawRows rows{RecordTable::steps, 3, count, {}};
      for (std::size_t i = 0; i < shape.names.size(); ++i) {
        std::string bytes(shape.widths[i] * count, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        rows.columns.push_back({shape.names[i], bytes});
      }
      const RawRows back = read_rows(rows_fields(rows, true), RecordTable::steps, shape);
      QVERIFY(back.first == 3 && back.count == count && back.columns.size() == 3);
      for (std::size_t i = 0; i < shape.names.size(); ++i)
        QVERIFY(back.columns[i].name == shape.names[i] && back.columns[i].bytes == rows.columns[i].bytes);
    }
    RawRows rising{RecordTable::steps, 0, 100, {{"step", ""}}};
    for (std::int64_t step = 0; step < 100; ++step)
      rising.columns[0].bytes.append(reinterpret_cast<const char*>(&step), sizeof step);
    QVERIFY(pack_rows(rising).size() < 200);
  }

  void packed_rows_of_another_shape_are_refused() {
    const RawRows rows{RecordTable::steps, 0, 2, {{"a", std::string(16, 'x')}}};
    const Json answer = rows_fields(rows, true);
    const auto refused = [](const Json& given, const RowShape& shape) {
      try {
        read_rows(given, RecordTable::steps, shape);
      } catch (const Refused&) {
        return true;
      }
      return false;
    };
    QVERIFY(!refused(answer, {{"a"}, {8}}));
    for (const RowShape& shape : {RowShape{}, RowShape{{"a"}, {7}}, RowShape{{"a"}, {9}}, RowShape{{"a", "b"}, {8}},
                                  RowShape{{"a", "b"}, {8, 8}}, RowShape{{"a"}, {std::size_t{0} - 1}}})
      QVERIFY(refused(answer, shape));
    for (const Json& packed : {Json(5), Json("!"), Json(""), Json(to_base64("nonsense"))}) {
      Json wrong = answer;
      wrong["packed"] = packed;
      QVERIFY(refused(wrong, {{"a"}, {8}}));
    }
    // 100 MB in a few bytes.
    const RawRows much{RecordTable::steps, 0, 1, {{"a", std::string(100 << 20, '\0')}}};
    QVERIFY(refused(rows_fields(much, true), {{"a"}, {8}}));
    QVERIFY(refused(rows_fields(much, true), {{"a"}, {100 << 20}}));
    Json many = answer;
    many["count"] = std::uint64_t{1} << 40;
    QVERIFY(refused(many, {{"a"}, {8}}));

    RowShapes shapes;
    shapes[0] = {{"a", "b"}, {8, 64}};
    const Json said = shapes_json(shapes);
    QVERIFY(read_shapes(said)[0].widths == shapes[0].widths && read_shapes(said)[0].names == shapes[0].names);
    QVERIFY(read_shapes({{"columns", {{"steps", {"a"}}}}})[0].names.empty());  // of an older engine
    for (const Json& widths : {Json(3), Json{{"steps", 3}}, Json{{"steps", {8}}}, Json{{"steps", {8, -1}}},
                               Json{{"steps", {8, "9"}}}, Json{{"steps", {8, 1ULL << 60}}}}) {
      Json wrong = said;
      wrong["widths"] = widths;
      QVERIFY_EXCEPTION_THROWN(read_shapes(wrong), Refused);
    }
  }

  void requests_are_checked_by_the_table() {
    std::optional<std::uint64_t> id;
    const std::string line = request_line(7, Ask::spec, {{"run", "a/b"}});
    QVERIFY(line.ends_with('\n'));
    const Request request = read_request(line.substr(0, line.size() - 1), id);
    QVERIFY(request.ask == Ask::spec && request.id == 7 && request.text("run") == "a/b");
    QCOMPARE(refusal_of_line("nonsense"), Refusal::request);
    QCOMPARE(refusal_of_line("[1]"), Refusal::request);
    QCOMPARE(refusal_of_line(R"({"id":1,"request":"runs"})"), Refusal::version);
    QCOMPARE(refusal_of_line(R"({"v":2,"id":3,"request":"runs"})", &id), Refusal::version);
    QVERIFY(id == 3U);
    QCOMPARE(refusal_of_line(R"({"v":1,"id":-1,"request":"runs"})"), Refusal::request);
    QCOMPARE(refusal_of_line(R"({"v":1,"id":1,"request":"fly"})"), Refusal::unknown);
    QCOMPARE(refusal_of_line(R"({"v":1,"id":1,"request":"spec"})"), Refusal::request);
    QCOMPARE(refusal_of_line(R"({"v":1,"id":1,"request":"spec","run":5})"), Refusal::request);
    QCOMPARE(refusal_of_line(R"({"v":1,"id":1,"request":"log","run":"a","from":-5})"), Refusal::request);
    // What a newer window says besides is let through.
    QVERIFY(read_request(R"({"v":1,"id":1,"request":"runs","colour":"red"})", id).ask == Ask::runs);
  }

  void the_hello_comes_after_what_the_login_shell_says() {
    Client client;
    bool ready = false;
    client.on_ready = [&] { ready = true; };
    const Client::Time now{};
    client.connected(now);
    const std::string text = "Welcome to host\n{\"not\":\"it\"}\n" + hello();
    for (const char byte : text) client.receive({&byte, 1}, now);
    QVERIFY(ready && client.state() == Client::State::ready);
    QCOMPARE(client.hello().devices.front().free_memory, std::uint64_t{60});
    QCOMPARE(client.before_hello(), std::string("Welcome to host\n{\"not\":\"it\"}\n"));
    QVERIFY(client.knows(Ask::spec) && !client.knows(Ask::plan));
  }

  void another_version_is_refused_in_a_sentence() {
    Client client;
    client.connected({});
    client.receive("{\"bandscope\":\"serve\",\"v\":9,\"program\":\"7.0\"}\n", {});
    QCOMPARE(client.state(), Client::State::broken);
    QCOMPARE(client.problem().english(),
             std::string("the engine there (7.0) speaks version 9 of the protocol, this program version 1"));
  }

  void every_request_has_one_outcome() {
    Client client;
    client.connected({});
    client.receive(hello(), {});
    std::vector<Outcome::Kind> got;
    const auto keep = [&](const Outcome& outcome) { got.push_back(outcome.kind); };
    for (std::size_t i = 0; i < kMostInFlight + 3; ++i) client.ask(Ask::runs, Json::object(), keep, {});
    const std::string sent = client.take_output();
    QCOMPARE(static_cast<std::size_t>(std::count(sent.begin(), sent.end(), '\n')), kMostInFlight);
    client.ask(Ask::plan, {{"spec", ""}}, keep, {});
    QVERIFY(got == std::vector{Outcome::Kind::refused});  // the far end is too old for it
    client.receive(answer_line(1, Json::object()) + refusal_line(2, Refusal::missing, Message::plain("no")), {});
    QVERIFY(got[1] == Outcome::Kind::answered && got[2] == Outcome::Kind::refused);
    client.lost(Message::plain("cut"));
    QCOMPARE(got.size(), kMostInFlight + 4);
    QCOMPARE(client.waiting(), std::size_t{0});
    QVERIFY(got.back() == Outcome::Kind::lost);
  }

  void silence_and_nonsense_break_the_conversation() {
    const Client::Time start{};
    Client client({30s, 10s});
    client.connected(start);
    client.tick(start + 29s);
    QCOMPARE(client.state(), Client::State::opening);
    client.tick(start + 31s);
    QCOMPARE(client.state(), Client::State::broken);
    client.connected(start);
    client.receive(hello(), start);
    bool lost = false;
    client.ask(
        Ask::runs, Json::object(), [&](const Outcome& outcome) { lost = !outcome.answered(); }, start);
    client.tick(start + 11s);
    QVERIFY(lost && client.state() == Client::State::broken);
    for (const std::string& text :
         {std::string("x\n"), answer_line(77, Json::object()), std::string(kLongestLine + 1, 'a')}) {
      client.connected(start);
      client.receive(hello() + text, start);
      QCOMPARE(client.state(), Client::State::broken);
    }
    client.connected(start);
    client.receive(std::string(100'000, '\n'), start);  // the answer of something else
    QCOMPARE(client.state(), Client::State::broken);
  }

  void an_answer_that_takes_its_time_costs_its_request_only() {
    const Client::Time start{};
    Client client({30s, 10s, 1000s});
    client.connected(start);
    Hello all;
    for (const RequestAbout& request : requests()) all.requests.emplace_back(request.name);
    client.receive(hello_line(all), start);
    std::vector<Outcome> rows;
    const auto ask_rows = [&](Client::Time when) {
      client.ask(
          Ask::data_rows, {{"rows", Json::array()}}, [&](const Outcome& outcome) { rows.push_back(outcome); }, when);
    };
    const auto lines = [&] {
      const std::string sent = client.take_output();
      return static_cast<std::size_t>(std::count(sent.begin(), sent.end(), '\n'));
    };
    ask_rows(start);
    client.tick(start + 900s);
    QVERIFY(client.state() == Client::State::ready && rows.empty());
    client.tick(start + 1001s);
    QCOMPARE(client.state(), Client::State::ready);
    QVERIFY(rows.size() == 1 && rows[0].kind == Outcome::Kind::overdue && !rows[0].words.empty());
    QCOMPARE(client.waiting(), std::size_t{0});
    // The answer comes all the same; a second one is nonsense as ever.
    client.receive(answer_line(1, {{"rows", Json::array()}}), start + 1002s);
    QVERIFY(client.state() == Client::State::ready && rows.size() == 1);

    // However many there are, others are not kept waiting by them.
    QCOMPARE(lines(), std::size_t{1});
    for (std::size_t i = 0; i < kMostInFlight; ++i) ask_rows(start + 1002s);
    QCOMPARE(lines(), kMostSlow);
    bool listed = false;
    client.ask(
        Ask::runs, Json::object(), [&](const Outcome& outcome) { listed = outcome.answered(); }, start + 1002s);
    QCOMPARE(lines(), std::size_t{1});
    client.receive(answer_line(kMostInFlight + 2, Json::object()), start + 1003s);
    QVERIFY(listed);
    client.receive(answer_line(2, Json::object()), start + 1004s);
    QVERIFY(rows.size() == 2 && rows[1].answered() && lines() == 1);
    // Where no place is left for another one, it is the conversation that has no end.
    client.tick(start + 2010s);
    QCOMPARE(client.state(), Client::State::broken);
    QCOMPARE(rows.size(), kMostInFlight + 1);
    QVERIFY(rows.back().kind == Outcome::Kind::lost);
    client.connected(start);
    client.receive(hello() + answer_line(1, Json::object()), start);
    QCOMPARE(client.state(), Client::State::broken);
  }

  void pauses_grow() {
    Pauses pauses;
    const auto first = pauses.next(), second = pauses.next();
    QVERIFY(second > first);
    for (int i = 0; i < 20; ++i) pauses.next();
    QCOMPARE(pauses.next(), std::chrono::seconds(60));
    pauses.reset();
    QCOMPARE(pauses.next(), first);
  }
};

QTEST_GUILESS_MAIN(TestServe)
#include "test_serve.moc"
