// SPDX-License-Identifier: Apache-2.0
#include "training/model/config.h"

#include <limits>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/printable.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

// Far above every published model. What a file may ask for is bounded before a list of layers or a product of sizes is
// made of it.
constexpr std::int64_t most_layers = 10000, most_width = std::int64_t{1} << 22, most_heads = std::int64_t{1} << 16,
                       most_head_dim = std::int64_t{1} << 16, most_vocabulary = std::int64_t{1} << 28,
                       most_positions = std::int64_t{1} << 31, most_weights = std::int64_t{1} << 44;

/// Typed access to one JSON object; every complaint names the file and the key.
class Keys {
 public:
  Keys(const Json& object, std::string origin) : object_(object), origin_(std::move(origin)) {}

  /// There, be it null.
  bool names(const char* key) const { return object_.contains(key); }
  bool has(const char* key) const { return object_.contains(key) && !object_[key].is_null(); }
  std::int64_t integer(const char* key, std::optional<std::int64_t> fallback = {}) const {
    if (!has(key)) return fallback ? *fallback : missing(key);
    const Json& value = object_[key];
    if (!value.is_number_integer()) fail(key, Message::tr("is not an integer"));
    if (value.is_number_unsigned() &&
        value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
      fail(key, Message::tr("is too large"));
    return value.get<std::int64_t>();
  }
  std::int64_t positive(const char* key, std::int64_t most, std::optional<std::int64_t> fallback = {}) const {
    const std::int64_t value = integer(key, fallback);
    if (value < 1 || value > most) fail(key, Message::tr("is %1; 1 to %2 is supported", value, most));
    return value;
  }
  double above_zero(const char* key, double fallback) const {
    const double value = number(key, fallback);
    if (!(value > 0)) fail(key, Message::tr("must be > 0"));
    return value;
  }
  double number(const char* key, double fallback) const {
    if (!has(key)) return fallback;
    if (!object_[key].is_number()) fail(key, Message::tr("is not a number"));
    return object_[key].get<double>();
  }
  bool boolean(const char* key, bool fallback) const {
    if (!has(key)) return fallback;
    if (!object_[key].is_boolean()) fail(key, Message::tr("is not true or false"));
    return object_[key].get<bool>();
  }
  std::string text(const char* key, const std::string& fallback) const {
    if (!has(key)) return fallback;
    if (!object_[key].is_string()) fail(key, Message::tr("is not a string"));
    return object_[key].get<std::string>();
  }
  /// Values that would change the forward pass and that this engine does not compute.
  void refuse_nonzero(const char* key) const {
    if (number(key, 0.0) != 0.0) fail(key, Message::tr("is not 0; training with this dropout is not supported"));
  }
  [[noreturn]] void fail(const char* key, const Message& what) const {
    throw DataError(Message::at(origin_, Message::tr("\"%1\" %2", key, what)));
  }
  const Json& operator[](const char* key) const { return object_[key]; }
  const std::string& origin() const { return origin_; }

 private:
  [[noreturn]] std::int64_t missing(const char* key) const {
    throw DataError(Message::at(origin_, Message::tr("\"%1\" %2", key, Message::tr("is missing"))));
  }
  const Json& object_;
  std::string origin_;
};

Activation activation_of(const Keys& keys, const char* family_default) {
  const std::string name = keys.text("hidden_act", family_default);
  if (name == "silu" || name == "swish") return Activation::silu;
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_fast" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  keys.fail("hidden_act",
            Message::tr("is \"%1\"; silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh and relu are supported",
                        printable(name)));
}

