// SPDX-License-Identifier: Apache-2.0
// Scores of pairs out of their rows against gradients of each pair, made in float64 and multiplied out.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <cmath>
#include <stdexcept>

#include "tests/training/random_pairs.h"
#include "training/model/pair_scores.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

at::Tensor wide(const at::Tensor& t) { return t.to(at::kDouble); }

double off(const at::Tensor& a, const at::Tensor& b) {
  return (wide(a) - wide(b)).norm().item<double>() / std::max(1e-30, wide(b).norm().item<double>());
}

model::Parameter parameter(at::IntArrayRef shape) {
  model::Parameter result;
  result.name = "weight";
  result.value = at::randn(shape);
  result.trained = true;
  return result;
}

/// Gradients of every pair, [branch][pair], which the class under test never makes.
using Gradients = std::array<std::vector<at::Tensor>, 2>;

struct Row {
  std::vector<data::TokenPair> pairs;
  model::PackedRow packed;
  std::vector<model::BranchFactors> factors;

  explicit Row(int count, bool own_prompts = false) : pairs(random_pairs(count, 3)) {
    std::vector<const data::TokenPair*> pointers;
    for (data::TokenPair& pair : pairs) {
      if (own_prompts) pair.rejected_prompt = {pair.prompt.rbegin(), pair.prompt.rend()};
      pointers.push_back(&pair);
      factors.push_back({-0.1 - 0.2 * static_cast<double>(factors.size()), 0.3});
    }
    packed = model::pack(pointers, model::Branches::apart, at::kCPU);
  }
  /// Random inputs, the same for rows that repeat others.
  at::Tensor inputs(std::int64_t size) const {
    at::Tensor x = at::randn({packed.rows(), size});
    const model::PackedCopies& copies = packed.copies;
    if (copies.count > 0) x.slice(0, copies.to).copy_(x.slice(0, copies.from, copies.from + copies.count));
    return x;
  }
  /// `of(rows)` for the rows of every pair's branches.
  template <class Of>
  Gradients gradients(const Of& of) const {
    Gradients result;
    for (std::size_t i = 0; i < packed.segments.size(); ++i) {
      at::Tensor sum;
      for (const model::PackedRange& range : packed.segments[i].ranges) {
        const at::Tensor part = of(range.begin, range.end);
        sum = sum.defined() ? sum + part : part;
      }
      result[i < pairs.size() ? 0 : 1].push_back(sum);
    }
    return result;
  }
  /// What of_rows left is what these gradients say, and so are the parameter's sums.
  QString differ(model::PairScores& scores, model::Parameter& of, const Gradients& expected, double bound) const {
    const std::vector<model::PairProducts> products = scores.products();
    if (products.size() != pairs.size()) return "number of pairs";
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const at::Tensor &w = expected[0][i], &l = expected[1][i];
      const double ww = w.square().sum().item<double>(), ll = l.square().sum().item<double>(),
                   wl = (w * l).sum().item<double>();
      if (!(std::abs(products[i].aa - ww) <= bound * ww) || !(std::abs(products[i].bb - ll) <= bound * ll) ||
          !(std::abs(products[i].ab - wl) <= bound * std::sqrt(ww * ll)))
        return QString("pair %1: %2 %3 %4 and %5 %6 %7")
            .arg(i)
            .arg(products[i].aa)
            .arg(products[i].bb)
            .arg(products[i].ab)
            .arg(ww)
            .arg(ll)
            .arg(wl);
    }
    scores.finish(factors, {model::Slot::mean_w, model::Slot::mean_l, model::Slot::train});
    at::Tensor sums[3] = {at::zeros_like(expected[0][0]), at::zeros_like(expected[0][0]),
                          at::zeros_like(expected[0][0])};
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      sums[0] += expected[0][i];
      sums[1] += expected[1][i];
      sums[2] += factors[i].w * expected[0][i] + factors[i].l * expected[1][i];
    }
    int k = 0;
    for (const model::Slot slot : {model::Slot::mean_w, model::Slot::mean_l, model::Slot::train}) {
      const double error = off(of.gradient(slot), sums[k]);
      if (!(error <= bound)) return QString("sum %1 is off by %2").arg(k).arg(error);
      ++k;
    }
    return "";
  }
};

}  // namespace

