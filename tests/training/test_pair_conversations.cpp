// SPDX-License-Identifier: Apache-2.0
// Conversations through chat templates: what becomes prompt and responses, and what makes a row unusable.
#include <QTest>
#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "tests/training/pair_files.h"
#include "training/data/pairs.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::kChat;
using bandscope::testing::message_of;
using bandscope::testing::PairFiles;
using bandscope::testing::tokenizer_with;

class TestPairConversations : public QObject {
  Q_OBJECT

  const PairFiles files_;

  fs::path file(const std::string& name, const std::string& text) const { return files_.file(name, text); }

  /// The texts of one row, and what is noted about it.
  data::PairText texts_of(const std::string& row, const text::Tokenizer& tokenizer,
                          std::vector<Message>* notes = nullptr) {
    const fs::path path = file("one.jsonl", row);
    if (notes) *notes = data::load_pairs(path, tokenizer, {}).notes;
    return data::load_pair_texts(path, tokenizer, {0})[0];
  }

 private Q_SLOTS:
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
    QTest::newRow("ShareGPT's turns in lists") << R"({"chosen": [{"from": "human", "value": "Hi"}, {"from": "gpt",
      "value": "Good"}], "rejected": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Bad"}]})"
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

  /// As TRL has it: the row says where its prompt ends.
  void sides_of_several_turns() {
    const text::Tokenizer tokenizer = tokenizer_with({{"chat_template", kChat}});
    const std::string row = R"({"prompt": [{"role": "user", "content": "Hi"}], "chosen": [
      {"role": "assistant", "content": "1"}, {"role": "user", "content": "2"}, {"role": "assistant", "content": "3"}],
      "rejected": [{"role": "assistant", "content": "FIRST"}, {"role": "user", "content": "2"},
      {"role": "assistant", "content": "4"}]})";
    for (const char* first : {"1", "0"}) {
      std::string own = row;
      own.replace(own.find("FIRST"), 5, first);
      own.erase(std::remove(own.begin(), own.end(), '\n'), own.end());
      const data::PairText text = texts_of(own, tokenizer);
      QCOMPARE(text.prompt, std::string("<|user|>Hi\n<|assistant|>"));
      QCOMPARE(text.chosen, std::string("1\n<|user|>2\n<|assistant|>3\n"));
      QCOMPARE(text.rejected, first + std::string("\n<|user|>2\n<|assistant|>4\n"));
    }
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

  /// As transformers hands messages over: APIs and tables write null where there is nothing.
  void keys_without_a_value_are_not_there() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{% for m in messages %}<{{ m.role }}>{% if m.content is defined %}{{ m.content }}{% endif %}"
                         "{% if 'tool_calls' in m %}{% for c in m.tool_calls %}call {{ c.function.name }}{% endfor %}"
                         "{% endif %}{% if m.name is defined %}({{ m.name }}){% endif %}{% endfor %}"
                         "{% if add_generation_prompt %}<assistant>{% endif %}"}});
    const data::PairText text = texts_of(
        R"({"prompt": [{"role": "user", "content": "Hi", "tool_calls": null, "name": null}], )"
        R"("chosen": [{"role": "assistant", "content": null, "name": null, "tool_calls": [{"function": {"name": "t"}}]}], )"
        R"("rejected": [{"role": "assistant", "content": "B", "tool_calls": null}]})",
        tokenizer);
    QCOMPARE(text.prompt, std::string("<user>Hi<assistant>"));
    QCOMPARE(text.chosen, std::string("call t"));
    QCOMPARE(text.rejected, std::string("B"));
  }

  /// Templates read one name, sets use three.
  void reasoning_goes_by_all_its_names() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{% for m in messages %}<{{ m.role }}>{% if m.reasoning_content %}[{{ m.reasoning_content }}]"
                         "{% endif %}{% if m.thinking %}({{ m.thinking }}){% endif %}{{ m.content }}{% endfor %}"
                         "{% if add_generation_prompt %}<assistant>{% endif %}"}});
    for (const char* key : {"reasoning_content", "thinking", "reasoning"}) {
      const data::PairText text = texts_of(
          R"({"prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role": "assistant", "content": "A", ")" +
              std::string(key) + R"(": "so"}], "rejected": [{"role": "assistant", "content": "B"}]})",
          tokenizer);
      QCOMPARE(text.chosen, std::string("[so](so)A"));
      QCOMPARE(text.rejected, std::string("B"));
    }
  }

  /// TRL's column: what else the row's template is given.
  void a_row_chooses_what_its_template_reads() {
    const text::Tokenizer tokenizer =
        tokenizer_with({{"chat_template",
                         "{{ pad_token }}{{ eos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor "
                         "%}{% if add_generation_prompt %}<assistant>"
                         "{% if thinks is defined and thinks is false %}<none>{% endif %}{% endif %}"},
                        {"pad_token", "[pad]"}});
    const std::string pair =
        R"("prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role": "assistant", "content": "<none>A"}], )"
        R"("rejected": [{"role": "assistant", "content": "<none>B"}]})";
    const auto prompt = [&](const std::string& variables) {
      return texts_of("{" + variables + pair, tokenizer).prompt;
    };
    QCOMPARE(prompt(""), std::string("[pad]</s><user>Hi<assistant>"));
    QCOMPARE(prompt(R"("chat_template_kwargs": null, )"), std::string("[pad]</s><user>Hi<assistant>"));
    QCOMPARE(prompt(R"("chat_template_kwargs": {"thinks": false}, )"),
             std::string("[pad]</s><user>Hi<assistant><none>"));
    const auto problem = [&](const std::string& variables) {
      return QString::fromStdString(message_of([&] { prompt(variables); }));
    };
    QVERIFY(problem(R"("chat_template_kwargs": "x", )").contains("chat_template_kwargs"));
    QVERIFY(problem(R"("chat_template_kwargs": {"tools": []}, )").contains("which rows do not choose"));
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
};

QTEST_GUILESS_MAIN(TestPairConversations)
#include "test_pair_conversations.moc"
