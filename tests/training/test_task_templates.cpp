// SPDX-License-Identifier: Apache-2.0
// Jinja in task files, and what of Python their filters need. Expected texts are those of jinja2 and of Python itself.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTest>

#include "core/error.h"
#include "training/evaluation/task.h"
#include "training/text/python_literal.h"
#include "training/text/python_regex.h"
#include "training/text/task_template.h"

using namespace bandscope;
using namespace bandscope::evaluation;

namespace {

std::string rendered(const std::string& source, const Json& document) {
  return text::TaskTemplate(source, "t").render(document);
}

}  // namespace

class TestTaskTemplates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void templates() {
    const Json document = {{"q", "  What?  "},
                           {"choices", {{"text", {"it's", "\"so\""}}, {"label", {"A", "B"}}}},
                           {"key", "B"},
                           {"n", 3},
                           {"nothing", nullptr}};
    QCOMPARE(rendered("{{choices.label.index(key)}}", document), std::string("1"));
    QCOMPARE(rendered("{{choices.text}}", document), std::string(R"(["it's", '"so"'])"));
    QCOMPARE(rendered("{{q|trim}}|{{q.strip()|replace('?','!')}}\n", document), std::string("What?|What!\n"));
    QCOMPARE(rendered("{{['A','B','C'][:n-1]}}", document), std::string("['A', 'B']"));
    QCOMPARE(rendered("{% for c in choices['text'] %}\n{{loop.index}} {{c}}\n{% endfor %}.", document),
             std::string("\n1 it's\n\n2 \"so\"\n."));
    QCOMPARE(rendered("{{'x1y22' | regex_replace('([0-9]+)', '<\\\\1>')}}", document), std::string("x<1>y<22>"));
    QCOMPARE(rendered("{{nothing}} {{missing|default('none')}}", document), std::string("None none"));
    // jinja2 3.1's own, which for some is not Python's method of the name.
    QCOMPARE(rendered("{{ {'b': '\u2039\u00e9>&\\'', 'a': [1, {'d': 0.5, 'c': none}]}|tojson }}", document),
             std::string(R"({"a": [1, {"c": null, "d": 0.5}], "b": "\u2039\u00e9\u003e\u0026\u0027"})"));
    QCOMPARE(rendered("{{ '\U0001F600\x7f'|tojson }}", document), std::string(R"("\ud83d\ude00\u007f")"));
    QCOMPARE(rendered("{{ \"they're o.k of (new-york) x<y\"|title }}", document),
             std::string("They're O.k Of (New-York) X<Y"));
    QCOMPARE(rendered("{{ \"they're\".title() }}", document), std::string("They'Re"));
    QCOMPARE(
        rendered("{{ '3.7'|int }} {{ ' -2.9e1 '|int }} {{ '+4'|int }} {{ 'x'|int(5) }} {{ '+1.5'|float }}", document),
        std::string("3 -29 4 5 1.5"));
    QCOMPARE(
        rendered("{{ 2.675|round(2) }} {{ 2.5|round }} {{ 7|round }} {{ 2.1|round(0, 'ceil') }} {{ 1234.5|round(-2) }}",
                 document),
        std::string("2.67 2.0 7 3.0 1200.0"));
    QCOMPARE(rendered("{{ [1, 2.5]|sum }} {{ [{'v': 2}, {'v': 3}]|sum(attribute='v') }} {{ []|sum(start=4) }} "
                      "{{ ['b', 'A', 'C']|min }} {{ ['b', 'A', 'C']|max }} {{ ['b', 'C']|min(true) }} "
                      "{{ [{'v': 2}, {'v': 3}]|map(attribute='v')|max }}",
                      document),
             std::string("3.5 5 4 A C C 3"));
    QVERIFY_EXCEPTION_THROWN(rendered("{{ []|max }}", document), DataError);
    QVERIFY_EXCEPTION_THROWN(rendered("{{ [1, 'a']|max }}", document), DataError);
    QVERIFY_EXCEPTION_THROWN(rendered("{{ 'a'|round }}", document), DataError);
    QCOMPARE(rendered("{{ 'stra\u00dfe \ufb01'|upper }}", document), std::string("STRASSE FI"));
    QVERIFY_EXCEPTION_THROWN(rendered("{{missing}}", document), DataError);
    QVERIFY_EXCEPTION_THROWN(rendered("{% if choices.other %}{% endif %}", document), DataError);
  }

  void python_literals() {
    QCOMPARE(*text::python_literal("['a', \"b'c\", 'd\\n']"), Json({"a", "b'c", "d\n"}));
    QCOMPARE(*text::python_literal("(1, -2.5, True, None,)"), Json({1, -2.5, true, nullptr}));
    QCOMPARE(*text::python_literal("{'k': [1]}"), Json({{"k", {1}}}));
    for (const char* wrong : {"[1 2]", "[a]", "007", "['x]", "[1", "1)"}) QVERIFY2(!text::python_literal(wrong), wrong);
    QVERIFY(!text::python_literal(std::string(5000, '[')));
  }

  void python_regexes() {
    const text::PythonRegex two("(-?[$0-9.,]{2,})|(-?[0-9]+)", "r");
    QCOMPARE(two.find_all("a 7 b 12,5").size(), std::size_t{2});
    QCOMPARE(two.find_all("a 7 b 12,5")[0], (std::vector<std::string>{"", "7"}));
    QCOMPARE(text::PythonRegex("x*", "r").replace_all("abxd", "-"), std::string("-a-b--d-"));
    QCOMPARE(text::PythonRegex("(?s).*#### ", "r").replace_all("a\nb #### 5", ""), std::string("5"));
    QCOMPARE(text::PythonRegex("a\\Z", "r").find_all("a\n").size(), std::size_t{0});
    QVERIFY_EXCEPTION_THROWN(text::PythonRegex("(", "r"), DataError);
    QVERIFY_EXCEPTION_THROWN(text::PythonRegex("a", "r").replace_all("a", "\\1"), DataError);
  }
};

QTEST_GUILESS_MAIN(TestTaskTemplates)
#include "test_task_templates.moc"
