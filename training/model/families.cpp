// SPDX-License-Identifier: Apache-2.0
#include "training/model/families.h"

#include <cmath>

namespace bandscope::model {
namespace {

void read_llama(const ConfigKeys& keys, ModelConfig& config) {
  config.qkv_bias = config.output_bias = keys.boolean("attention_bias", false);
  config.mlp_bias = keys.boolean("mlp_bias", false);
}

void read_mistral(const ConfigKeys&, ModelConfig&) {}

void read_qwen2(const ConfigKeys&, ModelConfig& config) { config.qkv_bias = true; }

void read_attention_bias(const ConfigKeys& keys, ModelConfig& config) {
  config.qkv_bias = config.output_bias = keys.boolean("attention_bias", false);
}

void read_qwen3(const ConfigKeys& keys, ModelConfig& config) {
  read_attention_bias(keys, config);
  config.qk_norm = QkNorm::head;
}

void read_olmo2(const ConfigKeys& keys, ModelConfig& config) {
  read_attention_bias(keys, config);
  config.norm_places = NormPlaces::after;
  config.norm_wide = true;
  config.qk_norm = QkNorm::whole;
}

/// 0 where a cap is not set.
double cap_of(const ConfigKeys& keys, const char* key, double fallback) {
  const double cap = keys.names(key) ? keys.number(key, 0.0) : fallback;
  if (!(cap >= 0)) keys.fail(key, Message::tr("must be >= 0"));
  return cap;
}

void read_gemma(const ConfigKeys& keys, ModelConfig& config) {
  read_attention_bias(keys, config);
  if (keys.boolean("use_bidirectional_attention", false))
    keys.fail("use_bidirectional_attention", Message::tr("is true, which is not supported"));
  config.norm_places = NormPlaces::around;
  config.norm_plus_one = config.norm_wide = true;
  config.embedding_scale = std::sqrt(static_cast<double>(config.hidden_size));
  config.embedding_scale_typed = true;
  config.attention_scale = 1.0 / std::sqrt(keys.above_zero("query_pre_attn_scalar", 256.0));
}

void read_gemma2(const ConfigKeys& keys, ModelConfig& config) {
  read_gemma(keys, config);
  // Another name that published files have beside the one that is read.
  if (keys.has("sliding_window_size") && keys.has("sliding_window"))
    keys.require("sliding_window_size", keys.number("sliding_window", 0));
  config.logit_cap = cap_of(keys, "final_logit_softcapping", 30.0);
  config.attention_cap = cap_of(keys, "attn_logit_softcapping", 50.0);
}

/// transformers has "attn_logit_softcapping" in this family's files, and does not apply it.
void read_gemma3(const ConfigKeys& keys, ModelConfig& config) {
  read_gemma(keys, config);
  config.qk_norm = QkNorm::head;
  config.logit_cap = cap_of(keys, "final_logit_softcapping", 0.0);
}

void read_phi3(const ConfigKeys&, ModelConfig& config) {
  config.qkv = Qkv::stacked;
  config.fused_gate_up = true;
}

void read_granite(const ConfigKeys& keys, ModelConfig& config) {
  read_llama(keys, config);
  config.embedding_scale = keys.number("embedding_multiplier", 1.0);
  config.residual_scale = keys.number("residual_multiplier", 1.0);
  config.attention_scale = keys.number("attention_multiplier", 1.0);
  config.logit_divisor = keys.above_zero("logits_scaling", 1.0);
}

void read_stablelm(const ConfigKeys& keys, ModelConfig& config) {
  config.layer_norm = true;
  config.qkv_bias = keys.boolean("use_qkv_bias", false);
  if (keys.boolean("qk_layernorm", false)) config.qk_norm = QkNorm::each_head;
  config.parallel_residual = config.shared_norm = keys.boolean("use_parallel_residual", false);
}

void read_neox(const ConfigKeys& keys, ModelConfig& config) {
  config.layer_norm = true;
  config.parallel_residual = keys.boolean("use_parallel_residual", true);
  config.gated_mlp = false;
  config.qkv = Qkv::by_head;
  config.qkv_bias = config.output_bias = keys.boolean("attention_bias", true);
  config.mlp_bias = true;
}

}  // namespace

const std::vector<Family>& families() {
  using enum Architecture;
  static const std::vector<Family> table = {
      {.architecture = gpt_neox,
       .model_type = "gpt_neox",
       .name = "GPT-NeoX",
       .read = read_neox,
       .own_keys = {"rotary_pct", "rotary_emb_base", "use_parallel_residual", "attention_bias", "layer_norm_eps"},
       .norm_eps = 1e-5,
       .rope = {.theta = "rotary_emb_base", .share = "rotary_pct", .default_share = 0.25, .partial = true}},
      {.architecture = llama,
       .model_type = "llama",
       .name = "Llama",
       .read = read_llama,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "mlp_bias"}},
      {.architecture = mistral,
       .model_type = "mistral",
       .name = "Mistral",
       .read = read_mistral,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "sliding_window"},
       .kv_heads = 8,
       .max_position = 131072},
      {.architecture = qwen2,
       .model_type = "qwen2",
       .name = "Qwen2",
       .read = read_qwen2,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "sliding_window", "use_sliding_window",
                    "max_window_layers"},
       .kv_heads = 32,
       .max_position = 32768},
      {.architecture = qwen3,
       .model_type = "qwen3",
       .name = "Qwen3",
       .read = read_qwen3,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "sliding_window",
                    "use_sliding_window", "max_window_layers"},
       .head_dim = 128,
       .kv_heads = 32,
       .max_position = 32768},
      {.architecture = smollm3,
       .model_type = "smollm3",
       .name = "SmolLM3",
       .read = read_llama,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "mlp_bias", "sliding_window",
                    "use_sliding_window", "max_window_layers", "no_rope_layers", "no_rope_layer_interval"},
       .tied = true,
       .kv_heads = 4,
       .max_position = 32768,
       .rope = {.default_theta = 2e6}},
      {.architecture = olmo2,
       .model_type = "olmo2",
       .name = "OLMo-2",
       .read = read_olmo2,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias"},
       .norm_eps = 1e-5},
      {.architecture = gemma2,
       .model_type = "gemma2",
       .name = "Gemma 2",
       .read = read_gemma2,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "hidden_activation",
                    "query_pre_attn_scalar", "final_logit_softcapping", "attn_logit_softcapping", "sliding_window",
                    "sliding_window_size", "use_bidirectional_attention", "cache_implementation"},
       .tied = true,
       .head_dim = 256,
       .kv_heads = 4,
       .max_position = 8192},
      {.architecture = gemma3,
       .model_type = "gemma3_text",
       .name = "Gemma 3",
       .read = read_gemma3,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "hidden_activation",
                    "query_pre_attn_scalar", "final_logit_softcapping", "attn_logit_softcapping",
                    "rope_local_base_freq", "sliding_window", "sliding_window_pattern", "use_bidirectional_attention",
                    "cache_implementation"},
       .tied = true,
       .head_dim = 256,
       .kv_heads = 4,
       .max_position = 131072,
       .rope = {.default_theta = 1e6, .by_kind = true}},
      {.architecture = phi3,
       .model_type = "phi3",
       .name = "Phi-3",
       .read = read_phi3,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "sliding_window"},
       .only = {{"full_attn_mod", 1}, {"interpolate_factor", 1}},
       .norm_eps = 1e-5,
       .max_position = 4096,
       .rope = {.partial = true, .scaled = false}},
      {.architecture = granite,
       .model_type = "granite",
       .name = "Granite",
       .read = read_granite,
       .own_keys = {"num_key_value_heads", "head_dim", "rms_norm_eps", "attention_bias", "mlp_bias",
                    "embedding_multiplier", "residual_multiplier", "attention_multiplier", "logits_scaling"}},
      {.architecture = stablelm,
       .model_type = "stablelm",
       .name = "StableLM",
       .read = read_stablelm,
       .own_keys = {"num_key_value_heads", "layer_norm_eps", "use_qkv_bias", "qk_layernorm", "use_parallel_residual"},
       .only = {{"rotary_scaling_factor", 1}},
       .norm_eps = 1e-5,
       .kv_heads = 32,
       .max_position = 4096,
       .rope = {.default_share = 0.25, .partial = true}},
  };
  return table;
}

