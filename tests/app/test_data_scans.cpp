// SPDX-License-Identifier: GPL-3.0-or-later
// What the launch page finds out about data: measured, limited, broken, large and too late, with an example.
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextEdit>
#include <QToolButton>

#include "app/language/translated.h"
#include "app/launch/data_panel.h"
#include "app/launch/model_summary.h"
#include "app/launch/pair_example.h"
#include "tests/app/launch_samples.h"
#include "training/data/rows_parquet.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestDataScans : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString at(const QString& name) const { return folder_.filePath(name); }
  std::shared_ptr<const text::Tokenizer> tokens() { return read_model_summary(make_model(at("tokens"))).tokens; }
  /// The last answer about a file, of a scanner of its own where none is named.
  DataSummary data_of(const QString& file, std::shared_ptr<const text::Tokenizer> tokens,
                      data::PairOptions options = {}, const QString& split = {}, DataScanner* by = nullptr) {
    DataScanner own;
    DataScanner& scanner = by ? *by : own;
    DataSummary last;
    bool done = false;
    const auto found = QObject::connect(&scanner, &DataScanner::found, [&](const DataSummary& look) {
      last = look;
      done = !look.reading;
    });
    scanner.look({file, std::move(tokens), options, split});
    if (!QTest::qWaitFor([&] { return done; }, 60000)) qFatal("no answer");
    QObject::disconnect(found);
    return last;
  }

 private Q_SLOTS:
  void aSetOfAFolderIsSurveyed() {
    QVERIFY(QDir(folder_.path()).mkpath(QStringLiteral("sets")));
    const QByteArray pair = "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"c\"}\n";
    write_file(at("sets/train.jsonl"), pair + pair);
    write_file(at("sets/test.jsonl"), pair);
    QVERIFY(translated(data_of(at("sets"), nullptr).problem).contains("test"));
    const auto train = data_of(at("sets"), nullptr, {}, "train"), held_out = data_of(at("sets"), nullptr, {}, "test");
    QVERIFY(train.problem.empty() && held_out.problem.empty());
    QCOMPARE(train.survey->pairs.size(), std::size_t(2));
    QCOMPARE(held_out.survey->pairs.size(), std::size_t(1));
  }

  void dataIsMeasuredInTokens() {
    write_file(at("hh.jsonl"), hh_rows(100) + "{\"chosen\": 1}\nnot json\n");
    const auto model = tokens();
    const auto whole = data::load_pairs(at("hh.jsonl").toStdString(), *model, {0, 100000, 99999});
    const auto& tenth = whole.pairs[9];  // one of the short ones
    const auto shortest = std::int64_t(tenth.prompt.size() + std::max(tenth.chosen.size(), tenth.rejected.size()));
    const data::PairOptions options{0, shortest + 1, shortest / 2};
    const auto look = data_of(at("hh.jsonl"), model, options);
    QVERIFY2(look.problem.empty(), look.problem.english().c_str());
    QCOMPARE(look.survey->pairs.size(), std::size_t(100));
    QCOMPARE(QString::fromStdString(look.survey->form), QString("Anthropic-HH"));
    QCOMPARE(look.survey->unusable, 2);
    QCOMPARE(look.survey->identical, 10);
    // The same as load_pairs cuts, pair by pair.
    const auto cut = data::load_pairs(at("hh.jsonl").toStdString(), *model, options);
    int differ = 0;
    std::vector<int> prompts;
    for (std::size_t i = 0; i < whole.pairs.size(); ++i) {
      QCOMPARE(look.survey->pairs[i].prompt, int(whole.pairs[i].prompt.size()));
      QCOMPARE(look.survey->pairs[i].rejected, int(whole.pairs[i].rejected.size()));
      prompts.push_back(int(whole.pairs[i].prompt.size()));
      differ += whole.pairs[i].prompt != cut.pairs[i].prompt || whole.pairs[i].chosen != cut.pairs[i].chosen ||
                whole.pairs[i].rejected != cut.pairs[i].rejected;
    }
    QVERIFY(differ > 0 && differ < 100);
    QCOMPARE(look.summary.cut, differ);
    std::sort(prompts.begin(), prompts.end());
    QCOMPARE(look.summary.prompt.maximum, prompts.back());
    QCOMPARE(look.summary.prompt.median, prompts[50]);
    QVERIFY(look.summary.alike >= 10);
    const QString said = (data_facts(look) + data_concerns(look)).join("\n");
    for (const char* part : {"100 pairs", "2 rows are skipped", "line 101", "same text"})
      QVERIFY2(said.contains(part), qPrintable(said));
  }

  void noMoreThanTheLimitIsSurveyed() {
    write_file(at("limited.jsonl"), hh_rows(20));
    // One scanner: what it knows of the file with another limit is not the answer.
    DataScanner scanner;
    for (const auto& [limit, pairs] : {std::pair(5, 5), {7, 7}, {0, 20}, {30, 20}, {5, 5}}) {
      data::PairOptions options;
      options.limit = limit;
      const auto look = data_of(at("limited.jsonl"), nullptr, options, {}, &scanner);
      QVERIFY2(look.problem.empty(), look.problem.english().c_str());
      QCOMPARE(look.survey->pairs.size(), std::size_t(pairs));
      QVERIFY(look.survey->complete);
      QVERIFY2(data_facts(look).join(" ").contains(QStringLiteral("%1 pairs").arg(pairs)),
               qPrintable(data_facts(look).join(" ")));
    }
  }

  void withoutAModelLengthsAreBytesAndConversationsAreReadable() {
    write_file(
        at("chat.jsonl"),
        "{\"chosen\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}], "
        "\"rejected\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"No\"}]}\n");
    const auto look = data_of(at("chat.jsonl"), nullptr);
    QVERIFY2(look.problem.empty(), look.problem.english().c_str());
    QVERIFY(!look.survey->tokens);
    QCOMPARE(look.survey->pairs[0].chosen, 5);
    QVERIFY(data_facts(look).join(" ").contains("bytes"));
    // With a model that has no template it is a problem, and the sentence says so.
    QVERIFY(translated(data_of(at("chat.jsonl"), tokens()).problem).contains("chat template"));
  }

  void unusableFilesSayWhy() {
    write_file(at("empty.jsonl"), "\n\n");
    write_file(at("kto.jsonl"), "{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true}\n");
    write_file(at("nothing.jsonl"), "{\"chosen\": \"a\", \"rejected\": \"b\"}\n");
    write_file(at("x.csv"), "a,b\n");
    write_file(at("cut.jsonl.gz"), QByteArray("\x1f\x8b\x08\0\0\0\0\0\0\x03\xab", 11));
    for (const auto& [name, part] : {std::pair{"empty.jsonl", "empty"},
                                     {"kto.jsonl", "KTO"},
                                     {"nothing.jsonl", "share no prompt"},
                                     {"x.csv", "kind of data file"},
                                     {"cut.jsonl.gz", "cut.jsonl.gz"},
                                     {"gone.jsonl", "gone.jsonl"}}) {
      const auto look = data_of(at(name), nullptr);
      QVERIFY2(QString::fromStdString(look.problem.english()).contains(part), look.problem.english().c_str());
      QVERIFY(!look.survey);
    }
    QVERIFY(translated(data_of("", nullptr).problem).contains("Choose"));
  }

  void rowsOfOneResponseAreReadForObjectivesThatTakeThem() {
    write_file(at("labels.jsonl"),
               "{\"prompt\": \"Why?\", \"completion\": \" So it is.\", \"label\": true}\n"
               "{\"prompt\": \"When?\", \"completion\": \" No.\", \"label\": false}\n"
               "{\"prompt\": \"Who?\", \"completion\": \" She.\", \"label\": true}\n");
    data::PairOptions options;
    options.own_prompts = true;
    for (const auto& model : {std::shared_ptr<const text::Tokenizer>(), tokens()}) {
      const auto look = data_of(at("labels.jsonl"), model, options);
      QVERIFY2(look.problem.empty(), look.problem.english().c_str());
      QCOMPARE(look.survey->desirable, 2);
      QCOMPARE(look.survey->undesirable, 1);
      QCOMPARE(look.survey->identical, 0);
      QVERIFY(look.summary.chosen.median > 0 && look.summary.rejected.median > 0);
      QVERIFY2(data_facts(look).first().contains("2 desirable and 1 undesirable"),
               qPrintable(data_facts(look).first()));
      DataPanel panel(true);
      panel.show(look);
      panel.example()->nextButton()->click();
      const QString shown = panel.example()->view()->toPlainText();
      QVERIFY2(shown.contains("When?") && shown.contains(" No.") && !shown.contains("Chosen"), qPrintable(shown));
    }
    QVERIFY(!data_of(at("labels.jsonl"), nullptr).problem.empty());
    write_file(at("one-kind.jsonl"), "{\"prompt\": \"Why?\", \"completion\": \" So.\", \"label\": true}\n");
    QVERIFY(translated(data_of(at("one-kind.jsonl"), nullptr, options).problem).contains("both kinds are needed"));
  }

  void parquetIsRead() {
    if (!data::has_parquet()) QSKIP("this build reads no Parquet");
    const auto look = data_of(BANDSCOPE_SOURCE "/tests/training/fixtures/strings.parquet", tokens());
    QVERIFY2(look.problem.empty() && !look.survey->pairs.empty(), look.problem.english().c_str());
  }

  void aLargeFileIsToldWhileItIsReadAndGivenUpAtOnce() {
    const QByteArray rows = hh_rows(150000);
    write_file(at("large.jsonl"), rows);
    write_file(at("small.jsonl"), hh_rows(10));
    DataScanner scanner;
    QList<DataSummary> answers;
    QObject::connect(&scanner, &DataScanner::found, [&](const DataSummary& look) { answers << look; });
    const auto model = tokens();
    scanner.look({at("large.jsonl"), model, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!answers.isEmpty(), 60000);
    QVERIFY(answers.first().reading && !answers.first().survey->pairs.empty());
    answers.clear();
    // Another file: the large one is dropped in the middle.
    scanner.look({at("small.jsonl"), model, {}});
    QTRY_VERIFY_WITH_TIMEOUT(!answers.isEmpty(), 60000);
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers.first().file, at("small.jsonl"));
    // Other lengths ask nothing of the file.
    QFile::remove(at("small.jsonl"));
    write_file(at("small.jsonl"), hh_rows(10));
    answers.clear();
    scanner.look({at("large.jsonl"), model, {}});
    scanner.cancel();
    scanner.look({at("small.jsonl"), model, {}});
    QTRY_VERIFY(!answers.isEmpty());
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers.first().file, at("small.jsonl"));
  }

  void anExampleShowsWhatIsScored() {
    write_file(at("one.jsonl"),
               "{\"prompt\": \"Question: why?\\nAnswer:\", \"chosen\": \" Because it is so.\", \"rejected\": "
               "\" No.\"}\n" +
                   hh_rows(3));
    auto look = data_of(at("one.jsonl"), tokens());
    DataPanel panel(true);
    panel.show(look);
    auto* example = panel.example();
    const auto underlined = [&](QTextCharFormat::UnderlineStyle style) {
      QString text;
      for (auto block = example->view()->document()->begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
          if (it.fragment().charFormat().underlineStyle() == style) text += it.fragment().text();
        }
      }
      return text;
    };
    QVERIFY(example->view()->toPlainText().contains("Question: why?"));
    QVERIFY2(underlined(QTextCharFormat::SingleUnderline).startsWith(" Because it is so."),
             qPrintable(underlined(QTextCharFormat::SingleUnderline)));
    QVERIFY(underlined(QTextCharFormat::SingleUnderline).contains("<|endoftext|>"));  // EOS is scored too
    QVERIFY(underlined(QTextCharFormat::DashUnderline).startsWith(" No."));
    QVERIFY(example->view()->toPlainText().contains("not scored"));
    QVERIFY(!example->previousButton()->isEnabled());
    // One number, that of the file's line, as in the table of pairs.
    const auto place = [&] { return example->findChild<QLabel*>("example-place")->text(); };
    QCOMPARE(place(), QStringLiteral("Line 1 of the data"));
    example->nextButton()->click();
    QCOMPARE(example->index(), 1);
    QCOMPARE(place(), QStringLiteral("Line 2 of the data"));
    QVERIFY(example->view()->toPlainText().contains("question 0?"));
    // Shorter lengths leave out what is cut, and say so.
    example->previousButton()->click();
    look.options.max_length = 12;
    look.options.max_prompt_length = 6;
    panel.show(look);
    QVERIFY(example->view()->toPlainText().contains("cut off"));
    QVERIFY(!underlined(QTextCharFormat::SingleUnderline).contains("<|endoftext|>"));
  }
};

QTEST_MAIN(TestDataScans)
#include "test_data_scans.moc"
