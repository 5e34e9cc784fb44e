// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/link_news.h"

#include <utility>

#include "app/server/remote_entry.h"

namespace bandscope::app {
namespace {

constexpr std::size_t most_names = 100'000;

}  // namespace

bool LinkNews::list(std::vector<wire::Json> runs) {
  const std::scoped_lock lock(mutex_);
  listed_ = std::move(runs);
  runs_.clear();
  gone_.clear();
  return waits();
}

bool LinkNews::change(const wire::Json& fields) {
  const std::scoped_lock lock(mutex_);
  if (const auto list = fields.find("runs"); list != fields.end() && list->is_array()) {
    for (const auto& item : *list) {
      const QString run = run_of_item(item);
      if (run.isEmpty() || (runs_.size() >= most_names && runs_.count(run) == 0)) continue;
      gone_.erase(run);
      runs_[run] = item;
    }
  }
  if (const auto list = fields.find("gone"); list != fields.end() && list->is_array()) {
    for (const auto& item : *list) {
      if (!item.is_string() || gone_.size() >= most_names) continue;
      const QString run = QString::fromStdString(item.get<std::string>());
      runs_.erase(run);
      gone_.insert(run);
    }
  }
  return waits();
}

bool LinkNews::queue(wire::Json queue) {
  const std::scoped_lock lock(mutex_);
  queue_ = std::move(queue);
  return waits();
}

LinkNews::Taken LinkNews::take() {
  const std::scoped_lock lock(mutex_);
  told_ = false;
  Taken taken;
  taken.listed = std::exchange(listed_, std::nullopt);
  for (auto& [run, item] : std::exchange(runs_, {})) taken.runs.push_back(std::move(item));
  for (const auto& run : std::exchange(gone_, {})) taken.gone << run;
  taken.queue = std::exchange(queue_, std::nullopt);
  return taken;
}

}  // namespace bandscope::app
