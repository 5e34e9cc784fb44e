// SPDX-License-Identifier: Apache-2.0
#include "training/model/decoder.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <functional>
#include <map>

#include "core/error.h"
#include "training/model/finite.h"
#include "training/model/rope.h"
#include "training/model/safetensors.h"
#include "training/model/stored_nf4.h"
#include "training/model/unused_weights.h"
#include "training/model/varlen_attention.h"
#include "training/model/weight_shapes.h"

namespace bandscope::model {
namespace {

using torch::autograd::variable_list;

/// Runs a piece of the network without keeping its activations and runs it again in backward; dropout masks are the
/// same each time.
struct CheckpointFunction : torch::autograd::Function<CheckpointFunction> {
  using Piece = std::function<at::Tensor(const at::Tensor&)>;
  struct Holder : torch::CustomClassHolder {
    Piece piece;
  };
  static at::Tensor forward(torch::autograd::AutogradContext* ctx, const at::Tensor& x, const Piece& piece) {
    auto holder = c10::make_intrusive<Holder>();
    holder->piece = piece;
    ctx->saved_data["piece"] = c10::IValue::make_capsule(holder);
    ctx->save_for_backward({x});
    return piece(x);
  }
  static variable_list backward(torch::autograd::AutogradContext* ctx, variable_list grads) {
    const auto holder = c10::static_intrusive_pointer_cast<Holder>(ctx->saved_data["piece"].toCapsule());
    at::Tensor input = ctx->get_saved_variables()[0].detach().requires_grad_(true);
    at::Tensor output;
    {
      const at::AutoGradMode on(true);
      output = holder->piece(input);
    }
    const variable_list gradient = torch::autograd::grad({output}, {input}, {grads[0]});
    return {gradient[0], at::Tensor()};
  }
};

/// Loads parameters by name with their shapes.
class Loader {
 public:
  Loader(Decoder& decoder, const SafeTensors& files, const Decoder::Options& options)
      : decoder_(decoder), files_(files), options_(options) {
    if (!options.quantize) return;
    library_ = quant::BitsAndBytes::load(options.device);
    buffer_ = std::make_shared<quant::DequantizeBuffer>();
  }

  Parameter* parameter(const std::string& name, std::vector<std::int64_t> shape, int layer) {
    const auto type = options_.train_all ? at::kFloat : options_.compute;
    at::Tensor value = at::empty(shape, at::TensorOptions().dtype(type).device(options_.device));
    value.copy_(floating(name, shape));
    files_.forget(name);
    return &decoder_.add_parameter(name, value, options_.train_all, layer);
  }
  /// A frozen matrix in 4 bits.
  Parameter* quantized(const std::string& name, std::int64_t out, std::int64_t in, int layer) {
    quant::Nf4Matrix matrix = is_stored_quantized(files_, name)
                                  ? read_nf4(files_, name, out, in, options_.device)
                                  : quant::quantize_nf4(*library_, quantizable(name, {out, in}), options_.device, name);
    files_.forget(name);
    Parameter& parameter = decoder_.add_parameter(name, at::Tensor(), false, layer);
    parameter.quantized = std::make_unique<const quant::QuantizedWeight>(library_, std::move(matrix), buffer_);
    return &parameter;
  }
  Linear linear(const WeightShape& shape) {
    Linear result;
    result.name = shape.module;
    const std::string weight = shape.module + ".weight";
    result.weight = options_.quantize ? quantized(weight, shape.out, shape.in, shape.layer)
                                      : parameter(weight, {shape.out, shape.in}, shape.layer);
    if (shape.bias > 0) result.bias = parameter(shape.module + ".bias", {shape.bias}, shape.layer);
    return result;
  }
  Norm norm(const WeightShape& shape) {
    Norm result;
    result.weight = parameter(shape.module + ".weight", {shape.out}, shape.layer);
    if (shape.bias > 0) result.bias = parameter(shape.module + ".bias", {shape.bias}, shape.layer);
    const ModelConfig& config = decoder_.config();
    result.eps = config.norm_eps;
    result.centred = config.layer_norm;
    result.plus_one = config.norm_plus_one;
    result.wide = config.norm_wide;
    return result;
  }

