// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/run_item.h"

#include <utility>

#include "app/server/remote_entry.h"
#include "core/input/json.h"

namespace bandscope::app {

wire::Json RunItem::json() const { return try_json(text).value_or(wire::Json()); }

RunItemPtr run_item(const wire::Json& item) {
  QString run = run_of_item(item);
  if (run.isEmpty()) return nullptr;
  wire::Json kept = wire::Json::object();
  for (const char* member : item_members) {
    if (const auto at = item.find(member); at != item.end()) kept[member] = *at;
  }
  std::string text = kept.dump(-1, ' ', false, wire::Json::error_handler_t::replace);
  if (text.size() > kMostItemBytes) return nullptr;
  return std::make_shared<RunItem>(RunItem{std::move(run), std::move(text)});
}

}  // namespace bandscope::app
