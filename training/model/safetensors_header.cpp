// SPDX-License-Identifier: Apache-2.0
#include "training/model/safetensors_header.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "training/model/repeated_keys.h"

namespace bandscope::model {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLongestHeader = std::uint64_t{100} << 20;  // as the format's own library
constexpr std::uint64_t kMostExtent = std::uint64_t{1} << 40;
constexpr std::size_t kMostExtents = 64;

struct TypeSize {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr TypeSize type_sizes[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1},
                                   {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},     {"U32", 4},
                                   {"F32", 4},  {"I64", 8}, {"U64", 8}, {"F64", 8},     {"C64", 8}};

/// Complaints about one file.
class Complaints {
 public:
  explicit Complaints(const std::filesystem::path& path) : path_(path) {}
  [[noreturn]] void fail(const Message& what) const { throw DataError(Message::at(path_, what)); }
  [[noreturn]] void bad(const std::string& name, const Message& what) const {
    fail(Message::tr("tensor \"%1\" %2", printable(name), what));
  }

 private:
  const std::filesystem::path& path_;
};

void read_exactly(const InputFile& file, char* into, std::size_t bytes, std::uint64_t from,
                  const Complaints& complaints) {
  while (bytes > 0) {
    const ssize_t got = ::pread(file.descriptor.get(), into, bytes, static_cast<off_t>(from));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) complaints.fail(Message::tr("cannot be read (%1)", system_reason(errno)));
    if (got == 0) complaints.fail(Message::tr("too short for a safetensors header"));
    into += got, from += static_cast<std::uint64_t>(got), bytes -= static_cast<std::size_t>(got);
  }
}

TensorPlace place_of(const std::string& name, const Json& info, std::uint64_t room, const Complaints& complaints) {
  const auto bad = [&](const Message& what) { complaints.bad(name, what); };
  if (!info.is_object() || !info.contains("dtype") || !info["dtype"].is_string() || !info.contains("shape") ||
      !info["shape"].is_array() || !info.contains("data_offsets") || !info["data_offsets"].is_array() ||
      info["data_offsets"].size() != 2)
    bad(Message::tr("has a malformed entry"));
  TensorPlace place{name, info["dtype"].get<std::string>(), {}, 1, 0, 0};
  const auto* const size = std::ranges::find(type_sizes, place.dtype, &TypeSize::name);
  if (size == std::end(type_sizes)) bad(Message::tr("has type %1, which is not supported", printable(place.dtype)));
  if (info["shape"].size() > kMostExtents) bad(Message::tr("has a malformed shape"));
  // Without the extents of 0, since strides are products of some of them.
  std::int64_t span = static_cast<std::int64_t>(size->bytes);
  for (const Json& extent : info["shape"]) {
    if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > kMostExtent)
      bad(Message::tr("has a malformed shape"));
    place.shape.push_back(extent.get<std::int64_t>());
    if (__builtin_mul_overflow(span, std::max<std::int64_t>(place.shape.back(), 1), &span))
      bad(Message::tr("is too large"));
    place.numbers *= place.shape.back();
  }
  const std::int64_t bytes = place.numbers * static_cast<std::int64_t>(size->bytes);
  for (const Json& offset : info["data_offsets"])
    if (!offset.is_number_unsigned()) bad(Message::tr("has malformed offsets"));
  place.begin = info["data_offsets"][0].get<std::uint64_t>();
  place.end = info["data_offsets"][1].get<std::uint64_t>();
  if (place.begin > place.end || place.end > room) bad(Message::tr("lies outside the file; the file is truncated"));
  if (place.end - place.begin != static_cast<std::uint64_t>(bytes))
    bad(Message::tr("has %1 bytes where its shape needs %2", place.end - place.begin, bytes));
  return place;
}

/// Sorts the tensors by their bytes, which must follow one another from the first byte to the last.
void check_places(std::vector<TensorPlace>& tensors, std::uint64_t room, const Complaints& complaints) {
  std::ranges::sort(tensors, {}, [](const TensorPlace& place) { return std::tie(place.begin, place.end, place.name); });
  std::uint64_t next = 0;
  const TensorPlace* before = nullptr;
  for (const TensorPlace& place : tensors) {
    if (place.begin < next)
      complaints.bad(place.name, Message::tr("shares bytes with tensor \"%1\"", printable(before->name)));
    if (place.begin > next) complaints.bad(place.name, Message::tr("leaves bytes before it that belong to no tensor"));
    next = place.end;
    before = &place;
  }
  if (next != room)
    complaints.fail(Message::tr("%1 bytes at its end belong to no tensor; not a whole safetensors file", room - next));
}

}  // namespace

SafeTensorsHeader read_safetensors_header(const InputFile& file, const std::filesystem::path& path) {
  const Complaints complaints(path);
  const std::uint64_t size = file.bytes();
  if (size < 8) complaints.fail(Message::tr("too short for a safetensors header"));
  unsigned char head[8] = {};
  read_exactly(file, reinterpret_cast<char*>(head), 8, 0, complaints);
  std::uint64_t header_size = 0;
  for (int i = 7; i >= 0; --i) header_size = header_size << 8 | head[i];
  if (header_size > size - 8 || header_size > kLongestHeader)
    complaints.fail(Message::tr("truncated or not a safetensors file (its header claims %1 bytes)", header_size));
  std::string text(header_size, '\0');
  read_exactly(file, text.data(), text.size(), 8, complaints);
  const std::optional<Json> header = try_json(text);
  if (!header || !header->is_object()) complaints.fail(Message::tr("its header is not JSON; not a safetensors file"));
  if (const auto name = repeated_key(text)) {
    if (header->contains(*name)) complaints.bad(*name, Message::tr("is there twice"));
    complaints.fail(Message::tr("its header has the key \"%1\" twice in one entry", printable(*name)));
  }
  SafeTensorsHeader result;
  result.data_begin = 8 + header_size;
  const std::uint64_t room = size - result.data_begin;
  for (const auto& [name, info] : header->items()) {
    if (name == "__metadata__") {
      if (!info.is_object()) continue;
      for (const auto& [key, value] : info.items())
        if (value.is_string()) result.metadata[key] = value.get<std::string>();
      continue;
    }
    result.tensors.push_back(place_of(name, info, room, complaints));
  }
  check_places(result.tensors, room, complaints);
  return result;
}

}  // namespace bandscope::model
