// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <filesystem>

#include "core/input/json.h"
#include "tests/training/template_cases.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::difference_from_jinja2;
using bandscope::testing::rendered;
using bandscope::text::ChatMessage;
using bandscope::text::Json;

namespace {

const fs::path kFixtures = fs::path(BANDSCOPE_SOURCE) / "tests/training/fixtures";

const text::Json& cases() {
  static const text::Json json = bandscope::read_json(kFixtures / "chat_templates.json");
  return json;
}

}  // namespace

class TestChatTemplate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void as_jinja2_renders_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < cases().size(); ++i) {
      QTest::newRow((cases()[i]["name"].get<std::string>() + " " + std::to_string(i)).c_str()) << static_cast<int>(i);
    }
  }
  void as_jinja2_renders() {
    QFETCH(int, index);
    const Json& c = cases()[static_cast<std::size_t>(index)];
    const std::string wrong = difference_from_jinja2(c, c["template"].get<std::string>());
    QVERIFY2(wrong.empty(), wrong.c_str());
  }

  void refusals_name_construct_and_line() {
    const std::pair<const char*, const char*> wrong[] = {
        {"a\nb {{ x | wordwrap }}", "line 2: the filter \"wordwrap\" is not supported"},
        {"\n\n{% include 'x' %}", "line 3: the tag \"include\" is not supported, or closes nothing here"},
        {"{{ 1 is escaped }}", "line 1: the test \"escaped\" is not supported"},
        {"\n{% for a in b recursive %}{% endfor %}", "line 2: \"recursive\" loops are not supported"},
        {"{{ f(*a) }}", "line 1: \"*\" arguments are not supported"},
        {"{% for m in messages %}\n{{ m.role + 1 }}{% endfor %}", "line 2: \"+\" is not supported between str and int"},
        {"{{ messages[0].tool.name }}", "line 1: 'dict object' has no attribute 'tool'"},
        {"{{ '%s' % 'a' }}", "line 1: \"%\" is not supported between str and str"},
        {"\n{{ raise_exception('only users') }}", "line 2: the template refuses these messages: only users"},
        {"{% if a %}\n\n{% endfor %}", "line 3: the tag \"endfor\" is not supported, or closes nothing here"},
        {"{% if a %}\n", "line 1: found the end of the template where \"endif\" for the \"if\" of line 1 is needed"},
        {"{% set messages.x = 1 %}", "line 1: attributes can be set on a namespace only, not on list"},
    };
    for (const auto& [source, message] : wrong) {
      const std::string got = rendered(source);
      QVERIFY2(got == std::string("refused: chat template, ") + message, got.c_str());
    }
  }

  void nothing_runs_away_data() {
    QTest::addColumn<QString>("source");
    const auto deep = [](const char* open, const char* inner, const char* close, int count) {
      return QString(open).repeated(count) + inner + QString(close).repeated(count);
    };
    QTest::newRow("brackets") << "{{ " + deep("(", "1", ")", 100000) + " }}";
    QTest::newRow("lists") << "{{ " + deep("[", "1", "]", 100000) + " }}";
    QTest::newRow("nots") << "{{ " + deep("not ", "1", "", 100000) + " }}";
    QTest::newRow("minuses") << "{{ " + deep("-", "1", "", 100000) + " }}";
    QTest::newRow("a long sum") << "{{ 1" + deep(" + 1", "", "", 100000) + " }}";
    QTest::newRow("subscripts") << "{{ a" + deep("[0]", "", "", 100000) + " }}";
    QTest::newRow("filters") << "{{ a" + deep("|trim", "", "", 100000) + " }}";
    QTest::newRow("conditionals") << "{{ 1" + deep(" if 1 else 1", "", "", 50000) + " }}";
    QTest::newRow("blocks") << deep("{% if 1 %}", "", "{% endif %}", 30000);
    QTest::newRow("branches") << "{% if 0 %}" + deep("{% elif 0 %}", "", "", 30000) + "{% endif %}";
    QTest::newRow("endless macro") << "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    QTest::newRow("nested loops") << deep("{% for i in range(1000) %}", "x", "{% endfor %}", 5);
    QTest::newRow("doubling text")
        << "{% set ns = namespace(t='ab') %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t "
           "%}{% endfor %}";
    QTest::newRow("doubling list")
        << "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t "
           "%}{% endfor %}";
    QTest::newRow("shared lists")
        << "{% set ns = namespace(t=[1], u=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] "
           "%}{% set ns.u = [ns.u, ns.u] %}{% endfor %}{{ ns.t == ns.u }}";
    QTest::newRow("printed shared lists") << "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = "
                                             "[ns.t, ns.t] %}{% endfor %}{{ ns.t | tojson }}";
    QTest::newRow("deep list") << "{% set ns = namespace(t=[]) %}{% for i in range(90000) %}{% set ns.t = [ns.t] "
                                  "%}{% endfor %}";
    QTest::newRow("a namespace in itself") << "{% set ns = namespace() %}{% set ns.a = [ns, ns] %}{{ ns }}";
    QTest::newRow("long repeat") << "{{ 'abc' * 9999999999 }}";
    QTest::newRow("endless output") << "{% for i in range(100000) %}{{ 'x' * 10000 }}{% endfor %}";
    QTest::newRow("long range") << "{{ range(99999999999) | length }}";
    QTest::newRow("large power") << "{{ 9 ** 99999999 }}";
    const auto repeated = [](const char* name, const char* text, const char* step) {
      QTest::newRow(name)
          << QStringLiteral(
                 "{% set s = %1 %}{% set l = [s] * 1000 %}{% for i in range(100000) %}{% set q = %2 %}{% endfor %}")
                 .arg(QString::fromUtf8(text), QString::fromUtf8(step));
    };
    const char* const long_text = "'\u00e9' * 2000000";
    const char* const long_ascii = "'a' * 4000000";
    repeated("last character", long_text, "s[-1]");
    repeated("upper or lower", long_ascii, "s is lower");
    repeated("order", long_ascii, "s < (s ~ 'b') or s > s");
    repeated("order in a filter", long_ascii, "[s, s] | sort | length");
    repeated("beginnings", long_ascii, "s.startswith((s, s, s, 'b'))");
    repeated("two letters", long_ascii, "'ab' in s");
    repeated("stripped", long_ascii, "s.strip(s) | length");
    repeated("letters of a class", long_ascii, "s.isspace() or s.isdigit()");
    repeated("missing key", long_ascii, "{'a': 1}[s] is defined");
    repeated("unique texts", long_ascii, "l | unique | length");
    repeated("slices", long_text, "s[1:3]");
    QString names = QStringLiteral("{% set ns = namespace() %}");
    for (int i = 0; i < 20000; ++i) names += QStringLiteral("{% set v%1 = 1 %}").arg(i);
    QTest::newRow("many names")
        << names + QStringLiteral("{% for i in range(100000) %}{% if not v0 or not v19999 %}{% endif %}{% endfor %}");
    QTest::newRow("slow search")
        << "{% for i in range(90000) %}{% set x = ('a' * 400000 ~ 'b') in 'a' * 900000 %}{% endfor %}";
  }
  /// What ran away would not end within the test's limit.
  void nothing_runs_away() {
    QFETCH(QString, source);
    const std::string got = rendered(source.toStdString());
    QVERIFY2(got.starts_with("refused: "), got.substr(0, 200).c_str());
  }

  void long_conversations_render() {
    std::vector<text::ChatMessage> messages;
    for (int i = 0; i < 400; ++i) messages.push_back({i % 2 ? "assistant" : "user", std::string(2000, 'x')});
    const std::string got = rendered(
        "{% for m in messages %}{{ '<|' ~ m['role'] ~ '|>' + m.content | trim + eos_token }}{% endfor %}", messages);
    QCOMPARE(got.size(), std::size_t{400 * 2008 + 200 * (4 + 9)});
  }
};

QTEST_GUILESS_MAIN(TestChatTemplate)
#include "test_chat_template.moc"
