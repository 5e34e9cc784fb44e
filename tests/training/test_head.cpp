// SPDX-License-Identifier: Apache-2.0
// The likelihood head against automatic differentiation in float64 of the same definitions written down plainly: z, KL,
// cotangents, gradients of the output projection, whatever the chunks that it works in.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>
#include <cmath>

#include "training/likelihood/head.h"

using namespace bandscope;

namespace {

constexpr std::int64_t vocab = 41, hidden = 12;

/// A made-up micro-batch; responses of 7 and 4, 1 and 9, 5 and 5 ids.
struct Batch {
  at::Tensor states[2], targets[2], weight, reference_states[2], reference_weight;
  std::vector<model::ResponseSpan> spans[2];

  explicit Batch(std::size_t pairs) {
    at::manual_seed(11);
    constexpr std::int64_t lengths[3][2] = {{7, 4}, {1, 9}, {5, 5}};
    for (int b : {0, 1}) {
      std::int64_t rows = 0;
      for (std::size_t i = 0; i < pairs; ++i) {
        spans[b].push_back({rows, lengths[i][b]});
        rows += lengths[i][b];
      }
      states[b] = at::randn({rows, hidden});
      reference_states[b] = at::randn({rows, hidden});
      targets[b] = at::randint(vocab, {rows}, at::kLong);
    }
    weight = at::randn({vocab, hidden}) * 0.7;
    reference_weight = at::randn({vocab, hidden}) * 0.7;
  }
};

Incentives incentives_of(std::size_t pair) {
  return {0.3 + 0.2 * static_cast<double>(pair), 1.1 - 0.4 * static_cast<double>(pair)};
}

struct Expected {
  std::vector<double> z[2], kl[2];
  at::Tensor cotangent[2], plain[2], weighted[2];
};

Expected by_autograd(const Batch& batch, Likelihood likelihood, TokenStatistic statistic, double kl_alpha,
                     at::ScalarType compute) {
  Expected result;
  const bool mean = likelihood == Likelihood::mean;
  const std::size_t pairs = batch.spans[0].size();
  // Compute type first: what is rounded there is the input of both.
  const auto wide = [&](const at::Tensor& t) { return t.to(compute).to(at::kDouble); };
  for (int b : {0, 1}) {
    const at::Tensor states = wide(batch.states[b]).requires_grad_(true),
                     weight = wide(batch.weight).requires_grad_(true);
    const at::Tensor log_softmax = at::log_softmax(at::mm(states, weight.t()), -1);
    const at::Tensor own = log_softmax.gather(1, batch.targets[b].unsqueeze(1)).squeeze(1);
    const at::Tensor reference =
        at::log_softmax(at::mm(wide(batch.reference_states[b]), wide(batch.reference_weight).t()), -1);
    const at::Tensor divergence = (reference.exp() * (reference - log_softmax)).sum(1);
    std::vector<at::Tensor> z;
    at::Tensor weighted_sum = at::zeros({}, at::kDouble);
    for (std::size_t i = 0; i < pairs; ++i) {
      const auto& span = batch.spans[b][i];
      const auto of_pair = [&](const at::Tensor& t) { return t.slice(0, span.begin, span.begin + span.length); };
      at::Tensor weights = at::ones({span.length}, at::kDouble);
      if (statistic == TokenStatistic::importance) weights = at::clamp_min(1 - of_pair(own).detach().exp(), 1e-8);
      at::Tensor value = (weights * of_pair(own)).sum();
      if (mean) value = value / weights.sum();
      at::Tensor kl = of_pair(divergence).sum();
      if (mean) kl = kl / static_cast<double>(span.length);
      if (statistic == TokenStatistic::kl && b == 1) value = value + kl_alpha * kl;
      result.z[b].push_back(value.item<double>());
      result.kl[b].push_back(kl.item<double>());
      z.push_back(value);
      const Incentives d = incentives_of(i);
      weighted_sum = weighted_sum + value * ((b == 0 ? d.d_w : d.d_l) / static_cast<double>(pairs));
    }
    const at::Tensor sum = at::stack(z).sum();
    result.cotangent[b] = torch::autograd::grad({sum}, {states}, {}, true)[0];
    result.plain[b] = torch::autograd::grad({sum / static_cast<double>(pairs)}, {weight}, {}, true)[0];
    result.weighted[b] = torch::autograd::grad({weighted_sum}, {weight}, {}, true)[0];
  }
  return result;
}

/// Norm of the difference relative to the expected norm.
double off(const at::Tensor& own, const at::Tensor& expected) {
  return (own.to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
}

}  // namespace

class TestHead : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agrees_with_autograd_data() {
    QTest::addColumn<int>("likelihood");
    QTest::addColumn<int>("statistic");
    QTest::addColumn<int>("pairs");
    QTest::addColumn<int>("chunk_rows");
    QTest::addColumn<bool>("half");
    for (const Likelihood likelihood : {Likelihood::mean, Likelihood::sum})
      for (const TokenStatistic statistic : {TokenStatistic::none, TokenStatistic::importance, TokenStatistic::kl})
        for (const int pairs : {1, 3})
          for (const int chunk_rows : {1, 3, 12, 1000})
            for (const bool half : {false, true})
              QTest::addRow("%s, %s, %d pairs, chunks of %d, %s", likelihood == Likelihood::mean ? "mean" : "sum",
                            statistic == TokenStatistic::none ? "none"
                            : statistic == TokenStatistic::kl ? "kl"
                                                              : "importance",
                            pairs, chunk_rows, half ? "bfloat16" : "float32")
                  << static_cast<int>(likelihood) << static_cast<int>(statistic) << pairs << chunk_rows << half;
  }
  void agrees_with_autograd() {
    QFETCH(int, likelihood);
    QFETCH(int, statistic);
    QFETCH(int, pairs);
    QFETCH(int, chunk_rows);
    QFETCH(bool, half);
    const auto compute = half ? at::kBFloat16 : at::kFloat;
    const double exact = half ? 2e-2 : 2e-6;
    const Batch batch(static_cast<std::size_t>(pairs));
    likelihood::HeadRequest request;
    request.likelihood = static_cast<Likelihood>(likelihood);
    request.statistic = static_cast<TokenStatistic>(statistic);
    request.kl_alpha = 0.5;
    request.chunk.bytes = chunk_rows * vocab * static_cast<std::int64_t>(sizeof(float));
    const Expected expected = by_autograd(batch, request.likelihood, request.statistic, request.kl_alpha, compute);

    model::Parameter projection;
    projection.value = batch.weight.clone();
    projection.trained = true;
    const likelihood::HeadInput input{batch.states[0].to(compute),
                                      batch.states[1].to(compute),
                                      batch.targets[0],
                                      batch.targets[1],
                                      batch.spans[0],
                                      batch.spans[1]};
    const likelihood::ReferenceStates reference{batch.reference_states[0].to(compute),
                                                batch.reference_states[1].to(compute),
                                                batch.reference_weight.to(compute)};
    std::vector<std::size_t> asked;
    const auto callback = [&](std::size_t pair, PairLikelihoods& z, const likelihood::TokenLogProbs& log_probs,
                              std::span<const float> weights_w, std::span<const float> weights_l) {
      asked.push_back(pair);
      // What was reduced is what the log-probabilities give.
      const double again = likelihood::reduce_log_probs(log_probs.chosen, request.likelihood, weights_w);
      if (again != z.z_w) qFatal("z_w is not its log-probabilities reduced");
      const bool importance = request.statistic == TokenStatistic::importance;
      if (importance != !weights_w.empty() || importance != !weights_l.empty())
        qFatal("token weights where none belong");
      return incentives_of(pair);
    };
    const likelihood::HeadResult head = likelihood::run_head(projection, compute, input, request, callback, &reference);
    QCOMPARE(asked.size(), static_cast<std::size_t>(pairs));
    QVERIFY(!head.projection_done);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const double z[2] = {head.pairs[i].z_w, head.pairs[i].z_l};
      for (int b : {0, 1})
        QVERIFY2(std::abs(z[b] - expected.z[b][i]) <= exact * std::abs(expected.z[b][i]),
                 qPrintable(QString::number(z[b] - expected.z[b][i])));
      if (request.statistic == TokenStatistic::kl)
        QVERIFY(std::abs(head.pairs[i].kl_w - expected.kl[0][i]) <= exact * expected.kl[0][i]);
      QCOMPARE(head.pairs[i].len_w, static_cast<double>(batch.spans[0][i].length));
      QCOMPARE(head.pairs[i].len_l, static_cast<double>(batch.spans[1][i].length));
      QCOMPARE(head.incentives[i].d_w, incentives_of(i).d_w);
    }
    QVERIFY(off(head.cotangent_w, expected.cotangent[0]) < exact);
    QVERIFY(off(head.cotangent_l, expected.cotangent[1]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::score_w), expected.plain[0]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::score_l), expected.plain[1]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::branch_w), expected.weighted[0]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::branch_l), expected.weighted[1]) < exact);
    QVERIFY(projection.empty(model::Slot::train));
  }

  void one_pair_without_gradients_of_its_own() {
    for (const TokenStatistic statistic : {TokenStatistic::none, TokenStatistic::importance, TokenStatistic::kl}) {
      const Batch batch(1);
      likelihood::HeadRequest request;
      request.statistic = statistic;
      request.kl_alpha = 0.5;
      const Expected expected = by_autograd(batch, request.likelihood, statistic, request.kl_alpha, at::kFloat);
      model::PairProducts products;
      request.factors = [&](const model::PairProducts& scores, const Incentives& d) {
        products = scores;
        return model::BranchFactors{-2.0 * d.d_w, 0.5 * d.d_l};
      };
      request.summed_w = model::Slot::mean_w, request.summed_l = model::Slot::mean_l;
      model::Parameter projection;
      projection.value = batch.weight.clone();
      projection.trained = true;
      projection.add(model::Slot::train, at::ones({vocab, hidden}));
      const likelihood::HeadInput input{batch.states[0],  batch.states[1], batch.targets[0],
                                        batch.targets[1], batch.spans[0],  batch.spans[1]};
      const likelihood::ReferenceStates reference{batch.reference_states[0], batch.reference_states[1],
                                                  batch.reference_weight};
      const auto callback = [](std::size_t pair, PairLikelihoods&, const likelihood::TokenLogProbs&,
                               std::span<const float>, std::span<const float>) { return incentives_of(pair); };
      const likelihood::HeadResult head =
          likelihood::run_head(projection, at::kFloat, input, request, callback, &reference);
      QVERIFY(head.projection_done);
      const auto dot = [](const at::Tensor& a, const at::Tensor& b) { return (a * b).sum().item<double>(); };
      const at::Tensor &w = expected.plain[0], &l = expected.plain[1];
      QVERIFY(std::abs(products.aa - dot(w, w)) < 5e-6 * dot(w, w));
      QVERIFY(std::abs(products.bb - dot(l, l)) < 5e-6 * dot(l, l));
      QVERIFY(std::abs(products.ab - dot(w, l)) < 5e-6 * std::sqrt(dot(w, w) * dot(l, l)));
      QVERIFY(off(projection.gradient(model::Slot::mean_w), w) < 2e-6);
      QVERIFY(off(projection.gradient(model::Slot::mean_l), l) < 2e-6);
      const Incentives d = incentives_of(0);
      QVERIFY(off(projection.gradient(model::Slot::train), 1.0 - 2.0 * d.d_w * w + 0.5 * d.d_l * l) < 2e-6);
      QVERIFY(off(head.cotangent_w, expected.cotangent[0]) < 2e-6);
      QVERIFY(off(head.cotangent_l, expected.cotangent[1]) < 2e-6);
    }
  }

  /// Several pairs with factors of their own: the training gradient takes chosen and rejected rows of all of them in
  /// one product, from one piece of memory (float32) or two (bfloat16 on the CPU).
  void pairs_with_factors_of_their_own_data() {
    QTest::addColumn<bool>("half");
    QTest::addColumn<int>("chunk_rows");
    for (const bool half : {false, true})
      for (const int chunk_rows : {12, 1000})
        QTest::addRow("%s, chunks of %d", half ? "bfloat16" : "float32", chunk_rows) << half << chunk_rows;
  }
  void pairs_with_factors_of_their_own() {
    QFETCH(bool, half);
    QFETCH(int, chunk_rows);
    constexpr std::size_t pairs = 3;
    const auto compute = half ? at::kBFloat16 : at::kFloat;
    const double exact = half ? 2e-2 : 2e-6;
    const Batch batch(pairs);
    likelihood::HeadRequest request;
    request.chunk.bytes = chunk_rows * vocab * static_cast<std::int64_t>(sizeof(float));
    request.summed_w = model::Slot::mean_w, request.summed_l = model::Slot::mean_l;
    std::size_t calls = 0;
    request.factors = [&](const model::PairProducts&, const Incentives& d) {
      ++calls;
      return model::BranchFactors{d.d_w / pairs, d.d_l / pairs};
    };
    const Expected expected = by_autograd(batch, request.likelihood, TokenStatistic::none, 0.0, compute);
    model::Parameter projection;
    projection.value = batch.weight.clone();
    projection.trained = true;
    projection.add(model::Slot::train, at::ones({vocab, hidden}));
    const likelihood::HeadInput input{batch.states[0].to(compute),
                                      batch.states[1].to(compute),
                                      batch.targets[0],
                                      batch.targets[1],
                                      batch.spans[0],
                                      batch.spans[1]};
    const auto callback = [](std::size_t pair, PairLikelihoods&, const likelihood::TokenLogProbs&,
                             std::span<const float>, std::span<const float>) { return incentives_of(pair); };
    const likelihood::HeadResult head = likelihood::run_head(projection, compute, input, request, callback);
    QVERIFY(head.projection_done);
    QCOMPARE(calls, pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      QVERIFY(std::abs(head.pairs[i].z_w - expected.z[0][i]) <= exact * std::abs(expected.z[0][i]));
      QVERIFY(std::abs(head.pairs[i].z_l - expected.z[1][i]) <= exact * std::abs(expected.z[1][i]));
    }
    QVERIFY(off(projection.gradient(model::Slot::mean_w), pairs * expected.plain[0]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::mean_l), pairs * expected.plain[1]) < exact);
    QVERIFY(off(projection.gradient(model::Slot::train) - 1.0, expected.weighted[0] + expected.weighted[1]) < exact);
    QVERIFY(off(head.cotangent_w, expected.cotangent[0]) < exact);
    QVERIFY(off(head.cotangent_l, expected.cotangent[1]) < exact);
  }

  /// What belongs to all of a pair, 1 / |y| and its factors, is no number of bfloat16: 1 / 251 would be 0.3 % too large
  /// there, in every row with the same sign.
  void pairs_are_not_scaled_by_a_rounding() {
    constexpr std::int64_t length = 251;
    Batch batch(1);
    at::manual_seed(3);
    for (int b : {0, 1}) {
      batch.spans[b] = {{0, length}};
      batch.states[b] = at::randn({length, hidden}), batch.targets[b] = at::randint(vocab, {length}, at::kLong);
      batch.reference_states[b] = batch.states[b];
    }
    likelihood::HeadRequest request;
    request.summed_w = model::Slot::mean_w, request.summed_l = model::Slot::mean_l;
    request.factors = [&](const model::PairProducts&, const Incentives& d) {
      return model::BranchFactors{d.d_w / 251, d.d_l / 251};
    };
    const Expected expected = by_autograd(batch, request.likelihood, TokenStatistic::none, 0.0, at::kBFloat16);
    model::Parameter projection;
    projection.value = batch.weight.clone();
    projection.trained = true;
    const likelihood::HeadInput input{batch.states[0].to(at::kBFloat16),
                                      batch.states[1].to(at::kBFloat16),
                                      batch.targets[0],
                                      batch.targets[1],
                                      batch.spans[0],
                                      batch.spans[1]};
    const auto callback = [](std::size_t pair, PairLikelihoods&, const likelihood::TokenLogProbs&,
                             std::span<const float>, std::span<const float>) { return incentives_of(pair); };
    const likelihood::HeadResult head = likelihood::run_head(projection, at::kBFloat16, input, request, callback);
    // How long one is along the other; roundings of single numbers are averaged out.
    const auto scale = [](const at::Tensor& own, const at::Tensor& right) {
      const at::Tensor a = own.to(at::kDouble), b = right.to(at::kDouble);
      return ((a * b).sum() / (b * b).sum()).item<double>();
    };
    const auto near = [](double of_one) { return std::abs(of_one - 1) < 1e-3; };
    QVERIFY2(near(scale(head.cotangent_w, expected.cotangent[0])),
             qPrintable(QString::number(scale(head.cotangent_w, expected.cotangent[0]))));
    QVERIFY(near(scale(head.cotangent_l, expected.cotangent[1])));
    const double sum_w = scale(projection.gradient(model::Slot::mean_w), expected.plain[0]),
                 train = scale(projection.gradient(model::Slot::train),
                               (expected.weighted[0] + expected.weighted[1]) / 251);
    QVERIFY2(near(sum_w), qPrintable(QString::number(sum_w)));
    QVERIFY2(near(train), qPrintable(QString::number(train)));
  }

  void log_probabilities_alone() {
    const Batch batch(3);
    likelihood::HeadRequest request;
    request.gradients = false;
    model::Parameter projection;
    projection.value = batch.weight.clone();
    const likelihood::HeadInput input{batch.states[0],  batch.states[1], batch.targets[0],
                                      batch.targets[1], batch.spans[0],  batch.spans[1]};
    const auto callback = [](std::size_t, PairLikelihoods&, const likelihood::TokenLogProbs&, std::span<const float>,
                             std::span<const float>) { return Incentives{}; };
    const likelihood::HeadResult head = likelihood::run_head(projection, at::kFloat, input, request, callback);
    QVERIFY(!head.cotangent_w.defined());
    for (int slot = 0; slot < static_cast<int>(model::Slot::count); ++slot)
      QVERIFY(projection.empty(static_cast<model::Slot>(slot)));
    const at::Tensor log_softmax = at::log_softmax(at::mm(batch.states[1], batch.weight.t()).to(at::kDouble), -1);
    for (std::size_t i = 0; i < 3; ++i) {
      QCOMPARE(head.log_probs[i].rejected.size(), static_cast<std::size_t>(batch.spans[1][i].length));
      for (std::int64_t t = 0; t < batch.spans[1][i].length; ++t) {
        const std::int64_t row = batch.spans[1][i].begin + t;
        const double expected = log_softmax[row][batch.targets[1][row].item<std::int64_t>()].item<double>();
        QVERIFY(std::abs(head.log_probs[i].rejected[static_cast<std::size_t>(t)] - expected) < 1e-5);
      }
    }
  }

  void certain_tokens_keep_a_weight() {
    const std::vector<float> log_probs = {0.0F, -1e-12F, -0.5F, -100.0F};
    const std::vector<float> weights = likelihood::importance_weights(log_probs);
    QCOMPARE(weights[0], 1e-8F);
    QCOMPARE(weights[1], 1e-8F);
    QVERIFY(std::abs(weights[2] - (1 - std::exp(-0.5))) < 1e-7);
    QCOMPARE(weights[3], 1.0F);
    QVERIFY(std::isfinite(likelihood::reduce_log_probs(std::vector<float>{0.0F, 0.0F}, Likelihood::mean,
                                                       std::vector<float>{1e-8F, 1e-8F})));
  }
};

QTEST_GUILESS_MAIN(TestHead)
#include "test_head.moc"
