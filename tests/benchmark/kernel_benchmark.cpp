// SPDX-License-Identifier: Apache-2.0
// The engine's own kernels against the same arithmetic made of LibTorch's operators, as ratios within one run on one
// device.
//
//   kernel_benchmark [--device cpu|cuda|cuda:N] [--rounds N]
//
// Shapes are those of one micro-batch: 256 response rows over a vocabulary of 49152, gradients of 16 million values,
// 1024 rows of 576 or 1536 features, two pairs of 512 + 256 + 256 ids. Float32 on the CPU; on a GPU logits, rows
// and attention in bfloat16. GB/s counts what a kernel must read and write at least, GFLOP/s what attention computes
// where rows may look.
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "core/error.h"
#include "tests/benchmark/timing.h"
#include "training/likelihood/softmax_rows.h"
#include "training/model/functions.h"
#include "training/model/kernels.h"
#include "training/model/matrix_products.h"
#include "training/model/row_kernels.h"
#include "training/model/varlen_attention.h"
#include "training/trainer/environment.h"

namespace {

using namespace bandscope;
using namespace bandscope::benchmark;
constexpr std::int64_t response_rows = 256, vocabulary = 49152, hidden_size = 576,
                       gradient_size = std::int64_t{1} << 24;

struct Bench {
  at::Device device = at::kCPU;
  int rounds = 7;

  at::TensorOptions wide() const { return at::TensorOptions().dtype(at::kFloat).device(device); }
  at::ScalarType compute() const { return device.is_cuda() ? at::kBFloat16 : at::kFloat; }
  at::Tensor random(at::IntArrayRef shape) const { return at::randn(shape, at::kFloat).to(device); }

