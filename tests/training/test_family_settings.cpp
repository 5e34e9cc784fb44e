// SPDX-License-Identifier: Apache-2.0
// What a config.json says and leaves unsaid, family by family: the defaults of transformers 5 (its configuration
// classes, asked with the sizes of `sizes`), settings that are refused by name, and settings that change nothing.
#include <QTest>
#include <functional>

#include "core/error.h"
#include "training/model/config.h"
#include "training/model/families.h"

using namespace bandscope;
using namespace bandscope::model;

namespace {

constexpr const char* sizes =
    R"("vocab_size": 64, "hidden_size": 256, "intermediate_size": 16, "num_hidden_layers": 8, "num_attention_heads": 32)";

ModelConfig config_of(const std::string& family, const std::string& more = "") {
  return ModelConfig::parse(
      R"({"model_type": ")" + family + "\", " + sizes + (more.empty() ? std::string() : ", " + more) + "}",
      "config.json");
}

/// What the refusal says; "" where the file is taken.
QString refusal(const std::string& family, const std::string& more) {
  try {
    config_of(family, more);
  } catch (const DataError& error) {
    return QString::fromUtf8(error.what());
  }
  return {};
}

struct Defaults {
  const char* family;
  std::int64_t kv_heads, head_dim, positions;
  Activation activation;
  double eps;
  bool tied;
  double theta;
  std::int64_t rotating;
  double local_theta;  ///< 0: none
  std::int64_t window;
  const char* windows;  ///< per layer: s slides, f sees all
  double logit_cap, attention_cap, scale;
  bool qkv_bias, output_bias, mlp_bias, parallel;
};

