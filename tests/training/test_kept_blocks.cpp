// SPDX-License-Identifier: Apache-2.0
// Memory of large tensors: what is kept, for whom, and how much of it.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <new>
#include <thread>
#include <vector>

#include "training/memory/kept_blocks.h"

using bandscope::memory::KeptBlocks;

namespace {

/// Counts what it has given out; has no more than `most` bytes.
struct Counted {
  std::size_t most = 1 << 30, out = 0, asked = 0;
  std::map<void*, std::size_t> blocks;
  char* next = nullptr;
  std::chrono::steady_clock::time_point now;

  KeptBlocks::Source source() {
    return {[this](std::size_t size) -> void* {
              if (out + size > most) throw std::bad_alloc();
              ++asked;
              out += size;
              next += 1 << 20;  // never looked into
              blocks.emplace(next, size);
              return next;
            },
            [this](void* block) {
              out -= blocks.at(block);
              blocks.erase(block);
            },
            [this] { return now; }};
  }
};

/// Sizes in these are of large blocks.
constexpr std::size_t page = std::size_t{1} << 15;

}  // namespace

class TestKeptBlocks : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_next_of_about_its_size_has_it() {
    Counted memory;
    KeptBlocks blocks(memory.source());
    void* first = blocks.take(1000 * page);
    void* second = blocks.take(1100 * page);
    blocks.give(second);
    blocks.give(first);
    QCOMPARE(blocks.kept(), 2100 * page);
    QCOMPARE(blocks.take(1000 * page), first);  // the nearer one, though both would do
    QCOMPARE(blocks.take(990 * page), second);
    QCOMPARE(blocks.in_use(), 2100 * page);
    QCOMPARE(memory.asked, 2U);
    QCOMPARE(blocks.kept(), 0U);
    blocks.give(first);
    QVERIFY(blocks.take(880 * page) != first);  // more than an eighth would be wasted
    blocks.give(second);
    QVERIFY(blocks.take(1101 * page) != second);  // too small
  }

  void small_blocks_may_be_half_as_large_again() {
    Counted memory;
    KeptBlocks blocks(memory.source());
    void* block = blocks.take(300'000);
    blocks.give(block);
    QCOMPARE(blocks.take(200'000), block);
    blocks.give(block);
    QVERIFY(blocks.take(199'000) != block);
  }

  void the_process_becomes_no_larger_than_it_was() {
    Counted memory;
    KeptBlocks blocks(memory.source());
    std::vector<void*> used;
    for (std::size_t size : {100U, 200U, 300U, 400U}) used.push_back(blocks.take(size * page));
    QCOMPARE(memory.out, 1000 * page);
    for (void* block : used) blocks.give(block);
    QCOMPARE(memory.out, 1000 * page);
    // None of these fits another's place. What was given back first goes first.
    used = {blocks.take(550 * page)};
    QVERIFY(memory.out <= 1000 * page);
    QCOMPARE(blocks.kept(), 400 * page);
    used.push_back(blocks.take(2000 * page));  // more than ever before: nothing is kept beside it
    QCOMPARE(memory.out, 2550 * page);
    QCOMPARE(blocks.kept(), 0U);
    for (void* block : used) blocks.give(block);
    for (std::size_t size = 600; size < 2000; size += 300) used.push_back(blocks.take(size * page));
    QVERIFY2(memory.out <= std::max<std::size_t>(2550 * page, blocks.in_use()),
             qPrintable(QString::number(memory.out)));
    blocks.release();
    QCOMPARE(memory.out, blocks.in_use());
  }

  void where_there_is_no_more_what_is_kept_goes_back_first() {
    Counted memory;
    memory.most = 1000;
    KeptBlocks blocks(memory.source());
    void* large = blocks.take(900);
    blocks.give(large);
    memory.most = 800;  // others have taken some meanwhile
    QVERIFY(blocks.take(500) != nullptr);
    QCOMPARE(memory.out, 500U);
    QVERIFY_EXCEPTION_THROWN(blocks.take(400), std::bad_alloc);
    QCOMPARE(blocks.in_use(), 500U);
  }

  void what_nobody_wants_goes_back_after_a_while() {
    Counted memory;
    KeptBlocks blocks(memory.source());
    void *large = blocks.take(1000), *small = blocks.take(10);
    blocks.give(large);
    memory.now += KeptBlocks::longest_kept;
    blocks.give(small);
    QCOMPARE(blocks.kept(), 1010U);
    small = blocks.take(10);
    memory.now += std::chrono::seconds(1);
    blocks.give(small);
    QCOMPARE(blocks.kept(), 10U);
    QCOMPARE(memory.out, 10U);
  }

  void what_is_not_its_own_goes_to_the_source() {
    Counted memory;
    KeptBlocks blocks(memory.source());
    void* other = memory.source().take(10);
    blocks.give(other);
    QCOMPARE(memory.out, 0U);
  }

  // Last: LibTorch's allocator stays what it is made here.
  void tensors() {
    bandscope::memory::keep_blocks_of_tensors();
    const std::int64_t large = 1 << 20, small = 1 << 10;
    void* kept = nullptr;
    {
      const at::Tensor t = at::ones({large});
      kept = t.data_ptr();
    }
    at::Tensor again = at::zeros({large - 5});  // not what the last one left there
    QCOMPARE(again.data_ptr(), kept);
    QCOMPARE(again.sum().item<float>(), 0.0F);
    QCOMPARE(again.resize_({2 * large}).numel(), 2 * large);
    QCOMPARE(at::ones({small}).sum().item<float>(), 1024.0F);
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int thread = 0; thread < 4; ++thread)
      threads.emplace_back([&wrong, large, thread] {
        for (int i = 0; i < 50; ++i) {
          const at::Tensor t = at::full({large / 2 + 1000 * (i % 7)}, thread);
          if (t.min().item<float>() != static_cast<float>(thread) ||
              t.max().item<float>() != static_cast<float>(thread))
            ++wrong;
        }
      });
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
  }
};

QTEST_GUILESS_MAIN(TestKeptBlocks)
#include "test_kept_blocks.moc"
