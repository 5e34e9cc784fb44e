// SPDX-License-Identifier: Apache-2.0
// Out of memory: recognised, answered with the micro-batch that fits, and the program goes on.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Functions.h>
#include <malloc.h>
#include <sys/resource.h>

#include <QTest>
#include <cmath>
#include <deque>
#include <fstream>
#include <new>

#include "core/calibration/calibration.h"
#include "core/error.h"
#include "core/objective/objective.h"
#include "training/errors/out_of_memory.h"
#include "training/model/adapter.h"
#include "training/step/step.h"

using namespace bandscope;

namespace {

std::uint64_t address_space() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  in >> pages;
  return pages * 4096;
}

/// At most `bytes` more address space while it lives.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::uint64_t bytes) {
    ::getrlimit(RLIMIT_AS, &before_);
    rlimit limit = before_;
    limit.rlim_cur = address_space() + bytes;
    ::setrlimit(RLIMIT_AS, &limit);
  }
  ~MemoryLimit() { ::setrlimit(RLIMIT_AS, &before_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

/// Eight pairs that are too many for one pass.
struct Batch {
  Batch() {
    for (int i = 0; i < 8; ++i) {
      data::TokenPair& pair = tokens_.emplace_back();
      pair.prompt.assign(900, 5);
      pair.chosen.assign(static_cast<std::size_t>(100 + 10 * i), 6 + i);
      pair.rejected.assign(200, 7);
      none_.push_back({std::vector<float>(pair.chosen.size()), std::vector<float>(200)});
      pairs.push_back(&pair), references.push_back(&none_.back());
    }
  }
  std::vector<const data::TokenPair*> pairs;
  std::vector<const likelihood::TokenLogProbs*> references;

 private:
  std::deque<data::TokenPair> tokens_;
  std::deque<likelihood::TokenLogProbs> none_;
};

}  // namespace

class TestOutOfMemory : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// As the engine has it: tensors that are let go leave the address space, which is what the tests limit.
  void initTestCase() { ::mallopt(M_MMAP_THRESHOLD, 1 << 20); }

  void recognised() {
    QVERIFY(errors::is_out_of_memory(std::bad_alloc()));
    QVERIFY(!errors::is_out_of_memory(std::runtime_error("no memory of that")));
    // What the libraries beside LibTorch's allocator say.
    const auto from_torch = [](const char* text) {
      return errors::is_out_of_memory(c10::Error(c10::SourceLocation{__func__, __FILE__, __LINE__}, text));
    };
    QVERIFY(from_torch("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"));
    QVERIFY(from_torch("CUDA driver error: out of memory"));
    QVERIFY(from_torch("CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported"));
    QVERIFY(!from_torch("CUDA error: an illegal memory access was encountered"));
    QVERIFY(!from_torch("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`"));
    const MemoryLimit limit(64U << 20);
    try {
      at::empty({1 << 28});
      QFAIL("1 GiB fitted into 64 MiB");
    } catch (const std::exception& error) {
      QVERIFY2(errors::is_out_of_memory(error), error.what());
    }
  }
  void largest() {
    const auto up_to = [](std::int64_t most) { return [most](std::int64_t size) { return size <= most; }; };
    QCOMPARE(errors::largest_that_fits(12, 12, up_to(5)), 4);
    // a micro-batch divides the batch
    QCOMPARE(errors::largest_that_fits(12, 4, up_to(100)), 3);
    QCOMPARE(errors::largest_that_fits(8, 8, up_to(0)), 0);
    QCOMPARE(errors::largest_that_fits(8, 1, up_to(8)), 0);
    QVERIFY(errors::out_of_memory_message("cuda:0", 8, 2).english().find("training.micro_batch = 2 fits") !=
            std::string::npos);
    QVERIFY(errors::out_of_memory_message("cpu", 1, 0).english().find("data.max_length") != std::string::npos);
  }
  void step() {
    model::Decoder::Options options;
    options.train_all = true;
    const auto decoder =
        model::Decoder::load(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/tiny-llama-tied", options);
    const auto objective = find_objective("cpo")->make({{"beta", 1.5}, {"lambda", 1.0}}, Likelihood::mean);
    Calibration calibration({true, 0.98, true});
    step::StepSettings one, eight;
    eight.micro_batch = 8;
    step::StepEngine modest(*decoder, *objective, calibration, one), greedy(*decoder, *objective, calibration, eight);
    std::vector<data::TokenPair> pairs;
    std::vector<likelihood::TokenLogProbs> none;
    for (int i = 0; i < 8; ++i) {
      data::TokenPair& pair = pairs.emplace_back();
      pair.prompt.assign(900, 5);
      pair.chosen.assign(200, 6);
      pair.rejected.assign(200, 7);
      none.push_back({std::vector<float>(200), std::vector<float>(200)});
    }
    std::vector<const data::TokenPair*> batch;
    std::vector<const likelihood::TokenLogProbs*> references;
    for (std::size_t i = 0; i < pairs.size(); ++i) batch.push_back(&pairs[i]), references.push_back(&none[i]);
    modest.run(batch, references);  // makes what is kept from step to step
    {
      const MemoryLimit limit(24U << 20);
      try {
        greedy.run(batch, references);
        QFAIL("eight pairs fitted");
      } catch (const RunError& error) {
        const std::string text = error.what();
        QVERIFY2(text.starts_with("out of memory on cpu with training.micro_batch = 8; "), text.c_str());
      }
    }
    // The engine is as it was: with more memory the same step runs.
    QVERIFY(greedy.run(batch, references).non_finite.empty());
  }
  /// Pairs that share a pass go on in smaller ones, with the same numbers.
  void smaller_passes() {
    model::Decoder::Options options;
    options.train_all = true;
    const auto decoder =
        model::Decoder::load(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/tiny-llama-tied", options);
    const auto objective = find_objective("cpo")->make({{"beta", 1.5}, {"lambda", 1.0}}, Likelihood::mean);
    const Batch batch;
    step::StepSettings alone, sharing;
    sharing.pass_tokens = 100000;
    Calibration own({true, 0.5, true}), shared({true, 0.5, true});
    step::StepEngine modest(*decoder, *objective, own, alone), greedy(*decoder, *objective, shared, sharing);
    const step::StepOutcome expected = modest.run(batch.pairs, batch.references);
    const double norm = expected.row[Column::grad_norm];
    {
      const MemoryLimit limit(24U << 20);
      const step::StepOutcome outcome = greedy.run(batch.pairs, batch.references);
      QVERIFY(outcome.note && outcome.note->english().starts_with("out of memory on cpu with "));
      QVERIFY(greedy.pass_tokens() < 8 * 1100);
      QVERIFY(std::abs(outcome.row[Column::grad_norm] - norm) <= 1e-5 * norm);
      QCOMPARE(outcome.pairs.size(), batch.pairs.size());
    }
    // What the failed pass had averaged is taken back.
    QVERIFY(std::abs(shared.state().log_norm_w - own.state().log_norm_w) < 1e-5);
    QVERIFY(std::abs(shared.state().log_d_w - own.state().log_d_w) < 1e-5);
    const std::int64_t tokens = greedy.pass_tokens();
    QVERIFY(!greedy.run(batch.pairs, batch.references).note);
    QCOMPARE(greedy.pass_tokens(), tokens);
  }
  /// Before a pass becomes smaller, all blocks run again where some already do; the numbers are the same.
  void blocks_run_again_first() {
    model::Decoder::Options options;
    options.train_all = true;
    options.recomputed_blocks = 1;
    const auto decoder =
        model::Decoder::load(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/tiny-llama-tied", options);
    const auto objective = find_objective("cpo")->make({{"beta", 1.5}, {"lambda", 1.0}}, Likelihood::mean);
    const Batch batch;
    step::StepSettings sharing;
    sharing.pass_tokens = 100000;
    Calibration calibration({true, 0.5, true}), again({true, 0.5, true});
    step::StepEngine engine(*decoder, *objective, calibration, sharing), other(*decoder, *objective, again, sharing);
    const step::StepOutcome with = engine.run(batch.pairs, batch.references);
    {
      const MemoryLimit limit(24U << 20);
      QVERIFY(other.run(batch.pairs, batch.references).note);  // too little for that alone
    }
    QCOMPARE(decoder->options().recomputed_blocks, std::int64_t{3});
    Calibration third({true, 0.5, true});
    step::StepEngine last(*decoder, *objective, third, sharing);
    QCOMPARE(last.run(batch.pairs, batch.references).row[Column::grad_norm], with.row[Column::grad_norm]);
  }
  /// Before a pass becomes smaller, 4-bit weights are written out again each time.
  void copies_of_weights_go_first() {
    model::Decoder::Options options;
    options.quantize = true;
    const auto decoder =
        model::Decoder::load(BANDSCOPE_SOURCE "/tests/fixtures/golden/models/tiny-llama-tied", options);
    model::add_adapter(*decoder, {}, at::detail::createCPUGenerator(1));
    const auto objective = find_objective("cpo")->make({{"beta", 1.5}, {"lambda", 1.0}}, Likelihood::mean);
    const Batch batch;
    step::StepSettings sharing;
    sharing.adapters = true;
    sharing.pass_tokens = 100000;
    Calibration calibration({true, 0.5, true}), again({true, 0.5, true});
    step::StepEngine engine(*decoder, *objective, calibration, sharing), other(*decoder, *objective, again, sharing);
    const step::StepOutcome without = engine.run(batch.pairs, batch.references);
    QVERIFY(decoder->keep_in_full(1 << 30) > 0);
    const step::StepOutcome with = other.run(batch.pairs, batch.references);
    QCOMPARE(with.row[Column::grad_norm], without.row[Column::grad_norm]);
    QCOMPARE(with.row[Column::score_dot], without.row[Column::score_dot]);
    {
      const MemoryLimit limit(24U << 20);
      QVERIFY(engine.run(batch.pairs, batch.references).note);
    }
    QVERIFY(!decoder->let_go_of_copies());
  }
};

QTEST_GUILESS_MAIN(TestOutOfMemory)
#include "test_out_of_memory.moc"
