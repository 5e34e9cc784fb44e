// SPDX-License-Identifier: Apache-2.0
// YAML of task files: texts as PyYAML reads them, and mistakes at their line.
#include <QFloat16>  // of the overloads that QCOMPARE looks at
#include <QTest>

#include "core/error.h"
#include "training/evaluation/task_yaml.h"

using namespace bandscope;
using namespace bandscope::evaluation;

class TestTaskYaml : public QObject {
  Q_OBJECT

 private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(TestTaskYaml)
#include "test_task_yaml.moc"
