// SPDX-License-Identifier: Apache-2.0
// Rows of one response with a label: the same numbers as pairs where two rows make one, the rarer kind going round,
// what is refused, and the forms of TRL and LLaMA-Factory.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>
#include <optional>
#include <set>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

namespace {

QByteArray line(const QJsonObject& row) { return QJsonDocument(row).toJson(QJsonDocument::Compact) + "\n"; }

QList<QJsonObject> golden_pairs(int count) {
  QFile file(golden("pairs.jsonl"));
  if (!file.open(QIODevice::ReadOnly)) qFatal("no pairs.jsonl");
  QList<QJsonObject> rows;
  while (rows.size() < count) rows << QJsonDocument::fromJson(file.readLine()).object();
  return rows;
}

QByteArray labelled(const QJsonObject& pair, bool wanted) {
  return line({{"prompt", pair["prompt"]}, {"completion", pair[wanted ? "chosen" : "rejected"]}, {"label", wanted}});
}

}  // namespace

class TestUnpaired : public QObject {
  Q_OBJECT

  EngineBox box_;

  RecordReader record(const QString& name, const QString& data, const QStringList& sets) {
    const Ended end = box_.train(box_.spec(name, "tiny-neox"), "runs",
                                 QStringList{"data.train=" + data, "data.shuffle=false"} + sets);
    if (end.code != 0) qFatal("%s", qPrintable(end.error));
    return RecordReader::open(box_.file("runs/" + name + "/run.h5"));
  }

