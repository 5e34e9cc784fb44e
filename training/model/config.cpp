// SPDX-License-Identifier: Apache-2.0
#include "training/model/config.h"

#include <set>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/model/config_keys.h"
#include "training/model/families.h"
#include "training/model/layer_kinds.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

Activation activation_of(const ConfigKeys& keys, const char* key, const char* family_default) {
  const std::string name = keys.text(key, family_default);
  if (name == "silu" || name == "swish") return Activation::silu;
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_fast" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  keys.fail(key, Message::tr("is \"%1\"; silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh and relu are supported",
                             printable(name)));
}

/// True when the weights are stored in 4 bits; of the ways to store them only bitsandbytes' NF4 is read.
bool stored_nf4_of(const ConfigKeys& keys) {
  if (!keys.has("quantization_config")) return false;
  const auto supported = [](const Message& is) {
    return Message::tr("%1; weights in float32, bfloat16, float16 or bitsandbytes' nf4 are supported", is);
  };
  const auto named = [](const std::string& name) {
    return Message::tr("is %1", std::string("\"") + printable(name) + "\"");
  };
  const Json& stored = keys["quantization_config"];
  if (!stored.is_object()) keys.fail("quantization_config", Message::tr("is not an object"));
  const ConfigKeys inner(stored, keys.origin() + ": quantization_config");
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

const Family& family_of(const ConfigKeys& keys) {
  const std::string type = keys.text("model_type", "");
  std::string names;
  for (const Family& family : families()) {
    if (type == family.model_type) return family;
    names += (names.empty() ? "" : ", ") + std::string(family.model_type);
  }
  keys.fail("model_type", Message::tr("is \"%1\"; supported are %2", printable(type), names));
}

/// What is read alike for all families, before their own settings.
void read_sizes(const ConfigKeys& keys, const Family& family, ModelConfig& config) {
  config.vocab_size = keys.positive("vocab_size", most_vocabulary);
  config.hidden_size = keys.positive("hidden_size", most_width);
  config.intermediate_size = keys.positive("intermediate_size", most_width);
  config.layers = keys.positive("num_hidden_layers", most_layers);
  config.heads = keys.positive("num_attention_heads", most_heads);
  // Null is as many as there are heads, absent is the family's own number.
  const bool as_heads = family.kv_heads == 0 || keys.names("num_key_value_heads");
  config.kv_heads = keys.positive("num_key_value_heads", most_heads, as_heads ? config.heads : family.kv_heads);
  if (!family.own_keys.contains("num_key_value_heads"))
    keys.require("num_key_value_heads", static_cast<double>(config.heads));
  const bool sized = family.own_keys.contains("head_dim");
  if (!sized) keys.require("head_dim", static_cast<double>(config.hidden_size / config.heads));
  const bool own_size = (sized && keys.has("head_dim")) || family.head_dim > 0;
  config.head_dim = keys.positive("head_dim", most_head_dim,
                                  family.head_dim > 0 ? family.head_dim : config.hidden_size / config.heads);
  config.max_position = keys.positive("max_position_embeddings", most_positions, family.max_position);
  if (config.heads % config.kv_heads != 0)
    keys.fail("num_key_value_heads", Message::tr("must divide num_attention_heads"));
  if (!own_size && config.hidden_size % config.heads != 0)
    keys.fail("num_attention_heads", Message::tr("must divide hidden_size"));
}

/// What a model's own training dropped out. TRL sets such shares to 0 before it trains (`disable_dropout`), for a
/// log-ratio of two random networks says little of either; so does this engine.
void read_dropout(const ConfigKeys& keys, ModelConfig& config) {
  for (const char* key : {"attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop"}) {
    const double share = keys.number(key, 0.0);
    if (!(share >= 0 && share < 1)) keys.fail(key, Message::tr("must lie in [0, 1)"));
    if (share > 0)
      config.notes.push_back(
          Message::tr("\"%1\" of config.json is %2; it is not applied, as preference optimization "
                      "trains a policy without dropout of its own",
                      std::string(key), short_dump(keys[key])));
  }
}

}  // namespace

std::string_view to_string(Architecture architecture) {
  for (const Family& family : families())
    if (family.architecture == architecture) return family.name;
  return "";
}

ModelConfig ModelConfig::parse(const std::string& text, const std::string& origin) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw DataError(Message::at(origin, Message::tr("is empty")));
  const Json json = parse_json(text, origin);
  if (!json.is_object()) throw DataError(Message::at(origin, Message::tr("not a JSON object")));
  const ConfigKeys keys(json, origin);
  const Family& family = family_of(keys);
  ModelConfig config;
  config.json = text;
  config.architecture = family.architecture;
  read_sizes(keys, family, config);
  check_size(config, origin);
  read_dropout(keys, config);
  config.stored_nf4 = stored_nf4_of(keys);
  config.tied_embeddings = keys.boolean("tie_word_embeddings", family.tied);
  family.read(keys, config);
  const bool gemma = config.norm_places == NormPlaces::around;
  const char* default_activation = gemma ? "gelu_pytorch_tanh" : config.gated_mlp ? "silu" : "gelu";
  config.activation = activation_of(keys, gemma ? "hidden_activation" : "hidden_act", default_activation);
  const char* eps = config.layer_norm ? "layer_norm_eps" : "rms_norm_eps";
  config.norm_eps = keys.number(eps, family.norm_eps);
  if (!(config.norm_eps >= 0)) keys.fail(eps, Message::tr("must be >= 0"));
  read_rope(keys, family.rope, config);
  read_layer_kinds(keys, config);
  std::set<std::string_view> known = common_config_keys();
  known.insert(family.own_keys.begin(), family.own_keys.end());
  for (const auto& [key, value] : family.only) {
    keys.require(key, value);
    known.insert(key);
  }
  // Where they are not the family's own, they say what it does anyway.
  known.insert({"num_key_value_heads", "head_dim"});
  keys.refuse_unknown(known);
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
