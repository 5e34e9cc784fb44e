// SPDX-License-Identifier: Apache-2.0
// Tiny random models of every family and kind of file against the float64 numbers of transformers, peft and torch.optim
// (tests/fixtures/hf, made by make_fixtures.py there): log-likelihoods, gradients, AdamW trajectories, adapters in, out
// and merged, bfloat16 compute; and configurations that must be refused by name.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <cmath>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

namespace {

// The engine computes in float32; what was seen is below 5e-7 of a log-likelihood and 2e-6 of a gradient's norm.
constexpr double relative_likelihood = 2e-6, relative_gradient = 2e-5, absolute_trajectory = 5e-5,
                 absolute_bfloat16 = 0.15;
constexpr int pairs = 12;

QString hf(const QString& path) { return QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/hf/") + path; }

QJsonObject expected(const QString& name) {
  QFile file(hf("expected.json"));
  if (!file.open(QIODevice::ReadOnly)) qFatal("no expected.json");
  return QJsonDocument::fromJson(file.readAll()).object()[name].toObject();
}

QStringList models() {
  QStringList names;
  for (const QString& name : QDir(hf("")).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
    if (QFile::exists(hf(name + "/config.json"))) names << name;
  return names;
}

/// "" or the first pair whose likelihoods are not the expected ones.
std::string likelihoods_differ(const RecordReader& record, const QJsonArray& z, double relative, double absolute) {
  const auto rows = record.pair_rows();
  if (static_cast<qsizetype>(rows.size()) != z.size())
    return std::to_string(rows.size()) + " pair rows, expected " + std::to_string(z.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const QJsonArray both = z[static_cast<int>(i)].toArray();
    const double own[] = {rows[i].z_w, rows[i].z_l};
    for (int k = 0; k < 2; ++k)
      if (!(std::abs(own[k] - both[k].toDouble()) <= absolute + relative * std::abs(both[k].toDouble())))
        return std::string(k ? "z_l" : "z_w") + " of pair row " + std::to_string(i) + " is " +
               QByteArray::number(own[k], 'g', 12).toStdString() + ", expected " +
               QByteArray::number(both[k].toDouble(), 'g', 12).toStdString();
  }
  return "";
}

/// "" or why the first step's column is not the expected number.
std::string column_differs(const RecordReader& record, Column column, const QJsonValue& value, const char* name) {
  const double own = record.column(column).at(0), golden = value.toDouble();
  if (std::abs(own - golden) <= relative_gradient * std::abs(golden)) return "";
  return std::string(name) + " is " + std::to_string(own) + ", expected " + std::to_string(golden);
}

}  // namespace

class TestHfModels : public QObject {
  Q_OBJECT

  EngineBox box_;

  /// The fixture with the golden tokenizer beside it, under another name where the test spoils it.
  QString model(const QString& name, const QString& copy = "") {
    return box_.fixture_model(hf(name), copy.isEmpty() ? name : copy);
  }

  /// One step over all pairs; the run's record.
  std::filesystem::path record_of(const QString& name, const QString& folder, const QStringList& more = {}) {
    QStringList sets = {"data.shuffle=false",     "data.limit=12",    "training.batch_size=12",
                        "training.micro_batch=1", "training.steps=1", "calibration.enabled=false"};
    const Ended end = box_.train(box_.spec(name, folder), "runs", sets + more);
    if (end.code != 0) qWarning("%s", qPrintable(end.error));
    return end.code == 0 ? box_.file("runs/" + name + "/run.h5") : std::filesystem::path();
  }

  QString checkpoint(const QString& run) {
    const QDir folder(box_.path("runs/" + run));
    return folder.filePath(folder.entryList({"checkpoint-*"}, QDir::Dirs).last());
  }

  /// The fixture's config.json with one change, as a spec.
  QString changed(const QString& name, const QString& copy, const std::function<void(QJsonObject&)>& change) {
    const QString folder = model(name, copy);
    QFile file(folder + "/config.json");
    if (!file.open(QIODevice::ReadOnly)) qFatal("no config.json");
    QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    change(json);
    box_.write("models/" + copy + "/config.json", QJsonDocument(json).toJson());
    return box_.spec(copy, folder);
  }

 private Q_SLOTS:
  void likelihoods_and_gradients_data() {
    QTest::addColumn<QString>("name");
    for (const QString& name : models()) QTest::newRow(qPrintable(name)) << name;
  }
  void likelihoods_and_gradients() {
    QFETCH(QString, name);
    const QJsonObject golden_numbers = expected(name);
    const QJsonArray z = golden_numbers["z"].toArray();
    QCOMPARE(z.size(), pairs);
    const RecordReader one = RecordReader::open(record_of(name + "-one", model(name)));
    SAME(likelihoods_differ(one, z, relative_likelihood, 0));
    SAME(column_differs(one, Column::grad_norm, golden_numbers["grad_norm"], "grad_norm"));
    const QStringList all = {"training.micro_batch=4", "scores.scope=all"};
    const RecordReader four = RecordReader::open(record_of(name + "-four", model(name), all));
    SAME(likelihoods_differ(four, z, relative_likelihood, 0));
    SAME(column_differs(four, Column::grad_norm, golden_numbers["grad_norm"], "grad_norm"));
    SAME(column_differs(four, Column::score_norm_w, golden_numbers["score_norm_w"], "score_norm_w"));
    SAME(column_differs(four, Column::score_norm_l, golden_numbers["score_norm_l"], "score_norm_l"));
    SAME(column_differs(four, Column::score_dot, golden_numbers["score_dot"], "score_dot"));
    // The same out of the rows of passes that pairs share.
    const RecordReader rows = RecordReader::open(record_of(name + "-rows", model(name), {"scores.scope=all"}));
    SAME(likelihoods_differ(rows, z, relative_likelihood, 0));
    for (const auto& [column, key] : {std::pair{Column::grad_norm, "grad_norm"},
                                      {Column::score_norm_w, "score_norm_w"},
                                      {Column::score_norm_l, "score_norm_l"},
                                      {Column::score_dot, "score_dot"}})
      SAME(column_differs(rows, column, golden_numbers[key], key));
    SAME(difference(record_of(name + "-again", model(name), all + QStringList{"model.gradient_checkpointing=true"}),
                    box_.file("runs/" + name + "-four/run.h5")));
  }

  void bfloat16_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"neox-parallel", "llama3-tied", "qwen2-windows", "gemma2", "gemma3", "olmo2", "granite",
                             "phi3", "stablelm-parallel"})
      QTest::newRow(name) << name;
  }
  void bfloat16() {
    QFETCH(QString, name);
    const QStringList half = {"model.dtype=bfloat16", "training.micro_batch=4"};
    const struct {
      const char* what;
      QStringList sets;
    } all[] = {{"full", {}},
               {"lora", {"model.tuning=lora"}},  // after "full": its cached reference is used
               {"online", {"training.precompute_reference=false"}},
               {"tdpo", {"objective.name=tdpo"}}};
    for (const auto& one : all) {
      const RecordReader record = RecordReader::open(record_of(name + "-" + one.what, model(name), half + one.sets));
      SAME(likelihoods_differ(record, expected(name)["z"].toArray(), 0, absolute_bfloat16));
      QCOMPARE(record.column(Column::effective_margin).at(0), 0.0);
      for (const PairRow& row : record.pair_rows())
        QVERIFY2(row.z_w == row.z_w_ref && (row.z_l == row.z_l_ref || QString(one.what) == "tdpo"), one.what);
    }
  }

  void trajectories_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"neox-parallel", "qwen2-sharded", "mistral-window-lora"}) QTest::newRow(name) << name;
  }
  void trajectories() {
    QFETCH(QString, name);
    const QJsonObject numbers = expected(name), trained = numbers["trajectory"].toObject();
    QStringList sets = {"optimizer.eps=1e-6", "training.batch_size=4", "training.micro_batch=2"};
    for (const char* key : {"learning_rate", "schedule", "warmup_ratio", "weight_decay", "max_grad_norm"})
      sets << QString("optimizer.%1=%2").arg(key, trained[key].toVariant().toString());
    sets << QString("training.steps=%1").arg(trained["steps"].toInt());
    const bool adapter = numbers.contains("base");
    if (adapter)
      sets << "model.tuning=lora"
           << "model.adapter=" + hf(name);
    const RecordReader record =
        RecordReader::open(record_of(name + "-path", model(adapter ? numbers["base"].toString() : name), sets));
    SAME(likelihoods_differ(record, trained["z"].toArray(), 0, absolute_trajectory));
    const auto rates = record.column(Column::learning_rate), norms = record.column(Column::grad_norm);
    for (int i = 0; i < trained["steps"].toInt(); ++i) {
      const double rate = trained["learning_rates"].toArray()[i].toDouble(),
                   norm = trained["grad_norms"].toArray()[i].toDouble();
      QVERIFY2(std::abs(rates[static_cast<std::size_t>(i)] - rate) <= 1e-15,
               qPrintable(QString("rate of step %1").arg(i + 1)));
      QVERIFY2(std::abs(norms[static_cast<std::size_t>(i)] - norm) <= 1e-3 * norm,
               qPrintable(QString("norm of step %1").arg(i + 1)));
    }
  }

  void adapter_and_merge_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"mistral-window-lora", "phi3-pattern-lora"}) QTest::newRow(name) << name;
  }
  void adapter_and_merge() {
    QFETCH(QString, name);
    const QJsonObject numbers = expected(name);
    const QJsonArray z = numbers["z"].toArray();
    const QString of = numbers["base"].toString(), base = model(of), folder = hf(name);
    const QStringList sets = {"model.tuning=lora", "optimizer.learning_rate=1e-30"};
    const RecordReader in = RecordReader::open(
        record_of(name + "-in", base, sets + QStringList{"model.adapter=" + folder, "scores.scope=all"}));
    SAME(likelihoods_differ(in, z, relative_likelihood, 0));
    SAME(column_differs(in, Column::grad_norm, numbers["grad_norm"], "grad_norm"));
    SAME(column_differs(in, Column::score_norm_w, numbers["score_norm_w"], "score_norm_w"));
    SAME(column_differs(in, Column::score_dot, numbers["score_dot"], "score_dot"));
    const auto base_z = expected(of)["z"].toArray();
    for (int i = 0; i < pairs; ++i)
      QVERIFY(std::abs(in.pair_rows()[static_cast<std::size_t>(i)].z_w_ref - base_z[i].toArray()[0].toDouble()) < 1e-4);

    // A step of no size leaves the weights alone: what the checkpoint holds is the adapter that came in.
    const QString saved = checkpoint(name + "-in");
    SAME(likelihoods_differ(
        RecordReader::open(record_of(name + "-out", base, sets + QStringList{"model.adapter=" + saved})), z,
        relative_likelihood, 0));
    const Ended end = box_.run({"merge", base, saved, "--out", box_.path(name + "-merged")});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    SAME(likelihoods_differ(RecordReader::open(record_of(name + "-merged", box_.path(name + "-merged"))), z,
                            relative_likelihood, 0));
  }

  void saved_model_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"llama-linear-biases", "gemma3-pattern", "phi3", "olmo2", "stablelm-parallel"})
      QTest::newRow(name) << name;
  }
  void saved_model() {
    QFETCH(QString, name);
    QVERIFY(!record_of(name + "-before", model(name), {"optimizer.learning_rate=1e-30"}).empty());
    const QString folder = checkpoint(name + "-before");
    SAME(likelihoods_differ(RecordReader::open(record_of(name + "-after", folder)), expected(name)["z"].toArray(),
                            relative_likelihood, 0));
  }

  void a_policys_own_dropout_is_not_applied() {
    const QStringList sets = {"data.limit=12", "training.batch_size=4", "training.steps=2"};
    const auto plain = record_of("granite-plain", model("granite"), sets);
    const QString spec =
        changed("granite", "granite-dropout", [](QJsonObject& json) { json["attention_dropout"] = 0.1; });
    const Ended end = box_.train(spec, "runs",
                                 QStringList{"data.shuffle=false", "training.micro_batch=1",
                                             "calibration.enabled=false", "run.name=\"granite-dropout\""} +
                                     sets);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    SAME(difference(box_.file("runs/granite-dropout/run.h5"), plain));
    QFile log(box_.path("runs/granite-dropout/log.txt"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QString text = log.readAll();
    QVERIFY2(text.contains("attention_dropout") && text.contains("0.1") && text.contains("not applied"),
             qPrintable(text));
  }

  void refused_by_name() {
    const auto with = [&](const QString& name, const QString& copy, const char* key, const QJsonValue& value) {
      return box_.train(changed(name, copy, [&](QJsonObject& json) { json[key] = value; }), "runs");
    };
    FAILS(with("neox-sequential", "gelu10", "hidden_act", "gelu_10"), 3, "gelu10/config.json", "hidden_act", "gelu_10",
          "gelu_new");
    FAILS(with("qwen2-windows", "gpt2", "model_type", "gpt2"), 3, "gpt2/config.json", "model_type", "qwen2, qwen3");
    FAILS(with("gemma3", "bidirectional", "use_bidirectional_attention", true), 3, "use_bidirectional_attention");
    FAILS(with("olmo2", "clipped", "clip_qkv", 8.0), 3, "clipped/config.json", "clip_qkv");
    FAILS(with("llama3-tied", "capped", "attn_logit_softcapping", 50.0), 3, "attn_logit_softcapping");
    FAILS(with("phi3", "longrope", "rope_parameters",
               QJsonObject{{"rope_type", "longrope"}, {"rope_theta", 1e4}, {"short_factor", QJsonArray{1.0}}}),
          3, "rope_parameters", "rope_type", "longrope");
    FAILS(with("smollm3", "nope", "no_rope_layers", QJsonArray{1}), 3, "no_rope_layers");
    FAILS(with("qwen3-yarn", "odd", "rope_parameters",
               QJsonObject{
                   {"rope_type", "yarn"}, {"rope_theta", 1e4}, {"factor", 2.0}, {"mrope_section", QJsonArray{2}}}),
          3, "rope_parameters", "mrope_section");
    FAILS(with("mistral-window", "eight", "quantization_config", QJsonObject{{"load_in_8bit", true}}), 3,
          "quantization_config");
    FAILS(with("llama3-tied", "dynamic", "rope_scaling", QJsonObject{{"type", "dynamic"}, {"factor", 2.0}}), 3,
          "rope_scaling", "rope_type", "dynamic", "llama3");
    const QJsonObject local{{"rope_type", "default"}, {"rope_theta", 1e4}};
    FAILS(with("llama-linear-biases", "perlayer", "rope_parameters",
               QJsonObject{{"sliding_attention", local}, {"full_attention", local}}),
          3, "rope_parameters", "full_attention");
    FAILS(with("mistral-window", "types", "layer_types", QJsonArray{"sliding_attention", "full_attention"}), 3,
          "layer_types", "qwen2");
    FAILS(with("qwen2-windows", "chunks", "layer_types", QJsonArray{"full_attention", "chunked_attention"}), 3,
          "layer_types", "sliding_attention");
    // Weights with a projection of their own under a configuration that says they are tied.
    FAILS(with("mistral-window", "tied", "tie_word_embeddings", true), 3, "tied/config.json", "tie_word_embeddings",
          "lm_head.weight");
    FAILS(with("llama3-tied", "untied", "tie_word_embeddings", false), 3, "lm_head.weight", "missing");
  }
};

QTEST_GUILESS_MAIN(TestHfModels)
#include "test_hf_models.moc"
