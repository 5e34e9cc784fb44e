// SPDX-License-Identifier: Apache-2.0
#include "training/model/save.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/system_reason.h"
#include "training/model/finite.h"
#include "training/model/safetensors.h"

namespace bandscope::model {

void save_model(const Decoder& decoder, const std::filesystem::path& source, const std::filesystem::path& folder,
                bool merge, at::ScalarType type) {
  if (decoder.quantized().matrices > 0)
    throw RunError(Message::at(
        folder,
        Message::tr(
            "weights kept in 4 bits are not written; merge the adapter into the model that they were made from")));
  std::map<std::string, at::Tensor> tensors;
  for (const Parameter& parameter : decoder.parameters())
    if (parameter.name.find(".lora_") == std::string::npos) tensors[parameter.name] = parameter.value.to(type);
  if (merge) {
    for (const Linear* layer : const_cast<Decoder&>(decoder).projections()) {
      if (!layer->lora) continue;
      const at::Tensor update = at::mm(layer->lora->b->value, layer->lora->a->value).mul_(layer->lora->scale);
      tensors[layer->weight->name] = (layer->weight->value.to(at::kFloat) + update).to(type);
    }
  }
  require_finite(tensors);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw RunError(Message::at(folder, Message::tr("cannot be made (%1)", system_reason(error))));
  write_safetensors(folder / "model.safetensors", tensors);
  nlohmann::json config = nlohmann::json::parse(decoder.config().json);
  const char* name = type == at::kFloat ? "float32" : type == at::kBFloat16 ? "bfloat16" : "float16";
  config["torch_dtype"] = name;
  if (config.contains("dtype")) config["dtype"] = name;
  std::ofstream out(folder / "config.json", std::ios::trunc);
  out << config.dump(2) << '\n';
  out.close();
  if (!out) throw RunError(Message::at(folder / "config.json", Message::tr("cannot be written")));
  for (const char* file :
       {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json",
        "chat_template.jinja", "added_tokens.json", "vocab.json", "merges.txt"}) {
    if (!std::filesystem::exists(source / file)) continue;
    std::filesystem::copy_file(source / file, folder / file, std::filesystem::copy_options::overwrite_existing, error);
    if (error) throw RunError(Message::at(folder / file, Message::tr("cannot be written (%1)", system_reason(error))));
  }
}

}  // namespace bandscope::model
