// SPDX-License-Identifier: Apache-2.0
#include "training/model/weight_files.h"

#include <set>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/model/repeated_keys.h"

namespace bandscope::model {
namespace {

namespace fs = std::filesystem;

bool there(const fs::path& file) {
  std::error_code error;
  return fs::exists(file, error);
}

bool is_file_name(const std::string& text) {
  return !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos &&
         text.find('\0') == std::string::npos;
}

}  // namespace

WeightChoice choose_weight_files(const fs::path& model_dir) {
  WeightChoice choice;
  const fs::path single = model_dir / "model.safetensors", index = model_dir / "model.safetensors.index.json";
  if (there(single)) {
    choice.files.push_back(single);
    if (there(index))
      choice.note = Message::at(
          model_dir,
          Message::tr("model.safetensors is used; model.safetensors.index.json and its shards beside it are not"));
    return choice;
  }
  if (!there(index))
    throw DataError(
        Message::at(model_dir, Message::tr("neither model.safetensors nor model.safetensors.index.json is there")));
  choice.index = index;
  const std::string text = read_file(index);
  const nlohmann::json json = parse_json(text, index.string());
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
    throw DataError(Message::at(index, Message::tr("no \"weight_map\" object")));
  if (const auto name = repeated_key(text))
    throw DataError(Message::at(index, Message::tr("\"%1\" is there twice", printable(*name))));
  std::set<std::string> shards;
  for (const auto& [name, shard] : json["weight_map"].items()) {
    if (!shard.is_string() || !is_file_name(shard.get_ref<const std::string&>()))
      throw DataError(Message::at(index, Message::tr("the shard of \"%1\" is not a file name", printable(name))));
    choice.shard_of[name] = shard.get<std::string>();
    shards.insert(shard.get<std::string>());
  }
  for (const std::string& shard : shards) choice.files.push_back(model_dir / shard);
  return choice;
}

WeightChoice choose_adapter_files(const fs::path& folder) {
  WeightChoice choice;
  choice.files.push_back(folder / "adapter_model.safetensors");
  if (there(choice.files.front()) && there(folder / "adapter_model.bin"))
    choice.note =
        Message::at(folder, Message::tr("adapter_model.safetensors is used; adapter_model.bin beside it is not"));
  return choice;
}

}  // namespace bandscope::model