 private Q_SLOTS:
  void two_rows_of_one_pair_give_its_numbers_data() {
    QTest::addColumn<QStringList>("sets");
    const QStringList kto = {"objective.name=kto", "training.steps=4"};
    QTest::newRow("output") << kto;
    QTest::newRow("all") << kto + QStringList{"scores.scope=all", "training.micro_batch=1"};
    QTest::newRow("step") << kto + QStringList{"calibration.granularity=step"};
  }
  void two_rows_of_one_pair_give_its_numbers() {
    QFETCH(QStringList, sets);
    QByteArray pairs, rows;
    for (const QJsonObject& pair : golden_pairs(8)) {
      pairs += line(pair);
      rows += labelled(pair, true) + labelled(pair, false);
    }
    const QString tag = QTest::currentDataTag();
    const RecordReader one = record("paired-" + tag, box_.write("pairs.jsonl", pairs), sets),
                       other = record("unpaired-" + tag, box_.write("labels.jsonl", rows), sets);
    for (const Column column : {Column::z_w, Column::z_l, Column::loss, Column::d_w, Column::d_l, Column::score_norm_w,
                                Column::score_norm_l, Column::score_dot, Column::alpha, Column::grad_norm}) {
      const auto expected = one.column(column), found = other.column(column);
      QCOMPARE(found.size(), std::size_t{4});
      for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - expected[i]) <= 2e-4 * std::abs(expected[i]) + 1e-6,
                 qPrintable(QString("%1: %2 is not %3").arg(i).arg(found[i]).arg(expected[i])));
    }
    QCOMPARE(other.column(Column::effective_margin).at(0), 0.0);
    for (const PairRow& pair : one.pair_rows()) QCOMPARE(pair.row_l, pair.row);
    for (const PairRow& pair : other.pair_rows()) QVERIFY(pair.row % 2 == 0 && pair.row_l == pair.row + 1);
  }

  void the_rarer_kind_goes_round() {
    const auto pairs = golden_pairs(7);
    QByteArray rows;
    for (int i = 0; i < 6; ++i) rows += labelled(pairs[i], true);
    for (int i = 5; i < 7; ++i) rows += labelled(pairs[i], false);
    const RecordReader reader =
        record("rare", box_.write("rare.jsonl", rows),
               {"objective.name=nca", "training.batch_size=2", "optimizer.learning_rate=1e-30"});
    const auto found = reader.pair_rows();
    for (std::size_t i = 0; i < found.size(); ++i) {
      QCOMPARE(found[i].row, static_cast<std::int64_t>(i % 6));
      QCOMPARE(found[i].row_l, static_cast<std::int64_t>(6 + i % 2));
      if (i >= 2) QVERIFY(std::abs(found[i].z_l - found[i - 2].z_l) < 1e-5);
    }
    // One epoch is what the more frequent kind needs.
    QCOMPARE(reader.column(Column::epoch).at(2), 1.0);
  }

  /// Rows that are sorted by label: so many of each are taken, of training data and of the probe.
  void limits_are_of_each_label() {
    const auto pairs = golden_pairs(8);
    QByteArray rows;
    for (const bool wanted : {true, false})
      for (const QJsonObject& pair : pairs) rows += labelled(pair, wanted);
    const QString data = box_.write("sorted.jsonl", rows);
    const RecordReader reader = record("sorted", data,
                                       {"objective.name=kto", "data.limit=4", "training.steps=2", "data.probe=" + data,
                                        "probe.every=1", "probe.pairs=2"});
    std::set<std::int64_t> chosen, rejected;
    for (const PairRow& pair : reader.pair_rows()) chosen.insert(pair.row), rejected.insert(pair.row_l);
    QVERIFY(chosen == (std::set<std::int64_t>{0, 1, 2, 3}));
    QVERIFY(rejected == (std::set<std::int64_t>{8, 9, 10, 11}));
    QCOMPARE(reader.probes(), std::size_t{3});
    QVERIFY(has_event(reader, "note", "4 of the 4 probe responses are also trained on"));
    const Ended plan = box_.run({"plan", box_.spec("sorted-plan", "tiny-neox"), "--no-warm-up", "--json", "--set",
                                 "data.train=" + data, "--set", "objective.name=kto", "--set", "data.limit=6"});
    QVERIFY2(plan.code == 0, qPrintable(plan.error));
  }

  void tokens_of_two_rows() {
    const auto pairs = golden_pairs(2);
    const QString data = box_.write("tokens.jsonl", labelled(pairs[0], true) + labelled(pairs[1], false));
    const RecordReader reader = record("tokens", data,
                                       {"objective.name=kto", "training.steps=1", "training.batch_size=1",
                                        "training.micro_batch=1", "optimizer.learning_rate=1e-30"});
    const PairRow row = reader.pair_rows().at(0);
    const QString folder = box_.path("runs/tokens");
    FAILS(box_.run({"tokens", folder, "--row", "0"}), 3, "row 0", "--row-l");
    FAILS(box_.run({"tokens", folder, "--row", "1", "--row-l", "0"}), 3, "row 1", "true");
    const Ended end = box_.run({"tokens", folder, "--row", "0", "--row-l", "1"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QJsonObject answer = QJsonDocument::fromJson(end.out.toUtf8()).object();
    QCOMPARE(answer["row_l"].toInt(), 1);
    QVERIFY(!answer["rejected_prompt"].toArray().isEmpty());
    for (const auto& [part, z] : {std::pair("chosen", row.z_w), std::pair("rejected", row.z_l)}) {
      double sum = 0;
      const QJsonArray tokens = answer[part].toArray();
      for (const auto& token : tokens) sum += token.toObject()["after"].toDouble();
      QVERIFY2(std::abs(sum / double(tokens.size()) - z) < 1e-5, part);
    }
  }

  void forms_of_llama_factory() {
    const auto pairs = golden_pairs(2);
    const auto text = [](const QJsonValue& value) { return value.toString(); };
    box_.copy_model("tiny-neox", "chat");
    box_.write("chat/chat_template.jinja",
               "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
               "{% if add_generation_prompt %}assistant: {% endif %}");
    const auto turn = [](const char* role, const QString& content) {
      return QJsonObject{{"role", role}, {"content", content}};
    };
    const auto said = [](const char* from, const QString& value) {
      return QJsonObject{{"from", from}, {"value", value}};
    };
    const QString prompt = text(pairs[0]["prompt"]), answer = text(pairs[0]["chosen"]),
                  bad = text(pairs[1]["rejected"]);
    const QByteArray messages = line(
                         {{"messages", QJsonArray{turn("user", prompt), turn("assistant", answer)}}, {"label", true}}),
                     sharegpt = line({{"conversations", QJsonArray{said("human", prompt), said("gpt", answer)}},
                                      {"kto_tag", true}}),
                     alpaca = line({{"instruction", prompt}, {"input", ""}, {"output", answer}, {"kto_tag", true}}),
                     trl = line({{"prompt", QJsonArray{turn("user", prompt)}},
                                 {"completion", QJsonArray{turn("assistant", answer)}},
                                 {"label", true}}),
                     unwanted = line(
                         {{"messages", QJsonArray{turn("user", prompt), turn("assistant", bad)}}, {"label", false}});
    std::optional<double> first;
    int number = 0;
    for (const QByteArray& form : {messages, sharegpt, alpaca, trl}) {
      const QString name = QString("form-%1").arg(number++);
      const Ended end = box_.train(box_.spec(name, box_.path("chat")), "runs",
                                   {"data.train=" + box_.write(name + ".jsonl", form + unwanted), "objective.name=kto",
                                    "training.batch_size=1", "training.micro_batch=1", "training.steps=1"});
      QVERIFY2(end.code == 0, qPrintable(end.error));
      const double z_w = RecordReader::open(box_.file("runs/" + name + "/run.h5")).column(Column::z_w).at(0);
      if (!first) first = z_w;
      QCOMPARE(z_w, *first);
    }
  }

  void what_is_refused() {
    const auto pair = golden_pairs(1).front();
    const auto with = [&](const QByteArray& rows, const char* objective) {
      return box_.train(box_.spec("refused", "tiny-neox"), "runs",
                        {"data.train=" + box_.write("refused.jsonl", rows), QString("objective.name=") + objective});
    };
    const QByteArray both = labelled(pair, true) + labelled(pair, false);
    for (const char* objective : {"dpo", "simpo", "ipo", "orpo", "apo-down"})
      FAILS(with(both, objective), 3, "refused.jsonl", "KTO rows",
            QString("the objective \"%1\" cannot use").arg(objective), "kto, ddro");
    FAILS(with(labelled(pair, true), "kto"), 3, "refused.jsonl", "all 1 labels are true");
    FAILS(with(line({{"prompt", "p"}, {"completion", "c"}, {"label", "yes"}}), "kto"), 3, "\"label\" is",
          "true or false");
  }

  void prompts_of_their_own() {
    const auto turn = [](const char* role, const char* content) {
      return QJsonObject{{"role", role}, {"content", content}};
    };
    const QByteArray row = line({{"chosen", QJsonArray{turn("user", "What is a band?"), turn("assistant", "A range.")}},
                                 {"rejected", QJsonArray{turn("user", "Why?"), turn("assistant", "No.")}}});
    box_.copy_model("tiny-neox", "own");
    box_.write("own/chat_template.jinja",
               "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
               "{% if add_generation_prompt %}assistant: {% endif %}");
    const auto train = [&](const char* objective) {
      return box_.train(box_.spec(QString("own-") + objective, box_.path("own")), "runs",
                        {"data.train=" + box_.write("own.jsonl", row), QString("objective.name=") + objective,
                         "training.batch_size=1", "training.micro_batch=1", "training.steps=2"});
    };
    FAILS(train("dpo"), 3, "own.jsonl", "differ before their last message",
          "the objective \"dpo\" needs one prompt for both", "kto, ddro");
    const Ended end = train("dil-bce");
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QCOMPARE(RecordReader::open(box_.file("runs/own-dil-bce/run.h5")).column(Column::effective_margin).at(0), 0.0);
  }
};

QTEST_GUILESS_MAIN(TestUnpaired)
#include "test_unpaired.moc"
