// SPDX-License-Identifier: Apache-2.0
// A step's gradients, parameter by parameter: by finite differences of the loss, and the same whether pairs share a
// row, stand alone, or chosen and rejected are two graphs; log-probabilities of packed and separate rows; safetensors
// files.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <random>

#include "core/error.h"
#include "tests/training/random_pairs.h"
#include "training/likelihood/reference.h"
#include "training/model/adapter.h"
#include "training/model/kernels.h"
#include "training/model/safetensors.h"
#include "training/step/step.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

std::vector<const data::TokenPair*> pointers(const std::vector<data::TokenPair>& pairs) {
  std::vector<const data::TokenPair*> result;
  for (const data::TokenPair& pair : pairs) result.push_back(&pair);
  return result;
}

/// CPO: no reference, and incentives that differ from pair to pair.
std::unique_ptr<Objective> objective() {
  return find_objective("cpo")->make({{"beta", 1.5}, {"lambda", 1.0}}, Likelihood::mean);
}

double loss_of(model::Decoder& decoder, const std::vector<const data::TokenPair*>& pairs) {
  const auto loss = objective();
  double sum = 0;
  for (const data::TokenPair* pair : pairs) {
    const auto log_probs = likelihood::log_probs_of(decoder, true, {&pair, 1});
    PairLikelihoods z;
    z.z_w = likelihood::reduce_log_probs(log_probs[0].chosen, Likelihood::mean);
    z.z_l = likelihood::reduce_log_probs(log_probs[0].rejected, Likelihood::mean);
    sum += loss->loss(z) / static_cast<double>(pairs.size());
  }
  return sum;
}

std::unique_ptr<model::Decoder> load(const std::string& model, bool lora, bool checkpointing = false) {
  model::Decoder::Options options;
  options.train_all = !lora;
  options.recomputed_blocks = checkpointing ? 100 : 0;
  auto decoder = model::Decoder::load(golden_model(model), options);
  if (lora) model::load_adapter(*decoder, golden_model("tiny-mistral-lora"));
  return decoder;
}

/// Gradients by parameter name after one step.
std::map<std::string, at::Tensor> gradients(model::Decoder& decoder, const std::vector<const data::TokenPair*>& pairs,
                                            step::StepSettings settings, bool calibrated,
                                            step::StepOutcome* outcome = nullptr) {
  const auto loss = objective();
  Calibration calibration({calibrated, 0.5, true});
  const auto reference = load(settings.adapters ? "tiny-mistral" : "tiny-neox", false);  // CPO does not look at it
  step::StepEngine engine(decoder, *loss, calibration, settings, settings.adapters ? &decoder : reference.get());
  std::vector<likelihood::TokenLogProbs> none;
  for (const data::TokenPair* pair : pairs)
    none.push_back({std::vector<float>(pair->chosen.size()), std::vector<float>(pair->rejected.size())});
  std::vector<const likelihood::TokenLogProbs*> references;
  for (const likelihood::TokenLogProbs& values : none) references.push_back(&values);
  step::StepOutcome result = engine.run(pairs, references);
  std::map<std::string, at::Tensor> all;
  for (model::Parameter* parameter : decoder.trained())
    all[parameter->name] = parameter->gradient(model::Slot::train).clone();
  if (outcome) *outcome = std::move(result);
  return all;
}

/// "" or the parameter whose gradient is off by more than `bound` of the whole gradient's norm.
std::string differ(const std::map<std::string, at::Tensor>& a, const std::map<std::string, at::Tensor>& b,
                   double bound) {
  double norm = 0;
  for (const auto& [name, gradient] : a) norm += model::squared_norm(gradient);
  for (const auto& [name, gradient] : a) {
    const double off = (gradient - b.at(name)).norm().item<double>() / std::sqrt(norm);
    if (!(off <= bound)) return name + " is off by " + std::to_string(off);
  }
  return a.size() == b.size() ? "" : "not the same parameters";
}

}  // namespace

