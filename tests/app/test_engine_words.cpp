// SPDX-License-Identifier: GPL-3.0-or-later
// What core and engine say, in the window's language: the tables against the sources, and against what they really say.
#include <QClipboard>
#include <QGuiApplication>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <cmath>
#include <cstring>

#include "app/page/log_tab.h"
#include "app/words/engine_words.h"
#include "app/words/sentences.h"
#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"
#include "tests/app/source_sentences.h"
#include "training/data/pair_survey.h"
#include "training/model/config.h"
#include "training/model/model_files.h"
#include "training/trainer/alerts.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

QStringList table() {
  QStringList all;
  for (const auto& part : {run_sentences(), spec_sentences(), data_sentences(), model_sentences(), text_sentences(),
                           record_sentences(), figure_sentences()}) {
    for (const auto& sentence : part) all << QString::fromUtf8(sentence.text);
  }
  return all;
}

/// The pieces between values, without the marks at their ends.
QStringList pieces(const QString& text, const QRegularExpression& values) {
  static const QRegularExpression ends(QStringLiteral("^[^A-Za-z]+|[^A-Za-z]+$"));
  QStringList words;
  for (QString piece : text.split(values)) {
    piece.remove(ends);
    if (!piece.isEmpty()) words << piece;
  }
  return words;
}

std::string said(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

constexpr const char* whole_spec = "[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n";

}  // namespace