/// Both styles: `rope_theta` with `rope_scaling`, and the newer `rope_parameters` that holds everything.
RopeConfig rope_of(const Keys& keys, std::int64_t head_dim, const char* old_theta, const char* old_share,
                   double default_share, std::int64_t max_position) {
  RopeConfig rope;
  static const Json empty = Json::object();
  const bool is_new = keys.has("rope_parameters");
  const char* nested = is_new ? "rope_parameters" : "rope_scaling";
  const bool has_nested = keys.has(nested);
  if (has_nested && !keys[nested].is_object()) keys.fail(nested, Message::tr("is not an object"));
  const Keys inner(has_nested ? keys[nested] : empty, keys.origin() + ": " + nested);
  for (const char* kind : {"full_attention", "sliding_attention"})
    if (inner.has(kind))
      inner.fail(kind, Message::tr("gives a kind of layer its own rotary embedding; one for all layers is supported"));
  rope.theta = inner.above_zero("rope_theta", keys.above_zero(old_theta, keys.above_zero("rope_theta", 10000.0)));
  const double share = inner.number("partial_rotary_factor",
                                    keys.number(old_share, keys.number("partial_rotary_factor", default_share)));
  if (!(share > 0.0 && share <= 1.0)) keys.fail(old_share, Message::tr("must lie in (0, 1]"));
  rope.dimensions = static_cast<std::int64_t>(static_cast<double>(head_dim) * share);
  if (rope.dimensions % 2 != 0) keys.fail(old_share, Message::tr("gives an odd number of rotary dimensions"));
  const std::string type = inner.text("rope_type", inner.text("type", "default"));
  if (type == "default") return rope;
  rope.factor = inner.number("factor", 1.0);
  if (!(rope.factor > 0)) inner.fail("factor", Message::tr("must be > 0"));
  if (type == "linear") {
    rope.scaling = RopeScaling::linear;
  } else if (type == "llama3") {
    rope.scaling = RopeScaling::llama3;
    rope.low_freq_factor = inner.above_zero("low_freq_factor", 1.0);
    rope.high_freq_factor = inner.above_zero("high_freq_factor", 4.0);
    // A value beside the object wins, as Phi-style configurations have it.
    rope.original_max_position =
        keys.number("original_max_position_embeddings",
                    inner.number("original_max_position_embeddings", static_cast<double>(max_position)));
    if (!(rope.original_max_position > 0)) inner.fail("original_max_position_embeddings", Message::tr("must be > 0"));
    if (!(rope.high_freq_factor > rope.low_freq_factor))
      inner.fail("high_freq_factor", Message::tr("must be above low_freq_factor"));
  } else {
    inner.fail("rope_type", Message::tr("is \"%1\"; default, linear and llama3 are supported", printable(type)));
  }
  return rope;
}

/// The family's own rule. Of the four only Qwen2 follows `layer_types`; elsewhere it may only say the same.
std::vector<std::int64_t> windows_of(const Keys& keys, Architecture architecture, std::int64_t layers) {
  std::vector<std::int64_t> windows(static_cast<std::size_t>(layers), 0);
  const bool mistral = architecture == Architecture::mistral, qwen = architecture == Architecture::qwen2;
  const bool on = mistral || (qwen && keys.boolean("use_sliding_window", false));
  // Absent is not null: both families then mean 4096.
  const std::int64_t absent = keys.names("sliding_window") ? 0 : 4096;
  const std::int64_t window = !on                          ? 0
                              : keys.has("sliding_window") ? keys.positive("sliding_window", most_positions)
                                                           : absent;
  const std::int64_t from = qwen ? std::max<std::int64_t>(keys.integer("max_window_layers", 28), 0) : 0;
  for (std::int64_t i = from; i < layers; ++i) windows[static_cast<std::size_t>(i)] = window;
  if (!keys.has("layer_types")) return windows;

  const Json& types = keys["layer_types"];
  if (!types.is_array() || types.size() != windows.size())
    keys.fail("layer_types", Message::tr("needs one entry per layer"));
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (types[i] != "sliding_attention" && types[i] != "full_attention")
      keys.fail("layer_types", Message::tr("knows full_attention and sliding_attention only"));
    const bool sliding = types[i] == "sliding_attention";
    if (qwen) {
      if (sliding && on && window == 0)
        keys.fail("sliding_window", Message::tr("is missing, and layer_types asks for it"));
      windows[i] = sliding ? window : 0;
    } else if (sliding != (windows[i] != 0)) {
      keys.fail(
          "layer_types",
          Message::tr(
              "says otherwise than this family's layers attend; kinds of attention by layer are supported for qwen2"));
    }
  }
  return windows;
}

/// True when the weights are stored in 4 bits; of the ways to store them only bitsandbytes' NF4 is read.
bool stored_nf4_of(const Keys& keys) {
  if (!keys.has("quantization_config")) return false;
  const auto supported = [](const Message& is) {
    return Message::tr("%1; weights in float32, bfloat16, float16 or bitsandbytes' nf4 are supported", is);
  };
  const auto named = [](const std::string& name) {
    return Message::tr("is %1", std::string("\"") + printable(name) + "\"");
  };
  const Json& stored = keys["quantization_config"];
  if (!stored.is_object()) keys.fail("quantization_config", Message::tr("is not an object"));
  const Keys inner(stored, keys.origin() + ": quantization_config");
  const std::string method = inner.text("quant_method", "bitsandbytes");
  if (method != "bitsandbytes") inner.fail("quant_method", supported(named(method)));
  if (inner.boolean("load_in_8bit", inner.boolean("_load_in_8bit", false)))
    inner.fail("load_in_8bit", supported(Message::tr("is true")));
  const std::string type = inner.text("bnb_4bit_quant_type", "fp4");  // what bitsandbytes takes where nothing is said
  if (type != "nf4") inner.fail("bnb_4bit_quant_type", supported(named(type)));
  return true;
}

