// SPDX-License-Identifier: Apache-2.0
#include "core/spec/error_place.h"

#include <algorithm>

#include "core/input/file.h"
#include "core/spec/spec_document.h"

namespace bandscope {

SpecError at_its_place(const SpecError& error, const std::filesystem::path& file,
                       const std::vector<Override>& overrides) {
  if (error.key.empty() || error.line > 0) return error;
  SpecPlace place{file.string()};
  try {
    SpecDocument document = read_document(read_file(file), file.string());
    for (const Override& override : overrides) apply_override(document, override);
    const auto found = std::ranges::find_if(
        document, [&](const SpecEntry& entry) { return entry.key == error.key || entry.key == "sweep." + error.key; });
    if (found != document.end()) place = found->value.place;
  } catch (const Error&) {
    return error;  // edited or removed since it was read
  }
  const std::string where = place.line > 0 ? to_string(place) : place.origin;
  return {Message::at(where, error.message()), error.key, place.line};
}

}  // namespace bandscope
