// SPDX-License-Identifier: Apache-2.0
// Numbers that must hold whatever the setting: before the first update policy and reference are the same to the last
// bit; cutting a step into micro-batches changes nothing but rounding; every pair gets its turn; the reference is
// computed once.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineExact : public QObject {
  Q_OBJECT

  EngineBox box_;

  RecordReader record(const QString& runs, const QString& name) const {
    return RecordReader::open(box_.file(runs + "/" + name + "/run.h5"));
  }
  std::vector<std::int64_t> rows(const QString& runs, const QString& name) const {
    std::vector<std::int64_t> result;
    for (const PairRow& pair : record(runs, name).pair_rows()) result.push_back(pair.row);
    return result;
  }
  void check_zero(const QString& spec, const QString& runs, int count, const QStringList& sets) {
    const Ended end = box_.train(spec, runs, sets);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QStringList names = QDir(box_.path(runs)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QCOMPARE(names.size(), count);
    for (const QString& name : names) {
      const RecordReader run = record(runs, name);
      QVERIFY2(run.column(Column::effective_margin).front() == 0.0, qPrintable(name));
      for (const PairRow& pair : run.pair_rows())
        QVERIFY2(pair.z_w == pair.z_w_ref && pair.z_l == pair.z_l_ref, qPrintable(name));
      QVERIFY2(std::abs(run.column(Column::loss).front() - std::log(2.0)) < 1e-12, qPrintable(name));
    }
  }

 private Q_SLOTS:
  void the_first_margin_is_zero_data() {
    QTest::addColumn<QString>("model");
    for (const char* model : {"tiny-llama-tied", "tiny-neox", "tiny-mistral", "tiny-qwen2"})
      QTest::newRow(model) << model;
  }
  /// 32 runs of one step in one process: types, tuning, layout, score scope, and where the reference comes from.
  void the_first_margin_is_zero() {
    QFETCH(QString, model);
    const QString spec =
        box_.spec("zero", model,
                  "[sweep]\n\"model.dtype\" = [\"float32\", \"bfloat16\"]\n\"model.tuning\" = [\"full\", \"lora\"]\n"
                  "\"training.micro_batch\" = [1, 4]\n\"scores.scope\" = [\"output\", \"all\"]\n"
                  "\"training.precompute_reference\" = [true, false]\n");
    check_zero(spec, "zero-" + model, 32, {"training.steps=1"});
  }

  void the_first_margin_is_zero_with_token_weights_and_kl() {
    const QString spec = box_.spec(
        "zero", "tiny-neox",
        "[sweep]\n\"objective.name\" = [\"ti-dpo\", \"tdpo\"]\n\"model.dtype\" = [\"float32\", \"bfloat16\"]\n"
        "\"objective.likelihood\" = [\"mean\", \"sum\"]\n\"calibration.granularity\" = [\"step\", \"micro-batch\"]\n");
    check_zero(spec, "zero-statistics", 16, {"training.steps=1"});
  }

  void micro_batches_change_only_rounding_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("output scope") << "tiny-llama-tied" << QStringList{};
    QTest::newRow("all parameters") << "tiny-neox" << QStringList{"scores.scope=all"};
    QTest::newRow("per step") << "tiny-qwen2" << QStringList{"calibration.granularity=step"};
    QTest::newRow("lora, window") << "tiny-mistral"
                                  << QStringList{"model.tuning=lora",
                                                 "model.adapter=" + golden("models/tiny-mistral-lora")};
  }
  void micro_batches_change_only_rounding() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    // CPO's incentives differ from pair to pair at once, so that a wrong weight of a pair would show.
    const QString spec =
        box_.spec("cut", model, "[calibration]\nenabled = false\n[sweep]\n\"training.micro_batch\" = [1, 2, 8]\n");
    const QString runs = QString("cut-") + model;
    const Ended end = box_.train(
        spec, runs,
        sets + QStringList{"training.batch_size=8", "training.steps=1", "objective.name=cpo", "objective.beta=1.5"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const RecordReader whole = record(runs, "cut-micro_batch-8");
    for (const QString name : {"cut-micro_batch-1", "cut-micro_batch-2"}) {
      const RecordReader cut = record(runs, name);
      for (const Column column : {Column::loss, Column::z_w, Column::z_l, Column::z_w_ref, Column::z_l_ref, Column::d_w,
                                  Column::d_l, Column::log_r, Column::score_norm_w, Column::score_norm_l, Column::rho,
                                  Column::log_r_star, Column::grad_norm, Column::tokens}) {
        const double a = cut.column(column).front(), b = whole.column(column).front();
        const bool ratio = column == Column::log_r_star || column == Column::log_r || column == Column::rho;
        QVERIFY2(std::abs(a - b) <= 2e-6 * (ratio ? 1.0 : std::abs(b)),
                 qPrintable(QString("%1 of %2: %3 and %4")
                                .arg(column_names[static_cast<std::size_t>(column)].data(), name)
                                .arg(a, 0, 'g', 12)
                                .arg(b, 0, 'g', 12)));
      }
      const auto pairs = cut.pair_rows(), packed = whole.pair_rows();
      QCOMPARE(pairs.size(), packed.size());
      for (std::size_t i = 0; i < pairs.size(); ++i) {
        QCOMPARE(pairs[i].row, packed[i].row);
        QCOMPARE(pairs[i].tokens_w, packed[i].tokens_w);
        QVERIFY(std::abs(pairs[i].z_w - packed[i].z_w) <= 1e-4 * std::abs(packed[i].z_w));
        QVERIFY(std::abs(pairs[i].z_l - packed[i].z_l) <= 1e-4 * std::abs(packed[i].z_l));
      }
    }
  }

  void data_wraps_at_the_end_of_an_epoch() {
    const QString spec = box_.spec("wraps");
    const QStringList sets = {"data.limit=6", "training.steps=4", "training.micro_batch=4"};
    QCOMPARE(box_.train(spec, "ordered", sets + QStringList{"data.shuffle=false"}).code, 0);
    QCOMPARE(rows("ordered", "wraps"), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3}));
    const auto epochs = record("ordered", "wraps").column(Column::epoch);
    QCOMPARE(epochs.back(), 16.0 / 6.0);

    QCOMPARE(box_.train(spec, "shuffled", sets).code, 0);
    QCOMPARE(box_.train(spec, "again", sets).code, 0);
    QCOMPARE(box_.train(spec, "seeded", sets + QStringList{"run.seed=8"}).code, 0);
    const auto shuffled = rows("shuffled", "wraps");
    QCOMPARE(rows("again", "wraps"), shuffled);
    QVERIFY(rows("seeded", "wraps") != shuffled);
    QVERIFY(rows("ordered", "wraps") != shuffled);
    for (const std::size_t epoch : {0U, 6U})
      QCOMPARE(std::set<std::int64_t>(shuffled.begin() + epoch, shuffled.begin() + epoch + 6).size(), std::size_t{6});
    QVERIFY(!std::equal(shuffled.begin(), shuffled.begin() + 6, shuffled.begin() + 6));  // each epoch has its own order
    // The same spec twice is the same run.
    const std::string what = difference(box_.file("shuffled/wraps/run.h5"), box_.file("again/wraps/run.h5"));
    QVERIFY2(what.empty(), what.c_str());
  }

  void epochs_become_steps() {
    QFile plain(box_.spec("epochs"));
    QVERIFY(plain.open(QIODevice::ReadOnly));
    const QString spec = box_.write("epochs.toml", plain.readAll().replace("steps = 10", "epochs = 1"));
    const auto steps = [&](const QString& runs, const QStringList& sets) {
      return box_.train(spec, runs, sets).code == 0 ? record(runs, "epochs").steps() : std::size_t{0};
    };
    QCOMPARE(steps("e1", {"data.limit=9", "training.epochs=1"}), std::size_t{2});
    QCOMPARE(steps("e2", {"data.limit=9", "training.epochs=1.5"}), std::size_t{3});
    QCOMPARE(steps("e3", {"data.limit=3", "training.epochs=1"}), std::size_t{1});
  }

  void the_reference_is_computed_once_for_a_sweep() {
    const QString spec =
        box_.spec("shared", "tiny-llama-tied",
                  "[sweep]\n\"objective.name\" = [\"dpo\", \"ipo\"]\n\"calibration.enabled\" = [false, true]\n");
    EngineBox apart;  // a cache of its own
    apart.environment.insert("XDG_CACHE_HOME", apart.path("own"));
    const Ended end = apart.train(spec, "runs", {"training.steps=3"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QDir cache(apart.path("own/bandscope/reference"));
    QCOMPARE(cache.entryList({"*.safetensors"}, QDir::Files).size(), 1);
    QVERIFY2(end.error.contains("shared-dpo  reference"), qPrintable(end.error));
    for (const char* other : {"shared-dpo-rc  reference", "shared-ipo  reference", "shared-ipo-rc  reference"})
      QVERIFY2(!end.error.contains(other), qPrintable(end.error));

    // A damaged file is computed anew and put right; a longer limit of lengths is another reference.
    const QString file = cache.filePath(cache.entryList({"*.safetensors"}, QDir::Files).front());
    QVERIFY(QFile::resize(file, QFileInfo(file).size() / 2));
    const Ended again = apart.train(spec, "again", {"training.steps=3"});
    QVERIFY2(again.code == 0 && again.error.contains("shared-dpo  reference"), qPrintable(again.error));
    QVERIFY(!again.error.contains("shared-ipo  reference"));
    for (const QString name : {"shared-dpo", "shared-dpo-rc", "shared-ipo", "shared-ipo-rc"}) {
      const std::string what =
          difference(apart.file("runs/" + name + "/run.h5"), apart.file("again/" + name + "/run.h5"));
      QVERIFY2(what.empty(), what.c_str());
    }
    QCOMPARE(apart.train(spec, "shorter", {"training.steps=3", "data.max_length=60", "data.max_prompt_length=30"}).code,
             0);
    QCOMPARE(cache.entryList({"*.safetensors"}, QDir::Files).size(), 2);
  }

  void reference_on_the_fly_is_the_cached_one() {
    const QString spec = box_.spec("fly", "tiny-qwen2", "[sweep]\n\"training.precompute_reference\" = [true, false]\n");
    const Ended end = box_.train(spec, "fly", {"training.steps=6", "data.limit=24", "data.shuffle=false"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    const QStringList names = QDir(box_.path("fly")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QCOMPARE(names.size(), 2);
    const std::string what =
        difference(box_.file("fly/" + names[0] + "/run.h5"), box_.file("fly/" + names[1] + "/run.h5"));
    QVERIFY2(what.empty(), what.c_str());
  }

  void gradient_checkpointing_changes_nothing() {
    for (const QString model : {"tiny-neox", "tiny-mistral"}) {
      const QStringList sets = {"training.steps=3", "scores.scope=all"};
      const QString runs = "memory-" + model;
      QCOMPARE(box_.train(box_.spec("kept", model), runs, sets).code, 0);
      // All blocks, some of them, as many as there are, more.
      const QString spec = box_.spec("again", model, "[sweep]\n\"model.recomputed_blocks\" = [0, 1, 2, 9]\n");
      QCOMPARE(box_.train(spec, runs, sets + QStringList{"model.gradient_checkpointing=true"}).code, 0);
      const QStringList names = QDir(box_.path(runs)).entryList({"again*"}, QDir::Dirs | QDir::NoDotAndDotDot);
      QCOMPARE(names.size(), 4);
      for (const QString& name : names)
        SAME(difference(box_.file(runs + "/kept/run.h5"), box_.file(runs + "/" + name + "/run.h5")));
    }
  }

  void rates_follow_the_schedule() {
    const QString spec =
        box_.spec("rates", "tiny-neox", "[sweep]\n\"optimizer.schedule\" = [\"constant\", \"linear\", \"cosine\"]\n");
    QCOMPARE(box_.train(spec, "rates", {"optimizer.warmup_ratio=0.2", "optimizer.learning_rate=1e-4"}).code, 0);
    for (const QString name : {"constant", "linear", "cosine"}) {
      const auto rates = record("rates", "rates-schedule-" + name).column(Column::learning_rate);
      QCOMPARE(rates.size(), std::size_t{10});
      for (int done = 0; done < 10; ++done) {
        const double after = (done - 2) / 8.0;
        const double share = done < 2           ? done / 2.0
                             : name == "linear" ? 1 - after
                             : name == "cosine" ? 0.5 * (1 + std::cos(M_PI * after))
                                                : 1.0;
        QVERIFY2(std::abs(rates[static_cast<std::size_t>(done)] - 1e-4 * share) < 1e-16, qPrintable(name));
      }
    }
  }

  void clipping_bounds_the_update() {
    // With an eps far above the clipped gradient AdamW's update is proportional to it; the recorded norm is that before
    // clipping.
    const QString spec = box_.spec("clip", "tiny-llama-tied", "[sweep]\n\"optimizer.max_grad_norm\" = [0.0, 1e-6]\n");
    QCOMPARE(box_.train(spec, "clip", {"training.steps=2", "optimizer.eps=1e-3"}).code, 0);
    const QStringList names = QDir(box_.path("clip")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    QCOMPARE(names.size(), 2);
    double moved[2];
    for (int i = 0; i < 2; ++i) {
      const auto norms = record("clip", names[i]).column(Column::grad_norm);
      QVERIFY(norms[0] > 1e-3);
      const auto margins = record("clip", names[i]).column(Column::effective_margin);
      moved[i] = std::abs(margins[1]);
    }
    QVERIFY2(moved[0] > 100 * moved[1] || moved[1] > 100 * moved[0],
             qPrintable(QString("%1 %2").arg(moved[0]).arg(moved[1])));
  }
};

QTEST_GUILESS_MAIN(TestEngineExact)
#include "test_engine_exact.moc"