  /// A row of the table. `work`: bytes, or floating-point operations where `unit` is GFLOP/s.
  void compare(const char* kernel, const std::function<void()>& plain, const std::function<void()>& own, double work,
               const char* unit = "GB/s") const {
    const int calls = device.is_cuda() ? 20 : 1;
    const at::Tensor flag = at::zeros({1}, wide());
    const auto side = [&](const std::function<void()>& body) {
      return [&](int) {
        for (int i = 0; i < calls; ++i) body();
        if (device.is_cuda()) flag.item<float>();  // waits for what was queued
      };
    };
    const auto times = alternating(rounds, {side(plain), side(own)});
    const double operators = times[0].wall / calls, kernels = times[1].wall / calls;
    std::printf("| %-44s | %9.3f | %9.3f | %5.2f | %7.1f %s |\n", kernel, 1e3 * operators, 1e3 * kernels,
                operators / kernels, 1e-9 * work / kernels, unit);
    std::fflush(stdout);
  }
};

void head(const Bench& bench) {
  const at::Tensor targets = at::randint(vocabulary, {response_rows}, at::kLong).to(bench.device);
  const at::Tensor column = targets.unsqueeze(1), minus = at::full({response_rows, 1}, -1.0, bench.wide());
  at::Tensor logits = bench.random({response_rows, vocabulary}).to(bench.compute());
  const double read = static_cast<double>(logits.nbytes());
  // In the logits' own memory, which a call leaves as finite rows that the next may take.
  bench.compare(
      "log-probabilities of targets", [&] { at::log_softmax(logits, -1, at::kFloat).gather(1, column); },
      [&] { likelihood::SoftmaxRows(logits, targets).log_probs(); }, bench.device.is_cuda() ? read : 2 * read);
  logits = bench.random({response_rows, vocabulary}).to(bench.compute());
  bench.compare(
      "the same, then softmax - onehot",
      [&] {
        const at::Tensor rows = at::log_softmax(logits, -1, at::kFloat);
        rows.gather(1, column);
        rows.exp().scatter_add(1, column, minus).to(bench.compute());
      },
      [&] {
        likelihood::SoftmaxRows rows(logits, targets);
        rows.log_probs();
        rows.errors(bench.compute());
      },
      bench.device.is_cuda() ? 3 * read : 4 * read);
  const at::Tensor states = bench.random({response_rows, hidden_size}).to(bench.compute()),
                   weight = bench.random({vocabulary, hidden_size}).to(bench.compute());
  bench.compare(
      "logits", [&] { at::mm(states, weight.t()); }, [&] { model::product(states, weight.t()); },
      2.0 * response_rows * vocabulary * hidden_size, "GFLOP/s");
}

void gradients(const Bench& bench) {
  const at::Tensor a = bench.random({gradient_size}), b = bench.random({gradient_size});
  at::Tensor sum_w = at::zeros_like(a), sum_l = at::zeros_like(a), target = at::zeros_like(a);
  const double pass = static_cast<double>(a.nbytes());
  const std::vector<cuda::GradientPair> pair = {{a, b}};
  bench.compare(
      "norms and inner product of two gradients", [&] { model::pair_products_plain(a, b); },
      [&] { model::pair_products_each(pair); }, 2 * pass);
  bench.compare(
      "the same, added to two sums",
      [&] {
        sum_w.add_(a);
        sum_l.add_(b);
        model::pair_products_plain(a, b);
      },
      [&] { model::pair_products_adding(a, b, sum_w, sum_l, false); }, 6 * pass);
  bench.compare(
      "squared norm", [&] { a.square().sum(at::kDouble).item<double>(); },
      [&] { model::squared_norm(std::span(&a, 1)); }, pass);
  bench.compare(
      "both branches into the step's gradient", [&] { target.add_(a, 0.3).add_(b, -2.0); },
      [&] { model::combine_branches(target, false, 0.3, a, -2.0, b); }, 4 * pass);
}

/// What the model calls, with a GPU's kernels or the CPU's loops; the plain side is what it calls without either.
void rows(const Bench& bench) {
  constexpr std::int64_t count = 1024, hidden = 576, inner = 1536, heads = 9, d = 64;
  const auto typed = [&](at::IntArrayRef shape) { return bench.random(shape).to(bench.compute()); };
  const at::Tensor x = typed({count, hidden}), weight = typed({hidden}), gy = typed({count, hidden});
  const cuda::Kernels* kernels = cuda::kernels_of(x);
  const cuda::NormSettings settings{1e-5F, false, false, true};
  cuda::NormStatistics statistics;
  at::Tensor rstd, y, gx = at::empty_like(x), g_weight = at::zeros({hidden}, bench.wide());
  const auto norm = [&](const at::Tensor& wide) { return wide * (wide.square().mean(-1, true) + 1e-5).rsqrt(); };
  const double row_bytes = static_cast<double>(x.nbytes());
  bench.compare(
      "RMSNorm", [&] { norm(x.to(at::kFloat)).to(bench.compute()) * weight; },
      [&] {
        statistics = {};
        if (kernels)
          kernels->norm({x, weight, {}}, settings, statistics, y);
        else
          model::rms_norm_rows(x, weight, 1e-5, rstd);
      },
      2 * row_bytes);
  if (kernels) rstd = statistics.rstd;
  bench.compare(
      "RMSNorm, backward",
      [&] {
        const at::Tensor unit = x.to(at::kFloat) * rstd, wide = gy.to(at::kFloat), g = wide * weight;
        g_weight.add_((wide * unit).sum(0));
        gx.copy_(at::addcmul(g, unit, (g * unit).mean(-1, true), -1.0).mul_(rstd));
      },
      [&] {
        if (!kernels) return model::rms_norm_rows_backward(gy, x, weight, rstd, gx, g_weight);
        at::Tensor of_weight;
        kernels->norm_backward({x, weight, {}}, settings, statistics, gy, gx);
        kernels->norm_sums({x, weight, {}}, statistics, gy, {}, of_weight, nullptr);
        g_weight.add_(of_weight);
      },
      3 * row_bytes);
  const at::Tensor gate = typed({count, inner}), up = typed({count, inner});
  at::Tensor g = typed({count, inner}), g_gate = at::empty_like(gate);
  const double inner_bytes = static_cast<double>(gate.nbytes());
  bench.compare(
      "SwiGLU", [&] { at::silu(gate).mul_(up); },
      [&] {
        if (kernels)
          kernels->gate(gate, up, cuda::Activation::silu, y);
        else
          model::swiglu_rows(gate, up);
      },
      3 * inner_bytes);
  bench.compare(
      "SwiGLU, backward", [&] { at::silu_backward(g * up, gate), g.mul_(at::silu(gate)); },
      [&] {
        if (kernels)
          kernels->gate_backward(g, gate, up, cuda::Activation::silu, g_gate);
        else
          model::swiglu_rows_backward(g, gate, up, g_gate);
      },
      5 * inner_bytes);
  const std::vector<at::Tensor> q = {typed({count, heads, d})};
  const at::Tensor angles = bench.random({count, d / 2}), cos = angles.cos(), sin = angles.sin();
  std::vector<at::Tensor> turned = {at::empty_like(q[0])};
  bench.compare(
      "rotary positions",
      [&] {
        const at::Tensor c = cos.unsqueeze(1), s = sin.unsqueeze(1), first = q[0].slice(-1, 0, d / 2),
                         second = q[0].slice(-1, d / 2);
        at::cat({first * c - second * s, second * c + first * s}, -1).to(bench.compute());
      },
      [&] {
        if (kernels)
          kernels->rotate(q, cos, sin, false, turned);
        else
          model::rotate_rows(q[0], cos, sin, false, turned[0]);
      },
      2 * static_cast<double>(q[0].nbytes()));
}

/// Of two packed pairs: the plain side is one call over the whole row with a mask.
void attention_of_pairs(const Bench& bench) {
  constexpr std::int64_t heads = 16, kv_heads = 8, d = 64, prompt = 512, response = 256;
  std::vector<data::TokenPair> pairs(2);
  for (data::TokenPair& pair : pairs)
    pair.prompt.resize(prompt), pair.chosen.resize(response), pair.rejected.resize(response);
  const std::vector<const data::TokenPair*> pointers = {&pairs[0], &pairs[1]};
  const model::PackedRow row = model::pack(pointers, model::Branches::both, bench.device);
  const auto leaf = [&](std::int64_t count) {
    return bench.random({row.rows(), count, d}).to(bench.compute()).requires_grad_(true);
  };
  const at::Tensor q = leaf(heads), k = leaf(kv_heads), v = leaf(kv_heads),
                   g = bench.random({row.rows(), heads * d}).to(bench.compute());
  std::vector<at::Tensor> masks;
  at::Tensor whole = at::full({row.rows(), row.rows()}, -std::numeric_limits<double>::infinity(), g.options());
  double visible = 0;
  for (const model::Segment& segment : row.segments) {
    masks.push_back(model::attention_mask(segment, 0, bench.compute(), bench.device));
    const model::PackedRange range = segment.ranges.front();
    whole.slice(0, range.begin, range.end).slice(1, range.begin, range.end).copy_(masks.back());
    visible += at::isfinite(masks.back()).sum().item<double>();
  }
  const model::VarlenKernel* kernel = model::varlen_kernel(bench.device, bench.compute(), d);
  const model::Sequences sequences = model::sequences_of(row.segments, kernel && kernel->once, bench.device);
  const auto own = [&] {
    return kernel ? model::varlen_attention(q, k, v, sequences, 0, *kernel)
                  : model::attention(q, k, v, row.segments, masks);
  };
  const auto plain = [&] {
    const auto heads_first = [](const at::Tensor& t) {
      return t.repeat_interleave(heads / t.size(1), 1).transpose(0, 1).unsqueeze(0);
    };
    return at::scaled_dot_product_attention(heads_first(q), heads_first(k), heads_first(v),
                                            whole.unsqueeze(0).unsqueeze(0))
        .squeeze(0)
        .transpose(0, 1)
        .reshape({row.rows(), heads * d});
  };
  const double forward = 4.0 * visible * static_cast<double>(heads * d);
  bench.compare(
      kernel ? "attention, variable lengths" : "attention, segment by segment",
      [&] {
        const at::NoGradGuard off;
        plain();
      },
      [&] {
        const at::NoGradGuard off;
        own();
      },
      forward, "GFLOP/s");
  const auto both_ways = [&](const at::Tensor& out) { torch::autograd::grad({out}, {q, k, v}, {g}); };
  const at::AutoGradMode on(true);
  bench.compare(
      "the same with its backward pass", [&] { both_ways(plain()); }, [&] { both_ways(own()); }, 3 * forward,
      "GFLOP/s");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Bench bench;
    std::string device = "cpu";
    for (int i = 1; i < argc; i += 2) {
      const bool known = !std::strcmp(argv[i], "--device") || !std::strcmp(argv[i], "--rounds");
      if (!known || i + 1 == argc) {
        std::fprintf(stderr, "usage: kernel_benchmark [--device cpu|cuda|cuda:N] [--rounds N]\n");
        return 2;
      }
      if (!std::strcmp(argv[i], "--device")) device = argv[i + 1];
      if (!std::strcmp(argv[i], "--rounds")) bench.rounds = std::max(1, std::atoi(argv[i + 1]));
    }
    Message reason;
    bench.device = trainer::resolve_device(device, reason);
    if (bench.device.is_cuda()) {
      std::printf("%s\n", cuda::device_kernels()->describe(bench.device.index()).c_str());
    } else {
      std::printf("%s, %d threads, LibTorch CPU capability %s\n", processor().c_str(), at::get_num_threads(),
                  at::get_cpu_capability().c_str());
    }
    const at::NoGradGuard off;
    std::printf("| %-44s | operators, ms | own, ms | ratio | own speed |\n| --- | ---: | ---: | ---: | ---: |\n",
                "kernel");
    head(bench);
    gradients(bench);
    rows(bench);
    attention_of_pairs(bench);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "kernel_benchmark: %s\n", error.what());
    return static_cast<int>(error.code());
  }
}
