// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/sha256.h"
#include "tests/training/data_samples.h"
#include "training/data/pairs.h"
#include "training/data/rows.h"
#include "training/data/rows_parquet.h"
#include "training/text/tokenizer_config.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::byte_level_json;
using bandscope::testing::message_of;

namespace {

const fs::path kShared = BANDSCOPE_SHARED;

text::Json read(const fs::path& file) { return bandscope::read_json(file); }

text::Tokenizer tokenizer_with(text::Json config = text::Json::object()) {
  config.update({{"bos_token", "<s>"}, {"eos_token", "</s>"}});
  return text::Tokenizer::from_text(byte_level_json(), config.dump());
}

constexpr const char* kChat =
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% "
    "endif %}";

std::vector<text::TokenId> operator+(std::vector<text::TokenId> a, const std::vector<text::TokenId>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

class TestPairs : public QObject {
  Q_OBJECT

  QTemporaryDir dir_;

  fs::path file(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(dir_.path().toStdString()) / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  fs::path gzip(const std::string& name, const std::string& text, std::size_t cut = 0) const {
    const fs::path path = fs::path(dir_.path().toStdString()) / name;
    gzFile out = gzopen(path.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    if (cut > 0) fs::resize_file(path, fs::file_size(path) - cut);
    return path;
  }

 private slots:
  void strings_become_ids() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const data::PairSet set = data::load_pairs(
        file("a.jsonl", R"({"prompt": "Hi", "chosen": " there.", "rejected": " you", "id": 7})"), tokenizer, {});
    QCOMPARE(set.form, std::string("prompt/chosen/rejected"));
    QCOMPARE(set.pairs.size(), std::size_t{1});
    const text::TokenId eos = *tokenizer.eos();
    QCOMPARE(set.pairs[0].prompt, tokenizer.encode("Hi"));
    QCOMPARE(set.pairs[0].prompt + set.pairs[0].chosen, tokenizer.encode("Hi there.") + std::vector{eos});
    QCOMPARE(set.pairs[0].prompt + set.pairs[0].rejected, tokenizer.encode("Hi you") + std::vector{eos});
  }

  void bos_only_where_the_tokenizer_adds_it() {
    const fs::path path = file("bos.jsonl", R"({"prompt": "Hi", "chosen": " there", "rejected": " you"})");
    text::Json json = text::Json::parse(byte_level_json());
    json["post_processor"] = {{"type", "TemplateProcessing"},
                              {"single", text::Json::array({{{"SpecialToken", {{"id", "<s>"}, {"type_id", 0}}}},
                                                            {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}})}};
    const text::Tokenizer with =
        text::Tokenizer::from_text(json.dump(), R"({"bos_token": "<s>", "eos_token": "</s>"})");
    QCOMPARE(data::load_pairs(path, with, {}).pairs[0].prompt, std::vector{*with.bos()} + with.encode("Hi"));
    const fs::path twice = file("bos2.jsonl", R"({"prompt": "<s>Hi", "chosen": " there", "rejected": " you"})");
    QCOMPARE(data::load_pairs(twice, with, {}).pairs[0].prompt, with.encode("<s>Hi"));
    const fs::path empty = file("bos3.jsonl", R"({"prompt": "", "chosen": "there", "rejected": "you"})");
    QCOMPARE(data::load_pairs(empty, with, {}).pairs[0].prompt, std::vector{*with.bos()});
    QVERIFY_THROWS_EXCEPTION(DataError, data::load_pairs(empty, tokenizer_with(), {}));
  }

  void the_prompt_is_what_all_three_share() {
    const text::Tokenizer tokenizer = tokenizer_with();
    // "boi" is the tokens b, o, i, and "boil" is b, oil: the merge reaches over the end of the prompt.
    const fs::path path = file("merge.jsonl", R"({"prompt": "boi", "chosen": "l it", "rejected": "d"})");
    const auto pair = data::load_pairs(path, tokenizer, {}).pairs[0];
    QCOMPARE(pair.prompt, tokenizer.encode("b"));
    QCOMPARE(pair.prompt + pair.chosen, tokenizer.encode("boil it") + std::vector{*tokenizer.eos()});
    QCOMPARE(pair.prompt + pair.rejected, tokenizer.encode("boid") + std::vector{*tokenizer.eos()});
  }

  void lengths() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const std::string prompt = "01234567890123456789", chosen = "98765432109876543210987654321", rejected = "5";
    const fs::path path =
        file("long.jsonl", text::Json{{"prompt", prompt}, {"chosen", chosen}, {"rejected", rejected}}.dump());
    const auto whole = data::load_pairs(path, tokenizer, {}).pairs[0];
    const auto longest = static_cast<std::int64_t>(whole.prompt.size() + whole.chosen.size());
    data::PairOptions options;
    options.max_length = longest, options.max_prompt_length = 1;
    QCOMPARE(data::load_pairs(path, tokenizer, options).pairs[0].prompt, whole.prompt);  // it fits: nothing is cut
    options.max_length = longest - 1, options.max_prompt_length = 5;
    auto cut = data::load_pairs(path, tokenizer, options).pairs[0];
    QCOMPARE(cut.prompt, std::vector<text::TokenId>(whole.prompt.end() - 5, whole.prompt.end()));
    QCOMPARE(cut.chosen, whole.chosen);  // with the shorter prompt the response has room, EOS included
    options.max_length = 10;
    cut = data::load_pairs(path, tokenizer, options).pairs[0];
    QCOMPARE(cut.prompt.size(), std::size_t{5});
    QCOMPARE(cut.chosen, std::vector<text::TokenId>(whole.chosen.begin(), whole.chosen.begin() + 5));
    QCOMPARE(cut.rejected, whole.rejected);
    // A prompt that leaves no room makes the row unusable, as an empty response does; a shorter one beside it is used.
    for (const std::int64_t prompt_length : {10, 512}) {
      options.max_prompt_length = prompt_length;
      try {
        data::load_pairs(path, tokenizer, options);
        QFAIL("a pair without a response was used");
      } catch (const DataError& error) {
        QVERIFY2(std::string(error.what())
                         .find("row 0: the prompt of 11 ids leaves no room for a response in data.max_length = 10") !=
                     std::string::npos,
                 error.what());
      }
    }
    const fs::path both =
        file("both.jsonl", text::Json{{"prompt", prompt}, {"chosen", chosen}, {"rejected", rejected}}.dump() + "\n" +
                               text::Json{{"prompt", "0123"}, {"chosen", chosen}, {"rejected", rejected}}.dump());
    const data::PairSet set = data::load_pairs(both, tokenizer, options);
    QCOMPARE(set.unusable, std::int64_t{1});
    QCOMPARE(set.pairs.size(), std::size_t{1});
    QCOMPARE(set.pairs[0].prompt.size() + set.pairs[0].chosen.size(), std::size_t{10});
  }

  void anthropic_hh() {
    const text::Tokenizer tokenizer = tokenizer_with();
    // Both answers begin with the same words, which belong to the responses.
    const text::Json row = {
        {"chosen", "\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant: I can help."},
        {"rejected", "\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant: I can not."}};
    const fs::path path = file("hh.jsonl", row.dump() + "\n");
    const data::PairSet set = data::load_pairs(path, tokenizer, {});
    QCOMPARE(set.form, std::string("Anthropic-HH"));
    const auto texts = data::load_pair_texts(path, tokenizer, {0});
    QCOMPARE(texts[0].prompt, std::string("\n\nHuman: Hi\n\nAssistant: Yes, do\n\nHuman: more\n\nAssistant:"));
    QCOMPARE(texts[0].chosen, std::string(" I can help."));
    QCOMPARE(texts[0].rejected, std::string(" I can not."));
    QCOMPARE(tokenizer.decode(set.pairs[0].chosen), std::string(" I can help.</s>"));
    const std::string none = message_of([&] {
      data::load_pairs(file("hh2.jsonl", R"({"chosen": "Human: a", "rejected": "Human: b"})"), tokenizer, {});
    });
    QVERIFY2(none.find("row 0: \"chosen\" and \"rejected\" share no prompt") != std::string::npos, none.c_str());
  }

  void conversations_data() {
    QTest::addColumn<QString>("row");
    QTest::addColumn<QString>("form");
    QTest::newRow("whole") << R"({"prompt": "Hi", "chosen": [{"role": "user", "content": "Hi"}, {"role": "assistant",
      "content": "Good"}], "rejected": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Bad"}]})"
                           << "conversations";
    QTest::newRow("answers alone") << R"({"prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role":
      "assistant", "content": "Good"}], "rejected": [{"role": "assistant", "content": "Bad"}]})"
                                   << "conversations";
    QTest::newRow("prompt as text") << R"({"prompt": "Hi", "chosen": [{"role": "assistant", "content": "Good"}],
      "rejected": [{"role": "assistant", "content": "Bad"}]})"
                                    << "conversations";
    QTest::newRow("ShareGPT") << R"({"conversations": [{"from": "human", "value": "Hi"}], "chosen": {"from": "gpt",
      "value": "Good"}, "rejected": {"from": "gpt", "value": "Bad"}})"
                              << "ShareGPT";
  }
  void conversations() {
    QFETCH(QString, row);
    QFETCH(QString, form);
    const text::Tokenizer tokenizer = tokenizer_with({{"chat_template", kChat}});
    const fs::path path = file("talk.json", "[" + row.toStdString() + "]");
    const auto text = data::load_pair_texts(path, tokenizer, {0})[0];
    QCOMPARE(text.prompt, std::string("<|user|>Hi\n<|assistant|>"));
    QCOMPARE(text.chosen, std::string("Good\n"));
    QCOMPARE(text.rejected, std::string("Bad\n"));
    QCOMPARE(data::load_pairs(path, tokenizer, {}).form, form.toStdString());
    const std::string without = message_of([&] { data::load_pairs(path, tokenizer_with(), {}); });
    QVERIFY2(without.find("no chat template") != std::string::npos, without.c_str());
  }

  void a_template_that_moves_the_prompt_makes_rows_unusable() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template", "{{ messages | length }}{{ messages[0].content }}"}});
    const std::string message = message_of([&] {
      data::load_pairs(file("prefix.json", R"([{"prompt": "Hi", "chosen": [{"role": "assistant", "content": "Good"}],
        "rejected": [{"role": "assistant", "content": "Bad"}]}])"),
                       tokenizer, {});
    });
    QVERIFY2(message.find("cannot be used for this pair") != std::string::npos, message.c_str());
  }

  /// The texts of one row, and what is noted about it.
  data::PairText texts_of(const std::string& row, const text::Tokenizer& tokenizer,
                          std::vector<Message>* notes = nullptr) {
    const fs::path path = file("one.jsonl", row);
    if (notes) *notes = data::load_pairs(path, tokenizer, {}).notes;
    return data::load_pair_texts(path, tokenizer, {0})[0];
  }

  void messages_of_the_prompt_come_before_the_sides() {
    const text::Tokenizer tokenizer = tokenizer_with({{"chat_template", kChat}});
    const std::string sides = R"("chosen": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "A"}],
      "rejected": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "B"}]})";
    const auto one_line = [](std::string text) { return text.replace(text.find('\n'), 1, " "); };
    const auto system =
        texts_of(one_line(R"({"prompt": [{"role": "system", "content": "Rhyme."}], )" + sides), tokenizer);
    QCOMPARE(system.prompt, std::string("<|system|>Rhyme.\n<|user|>Why?\n<|assistant|>"));
    QCOMPARE(system.chosen, std::string("A\n"));
    const auto turns = texts_of(
        one_line(R"({"prompt": [{"role": "user", "content": "c"}, {"role": "assistant", "content": "ok"}], )" + sides),
        tokenizer);
    QCOMPARE(turns.prompt, std::string("<|user|>c\n<|assistant|>ok\n<|user|>Why?\n<|assistant|>"));
    const auto again = texts_of(one_line(R"({"prompt": [{"content": "Why?", "role": "user"}], )" + sides), tokenizer);
    QCOMPARE(again.prompt, std::string("<|user|>Why?\n<|assistant|>"));
  }

  void tools_and_their_calls_reach_the_template() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{% for t in tools or [] %}<{{ t | tojson }}>{% endfor %}{% for m in "
                         "messages %}[{{ m.role }}]{{ m.content or '' "
                         "}}{% for c in m.tool_calls or [] %}<call>{{ c.function.name }}{{ "
                         "c.function.arguments | tojson }}{% endfor %}{% "
                         "endfor %}{% if add_generation_prompt %}[assistant]{% endif %}"}});
    const std::string messages = R"("prompt": [{"role": "user", "content": "Time?"}],
      "chosen": [{"role": "assistant", "tool_calls": [{"function": {"name": "t", "arguments": {"z": "Oslo", "a": 1}}}]}],
      "rejected": [{"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "t", "arguments": {"z": "Paris"}}}]}]})";
    const std::string list = "[{\"type\": \"function\", \"about\": \"x\"}]";
    for (const std::string& tools : {list, text::Json(list).dump()}) {  // a list, or its JSON text
      std::string row = "{\"tools\": " + tools + ", " + messages;
      std::replace(row.begin(), row.end(), '\n', ' ');
      const data::PairText text = texts_of(row, tokenizer);
      // Keys keep the row's order, as Python's json has it.
      QCOMPARE(text.prompt, std::string("<{\"type\": \"function\", \"about\": \"x\"}>[user]Time?[assistant]"));
      QCOMPARE(text.chosen, std::string("<call>t{\"z\": \"Oslo\", \"a\": 1}"));
      QCOMPARE(text.rejected, std::string("<call>t{\"z\": \"Paris\"}"));
    }
    std::string row = "{\"tools\": \"[\", " + messages;
    std::replace(row.begin(), row.end(), '\n', ' ');
    const std::string broken = message_of([&] { texts_of(row, tokenizer); });
    QVERIFY2(broken.find("\"tools\" is a text that is not valid JSON") != std::string::npos, broken.c_str());
  }

  void what_a_template_adds_to_the_generation_prompt_is_no_prompt() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% "
                         "if add_generation_prompt %}<assistant><think>"
                         "{% endif %}"}});
    const std::string row =
        R"({"prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role": "assistant", "content": "A"}], "rejected": [{"role": "assistant", "content": "B"}]})";
    std::vector<Message> notes;
    const data::PairText text = texts_of(row + "\n" + row, tokenizer, &notes);
    QCOMPARE(text.prompt, std::string("<user>Hi<assistant>"));
    QCOMPARE(text.chosen, std::string("A"));
    QCOMPARE(text.rejected, std::string("B"));
    QCOMPARE(notes.size(), std::size_t{1});
    QVERIFY2(notes[0].english().find("what both have in common") != std::string::npos, notes[0].english().c_str());
  }

  void a_row_that_the_template_moves_or_refuses_is_one_row() {
    // The system text stands with the last message only, as in Mistral's templates.
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools') }}{% elif "
                         "m.role != 'system' %}[{% if loop.last and "
                         "messages[0].role == 'system' %}{{ messages[0].content }} {% endif %}{{ m.content }}]{% endif "
                         "%}{% endfor %}"}});
    const auto row = [](const std::string& before) {
      return R"({"prompt": [)" + before +
             R"({"role": "user", "content": "Hi"}], "chosen": [{"role": "assistant", "content": "A"}], "rejected": [{"role": "assistant", "content": "B"}]})" +
             std::string(1, '\n');
    };
    const data::PairSet set =
        data::load_pairs(file("moved.jsonl", row("") + row(R"({"role": "system", "content": "S"}, )") +
                                                 row(R"({"role": "tool", "content": "T"}, )") + row("")),
                         tokenizer, {});
    QCOMPARE(set.pairs.size(), std::size_t{2});
    QCOMPARE(set.unusable, std::int64_t{2});
    QVERIFY2(set.examples[0].reason.english().find("writes the prompt in another way") != std::string::npos,
             set.examples[0].reason.english().c_str());
    QVERIFY2(set.examples[1].reason.english().find("no tools") != std::string::npos,
             set.examples[1].reason.english().c_str());
  }

  void unused_columns_are_said_once() {
    const std::string row = R"({"system": "Be brief.", "prompt": "a", "chosen": " b", "rejected": " c"})";
    std::vector<Message> notes;
    texts_of(row + "\n" + row, tokenizer_with(), &notes);
    QCOMPARE(notes.size(), std::size_t{1});
    QVERIFY2(notes[0].english().find("\"system\" is not used") != std::string::npos, notes[0].english().c_str());
  }

  void a_slow_template_ends_however_many_rows_there_are() {
    const text::Tokenizer tokenizer = tokenizer_with(
        {{"chat_template",
          "{% set s = 'a' * 1000 %}{% for i in range(2000) %}{% if s is lower %}{% endif %}{% endfor %}" +
              std::string(kChat)}});
    std::string rows;
    for (int i = 0; i < 10000; ++i)
      rows +=
          R"({"prompt": "Hi", "chosen": [{"role": "assistant", "content": "A"}], "rejected": [{"role": "assistant", "content": "B"}]})" +
          std::string(1, '\n');
    const std::string message = message_of([&] { data::load_pairs(file("slow.jsonl", rows), tokenizer, {}); });
    QVERIFY2(message.find("chat template takes too many steps for these conversations") != std::string::npos,
             message.c_str());
  }

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
      const fs::path folder = fs::path(dir_.path().toStdString());
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
        {R"({"conversations": [{"from": "tool", "value": "x"}], "chosen": {"from": "gpt", "value": "x"}, "rejected": {"from": "gpt", "value": "y"}})",
         "conversations[0].from is \"tool\""},
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
        {fs::path(dir_.path().toStdString()) / "missing.jsonl", "does not exist"},
        {fs::path(dir_.path().toStdString()), "several kinds"},
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
    fs::create_directory(fs::path(dir_.path().toStdString()) / "folder.jsonl");
    QVERIFY_THROWS_EXCEPTION(DataError, pairs(fs::path(dir_.path().toStdString()) / "folder.jsonl"));
  }

  void kto_rows_are_refused() {
    const std::string message = message_of([&] {
      data::load_pairs(file("kto.json", R"([{"messages": [{"role": "user", "content": "a"}], "label": true}])"),
                       tokenizer_with(), {});
    });
    QVERIFY2(message.find("KTO rows") != std::string::npos, message.c_str());
  }

  void no_eos_no_pairs() {
    const std::string message = message_of([&] {
      data::load_pairs(file("eos.jsonl", R"({"prompt": "a", "chosen": " b", "rejected": " c"})"),
                       text::Tokenizer::from_text(byte_level_json()), {});
    });
    QVERIFY2(message.find("no EOS token") != std::string::npos, message.c_str());
  }

  void texts_of_rows_by_number() {
    const fs::path path = file("rows.jsonl",
                               "\n{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}\n{}\n"
                               "{\"prompt\": \"d\", \"chosen\": \"e\", \"rejected\": \"f\"}\n");
    const text::Tokenizer tokenizer = tokenizer_with();
    const auto texts = data::load_pair_texts(path, tokenizer, {3, 1});
    QCOMPARE(texts[0].prompt, std::string("d"));
    QCOMPARE(texts[1].rejected, std::string(" c"));
    QVERIFY(message_of([&] { data::load_pair_texts(path, tokenizer, {2}); }).find("row 2: lacks \"chosen\"") !=
            std::string::npos);
    QVERIFY(message_of([&] { data::load_pair_texts(path, tokenizer, {9}); }).find("has no row 9") != std::string::npos);
  }

  void description_shows_what_is_scored() {
    const text::Tokenizer tokenizer = tokenizer_with();
    const auto pair =
        data::load_pairs(file("show.jsonl", R"({"prompt": "Hi", "chosen": "\n!", "rejected": "?"})"), tokenizer, {})
            .pairs[0];
    const std::string text = data::describe_pair(pair, tokenizer);
    QVERIFY2(text.starts_with("row 0: prompt 2, chosen 3, rejected 2 tokens\n"), text.c_str());
    QVERIFY2(text.find("  chosen: 3 tokens at positions 2 to 4, scored\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("  * |\\n|\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("    |H|\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("  * |</s>|\n") != std::string::npos, text.c_str());
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
                               file("empty.parquet", ""), fs::path(dir_.path().toStdString()) / "missing.parquet"};
    for (const fs::path& path : broken) {
      const std::string message = message_of([&] { data::load_pairs(path, tokenizer, {}); });
      QVERIFY2(message.find(path.string()) != std::string::npos, message.c_str());
    }
  }

  void lengths_of_the_reference_runs() {
    const fs::path golden = kShared / "golden";
    if (!fs::exists(golden / "pairs.jsonl")) QSKIP("the reference runs are not here");
    data::PairOptions options;
    options.max_length = 160, options.max_prompt_length = 96, options.limit = 40;
    const data::PairSet set =
        data::load_pairs(golden / "pairs.jsonl", text::Tokenizer::load(golden / "models/tiny-neox"), options);
    QCOMPARE(set.pairs.size(), std::size_t{40});
    const text::Json run = read(golden / "runs/neox-dpo.json");
    std::size_t at = 0;
    for (const text::Json& step : run["steps"]) {
      for (std::size_t i = 0; i < step["pairs"]["lw"].size(); ++i, ++at) {
        QCOMPARE(set.pairs[at % 40].chosen.size(), step["pairs"]["lw"][i].get<std::size_t>());
        QCOMPARE(set.pairs[at % 40].rejected.size(), step["pairs"]["ll"][i].get<std::size_t>());
      }
    }
    QCOMPARE(at, std::size_t{40});
  }

  void published_data_sets() {
    const fs::path data = kShared / "data";
    if (!fs::exists(data)) QSKIP("the published data sets are not here");
    const auto hh = data::load_pairs(data / "preferences/hh-harmless-base-test.jsonl.gz",
                                     text::Tokenizer::load(data / "tokenizers/gpt-neox-20b"), {});
    QCOMPARE(hh.pairs.size(), std::size_t{2312});
    QCOMPARE(hh.unusable, std::int64_t{0});
    const auto qwen = text::Tokenizer::load(data / "tokenizers/qwen2.5");
    QCOMPARE(data::load_pairs(data / "preferences/llamafactory_dpo_en_demo.json", qwen, {}).pairs.size(),
             std::size_t{300});
    const std::string kto =
        message_of([&] { data::load_pairs(data / "preferences/llamafactory_kto_en_demo.json", qwen, {}); });
    QVERIFY2(kto.find("KTO rows") != std::string::npos, kto.c_str());
  }
};

QTEST_GUILESS_MAIN(TestPairs)
#include "test_pairs.moc"
