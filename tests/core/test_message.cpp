// SPDX-License-Identifier: Apache-2.0
// Messages as text and as JSON; what is no message is refused.
#include <QTemporaryDir>
#include <QTest>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/json.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "core/schema/message_json.h"
#include "core/schema/spoken.h"

using namespace bandscope;

namespace {

Message sample() {
  return Message::at(std::string("/d/a.toml"), Message::tr("\"%1\" takes %2, so \"%3\" was expected",
                                                           std::string("pow %1"), Message::tr("%1 arguments", 2), ")"));
}
const std::string sample_english = "/d/a.toml: \"pow %1\" takes 2 arguments, so \")\" was expected";

}  // namespace

class TestMessage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sentencesHaveTheirValuesInEnglish() {
    QCOMPARE(sample().english(), sample_english);
    QCOMPARE(Message::plain("100 %1").english(), std::string("100 %1"));
    QCOMPARE(Message::joined(Message::plain("a"), Message::plain("b")).english(), std::string("a; b"));
    QCOMPARE(Message::joined({}, Message::plain("b")).english(), std::string("b"));
    const DataError error(sample());
    QCOMPARE(std::string(error.what()), sample_english);
    QVERIFY(message_of(static_cast<const std::exception&>(error)) == sample());
    QVERIFY(message_of(std::runtime_error("theirs")) == Message::plain("theirs"));
  }

  void jsonGoesBothWays() {
    const nlohmann::json json = to_json(sample());
    const nlohmann::json values = {"%1 arguments", "2"};
    const nlohmann::json cause = {"\"%1\" takes %2, so \"%3\" was expected", "pow %1", values, ")"};
    QCOMPARE(json.dump(), nlohmann::json({"%1: %2", "/d/a.toml", cause}).dump());
    QVERIFY(message_from(json) == sample());
    QVERIFY(message_from(to_json(Message::plain("x"))) == Message::plain("x"));
  }

  void whatIsNoMessageIsRefused() {
    for (const char* json :
         {"null", "1", "{}", "[]", "[1]", "[null]", "[[\"a\"]]", "[\"a\", 1]", "[\"%1\"]", "[\"a\", \"b\"]",
          "[\"%1 %1\", \"a\"]", "[\"%2\", \"a\"]", "[\"%1\", {}]", "[\"%1\", [\"%1\", [2]]]"}) {
      QVERIFY2(!message_from(*try_json(json)), json);
      QVERIFY2(message_of_text("what was written", json) == Message::plain("what was written"), json);
    }
    nlohmann::json deep = "x", wide = {"a"};
    for (int i = 0; i < 61; ++i) deep = nlohmann::json::array({"%1", deep});
    QVERIFY(!message_from(deep));
    for (int i = 0; i < 10; ++i) wide.push_back("x");
    QVERIFY(!message_from(wide));
    QVERIFY(!message_from(std::string(5000, 'x')));
    nlohmann::json large = std::string(4000, 'x');
    for (int i = 0; i < 3; ++i) large = nlohmann::json::array({"%1%2%3%4%5", large, large, large, large, large});
    QVERIFY(!message_from(large));
    QVERIFY(message_of_text("text", "no JSON") == Message::plain("text"));
  }

  void aMessageOfAnotherTextIsNotTaken() {
    const nlohmann::json json = to_json(sample());
    QVERIFY(message_of(sample_english, json) == sample());
    QVERIFY(message_of(sample_english.substr(0, 30), json) == sample());  // a text that was cut
    QVERIFY(message_of("all is well", json) == Message::plain("all is well"));
    QVERIFY(message_of("", json) == Message::plain(""));
  }

  void recordsKeepTheValuesOfEvents() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("run.h5").toStdString();
    // JSON of values that are long does not fit its cell, their text is cut.
    const Message longer = Message::at(std::string(2000, 'x'), sample());
    {
      auto writer = RecordWriter::create(file, {"[run]\nname = \"a\"\n", "{}", {}});
      writer.append_event({0, 0, "note", sample()});
      writer.append_event({0, 0, "note", Message::plain("a text")});
      writer.append_event({0, 0, "note", longer});
      writer.close();
    }
    const auto events = RecordReader::open(file).event_rows();
    QCOMPARE(events.size(), 3u);
    QVERIFY(events[0].message == sample());
    QVERIFY(events[1].message == Message::plain("a text"));
    QVERIFY(events[2].message == Message::plain(longer.english().substr(0, 512)));
  }

  void enginesSayMessagesInTwoLines() {
    ::unsetenv(kSpeakVariable);
    QCOMPARE(spoken(sample()), "bandscope-engine: " + sample_english + "\n");
    ::setenv(kSpeakVariable, "1", 1);
    const std::string lines = spoken(sample());
    QVERIFY(last_spoken("first\n" + lines) == sample());
    QVERIFY(last_spoken("bandscope-engine: one\r20 %\r  two \n\n") == Message::plain("two"));
    QVERIFY(last_spoken("bandscope-engine: another\n" + lines.substr(lines.find('\n') + 1)) ==
            Message::plain("another"));
    QVERIFY(last_spoken("") == Message());
    QVERIFY(last_spoken("[\"a\"]") == Message::plain("[\"a\"]"));
  }
};

QTEST_GUILESS_MAIN(TestMessage)
#include "test_message.moc"
