// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/link_news.h"

#include <utility>

namespace bandscope::app {

bool LinkNews::list(std::vector<RunItemPtr> runs) {
  const std::scoped_lock lock(mutex_);
  listed_ = std::move(runs);
  runs_.clear();
  gone_.clear();
  bytes_ = 0;
  return waits();
}

bool LinkNews::change(const wire::Json& fields) {
  const std::scoped_lock lock(mutex_);
  if (const auto list = fields.find("runs"); list != fields.end() && list->is_array()) {
    for (const auto& item : *list) {
      const RunItemPtr run = run_item(item);
      if (!run) continue;
      const auto known = runs_.find(run->run);
      if (known == runs_.end() && runs_.size() >= kMostRuns) continue;
      const std::size_t before = known == runs_.end() ? 0 : known->second->text.size();
      if (bytes_ - before + run->text.size() > kMostItemsBytes) continue;
      bytes_ += run->text.size() - before;
      if (gone_.erase(run->run) > 0) bytes_ -= std::size_t(run->run.toUtf8().size());
      runs_[run->run] = run;
    }
  }
  if (const auto list = fields.find("gone"); list != fields.end() && list->is_array()) {
    for (const auto& item : *list) {
      if (!item.is_string() || gone_.size() >= kMostRuns) continue;
      const auto& name = item.get_ref<const std::string&>();
      if (bytes_ + name.size() > kMostItemsBytes) continue;
      const QString run = QString::fromStdString(name);
      if (gone_.insert(run).second) bytes_ += name.size();
      if (const auto known = runs_.find(run); known != runs_.end()) {
        bytes_ -= known->second->text.size();
        runs_.erase(known);
      }
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
  bytes_ = 0;
  Taken taken;
  taken.listed = std::exchange(listed_, std::nullopt);
  for (auto& [run, item] : std::exchange(runs_, {})) taken.runs.push_back(std::move(item));
  for (const auto& run : std::exchange(gone_, {})) taken.gone << run;
  taken.queue = std::exchange(queue_, std::nullopt);
  return taken;
}

}  // namespace bandscope::app
