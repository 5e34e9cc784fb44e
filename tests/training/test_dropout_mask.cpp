// SPDX-License-Identifier: Apache-2.0
// Dropout masks: the generator's published numbers, the masks' statistics, and that they are a function of seed, step,
// layer and place alone.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <algorithm>
#include <cmath>

#include "training/cuda/device_kernels.h"
#include "training/model/dropout_mask.h"
#include "training/model/packed_row.h"

using namespace bandscope;

namespace {

at::Tensor places(std::int64_t rows, std::int64_t pair = 0) { return at::arange(rows, at::kLong) + (pair << 32); }

model::Dropout dropout(double share, at::Tensor rows) { return {share, 42, 3, 0, std::move(rows)}; }

}  // namespace

class TestDropoutMask : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// Before anything else asks LibTorch for its devices.
  void initTestCase() { cuda::load_cuda(); }

  /// Known answers of the authors' Random123.
  void philox() {
    const auto words = [](cuda::PhiloxWords counter, std::uint32_t low, std::uint32_t high) {
      const cuda::PhiloxWords out = cuda::philox(counter, low, high);
      return std::vector<std::uint32_t>(out.word, out.word + 4);
    };
    using Words = std::vector<std::uint32_t>;
    QCOMPARE(words({{0, 0, 0, 0}}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    constexpr std::uint32_t all = 0xffffffff;
    QCOMPARE(words({{all, all, all, all}}, all, all), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    QCOMPARE(words({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0),
             (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
  }

  void statistics() {
    constexpr std::int64_t rows = 300, columns = 1001;
    for (const double share : {0.05, 0.5, 0.9}) {
      const at::Tensor mask = model::dropout_mask(dropout(share, places(rows)), 2, columns, at::kFloat);
      const at::Tensor kept = (mask > 0).to(at::kDouble);
      const double keep = 1 - share, count = rows * columns, deviation = std::sqrt(keep * share / count);
      QVERIFY(std::abs(kept.mean().item<double>() - keep) < 5 * deviation);
      QVERIFY(((mask == 0) | ((mask - 1 / keep).abs() < 1e-5)).all().item<bool>());
      // No column or row has a share of its own, and neighbours know nothing of each other.
      QVERIFY((kept.mean(0) - keep).abs().max().item<double>() < 6 * std::sqrt(keep * share / rows));
      QVERIFY((kept.mean(1) - keep).abs().max().item<double>() < 6 * std::sqrt(keep * share / columns));
      const at::Tensor centred = kept - keep;
      for (const auto& [a, b] : {std::pair(centred.slice(1, 0, columns - 1), centred.slice(1, 1)),
                                 std::pair(centred.slice(0, 0, rows - 1), centred.slice(0, 1)),
                                 std::pair(centred.slice(1, 0, columns - 4), centred.slice(1, 4))})
        QVERIFY(std::abs((a * b).mean().item<double>()) < 6 * keep * share / std::sqrt(count));
    }
    QVERIFY((model::dropout_mask(dropout(1e-12, places(50)), 0, 64, at::kFloat) > 0).all().item<bool>());
  }

  void a_function_of_its_place() {
    const auto mask = [](const model::Dropout& of, int layer) {
      return model::dropout_mask(of, layer, 77, at::kFloat);
    };
    const model::Dropout base = dropout(0.5, places(40));
    const at::Tensor expected = mask(base, 1);
    QVERIFY(at::equal(mask(base, 1), expected));
    // Any rows in any order.
    const at::Tensor order = at::flip(at::arange(40, at::kLong), 0);
    model::Dropout turned = base;
    turned.places = places(40).index_select(0, order);
    QVERIFY(at::equal(mask(turned, 1), expected.index_select(0, order)));
    // Fewer columns of the same rows.
    QVERIFY(at::equal(model::dropout_mask(base, 1, 50, at::kFloat), expected.slice(1, 0, 50)));
    QVERIFY(at::equal(model::dropout_mask(base, 1, 77, at::kBFloat16).to(at::kFloat),
                      expected.to(at::kBFloat16).to(at::kFloat)));
    // Whatever else changes changes about half of the elements.
    model::Dropout other_seed = base, other_step = base, other_pair = base;
    other_seed.seed = 43;
    other_step.step = 4;
    other_pair.places = places(40, 1);
    for (const at::Tensor& other : {mask(other_seed, 1), mask(other_step, 1), mask(other_pair, 1), mask(base, 2)}) {
      const double alike = (other == expected).to(at::kDouble).mean().item<double>();
      QVERIFY2(std::abs(alike - 0.5) < 0.06, qPrintable(QString::number(alike)));
    }
  }

  /// Rows of a pair have one place in all layouts, beside whatever pairs.
  void places_of_rows() {
    const data::TokenPair a{0, {1, 2, 3}, {4, 5, 6}, {7, 8}}, b{1, {9, 10}, {11}, {12, 13, 14, 15}};
    const auto of = [](std::vector<const data::TokenPair*> pairs, model::Branches branches) {
      const model::PackedRow row = model::pack(pairs, branches, at::kCPU);
      std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> ids;  // pair and number to id
      const at::Tensor places = row.places(5);
      for (std::int64_t i = 0; i < row.rows(); ++i) {
        const auto place = places[i].item<std::int64_t>();
        const auto id = row.ids[i].item<std::int64_t>();
        const auto [known, fresh] = ids.emplace(std::pair(place >> 32, place & 0xffffffff), id);
        if (known->second != id) return decltype(ids){};  // two rows in one place
      }
      return ids;
    };
    const auto both = of({&a, &b}, model::Branches::both);
    QCOMPARE(both.size(), std::size_t{6 + 5});
    QCOMPARE(both.at({5, 0}), std::int64_t{1});
    QCOMPARE(both.at({5, 5}), std::int64_t{7});
    QCOMPARE(both.at({6, 2}), std::int64_t{12});
    QVERIFY(of({&a, &b}, model::Branches::apart) == both);
    // A rejected response that answers another prompt: none of its rows is in a place of the chosen side's.
    const data::TokenPair own{2, {1, 2, 3}, {4, 5}, {7, 8}, {20, 21}};
    const auto apart = of({&a, &own}, model::Branches::apart), together = of({&a, &own}, model::Branches::both);
    QVERIFY(apart == together);
    QCOMPARE(together.size(), std::size_t{6 + 4 + 3});
    QCOMPARE(together.at({6, 0}), std::int64_t{1});
    for (const std::int64_t id : {20, 21, 7})
      QVERIFY2(std::ranges::any_of(together, [&](const auto& row) { return row.second == id; }),
               qPrintable(QString::number(id)));
    for (const auto& [place, id] : of({&own}, model::Branches::both))
      QCOMPARE(together.at({place.first + 1, place.second}), id);
    const auto alone = of({&a}, model::Branches::both);
    for (const auto& [place, id] : alone) QCOMPARE(both.at(place), id);
  }

  void on_the_device() {
    if (const std::string why = cuda::load_cuda().english(); !why.empty()) QSKIP(("no GPU: " + why).c_str());
    for (const std::int64_t columns : {1, 77, 1024})
      for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        model::Dropout here = dropout(0.3, places(129, 9)), there = here;
        there.places = here.places.to(at::kCUDA);
        QVERIFY(
            at::equal(model::dropout_mask(there, 4, columns, type).cpu(), model::dropout_mask(here, 4, columns, type)));
      }
  }
};

QTEST_GUILESS_MAIN(TestDropoutMask)
#include "test_dropout_mask.moc"
