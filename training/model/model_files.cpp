// SPDX-License-Identifier: Apache-2.0
#include "training/model/model_files.h"

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/model/safetensors_header.h"
#include "training/model/weight_files.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

}  // namespace

WeightFiles read_weight_files(const fs::path& model_dir) {
  WeightFiles found;
  for (const fs::path& path : choose_weight_files(model_dir).files) {
    const InputFile file = open_input(path);
    for (const TensorPlace& place : read_safetensors_header(file, path).tensors) {
      if (__builtin_add_overflow(found.parameters, place.numbers, &found.parameters))
        throw DataError(
            Message::at(path, Message::tr("tensor \"%1\" %2", printable(place.name), Message::tr("is too large"))));
      found.types[place.dtype] += place.numbers;
    }
    ++found.files;
    found.bytes += static_cast<std::int64_t>(file.bytes());
  }
  return found;
}

Message tokenizer_kind(const fs::path& model_dir) {
  const fs::path file = model_dir / "tokenizer.json";
  const Json json = read_json(file);
  if (!json.is_object()) throw DataError(Message::at(file, Message::tr("not a JSON object")));
  const Json model = json.value("model", Json::object());
  if (model.is_object() && model.contains("type") && model["type"].is_string() && model["type"] != "BPE")
    return Message::plain(model["type"].get<std::string>());
  for (const char* part : {"pre_tokenizer", "decoder"}) {
    if (json.contains(part) && json[part].dump().find("\"ByteLevel\"") != std::string::npos)
      return Message::tr("byte-level BPE");
  }
  const bool fallback = model.is_object() && model.contains("byte_fallback") && model["byte_fallback"] == true;
  return fallback ? Message::tr("BPE with byte fallback") : Message::plain("BPE");
}

}  // namespace bandscope::model
