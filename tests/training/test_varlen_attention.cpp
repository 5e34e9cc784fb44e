// SPDX-License-Identifier: Apache-2.0
// A packed row as variable-length sequences: which rows go where, and that attention through them is masked attention,
// forward and backward. The kernel here is a loop over the sequences in float64; the layout is what a GPU's kernel
// gets.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <QTest>

#include "training/cuda/device_kernels.h"
#include "training/model/functions.h"
#include "training/model/varlen_attention.h"

using namespace bandscope;

namespace {

/// softmax(scale q k^T) of one sequence, [heads, n, m], its last query beside its last key; of capped scores where
/// there is a cap.
at::Tensor probabilities(const at::Tensor& q, const at::Tensor& k, std::int64_t window, std::optional<double> scale,
                         double cap = 0) {
  const std::int64_t n = q.size(0), m = k.size(0);
  at::Tensor scores =
      at::einsum("ihd,jhd->hij", {q, k}) * scale.value_or(1.0 / std::sqrt(static_cast<double>(q.size(2))));
  if (cap > 0) scores = (scores / cap).tanh() * cap;
  at::Tensor seen = at::ones({n, m}, at::kBool).tril(m - n);
  if (window > 0) seen = seen.logical_and(at::ones({n, m}, at::kBool).triu(m - n + 1 - window));
  return at::softmax(scores.masked_fill(seen.logical_not(), -std::numeric_limits<double>::infinity()), -1);
}

at::Tensor repeated(const at::Tensor& t, std::int64_t groups) { return t.repeat_interleave(groups, 1); }

/// body(queries, keys) with the ranges of each sequence.
template <class Body>
void each_sequence(const model::Sequences& sequences, const Body& body) {
  const auto *of_q = sequences.queries.starts.const_data_ptr<std::int32_t>(),
             *of_k = sequences.keys.starts.const_data_ptr<std::int32_t>();
  for (std::int64_t i = 0; i + 1 < sequences.queries.starts.size(0); ++i)
    body(model::PackedRange{of_q[i], of_q[i + 1]}, model::PackedRange{of_k[i], of_k[i + 1]});
}
at::Tensor part_of(const at::Tensor& t, model::PackedRange range) { return t.slice(0, range.begin, range.end); }

model::VarlenKernel::Forward loop_forward(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                                          const model::Sequences& sequences, std::int64_t window,
                                          std::optional<double> scale) {
  const std::int64_t groups = q.size(1) / k.size(1);
  at::Tensor out = at::empty_like(q);
  each_sequence(sequences, [&](model::PackedRange queries, model::PackedRange keys) {
    const at::Tensor p = probabilities(part_of(q, queries), repeated(part_of(k, keys), groups), window, scale);
    part_of(out, queries).copy_(at::einsum("hij,jhd->ihd", {p, repeated(part_of(v, keys), groups)}));
  });
  return {out, at::empty({0}), at::empty({0}), at::empty({0})};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> loop_backward(const at::Tensor& g, const at::Tensor& q,
                                                             const at::Tensor& k, const at::Tensor& v,
                                                             const model::VarlenKernel::Forward&,
                                                             const model::Sequences& sequences, std::int64_t window,
                                                             std::optional<double> scale) {
  const at::AutoGradMode on(true);
  const at::Tensor qs = q.detach().requires_grad_(true), ks = k.detach().requires_grad_(true),
                   vs = v.detach().requires_grad_(true);
  const std::int64_t groups = q.size(1) / k.size(1);
  std::vector<at::Tensor> outputs;
  each_sequence(sequences, [&](model::PackedRange queries, model::PackedRange keys) {
    const at::Tensor p = probabilities(part_of(qs, queries), repeated(part_of(ks, keys), groups), window, scale);
    outputs.push_back(at::einsum("hij,jhd->ihd", {p, repeated(part_of(vs, keys), groups)}));
  });
  const auto grads = torch::autograd::grad({at::cat(outputs)}, {qs, ks, vs}, {g});
  return {grads[0], grads[1], grads[2]};
}

/// Both ways to lay queries out.
constexpr model::VarlenKernel loops[] = {{false, loop_forward, loop_backward}, {true, loop_forward, loop_backward}};

data::TokenPair pair_of(std::size_t prompt, std::size_t chosen, std::size_t rejected) {
  data::TokenPair pair;
  pair.prompt.assign(prompt, 1);
  pair.chosen.assign(chosen, 2);
  pair.rejected.assign(rejected, 3);
  return pair;
}

}  // namespace

class TestVarlenAttention : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// Before a generator's seed makes LibTorch settle that there is no accelerator.
  void initTestCase() { cuda::load_cuda(); }
  void sequences() {
    const data::TokenPair pair = pair_of(3, 3, 2);
    const data::TokenPair* const pairs[] = {&pair};
    const auto segments = model::pack(pairs, model::Branches::both, at::kCPU).segments;
    const auto are = [](const at::Tensor& t, std::vector<std::int64_t> expected) {
      return at::equal(t, at::tensor(expected, t.options()));
    };
    // Rows: prompt 0 1 2, chosen 3 4, rejected 5; the prompt's keys come again before the rejected response's.
    for (const bool once : {false, true}) {
      const model::Sequences s = model::sequences_of(segments, once, at::kCPU);
      QVERIFY(are(s.keys.rows, {0, 1, 2, 3, 4, 0, 1, 2, 5}));
      QVERIFY(are(s.keys.first, {0, 1, 2, 3, 4, 8}));
      QVERIFY(are(s.keys.second, {5, 6, 7, -1, -1, -1}));
      QVERIFY(are(s.keys.starts, {0, 5, 9}));
      QCOMPARE(s.keys.longest, 5);
      if (once) {  // the rows as they are
        QVERIFY(!s.queries.rows.defined() && !s.queries.first.defined() && !s.takers.defined());
        QVERIFY(are(s.queries.starts, {0, 5, 6}));
        QCOMPARE(s.queries.longest, 5);
      } else {
        QVERIFY(are(s.queries.rows, {0, 1, 2, 3, 4, 0, 1, 2, 5}));
        QVERIFY(are(s.takers, {0, 1, 2, 3, 4, -1, -1, -1, 5}));
        QVERIFY(are(s.queries.starts, {0, 5, 9}));
      }
    }
    // Responses without a branch beside them lie as they are on both sides.
    const auto alone = model::pack(pairs, model::Branches::chosen, at::kCPU).segments;
    const model::Sequences s = model::sequences_of(alone, true, at::kCPU);
    QVERIFY(!s.queries.rows.defined() && !s.keys.rows.defined());
    // Branches apart: rows in another order, each once.
    const auto apart = model::pack(pairs, model::Branches::apart, at::kCPU).segments;
    const model::Sequences other = model::sequences_of(apart, true, at::kCPU);
    QVERIFY(are(other.keys.rows, {0, 1, 2, 3, 4, 6, 7, 8, 5}));
    QVERIFY(are(other.keys.first, {0, 1, 2, 3, 4, 8, 5, 6, 7}) && !other.keys.second.defined());
  }
  void isMaskedAttention_data() {
    QTest::addColumn<int>("branches");
    QTest::addColumn<int>("window");
    QTest::addColumn<bool>("once");
    for (const int window : {0, 3, 9})
      for (const model::Branches branches :
           {model::Branches::both, model::Branches::apart, model::Branches::chosen, model::Branches::rejected})
        for (const bool once : {false, true})
          QTest::addRow("branches %d, window %d, %s", static_cast<int>(branches), window, once ? "once" : "twice")
              << static_cast<int>(branches) << window << once;
  }
  void isMaskedAttention() {
    QFETCH(int, branches);
    QFETCH(int, window);
    QFETCH(bool, once);
    at::manual_seed(1);
    // Responses of one id bring no rows of their own.
    const data::TokenPair pairs[] = {pair_of(7, 4, 9), pair_of(3, 1, 5), pair_of(12, 6, 1), pair_of(2, 1, 1)};
    std::vector<const data::TokenPair*> pointers;
    for (const data::TokenPair& pair : pairs) pointers.push_back(&pair);
    const model::PackedRow row = model::pack(pointers, static_cast<model::Branches>(branches), at::kCPU);
    const std::int64_t heads = 4, kv_heads = 2, d = 8;
    const auto random = [&](std::int64_t h) { return at::randn({row.rows(), h, d}, at::kDouble).requires_grad_(true); };
    const at::Tensor q = random(heads), k = random(kv_heads), v = random(kv_heads),
                     g = at::randn({row.rows(), heads * d}, at::kDouble);

    std::vector<at::Tensor> masks;
    for (const model::Segment& segment : row.segments)
      masks.push_back(model::attention_mask(segment, window, at::kDouble, at::kCPU));
    const std::optional<double> scale = window == 3 ? std::optional<double>(0.7) : std::nullopt;
    const at::Tensor expected = model::attention(q, k, v, row.segments, masks, scale);
    const auto expected_grads = torch::autograd::grad({expected}, {q, k, v}, {g});

    const at::Tensor out =
        model::varlen_attention(q, k, v, model::sequences_of(row.segments, once, at::kCPU), window, loops[once], scale);
    const auto grads = torch::autograd::grad({out}, {q, k, v}, {g});
    QVERIFY((out - expected).abs().max().item<double>() < 1e-12);
    for (std::size_t i = 0; i < 3; ++i) QVERIFY((grads[i] - expected_grads[i]).abs().max().item<double>() < 1e-12);
  }
  void cappedScores() {
    at::manual_seed(2);
    const data::TokenPair pair = pair_of(5, 9, 1);
    const data::TokenPair* const pointer = &pair;
    const model::PackedRow row = model::pack({&pointer, 1}, model::Branches::chosen, at::kCPU);
    for (const int window : {0, 4}) {
      const auto random = [&](std::int64_t h) {
        return (2 * at::randn({row.rows(), h, 8}, at::kDouble)).requires_grad_(true);
      };
      const at::Tensor q = random(4), k = random(2), v = random(2), g = at::randn({row.rows(), 32}, at::kDouble);
      const at::Tensor p = probabilities(q, repeated(k, 2), window, 0.6, 1.5);
      const at::Tensor expected = at::einsum("hij,jhd->ihd", {p, repeated(v, 2)}).reshape({row.rows(), -1});
      const std::vector<at::Tensor> masks = {model::attention_mask(row.segments[0], window, at::kDouble, at::kCPU)};
      const at::Tensor out = model::capped_attention(q, k, v, row.segments, masks, {0.6, 1.5});
      QVERIFY((out - expected).abs().max().item<double>() < 1e-12);
      const auto expected_grads = torch::autograd::grad({expected}, {q, k, v}, {g});
      const auto grads = torch::autograd::grad({out}, {q, k, v}, {g});
      for (std::size_t i = 0; i < 3; ++i) QVERIFY((grads[i] - expected_grads[i]).abs().max().item<double>() < 1e-12);
    }
  }
  void kernelsOfCards() {
    const model::VarlenKernel *flash = &model::flash_kernel(), *efficient = &model::efficient_kernel();
    QVERIFY(flash->once && !efficient->once);
    QVERIFY(!model::varlen_kernel(at::kCPU, at::kBFloat16, 64) && !model::varlen_kernel(at::kCPU, at::kFloat, 64));
    for (const bool has_flash : {false, true}) {
      QCOMPARE(model::kernel_of_card(has_flash, at::kFloat, 64), efficient);
      QCOMPARE(model::kernel_of_card(has_flash, at::kHalf, 64), has_flash ? flash : efficient);
      QCOMPARE(model::kernel_of_card(has_flash, at::kBFloat16, 64), has_flash ? flash : nullptr);
      QCOMPARE(model::kernel_of_card(has_flash, at::kFloat, 512), nullptr);
      QCOMPARE(model::kernel_of_card(has_flash, at::kFloat, 20), nullptr);
      QCOMPARE(model::kernel_of_card(has_flash, at::kDouble, 64), nullptr);
    }
  }
  /// The device's kernels, forward and backward, against the same sequences in float64.
  void onTheDevice_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("window");
    QTest::addColumn<int>("kv_heads");
    for (const at::ScalarType type : {at::kFloat, at::kHalf, at::kBFloat16})
      for (const int window : {0, 5})
        for (const int kv_heads : {2, 4})
          QTest::addRow("%s, window %d, %d key/value heads", at::toString(type), window, kv_heads)
              << static_cast<int>(type) << window << kv_heads;
  }
  void onTheDevice() {
    QFETCH(int, type);
    QFETCH(int, window);
    QFETCH(int, kv_heads);
    if (const std::string why = cuda::load_cuda().english(); !why.empty())
      QSKIP(qPrintable("no GPU: " + QString::fromStdString(why)));
    const auto typed = static_cast<at::ScalarType>(type);
    const at::Device device(at::kCUDA, 0);
    const model::VarlenKernel* kernel = model::varlen_kernel(device, typed, 64);
    if (!kernel) QSKIP("this card has no kernel of the type");
    at::manual_seed(3);
    const data::TokenPair pairs[] = {pair_of(70, 33, 90), pair_of(3, 1, 5), pair_of(129, 64, 1)};
    std::vector<const data::TokenPair*> pointers;
    for (const data::TokenPair& pair : pairs) pointers.push_back(&pair);
    const model::PackedRow row = model::pack(pointers, model::Branches::both, at::kCPU);
    const auto random = [&](std::int64_t heads) { return at::randn({row.rows(), heads, 64}).to(typed); };
    const at::Tensor q = random(4), k = random(kv_heads), v = random(kv_heads),
                     g = at::randn({row.rows(), 256}).to(typed);
    const auto pass = [&](at::Device where, at::ScalarType as, const model::VarlenKernel& by) {
      const auto leaf = [&](const at::Tensor& t) { return t.to(where, as).requires_grad_(true); };
      const at::Tensor qs = leaf(q), ks = leaf(k), vs = leaf(v);
      const at::Tensor out =
          model::varlen_attention(qs, ks, vs, model::sequences_of(row.segments, by.once, where), window, by);
      auto results = torch::autograd::grad({out}, {qs, ks, vs}, {g.to(where, as)});
      results.push_back(out.detach());
      return results;
    };
    const auto expected = pass(at::kCPU, at::kDouble, loops[0]), own = pass(device, typed, *kernel),
               again = pass(device, typed, *kernel);
    const double limit = typed == at::kFloat ? 1e-5 : typed == at::kHalf ? 4e-3 : 3e-2;
    for (std::size_t i = 0; i < own.size(); ++i) {
      QCOMPARE(own[i].scalar_type(), typed);
      const at::Tensor difference = (own[i].cpu().to(at::kDouble) - expected[i]).abs();
      QVERIFY(difference.max().item<double>() < limit * (1 + expected[i].abs().max().item<double>()));
      QVERIFY(at::equal(own[i], again[i]));  // runs repeat themselves
    }
  }
};

QTEST_GUILESS_MAIN(TestVarlenAttention)
#include "test_varlen_attention.moc"
