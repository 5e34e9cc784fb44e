// SPDX-License-Identifier: Apache-2.0
// Pairs that share a forward and a backward pass and are calibrated one by one: the same gradients, scores and record
// as with a pass for each pair.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <cmath>
#include <random>

#include "core/spec/objective_choice.h"
#include "tests/training/random_pairs.h"
#include "training/model/adapter.h"
#include "training/model/kernels.h"
#include "training/step/passes.h"
#include "training/step/step.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

/// What two steps without an update between them leave behind.
struct Steps {
  std::map<std::string, at::Tensor> gradients;
  std::vector<step::StepOutcome> outcomes;
  CalibrationState calibration;
  bool sums_made = false;  ///< of the output projection's scores
};

struct Case {
  std::string model;
  std::size_t pairs = 7;  ///< of a step
  bool lora = false, checkpointing = false, reward_calibration = true;
  double dropout = 0;
  Granularity granularity = Granularity::micro_batch;
  ScoreScope scope = ScoreScope::output;
  RunSpec::ObjectiveChoice objective;
  likelihood::HeadChunk chunk;
  at::ScalarType compute = at::kFloat;
};

Steps take(const Case& c, std::int64_t pass_tokens) {
  model::Decoder::Options options;
  options.train_all = !c.lora;
  options.recomputed_blocks = c.checkpointing ? 100 : 0;
  options.compute = c.compute;
  const auto policy = model::Decoder::load(golden_model(c.model), options);
  if (c.lora) model::load_adapter(*policy, golden_model("tiny-mistral-lora"));
  options.train_all = false;
  // Another model's weights: differences from the reference, and TDPO's divergence, are not zero.
  const auto reference = model::Decoder::load(golden_model(c.model), options);
  for (model::Parameter& parameter : reference->parameters())
    if (parameter.value.dim() == 2) parameter.value.mul_(1.05);
  const auto objective = make_objective(c.objective);
  Calibration calibration({c.reward_calibration, 0.5, true});
  step::StepSettings settings;
  settings.adapters = c.lora;
  settings.lora_dropout = c.dropout;
  settings.granularity = c.granularity;
  settings.scope = c.scope;
  settings.likelihood = c.objective.likelihood;
  settings.statistic = token_statistic(c.objective);
  if (settings.statistic == TokenStatistic::kl) settings.kl_alpha = 0.5;
  settings.chunk = c.chunk;
  settings.pass_tokens = pass_tokens;
  step::StepEngine engine(*policy, *objective, calibration, settings, reference.get(), 7);
  const auto pairs = random_pairs(static_cast<int>(2 * c.pairs), 11);
  std::vector<const data::TokenPair*> all;
  for (const data::TokenPair& pair : pairs) all.push_back(&pair);
  Steps steps;
  for (const std::size_t begin : {std::size_t{0}, c.pairs})
    steps.outcomes.push_back(engine.run(std::span(all).subspan(begin, c.pairs), {}, begin == 0 ? 1 : 2));
  for (model::Parameter* parameter : policy->trained())
    steps.gradients[parameter->name] = parameter->gradient(model::Slot::train).clone();
  steps.calibration = calibration.state();
  steps.sums_made = !policy->head().empty(model::Slot::mean_w);
  return steps;
}

RunSpec::ObjectiveChoice objective(const std::string& name, Likelihood likelihood = Likelihood::mean) {
  RunSpec::ObjectiveChoice choice;
  choice.name = name;
  choice.likelihood = likelihood;
  for (const ObjectiveParameter& parameter : find_objective(name)->parameters)
    choice.parameters[parameter.name] = parameter.default_value;
  return choice;
}

bool near(double a, double b, double scale, double bound) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= bound * scale;
}