/// No sum or product of sizes that a plan or a decoder makes can overflow.
void check_size(const ModelConfig& config, const std::string& origin) {
  const std::int64_t width = config.heads * config.head_dim, per_row = 3 * width + width + 3 * config.intermediate_size;
  std::int64_t weights = 0, embeddings = 0;
  if (__builtin_mul_overflow(config.hidden_size, per_row, &weights) ||
      __builtin_mul_overflow(weights, config.layers, &weights) ||
      __builtin_mul_overflow(config.hidden_size, 2 * config.vocab_size, &embeddings) ||
      __builtin_add_overflow(weights, embeddings, &weights) || weights > most_weights)
    throw DataError(Message::at(
        origin,
        Message::tr(
            "\"num_hidden_layers\", \"vocab_size\" and the sizes beside them make a model of more than %1 weights",
            most_weights)));
}

Architecture architecture_of(const Keys& keys) {
  const std::string type = keys.text("model_type", "");
  if (type == "gpt_neox") return Architecture::gpt_neox;
  if (type == "llama") return Architecture::llama;
  if (type == "mistral") return Architecture::mistral;
  if (type == "qwen2") return Architecture::qwen2;
  keys.fail("model_type", Message::tr("is \"%1\"; gpt_neox, llama, mistral and qwen2 are supported", printable(type)));
}

}  // namespace

std::string_view to_string(Architecture architecture) {
  switch (architecture) {
    case Architecture::gpt_neox:
      return "GPT-NeoX";
    case Architecture::llama:
      return "Llama";
    case Architecture::mistral:
      return "Mistral";
    case Architecture::qwen2:
      return "Qwen2";
  }
  return "";
}

ModelConfig ModelConfig::parse(const std::string& text, const std::string& origin) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw DataError(Message::at(origin, Message::tr("is empty")));
  const Json json = parse_json(text, origin);
  if (!json.is_object()) throw DataError(Message::at(origin, Message::tr("not a JSON object")));
  const Keys keys(json, origin);
  ModelConfig config;
  config.json = text;
  config.architecture = architecture_of(keys);
  const bool neox = config.architecture == Architecture::gpt_neox;
  config.vocab_size = keys.positive("vocab_size", most_vocabulary);
  config.hidden_size = keys.positive("hidden_size", most_width);
  config.intermediate_size = keys.positive("intermediate_size", most_width);
  config.layers = keys.positive("num_hidden_layers", most_layers);
  config.heads = keys.positive("num_attention_heads", most_heads);
  config.kv_heads = neox ? config.heads : keys.positive("num_key_value_heads", most_heads, config.heads);
  config.head_dim = keys.positive("head_dim", most_head_dim, config.hidden_size / config.heads);
  config.max_position = keys.positive("max_position_embeddings", most_positions, 2048);
  if (config.heads % config.kv_heads != 0)
    keys.fail("num_key_value_heads", Message::tr("must divide num_attention_heads"));
  if (!keys.has("head_dim") && config.hidden_size % config.heads != 0)
    keys.fail("num_attention_heads", Message::tr("must divide hidden_size"));
  check_size(config, origin);
  config.activation = activation_of(keys, neox ? "gelu" : "silu");
  for (const char* key : {"attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop"}) keys.refuse_nonzero(key);
  config.stored_nf4 = stored_nf4_of(keys);

  if (neox) {
    config.layer_norm = true;
    config.norm_eps = keys.number("layer_norm_eps", 1e-5);
    config.parallel_residual = keys.boolean("use_parallel_residual", true);
    config.gated_mlp = false;
    config.fused_qkv = true;
    config.qkv_bias = config.output_bias = keys.boolean("attention_bias", true);
    config.mlp_bias = true;
    config.tied_embeddings = keys.boolean("tie_word_embeddings", false);
    config.rope = rope_of(keys, config.head_dim, "rotary_emb_base", "rotary_pct", 0.25, config.max_position);
  } else {
    const bool qwen = config.architecture == Architecture::qwen2;
    config.norm_eps = keys.number("rms_norm_eps", 1e-6);
    const bool bias = config.architecture == Architecture::llama && keys.boolean("attention_bias", false);
    config.qkv_bias = qwen || bias;
    config.output_bias = bias;
    config.mlp_bias = config.architecture == Architecture::llama && keys.boolean("mlp_bias", false);
    config.tied_embeddings = keys.boolean("tie_word_embeddings", false);
    config.rope = rope_of(keys, config.head_dim, "rope_theta", "partial_rotary_factor", 1.0, config.max_position);
  }
  if (!(config.norm_eps >= 0)) keys.fail(neox ? "layer_norm_eps" : "rms_norm_eps", Message::tr("must be >= 0"));
  config.windows = windows_of(keys, config.architecture, config.layers);
  return config;
}

ModelConfig ModelConfig::load(const std::filesystem::path& model_dir) {
  const auto file = model_dir / "config.json";
  std::error_code error;
  if (!std::filesystem::exists(file, error))
    throw DataError(Message::at(file, Message::tr("cannot be read; a Hugging Face model folder is needed")));
  return parse(read_file(file), file.string());
}

}  // namespace bandscope::model
