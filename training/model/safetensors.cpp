// SPDX-License-Identifier: Apache-2.0
#include "training/model/safetensors.h"

#include <ATen/Functions.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "training/model/safetensors_header.h"
#include "training/model/weight_files.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

struct TypeName {
  std::string_view name;
  at::ScalarType type;
};
constexpr TypeName type_names[] = {{"F32", at::kFloat},  {"BF16", at::kBFloat16}, {"F16", at::kHalf},
                                   {"F64", at::kDouble}, {"I64", at::kLong},      {"I32", at::kInt},
                                   {"U8", at::kByte},    {"I8", at::kChar},       {"BOOL", at::kBool}};

/// A read-only map of a whole file.
struct Map {
  const char* data = nullptr;
  std::size_t size = 0;
  Map(const InputFile& input, const std::filesystem::path& file) : size(input.bytes()) {
    void* address = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, input.descriptor.get(), 0) : MAP_FAILED;
    if (address == MAP_FAILED)
      throw DataError(Message::at(file, size ? Message::tr("cannot be mapped") : Message::tr("is empty")));
    data = static_cast<const char*>(address);
  }
  ~Map() { ::munmap(const_cast<char*>(data), size); }
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
};

}  // namespace

void SafeTensors::add_file(const std::filesystem::path& file) {
  const InputFile input = open_input(file);
  const SafeTensorsHeader header = read_safetensors_header(input, file);
  const auto map = std::make_shared<Map>(input, file);
  const auto bad = [&](const std::string& name, const Message& what) {
    throw DataError(Message::at(file, Message::tr("tensor \"%1\" %2", printable(name), what)));
  };
  const char* base = map->data + header.data_begin;
  const std::size_t index = files_.size();
  for (const TensorPlace& place : header.tensors) {
    const auto* const type = std::ranges::find(type_names, place.dtype, &TypeName::name);
    if (type == std::end(type_names)) bad(place.name, Message::tr("has type %1, which is not supported", place.dtype));
    // The header need not be padded to the element size: an unaligned tensor is copied, all others are views.
    void* address = const_cast<char*>(base + place.begin);
    at::Tensor tensor;
    const auto options = at::TensorOptions().dtype(type->type);
    const bool aligned = reinterpret_cast<std::uintptr_t>(address) % c10::elementSize(type->type) == 0;
    if (aligned) {
      tensor = at::from_blob(address, place.shape, options);
    } else {
      tensor = at::empty(place.shape, options);
      if (place.end > place.begin) std::memcpy(tensor.data_ptr(), address, place.end - place.begin);
    }
    if (!tensors_.emplace(place.name, Entry{tensor, index, aligned}).second)
      bad(place.name, Message::tr("is there twice"));
  }
  for (const auto& [key, value] : header.metadata) metadata_[key] = value;
  files_.push_back(file);
  maps_.push_back(map);
}

SafeTensors SafeTensors::open_file(const std::filesystem::path& file) {
  SafeTensors result;
  result.origin_ = file;
  result.add_file(file);
  return result;
}

SafeTensors SafeTensors::open_model(const std::filesystem::path& model_dir) {
  SafeTensors result;
  result.origin_ = model_dir;
  const WeightChoice choice = choose_weight_files(model_dir);
  for (const auto& file : choice.files) result.add_file(file);
  for (const auto& [name, shard] : choice.shard_of) {
    const auto found = result.tensors_.find(name);
    if (found == result.tensors_.end() || result.files_[found->second.file].filename() != shard)
      throw DataError(Message::at(
          choice.index, Message::tr("tensor \"%1\" %2", printable(name), Message::tr("is not in its shard"))));
  }
  return result;
}

at::Tensor SafeTensors::get(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end())
    throw DataError(Message::at(origin_, Message::tr("tensor \"%1\" %2", name, Message::tr("is missing"))));
  return found->second.tensor;
}

at::Tensor SafeTensors::get(const std::string& name, at::IntArrayRef shape) const {
  const at::Tensor tensor = get(name);
  if (tensor.sizes() != shape) {
    const auto written = [](at::IntArrayRef extents) { return (std::ostringstream() << extents).str(); };
    const Message what =
        Message::tr("has shape %1 where the configuration needs %2", written(tensor.sizes()), written(shape));
    throw DataError(Message::at(file_of(name), Message::tr("tensor \"%1\" %2", name, what)));
  }
  return tensor;
}

void SafeTensors::forget(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end() || !found->second.mapped) return;
  const at::Tensor& tensor = found->second.tensor;
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(tensor.const_data_ptr()), end = begin + tensor.nbytes();
  // Whole pages only: what it shares with a neighbour may still be wanted.
  const auto first = (begin + page - 1) / page * page, last = end / page * page;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

std::vector<std::string> SafeTensors::names() const {
  std::vector<std::string> result;
  for (const auto& [name, entry] : tensors_) result.push_back(name);
  return result;
}

void write_safetensors(const std::filesystem::path& file, const std::map<std::string, at::Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto* const type = std::ranges::find(type_names, tensor.scalar_type(), &TypeName::type);
    if (type == std::end(type_names))
      throw RunError(Message::at(file, Message::tr("tensor \"%1\" is of a type that is not written", name)));
    const std::uint64_t bytes = tensor.nbytes();
    header[name] = {{"dtype", type->name}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  FreshFile out(file, FreshFile::Unfinished::removed, FreshFile::Name::own);
  const std::uint64_t size = text.size();
  out.write({reinterpret_cast<const char*>(&size), sizeof size});
  out.write(text);
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
    out.write({static_cast<const char*>(host.const_data_ptr()), host.nbytes()});
  }
  out.finish();
}

}  // namespace bandscope::model