using enum Activation;
constexpr Defaults table[] = {
    {"gpt_neox", 32, 8, 2048, gelu, 1e-5, false, 1e4, 2, 0, 0, "ffffffff", 0, 0, 0, true, true, true, true},
    {"llama", 32, 8, 2048, silu, 1e-6, false, 1e4, 8, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
    {"mistral", 8, 8, 131072, silu, 1e-6, false, 1e4, 8, 0, 4096, "ssssssss", 0, 0, 0, false, false, false, false},
    {"qwen2", 32, 8, 32768, silu, 1e-6, false, 1e4, 8, 0, 0, "ffffffff", 0, 0, 0, true, false, false, false},
    {"qwen3", 32, 128, 32768, silu, 1e-6, false, 1e4, 128, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
    {"smollm3", 4, 8, 32768, silu, 1e-6, true, 2e6, 8, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
    {"olmo2", 32, 8, 2048, silu, 1e-5, false, 1e4, 8, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
    {"gemma2", 4, 256, 8192, gelu_tanh, 1e-6, true, 1e4, 256, 0, 4096, "sfsfsfsf", 30, 50, 1.0 / 16, false, false,
     false, false},
    {"gemma3_text", 4, 256, 131072, gelu_tanh, 1e-6, true, 1e6, 256, 1e4, 4096, "sssssfss", 0, 0, 1.0 / 16, false,
     false, false, false},
    {"phi3", 32, 8, 4096, silu, 1e-5, false, 1e4, 8, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
    {"granite", 32, 8, 2048, silu, 1e-6, false, 1e4, 8, 0, 0, "ffffffff", 0, 0, 1, false, false, false, false},
    {"stablelm", 32, 8, 4096, silu, 1e-5, false, 1e4, 2, 0, 0, "ffffffff", 0, 0, 0, false, false, false, false},
};

}  // namespace

class TestFamilySettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_family_has_its_line() {
    QCOMPARE(std::size(table), families().size());
    for (std::size_t i = 0; i < std::size(table); ++i)
      QCOMPARE(QString(table[i].family), QString(families()[i].model_type));
  }

  void defaults_data() {
    QTest::addColumn<int>("line");
    for (int i = 0; i < static_cast<int>(std::size(table)); ++i) QTest::newRow(table[i].family) << i;
  }
  void defaults() {
    QFETCH(int, line);
    const Defaults& own = table[line];
    const ModelConfig config = config_of(own.family);
    QCOMPARE(config.kv_heads, own.kv_heads);
    QCOMPARE(config.head_dim, own.head_dim);
    QCOMPARE(config.max_position, own.positions);
    QVERIFY(config.activation == own.activation);
    QCOMPARE(config.norm_eps, own.eps);
    QCOMPARE(config.tied_embeddings, own.tied);
    QCOMPARE(config.rope.theta, own.theta);
    QCOMPARE(config.rope.dimensions, own.rotating);
    QCOMPARE(config.local_rope ? config.local_rope->theta : 0.0, own.local_theta);
    for (std::size_t i = 0; i < 8; ++i)
      QCOMPARE(config.windows[i], own.windows[i] == 's' ? own.window : std::int64_t{0});
    QCOMPARE(config.logit_cap, own.logit_cap);
    QCOMPARE(config.attention_cap, own.attention_cap);
    QCOMPARE(config.attention_scale.value_or(0.0), own.scale);
    QCOMPARE(config.qkv_bias, own.qkv_bias);
    QCOMPARE(config.output_bias, own.output_bias);
    QCOMPARE(config.mlp_bias, own.mlp_bias);
    QCOMPARE(config.parallel_residual, own.parallel);
    QCOMPARE(config.embedding_scale, QString(own.family).startsWith("gemma") ? 16.0 : 1.0);
    QCOMPARE(config.residual_scale, 1.0);
    QCOMPARE(config.logit_divisor, 1.0);
    for (std::size_t i = 0; i < 8; ++i) {
      const bool still = QString(own.family) == "smollm3" && i % 4 == 3;
      QCOMPARE(config.layer_ropes[i] == LayerRope::none, still);
    }
    QVERIFY(config.notes.empty());
  }

  void null_is_as_many_as_there_are_heads() {
    for (const char* family : {"mistral", "qwen2", "qwen3", "smollm3", "stablelm"})
      QCOMPARE(config_of(family, "\"num_key_value_heads\": null").kv_heads, std::int64_t{32});
  }

  void refused_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QStringList>("parts");
    const auto row = [](const char* family, const char* setting, const QStringList& parts) {
      QTest::newRow(qPrintable(QString("%1 %2").arg(family, setting))) << QString(family) << QString(setting) << parts;
    };
    row("llama", R"("rope_scaling": {"rope_type": "default", "factor": 4.0})", {"rope_scaling", "factor", "default"});
    row("llama", R"("rope_parameters": {"mrope_section": [2]})", {"rope_parameters", "mrope_section", "default"});
    row("qwen2", R"("rope_scaling": {"type": "linear", "factor": 2.0, "beta_fast": 32})", {"beta_fast", "linear"});
    row("llama", R"("rope_scaling": {"type": "linear", "factor": 2.0, "original_max_position_embeddings": 8})",
        {"original_max_position_embeddings", "linear"});
    row("llama", R"("rope_scaling": {"type": "llama3", "factor": 2.0, "attention_factor": 0.0})",
        {"attention_factor", "llama3"});
    row("qwen3", R"("rope_scaling": {"type": "yarn", "factor": 2.0, "low_freq_factor": 1.0})",
        {"low_freq_factor", "yarn"});
    row("llama", R"("rope_scaling": {"type": "ntk", "factor": 2.0})", {"rope_type", "ntk", "yarn"});
    row("gemma3_text", R"("rope_parameters": {"full_attention": {"rope_type": "default"}, "factor": 8.0})",
        {"rope_parameters", "factor"});
    row("gemma3_text", R"("rope_parameters": {"sliding_attention": {"factor": 8.0}})", {"sliding_attention", "factor"});
    row("gemma3_text", R"("rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 333.0})",
        {"rope_parameters", "full_attention", "sliding_attention"});
    row("qwen2", R"("use_sliding_window": false, "sliding_window": 8, "num_hidden_layers": 2,
                    "layer_types": ["full_attention", "sliding_attention"])",
        {"layer_types", "use_sliding_window"});
    row("llama", R"("rope_scaling": {"type": "linear", "factor": 2.0}, "rope_parameters": {"rope_type": "default"})",
        {"rope_scaling", "rope_parameters"});
    row("llama", R"("partial_rotary_factor": 0.5)", {"partial_rotary_factor", "0.5"});
    row("phi3", R"("full_attn_mod": 2)", {"full_attn_mod", "2"});
    row("phi3", R"("interpolate_factor": 4)", {"interpolate_factor", "4"});
    row("stablelm", R"("rotary_scaling_factor": 2.0)", {"rotary_scaling_factor", "2"});
    row("stablelm", R"("head_dim": 16)", {"head_dim", "16"});
    row("gpt_neox", R"("num_key_value_heads": 8)", {"num_key_value_heads", "8"});
    row("gemma2", R"("sliding_window": 4096, "sliding_window_size": 1024)", {"sliding_window_size", "1024"});
    row("mistral", R"("attention_bias": true)", {"attention_bias"});
    row("qwen2", R"("mlp_bias": true)", {"mlp_bias"});
    row("llama", R"("sliding_window": 1024)", {"sliding_window"});
    row("olmo2", R"("use_sliding_window": true)", {"use_sliding_window"});
    row("llama", R"("layer_norm_eps": 1e-5)", {"layer_norm_eps"});
    row("llama", R"("position_embedding_type": "alibi")", {"position_embedding_type"});
    row("llama", R"("hidden_activation": "gelu")", {"hidden_activation"});
    row("granite", R"("num_local_experts": 8)", {"num_local_experts"});
    row("llama", R"("pruned_heads": {"1": [0]})", {"pruned_heads"});
    row("llama", R"("attention_dropout": 1.5)", {"attention_dropout", "[0, 1)"});
    row("phi3", R"("resid_pdrop": "0.1")", {"resid_pdrop", "number"});
  }
  void refused() {
    QFETCH(QString, family);
    QFETCH(QString, setting);
    QFETCH(QStringList, parts);
    const QString said = refusal(family.toStdString(), setting.toStdString());
    QVERIFY2(said.startsWith("config.json: "), qPrintable(said));
    for (const QString& part : parts) QVERIFY2(said.contains(part), qPrintable(said));
  }

  void taken_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<QString>("setting");
    const auto row = [](const char* family, const char* setting) {
      QTest::newRow(qPrintable(QString("%1 %2").arg(family, setting))) << QString(family) << QString(setting);
    };
    for (const Family& family : families())
      row(family.model_type,
          R"("architectures": ["Some"], "torch_dtype": "bfloat16", "dtype": "float16", "transformers_version": "5.0",
             "use_cache": true, "initializer_range": 0.02, "bos_token_id": 1, "eos_token_id": [1, 2], "pad_token_id": 3,
             "tokenizer_class": "Some", "_name_or_path": "x", "_attn_implementation_autoset": true,
             "rope_scaling": null, "attention_bias": null, "unknown": null, "other": false, "third": 0, "fourth": "")");
    row("phi3", R"("full_attn_mod": 1, "interpolate_factor": 1, "original_max_position_embeddings": 4096)");
    row("phi3", R"("partial_rotary_factor": 0.5)");
    row("stablelm", R"("rotary_scaling_factor": 1.0, "head_dim": 8)");
    row("gemma2", R"("hidden_act": "gelu_pytorch_tanh", "sliding_window": 64, "sliding_window_size": 64)");
    row("smollm3", R"("max_window_layers": 28, "use_sliding_window": false, "pretraining_tp": 2)");
    row("llama", R"("rope_parameters": {"rope_type": "default", "rope_theta": 5e5, "factor": null})");
    row("llama", R"("rope_parameters": {"rope_type": "default", "partial_rotary_factor": 1.0})");
    row("qwen2", R"("rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 8192})");
  }
  void taken() {
    QFETCH(QString, family);
    QFETCH(QString, setting);
    QCOMPARE(refusal(family.toStdString(), setting.toStdString()), QString());
  }

  /// Published Granite models have 0.1; TRL's `disable_dropout` sets what a policy has of it to 0.
  void dropout_is_noted() {
    const ModelConfig granite = config_of("granite", "\"attention_dropout\": 0.1");
    QCOMPARE(granite.notes.size(), std::size_t{1});
    const QString note = QString::fromStdString(granite.notes[0].english());
    QVERIFY2(note.contains("attention_dropout") && note.contains("0.1") && note.contains("not applied"),
             qPrintable(note));
    QCOMPARE(config_of("phi3", R"("resid_pdrop": 0.1, "embd_pdrop": 0.2, "attention_dropout": 0.0)").notes.size(),
             std::size_t{2});
    QCOMPARE(config_of("gpt_neox", "\"hidden_dropout\": 0.1").notes.size(), std::size_t{1});
  }
};

QTEST_GUILESS_MAIN(TestFamilySettings)
#include "test_family_settings.moc"
