// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/checkpoint_mark.h"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "training/model/safetensors_header.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* mark_name = "DONE";

std::uint32_t crc_of(const InputFile& file, const fs::path& path) {
  std::vector<unsigned char> buffer(1 << 20);
  uLong crc = ::crc32(0, nullptr, 0);
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(file.descriptor.get(), buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(Message::tr("cannot read %1: %2", path, system_reason(errno)));
    if (got == 0) return static_cast<std::uint32_t>(crc);
    crc = ::crc32(crc, buffer.data(), static_cast<uInt>(got));
    at += got;
  }
}

/// Damage to one file that the mark names.
Message damage_of(const fs::path& path, const Json& marked) {
  const InputFile file = open_input(path);
  if (marked.value("bytes", Json()) != file.bytes())
    return Message::at(path, Message::tr("its size is not the one that was written"));
  if (marked.value("crc32", Json()) != crc_of(file, path))
    return Message::at(path, Message::tr("its contents are not those that were written"));
  return {};
}

}  // namespace

std::string checkpoint_mark(const fs::path& checkpoint) {
  Json files = Json::object();
  for (const auto& entry : fs::directory_iterator(checkpoint)) {
    const fs::path& path = entry.path();
    if (path.filename() == mark_name) continue;
    const InputFile file = open_input(path);
    files[path.filename().string()] = {{"bytes", file.bytes()}, {"crc32", crc_of(file, path)}};
  }
  return Json{{"files", files}}.dump(1) + "\n";
}

Message checkpoint_damage(const fs::path& checkpoint) try {
  const fs::path mark = checkpoint / mark_name;
  const std::string text = read_file(mark);
  if (text.empty()) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(checkpoint, error))
      if (entry.path().extension() == ".safetensors")
        model::read_safetensors_header(open_input(entry.path()), entry.path());
    return {};
  }
  const std::optional<Json> json = try_json(text);
  const Json files = json && json->is_object() ? json->value("files", Json()) : Json();
  if (!files.is_object() || files.empty()) return Message::at(mark, Message::tr("not the mark of a checkpoint"));
  for (const auto& [name, marked] : files.items()) {
    if (name.find('/') != std::string::npos || !marked.is_object())
      return Message::at(mark, Message::tr("not the mark of a checkpoint"));
    if (Message damage = damage_of(checkpoint / name, marked); !damage.empty()) return damage;
  }
  return {};
} catch (const DataError& error) {
  return error.message();
}

}  // namespace bandscope::trainer
