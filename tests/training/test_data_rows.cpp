// SPDX-License-Identifier: Apache-2.0
// Rows of files: what is read, what is refused, and which rows cannot be used.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTest>
#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/sha256.h"
#include "tests/training/pair_files.h"
#include "training/data/pairs.h"
#include "training/data/rows_parquet.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::kChat;
using bandscope::testing::message_of;
using bandscope::testing::PairFiles;
using bandscope::testing::tokenizer_with;

class TestDataRows : public QObject {
  Q_OBJECT

  const PairFiles files_;

  fs::path file(const std::string& name, const std::string& text) const { return files_.file(name, text); }
  fs::path gzip(const std::string& name, const std::string& text, std::size_t cut = 0) const {
    return files_.gzip(name, text, cut);
  }

 private Q_SLOTS:
  void numbers_that_json_does_not_have() {
    const data::PairSet set = data::load_pairs(
        file("nan.jsonl",
             R"({"prompt": "NaN?", "chosen": " b", "rejected": " c", "score": NaN, "other": [-Infinity, Infinity]})"),
        tokenizer_with(), {});
    QCOMPARE(set.pairs.size(), std::size_t{1});
    QCOMPARE(tokenizer_with().decode(set.pairs[0].prompt), std::string("NaN?"));
  }

  void files_that_are_something_else_say_what() {
    const std::string row = R"({"prompt": "a", "chosen": " b", "rejected": " c"})";
    std::string wide;
    for (const char c : row) wide += {c, '\0'};
    std::string keys = "{";
    for (int i = 0; i < 2000; ++i) keys += "\"k" + std::to_string(i) + "\": 1, ";
    const std::pair<fs::path, const char*> cases[] = {
        {file("mark.jsonl", "\xFF\xFE" + wide), "UTF-16"},
        {file("wide.json", wide), "UTF-16"},
        {file("list.jsonl", "[\n" + row + "\n]"), "name it .json"},
        {file("list2.jsonl", "[" + row + "]"), "name it .json"},
        {file("pretty.json", "{\n \"data\": [\n" + row + "]}"), "save that list alone"},
        {file("data.json", "{\"data\": [" + row + "]}"), "its \"data\" is a list of objects"},
        {file("question.jsonl", R"({"question": "a", "chosen": " b", "rejected": " c"})"),
         "rename the column \"question\""},
        {file("keys.jsonl", keys + row.substr(1)), "more than 1024 keys"},
    };
    for (const auto& [path, part] : cases) {
      const std::string message = message_of([&] { data::load_pairs(path, tokenizer_with(), {}); });
      QVERIFY2(message.find(part) != std::string::npos, message.c_str());
    }
  }

  void special_files_are_no_data() {
    for (const std::string ending : {".jsonl", ".jsonl.gz", ".json", ".parquet"}) {
      if (ending == ".parquet" && !bandscope::data::has_parquet()) continue;
      const fs::path folder = files_.folder();
      const fs::path fifo = folder / ("fifo" + ending), zero = folder / ("zero" + ending),
                     endpoint = folder / ("socket" + ending);
      QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
      fs::create_symlink("/dev/zero", zero);
      const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      endpoint.string().copy(address.sun_path, sizeof address.sun_path - 1);
      QCOMPARE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
      for (const auto& [path, what] : {std::pair{fifo, "a FIFO, not a file"},
                                       {zero, "a device, not a file"},
                                       {endpoint, "a socket, not a file"}}) {
        const std::string message = message_of([&] { data::load_pairs(path, tokenizer_with(), {}); });
        QVERIFY2(message.find(what) != std::string::npos, message.c_str());
      }
      ::close(listener);
    }
  }

