// SPDX-License-Identifier: Apache-2.0
// Task files of lm-evaluation-harness: what is read and what is refused, the draw of examples, contexts, filters and
// metrics. Expected numbers are those of Python's own modules and of the harness.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/error.h"
#include "training/evaluation/filters.h"
#include "training/evaluation/metrics.h"
#include "training/evaluation/python_random.h"
#include "training/evaluation/task.h"
#include "training/evaluation/task_set.h"
#include "training/evaluation/task_yaml.h"
#include "training/text/python_literal.h"
#include "training/text/python_regex.h"
#include "training/text/task_template.h"

namespace fs = std::filesystem;
using namespace bandscope;
using namespace bandscope::evaluation;

namespace {

const char* const kTask = R"(task: colours
dataset_path: json
dataset_kwargs:
  data_files:
    test: test.jsonl
    shots: shots.jsonl
test_split: test
fewshot_split: shots
output_type: multiple_choice
doc_to_text: "Q: {{question}}\nA:"
doc_to_target: "{{answer}}"
doc_to_choice: ["red", "green"]
)";

class Folder {
 public:
  Folder() {
    write("test.jsonl", R"({"question": "grass?", "answer": 1}
{"question": "blood?", "answer": 0}
)");
    write("shots.jsonl", R"({"question": "fire?", "answer": 0}
{"question": "leaf?", "answer": 1}
{"question": "rose?", "answer": 0}
)");
  }
  fs::path write(const QString& name, const std::string& text) const {
    const fs::path file = folder_.filePath(name).toStdString();
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  fs::path path() const { return folder_.path().toStdString(); }

 private:
  QTemporaryDir folder_;
};

/// What loading says of a file that is refused; empty where it is not.
std::string refusal(const fs::path& file) {
  try {
    load_tasks({file});
  } catch (const SpecError& error) {
    return error.what();
  }
  return {};
}

std::string rendered(const std::string& source, const Json& document) {
  return text::TaskTemplate(source, "t").render(document);
}

#define SAYS(text, ...)                                                                \
  do {                                                                                 \
    const std::string heard_text = (text);                                             \
    for (const std::string& wanted_part : std::vector<std::string>{__VA_ARGS__})       \
      QVERIFY2(heard_text.find(wanted_part) != std::string::npos, heard_text.c_str()); \
  } while (false)

}  // namespace

class TestTaskFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // random.Random(1234).sample(range(n), k), one after the other.
  void examples_are_drawn_as_python_draws_them() {
    PythonRandom random(1234);
    QCOMPARE(random.sample(40, 4), (std::vector<std::size_t>{28, 7, 0, 5}));
    QCOMPARE(random.sample(1000, 3), (std::vector<std::size_t>{932, 965, 961}));
    QCOMPARE(random.sample(60, 26), (std::vector<std::size_t>{51, 37, 2,  42, 44, 5,  6, 49, 22, 15, 1, 52, 48,
                                                              59, 41, 39, 30, 55, 29, 9, 54, 11, 7,  0, 32, 31}));
  }

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

  void contexts() {
    const Folder folder;
    const TaskSet set = load_tasks({folder.write(
        "t.yaml", std::string(kTask) + "num_fewshot: 2\n"
                                       "fewshot_config: {sampler: first_n}\ndescription: \"Say.\\n\"\n")});
    const BuiltTask task = build_task(set.tasks.at(0), {});
    QCOMPARE(task.items.size(), std::size_t{2});
    QCOMPARE(task.items[0].context, std::string("Say.\nQ: fire?\nA: red\n\nQ: leaf?\nA: green\n\nQ: grass?\nA:"));
    QCOMPARE(task.items[0].continuations, (std::vector<std::string>{" red", " green"}));
    QCOMPARE(task.items[0].target, Json(1));
    TaskOptions options;
    options.shots = 0;
    options.limit = 1;
    const BuiltTask less = build_task(set.tasks.at(0), options);
    QCOMPARE(less.items.size(), std::size_t{1});
    QCOMPARE(less.documents, std::int64_t{2});
    QCOMPARE(less.items[0].context, std::string("Say.\nQ: grass?\nA:"));
  }

  // Examples out of the evaluated documents leave the document itself out.
  void a_document_is_no_example_of_itself() {
    const Folder folder;
    const TaskSet set = load_tasks(
        {folder.write("t.yaml", QString(kTask).replace("fewshot_split: shots", "fewshot_split: test").toStdString() +
                                    "num_fewshot: 1\n")});
    const BuiltTask task = build_task(set.tasks.at(0), {});
    QCOMPARE(task.items[0].context, std::string("Q: blood?\nA: red\n\nQ: grass?\nA:"));
    QCOMPARE(task.items[1].context, std::string("Q: grass?\nA: green\n\nQ: blood?\nA:"));
    TaskOptions options;
    options.shots = 2;
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), DataError);
  }

  void chat_contexts() {
    const Folder folder;
    const TaskSet set = load_tasks(
        {folder.write("t.yaml", std::string(kTask) + "num_fewshot: 1\n"
                                                     "fewshot_config: {sampler: first_n}\ndescription: Say.\n")});
    TaskOptions options;
    options.chat = [](const std::vector<Turn>& turns) {
      std::string all;
      for (const Turn& turn : turns) all += "<" + turn.role + ">" + turn.content;
      return all;
    };
    const BuiltTask task = build_task(set.tasks.at(0), options);
    QCOMPARE(task.items[0].context, std::string("<system>Say.<user>Q: fire?\nA:<assistant>red<user>Q: grass?\nA:"));
    QCOMPARE(task.items[0].continuations[0], std::string("red"));
  }

  void includes_and_groups() {
    const Folder folder;
    folder.write("_base.txt", std::string(kTask) + "num_fewshot: 1\n");
    folder.write("a.yaml", "include: _base.txt\ntask: a\n");
    folder.write("b.yaml", "include: _base.txt\ntask: b\nnum_fewshot: 0\n");
    folder.write("inner.yaml", "group: inner\ntask: [b]\n");
    const fs::path group = folder.write("all.yaml",
                                        "group: all\ntask:\n  - a\n  - inner\n  - task: a\n    num_fewshot: 2\n"
                                        "    task_alias: again\naggregate_metric_list:\n  - metric: acc\n");
    // The same name with other settings would be two tasks under one name.
    SAYS(refusal(group), "a.yaml", "\"a\"");
    folder.write("all.yaml", "group: all\ntask: [a, inner]\naggregate_metric_list:\n  - metric: acc\n");
    const TaskSet set = load_tasks({folder.path()});
    QCOMPARE(set.tasks.size(), std::size_t{2});
    QCOMPARE(set.groups.size(), std::size_t{2});
    QCOMPARE(set.leaves(*set.group("all")), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(*set.task("b")->shots, std::int64_t{0});
    QCOMPARE(*set.task("a")->shots, std::int64_t{1});
  }

  void refused_by_name_data() {
    QTest::addColumn<QString>("more");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("a key") << "use_prompt: x\n" << QStringList{"line 13", "\"use_prompt\"", "doc_to_text"};
    QTest::newRow("a function") << "process_docs: !function utils.f\n"
                                << QStringList{"line 13", "process_docs", "utils.f"};
    QTest::newRow("a metric") << "metric_list:\n  - metric: f1\n" << QStringList{"line 14", "f1", "acc_norm"};
    QTest::newRow("a metric's key") << "metric_list:\n  - metric: acc\n    hf_evaluate: true\n"
                                    << QStringList{"line 15", "hf_evaluate"};
    QTest::newRow("a sampler") << "fewshot_config: {sampler: balanced}\n" << QStringList{"balanced", "first_n"};
    QTest::newRow("a loader's key") << "dataset_kwargs: {trust_remote_code: true}\n" << QStringList{"twice"};
    QTest::newRow("a filter") << "filter_list: [{name: x, filter: [{function: regex_pos}]}]\n"
                              << QStringList{"regex_pos", "take_first"};
    QTest::newRow("a pattern") << "output_type: x\n" << QStringList{"twice"};
    QTest::newRow("a number") << "num_fewshot: many\n" << QStringList{"line 13", "num_fewshot", "whole number"};
    QTest::newRow("no YAML") << "x: [\n" << QStringList{"line"};
  }
  void refused_by_name() {
    QFETCH(QString, more);
    QFETCH(QStringList, said);
    const Folder folder;
    const std::string message = refusal(folder.write("t.yaml", kTask + more.toStdString()));
    for (const QString& part : said) SAYS(message, part.toStdString());
    SAYS(message, "t.yaml");
  }

  void let_through() {
    const Folder folder;
    const std::string more =
        "metadata: {version: 2.0}\ntag: [x]\nshould_decontaminate: true\n"
        "doc_to_decontamination_query: question\n";
    QCOMPARE(refusal(folder.write("t.yaml", kTask + more)), std::string());
  }

  /// As the harness's loader types them.
  void numbers_of_a_column() {
    const Folder folder;
    folder.write("test.jsonl", R"({"question": 1, "answer": 0, "deep": {"list": [1, 2]}, "mixed": 1}
{"question": 2.5, "answer": 1, "deep": {"list": [0.5]}, "mixed": null}
{"question": 7, "answer": 0, "deep": {"list": []}, "mixed": "x"}
)");
    const TaskSet set = load_tasks({folder.write(
        "t.yaml", QString(kTask).replace("Q: {{question}}", "{{question}} {{deep.list}} {{mixed}}").toStdString())});
    TaskOptions options;
    options.shots = 0;
    const BuiltTask task = build_task(set.tasks[0], options);
    QCOMPARE(QString::fromStdString(task.items[0].context), QString("1.0 [1.0, 2.0] 1\nA:"));
    QCOMPARE(QString::fromStdString(task.items[2].context), QString("7.0 [] x\nA:"));
  }

  /// As PyYAML reads them, which yaml.dump() has written.
  void yaml_texts_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("text");
    QTest::newRow("a line's end") << "'\n\n  '"
                                  << "\n";
    QTest::newRow("two") << "'\n\n\n  '"
                         << "\n\n";
    QTest::newRow("at the end") << "'end\n\n\n  '"
                                << "end\n\n";
    QTest::newRow("in between") << "'a\n\n\n  b'"
                                << "a\n\nb";
    QTest::newRow("folded") << "'long\n  line'"
                            << "long line";
    QTest::newRow("double quotes") << "\"a\\n\\\n  \\ b\\e\""
                                   << "a\n b\x1b";
    QTest::newRow("block, kept") << "|+\n  end\n\n"
                                 << "end\n\n\n";
    QTest::newRow("block, folded, kept") << ">+\n  a\n  b\n\n"
                                         << "a b\n\n\n";
    QTest::newRow("block, stripped") << "|-\n    a\n     b\n"
                                     << "a\n b";
    QTest::newRow("tagged") << "!!str 12"
                            << "12";
    QTest::newRow("quoted number") << "'12'"
                                   << "12";
    QTest::newRow("quoted nothing") << "''"
                                    << "";
    QTest::newRow("alias") << "*name"
                           << "colours";
  }
  void yaml_texts() {
    QFETCH(QString, written);
    QFETCH(QString, text);
    const TaskNode root = parse_task_yaml("task: &name colours\nx: " + written.toStdString() + "\n", "t.yaml");
    const TaskNode* x = root.find("x");
    QVERIFY(x && x->is_text());
    QCOMPARE(QString::fromStdString(x->text), text);
    QCOMPARE(x->scalar.get<std::string>(), text.toStdString());
  }

  void yaml_mistakes_data() {
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("said");
    QTest::newRow("two documents") << "a: 1\n---\nb: 2\n"
                                   << "t.yaml, line 2: another document";
    QTest::newRow("no such anchor") << "a: 1\nb: *c\n"
                                    << "t.yaml, line 2: ";
    QTest::newRow("part of itself") << "a: 1\nb: &b [1, *b]\n"
                                    << "t.yaml, line 2: ";
    QTest::newRow("tag") << "a: 1\n\nb: !!binary aGk=\n"
                         << "t.yaml, line 3: the tag";
    QTest::newRow("open list") << "a: [1\nb: 2\n"
                               << "t.yaml, line 2: ";
    QTest::newRow("no map") << "# nothing\n"
                            << "not a map";
    QTest::newRow("control character") << QString("a: 1\nb: ") + QChar(1) + "\n"
                                       << "t.yaml, line 2: ";
    QTest::newRow("key of two lines") << "a: 1\n? [b]\n: 2\n"
                                      << "t.yaml, line 2: a key is a name";
  }
  void yaml_mistakes() {
    QFETCH(QString, written);
    QFETCH(QString, said);
    try {
      parse_task_yaml(written.toStdString(), "t.yaml");
      QFAIL("read");
    } catch (const SpecError& error) {
      QVERIFY2(QString(error.what()).contains(said), error.what());
    }
  }

  void hostile_files() {
    const Folder folder;
    SAYS(refusal(folder.write("deep.yaml", "task: " + std::string(100000, '['))), "deep.yaml");
    std::string indented;
    for (int i = 0; i < 600; ++i) indented += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    SAYS(refusal(folder.write("indented.yaml", indented)), "indented.yaml");
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
      const std::string before = "*a" + std::to_string(i - 1);
      bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
      for (int j = 0; j < 8; ++j) bomb += ", " + before;
      bomb += "]\n";
    }
    SAYS(refusal(folder.write("bomb.yaml", bomb)), "bomb.yaml", "200000");
    SAYS(refusal(folder.write("circle.yaml", "task: &a [*a]\n")), "circle.yaml");
    SAYS(refusal(folder.write("own.yaml", "include: own.yaml\ntask: x\n")), "includes itself");
    // Results are written to files of these names, and a set's name is looked for below a folder.
    for (const std::string name : {"../x", "/tmp/x", "..", "a/b"}) {
      SAYS(
          refusal(folder.write(
              "name.yaml",
              QString(kTask).replace("task: colours", QString::fromStdString("task: \"" + name + "\"")).toStdString())),
          "name.yaml");
      const std::string group = "group: \"" + name + "\"\ntask:\n  - task: inner\n    dataset_path: json\n";
      SAYS(refusal(folder.write("group.yaml", group)), "group.yaml");
    }
    // Each of these reads the next one twice.
    for (int i = 0; i < 20; ++i) {
      const std::string next = "f" + std::to_string(i + 1) + ".yaml";
      folder.write(QString("f%1.yaml").arg(i), "include: [" + next + ", " + next + "]\ntask: x\n");
    }
    folder.write("f20.yaml", "task: x\n");
    SAYS(refusal(folder.path() / "f0.yaml"), "includes more than 1000 files");
    QVERIFY_EXCEPTION_THROWN(load_tasks({folder.write("large.yaml", "task: " + std::string(5 << 20, 'x'))}), Error);
    QVERIFY_EXCEPTION_THROWN(load_tasks({folder.path() / "none.yaml"}), SpecError);
  }

  void missing_columns_and_files() {
    const Folder folder;
    const auto fails = [&](const QString& task, const std::string& part) {
      try {
        build_task(load_tasks({folder.write("t.yaml", task.toStdString())}).tasks.at(0), {});
      } catch (const DataError& error) {
        QVERIFY2(std::string(error.what()).find(part) != std::string::npos, error.what());
        return;
      }
      QFAIL(part.c_str());
    };
    fails(QString(kTask).replace("{{question}}", "{{query}}"), "'query' is undefined");
    fails(QString(kTask).replace("test: test.jsonl", "test: other.jsonl"), "other.jsonl");
    fails(QString(kTask).replace("[\"red\", \"green\"]", "answer"), "choices are a list of texts");
  }

  void hub_names() {
    const Folder folder;
    folder.write("data/owner/set/main/test-00000-of-00001.jsonl", "{\"question\": \"sky?\", \"answer\": 1}\n");
    const std::string text =
        "task: t\ndataset_path: owner/set\ndataset_name: main\ntest_split: test\n"
        "output_type: multiple_choice\ndoc_to_text: question\ndoc_to_target: answer\n"
        "doc_to_choice: [\"no\", \"yes\"]\n";
    const TaskSet set = load_tasks({folder.write("t.yaml", text)});
    TaskOptions options;
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), SpecError);
    options.data = folder.path() / "data";
    QCOMPARE(build_task(set.tasks.at(0), options).items.at(0).context, std::string("sky?"));
    options.data = folder.path();
    QVERIFY_EXCEPTION_THROWN(build_task(set.tasks.at(0), options), DataError);
    options.data = folder.path() / "data";
    for (const char* out : {"../..", "/tmp"}) {
      const std::string leads_out = QString::fromStdString(text).replace("main", out).toStdString();
      const TaskSet other = load_tasks({folder.write("out.yaml", leads_out)});
      QVERIFY_EXCEPTION_THROWN(build_task(other.tasks.at(0), options), SpecError);
    }
  }

  void filters() {
    const auto filter = [](const std::string& steps, const std::vector<std::string>& answers) {
      const std::string text = std::string(kTask) + "repeats: 3\nfilter_list:\n  - name: f\n    filter:\n" + steps;
      const QString whole = QString::fromStdString(text).replace("multiple_choice", "generate_until");
      return filtered(read_task(parse_task_yaml(whole.toStdString(), "t.yaml")).filters.at(0), answers);
    };
    const std::string first = "      - function: take_first\n";
    const std::string flexible =
        "      - {function: regex, group_select: -1, regex_pattern: \"(-?[$0-9.,]{2,})|(-?[0-9]+)\"}\n";
    QCOMPARE(filter(flexible + first, {"7 and 12 or 9", "3"}), Json("9"));
    QCOMPARE(filter(flexible + first, {"none"}), Json("[invalid]"));
    QCOMPARE(
        filter("      - {function: regex, regex_pattern: '(.)', group_select: 5, fallback: '-'}\n" + first, {"ab"}),
        Json("-"));
    QCOMPARE(filter("      - function: remove_whitespace\n      - function: uppercase\n" + first, {" aä "}),
             Json("AÄ"));
    QCOMPARE(filter("      - function: majority_vote\n" + first, {"b", "a", "a"}), Json("a"));
    QCOMPARE(filter("      - {function: map, mapping_dict: {a: 'one'}, default_value: 'other'}\n" + first, {"a"}),
             Json("one"));
    QVERIFY_EXCEPTION_THROWN(filter("      - function: lowercase\n", {"a"}), SpecError);
  }

  void metrics() {
    TaskConfig task;
    task.output = OutputType::multiple_choice;
    for (const char* name : {"acc", "acc_norm", "acc_bytes", "exact_match"}) task.metrics.push_back(MetricSpec{name});
    TaskItem item;
    item.choices = {"ab", "ääääääää"};
    item.target = 1;
    // By characters -5/2 against -16/8; by bytes -5/2 against -16/16.
    const Scores scores = score_likelihoods(task, item, {{-5, -16}, {false, true}, {}});
    QCOMPARE(scores.at("acc"), 0.0);
    QCOMPARE(scores.at("acc_norm"), 1.0);
    QCOMPARE(scores.at("acc_bytes"), 1.0);
    QCOMPARE(scores.at("exact_match"), 1.0);
    item.target = "nowhere";
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 0.0);
    item.target = {0, 1};
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 0.0);
    item.several_targets = true;
    QCOMPARE(score_likelihoods(task, item, {{-5, -16}, {true, true}, {}}).at("acc"), 1.0);

    TaskConfig text;
    text.metrics.push_back(MetricSpec{"exact_match", true, true, true, false, {",", "(?s).*#### "}});
    TaskItem question;
    question.target = "so\n#### 1,234.";
    QCOMPARE(score_text(text, question, Json("1234")).at("exact_match"), 1.0);
    // A list is one target, as Python writes it, unless the first document has a list too.
    question.target = {2, "Y!"};
    QCOMPARE(score_text(text, question, Json("[2 'y!']")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 0.0);
    question.several_targets = true;
    QCOMPARE(score_text(text, question, Json("2")).at("exact_match"), 1.0);
    question.target = "xy";
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("xy")).at("exact_match"), 0.0);
    question.target = {"x", "Y!"};
    QCOMPARE(score_text(text, question, Json("y")).at("exact_match"), 1.0);
    QCOMPARE(score_text(text, question, Json("z")).at("exact_match"), 0.0);
    QCOMPARE(score_text(text, question, Json()).at("exact_match"), 0.0);
  }

  void means_and_errors() {
    const std::vector<double> values = {1, 0, 0, 1, 1};
    const Mean mean = mean_of(values);
    QCOMPARE(mean.value, 0.6);
    QVERIFY(std::abs(*mean.error - 0.24494897427831783) < 1e-15);
    QVERIFY(!mean_of(std::vector<double>{1}).error);
    // pooled_sample_stderr([0.1, 0.2], [10, 30]) of the harness.
    const std::vector<Mean> members = {{0.5, 0.1}, {0.7, 0.2}};
    const std::vector<std::int64_t> sizes = {10, 30};
    QVERIFY(std::abs(pooled(members, sizes, true).value - 0.65) < 1e-15);
    QVERIFY(std::abs(*pooled(members, sizes, true).error - 0.1532541748378572) < 1e-12);
    QVERIFY(std::abs(pooled(members, sizes, false).value - 0.6) < 1e-15);
    QVERIFY(std::abs(*pooled(members, sizes, false).error - 0.11180339887498948) < 1e-12);
  }
};

QTEST_GUILESS_MAIN(TestTaskFiles)
#include "test_task_files.moc"
