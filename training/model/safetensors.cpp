// SPDX-License-Identifier: Apache-2.0
#include "training/model/safetensors.h"

#include <ATen/Functions.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"

namespace bandscope {
namespace {

using Json = nlohmann::json;
static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

struct TypeName {
  const char* name;
  at::ScalarType type;
};
constexpr TypeName type_names[] = {{"F32", at::kFloat}, {"BF16", at::kBFloat16}, {"F16", at::kHalf}, {"F64", at::kDouble},
                                   {"I64", at::kLong},  {"I32", at::kInt},       {"U8", at::kByte},  {"I8", at::kChar},
                                   {"BOOL", at::kBool}};

/// A read-only map of a whole file.
struct Map {
  const char* data = nullptr;
  std::size_t size = 0;
  explicit Map(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw DataError(file.string() + ": cannot be read (" + std::strerror(errno) + ")");
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(fd);
      throw DataError(file.string() + ": not a regular file");
    }
    size = static_cast<std::size_t>(status.st_size);
    void* address = size ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    ::close(fd);
    if (address == MAP_FAILED) throw DataError(file.string() + (size ? ": cannot be mapped" : ": is empty"));
    data = static_cast<const char*>(address);
  }
  ~Map() { ::munmap(const_cast<char*>(data), size); }
  Map(const Map&) = delete;
  Map& operator=(const Map&) = delete;
};

}  // namespace

void SafeTensors::add_file(const std::filesystem::path& file) {
  const auto map = std::make_shared<Map>(file);
  const auto fail = [&](const std::string& what) -> void { throw DataError(file.string() + ": " + what); };
  if (map->size < 8) fail("too short for a safetensors header");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, map->data, 8);
  if (header_size > map->size - 8 || header_size > (std::uint64_t{100} << 20))
    fail("truncated or not a safetensors file (its header claims " + std::to_string(header_size) + " bytes)");
  const Json header = Json::parse(map->data + 8, map->data + 8 + header_size, nullptr, false);
  if (header.is_discarded() || !header.is_object()) fail("its header is not JSON; not a safetensors file");
  const char* base = map->data + 8 + header_size;
  const std::uint64_t room = map->size - 8 - header_size;
  const std::size_t index = files_.size();
  for (const auto& [name, info] : header.items()) {
    if (name == "__metadata__") continue;
    const auto bad = [&](const std::string& what) { fail("tensor \"" + name + "\" " + what); };
    if (!info.is_object() || !info.contains("dtype") || !info["dtype"].is_string() || !info.contains("shape") ||
        !info["shape"].is_array() || !info.contains("data_offsets") || !info["data_offsets"].is_array() ||
        info["data_offsets"].size() != 2)
      bad("has a malformed entry");
    const std::string dtype = info["dtype"].get<std::string>();
    const TypeName* type = nullptr;
    for (const TypeName& candidate : type_names)
      if (dtype == candidate.name) type = &candidate;
    if (!type) bad("has type " + dtype + ", which is not supported");
    std::vector<std::int64_t> shape;
    std::uint64_t bytes = c10::elementSize(type->type);
    for (const Json& extent : info["shape"]) {
      if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > (std::uint64_t{1} << 40)) bad("has a malformed shape");
      shape.push_back(extent.get<std::int64_t>());
      if (__builtin_mul_overflow(bytes, extent.get<std::uint64_t>(), &bytes)) bad("is too large");
    }
    for (const Json& offset : info["data_offsets"])
      if (!offset.is_number_unsigned()) bad("has malformed offsets");
    const auto begin = info["data_offsets"][0].get<std::uint64_t>(), end = info["data_offsets"][1].get<std::uint64_t>();
    if (begin > end || end > room) bad("lies outside the file; the file is truncated");
    if (end - begin != bytes) bad("has " + std::to_string(end - begin) + " bytes where its shape needs " + std::to_string(bytes));
    // The header need not be padded to the element size: an unaligned tensor is copied, all others are views.
    void* address = const_cast<char*>(base + begin);
    at::Tensor tensor;
    const auto options = at::TensorOptions().dtype(type->type);
    const bool aligned = reinterpret_cast<std::uintptr_t>(address) % c10::elementSize(type->type) == 0;
    if (aligned) {
      tensor = at::from_blob(address, shape, options);
    } else {
      tensor = at::empty(shape, options);
      if (bytes) std::memcpy(tensor.data_ptr(), address, bytes);
    }
    if (!tensors_.emplace(name, Entry{tensor, index, aligned}).second) bad("is there twice");
  }
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
  const auto index = model_dir / "model.safetensors.index.json";
  if (!std::filesystem::exists(index)) {
    const auto single = model_dir / "model.safetensors";
    if (!std::filesystem::exists(single))
      throw DataError(model_dir.string() + ": neither model.safetensors nor model.safetensors.index.json is there");
    result.add_file(single);
    return result;
  }
  std::ifstream in(index);
  const Json json = Json::parse(in, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
    throw DataError(index.string() + ": no \"weight_map\" object");
  std::map<std::string, bool> shards;
  for (const auto& [name, shard] : json["weight_map"].items()) {
    if (!shard.is_string() || shard.get<std::string>().find('/') != std::string::npos)
      throw DataError(index.string() + ": the shard of \"" + name + "\" is not a file name");
    shards[shard.get<std::string>()] = true;
  }
  for (const auto& [shard, used] : shards) result.add_file(model_dir / shard);
  for (const auto& [name, shard] : json["weight_map"].items())
    if (!result.contains(name)) throw DataError(index.string() + ": tensor \"" + name + "\" is not in its shard");
  return result;
}

at::Tensor SafeTensors::get(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw DataError(origin_.string() + ": tensor \"" + name + "\" is missing");
  return found->second.tensor;
}

at::Tensor SafeTensors::get(const std::string& name, at::IntArrayRef shape) const {
  const at::Tensor tensor = get(name);
  if (tensor.sizes() != shape) {
    std::ostringstream message;
    message << files_[tensors_.at(name).file].string() << ": tensor \"" << name << "\" has shape " << tensor.sizes()
            << " where the configuration needs " << shape;
    throw DataError(message.str());
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
  if (first < last)
    ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
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
    const char* dtype = nullptr;
    for (const TypeName& candidate : type_names)
      if (tensor.scalar_type() == candidate.type) dtype = candidate.name;
    const std::uint64_t bytes = tensor.nbytes();
    header[name] = {{"dtype", dtype}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  auto temporary = file;
  temporary += ".part";
  const auto fail = [&] {
    const int reason = errno;
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw RunError(file.string() + ": cannot be written (" + std::strerror(reason ? reason : EIO) + ")");
  };
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  const std::uint64_t size = text.size();
  out.write(reinterpret_cast<const char*>(&size), 8);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  for (const auto& [name, tensor] : tensors) {
    const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
    out.write(static_cast<const char*>(host.const_data_ptr()), static_cast<std::streamsize>(host.nbytes()));
    if (!out) fail();
  }
  out.close();
  if (!out) fail();
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  if (error) {
    errno = error.value();
    fail();
  }
}

}  // namespace bandscope
