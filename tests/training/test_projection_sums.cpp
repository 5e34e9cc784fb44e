// SPDX-License-Identifier: Apache-2.0
// Norms and inner products of scores that are never made, against those of gradients in float64.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <cmath>

#include "training/model/projection_sums.h"

namespace model = bandscope::model;

namespace {

at::Tensor wide(const at::Tensor& t) { return t.to(at::kDouble); }

bool close(const model::PairProducts& products, const at::Tensor& w, const at::Tensor& l) {
  const double aa = w.square().sum().item<double>(), bb = l.square().sum().item<double>(),
               ab = (w * l).sum().item<double>(), near = 1e-5;
  return std::abs(products.aa - aa) <= near * aa && std::abs(products.bb - bb) <= near * bb &&
         std::abs(products.ab - ab) <= near * std::sqrt(aa * bb);
}

}  // namespace

class TestProjectionSums : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void pairs_and_step() {
    at::manual_seed(3);
    constexpr std::int64_t vocabulary = 700, hidden = 24;
    model::ProjectionSums sums;
    for (int step = 0; step < 2; ++step) {  // nothing is left of the step before
      at::Tensor total[2] = {at::zeros({vocabulary, hidden}, at::kDouble),
                             at::zeros({vocabulary, hidden}, at::kDouble)};
      std::int64_t length = 3 + step;
      for (const int pairs : {1, 3, 2}) {
        at::Tensor errors[2], columns[2];
        std::vector<model::ResponseSpan> spans[2];
        std::vector<at::Tensor> gradients[2];
        for (const int b : {0, 1}) {
          std::int64_t rows = 0;
          for (int pair = 0; pair < pairs; ++pair) {
            spans[b].push_back({rows, length});
            rows += length;
            length = length % 7 + 2;
          }
          errors[b] = at::randn({rows, vocabulary});
          columns[b] = at::randn({rows, hidden});
          for (const model::ResponseSpan& span : spans[b]) {
            const auto of = [&](const at::Tensor& t) { return wide(t.slice(0, span.begin, span.begin + span.length)); };
            gradients[b].push_back(at::mm(of(errors[b]).t(), of(columns[b])));
            total[b].add_(gradients[b].back());
          }
        }
        const std::vector<model::PairProducts> products = sums.add({errors, columns, spans[0], spans[1]});
        QCOMPARE(products.size(), static_cast<std::size_t>(pairs));
        for (std::size_t pair = 0; pair < products.size(); ++pair)
          QVERIFY(close(products[pair], gradients[0][pair], gradients[1][pair]));
        QVERIFY(close(sums.total(), total[0], total[1]));
      }
      sums.clear();
    }
    QCOMPARE(sums.total().aa, 0.0);
  }

  /// Scores that cancel have no negative squares.
  void what_cancels_is_nothing() {
    const at::Tensor errors = at::rand({4, 50}), columns = at::rand({4, 8});
    model::ProjectionSums sums;
    for (const double sign : {1.0, -1.0}) {
      const at::Tensor of[2] = {errors * sign, errors * sign}, by[2] = {columns, columns};
      sums.add({of, by, {{0, 4}}, {{0, 4}}});
    }
    QVERIFY(sums.total().aa >= 0 && sums.total().aa < 1e-3);
    QVERIFY(std::abs(sums.total().ab) < 1e-3);
  }

  void what_is_not_a_number_stays_so() {
    at::Tensor errors = at::rand({4, 50});
    errors[1][7] = std::nan("");
    const at::Tensor columns = at::rand({4, 8}), of[2] = {errors, errors}, by[2] = {columns, columns};
    const model::ProjectionRows rows(of, by, {{0, 4}}, {{0, 4}});
    model::ProjectionSums sums;
    QVERIFY(std::isnan(sums.add(rows)[0].aa));
    QVERIFY(std::isnan(sums.total().aa) && std::isnan(sums.total().bb));
    QVERIFY(std::isnan(model::products_of_pairs(rows)[0].bb));
  }
};

QTEST_GUILESS_MAIN(TestProjectionSums)
#include "test_projection_sums.moc"
