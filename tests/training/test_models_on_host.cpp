// SPDX-License-Identifier: Apache-2.0
// Whole models of every family with the CUDA module's kernels, which run on the host here, and with LibTorch's
// operators: shapes, strides, ranges and slots as the model has them.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <QDir>
#include <QTest>
#include <optional>
#include <random>

#include "tests/training/kernels_on_host.h"
#include "training/model/decoder.h"
#include "training/model/pair_scores.h"

using namespace bandscope;

namespace {

at::Tensor wide(const at::Tensor& t) { return t.to(at::kDouble); }

/// Largest difference relative to the largest value of `expected`.
double difference(const at::Tensor& actual, const at::Tensor& expected) {
  const double scale = expected.numel() == 0 ? 0 : wide(expected).abs().max().item<double>();
  const double most = expected.numel() == 0 ? 0 : (wide(actual) - wide(expected)).abs().max().item<double>();
  return most / (scale > 0 ? scale : 1.0);
}
QString fixtures() { return QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/hf/"); }

std::vector<data::TokenPair> some_pairs() {
  std::vector<data::TokenPair> pairs(3);
  std::mt19937 random(4);
  const auto ids = [&](std::size_t count) {
    std::vector<text::TokenId> result(count);
    for (auto& id : result) id = static_cast<text::TokenId>(random() % 50);
    return result;
  };
  const std::size_t lengths[3][3] = {{5, 4, 7}, {2, 1, 3}, {9, 6, 1}};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].prompt = ids(lengths[i][0]);
    pairs[i].chosen = ids(lengths[i][1]);
    pairs[i].rejected = ids(lengths[i][2]);
  }
  return pairs;
}

}  // namespace

class TestModelsOnHost : public QObject {
  Q_OBJECT

  /// What a pass leaves: the states, and the gradients of every parameter in two slots.
  struct Left {
    at::Tensor states;
    std::vector<std::pair<std::string, at::Tensor>> gradients;
  };
  enum class Route { train, apart, weighted, scores };
  static Left pass(const QString& name, at::ScalarType type, Route route, bool kernels) {
    std::optional<cuda::OnHost> on_host;
    if (kernels) on_host.emplace();
    model::Decoder::Options options;
    options.compute = type;
    options.train_all = true;
    const auto decoder = model::Decoder::load((fixtures() + name).toStdString(), options);
    const std::vector<data::TokenPair> pairs = some_pairs();
    std::vector<const data::TokenPair*> pointers;
    for (const data::TokenPair& pair : pairs) pointers.push_back(&pair);
    const bool apart = route == Route::apart || route == Route::scores;
    const auto branches = apart ? model::Branches::apart : model::Branches::both;
    const model::PackedRow row = model::pack(pointers, branches, at::kCPU);
    model::PassContext context;
    context.compute = type;
    const model::Hidden hidden = decoder->forward(row, context, std::nullopt);
    context.route.plain = model::Slot::train;
    if (route == Route::apart) {
      context.route.split = row.split;
      context.route.split_plain = model::Slot::score_l;
    }
    if (route == Route::weighted) {
      context.route.weighted = model::Slot::branch_w;
      context.route.row_weights = at::linspace(-1, 1, row.rows(), at::kFloat).unsqueeze(1);
    }
    std::optional<model::PairScores> scores;
    if (route == Route::scores) {
      scores.emplace(row);
      context.route = {};
      context.route.scores = &*scores;
    }
    at::manual_seed(8);
    const at::Tensor g = at::randn(hidden.states.sizes()).to(type);
    torch::autograd::backward({hidden.states}, {g});
    Left left{hidden.states.detach(), {}};
    if (scores) {
      std::vector<double> products;
      for (const model::PairProducts& pair : scores->products())
        products.insert(products.end(), {pair.aa, pair.bb, pair.ab});
      left.gradients.emplace_back("products of pairs", at::tensor(products, at::kDouble));
      const model::BranchFactors factors[] = {{-0.3, 0.2}, {-0.1, 0.4}, {-0.5, 0.1}};
      scores->finish(factors, {model::Slot::mean_w, model::Slot::mean_l, model::Slot::train});
    }
    for (model::Parameter* parameter : decoder->trained())
      for (const model::Slot slot :
           {model::Slot::train, model::Slot::score_l, model::Slot::branch_w, model::Slot::mean_w, model::Slot::mean_l})
        if (!parameter->empty(slot)) left.gradients.emplace_back(parameter->name, parameter->gradient(slot).clone());
    return left;
  }

 private Q_SLOTS:
  void models_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("type");
    for (const QString& name : QDir(fixtures()).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      if (!QFile::exists(fixtures() + name + "/config.json")) continue;
      for (const at::ScalarType type : {at::kFloat, at::kBFloat16})
        QTest::addRow("%s, %s", qPrintable(name), at::toString(type)) << name << static_cast<int>(type);
    }
  }
  /// The whole of a decoder, forward and backward: shapes, strides, ranges and slots as the model has them.
  void models() {
    QFETCH(QString, name);
    QFETCH(int, type);
    const auto typed = static_cast<at::ScalarType>(type);
    // Roundings of bfloat16 grow from layer to layer.
    const double limit = typed == at::kFloat ? 2e-5 : 6e-2;
    for (const Route route : {Route::train, Route::apart, Route::weighted, Route::scores}) {
      if (typed != at::kFloat && route != Route::weighted) continue;
      const std::int64_t before = cuda::launches_on_host();
      const Left plain = pass(name, typed, route, false);
      QCOMPARE(cuda::launches_on_host(), before);
      const Left own = pass(name, typed, route, true);
      // Norms, rotary positions and gates, there and back, in two layers at least.
      QVERIFY(cuda::launches_on_host() >= before + 10);
      QVERIFY2(difference(own.states, plain.states) < limit,
               qPrintable(QString::number(difference(own.states, plain.states))));
      QCOMPARE(own.gradients.size(), plain.gradients.size());
      QVERIFY(!own.gradients.empty());
      for (std::size_t i = 0; i < own.gradients.size(); ++i) {
        const double off = difference(own.gradients[i].second, plain.gradients[i].second);
        QCOMPARE(own.gradients[i].first, plain.gradients[i].first);
        QVERIFY2(off < limit, qPrintable(QString::fromStdString(own.gradients[i].first) + QString(": %1").arg(off)));
      }
    }
  }
};

QTEST_GUILESS_MAIN(TestModelsOnHost)
#include "test_models_on_host.moc"
