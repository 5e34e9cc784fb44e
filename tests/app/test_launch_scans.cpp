// SPDX-License-Identifier: GPL-3.0-or-later
// What the launch page finds out: models, data, plans; whole, broken, large and too late.
#include <QApplication>
#include <QFileInfo>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextEdit>
#include <QToolButton>

#include "app/language/translated.h"
#include "app/launch/data_panel.h"
#include "app/launch/model_summary.h"
#include "app/launch/pair_example.h"
#include "app/launch/run_plan.h"
#include "tests/app/launch_samples.h"
#include "training/data/rows_parquet.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLaunchScans : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString at(const QString& name) const { return folder_.filePath(name); }
  std::shared_ptr<const text::Tokenizer> tokens() { return read_model_summary(make_model(at("tokens"))).tokens; }
  /// The last answer about a file.
  DataSummary data_of(const QString& file, std::shared_ptr<const text::Tokenizer> tokens,
                      data::PairOptions options = {}, const QString& split = {}) {
    DataScanner scanner;
    DataSummary last;
    bool done = false;
    QObject::connect(&scanner, &DataScanner::found, [&](const DataSummary& look) {
      last = look;
      done = !look.reading;
    });
    scanner.look({file, std::move(tokens), options, split});
    if (!QTest::qWaitFor([&] { return done; }, 60000)) qFatal("no answer");
    return last;
  }
  void engine(const QByteArray& script) {
    write_file(at("engine"), "#!/bin/sh\n" + script);
    QFile::setPermissions(at("engine"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BANDSCOPE_ENGINE", at("engine").toLocal8Bit());
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

  void modelsOfEveryFamilyAreRecognised() {
    for (const auto& [kind, name, files] : {std::tuple{"mistral-window", "Mistral", 1},
                                            {"llama3-tied", "Llama", 1},
                                            {"neox-parallel", "GPT-NeoX", 1},
                                            {"qwen2-sharded", "Qwen2", 2}}) {
      const auto look = read_model_summary(make_model(at(kind), kind));
      QVERIFY2(look.problem.empty(), look.problem.english().c_str());
      QCOMPARE(look.architecture, QString(name));
      QCOMPARE(look.layers, 2);
      QCOMPARE(look.vocabulary, 640);
      QCOMPARE(look.files, files);
      QVERIFY(look.parameters > 10000 && look.bytes > look.parameters);
      QVERIFY(look.tokens);
      QCOMPARE(look.tokenizer.english(), std::string("byte-level BPE"));
      QVERIFY(to_text(look).contains(name) && to_text(look).contains("no chat template"));
    }
  }

  void aBrokenModelSaysWhatIsWrong() {
    QVERIFY(translated(read_model_summary("").problem).contains("Choose a model"));
    QVERIFY(translated(read_model_summary(at("nowhere")).problem).contains("nowhere"));
    QVERIFY(translated(read_model_summary(folder_.path()).problem).contains("config.json"));
    QVERIFY(translated(read_model_summary(BANDSCOPE_SOURCE "/tests/fixtures/hf/mistral-window-lora").problem)
                .contains("adapter"));
    const QString model = make_model(at("broken"), "qwen2-sharded");
    const QByteArray config = [&] {
      QFile file(model + "/config.json");
      return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }();
    const auto with = [&](const QString& name, const QByteArray& content) {
      write_file(model + "/" + name, content);
      return translated(read_model_summary(model).problem);
    };
    QVERIFY(with("config.json", "[1]").contains("config.json"));
    QVERIFY(with("config.json", "{\"model_type\": \"gpt2\"}").contains("gpt2"));
    QVERIFY(with("config.json", config).isEmpty());
    QVERIFY(with("model-00002-of-00002.safetensors", "\x08").contains("model-00002-of-00002.safetensors"));
    const QByteArray far("\x40\0\0\0\0\0\0\0{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}         ",
                         72);
    const QString truncated = with("model-00002-of-00002.safetensors", far);
    QVERIFY2(truncated.contains("\"x\"") && truncated.contains("truncated"), qPrintable(truncated));
    QFile::remove(model + "/model-00002-of-00002.safetensors");
    const auto missing = read_model_summary(model);
    QVERIFY(QString::fromStdString(missing.problem.english()).contains("model-00002-of-00002.safetensors"));
    QCOMPARE(missing.architecture, QString("Qwen2"));  // what can be read is told all the same
    const QString tokenizer = make_model(at("unigram"));
    write_file(tokenizer + "/tokenizer.json", "{\"model\": {\"type\": \"Unigram\", \"vocab\": []}}");
    QVERIFY(translated(read_model_summary(tokenizer).problem).contains("tokenizer.json"));
  }

  void aModelThatChangesIsLookedAtAgainAndLateAnswersAreDropped() {
    const QString model = make_model(at("changing"));
    ModelScanner scanner;
    QSignalSpy found(&scanner, &ModelScanner::found);
    ModelSummary last;
    QObject::connect(&scanner, &ModelScanner::found, [&](const ModelSummary& look) { last = look; });
    for (int i = 0; i < 20; ++i) scanner.look(i % 2 ? model : folder_.path());
    QTRY_COMPARE(found.size(), 1);
    QCOMPARE(last.folder, model);
    const auto tokens = last.tokens;
    scanner.look(model);
    QTRY_COMPARE(found.size(), 2);
    QCOMPARE(last.tokens, tokens);  // nothing was read again
    QFile::remove(model + "/model.safetensors");
    scanner.look(model);
    QTRY_COMPARE(found.size(), 3);
    QVERIFY(QString::fromStdString(last.problem.english()).contains("model.safetensors"));
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

  void aPlanIsAskedForReadAndShown() {
    engine(
        "test \"$1\" = plan && test \"$3\" = --json && test \"$4\" = --no-warm-up || exit 2\n"
        "grep -q 'name = \"t\"' \"$2\" || exit 2\n"
        "echo working >&2\n"
        "echo '{\"name\": \"t\", \"model\": \"m\", \"parameters\": 134515008, \"trainable\": 1200000, \"memory\": "
        "{\"weights\": "
        "538060032, \"adapters\": 0, \"activations\": 1048576, \"total\": 539108608}, \"tokens_per_step\": 800, "
        "\"steps\": 72, "
        "\"seconds_per_step\": null, \"seconds_total\": null, \"reference_seconds\": 12, \"device\": \"cpu\", "
        "\"processes\": 1, "
        "\"notes\": [\"note\"]}'\n");
    Planner planner;
    std::vector<RunPlan> plans;
    QObject::connect(&planner, &Planner::planned, [&](const std::vector<RunPlan>& got, bool) { plans = got; });
    QSignalSpy failed(&planner, &Planner::failed);
    planner.ask("[run]\nname = \"t\"\n", false);
    QTRY_VERIFY2(!plans.empty(), failed.isEmpty() ? "" : failed[0][0].value<Message>().english().c_str());
    QCOMPARE(plans[0].steps, 72);
    QVERIFY(!plans[0].seconds_total && plans[0].reference_seconds == 12.0);
    const QString details = plan_details(plans[0]);
    for (const char* part : {"135 M", "1.2 M", "513 MiB", "1.0 MiB", "note"})
      QVERIFY2(details.contains(part), qPrintable(details));
    QVERIFY(!details.contains("adapters"));
  }

  void anEngineThatFailsSaysWhyAndASlowOneIsGivenUp() {
    Planner planner;
    QSignalSpy failed(&planner, &Planner::failed), planned(&planner, &Planner::planned);
    engine("echo 'first' >&2\necho 'bandscope-engine: no such model' >&2\nexit 3\n");
    planner.ask("x", true);
    QTRY_COMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].value<Message>().english(), std::string("no such model"));
    engine("echo nonsense\n");
    planner.ask("x", true);
    QTRY_COMPARE(failed.size(), 2);
    qputenv("BANDSCOPE_ENGINE", at("none").toLocal8Bit());
    planner.ask("x", true);
    QTRY_COMPARE(failed.size(), 3);
    QVERIFY(failed[2][0].value<Message>().english().find("none") != std::string::npos);
    engine("sleep 60\n");
    planner.ask("x", true);
    QVERIFY(planner.measuring());
    planner.cancel();
    QVERIFY(!planner.measuring());
    planner.ask("x", true);
    engine("echo '{\"name\": \"t\", \"memory\": {\"total\": 1}}'\n");
    planner.ask("y", false);  // takes the place of the slow one
    QTRY_COMPARE(planned.size(), 1);
    planner.ask("z", false);
    QTRY_COMPARE(planned.size(), 2);
    QCOMPARE(failed.size(), 3);  // nothing of those that were given up
  }
};

QTEST_MAIN(TestLaunchScans)
#include "test_launch_scans.moc"