const std::set<std::string_view>& common_config_keys() {
  static const std::set<std::string_view> keys = {
      "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
      "max_position_embeddings", "hidden_act", "attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop",
      "rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor", "original_max_position_embeddings",
      "layer_types", "tie_word_embeddings", "quantization_config",
      // Of no account here.
      "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "use_cache", "initializer_range",
      "initializer_factor", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "unk_token_id",
      "cls_token_id", "mask_token_id", "decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id",
      "begin_suppress_tokens", "suppress_tokens", "bad_words_ids", "max_length", "min_length", "do_sample",
      "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p",
      "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
      "num_return_sequences", "output_scores", "return_dict_in_generate", "remove_invalid_values",
      "exponential_decay_length_penalty", "return_dict", "use_return_dict", "output_hidden_states", "output_attentions",
      "torchscript", "use_bfloat16", "tf_legacy_loss", "chunk_size_feed_forward", "tie_encoder_decoder", "is_decoder",
      "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params",
      "classifier_dropout", "pretraining_tp", "auto_map", "is_llama_config", "tokenizer_class", "prefix",
      "name_or_path", "attn_implementation", "gradient_checkpointing", "unsloth_fixed", "unsloth_version",
      "transformers.js_config", "use_mambapy", "keys_to_ignore_at_inference"};
  return keys;
}

}  // namespace bandscope::model
