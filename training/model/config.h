// SPDX-License-Identifier: Apache-2.0
// What a Hugging Face config.json says of a decoder, as settings of one module. Families are rows of a table in
// families.cpp; what they share of rotary embeddings and kinds of layers is read in rope_config.cpp and
// layer_kinds.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/message/message.h"
#include "training/cuda/settings.h"

namespace bandscope::model {

enum class Architecture {
  gpt_neox,
  llama,
  mistral,
  qwen2,
  qwen3,
  smollm3,
  olmo2,
  gemma2,
  gemma3,
  phi3,
  granite,
  stablelm
};
std::string_view to_string(Architecture architecture);

using cuda::Activation;
enum class RopeScaling { none, linear, llama3, yarn };

/// Rotary position embedding.
struct RopeConfig {
  double theta = 10000.0;
  std::int64_t dimensions = 0;  ///< leading dimensions of a head that rotate
  RopeScaling scaling = RopeScaling::none;
  double factor = 1.0;
  double low_freq_factor = 1.0, high_freq_factor = 4.0;  ///< llama3
  double original_max_position = 8192;                   ///< llama3, yarn
  double beta_fast = 32.0, beta_slow = 1.0;              ///< yarn
  bool truncate = true;                                  ///< yarn: the blended dimensions end at whole ones
  double attention_factor = 1.0;                         ///< yarn: what cosines and sines are multiplied by
};

/// Which rotary embedding a layer has.
enum class LayerRope { none, main, local };

/// Where a block normalises: what goes into attention and MLP, what comes out of them before it is added, or both.
enum class NormPlaces { before, after, around };
/// How queries and keys are normalised before they rotate: not at all; each head with one weight for all heads; all
/// heads together; each head with a weight of its own (LayerNorm without bias).
enum class QkNorm { none, head, whole, each_head };
/// Query, key and value projections: apart; one matrix, interleaved by head (GPT-NeoX); one matrix, all queries, then
/// all keys, then all values (Phi-3).
enum class Qkv { apart, by_head, stacked };

struct ModelConfig {
  Architecture architecture = Architecture::llama;
  std::int64_t vocab_size = 0, hidden_size = 0, intermediate_size = 0;
  std::int64_t layers = 0, heads = 0, kv_heads = 0, head_dim = 0;
  std::int64_t max_position = 0;
  double norm_eps = 1e-5;
  bool layer_norm = false;     ///< LayerNorm with bias (GPT-NeoX, StableLM) instead of RMSNorm
  bool norm_plus_one = false;  ///< norms multiply by 1 + weight (Gemma)
  bool norm_wide = false;      ///< norms round to compute type after their weight, not before (Gemma, OLMo-2)
  NormPlaces norm_places = NormPlaces::before;
  QkNorm qk_norm = QkNorm::none;
  bool parallel_residual = false;  ///< x + attn(norm1 x) + mlp(norm2 x)
  bool shared_norm = false;        ///< with parallel_residual: norm1 for both (StableLM)
  bool gated_mlp = true;
  bool fused_gate_up = false;  ///< gate and up projections are one matrix, gates first (Phi-3)
  Qkv qkv = Qkv::apart;
  bool qkv_bias = false, output_bias = false, mlp_bias = false;
  bool tied_embeddings = false;
  bool stored_nf4 = false;  ///< some weights are stored in 4 bits, as bitsandbytes saves them
  Activation activation = Activation::silu;
  double embedding_scale = 1.0;        ///< of what the embedding table gives
  bool embedding_scale_typed = false;  ///< the scale is rounded to compute type (Gemma)
  double residual_scale = 1.0;         ///< of what attention and MLP add
  double logit_divisor = 1.0;
  double logit_cap = 0.0;                 ///< logits become cap tanh(logits / cap); 0: as they are
  double attention_cap = 0.0;             ///< the same of attention scores
  std::optional<double> attention_scale;  ///< of query-key products; 1 / sqrt(head_dim) where nothing is said
  RopeConfig rope;
  std::optional<RopeConfig> local_rope;  ///< of sliding layers, where they have one of their own (Gemma 3)
  std::vector<LayerRope> layer_ropes;    ///< per layer
  /// Per layer: how many positions back attention sees, itself included; 0 = all.
  std::vector<std::int64_t> windows;
  std::string json;            ///< the file as read, for writing a model back
  std::vector<Message> notes;  ///< what the file says and is not applied, a sentence each

  /// Reads MODEL_DIR/config.json. Throws DataError naming the file, the key and what is supported.
  static ModelConfig load(const std::filesystem::path& model_dir);
  static ModelConfig parse(const std::string& json, const std::string& origin);
};

}  // namespace bandscope::model