  std::string library() const { return library_ ? library_->file().string() : ""; }

 private:
  at::Tensor floating(const std::string& name, at::IntArrayRef shape) const {
    const at::Tensor stored = files_.get(name, shape);
    if (!stored.is_floating_point())
      throw DataError(
          Message::at(files_.file_of(name), Message::tr("tensor \"%1\" is not of a floating-point type", name)));
    if (!is_finite(stored))
      throw DataError(Message::at(files_.file_of(name),
                                  Message::tr("tensor \"%1\" has values that are not finite (NaN or infinity)", name)));
    return stored;
  }
  at::Tensor quantizable(const std::string& name, at::IntArrayRef shape) const {
    const at::Tensor stored = floating(name, shape);
    if (stored.scalar_type() == at::kDouble)
      throw DataError(Message::at(
          files_.file_of(name), Message::tr("tensor \"%1\" is of type F64; F32, BF16 and F16 can be quantised", name)));
    return stored;
  }

  Decoder& decoder_;
  const SafeTensors& files_;
  const Decoder::Options& options_;
  std::shared_ptr<const quant::BitsAndBytes> library_;
  std::shared_ptr<quant::DequantizeBuffer> buffer_;
};

/// Where a block keeps a weight of this role; nullptr for another kind of weight.
Linear* projection_of(Block& block, WeightRole role) {
  switch (role) {
    case WeightRole::qkv:
      return &block.qkv;
    case WeightRole::q:
      return &block.q;
    case WeightRole::k:
      return &block.k;
    case WeightRole::v:
      return &block.v;
    case WeightRole::o:
      return &block.o;
    case WeightRole::gate_up:
      return &block.gate_up;
    case WeightRole::gate:
      return &block.gate;
    case WeightRole::up:
      return &block.up;
    case WeightRole::down:
      return &block.down;
    default:
      return nullptr;
  }
}

/// Where it keeps a norm of this role.
Norm& norm_of(Block& block, WeightRole role) {
  switch (role) {
    case WeightRole::norm_after_attention:
      return block.after_attention;
    case WeightRole::norm_before_mlp:
      return block.before_mlp;
    case WeightRole::norm_after_mlp:
      return block.after_mlp;
    case WeightRole::q_norm:
      return block.q_norms.emplace_back();
    case WeightRole::k_norm:
      return block.k_norms.emplace_back();
    default:
      return block.before_attention;
  }
}

}  // namespace

std::unique_ptr<Decoder> Decoder::load(const std::filesystem::path& model_dir, const Options& options) {
  auto decoder = std::make_unique<Decoder>();
  decoder->config_ = ModelConfig::load(model_dir);
  decoder->options_ = options;
  const ModelConfig& c = decoder->config_;
  if (c.stored_nf4 && !options.quantize)
    throw DataError(Message::at(
        model_dir / "config.json",
        Message::tr("\"quantization_config\" says that the weights are stored in 4 bits; only model.tuning = \"qlora\" "
                    "reads them, and an adapter is merged into the model that they were made from")));
  const SafeTensors files = SafeTensors::open_model(model_dir);
  Loader load(*decoder, files, options);
  decoder->blocks_.resize(static_cast<std::size_t>(c.layers));
  for (std::size_t i = 0; i < decoder->blocks_.size(); ++i) {
    decoder->blocks_[i].window = c.windows[i];
    decoder->blocks_[i].rope = c.layer_ropes[i];
  }
  for (const WeightShape& shape : weight_shapes(c)) {
    if (shape.role == WeightRole::embedding || shape.role == WeightRole::head) {
      Parameter*& place = shape.role == WeightRole::head ? decoder->head_ : decoder->embed_;
      place = load.parameter(shape.module + ".weight", {shape.out, shape.in}, shape.layer);
    } else if (shape.role == WeightRole::final_norm) {
      decoder->final_norm_ = load.norm(shape);
    } else {
      Block& block = decoder->blocks_[static_cast<std::size_t>(shape.layer)];
      if (Linear* place = projection_of(block, shape.role))
        *place = load.linear(shape);
      else
        norm_of(block, shape.role) = load.norm(shape);
    }
  }
  const std::string head = head_module(c) + ".weight";
  // Some tools store a tied projection a second time; one that differs is trained apart, whatever the configuration
  // says.
  if (c.tied_embeddings && files.contains(head) && !at::equal(files.get(head), files.get(decoder->embed_->name)))
    throw DataError(
        Message::at(model_dir / "config.json", Message::tr("\"tie_word_embeddings\" is true, and tensor \"%1\" differs "
                                                           "from the embeddings; set it to false where both are meant",
                                                           head)));
  if (c.tied_embeddings) decoder->head_ = decoder->embed_;
  decoder->inverse_frequencies_ = inverse_frequencies(c.rope).to(options.device);
  if (c.local_rope) decoder->local_inverse_frequencies_ = inverse_frequencies(*c.local_rope).to(options.device);
  decoder->unused_ = unused_weights(c, files.names(), files.files().size() == 1 ? files.files().front() : model_dir);
  decoder->quantized_.library = load.library();
  for (const Parameter& parameter : decoder->parameters_) {
    if (!parameter.quantized) continue;
    ++decoder->quantized_.matrices;
    decoder->quantized_.weights += parameter.numel();
    decoder->quantized_.bytes += parameter.quantized->matrix().bytes();
  }
  return decoder;
}

Parameter& Decoder::add_parameter(std::string name, at::Tensor value, bool trained, int layer) {
  Parameter& parameter = parameters_.emplace_back();
  parameter.name = std::move(name);
  parameter.value = std::move(value);
  parameter.trained = trained;
  parameter.layer = layer;
  return parameter;
}

std::vector<Parameter*> Decoder::trained() {
  std::vector<Parameter*> result;
  for (Parameter& parameter : parameters_)
    if (parameter.trained) result.push_back(&parameter);
  return result;
}

std::vector<Linear*> Decoder::projections() {
  std::vector<Linear*> result;
  for (Block& block : blocks_)
    for (Linear* layer :
         {&block.qkv, &block.q, &block.k, &block.v, &block.o, &block.gate_up, &block.gate, &block.up, &block.down})
      if (layer->weight) result.push_back(layer);
  return result;
}

std::int64_t Decoder::weight_count() const {
  std::int64_t count = 0;
  for (const Parameter& parameter : parameters_)
    if (parameter.name.find(".lora_") == std::string::npos) count += parameter.numel();
  return count;
}

std::int64_t Decoder::keep_in_full(std::int64_t bytes) {
  const auto size = static_cast<std::int64_t>(c10::elementSize(options_.compute));
  std::int64_t taken = 0;
  for (Parameter& parameter : parameters_) {
    if (!parameter.quantized || parameter.kept_in_full()) continue;
    if (taken + parameter.numel() * size > bytes) break;
    parameter.keep_in_full(options_.compute);
    taken += parameter.numel() * size;
  }
  return taken;
}

bool Decoder::let_go_of_copies() {
  bool any = false;
  for (Parameter& parameter : parameters_) {
    if (!parameter.kept_in_full()) continue;
    parameter.let_go();
    any = true;
  }
  return any;
}

bool Decoder::recompute_all() {
  const auto all = static_cast<std::int64_t>(blocks_.size());
  if (options_.recomputed_blocks == 0 || options_.recomputed_blocks >= all) return false;
  options_.recomputed_blocks = all;
  return true;
}

void Decoder::block_is_back(std::size_t i, const PassContext& context) {
  const int block = static_cast<int>(i);
  if (context.block_done) context.block_done(block);
  if (!keeper_) return;
  keeper_->done(block);
  if (block > 0) keeper_->need(block - 1, block > 1 ? std::optional(block - 2) : std::nullopt);
}

Hidden Decoder::forward(const PackedRow& row, PassContext& context, std::optional<int> tail) {
  const auto tables = [&](const at::Tensor& frequencies, const RopeConfig& rope) {
    const auto [cos, sin] = rope_tables(frequencies, row.positions, rope.attention_factor);
    return RopeTables{cos, sin};
  };
  const RopeTables main = tables(inverse_frequencies_, config_.rope);
  const RopeTables local = config_.local_rope ? tables(local_inverse_frequencies_, *config_.local_rope) : RopeTables{};
  std::optional<Sequences> sequences;
  const VarlenKernel* kernel = context.attend || config_.attention_cap > 0
                                   ? nullptr
                                   : varlen_kernel(options_.device, context.compute, config_.head_dim);
  if (kernel) sequences = sequences_of(row.segments, kernel->once, options_.device);
  std::map<std::int64_t, AttentionPlan> plans;
  for (const Block& block : blocks_) {
    if (plans.contains(block.window)) continue;
    AttentionPlan& plan = plans[block.window];
    plan.window = block.window;
    plan.sequences = sequences;
    plan.kernel = kernel;
    if (sequences) continue;
    for (const Segment& segment : row.segments)
      plan.masks.push_back(attention_mask(segment, block.window, context.compute, options_.device));
  }
  const bool recording = at::GradMode::is_enabled();
  context.copies = row.copies;
  if (context.dropout.share > 0) context.dropout.places = row.places(context.dropout.first_pair);
  at::Tensor anchor = at::zeros({1}, at::TensorOptions().dtype(context.compute).device(options_.device));
  if (recording) anchor.requires_grad_(true);
  Hidden hidden;
  const int count = static_cast<int>(blocks_.size());
  if (keeper_) keeper_->need(-1, count), keeper_->need(count, 0);
  at::Tensor x = embedding(anchor, row.ids, *embed_, context);
  if (config_.embedding_scale != 1.0) {
    const double scale = config_.embedding_scale_typed
                             ? at::scalar_tensor(config_.embedding_scale, context.compute).item<double>()
                             : config_.embedding_scale;
    x = x * scale;
  }
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (recording && tail == static_cast<int>(i)) {
      hidden.tail_source = x;
      x = hidden.tail_leaf = x.detach().requires_grad_(true);
    }
    if (recording && (context.block_done || keeper_) && x.requires_grad())
      x.register_hook([this, &context, i](const at::Tensor&) { block_is_back(i, context); });
    const int number = static_cast<int>(i);
    if (keeper_) keeper_->need(number, number + 1 < count ? std::optional(number + 1) : std::nullopt);
    const Block& block = blocks_[i];
    const AttentionPlan& plan = plans.at(block.window);
    const RopeTables& rope = block.rope == LayerRope::local ? local : main;
    if (number < options_.recomputed_blocks && recording) {
      // The piece outlives this call: it owns what it needs of the row (tensors and sizes are shared, not copied deep).
      x = CheckpointFunction::apply(
          x, CheckpointFunction::Piece([this, &block, row, rope, plan, &context](const at::Tensor& in) {
            return run_block(block, in, row, rope, plan, context);
          }));
    } else {
      x = run_block(block, x, row, rope, plan, context);
    }
    // The backward pass begins with the last block.
    if (keeper_ && (!recording || number + 1 < count)) keeper_->done(number);
  }
  hidden.states = normed(x, final_norm_, context);
  // Logits are linear in the states: dividing these divides those, and what is scored of the projection.
  if (config_.logit_divisor != 1.0) hidden.states = hidden.states / config_.logit_divisor;
  return hidden;
}

}  // namespace bandscope::model