class TestEngineStrings : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QTranslator chinese_;

  QString at(const QString& name) const { return folder_.filePath(name); }

  std::vector<std::string> reallySaid() {
    std::vector<std::string> all;
    const auto spec = [&](const char* more, const char* base = whole_spec) {
      all.push_back(said([&] { parse_run_specs(std::string(base) + more, "spec.toml", "/"); }));
    };
    spec("[training]\nmicro_batch = 0\n");
    spec("[training]\nbatch_size = 7\nmicro_batch = 2\n");
    spec("[training]\nepochs = 1\nsteps = 2\n");
    spec("[optimizer]\nlearning_rat = 1\n");
    spec("[optimizer]\nlearning_rate = -1\n");
    spec("[optimizer]\nbetas = [1, 2, 3]\n");
    spec("[calibration]\nmomentum = 1.5\n");
    spec("[calibration]\nenabled = 3\n");
    spec("[objective]\nname = \"dop\"\n");
    spec("[objective]\ntau = 1\n");
    spec("[objective]\nbta = 1\n");
    spec("[objective]\nbeta = -1\n");
    spec("[objective]\nloss = \"zw\"\n");
    spec("[objective]\nname = \"formula\"\n");
    spec("[objective]\nname = \"formula\"\nloss = \"softplus(-q*(zw-zl)\"\n");
    spec("[objective]\nname = \"formula\"\nloss = \"q*(zw-zl)\"\n");
    spec("[scores]\nlayers = true\n");
    spec("[run]\nname = \".x\"\n");
    spec("[run]\ndevice = \"gpu\"\n");
    spec("[run]\nseed = \"x\"\n");
    spec("[sweep]\n\"run.seed\" = 3\n");
    spec("sweep = 3\n", "");
    spec("[data]\ntrain = \"d\"\n", "");
    spec("model = {path = 3}\n", "");
    spec("[model.lora]\ntargets = 3\n");

    trainer::AlertWatch watch({});
    const auto alerts = [&](const std::vector<std::string>& messages) {
      all.insert(all.end(), messages.begin(), messages.end());
    };
    StepRow row;
    row[Column::slack] = -1;
    row[Column::log_r_applied] = -2;
    row[Column::log_r_star] = 0;
    row[Column::rho] = 0.99999;
    row[Column::uncalibrated] = 2;
    for (int step = 0; step < 200; ++step) alerts(watch.step(row));
    alerts(watch.probe(0, {{-1, -1, -1}, {-1, -1, -1}}));
    alerts(watch.probe(9, {{-2, -2.1, -2}, {-9, -9, -9}}));

    const auto data = [&](const QString& name, const QByteArray& text) {
      write_file(at(name), text);
      all.push_back(said([&] {
        data::survey_pairs(at(name).toStdString(), nullptr, 0, [](const data::PairSurvey&) { return true; });
      }));
    };
    data("empty.jsonl", "");
    data("bad.jsonl", "{\"chosen\": 3, \"rejected\": 4}\n");
    data("keys.jsonl", "{\"a\": 3}\n");
    data("kto.jsonl", "{\"prompt\": \"a\", \"completion\": \"b\", \"label\": true}\n");
    data("data.txt", "a\n");
    data("broken.json", "[{}");
    data("broken.jsonl.gz", "no gzip");
    all.push_back(said([&] {
      data::survey_pairs(at("none.jsonl").toStdString(), nullptr, 0, [](const data::PairSurvey&) { return true; });
    }));

    const std::filesystem::path model = folder_.path().toStdString();
    for (const char* config : {"", "{}", "{\"model_type\": \"bert\"}",
                               "{\"model_type\": \"llama\", \"hidden_size\": \"x\", \"num_attention_heads\": 2}"}) {
      write_file(at("config.json"), config);
      all.push_back(said([&] { model::ModelConfig::load(model); }));
    }
    all.push_back(said([&] { model::read_weight_files(model); }));
    write_file(at("model.safetensors"), "short");
    all.push_back(said([&] { model::read_weight_files(model); }));
    write_file(at("model.safetensors"), "\xff\xff\xff\xff\xff\xff\xff\x7f{}");
    all.push_back(said([&] { model::read_weight_files(model); }));
    write_file(at("foreign.h5"), "no record of a run");
    all.push_back(said([&] { RecordReader::open(at("foreign.h5").toStdString()); }));
    all.push_back(said([&] { RecordReader::open(at("none.h5").toStdString()); }));
    return all;
  }

 private Q_SLOTS:
  void initTestCase() { QVERIFY(chinese_.load("bandscope_zh_CN", ":/i18n")); }
  void cleanup() { QCoreApplication::removeTranslator(&chinese_); }

  void theTablesSayWhatTheSourcesSay() {
    QString sources;
    static const QRegularExpression own(QStringLiteral("/words/"));
    for (const char* room : {"core", "training", "viz", "app"}) {
      for (const auto& statement : statements_below(QStringLiteral(BANDSCOPE_SOURCE "/") + room, own)) {
        sources += statement.texts.join(QLatin1Char('\x1f')) + QLatin1Char('\x1f');
      }
    }
    QVERIFY(sources.size() > 10000);
    for (int code = 1; code < 134; ++code) sources += QString::fromLocal8Bit(std::strerror(code)) + QLatin1Char('\x1f');
    static const QRegularExpression values(QStringLiteral("%[1-9]"));
    QStringList strange;
    for (const auto& sentence : table()) {
      for (const auto& piece : pieces(sentence, values)) {
        static const QRegularExpression article(QStringLiteral("^an? "));
        if (!sources.contains(QString(piece).remove(article))) strange << sentence + QStringLiteral("  <- ") + piece;
      }
    }
    QVERIFY2(strange.isEmpty(), qPrintable(QStringLiteral("no source says any more:\n") + strange.join('\n')));
  }

  void whatTheSourcesSayIsInTheTables() {
    const QString known = table().join(QLatin1Char('\x1f'));
    // Code of a template that fails is named by "chat template, line N"; what follows is for who wrote the template.
    static const QRegularExpression skip(QStringLiteral("/jinja_|/cuda/module/|/tools\\.cpp|/cli\\.cpp"));
    static const QRegularExpression says(
        QStringLiteral("(Error|RowProblem|ValueProblem|Failure|LostProcess)\\(|\\b(fail|fail_at|bad|refuse|refusal|"
                       "event|append_event)\\(|"
                       "(messages|notes)\\.push_back\\("));
    static const QRegularExpression not_said(QStringLiteral("logic_error|invalid_argument|ValueError|TemplateError"));
    // Values, and what the tables have as a value: the key before a complaint, what is allowed after it.
    static const QRegularExpression values(
        QStringLiteral("\\{[^{}]*\\}|key \"[^\"]*\"?:? ?|it takes |(?<=allowed are ).*|(?<=known are "
                       ").*|\"(?:prompt|chosen|rejected)\" "));
    QStringList unknown;
    int looked = 0;
    for (const char* room : {"core", "training", "viz"}) {
      for (const auto& statement : statements_below(QStringLiteral(BANDSCOPE_SOURCE "/") + room, skip)) {
        if (!says.match(statement.code).hasMatch() || not_said.match(statement.code).hasMatch()) continue;
        for (const auto& text : statement.texts) {
          for (const auto& piece : pieces(text, values)) {
            if (!piece.contains(QLatin1Char(' '))) continue;
            ++looked;
            if (!known.contains(piece)) unknown << statement.code.section(' ', 0, 0) + QStringLiteral(": ") + piece;
          }
        }
      }
    }
    // A message of QVERIFY2 is cut where many are missing.
    for (const QString& one : unknown) qWarning("%s", qPrintable(one));
    QVERIFY2(looked > 300, qPrintable(QString::number(looked)));
    QVERIFY2(unknown.isEmpty(), qPrintable(QStringLiteral("not in app/words:\n") + unknown.join('\n')));
  }

  void everySentenceIsTranslatedWithItsValues() {
    static const QRegularExpression value(QStringLiteral("%[1-9]"));
    const auto values = [](const QString& text) {
      QStringList all;
      for (auto at = value.globalMatch(text); at.hasNext();) all << at.next().captured();
      all.sort();
      return all;
    };
    for (const auto& sentence : table()) {
      const QString words = chinese_.translate("Engine", sentence.toUtf8().constData());
      QVERIFY2(!words.isEmpty(), qPrintable(sentence));
      QVERIFY2(values(words) == values(sentence), qPrintable(sentence));
    }
  }

  void realTextsAreSaidInChinese() {
    static const QRegularExpression english(QStringLiteral("[a-z']{3,} [a-z']{2,} [a-z']{2,}"));
    const auto all = reallySaid();
    for (const auto& text : all) {
      const QString written = QString::fromStdString(text);
      QVERIFY(!written.isEmpty());
      QVERIFY2(known_engine_words(written), qPrintable(written));
      QCOMPARE(engine_words(written), written);  // without a translation nothing changes
    }
    QCoreApplication::installTranslator(&chinese_);
    for (const auto& text : all) {
      const QString words = engine_words(QString::fromStdString(text));
      QVERIFY2(words != QString::fromStdString(text) && !english.match(words).hasMatch(),
               qPrintable(QString::fromStdString(text) + QStringLiteral("\n  ") + words));
    }
  }

  void valuesStay() {
    QCoreApplication::installTranslator(&chinese_);
    QCOMPARE(engine_words("log r has been below the band for 50 steps: both likelihoods tend to fall (pathway ii)"),
             QStringLiteral("log r 已连续 50 步低于解耦带：两个似然都趋于下降（路径 ii）"));
    QCOMPARE(engine_words("spec.toml:7: key \"training.micro_batch\" is 0; it takes an integer >= 1"),
             QStringLiteral("spec.toml:7：键“training.micro_batch”为 0；应为整数，≥ 1"));
    QCOMPARE(engine_words("/d/run.h5 is empty, not a run record"), QStringLiteral("/d/run.h5 为空，不是运行记录"));
    QCOMPARE(
        engine_words("/m/config.json: \"model_type\" is \"bert\"; gpt_neox, llama, mistral and qwen2 are supported"),
        QStringLiteral("/m/config.json：“model_type”为“bert”；支持 gpt_neox、llama、mistral 与 qwen2"));
    // What a parser of another library says stays as it says it.
    QCOMPARE(engine_words("s.toml:5: this is not TOML: expected ']'"),
             QStringLiteral("s.toml:5：不是 TOML：expected ']'"));
    QCOMPARE(engine_words("paused"), QStringLiteral("已暂停"));
    QCOMPARE(event_kind_word("rc"), QStringLiteral("奖励校准"));
    QCOMPARE(engine_sentence(RunError("the run's process has ended already")), QStringLiteral("该运行的进程已结束。"));
  }

  void eventsAreCopiedWithTheRecordsOwnWords() {
    const std::string written = "momentum set to 0.9";
    auto run = std::make_shared<viz::RunData>();
    run->events = {{7, 3.0, "momentum", written}, {9, 4.0, "checkpoint", "checkpoint-00000009"}};
    QCoreApplication::installTranslator(&chinese_);
    LogTab tab;
    tab.setRun(run);
    tab.show();
    tab.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&tab));
    auto* table = tab.findChild<QTableView*>();
    const auto message = [&](int row) { return table->model()->index(row, 3).data().toString(); };
    QCOMPARE(message(0), QStringLiteral("动量设为 0.9"));
    table->selectAll();
    table->setFocus();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines[0].startsWith("7\t") && lines[0].endsWith(QStringLiteral("动量设为 0.9\tmomentum set to 0.9")),
             qPrintable(lines[0]));
    QVERIFY2(lines[1].endsWith(QStringLiteral("检查点\tcheckpoint-00000009")), qPrintable(lines[1]));
    // Another language reaches what is shown already.
    QCoreApplication::removeTranslator(&chinese_);
    QTRY_COMPARE(message(0), QString::fromStdString(written));
  }

  void unknownTextsStay() {
    QCoreApplication::installTranslator(&chinese_);
    for (const char* text : {"", "checkpoint-40", "something else happened (really)", "CUDA error: misaligned address",
                             "a: b: c", "%1 100%"}) {
      QCOMPARE(engine_words(QString(text)), QString(text));
    }
    const QString endless(100'000, QLatin1Char(':'));
    QCOMPARE(engine_words(endless), endless);
    const QString places = QStringLiteral("a: ").repeated(1000);
    QCOMPARE(engine_words(places), places);
  }
};

QTEST_MAIN(TestEngineStrings)
#include "test_engine_words.moc"
