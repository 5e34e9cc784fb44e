// SPDX-License-Identifier: Apache-2.0
// What the memory plan counts of attention, added up by hand.
#include <QTest>

#include "training/memory/attention_bytes.h"

using namespace bandscope;

class TestAttentionBytes : public QObject {
  Q_OBJECT

  static model::ModelConfig config(model::Qkv qkv = model::Qkv::apart) {
    model::ModelConfig c;
    c.heads = 8, c.kv_heads = 2, c.head_dim = 64, c.qkv = qkv;
    c.windows = {0, 0};
    return c;
  }
  static RunSpec spec(const char* device, Dtype dtype) {
    RunSpec result;
    result.run.device = device;
    result.model.dtype = dtype;
    return result;
  }
  const std::vector<data::PairLengths> pairs_ = {{100, 51, 31}, {40, 11, 21}};  // 250 rows, 140 of them prompts'

 private Q_SLOTS:
  void kept() {
    constexpr std::int64_t width = 512, kv = 128;
    const RunSpec cpu = spec("cpu", Dtype::float32), flash = spec("cuda", Dtype::bfloat16),
                  efficient = spec("cuda:1", Dtype::float32);
    QCOMPARE(memory::attention_values(config(), cpu), 2 * width + 2 * kv);
    QCOMPARE(memory::attention_values(config(model::Qkv::by_head), cpu), 6 * width);
    QCOMPARE(memory::attention_values(config(model::Qkv::by_head), flash), 2 * width + 2 * kv);
    QCOMPARE(memory::attention_values(config(), efficient), 3 * width + 2 * kv);
    QCOMPARE(memory::repeated_bytes(config(), cpu, false, pairs_), 0);
    QCOMPARE(memory::repeated_bytes(config(), flash, false, pairs_), 140 * 2 * kv * 2);
    QCOMPARE(memory::repeated_bytes(config(), flash, true, pairs_), 0);
    QCOMPARE(memory::repeated_bytes(config(), efficient, false, pairs_), 140 * (2 * (kv + width) + 8) * 4);
  }
  void masks() {
    constexpr std::int64_t squares = 180 * 180 + 70 * 70;
    QCOMPARE(memory::mask_bytes(config(), spec("cpu", Dtype::float32), false, pairs_), squares * 4);
    QCOMPARE(memory::mask_bytes(config(), spec("cuda", Dtype::bfloat16), false, pairs_), 0);
    model::ModelConfig capped = config();
    capped.attention_cap = 50;  // which no kernel takes
    QCOMPARE(memory::mask_bytes(capped, spec("cuda", Dtype::bfloat16), false, pairs_), squares * 2);
    QCOMPARE(memory::capped_score_bytes(capped, false, pairs_), 4 * 8 * std::int64_t{180} * 180 * 4);
    QCOMPARE(memory::capped_score_bytes(config(), false, pairs_), 0);
  }
  /// Few heads leave multiprocessors idle, and flash attention's sums in one order take a part for each of those.
  void backward() {
    constexpr std::int64_t rows = 250, keys = 390, sequences = 4;
    const auto bytes = [&](std::int64_t parts, std::int64_t heads, std::int64_t kv_heads, std::int64_t d,
                           std::int64_t rounded) {
      const std::int64_t expanded = heads > kv_heads ? 2 * keys * heads * d * 2 : 0;
      return parts * (rows + 128 * sequences) * heads * rounded * 4 + expanded +
             (2 * rows * heads * d + 2 * (keys + rows) * kv_heads * d) * 2;
    };
    const RunSpec flash = spec("cuda", Dtype::bfloat16);
    QCOMPARE(memory::attention_backward_bytes(config(), flash, false, pairs_), bytes(5, 8, 2, 64, 64));
    model::ModelConfig few = config();
    few.heads = few.kv_heads = 1, few.head_dim = 80;
    QCOMPARE(memory::attention_backward_bytes(few, flash, false, pairs_), bytes(33, 1, 1, 80, 96));
    few.head_dim = 160;
    QCOMPARE(memory::attention_backward_bytes(few, flash, false, pairs_), bytes(33, 1, 1, 160, 192));
    // The memory-efficient kernel fills every sequence up to the longest one's 150 rows, and these to 256.
    QCOMPARE(memory::attention_backward_bytes(config(), spec("cuda", Dtype::float32), false, pairs_),
             sequences * 8 * 256 * 64 * 4);
    QCOMPARE(memory::attention_backward_bytes(config(), spec("cpu", Dtype::bfloat16), false, pairs_), 0);
  }
};

QTEST_GUILESS_MAIN(TestAttentionBytes)
#include "test_attention_bytes.moc"