  void unusable_rows_are_counted_and_named() {
    const text::Tokenizer tokenizer = tokenizer_with({{"chat_template", kChat}});
    const std::pair<std::string, const char*> rows[] = {
        {R"({"prompt": "a", "chosen": "b"})", "lacks \"rejected\" (the row has the keys prompt, chosen)"},
        {R"({"prompt": "a", "chosen": "b", "rejected": null})",
         "\"rejected\" is null, a string or a list of messages is needed"},
        {R"({"prompt": "a", "chosen": "b", "rejected": 5})", "\"rejected\" is a number"},
        {R"({"prompt": 1, "chosen": " b", "rejected": " c"})", "\"prompt\" is a number"},
        {R"({"prompt": "a", "chosen": "", "rejected": "c"})", "\"chosen\" has an empty response"},
        {R"({"prompt": "a", "chosen": "b", "rejected": [1]})", "both must be of one kind"},
        {R"({"prompt": "a", "chosen": "b", "rejected")", "not valid JSON"},
        {"{\"prompt\": \"a\xFF\", \"chosen\": \" b\", \"rejected\": \" c\"}", "not valid JSON"},
        {R"(["a", "b"])", "the row is an array"},
        {"null", "the row is null"},
        {R"({"chosen": [], "rejected": []})", "\"chosen\" is an empty list"},
        {R"({"chosen": [{"role": "user"}], "rejected": [{}]})", "chosen[0] lacks \"content\""},
        {R"({"chosen": [{"role": "user", "content": "a"}], "rejected": [{"role": "user", "content": "a"}]})",
         "has the role \"user\""},
        {R"({"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}],
             "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]})",
         "not valid JSON"},
        {R"({"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": " "}], "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]})",
         "\"chosen\" has an empty response"},
        {R"({"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "x"}], "rejected": [{"role": "user", "content": "b"}, {"role": "assistant", "content": "y"}]})",
         "differ before their last message"},
        {R"({"chosen": [{"role": "assistant", "content": "x"}], "rejected": [{"role": "assistant", "content": "y"}]})",
         "no prompt"},
        {R"({"conversations": [{"from": "critic", "value": "x"}], "chosen": {"from": "gpt", "value": "x"}, "rejected": {"from": "gpt", "value": "y"}})",
         "conversations[0].from is \"critic\""},
        {std::string(200, '[') + std::string(200, ']'), "nested more than 64 deep"},
    };
    for (const auto& [row, reason] : rows) {
      const std::string line = row.substr(0, row.find('\n'));
      const data::PairSet set = data::load_pairs(
          file("bad.jsonl", "\n" + line + "\r\n\n{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}\n"),
          tokenizer, {});
      QCOMPARE(set.pairs.size(), std::size_t{1});
      QCOMPARE(set.pairs[0].row, std::int64_t{3});
      QCOMPARE(set.unusable, std::int64_t{1});
      QCOMPARE(set.examples[0].row, std::int64_t{1});
      QVERIFY2(set.examples[0].reason.english().find(reason) != std::string::npos,
               set.examples[0].reason.english().c_str());
      const std::string message = message_of([&] { data::load_pairs(file("only.jsonl", line), tokenizer, {}); });
      QVERIFY2(message.find("no usable pair in 1 rows: row 0: ") != std::string::npos, message.c_str());
    }
  }

  void only_the_first_reasons_are_kept() {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "{}\n";
    const data::PairSet set = data::load_pairs(
        file("many.jsonl", text + R"({"prompt": "a", "chosen": " b", "rejected": " c"})"), tokenizer_with(), {});
    QCOMPARE(set.unusable, std::int64_t{50});
    QCOMPARE(set.examples.size(), std::size_t{20});
    QCOMPARE(set.further.size(), std::size_t{30});
    QCOMPARE(data::further_rows(set), std::string("20-49"));
  }

  void every_row_that_is_not_used_is_named() {
    const std::string good = "{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}\n";
    std::string text = good;
    for (int i = 0; i < 20; ++i) text += "{}\n";
    const auto rows = [&](const std::string& rest) {
      return data::further_rows(data::load_pairs(file("rows.jsonl", text + rest), tokenizer_with(), {}));
    };
    QCOMPARE(rows(good), std::string());
    QCOMPARE(rows(good + "{}\n" + good + "{}\n{}\n"), std::string("22, 24-25"));
    std::string many;
    for (int i = 0; i < 1'003; ++i) many += "{}\n";
    QCOMPARE(rows(many), std::string("21-1020 and 3 more"));
  }

  void files() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const std::string row = R"({"prompt": "a", "chosen": " b", "rejected": " c"})";
    const auto pairs = [&](const fs::path& path) { return data::load_pairs(path, tokenizer, {}).pairs.size(); };
    QCOMPARE(pairs(file("f.jsonl", row + "\n" + row)), std::size_t{2});
    QCOMPARE(pairs(file("f.json", " [" + row + ",\n " + row + " ]\n")), std::size_t{2});
    QCOMPARE(pairs(file("lines.json", row + "\n" + row)), std::size_t{2});
    QCOMPARE(pairs(file("bom.jsonl", "\xEF\xBB\xBF" + row)), std::size_t{1});
    QCOMPARE(pairs(gzip("f.jsonl.gz", row + "\n" + row + "\n")), std::size_t{2});
    QCOMPARE(pairs(gzip("f.json.gz", "[" + row + "]")), std::size_t{1});
    data::PairOptions first;
    first.limit = 1;
    QCOMPARE(data::load_pairs(file("f.jsonl", row + "\n" + row), tokenizer, first).pairs.size(), std::size_t{1});
    QCOMPARE(data::load_pairs(file("f.jsonl", row), tokenizer, {}).sha256, bandscope::sha256_of(row));

    std::string long_text;
    for (int i = 0; i < 3000; ++i)
      long_text += text::Json{{"prompt", std::to_string(i * 7919)}, {"chosen", " b"}, {"rejected", " c"}}.dump() + "\n";
    const std::pair<fs::path, const char*> wrong[] = {
        {files_.folder() / "missing.jsonl", "does not exist"},
        {files_.folder(), "several kinds"},
        {file("f.csv", row), "unknown kind of data file"},
        {file("empty.jsonl", ""), "is empty"},
        {file("blank.jsonl", "\n \n"), "is empty"},
        {file("none.json", "[ ]"), "empty JSON array"},
        {file("open.json", "[" + row + ","), "ends too early, after 1 elements"},
        {file("more.json", "[" + row + "] x"), "more after the end"},
        {file("plain.jsonl.gz", row), "is not gzip-compressed data"},
        {gzip("cut.jsonl.gz", long_text, 2000), "ends too early"},
        {gzip("tail.jsonl.gz", long_text, 4), "ends too early"},
    };
    for (const auto& [path, part] : wrong) {
      const std::string message = message_of([&] { data::load_pairs(path, tokenizer, {}); });
      QVERIFY2(message.find(part) != std::string::npos, message.c_str());
      QVERIFY2(message.find(path.string()) != std::string::npos, message.c_str());
    }
    fs::create_directory(files_.folder() / "folder.jsonl");
    QVERIFY_THROWS_EXCEPTION(DataError, pairs(files_.folder() / "folder.jsonl"));
  }

  void kto_rows_are_refused() {
    const std::string message = message_of([&] {
      data::load_pairs(file("kto.json", R"([{"messages": [{"role": "user", "content": "a"}], "label": true}])"),
                       tokenizer_with(), {});
    });
    QVERIFY2(message.find("KTO rows") != std::string::npos, message.c_str());
  }

  void parquet() {
    const fs::path fixtures = fs::path(BANDSCOPE_SOURCE) / "tests/training/fixtures";
    const text::Tokenizer tokenizer = tokenizer_with({{"chat_template", kChat}});
    if (!bandscope::data::has_parquet()) {
      const std::string message = message_of([&] { data::load_pairs(fixtures / "strings.parquet", tokenizer, {}); });
      QVERIFY2(message.find("without Arrow") != std::string::npos, message.c_str());
      QSKIP("this build has no Arrow");
    }
    const data::PairSet strings = data::load_pairs(fixtures / "strings.parquet", tokenizer, {});
    QCOMPARE(strings.form, std::string("prompt/chosen/rejected"));
    QCOMPARE(strings.pairs.size(), std::size_t{3});  // the row without a prompt shares none
    QCOMPARE(strings.examples[0].row, std::int64_t{2});
    QCOMPARE(strings.pairs[2].row, std::int64_t{3});
    QCOMPARE(tokenizer.decode(strings.pairs[1].prompt), std::string("H\xC3\xA9"));
    QCOMPARE(tokenizer.decode(strings.pairs[2].rejected), std::string(" f</s>"));

    const data::PairSet talks = data::load_pairs(fixtures / "conversations.parquet", tokenizer, {});
    QCOMPARE(talks.form, std::string("conversations"));
    QCOMPARE(talks.pairs.size(), std::size_t{1});
    QCOMPARE(tokenizer.decode(talks.pairs[0].chosen), std::string("Good\n</s>"));
    QCOMPARE(talks.examples[0].reason.english(), std::string("\"rejected\" has an empty response"));

    const std::string whole = bandscope::read_file(fixtures / "strings.parquet");
    const fs::path broken[] = {file("cut.parquet", whole.substr(0, whole.size() / 2)), file("text.parquet", "{}"),
                               file("empty.parquet", ""), files_.folder() / "missing.parquet"};
    for (const fs::path& path : broken) {
      const std::string message = message_of([&] { data::load_pairs(path, tokenizer, {}); });
      QVERIFY2(message.find(path.string()) != std::string::npos, message.c_str());
    }
  }
};

QTEST_GUILESS_MAIN(TestDataRows)
#include "test_data_rows.moc"