/// "" or what differs by more than `bound`, relatively.
std::string differ(const Steps& a, const Steps& b, double bound) {
  double norm = 0;
  for (const auto& [name, gradient] : a.gradients) norm += model::squared_norm(gradient);
  norm = std::sqrt(norm);
  if (!(norm > 0)) return "there is no gradient";
  for (const auto& [name, gradient] : a.gradients) {
    const double off = (gradient - b.gradients.at(name)).norm().item<double>() / norm;
    if (!(off <= bound)) return name + " is off by " + std::to_string(off);
  }
  for (std::size_t s = 0; s < a.outcomes.size(); ++s) {
    const StepRow &x = a.outcomes[s].row, &y = b.outcomes[s].row;
    for (const Column column :
         {Column::loss, Column::z_w, Column::z_l, Column::d_w, Column::d_l, Column::score_norm_w, Column::score_norm_l,
          Column::log_r, Column::log_r_star, Column::ema_log_r, Column::ema_log_r_star, Column::alpha,
          Column::uncalibrated, Column::grad_norm, Column::tokens})
      if (!near(x[column], y[column], 1e-2 + std::abs(x[column]), bound))
        return std::string(column_names[static_cast<std::size_t>(column)]) + ": " + std::to_string(x[column]) +
               " and " + std::to_string(y[column]);
    if (!near(x[Column::score_dot], y[Column::score_dot], x[Column::score_norm_w] * x[Column::score_norm_l], bound))
      return "score_dot";
    if (a.outcomes[s].pairs.size() != b.outcomes[s].pairs.size()) return "rows of pairs";
    for (std::size_t i = 0; i < a.outcomes[s].pairs.size(); ++i) {
      const PairRow &p = a.outcomes[s].pairs[i], &q = b.outcomes[s].pairs[i];
      if (p.row != q.row || !near(p.z_w, q.z_w, 1 + std::abs(p.z_w), bound) || !near(p.d_w, q.d_w, 1, bound) ||
          !near(p.d_l, q.d_l, 1, bound))
        return "a pair's row";
    }
  }
  const CalibrationState &x = a.calibration, &y = b.calibration;
  if (!near(x.log_d_w, y.log_d_w, 1, bound) || !near(x.log_norm_w, y.log_norm_w, 1, bound) ||
      !near(x.log_norm_l, y.log_norm_l, 1, bound))
    return "what calibration keeps";
  return "";
}

}  // namespace