class TestPairScores : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    at::manual_seed(1);
    at::set_num_threads(1);
  }

  void linear_layers_data() {
    QTest::addColumn<int>("pairs");
    QTest::addColumn<bool>("own_prompts");
    QTest::addColumn<int>("out");
    QTest::addColumn<int>("in");
    QTest::addColumn<bool>("bfloat16");
    for (const int pairs : {1, 5})
      for (const bool own : {false, true})
        for (const auto& [out, in] : {std::pair{24, 40}, {8, 700}, {500, 8}, {300, 256}, {1, 30}})
          for (const bool bfloat16 : {false, true})
            QTest::addRow("%d pairs%s, %d x %d%s", pairs, own ? " with own prompts" : "", out, in,
                          bfloat16 ? ", bfloat16" : "")
                << pairs << own << out << in << bfloat16;
  }
  /// Sizes for which Gram matrices are cheaper and for which they are not, and for which pairs are added up one by one
  /// and not; a second layer of the same input, and a bias.
  void linear_layers() {
    QFETCH(int, pairs);
    QFETCH(bool, own_prompts);
    QFETCH(int, out);
    QFETCH(int, in);
    QFETCH(bool, bfloat16);
    const at::ScalarType type = bfloat16 ? at::kBFloat16 : at::kFloat;
    const double bound = bfloat16 ? 2e-2 : 1e-5;
    const Row row(pairs, own_prompts);
    const at::Tensor x = row.inputs(in).to(type);
    for (int layer = 0; layer < 2; ++layer) {
      model::Parameter weight = parameter({out, in}), bias = parameter({out});
      const at::Tensor g = at::randn({row.packed.rows(), out}).to(type);
      model::PairScores scores(row.packed);
      scores.add_product(weight, g, x);
      const Gradients expected = row.gradients([&](std::int64_t begin, std::int64_t end) {
        return at::mm(wide(g.slice(0, begin, end)).t(), wide(x.slice(0, begin, end)));
      });
      const QString what = row.differ(scores, weight, expected, bound);
      QVERIFY2(what.isEmpty(), qPrintable(what));

      model::PairScores sums(row.packed);
      sums.add_row_sum(bias, g);
      const Gradients of_bias =
          row.gradients([&](std::int64_t begin, std::int64_t end) { return wide(g.slice(0, begin, end)).sum(0); });
      const QString other = row.differ(sums, bias, of_bias, bound);
      QVERIFY2(other.isEmpty(), qPrintable(other));
    }
  }

  /// Two layers of one input, a norm that is used twice, heads that are normalised each for itself: of all together.
  void several_parameters() {
    const Row row(3);
    const at::Tensor x = row.inputs(30);
    model::Parameter a = parameter({20, 30}), b = parameter({12, 30}), norm = parameter({7});
    const at::Tensor ga = at::randn({row.packed.rows(), 20}), gb = at::randn({row.packed.rows(), 12}),
                     heads = at::randn({row.packed.rows(), 4, 7}), again = at::randn({row.packed.rows(), 7});
    model::PairScores scores(row.packed);
    scores.add_product(a, ga, x);
    scores.add_product(b, gb, x);
    scores.add_row_sum(norm, heads);
    scores.add_row_sum(norm, again);
    QVERIFY_EXCEPTION_THROWN(scores.add_product(a, ga, x), std::logic_error);
    const auto flat = [&](std::int64_t begin, std::int64_t end) {
      const auto of = [&](const at::Tensor& t) { return wide(t.slice(0, begin, end)); };
      return at::cat({at::mm(of(ga).t(), of(x)).flatten(), at::mm(of(gb).t(), of(x)).flatten(),
                      of(heads).sum(at::IntArrayRef{0, 1}) + of(again).sum(0)});
    };
    const Gradients all = row.gradients(flat);
    const std::vector<model::PairProducts> products = scores.products();
    for (std::size_t i = 0; i < 3; ++i) {
      const double ww = all[0][i].square().sum().item<double>(), wl = (all[0][i] * all[1][i]).sum().item<double>();
      QVERIFY(std::abs(products[i].aa - ww) <= 1e-5 * ww);
      QVERIFY(std::abs(products[i].ab - wl) <= 1e-5 * ww);
    }
    scores.finish(row.factors, {model::Slot::mean_w, model::Slot::mean_l, model::Slot::train});
    QVERIFY(off(at::cat({a.gradient(model::Slot::mean_w).flatten(), b.gradient(model::Slot::mean_w).flatten(),
                         norm.gradient(model::Slot::mean_w)}),
                all[0][0] + all[0][1] + all[0][2]) < 1e-5);
  }

  void tables_data() {
    QTest::addColumn<bool>("tied");
    QTest::addColumn<bool>("gathered");
    QTest::addColumn<int>("pairs");
    QTest::newRow("tied") << true << false << 4;
    QTest::newRow("apart") << false << false << 4;
    QTest::newRow("tied, a pair longer than a chunk") << true << true << 1;
    QTest::newRow("apart, a pair longer than a chunk") << false << true << 1;
  }
  /// Embedding and output projection; where they are tied their gradients meet in one table.
  void tables() {
    QFETCH(bool, tied);
    QFETCH(bool, gathered);
    QFETCH(int, pairs);
    constexpr std::int64_t vocabulary = 640, size = 16;
    const Row row(pairs);
    model::Parameter table = parameter({vocabulary, size}), other = parameter({vocabulary, size});
    model::Parameter& projection = tied ? table : other;
    const std::int64_t middle = row.packed.targets_w.size(0), count = middle + row.packed.targets_l.size(0);
    const at::Tensor errors = at::randn({count, vocabulary}), columns = at::randn({count, size}),
                     g = at::randn({row.packed.rows(), size});
    model::PairScores scores(row.packed);
    Gradients of_projection;
    const at::Tensor errors_of[] = {errors.slice(0, 0, middle), errors.slice(0, middle)},
                     columns_of[] = {columns.slice(0, 0, middle), columns.slice(0, middle)};
    model::ProjectionRows rows(errors_of, columns_of, row.packed.spans_w, row.packed.spans_l);
    for (const bool chosen : {true, false})
      for (const model::ResponseSpan& span : chosen ? rows.spans_w : rows.spans_l)
        of_projection[chosen ? 0 : 1].push_back(at::mm(wide(errors.slice(0, span.begin, span.begin + span.length)).t(),
                                                       wide(columns.slice(0, span.begin, span.begin + span.length))));
    if (gathered) {
      projection.add(model::Slot::score_w, of_projection[0][0].to(at::kFloat));
      projection.add(model::Slot::score_l, of_projection[1][0].to(at::kFloat));
      scores.add_projection(projection, model::Slot::score_w, model::Slot::score_l);
    } else {
      scores.add_projection(projection, std::move(rows));
    }
    Gradients expected = row.gradients([&](std::int64_t begin, std::int64_t end) {
      return at::zeros({vocabulary, size}, at::kDouble)
          .index_add_(0, row.packed.ids.slice(0, begin, end), wide(g.slice(0, begin, end)));
    });
    scores.add_lookup(table, row.packed.ids, g);
    if (tied) {
      for (const int b : {0, 1})
        for (std::size_t i = 0; i < expected[b].size(); ++i) expected[b][i] += of_projection[b][i];
      const QString what = row.differ(scores, table, expected, 1e-5);
      QVERIFY2(what.isEmpty(), qPrintable(what));
      return;
    }
    for (const int b : {0, 1})  // two parameters: one under the other
      for (std::size_t i = 0; i < expected[b].size(); ++i)
        expected[b][i] = at::cat({expected[b][i], of_projection[b][i]});
    const std::vector<model::PairProducts> products = scores.products();
    for (std::size_t i = 0; i < products.size(); ++i) {
      const double ww = expected[0][i].square().sum().item<double>(),
                   wl = (expected[0][i] * expected[1][i]).sum().item<double>();
      QVERIFY(std::abs(products[i].aa - ww) <= 1e-5 * ww && std::abs(products[i].ab - wl) <= 1e-5 * ww);
    }
    scores.finish(row.factors, {model::Slot::mean_w, model::Slot::mean_l, model::Slot::train});
    at::Tensor total = at::zeros_like(expected[0][0]);
    for (std::size_t i = 0; i < products.size(); ++i)
      total += row.factors[i].w * expected[0][i] + row.factors[i].l * expected[1][i];
    QVERIFY(off(at::cat({table.gradient(model::Slot::train), projection.gradient(model::Slot::train)}), total) < 1e-5);
  }

  /// A step of one pair whose projection is gathered where its sums are.
  void sums_that_are_there_already() {
    const Row row(1);
    model::Parameter table = parameter({640, 16});
    const at::Tensor w = at::randn({640, 16}), l = at::randn({640, 16});
    table.add(model::Slot::score_w, w);
    table.add(model::Slot::score_l, l);
    model::PairScores scores(row.packed);
    scores.add_projection(table, model::Slot::score_w, model::Slot::score_l);
    QVERIFY(std::abs(scores.products()[0].aa - wide(w).square().sum().item<double>()) < 1e-2);
    scores.finish(row.factors, {model::Slot::score_w, model::Slot::score_l, model::Slot::train});
    QVERIFY(at::equal(table.gradient(model::Slot::score_w), w));
    QVERIFY(off(table.gradient(model::Slot::train), row.factors[0].w * w + row.factors[0].l * l) < 1e-6);
  }
};

QTEST_GUILESS_MAIN(TestPairScores)
#include "test_pair_scores.moc"
