// SPDX-License-Identifier: Apache-2.0
// What a Hugging Face config.json says of a decoder, as settings of one module (GPT-NeoX, Llama, Mistral, Qwen2).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bandscope::model {

enum class Architecture { gpt_neox, llama, mistral, qwen2 };
std::string_view to_string(Architecture architecture);

enum class Activation { silu, gelu, gelu_tanh, relu };
enum class RopeScaling { none, linear, llama3 };

/// Rotary position embedding.
struct RopeConfig {
  double theta = 10000.0;
  std::int64_t dimensions = 0;  ///< leading dimensions of a head that rotate
  RopeScaling scaling = RopeScaling::none;
  double factor = 1.0;
  double low_freq_factor = 1.0, high_freq_factor = 4.0;  ///< llama3
  double original_max_position = 8192;                   ///< llama3
};

struct ModelConfig {
  Architecture architecture = Architecture::llama;
  std::int64_t vocab_size = 0, hidden_size = 0, intermediate_size = 0;
  std::int64_t layers = 0, heads = 0, kv_heads = 0, head_dim = 0;
  std::int64_t max_position = 0;
  double norm_eps = 1e-5;
  bool layer_norm = false;         ///< LayerNorm with bias (GPT-NeoX) instead of RMSNorm
  bool parallel_residual = false;  ///< x + attn(norm1 x) + mlp(norm2 x)
  bool gated_mlp = true;
  bool fused_qkv = false;  ///< one projection, interleaved per head (GPT-NeoX)
  bool qkv_bias = false, output_bias = false, mlp_bias = false;
  bool tied_embeddings = false;
  bool stored_nf4 = false;  ///< some weights are stored in 4 bits, as bitsandbytes saves them
  Activation activation = Activation::silu;
  RopeConfig rope;
  /// Per layer: how many positions back attention sees, itself included; 0 = all.
  std::vector<std::int64_t> windows;
  std::string json;  ///< the file as read, for writing a model back

  /// Reads MODEL_DIR/config.json. Throws DataError naming the file, the key and what is supported.
  static ModelConfig load(const std::filesystem::path& model_dir);
  static ModelConfig parse(const std::string& json, const std::string& origin);
};

}  // namespace bandscope::model