class TestSharedPasses : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// The models are so small that threads wait for one another more than they work.
  void initTestCase() { at::set_num_threads(1); }

  void pairs_of_a_pass() {
    const std::vector<data::PairLengths> pairs = {{10, 5, 5}, {10, 5, 5}, {40, 30, 30},
                                                  {10, 5, 5}, {1, 1, 1},  {9, 9, 9}};
    step::PassLimits limits;
    using Sizes = std::vector<std::size_t>;
    QCOMPARE(step::passes(pairs, limits), (Sizes{1, 1, 1, 1, 1, 1}));
    limits.micro_batch = 3;
    QCOMPARE(step::passes(pairs, limits), (Sizes{3, 3}));
    limits.micro_batch = 1;
    limits.shared = true;
    limits.tokens = 43;
    QCOMPARE(step::passes(pairs, limits), (Sizes{2, 1, 2, 1}));
    limits.tokens = 1;  // less than any pair has
    QCOMPARE(step::passes(pairs, limits), (Sizes{1, 1, 1, 1, 1, 1}));
    limits.tokens = 1000;
    QCOMPARE(step::passes(pairs, limits), (Sizes{6}));
    limits.scored = 20;  // the third scores 60
    QCOMPARE(step::passes(pairs, limits), (Sizes{2, 1, 3}));
    limits.scored_together = true;
    QCOMPARE(step::passes(pairs, limits), (Sizes{2, 1, 2, 1}));  // 10 + 2 and 18
    limits.scored = 5;                                           // none fits
    QCOMPARE(step::passes(pairs, limits), (Sizes{1, 1, 1, 1, 1, 1}));
    // What calibrates several pairs at once, or differentiates branches apart, has its own way.
    step::StepSettings settings;
    settings.pass_tokens = 1000;
    const auto shares = [&] { return step::pass_limits(settings, step::StepPlan(settings, 8, 1), 640).shared; };
    QVERIFY(shares());
    settings.scope = ScoreScope::all;
    QVERIFY(shares());
    const auto together = [&] {
      return step::pass_limits(settings, step::StepPlan(settings, 8, 1), 640).scored_together;
    };
    QVERIFY(together());
    settings.adapters = true;  // the output projection has no gradient
    QVERIFY(!together());
    settings.adapters = false;
    settings.scope = ScoreScope::output;
    QVERIFY(!together());
    settings.granularity = Granularity::step;
    QVERIFY(!shares());
    settings.granularity = Granularity::micro_batch;
    settings.micro_batch = 2;
    QVERIFY(!shares());
  }

  void same_numbers_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("objective");
    QTest::addColumn<bool>("sum");
    QTest::addColumn<bool>("calibrated");
    QTest::addColumn<bool>("all");
    for (const char* name : {"dpo", "simpo", "ti-dpo", "tdpo", "kto"}) {
      for (const char* model : {"tiny-llama-tied", "tiny-neox", "tiny-mistral-lora"}) {
        // Without calibration the factors are the incentives: one objective's say for all that they are used.
        for (const bool calibrated : {true, false}) {
          if (!calibrated && name != std::string("dpo")) continue;
          for (const bool all : {false, true})
            QTest::addRow("%s, %s%s%s", name, model, calibrated ? ", RC" : "", all ? ", all scores" : "")
                << model << name << (name == std::string("dpo")) << calibrated << all;
        }
      }
    }
  }
  void same_numbers() {
    QFETCH(QString, model);
    QFETCH(QString, objective);
    QFETCH(bool, sum);
    QFETCH(bool, calibrated);
    QFETCH(bool, all);
    Case c;
    c.scope = all ? ScoreScope::all : ScoreScope::output;
    c.lora = model == "tiny-mistral-lora";
    c.model = c.lora ? "tiny-mistral" : model.toStdString();
    c.objective = ::objective(objective.toStdString(), sum ? Likelihood::sum : Likelihood::mean);
    c.reward_calibration = calibrated;
    const Steps alone = take(c, 1);  // every pair has more ids
    for (const std::int64_t tokens : {200, 100000}) {
      const std::string what = differ(alone, take(c, tokens), 1e-5);
      QVERIFY2(what.empty(), what.c_str());
    }
    QCOMPARE(alone.outcomes[0].row[Column::alpha] != 1.0, calibrated);
  }

  /// Some pairs are longer than a chunk of the head and have a pass of their own between those that are shared; blocks
  /// may be run twice.
  void among_other_passes() {
    Case c;
    c.model = "tiny-qwen2";
    c.objective = objective("ipo");
    c.chunk.bytes = 640 * 4 * 24;
    for (const ScoreScope scope : {ScoreScope::output, ScoreScope::all})
      for (const bool checkpointing : {false, true}) {
        c.scope = scope;
        c.checkpointing = checkpointing;
        const std::string what = differ(take(c, 1), take(c, 100000), 1e-5);
        QVERIFY2(what.empty(), what.c_str());
      }
  }

  /// A step of few rows has its scores from products of them: those of the sums that others make.
  void scores_out_of_rows() {
    Case c;
    c.pairs = 3;
    for (const char* model : {"tiny-llama-tied", "tiny-neox"})
      for (const char* name : {"dpo", "ti-dpo", "tdpo"}) {
        c.model = model;
        c.objective = objective(name);
        c.chunk = {};
        const Steps alone = take(c, 1), together = take(c, 100000);
        c.chunk.bytes = 1;  // all pairs are longer
        const Steps summed = take(c, 1);
        QVERIFY(summed.sums_made && !alone.sums_made && !together.sums_made);
        for (const Steps* rows : {&alone, &together}) {
          const std::string what = differ(summed, *rows, 1e-5);
          QVERIFY2(what.empty(), what.c_str());
        }
      }
  }

  /// A pair's dropout masks are its own, whatever shares its row, however often a block is run, and in either layout.
  void with_dropout() {
    Case c;
    c.model = "tiny-mistral";
    c.lora = true;
    c.objective = objective("dpo");
    const Steps without = take(c, 1);
    c.dropout = 0.3;
    const Steps alone = take(c, 1);
    QVERIFY(!differ(without, alone, 1e-2).empty());
    for (const bool checkpointing : {false, true}) {
      c.checkpointing = checkpointing;
      const std::string what = differ(alone, take(c, 100000), 1e-5);
      QVERIFY2(what.empty(), what.c_str());
    }
    c.scope = ScoreScope::all;
    const std::string what = differ(take(c, 1), take(c, 100000), 1e-5);
    QVERIFY2(what.empty(), what.c_str());
    c.scope = ScoreScope::output;
    c.reward_calibration = false;  // then it makes no difference when calibration is asked
    c.granularity = Granularity::step;
    const Steps apart = take(c, 0);
    c.granularity = Granularity::micro_batch;
    const Steps together = take(c, 100000);
    double norm = 0, off = 0;
    for (const auto& [name, gradient] : together.gradients) {
      norm += model::squared_norm(gradient);
      off += model::squared_norm(gradient - apart.gradients.at(name));
    }
    QVERIFY(norm > 0 && off <= 1e-10 * norm);
  }
};

QTEST_GUILESS_MAIN(TestSharedPasses)
#include "test_shared_passes.moc"
