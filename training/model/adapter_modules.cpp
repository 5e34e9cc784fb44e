// SPDX-License-Identifier: Apache-2.0
#include "training/model/adapter_modules.h"

#include "core/error.h"
#include "core/input/printable.h"
#include "training/model/safetensors_header.h"
#include "training/model/weight_files.h"
#include "training/model/weight_shapes.h"

namespace bandscope::model {

std::string adapter_tensor(const std::string& module, const char* which) {
  return "base_model.model." + module + ".lora_" + which + ".weight";
}

std::set<std::string> adapted_modules(const ModelConfig& config, const std::vector<std::string>& tensors,
                                      const std::filesystem::path& file) {
  std::set<std::string> unused(tensors.begin(), tensors.end()), modules;
  for (const WeightShape& shape : weight_shapes(config)) {
    if (!shape.projection()) continue;
    const auto a = unused.find(adapter_tensor(shape.module, "A")), b = unused.find(adapter_tensor(shape.module, "B"));
    if (a == unused.end() || b == unused.end()) continue;
    unused.erase(a);
    unused.erase(b);
    modules.insert(shape.module);
  }
  if (!unused.empty())
    throw DataError(
        Message::at(file, Message::tr("tensor \"%1\" fits no projection of this model", printable(*unused.begin()))));
  return modules;
}

std::set<std::string> adapted_modules(const ModelConfig& config, const std::filesystem::path& folder) {
  const std::filesystem::path file = choose_adapter_files(folder).files.front();
  std::vector<std::string> names;
  for (TensorPlace& tensor : read_safetensors_header(open_input(file), file).tensors)
    names.push_back(std::move(tensor.name));
  return adapted_modules(config, names, file);
}

std::vector<std::string> target_modules(const ModelConfig& config, const std::set<std::string>& modules) {
  std::set<std::string, std::less<>> partial;
  const auto shapes = weight_shapes(config);
  for (const WeightShape& shape : shapes)
    if (shape.projection() && !modules.contains(shape.module)) partial.emplace(shape.name());
  std::set<std::string> targets;
  for (const WeightShape& shape : shapes)
    if (modules.contains(shape.module))
      targets.insert(partial.contains(shape.name()) ? shape.module : std::string(shape.name()));
  return {targets.begin(), targets.end()};
}

}  // namespace bandscope::model
