// SPDX-License-Identifier: Apache-2.0
// How often a step reads values back, which is where the host waits for a GPU (training/model/waits.md): once or twice
// a group of pairs in the head, however many blocks and pairs a pass has, and once for all of a step's norms. Counted
// on the CPU by the operators that read, and by the range that stands for products of whole gradients. The optimizer is
// not seen, whose kernel for the CPU reads the count of steps.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>

#include <QTest>
#include <atomic>
#include <string_view>

#include "core/spec/objective_choice.h"
#include "tests/training/random_pairs.h"
#include "training/model/adapter.h"
#include "training/model/kernels.h"
#include "training/step/step.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

/// Calls of operators that a GPU's queue has to be empty for, on all threads, while it lives.
class ReadBacks {
 public:
  ReadBacks() {
    count = 0;
    handle_ = at::addGlobalCallback(at::RecordFunctionCallback(&seen).needsInputs(true).scopes(
        {at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE}));
  }
  ~ReadBacks() { at::removeCallback(handle_); }
  ReadBacks(const ReadBacks&) = delete;
  ReadBacks& operator=(const ReadBacks&) = delete;
  int so_far() const { return count; }

 private:
  static std::unique_ptr<at::ObserverContext> seen(const at::RecordFunction& function) {
    const std::string_view name = function.name();
    for (const std::string_view reader :
         {"aten::_local_scalar_dense", "aten::nonzero", "aten::equal", "aten::masked_select", "aten::_unique2",
          "aten::is_nonzero", model::products_wait})
      if (name == reader) ++count;
    // Copies that are asked to end on the CPU, as reading back does wherever the values are.
    if (name == "aten::to")
      for (const c10::IValue& input : function.inputs())
        if (input.isDevice() && input.toDevice().is_cpu()) ++count;
    return nullptr;
  }
  static inline std::atomic<int> count = 0;
  at::CallbackHandle handle_;
};

struct Case {
  bool lora = false;
  const char* objective = "dpo";
  std::int64_t pass_tokens = 100000;
  likelihood::HeadChunk chunk;
  Granularity granularity = Granularity::micro_batch;
  bool layers = false;
  ScoreScope scope = ScoreScope::output;
};

int reads_of_a_step(const Case& c, int pairs_of_step) {
  model::Decoder::Options options;
  options.train_all = !c.lora;
  const auto policy = model::Decoder::load(golden_model("tiny-mistral"), options);
  if (c.lora) model::load_adapter(*policy, golden_model("tiny-mistral-lora"));
  options.train_all = false;
  const auto reference = model::Decoder::load(golden_model("tiny-mistral"), options);
  RunSpec::ObjectiveChoice choice;
  choice.name = c.objective;
  for (const ObjectiveParameter& parameter : find_objective(c.objective)->parameters)
    choice.parameters[parameter.name] = parameter.default_value;
  const auto objective = make_objective(choice);
  Calibration calibration({true, 0.5, true});
  step::StepSettings settings;
  settings.adapters = c.lora;
  settings.statistic = token_statistic(choice);
  settings.pass_tokens = c.pass_tokens;
  settings.chunk = c.chunk;
  settings.granularity = c.granularity;
  settings.layers = c.layers;
  settings.scope = c.scope;
  step::StepEngine engine(*policy, *objective, calibration, settings, reference.get(), 7);
  const auto pairs = random_pairs(pairs_of_step, 11);
  std::vector<const data::TokenPair*> batch;
  std::vector<likelihood::TokenLogProbs> values;
  for (const data::TokenPair& pair : pairs) {
    batch.push_back(&pair);
    values.push_back({std::vector<float>(pair.chosen.size(), -5.0F), std::vector<float>(pair.rejected.size(), -5.0F)});
  }
  std::vector<const likelihood::TokenLogProbs*> references;
  for (const likelihood::TokenLogProbs& value : values) references.push_back(&value);
  engine.run(batch, references, 1);  // what is made once is made
  const ReadBacks reads;
  engine.run(batch, references, 2);
  return reads.so_far();
}

}  // namespace

class TestWaits : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { at::set_num_threads(1); }

  /// The counter itself: it must see what it counts.
  void reads_are_seen() {
    const at::Tensor ones = at::ones({3});
    const ReadBacks reads;
    ones.sum().item<float>();
    QCOMPARE(reads.so_far(), 1);
    const at::Tensor there = ones.to(at::kCPU, at::kFloat);
    QCOMPARE(reads.so_far(), 2);
    at::nonzero(ones);
    QCOMPARE(reads.so_far(), 3);
    const at::Tensor added = ones + there;
    QCOMPARE(reads.so_far(), 3);
    const std::vector<at::Tensor> tensors(3, ones);
    const std::vector<cuda::GradientPair> gradients(5, {ones, ones});
    const model::StepProducts products = model::products_and_norm(gradients, tensors);
    QCOMPARE(reads.so_far(), 4);
    QCOMPARE(products.pairs.size(), gradients.size());
    QCOMPARE(products.pairs[4].ab, 3.0);
    QCOMPARE(products.squared_norm, 9.0);
    model::products_and_norm({}, {});
    QCOMPARE(reads.so_far(), 4);
  }

  /// One pass and one group of the head: log-probabilities, and the pairs' products for calibration. Then the step's
  /// norms.
  void a_shared_pass_reads_twice() {
    for (const int pairs : {2, 5, 11}) QCOMPARE(reads_of_a_step({}, pairs), 2 + 1);
  }

  void tdpo_reads_no_more() { QCOMPARE(reads_of_a_step({.objective = "tdpo"}, 5), 2 + 1); }

  /// A pass a pair: as often for each.
  void passes_of_their_own_read_twice_each() { QCOMPARE(reads_of_a_step({.pass_tokens = 1}, 5), 10 + 1); }

  /// Adapters' scores are products of the last block's gradients, of all pairs of a pass at once.
  void adapters_read_once_in_the_head() {
    for (const int pairs : {2, 11}) QCOMPARE(reads_of_a_step({.lora = true}, pairs), 1 + 1 + 1);
  }

  /// A record of layers is of the products that the step has anyway.
  void layers_read_no_more() { QCOMPARE(reads_of_a_step({.lora = true, .layers = true}, 5), 1 + 1 + 1); }

  /// Of all parameters: log-probabilities, and the products of all pairs' rows; for adapters too, and by layer.
  void all_parameters_read_twice() {
    for (const bool lora : {false, true})
      QCOMPARE(reads_of_a_step({.lora = lora, .layers = true, .scope = ScoreScope::all}, 5), 2 + 1);
  }

  /// Calibrated by step, the gradient comes after the scores; its norm is a second wait. A pass for each pair.
  void by_step_the_norm_waits_for_the_scores() {
    QCOMPARE(reads_of_a_step({.granularity = Granularity::step}, 5), 5 + 2);
  }
};

QTEST_GUILESS_MAIN(TestWaits)
#include "test_waits.moc"
