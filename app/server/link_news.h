// SPDX-License-Identifier: GPL-3.0-or-later
// What a server tells unasked, on its way from the connection's thread to the window's: put together until the window
// has taken it, so that neither a server that says much nor a window that is busy fills the memory.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "app/server/run_item.h"

namespace bandscope::app {

class LinkNews {
 public:
  struct Taken {
    std::optional<std::vector<RunItemPtr>> listed;  ///< all runs; the changes came after it
    std::vector<RunItemPtr> runs;
    QStringList gone;
    std::optional<wire::Json> queue;
  };
  /// These return whether the window is to be told: it has taken what there was before.
  [[nodiscard]] bool list(std::vector<RunItemPtr> runs);
  /// Members of `changed`; what they should not be is left out, as is what is more than a window keeps.
  [[nodiscard]] bool change(const wire::Json& fields);
  [[nodiscard]] bool queue(wire::Json queue);
  Taken take();

 private:
  bool waits() { return !std::exchange(told_, true); }

  std::mutex mutex_;
  bool told_ = false;  ///< … and has not taken it
  std::optional<std::vector<RunItemPtr>> listed_;
  std::map<QString, RunItemPtr> runs_;
  std::set<QString> gone_;
  std::size_t bytes_ = 0;  ///< that came for these two
  std::optional<wire::Json> queue_;
};

}  // namespace bandscope::app
