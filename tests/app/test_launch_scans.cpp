// SPDX-License-Identifier: GPL-3.0-or-later
// What the launch page finds out of models and by plans: whole, broken, and too late.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/language/translated.h"
#include "app/launch/model_summary.h"
#include "app/launch/run_plan.h"
#include "tests/app/launch_samples.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestLaunchScans : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString at(const QString& name) const { return folder_.filePath(name); }
  void engine(const QByteArray& script) {
    write_file(at("engine"), "#!/bin/sh\n" + script);
    QFile::setPermissions(at("engine"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BANDSCOPE_ENGINE", at("engine").toLocal8Bit());
  }

 private Q_SLOTS:
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
