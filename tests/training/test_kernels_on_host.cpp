// SPDX-License-Identifier: Apache-2.0
// The CUDA module's kernels, every line of them, on the host: each against the same in float64.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>

#include "tests/training/kernels_on_host.h"
#include "tests/training/softmax_rows_check.h"
#include "training/model/dropout_mask.h"
#include "training/model/kernels.h"
#include "training/quant/nf4.h"

using namespace bandscope;

namespace {

at::Tensor wide(const at::Tensor& t) { return t.to(at::kDouble); }

/// Largest difference relative to the largest value of `expected`.
double difference(const at::Tensor& actual, const at::Tensor& expected) {
  const double scale = expected.numel() == 0 ? 0 : wide(expected).abs().max().item<double>();
  const double most = expected.numel() == 0 ? 0 : (wide(actual) - wide(expected)).abs().max().item<double>();
  return most / (scale > 0 ? scale : 1.0);
}
/// A few roundings of values of a type.
double roundings(at::ScalarType type) { return type == at::kFloat ? 4e-6 : type == at::kHalf ? 4e-3 : 3e-2; }

void types() {
  QTest::addColumn<int>("type");
  QTest::newRow("float32") << static_cast<int>(at::kFloat);
  QTest::newRow("bfloat16") << static_cast<int>(at::kBFloat16);
  QTest::newRow("float16") << static_cast<int>(at::kHalf);
}

}  // namespace

