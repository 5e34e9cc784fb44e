// SPDX-License-Identifier: Apache-2.0
#include "training/model/adapter.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <cmath>
#include <fstream>
#include <set>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/model/adapter_modules.h"
#include "training/model/finite.h"
#include "training/model/safetensors.h"
#include "training/model/weight_files.h"
#include "training/model/weight_shapes.h"

namespace bandscope::model {
namespace {

using OrderedJson = nlohmann::ordered_json;  // which of two patterns counts is a matter of their order

std::string last_part(const std::string& module) { return module.substr(module.rfind('.') + 1); }

int layer_index(const Linear& layer) { return layer.weight->layer; }

void attach(Decoder& decoder, Linear& layer, int number, at::Tensor a, at::Tensor b, double scale) {
  auto lora = std::make_unique<Lora>();
  lora->a = &decoder.add_parameter(adapter_tensor(layer.name, "A"), std::move(a), true, layer_index(layer));
  lora->b = &decoder.add_parameter(adapter_tensor(layer.name, "B"), std::move(b), true, layer_index(layer));
  lora->scale = scale;
  lora->number = number;
  layer.lora = std::move(lora);
}

}  // namespace

AdapterConfig add_adapter(Decoder& decoder, const LoraSpec& spec, at::Generator generator) {
  AdapterConfig config{spec.rank, spec.alpha, spec.rslora, {}, {}, {}};
  const auto wanted = adapted_projections(decoder.config(), spec);
  config.targets.assign(wanted.begin(), wanted.end());
  int number = -1;
  for (Linear* layer : decoder.projections()) {
    ++number;
    if (!wanted.contains(last_part(layer->name))) continue;
    const std::int64_t out = layer->weight->rows(), in = layer->weight->columns();
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    const auto options = at::TensorOptions().dtype(at::kFloat);
    at::Tensor a = at::empty({spec.rank, in}, options).uniform_(-bound, bound, generator);
    attach(decoder, *layer, number, a.to(decoder.options().device),
           at::zeros({out, spec.rank}, options.device(decoder.options().device)), config.scale_of(layer->name));
  }
  return config;
}

AdapterConfig load_adapter(Decoder& decoder, const std::filesystem::path& folder) {
  AdapterConfig config = AdapterConfig::read(folder);
  const SafeTensors tensors = SafeTensors::open_file(choose_adapter_files(folder).files.front());
  const std::set<std::string> modules = adapted_modules(decoder.config(), tensors.names(), tensors.files().front());
  int number = -1;
  for (Linear* layer : decoder.projections()) {
    ++number;
    if (!modules.contains(layer->name)) continue;
    const std::int64_t out = layer->weight->rows(), in_features = layer->weight->columns(),
                       rank = config.rank_of(layer->name);
    const auto device = decoder.options().device;
    const auto half = [&](const char* which, at::IntArrayRef shape) {
      const std::string name = adapter_tensor(layer->name, which);
      const at::Tensor values = tensors.get(name, shape).to(at::kFloat, false, true);
      if (!is_finite(values))
        throw DataError(Message::at(
            tensors.files().front(),
            Message::tr("tensor \"%1\" has values that are not finite (NaN or infinity)", printable(name))));
      return values.to(device);
    };
    attach(decoder, *layer, number, half("A", {rank, in_features}), half("B", {out, rank}),
           config.scale_of(layer->name));
  }
  config.targets = target_modules(decoder.config(), modules);
  return config;
}

void save_adapter(const Decoder& decoder, const AdapterConfig& config, const std::string& base_model,
                  const std::filesystem::path& folder) {
  std::map<std::string, at::Tensor> tensors;
  for (const Parameter& parameter : decoder.parameters())
    if (parameter.name.find(".lora_") != std::string::npos) tensors[parameter.name] = parameter.value;
  require_finite(tensors);
  write_safetensors(folder / "adapter_model.safetensors", tensors);
  OrderedJson ranks = OrderedJson::object(), alphas = OrderedJson::object();
  for (const auto& pattern : config.rank_patterns) ranks[pattern.key] = pattern.value;
  for (const auto& pattern : config.alpha_patterns) alphas[pattern.key] = pattern.value;
  const OrderedJson json = {{"peft_type", "LORA"},
                            {"task_type", "CAUSAL_LM"},
                            {"r", config.rank},
                            {"lora_alpha", config.alpha},
                            {"rank_pattern", ranks},
                            {"alpha_pattern", alphas},
                            {"lora_dropout", 0.0},
                            {"use_rslora", config.rslora},
                            {"target_modules", config.targets},
                            {"bias", "none"},
                            {"fan_in_fan_out", false},
                            {"inference_mode", true},
                            {"init_lora_weights", true},
                            {"base_model_name_or_path", base_model},
                            {"modules_to_save", nullptr},
                            {"use_dora", false}};
  const auto file = folder / kAdapterConfigFile;
  std::ofstream out(file, std::ios::trunc);
  out << json.dump(2) << '\n';
  out.close();
  if (!out) throw RunError(Message::at(file, Message::tr("cannot be written")));
}

}  // namespace bandscope::model
