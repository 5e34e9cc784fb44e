// SPDX-License-Identifier: Apache-2.0
// `bandscope-engine tokens`: what it says of a pair's tokens adds up to what the record says of the pair, for full
// tuning and for an adapter, and what cannot be said has a reason.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <cmath>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

namespace {

double mean(const QJsonValue& tokens, const char* key) {
  double sum = 0;
  for (const auto& token : tokens.toArray()) sum += token.toObject().value(key).toDouble();
  return sum / double(tokens.toArray().size());
}

}  // namespace

class TestTokenLogProbs : public QObject {
  Q_OBJECT

  EngineBox box_;

 private Q_SLOTS:
  void tokens_add_up_to_the_record_data() {
    QTest::addColumn<QString>("tuning");
    QTest::newRow("full") << "full";
    QTest::newRow("lora") << "lora";
  }
  void tokens_add_up_to_the_record() {
    QFETCH(QString, tuning);
    const QString spec = box_.spec("tokens-" + tuning);
    const Ended trained = box_.train(spec, "runs", {"model.tuning=" + tuning, "optimizer.learning_rate=1e-3"});
    QVERIFY2(trained.code == 0, qPrintable(trained.error));
    const QString folder = box_.path("runs/tokens-" + tuning);
    const auto record = RecordReader::open(std::filesystem::path(folder.toStdString()) / "run.h5");
    const auto pairs = record.pair_rows(0, 3);
    QVERIFY(pairs.size() == 3);
    for (const PairRow& pair : pairs) {
      const Ended said = box_.run({"tokens", folder, "--row", QString::number(pair.row)});
      QVERIFY2(said.code == 0, qPrintable(said.error));
      const QJsonObject answer = QJsonDocument::fromJson(said.out.toUtf8()).object();
      QCOMPARE(answer["row"].toInt(), int(pair.row));
      QCOMPARE(answer["step"].toInt(), 10);
      QCOMPARE(qint64(answer["chosen"].toArray().size()), qint64(pair.tokens_w));
      QCOMPARE(qint64(answer["rejected"].toArray().size()), qint64(pair.tokens_l));
      QVERIFY2(std::abs(mean(answer["chosen"], "before") - pair.z_w_ref) < 1e-4, said.out.toUtf8());
      QVERIFY2(std::abs(mean(answer["rejected"], "before") - pair.z_l_ref) < 1e-4, said.out.toUtf8());
      // Ten steps of a large learning rate have moved the tokens.
      QVERIFY(std::abs(mean(answer["chosen"], "after") - mean(answer["chosen"], "before")) > 1e-4);
      for (const char* part : {"chosen", "rejected"}) {
        for (const auto& token : answer[part].toArray()) {
          QVERIFY(token.toObject()["after"].toDouble() <= 0 && token.toObject().contains("text"));
        }
      }
    }
    // Two runs at once: the same, line by line.
    const Ended second =
        box_.train(box_.spec("tokens-rc-" + tuning), "runs",
                   {"model.tuning=" + tuning, "optimizer.learning_rate=2e-3", "calibration.enabled=false"});
    QVERIFY2(second.code == 0, qPrintable(second.error));
    const QString other = box_.path("runs/tokens-rc-" + tuning), line = QString::number(pairs[0].row);
    const Ended both = box_.run({"tokens", folder, other, folder, "--row", line});
    QVERIFY2(both.code == 0, qPrintable(both.error));
    QCOMPARE(both.out, box_.run({"tokens", folder, "--row", line}).out +
                           box_.run({"tokens", other, "--row", line}).out +
                           box_.run({"tokens", folder, "--row", line}).out);
    FAILS(box_.run({"tokens", folder, other, "--row", line, "--to", folder + "/checkpoint-00000010"}), 2, "--to");
    // The same weights on both sides: no change.
    const Ended same =
        box_.run({"tokens", folder, "--row", QString::number(pairs[0].row), "--from", folder + "/checkpoint-00000010"});
    QVERIFY2(same.code == 0, qPrintable(same.error));
    const QJsonObject answer = QJsonDocument::fromJson(same.out.toUtf8()).object();
    QCOMPARE(mean(answer["chosen"], "after"), mean(answer["chosen"], "before"));
  }

  void what_cannot_be_said_has_a_reason() {
    const QString data = box_.write("rows.jsonl",
                                    "{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" c\"}\n"
                                    "{\"prompt\": \"d\", \"chosen\": \" e\", \"rejected\": \" f\"}\n");
    const QString spec = box_.spec("reasons");
    const Ended trained = box_.train(spec, "runs", {"data.train=" + data});
    QVERIFY2(trained.code == 0, qPrintable(trained.error));
    const QString folder = box_.path("runs/reasons");
    FAILS(box_.run({"tokens", folder, "--row", "2"}), 3, "rows.jsonl", "row 2");
    FAILS(box_.run({"tokens", folder, "--row", "-1"}), 2, "--row");
    FAILS(box_.run({"tokens", folder}), 2, "--row");
    FAILS(box_.run({"tokens", box_.path("none"), "--row", "0"}), 2, "none");
    FAILS(box_.run({"tokens", folder, "--row", "0", "--to", box_.path("nowhere")}), 3, "nowhere");
    box_.write("rows.jsonl", "{\"prompt\": \"a\", \"chosen\": \" b\", \"rejected\": \" changed\"}\n");
    FAILS(box_.run({"tokens", folder, "--row", "0"}), 3, "rows.jsonl", "has changed");
    QDir(folder + "/checkpoint-00000010").removeRecursively();
    FAILS(box_.run({"tokens", folder, "--row", "0"}), 3, "checkpoint");
  }
};

QTEST_GUILESS_MAIN(TestTokenLogProbs)
#include "test_token_log_probs.moc"
