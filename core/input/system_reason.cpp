// SPDX-License-Identifier: Apache-2.0
#include "core/input/system_reason.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace bandscope {

Message system_reason(std::string words) {
  static const std::array common = {
      Message::tr("No such file or directory"), Message::tr("Permission denied"),
      Message::tr("No space left on device"),   Message::tr("Disk quota exceeded"),
      Message::tr("Read-only file system"),     Message::tr("Is a directory"),
      Message::tr("Not a directory"),           Message::tr("File exists"),
      Message::tr("Input/output error"),        Message::tr("Too many open files"),
      Message::tr("Cannot allocate memory"),    Message::tr("No such process"),
      Message::tr("Operation not permitted"),   Message::tr("File too large"),
      Message::tr("Connection refused"),
  };
  const auto found = std::ranges::find(common, words, &Message::text);
  return found == common.end() ? Message::plain(std::move(words)) : *found;
}

Message system_reason(int error) {
  // Unlike strerror's these words are never in the language of the desktop.
  const char* words = ::strerrordesc_np(error);
  return words ? system_reason(std::string(words)) : Message::tr("error %1 of the system", error);
}

Message system_reason(const std::error_code& error) {
  const bool of_the_system = error.category() == std::generic_category() || error.category() == std::system_category();
  return of_the_system ? system_reason(error.value()) : system_reason(error.message());
}

}  // namespace bandscope
