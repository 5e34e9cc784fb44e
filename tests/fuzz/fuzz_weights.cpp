// SPDX-License-Identifier: Apache-2.0
// Any weights of a model folder: an input that begins with "{" is model.safetensors.index.json, beside one sound shard
// named a.safetensors; another one is model.safetensors.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/error.h"
#include "training/model/model_files.h"

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "bandscope-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
    const std::string header = R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    std::string shard(8, '\0');
    shard[0] = static_cast<char>(header.size());
    write("a.safetensors", shard + header + std::string(8, '\0'));
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  void write(const char* name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary | std::ios::trunc).write(text.data(), std::streamsize(text.size()));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool index = text.starts_with('{');
  std::error_code ignored;
  fs::remove(folder.path / (index ? "model.safetensors" : "model.safetensors.index.json"), ignored);
  folder.write(index ? "model.safetensors.index.json" : "model.safetensors", text);
  try {
    const auto found = bandscope::model::read_weight_files(folder.path);
    if (found.files < 0 || found.parameters < 0 || found.bytes < 0) __builtin_trap();
  } catch (const bandscope::DataError&) {
    // A refusal with a sentence is what broken files should get.
  }
  return 0;
}
