// SPDX-License-Identifier: Apache-2.0
// Tasks evaluated by the engine against the same tasks evaluated by lm-evaluation-harness with transformers, where a
// folder `shared` beside the repository has them: contexts to the letter, every log-likelihood within
// 1e-3 + 1e-5 of its size, the same predictions, texts and summaries.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "tests/training/engine_box.h"

using namespace engine_test;

namespace {

const QString kShared = BANDSCOPE_SHARED;
const QString kGolden = kShared + "/golden/evaluation";

/// Lines of a samples file under one filter, in the order of their documents.
std::vector<QJsonObject> samples(const QString& file, const QString& filter) {
  std::vector<QJsonObject> lines;
  for (const QByteArray& line : contents(file).split('\n')) {
    const QJsonObject sample = QJsonDocument::fromJson(line).object();
    if (!sample.isEmpty() && sample["filter"] == filter) lines.push_back(sample);
  }
  return lines;
}

std::string compare_choice(const QJsonObject& own, const QJsonObject& golden) {
  const QJsonArray values = golden["loglikelihoods"].toArray(), greedy = golden["greedy"].toArray();
  const QJsonArray answers = own["filtered_resps"].toArray();
  if (answers.size() != values.size()) return "another number of choices";
  for (int i = 0; i < values.size(); ++i) {
    const double wanted = values[i].toDouble(), found = answers[i].toArray()[0].toString().toDouble();
    if (!(std::abs(found - wanted) <= 1e-3 + 1e-5 * std::abs(wanted)))
      return "choice " + std::to_string(i) + ": " + std::to_string(found) + " for " + std::to_string(wanted);
    if ((answers[i].toArray()[1] == "True") != greedy[i].toBool()) return "choice " + std::to_string(i) + ": greedy";
  }
  for (const char* metric : {"acc", "acc_norm"})
    if (golden.contains(metric) && own[metric] != golden[metric]) return metric;
  return {};
}

std::string compare_text(const QJsonObject& own, const QJsonObject& golden, const QString& filter) {
  const QString found = own["resps"].toArray()[0].toArray()[0].toString();
  if (found != golden["text"].toString()) return "wrote " + found.toStdString();
  if (own["filtered_resps"].toArray()[0] != golden["filtered"][filter]) return "another answer after the filter";
  if (own["exact_match"] != golden["exact_match"][filter]) return "exact_match";
  return {};
}

std::string compare_context(const QJsonObject& own, const QJsonObject& golden) {
  const QJsonObject arguments = own["arguments"].toObject();
  if (golden.contains("context") && arguments["gen_args_0"]["arg_0"] != golden["context"]) return "another context";
  const QJsonArray continuations = golden["continuations"].toArray();
  for (int i = 0; i < continuations.size(); ++i)
    if (arguments["gen_args_" + QString::number(i)]["arg_1"] != continuations[i]) return "another continuation";
  return own["target"] == golden["target"] ? "" : "another target";
}

}  // namespace

class TestEvaluationGolden : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void models_data() {
    QTest::addColumn<QString>("model");
    QTest::newRow("neox") << "tiny-neox";
    QTest::newRow("llama") << "tiny-llama-tied";
  }
  void models() {
    QFETCH(QString, model);
    if (!QFile::exists(kGolden)) QSKIP("the harness's results are not here");
    const EngineBox box;
    const Ended end = box.run(
        {"evaluate", kShared + "/golden/models/" + model, "--tasks", kGolden + "/tasks", "--out", box.path("out")});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QJsonObject results = QJsonDocument::fromJson(contents(box.path("out/results.json"))).object();
    const QDir golden(kGolden + "/results/" + model);
    const QStringList files = golden.entryList({"*.json"});
    QVERIFY(!files.isEmpty());
    for (const QString& file : files) {
      const QJsonObject wanted = QJsonDocument::fromJson(contents(golden.filePath(file))).object();
      const QString task = "bs_" + wanted["task"].toString();
      const QJsonObject summary = wanted["summary"].toObject();
      for (auto value = summary.begin(); value != summary.end(); ++value) {
        const QString key = value.key().contains(',') ? value.key() : value.key() + ",none";
        const double found = results["results"][task][key].toDouble(NAN);
        QVERIFY2(std::abs(found - value->toDouble()) <= 1e-12, qPrintable(task + " " + key));
      }
      const QJsonArray items = wanted["items"].toArray();
      const bool text = items[0].toObject().contains("text");
      const QStringList filters = text ? items[0]["filtered"].toObject().keys() : QStringList{"none"};
      for (const QString& filter : filters) {
        const auto own = samples(box.path("out/samples_" + task + ".jsonl"), filter);
        QCOMPARE(int(own.size()), int(items.size()));
        for (int i = 0; i < items.size(); ++i) {
          const QJsonObject item = items[i].toObject(), &sample = own[std::size_t(i)];
          std::string wrong = compare_context(sample, item);
          if (wrong.empty()) wrong = text ? compare_text(sample, item, filter) : compare_choice(sample, item);
          QVERIFY2(wrong.empty(), qPrintable(task + " document " + QString::number(i) + ": " + wrong.c_str()));
        }
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestEvaluationGolden)
#include "test_evaluation_golden.moc"