class TestKernelsOnHost : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void norms_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("size");
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16, at::kHalf})
      for (const int size : {1, 17, 64, 520, 2056})
        QTest::addRow("%s, %d", at::toString(type), size) << static_cast<int>(type) << size;
  }
  /// Each kind of norm against float64; rows that are not a whole number of runs, chunks or blocks.
  void norms() {
    QFETCH(int, type);
    QFETCH(int, size);
    const auto typed = static_cast<at::ScalarType>(type);
    const cuda::Kernels& kernels = cuda::kernels_on_host();
    const std::int64_t rows = size > 100 ? 3 : 37;
    at::manual_seed(size);
    const at::Tensor x = (at::randn({rows, size}) * 2 + 0.5).to(typed), gy = at::randn({rows, size}).to(typed),
                     weight = at::randn({size}).to(typed), bias = at::randn({size}).to(typed),
                     row_weights = at::randn({rows});
    for (int kind = 0; kind < 8; ++kind) {
      const bool centred = kind & 1, plus_one = kind & 2, biased = kind & 4;
      const cuda::NormSettings settings{1e-5F, centred, plus_one, !biased && !centred};
      const cuda::NormTensors of{x, weight, biased ? bias : at::Tensor()};
      cuda::NormStatistics statistics;
      at::Tensor y, again, gx = at::empty_like(x), of_weight, of_bias, weighted;
      kernels.norm(of, settings, statistics, y);
      kernels.norm(of, settings, statistics, again);
      QVERIFY(at::equal(y, again));
      const at::Tensor w = wide(x), centre = centred ? w.mean(-1, true) : at::zeros({rows, 1}, at::kDouble),
                       r = ((w - centre).square().mean(-1, true) + 1e-5).rsqrt(), unit = (w - centre) * r,
                       by = wide(weight) + (plus_one ? 1.0 : 0.0);
      QVERIFY(difference(y, biased ? unit * by + wide(bias) : unit * by) < roundings(typed));
      kernels.norm_backward(of, settings, statistics, gy, gx);
      const at::Tensor g = wide(gy) * by;
      at::Tensor expected = g - unit * (g * unit).mean(-1, true);
      if (centred) expected = expected - g.mean(-1, true);
      QVERIFY(difference(gx, expected * r) < 4 * roundings(typed) || size == 1);  // size 1: all but 0
      kernels.norm_sums(of, statistics, gy, {}, of_weight, &of_bias);
      QVERIFY(difference(of_weight, (wide(gy) * unit).sum(0)) < 1e-4 || (size == 1 && centred));
      QVERIFY(difference(of_bias, wide(gy).sum(0)) < 1e-4);
      kernels.norm_sums(of, statistics, gy, row_weights, weighted, nullptr);
      QVERIFY(difference(weighted, (wide(gy) * unit * wide(row_weights).unsqueeze(1)).sum(0)) < 1e-4 ||
              (size == 1 && centred));
    }
  }
  /// More rows than one partial sum takes, each factor for a run of them.
  void sumsOfManyRows() {
    const std::int64_t rows = 66000, size = 3;
    at::manual_seed(1);
    const at::Tensor x = at::randn({rows, size}), gy = at::randn({rows, size}), rstd = at::rand({rows, 1}),
                     factors = at::randn({rows / 4});
    at::Tensor of_weight, again;
    const cuda::NormTensors of{x, at::ones({size}), {}};
    cuda::kernels_on_host().norm_sums(of, {{}, rstd}, gy, factors, of_weight, nullptr);
    const at::Tensor by = wide(factors).repeat_interleave(4, 0, rows).unsqueeze(1);
    QVERIFY(difference(of_weight, (wide(gy) * wide(x) * wide(rstd) * by).sum(0)) < 1e-4);
    cuda::kernels_on_host().norm_sums(of, {{}, rstd}, gy, factors, again, nullptr);
    QVERIFY(at::equal(of_weight, again));
  }

  void gates_data() { types(); }
  void gates() {
    QFETCH(int, type);
    const auto typed = static_cast<at::ScalarType>(type);
    at::manual_seed(3);
    const std::pair<cuda::Activation, std::function<at::Tensor(const at::Tensor&)>> kinds[] = {
        {cuda::Activation::silu, [](const at::Tensor& t) { return at::silu(t); }},
        {cuda::Activation::gelu, [](const at::Tensor& t) { return at::gelu(t); }},
        {cuda::Activation::gelu_tanh, [](const at::Tensor& t) { return at::gelu(t, "tanh"); }},
        {cuda::Activation::relu, [](const at::Tensor& t) { return at::relu(t); }}};
    for (const std::int64_t columns : {3, 24, 300})
      for (const auto& [activation, function] : kinds) {
        // Halves of one tensor, as a fused projection gives them.
        const at::Tensor both = (at::randn({11, 2 * columns}) * 3).to(typed), x = both.slice(1, 0, columns),
                         gated = both.slice(1, columns), g = at::randn({11, columns}).to(typed);
        at::Tensor y, g_x, g_gated = g.clone();
        cuda::kernels_on_host().gate(x, gated, activation, y);
        cuda::kernels_on_host().gate_backward(g_gated, x, gated, activation, g_x);
        const at::Tensor wide_x = wide(x).requires_grad_(true), wide_gated = wide(gated).requires_grad_(true);
        const at::Tensor expected = function(wide_x) * wide_gated;
        const auto grads = torch::autograd::grad({expected}, {wide_x, wide_gated}, {wide(g)});
        QVERIFY(difference(y, expected.detach()) < roundings(typed));
        QVERIFY(difference(g_x, grads[0]) < roundings(typed));
        QVERIFY(difference(g_gated, grads[1]) < roundings(typed));
      }
  }

  void rotations_data() { types(); }
  void rotations() {
    QFETCH(int, type);
    const auto typed = static_cast<at::ScalarType>(type);
    at::manual_seed(5);
    for (const auto& [d, half] : {std::pair{16, 8}, {16, 4}, {64, 32}, {6, 2}, {80, 10}}) {
      // Heads of a fused projection: [q, k, v] of each, one after another.
      const at::Tensor fused = at::randn({7, 3, 3 * d}).to(typed), q = fused.slice(2, 0, d),
                       k = at::randn({7, 2, d}).to(typed), angles = at::randn({7, half}), cos = angles.cos(),
                       sin = angles.sin();
      for (const bool inverse : {false, true}) {
        const std::vector<at::Tensor> x = {q, k};
        std::vector<at::Tensor> y = {at::empty({7, 3, d}, q.options()), at::empty_like(k)};
        cuda::kernels_on_host().rotate(x, cos, sin, inverse, y);
        for (std::size_t i = 0; i < 2; ++i) {
          const at::Tensor a = wide(x[i]).slice(2, 0, half), b = wide(x[i]).slice(2, half, 2 * half),
                           c = wide(cos).unsqueeze(1), s = wide(sin).unsqueeze(1) * (inverse ? -1.0 : 1.0);
          const at::Tensor expected = at::cat({a * c - b * s, b * c + a * s, wide(x[i]).slice(2, 2 * half)}, 2);
          QVERIFY(difference(y[i], expected) < roundings(typed));
        }
      }
    }
  }

  void gathers_data() { types(); }
  void gathers() {
    QFETCH(int, type);
    const auto typed = static_cast<at::ScalarType>(type);
    at::manual_seed(6);
    for (const std::int64_t d : {5, 64}) {
      const at::Tensor x = at::randn({9, 2, 3 * d}).to(typed).slice(2, d, 2 * d);
      const at::Tensor first = at::tensor({3, 3, 8, -1, 0, 5}, at::kLong),
                       second = at::tensor({-1, 2, 1, 4, 0, -1}, at::kLong);
      const auto taken = [&](const at::Tensor& indices) {
        return x.index_select(0, indices.clamp_min(0)) * indices.ge(0).view({-1, 1, 1});
      };
      at::Tensor one, two;
      cuda::kernels_on_host().gather(x, first, {}, one);
      QVERIFY(at::equal(one, taken(first)));
      cuda::kernels_on_host().gather(x, first, second, two);
      QVERIFY(at::equal(two, taken(first) + taken(second)));
    }
  }

  void logits_data() { types(); }
  void logits() {
    QFETCH(int, type);
    const cuda::OnHost on_host;
    const std::string what = softmax_rows_differ(at::kCPU, static_cast<at::ScalarType>(type));
    QVERIFY2(what.empty(), what.c_str());
  }

  void gradients() {
    at::manual_seed(7);
    std::vector<cuda::GradientPair> pairs;
    for (const std::int64_t count : {1, 255, 4097, 140000}) pairs.push_back({at::randn({count}), at::randn({count})});
    const cuda::OnHost on_host;
    const auto products = model::pair_products_each(pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const model::PairProducts plain = model::pair_products_plain(pairs[i].a, pairs[i].b);
      QVERIFY(std::abs(products[i].aa - plain.aa) < 1e-6 * plain.aa &&
              std::abs(products[i].bb - plain.bb) < 1e-6 * plain.bb);
      QVERIFY(std::abs(products[i].ab - plain.ab) < 1e-6 * std::sqrt(plain.aa * plain.bb));
    }
    pairs.resize(3);
    QCOMPARE(model::pair_products_each(pairs)[2].ab, products[2].ab);
    for (const bool overwrite : {true, false}) {
      const at::Tensor w = at::randn({1000}), l = at::randn({1000});
      at::Tensor sum_w = at::randn({1000}), sum_l = at::randn({1000}), target = at::randn({1000});
      const double keep = overwrite ? 0.0 : 1.0;
      const at::Tensor expected[] = {keep * wide(sum_w) + wide(w), keep * wide(sum_l) + wide(l),
                                     keep * wide(target) + 0.3 * wide(w) - 2.0 * wide(l)};
      model::add_branches(w, l, 0.3, -2.0, sum_w, sum_l, target, overwrite);
      QVERIFY(difference(sum_w, expected[0]) < 1e-6 && difference(sum_l, expected[1]) < 1e-6);
      QVERIFY(difference(target, expected[2]) < 1e-6);
      model::combine_branches(target, overwrite, 0.5, w, 1.5, l);
      QVERIFY(difference(target, keep * expected[2] + 0.5 * wide(w) + 1.5 * wide(l)) < 1e-6);
    }
  }

  void dropout_data() { types(); }
  void dropout() {
    QFETCH(int, type);
    model::Dropout dropout;
    dropout.share = 0.3;
    dropout.seed = 9;
    dropout.step = 4;
    dropout.places = at::tensor(std::vector<std::int64_t>{0, 5, 1099511627776, 77}, at::kLong);
    for (const std::int64_t columns : {1, 6, 64}) {
      const at::Tensor here = model::dropout_mask(dropout, 2, columns, static_cast<at::ScalarType>(type));
      const cuda::OnHost on_host;
      QVERIFY(at::equal(model::dropout_mask(dropout, 2, columns, static_cast<at::ScalarType>(type)), here));
    }
  }

  void fourBits_data() { types(); }
  /// Bit for bit as bitsandbytes writes them out in two passes.
  void fourBits() {
    QFETCH(int, type);
    const auto typed = static_cast<at::ScalarType>(type);
    std::shared_ptr<const quant::BitsAndBytes> library;
    try {
      library = quant::BitsAndBytes::load(at::kCPU);
    } catch (const std::exception& error) {
      QSKIP(error.what());
    }
    at::manual_seed(10);
    for (const auto& [rows, columns] : {std::pair{64, 64}, {300, 64}, {1, 50}, {7, 33}, {5, 70}}) {
      const at::Tensor weight = at::randn({rows, columns}) * 0.02;
      quant::Nf4Matrix matrix = quant::quantize_nf4(*library, weight, at::kCPU, "w");
      for (const bool nested : {true, false}) {
        if (!nested) {
          matrix.absmax = at::rand({matrix.blocks()});
          matrix.nested_absmax = matrix.nested_map = matrix.offset = at::Tensor();
        }
        const at::Tensor expected = at::empty({rows, columns}, at::TensorOptions().dtype(typed)),
                         own = at::empty_like(expected);
        quant::dequantize_nf4(*library, matrix, expected);
        const cuda::OnHost on_host;
        quant::dequantize_nf4(*library, matrix, own);
        QVERIFY(at::equal(own, expected));
      }
    }
  }

  /// What does not fit is refused before a kernel sees it.
  void refused() {
    const cuda::Kernels& kernels = cuda::kernels_on_host();
    const at::Tensor x = at::randn({4, 8}), three = at::randn({4, 2, 8});
    at::Tensor y, gx = at::empty_like(x);
    std::vector<at::Tensor> ys = {at::empty_like(three)};
    cuda::NormStatistics none, short_ones{{}, at::ones({3, 1})};
    const std::vector<at::Tensor> one = {three};
    QVERIFY_EXCEPTION_THROWN(kernels.norm({x, at::ones({7}), {}}, {}, none, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.norm({x, at::ones({8}).to(at::kHalf), {}}, {}, none, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.norm({x.t(), at::ones({4}), {}}, {}, none, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.norm_backward({x, at::ones({8}), {}}, {}, short_ones, x, gx), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.rotate(one, at::ones({4, 5}), at::ones({4, 5}), false, ys), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.rotate(one, at::ones({3, 4}), at::ones({3, 4}), false, ys), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.gate(x, at::randn({4, 9}), cuda::Activation::silu, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.gather(three, at::ones({2}), {}, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.log_probs(x, at::ones({3}, at::kLong), y, y), c10::Error);
    QVERIFY_EXCEPTION_THROWN(kernels.norm({wide(x), wide(at::ones({8})), {}}, {}, none, y), c10::Error);
  }
};

QTEST_GUILESS_MAIN(TestKernelsOnHost)
#include "test_kernels_on_host.moc"