class TestStepGradients : public QObject {
  Q_OBJECT

  static void models() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("lora");
    for (const char* model : {"tiny-llama-tied", "tiny-neox", "tiny-mistral", "tiny-qwen2"})
      QTest::newRow(model) << model << false;
    QTest::newRow("tiny-mistral, adapter") << "tiny-mistral" << true;
  }

 private Q_SLOTS:
  void finite_differences_data() { models(); }
  /// Along the gradient of each kind of parameter the loss changes at the rate that the gradient says.
  void finite_differences() {
    QFETCH(QString, model);
    QFETCH(bool, lora);
    const auto pairs = random_pairs(4, 5);
    const auto decoder = load(model.toStdString(), lora);
    step::StepSettings settings;
    settings.micro_batch = 2;
    settings.adapters = lora;
    const auto gradient = gradients(*decoder, pointers(pairs), settings, false);
    const double start = loss_of(*decoder, pointers(pairs));
    QVERIFY(std::isfinite(start));
    for (model::Parameter* parameter : decoder->trained()) {
      const at::Tensor& g = gradient.at(parameter->name);
      const double norm = std::sqrt(model::squared_norm(g));
      QVERIFY2(norm > 0, parameter->name.c_str());
      const double size = 1e-2 / std::max(norm, 1.0);
      const at::Tensor before = parameter->value.clone(), direction = g / norm;
      const auto moved = [&](double distance) {
        parameter->value.copy_(before + direction * distance);
        parameter->value_changed();
        return loss_of(*decoder, pointers(pairs));
      };
      // Fourth order, so that float32's rounding is what limits it.
      const double slope = (8 * (moved(size) - moved(-size)) - (moved(2 * size) - moved(-2 * size))) / (12 * size);
      moved(0);
      QVERIFY2(
          std::abs(slope - norm) <= 5e-3 * norm + 1e-4,
          qPrintable(QString("%1: slope %2, gradient's norm %3").arg(parameter->name.c_str()).arg(slope).arg(norm)));
    }
    QCOMPARE(loss_of(*decoder, pointers(pairs)), start);
  }

  void layouts_agree_data() { models(); }
  void layouts_agree() {
    QFETCH(QString, model);
    QFETCH(bool, lora);
    const auto pairs = random_pairs(8, 5);
    const auto decoder = load(model.toStdString(), lora);
    step::StepSettings settings;
    settings.adapters = lora;
    settings.micro_batch = 8;
    step::StepOutcome whole, other;
    const auto expected = gradients(*decoder, pointers(pairs), settings, false, &whole);
    const auto check = [&](const step::StepSettings& changed, double bound) {
      const std::string what = differ(expected, gradients(*decoder, pointers(pairs), changed, false, &other), bound);
      QVERIFY2(what.empty(), what.c_str());
      for (const Column column : {Column::z_w, Column::z_l, Column::grad_norm})
        QVERIFY2(std::abs(whole.row[column] - other.row[column]) <= 5e-6 * std::abs(whole.row[column]),
                 qPrintable(QString("%1: %2 and %3")
                                .arg(column_names[static_cast<std::size_t>(column)].data())
                                .arg(whole.row[column], 0, 'g', 10)
                                .arg(other.row[column], 0, 'g', 10)));
      if (changed.scope != settings.scope) return;
      for (const Column column : {Column::score_norm_w, Column::score_norm_l})
        QVERIFY(std::abs(whole.row[column] - other.row[column]) <= 5e-6 * std::abs(whole.row[column]));
      QVERIFY(std::abs(whole.row[Column::score_dot] - other.row[Column::score_dot]) <=
              5e-6 * whole.row[Column::score_norm_w] * whole.row[Column::score_norm_l]);
    };
    constexpr double rounding = 5e-6;
    for (const std::int64_t micro : {1, 2, 4}) {
      step::StepSettings changed = settings;
      changed.micro_batch = micro;
      check(changed, rounding);
      changed.chunk.bytes = 640 * 4 * 7;  // seven positions at a time: some pairs fit, others do not
      check(changed, rounding);
      changed.chunk.bytes = 1;
      check(changed, rounding);
      changed.granularity = Granularity::step;
      check(changed, rounding);
      changed.scope = ScoreScope::all;
      check(changed, rounding);
      changed.granularity = Granularity::micro_batch;
      check(changed, rounding);
    }
    // Scores over all parameters: an odd number of micro-batches, and the scores themselves.
    auto odd = pointers(pairs);
    odd.pop_back();
    settings.scope = ScoreScope::all;
    settings.micro_batch = 7;
    const auto of_seven = gradients(*decoder, odd, settings, false, &whole);
    settings.micro_batch = 1;
    const std::string off = differ(of_seven, gradients(*decoder, odd, settings, false, &other), rounding);
    QVERIFY2(off.empty(), off.c_str());
    for (const Column column : {Column::score_norm_w, Column::score_norm_l})
      QVERIFY(std::abs(whole.row[column] - other.row[column]) <= 5e-6 * std::abs(whole.row[column]));
    settings.scope = ScoreScope::output;
    // Calibrated once per step, the layout does not matter either.
    settings.granularity = Granularity::step;
    const auto calibrated = gradients(*decoder, pointers(pairs), settings, true, &whole);
    settings.micro_batch = 2;
    const std::string what = differ(calibrated, gradients(*decoder, pointers(pairs), settings, true, &other), 1e-5);
    QVERIFY2(what.empty(), what.c_str());
    QVERIFY(whole.row[Column::alpha] != 1.0);
    QVERIFY(std::abs(whole.row[Column::alpha] - other.row[Column::alpha]) < 1e-5);
    QVERIFY(!differ(calibrated, expected, 1e-3).empty());  // and calibration does something
  }

  void checkpointing_is_exact_data() { models(); }
  void checkpointing_is_exact() {
    QFETCH(QString, model);
    QFETCH(bool, lora);
    const auto pairs = random_pairs(4, 5);
    step::StepSettings settings;
    settings.micro_batch = 2;
    settings.adapters = lora;
    const auto plain = load(model.toStdString(), lora), sparing = load(model.toStdString(), lora, true);
    const auto a = gradients(*plain, pointers(pairs), settings, true),
               b = gradients(*sparing, pointers(pairs), settings, true);
    for (const auto& [name, gradient] : a) QVERIFY2(at::equal(gradient, b.at(name)), name.c_str());
  }

  void packed_rows_are_separate_rows_data() { models(); }
  void packed_rows_are_separate_rows() {
    QFETCH(QString, model);
    QFETCH(bool, lora);
    const auto pairs = random_pairs(6, 5);
    const auto decoder = load(model.toStdString(), lora);
    const auto packed = likelihood::log_probs_of(*decoder, true, pointers(pairs)),
               apart = likelihood::log_probs_of(*decoder, true, pointers(pairs), model::Branches::apart);
    const auto in_row_of_its_own = [&](const data::TokenPair* pair, bool chosen) {
      model::PassContext context;
      const model::PackedRow row =
          model::pack({&pair, 1}, chosen ? model::Branches::chosen : model::Branches::rejected, at::kCPU);
      const at::Tensor states = decoder->forward(row, context).states.index_select(0, chosen ? row.rows_w : row.rows_l);
      const at::Tensor log_softmax = at::log_softmax(at::mm(states, decoder->head().in(at::kFloat).t()), -1);
      const at::Tensor values =
          log_softmax.gather(1, (chosen ? row.targets_w : row.targets_l).unsqueeze(1)).squeeze(1).contiguous();
      return std::vector<float>(values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel());
    };
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const data::TokenPair* pair = &pairs[i];
      // Another pair's tokens, and the other response's, change nothing.
      data::TokenPair swapped = *pair;
      std::swap(swapped.chosen, swapped.rejected);
      const data::TokenPair* other = &swapped;
      const auto alone = likelihood::log_probs_of(*decoder, true, {&pair, 1})[0],
                 turned = likelihood::log_probs_of(*decoder, true, {&other, 1})[0];
      const auto near = [](const std::vector<float>& a, const std::vector<float>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](float x, float y) { return std::abs(x - y) <= 2e-5F * (1 + std::abs(y)); });
      };
      QVERIFY(near(packed[i].chosen, alone.chosen) && near(packed[i].rejected, alone.rejected));
      QVERIFY(near(apart[i].chosen, alone.chosen) && near(apart[i].rejected, alone.rejected));
      QVERIFY(near(in_row_of_its_own(pair, true), alone.chosen) &&
              near(in_row_of_its_own(pair, false), alone.rejected));
      QVERIFY(near(turned.rejected, alone.chosen) && near(turned.chosen, alone.rejected));
      for (const float value : alone.chosen) QVERIFY(value < 0);
    }
  }

  void safetensors_round_trip() {
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("some.safetensors").toStdString();
    const at::Tensor base = at::arange(24, at::kFloat).reshape({2, 3, 4}) - 7.5;
    std::map<std::string, at::Tensor> tensors = {{"f32", base},
                                                 {"bf16", base.to(at::kBFloat16)},
                                                 {"f16", base.to(at::kHalf)},
                                                 {"i64", at::arange(5, at::kLong)},
                                                 {"odd \"name\" ü", at::ones({3}, at::kHalf)},
                                                 {"scalar", at::full({}, 2.5F)},
                                                 {"empty", at::empty({0, 4})},
                                                 {"turned", base.permute({2, 0, 1})}};
    model::write_safetensors(file, tensors, {{"format", "pt"}, {"note", "ü"}});
    const model::SafeTensors read = model::SafeTensors::open_file(file);
    QCOMPARE(read.names().size(), tensors.size());
    for (const auto& [name, tensor] : tensors) {
      QVERIFY2(at::equal(read.get(name), tensor), name.c_str());
      QCOMPARE(read.get(name).scalar_type(), tensor.scalar_type());
    }
    QVERIFY_EXCEPTION_THROWN(read.get("none"), DataError);
    QVERIFY_EXCEPTION_THROWN(read.get("f32", {2, 12}), DataError);
    QVERIFY(!std::filesystem::exists(file.string() + ".part"));
    QVERIFY_EXCEPTION_THROWN(model::write_safetensors(file / "below", tensors), RunError);

    // A file in another writer's order with an unpadded header, so that data is not aligned.
    const std::string header =
        R"({"b":{"dtype":"F32","shape":[2],"data_offsets":[2,10]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})";
    const std::uint64_t size = header.size();
    const float values[2] = {1.5F, -2.25F};
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(&size), 8) << header << "\x01\x02";
    out.write(reinterpret_cast<const char*>(values), sizeof values);
    out.close();
    QVERIFY(at::equal(model::SafeTensors::open_file(file).get("b"), at::tensor({1.5F, -2.25F})));
  }

  void adapter_round_trip() {
    QTemporaryDir folder;
    const auto decoder = load("tiny-mistral", true);
    const model::AdapterConfig config{4, 8.0, false, {"q_proj"}, {}, {}};
    const std::filesystem::path out = folder.path().toStdString();
    model::save_adapter(*decoder, config, "base", out);
    auto again = model::Decoder::load(golden_model("tiny-mistral"), {});
    const model::AdapterConfig read = model::load_adapter(*again, out);
    QCOMPARE(read.rank, 4);
    QCOMPARE(read.alpha, 8.0);
    std::map<std::string, at::Tensor> own;
    for (model::Parameter* parameter : decoder->trained()) own[parameter->name] = parameter->value;
    QCOMPARE(again->trained().size(), own.size());
    for (model::Parameter* parameter : again->trained())
      QVERIFY2(at::equal(parameter->value, own.at(parameter->name)), parameter->name.c_str());
  }
};

QTEST_GUILESS_MAIN(TestStepGradients)
#include "test_step_gradients.moc"
