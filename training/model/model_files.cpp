// SPDX-License-Identifier: Apache-2.0
#include "training/model/model_files.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"

namespace bandscope {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kLongestHeader = std::uint64_t{100} << 20;

Json parse_file(const fs::path& file, const Json::parser_callback_t& keep = nullptr) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError(file.string() + ": cannot be read");
  Json json = Json::parse(in, keep, false);
  if (json.is_discarded() || !json.is_object()) throw DataError(file.string() + ": not a JSON object");
  return json;
}

void add_file(const fs::path& file, WeightFiles& found) {
  const auto fail = [&](const std::string& what) { throw DataError(file.string() + ": " + what); };
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("cannot be read");
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) fail("cannot be read (" + error.message() + ")");
  unsigned char head[8] = {};
  if (size < 8 || !in.read(reinterpret_cast<char*>(head), 8)) fail("too short for a safetensors header");
  std::uint64_t header_size = 0;
  for (int i = 7; i >= 0; --i) header_size = header_size << 8 | head[i];
  if (header_size > size - 8 || header_size > kLongestHeader)
    fail("truncated or not a safetensors file (its header claims " + std::to_string(header_size) + " bytes)");
  std::string text(header_size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(header_size))) fail("cannot be read");
  const Json header = Json::parse(text, nullptr, false);
  if (header.is_discarded() || !header.is_object()) fail("its header is not JSON; not a safetensors file");
  for (const auto& [name, info] : header.items()) {
    if (name == "__metadata__") continue;
    const auto bad = [&](const std::string& what) { fail("tensor \"" + name + "\" " + what); };
    if (!info.is_object() || !info.contains("dtype") || !info["dtype"].is_string() || !info.contains("shape") ||
        !info["shape"].is_array() || !info.contains("data_offsets") || !info["data_offsets"].is_array() ||
        info["data_offsets"].size() != 2 || !info["data_offsets"][1].is_number_unsigned())
      bad("has a malformed entry");
    if (info["data_offsets"][1].get<std::uint64_t>() > size - 8 - header_size)
      bad("lies outside the file; the file is truncated");
    std::int64_t numbers = 1;
    for (const Json& extent : info["shape"]) {
      if (!extent.is_number_unsigned() || __builtin_mul_overflow(numbers, extent.get<std::int64_t>(), &numbers))
        bad("has a malformed shape");
    }
    found.parameters += numbers;
    found.types[info["dtype"].get<std::string>()] += numbers;
  }
  ++found.files;
  found.bytes += static_cast<std::int64_t>(size);
}

}  // namespace

WeightFiles read_weight_files(const fs::path& model_dir) {
  WeightFiles found;
  const fs::path index = model_dir / "model.safetensors.index.json";
  std::error_code error;
  if (!fs::exists(index, error)) {
    const fs::path single = model_dir / "model.safetensors";
    if (!fs::exists(single, error))
      throw DataError(model_dir.string() + ": neither model.safetensors nor model.safetensors.index.json is there");
    add_file(single, found);
    return found;
  }
  const Json json = parse_file(index);
  if (!json.contains("weight_map") || !json["weight_map"].is_object())
    throw DataError(index.string() + ": no \"weight_map\" object");
  std::set<std::string> shards;
  for (const auto& [name, shard] : json["weight_map"].items()) {
    if (!shard.is_string() || shard.get_ref<const std::string&>().find('/') != std::string::npos)
      throw DataError(index.string() + ": the shard of \"" + name + "\" is not a file name");
    shards.insert(shard.get<std::string>());
  }
  for (const std::string& shard : shards) add_file(model_dir / shard, found);
  return found;
}

std::string tokenizer_kind(const fs::path& model_dir) {
  // The vocabulary is most of the file and not wanted here.
  const Json json = parse_file(model_dir / "tokenizer.json", [](int, Json::parse_event_t event, Json& parsed) {
    return event != Json::parse_event_t::key || (parsed != "vocab" && parsed != "merges" && parsed != "added_tokens");
  });
  const Json model = json.value("model", Json::object());
  if (model.is_object() && model.contains("type") && model["type"].is_string() && model["type"] != "BPE")
    return model["type"].get<std::string>();
  for (const char* part : {"pre_tokenizer", "decoder"}) {
    if (json.contains(part) && json[part].dump().find("\"ByteLevel\"") != std::string::npos) return "byte-level BPE";
  }
  const bool fallback = model.is_object() && model.contains("byte_fallback") && model["byte_fallback"] == true;
  return fallback ? "BPE with byte fallback" : "BPE";
}

}  // namespace bandscope
