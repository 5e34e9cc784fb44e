// SPDX-License-Identifier: Apache-2.0
// One decoder for all families (families.h): settings of one module, loaded by name from safetensors.
#pragma once

#include <ATen/core/Tensor.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/model/config.h"
#include "training/model/functions.h"
#include "training/model/packed_row.h"
#include "training/model/varlen_attention.h"
#include "training/model/weight_keeper.h"

namespace bandscope::model {

struct Block {
  Norm before_attention, after_attention, before_mlp, after_mlp;  ///< without a weight where there is none
  std::vector<Norm> q_norms, k_norms;                             ///< none, one, or one per head (ModelConfig::qk_norm)
  Linear qkv;  ///< one matrix for all three (ModelConfig::qkv); else q, k, v
  Linear q, k, v, o;
  Linear gate_up;         ///< one matrix for both; else gate, up
  Linear gate, up, down;  ///< plain MLP: up and down only
  std::int64_t window = 0;
  LayerRope rope = LayerRope::main;
};

/// Cosines and sines of a row's positions, per kind of layer.
struct RopeTables {
  at::Tensor cos, sin;
};

/// How the blocks of one window attend within a row: through sequences where the kernel for them is at hand, else
/// segment by segment with masks.
struct AttentionPlan {
  std::int64_t window = 0;
  std::vector<at::Tensor> masks;
  std::optional<Sequences> sequences;  ///< with the kernel that takes them, in place of masks
  const VarlenKernel* kernel = nullptr;
};

/// Final hidden states of a packed row.
struct Hidden {
  at::Tensor states;  ///< [rows, hidden] after the final norm, in compute type
  /// With a tail: the input of its first block as a leaf, and the tensor it was cut from. A backward pass through the
  /// tail alone stops at the leaf; its gradient then goes on from `tail_source`.
  at::Tensor tail_leaf, tail_source;
};

class Decoder {
 public:
  struct Options {
    at::ScalarType compute = at::kFloat;
    at::Device device = at::kCPU;
    bool train_all = false;  ///< every weight float32 and trained; else all frozen in compute type
    /// The blocks' projections in 4 bits (NF4), quantised at load unless they are stored so; not with train_all.
    bool quantize = false;
    /// The first so many blocks keep only their inputs, and run again in the backward pass: gradient checkpointing.
    /// The first ones, since memory is fullest when the backward pass begins, with the last.
    std::int64_t recomputed_blocks = 0;
  };
  /// Weight by weight: never more than one of those to quantise is held in full. Throws DataError (missing or misshapen
  /// tensor, unsupported configuration, weights stored in 4 bits without `quantize`), and SpecError where bitsandbytes'
  /// library is needed and missing.
  static std::unique_ptr<Decoder> load(const std::filesystem::path& model_dir, const Options& options);

  /// Runs the row. Recorded for backward when grad mode is on; `context` must outlive the backward pass. `tail`: the
  /// block whose input becomes Hidden::tail_leaf.
  Hidden forward(const PackedRow& row, PassContext& context, std::optional<int> tail = std::nullopt);

  /// Weights are asked for layer by layer from now on. Those of the embedding, the final norm and the output projection
  /// are needed until the keeper itself takes them back, and in a recorded pass those of a block until its part of the
  /// backward pass is done.
  void ask_for_weights(WeightKeeper* keeper) { keeper_ = keeper; }

  const ModelConfig& config() const { return config_; }
  const Options& options() const { return options_; }
  Parameter& embed() { return *embed_; }
  /// Output projection [vocab, hidden]; the embedding itself where they are tied.
  Parameter& head() { return *head_; }
  bool tied() const { return head_ == embed_; }
  std::vector<Block>& blocks() { return blocks_; }
  std::deque<Parameter>& parameters() { return parameters_; }
  const std::deque<Parameter>& parameters() const { return parameters_; }
  std::vector<Parameter*> trained();
  /// All linear projections of the blocks, in order.
  std::vector<Linear*> projections();
  /// Adds a parameter (adapters do).
  Parameter& add_parameter(std::string name, at::Tensor value, bool trained, int layer);
  /// Weights in total, adapters left out.
  std::int64_t weight_count() const;
  /// What quantisation made of the weights it took.
  struct Quantized {
    std::int64_t matrices = 0, weights = 0;
    std::size_t bytes = 0;
    std::string library;  ///< file of bitsandbytes' library
  };
  const Quantized& quantized() const { return quantized_; }
  /// What its files hold and it does not use (unused_weights.h); empty: nothing.
  const Message& unused() const { return unused_; }
  /// Keeps quantised weights in full as well, in compute type, as many as `bytes` hold from the first block on; returns
  /// what they take. Numbers stay the same to the bit, and a pass writes nothing out.
  std::int64_t keep_in_full(std::int64_t bytes);
  /// False where nothing was kept in full.
  bool let_go_of_copies();
  /// Options::recomputed_blocks of the passes to come; numbers stay the same to the bit.
  void recompute(std::int64_t blocks) { options_.recomputed_blocks = blocks; }
  /// All of them from now on, where some are; false where none is, or all were.
  bool recompute_all();

 private:
  at::Tensor run_block(const Block& block, const at::Tensor& x, const PackedRow& row, const RopeTables& rope,
                       const AttentionPlan& plan, PassContext& context);
  at::Tensor attend(const Block& block, const at::Tensor& x, const PackedRow& row, const RopeTables& rope,
                    const AttentionPlan& plan, PassContext& context);
  at::Tensor mlp(const Block& block, const at::Tensor& x, PassContext& context);
  /// Queries or keys [rows, heads * head_dim] as heads, normalised.
  at::Tensor heads_of(const at::Tensor& x, std::int64_t heads, const std::vector<Norm>& norms, PassContext& context);

  /// After block `i` went backward.
  void block_is_back(std::size_t i, const PassContext& context);

  ModelConfig config_;
  Options options_;
  WeightKeeper* keeper_ = nullptr;
  std::deque<Parameter> parameters_;
  Parameter* embed_ = nullptr;
  Parameter* head_ = nullptr;
  Norm final_norm_;
  std::vector<Block> blocks_;
  at::Tensor inverse_frequencies_, local_inverse_frequencies_;
  Quantized quantized_;
  Message unused_;
};

}  // namespace bandscope::model
