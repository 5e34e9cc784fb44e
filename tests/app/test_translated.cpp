// SPDX-License-Identifier: GPL-3.0-or-later
// What core and engine say, in the window's language.
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/language/translated.h"
#include "app/page/event_kinds.h"
#include "app/page/log_tab.h"
#include "core/error.h"
#include "core/input/file.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "core/schema/live_settings.h"
#include "core/schema/message_json.h"
#include "core/schema/spoken.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"
#include "training/data/pair_survey.h"
#include "training/model/config.h"
#include "training/model/model_files.h"
#include "training/trainer/alerts.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

Message said(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return message_of(error);
  }
  return {};
}

constexpr const char* whole_spec = "[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n";

}  // namespace

class TestTranslated : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  QTranslator chinese_;

  QString at(const QString& name) const { return folder_.filePath(name); }

  std::vector<Message> reallySaid() {
    std::vector<Message> all;
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
    const auto alerts = [&](const std::vector<Message>& messages) {
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
        data::survey_pairs(at(name).toStdString(), nullptr, {}, [](const data::PairSurvey&) { return true; });
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
      data::survey_pairs(at("none.jsonl").toStdString(), nullptr, {}, [](const data::PairSurvey&) { return true; });
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

  void realTextsAreSaidInChinese() {
    static const QRegularExpression english(QStringLiteral("[a-z']{3,} [a-z']{2,} [a-z']{2,}"));
    const auto all = reallySaid();
    for (const auto& message : all) {
      QVERIFY(!message.empty());
      QCOMPARE(translated(message), QString::fromStdString(message.english()));  // without a translation
    }
    QCoreApplication::installTranslator(&chinese_);
    for (const auto& message : all) {
      const QString words = translated(message);
      QVERIFY2(words != QString::fromStdString(message.english()) && !english.match(words).hasMatch(),
               qPrintable(QString::fromStdString(message.english()) + QStringLiteral("\n  ") + words));
    }
  }

  void valuesStay() {
    QCoreApplication::installTranslator(&chinese_);
    const Message falling = Message::tr("both likelihoods tend to fall (pathway ii)");
    QCOMPARE(translated(Message::tr("log r has been %1 the band for %2 steps: %3", Message::tr("below"), 50, falling)),
             QStringLiteral("log r 已连续 50 步低于解耦带：两个似然都趋于下降（路径 ii）"));
    const auto spec = [&](const char* more) {
      return translated(said([&] { parse_run_specs(std::string(whole_spec) + more, "spec.toml", "/"); }));
    };
    QCOMPARE(spec("[training]\nmicro_batch = 0\n"),
             QStringLiteral("spec.toml:6：键“training.micro_batch”为 0；应为整数，≥ 1 且 ≤ 1000000"));
    // What a parser of another library says stays as it says it.
    QVERIFY2(spec("x = [\n").contains(QStringLiteral("：不是 TOML：")), qPrintable(spec("x = [\n")));
    write_file(at("empty.h5"), "");
    QCOMPARE(translated(said([&] { RecordReader::open(at("empty.h5").toStdString()); })),
             at("empty.h5") + QStringLiteral(" 为空，不是运行记录"));
    QCOMPARE(translated(said([&] { read_file("/none"); })), QStringLiteral("无法读取 /none：没有该文件或文件夹"));
    QCOMPARE(event_kind_word("rc"), QStringLiteral("奖励校准"));
    QCOMPARE(translated_sentence(Message::tr("the run's process has ended already")),
             QStringLiteral("该运行的进程已结束。"));
    // A value is a value, whatever it looks like.
    QCOMPARE(translated(Message::tr("%1 takes no value", std::string("100 %1"))), QStringLiteral("100 %1 不带值"));
  }

  void anEngineThatFailsToStartIsQuotedInChinese() {
    const Message why =
        said([] { parse_run_specs(std::string(whole_spec) + "[training]\nmicro_batch = 0\n", "spec.toml", "/"); });
    qputenv(kSpeakVariable, "1");
    write_file(at("log.txt"), QByteArray("reading\n") + QByteArray::fromStdString(spoken(why)));
    qunsetenv(kSpeakVariable);
    QVERIFY(last_words(at("log.txt").toStdString()) == why);
    const auto values = QJsonDocument::fromJson(QByteArray::fromStdString(to_json(why).dump())).array();
    QVERIFY(kept_message(QString::fromStdString(why.english()), values) == why);
    QVERIFY(kept_message(QStringLiteral("another"), values) == Message::plain("another"));
    QCoreApplication::installTranslator(&chinese_);
    QCOMPARE(translated(last_words(at("log.txt").toStdString())),
             QStringLiteral("spec.toml:6：键“training.micro_batch”为 0；应为整数，≥ 1 且 ≤ 1000000"));
  }

  void ofAForeignTextTheBeginningIsQuoted() {
    const QString text = QStringLiteral("似然").repeated(500);
    write_file(at("log.txt"), "reading\n" + text.toUtf8() + "\n");
    QCOMPARE(translated(last_words(at("log.txt").toStdString())), text.left(400));
    // A sentence is quoted whole.
    qputenv(kSpeakVariable, "1");
    const Message sentence = Message::tr("%1 takes no value", text.toStdString());
    write_file(at("log.txt"), QByteArray::fromStdString(spoken(sentence)));
    qunsetenv(kSpeakVariable);
    QCoreApplication::installTranslator(&chinese_);
    QCOMPARE(translated(last_words(at("log.txt").toStdString())), text + QStringLiteral(" 不带值"));
  }

  void eventsAreCopiedWithTheRecordsOwnWords() {
    // As the trainer writes them.
    const LiveSetting& momentum = *find_live_setting("momentum");
    const Message event = event_message(momentum, 0.9);
    const std::filesystem::path record = at("events.h5").toStdString();
    auto writer = RecordWriter::create(record, {whole_spec, "{}", {}});
    writer.append_event({7, 3.0, std::string(momentum.event_kind), event});
    writer.append_event({9, 4.0, "checkpoint", Message::plain("checkpoint-00000009")});
    writer.close();
    auto run = std::make_shared<viz::RunData>();
    run->events = RecordReader::open(record).event_rows();
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
    QTRY_COMPARE(message(0), QString::fromStdString(event.english()));
  }
};

QTEST_MAIN(TestTranslated)
#include "test_translated.moc"
