// SPDX-License-Identifier: Apache-2.0
// The CPU's fused passes against the same mathematics in float64 with LibTorch's operators.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>

#include "training/model/kernels.h"
#include "training/model/matrix_products.h"
#include "training/model/row_kernels.h"

using namespace bandscope;

namespace {

/// Largest difference relative to the largest value of `expected`.
double difference(const at::Tensor& actual, const at::Tensor& expected) {
  const double scale = expected.abs().max().item<double>();
  return (actual.to(at::kDouble) - expected).abs().max().item<double>() / (scale > 0 ? scale : 1.0);
}

at::Tensor wide(const at::Tensor& t) { return t.to(at::kDouble); }

}  // namespace

class TestRowKernels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  // The bounds below are a few roundings of usual draws; an unusual one can pass them.
  void initTestCase() { at::manual_seed(1); }
  void sizes() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("size");
    for (const auto& [rows, size] : {std::pair{1, 1}, {1, 64}, {3, 17}, {33, 100}, {70, 576}, {257, 1536}})
      QTest::addRow("%d x %d", rows, size) << rows << size;
  }
  void rmsNorm_data() { sizes(); }
  void rmsNorm() {
    QFETCH(int, rows);
    QFETCH(int, size);
    const at::Tensor x = at::randn({rows, size}) * 3, weight = at::randn({size}), gy = at::randn({rows, size});
    at::Tensor rstd, g_weight = at::zeros({size});
    const double eps = 1e-5;
    const at::Tensor y = model::rms_norm_rows(x, weight, eps, rstd);
    const at::Tensor r = (wide(x).square().mean(-1, true) + eps).rsqrt(), unit = wide(x) * r;
    QVERIFY(difference(y, unit * wide(weight)) < 1e-6);
    QVERIFY(difference(model::rms_norm_rows_again(x, weight, rstd), unit * wide(weight)) < 1e-6);
    at::Tensor gx = at::empty_like(x);
    model::rms_norm_rows_backward(gy, x, weight, rstd, gx, g_weight);
    const at::Tensor g = wide(gy) * wide(weight);
    QVERIFY(difference(gx, (g - unit * (g * unit).mean(-1, true)) * r) < 1e-5 || size == 1);  // size 1: all but 0
    QVERIFY(difference(g_weight, (wide(gy) * unit).sum(0)) < 1e-5);
  }
  void productsOfFewAndManyColumns() {
    for (const std::int64_t columns : {1, 8, 15, 16, 40, 4096, 5000}) {
      const at::Tensor left = at::randn({37, 50}), right = at::randn({50, columns});
      const at::Tensor y = model::product(left, right);
      QCOMPARE(y.sizes(), (at::IntArrayRef{37, columns}));
      QVERIFY(y.is_contiguous());
      QVERIFY(difference(y, at::mm(wide(left), wide(right))) < 1e-6);
      QVERIFY(difference(model::product(right.t(), left.t()), at::mm(wide(right.t()), wide(left.t()))) < 1e-6);
      // As a layer has them: a weight's transpose, with a bias, and added to what is there.
      const at::Tensor weight = right.t().contiguous(), bias = at::randn({columns}), before = at::randn({37, columns});
      at::Tensor out = at::empty({37, columns}), sum = before.clone();
      model::product_into(out, left, weight.t(), bias);
      QVERIFY(difference(out, wide(bias) + at::mm(wide(left), wide(right))) < 1e-6);
      model::product_into(out, left, weight.t());
      QVERIFY(difference(out, at::mm(wide(left), wide(right))) < 1e-6);
      model::add_product(sum, left, right);
      QVERIFY(difference(sum, wide(before) + at::mm(wide(left), wide(right))) < 1e-6);
    }
  }
  void rmsNormAddsToTheWeightsGradient() {
    const at::Tensor x = at::randn({5, 8}), weight = at::ones({8}), gy = at::randn({5, 8});
    at::Tensor rstd, once = at::zeros({8}), twice = at::full({8}, 2.0);
    model::rms_norm_rows(x, weight, 1e-6, rstd);
    at::Tensor gx = at::empty_like(x);
    model::rms_norm_rows_backward(gy, x, weight, rstd, gx, once);
    model::rms_norm_rows_backward(gy, x, weight, rstd, gx, twice);
    QVERIFY(at::equal(twice - 2.0, (once + 2.0) - 2.0));
  }
  void swiglu_data() { sizes(); }
  void swiglu() {
    QFETCH(int, rows);
    QFETCH(int, size);
    const at::Tensor gate = at::randn({rows, size}) * 5, up = at::randn({rows, size});
    at::Tensor g = at::randn({rows, size});
    const at::Tensor sigmoid = wide(gate).sigmoid(), g_wide = wide(g);
    QVERIFY(difference(model::swiglu_rows(gate, up), wide(gate) * sigmoid * wide(up)) < 1e-6);
    at::Tensor g_gate = at::empty_like(gate);
    model::swiglu_rows_backward(g, gate, up, g_gate);
    QVERIFY(difference(g_gate, g_wide * wide(up) * sigmoid * (1 + wide(gate) * (1 - sigmoid))) < 1e-6);
    QVERIFY(difference(g, g_wide * wide(gate) * sigmoid) < 1e-6);
  }
  void swigluFarOut() {
    const at::Tensor gate = at::tensor({-200.0F, -90.0F, 0.0F, 90.0F, 200.0F}), up = at::ones({5});
    const at::Tensor y = model::swiglu_rows(gate, up);
    QVERIFY(at::isfinite(y).all().item<bool>());
    QVERIFY(at::allclose(y, at::tensor({0.0F, 0.0F, 0.0F, 90.0F, 200.0F}), 1e-6, 1e-30));
    at::Tensor g = at::ones({5}), g_gate = at::empty({5});
    model::swiglu_rows_backward(g, gate, up, g_gate);
    QVERIFY(at::isfinite(g_gate).all().item<bool>());
  }
  void rotation() {
    const std::int64_t rows = 37, heads = 3, d = 20, half = 4;  // 8 of 20 dimensions rotate
    const at::Tensor wider = at::randn({rows, heads, 3 * d}), angles = at::randn({rows, half});
    const at::Tensor x = wider.slice(-1, d, 2 * d);  // strided, as a fused projection gives it
    const at::Tensor cos = angles.cos(), sin = angles.sin(), c = wide(cos).unsqueeze(1), s = wide(sin).unsqueeze(1);
    const at::Tensor a = wide(x).slice(-1, 0, half), b = wide(x).slice(-1, half, 2 * half);
    const at::Tensor expected = at::cat({a * c - b * s, b * c + a * s, wide(x).slice(-1, 2 * half)}, -1);
    at::Tensor y = at::empty(x.sizes()), back = at::empty(x.sizes());
    model::rotate_rows(x, cos, sin, false, y);
    QVERIFY(difference(y, expected) < 1e-6);
    model::rotate_rows(y, cos, sin, true, back);
    QVERIFY(difference(back, wide(x)) < 1e-6);
  }
  void productsAndCombination_data() { sizes(); }
  void productsAndCombination() {
    QFETCH(int, rows);
    QFETCH(int, size);
    const at::Tensor a = at::randn({rows, size}), b = at::randn({rows, size});
    const model::PairProducts fast = model::pair_products(a, b), plain = model::pair_products_plain(a, b);
    const auto close = [](double x, double y, double scale) { return std::abs(x - y) <= 1e-6 * scale; };
    QVERIFY(close(fast.aa, plain.aa, plain.aa));
    QVERIFY(close(fast.bb, plain.bb, plain.bb));
    QVERIFY(close(fast.ab, plain.ab, std::sqrt(plain.aa * plain.bb)));
    QVERIFY(close(model::squared_norm(a), plain.aa, plain.aa));
    at::Tensor target = at::randn({rows, size});
    const at::Tensor expected = wide(target) + 0.3 * wide(a) - 2.0 * wide(b);
    model::combine_branches(target, false, 0.3, a, -2.0, b);
    QVERIFY(difference(target, expected) < 1e-6);
    model::combine_branches(target, true, 0.3, a, -2.0, b);
    QVERIFY(difference(target, 0.3 * wide(a) - 2.0 * wide(b)) < 1e-6);

    at::Tensor sum_w = at::randn({rows, size}), sum_l = at::randn({rows, size});
    for (const bool overwrite : {false, true}) {
      const double keep = overwrite ? 0.0 : 1.0;
      const at::Tensor w = wide(sum_w) * keep + wide(a), l = wide(sum_l) * keep + wide(b),
                       total = wide(target) * keep + 0.5 * wide(a) - 1.5 * wide(b);
      model::add_branches(a, b, 0.5, -1.5, sum_w, sum_l, target, overwrite);
      QVERIFY(difference(sum_w, w) < 1e-6 && difference(sum_l, l) < 1e-6 && difference(target, total) < 1e-6);
    }
  }
};

QTEST_GUILESS_MAIN(TestRowKernels)
#include "test_row_kernels.moc"
