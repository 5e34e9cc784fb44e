// SPDX-License-Identifier: Apache-2.0
// What tests of plans ask about: configurations as they are published, and specs of the tiny golden models.
#pragma once

#include <QStringList>

#include "core/spec/run_spec.h"
#include "tests/training/engine_box.h"

namespace engine_test {

inline constexpr const char* pythia_410m =
    R"({"model_type":"gpt_neox","vocab_size":50304,"hidden_size":1024,"intermediate_size":4096,"num_hidden_layers":24,"num_attention_heads":16,"max_position_embeddings":2048,"hidden_act":"gelu","rotary_pct":0.25,"use_parallel_residual":true,"tie_word_embeddings":false})";
inline constexpr const char* pythia_2_8b =
    R"({"model_type":"gpt_neox","vocab_size":50304,"hidden_size":2560,"intermediate_size":10240,"num_hidden_layers":32,"num_attention_heads":32,"max_position_embeddings":2048,"hidden_act":"gelu","rotary_pct":0.25,"use_parallel_residual":true,"tie_word_embeddings":false})";
inline constexpr const char* mistral_7b =
    R"({"model_type":"mistral","vocab_size":32000,"hidden_size":4096,"intermediate_size":14336,"num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"max_position_embeddings":32768,"hidden_act":"silu","rms_norm_eps":1e-5,"sliding_window":4096,"tie_word_embeddings":false})";
inline constexpr const char* qwen_7b =
    R"({"model_type":"qwen2","vocab_size":152064,"hidden_size":3584,"intermediate_size":18944,"num_hidden_layers":28,"num_attention_heads":28,"num_key_value_heads":4,"max_position_embeddings":131072,"hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":1000000.0,"tie_word_embeddings":false})";

inline bandscope::RunSpec planned_spec(const EngineBox& box, const QString& model, const QStringList& sets) {
  std::vector<bandscope::Override> overrides;
  for (const QString& set : sets)
    overrides.push_back({set.section('=', 0, 0).toStdString(), set.section('=', 1).toStdString()});
  return bandscope::load_run_specs(box.spec("planned", model).toStdString(), overrides).front();
}

}  // namespace engine_test
