// SPDX-License-Identifier: GPL-3.0-or-later
// What a server says of one of its runs, on its way to the library and as it is kept: of what came, the members that
// the library reads, as the text that they are kept as. No server fills the memory with anything else.
#pragma once

#include <QString>
#include <cstddef>
#include <memory>
#include <string>

#include "core/serve/protocol.h"

namespace bandscope::app {

struct RunItem {
  QString run;       ///< its name in the server's messages
  std::string text;  ///< JSON
  /// Null where it cannot be read, which it can as run_item() has made it.
  wire::Json json() const;
};
using RunItemPtr = std::shared_ptr<const RunItem>;

/// More runs of one server are not listed.
inline constexpr std::size_t kMostRuns = 100'000;
/// Bytes of one item, which a run with as much said about it as a server takes has not; of all items of one server.
inline constexpr std::size_t kMostItemBytes = 256 << 10, kMostItemsBytes = 64 << 20;

/// Null where `item` names no run, or what is to be kept of it is too long.
RunItemPtr run_item(const wire::Json& item);

}  // namespace bandscope::app
