// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/chart/zoom_state.h"

#include <algorithm>
#include <cmath>

namespace bandscope::viz {
namespace {

constexpr std::size_t kHistory = 200;

template <class Map>
std::optional<Range> find(const Map& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional<Range>(found->second);
}

/// Ranges without width, or beyond what doubles can tell apart, are not taken.
template <class Map>
void put(Map& map, const std::string& key, const std::optional<Range>& range) {
  if (!range) {
    map.erase(key);
    return;
  }
  const double size = std::max(std::abs(range->least), std::abs(range->greatest));
  if (std::isfinite(range->least) && std::isfinite(range->greatest) && range->width() > 1e-12 * size) map[key] = *range;
}

}  // namespace

ZoomState::ZoomState(QObject* parent) : QObject(parent) {}

std::optional<Range> ZoomState::x(const std::string& axis) const { return find(now_.x, axis); }
std::optional<Range> ZoomState::y(const std::string& group) const { return find(now_.y, group); }

void ZoomState::apply(const State& next, bool remember) {
  if (next == now_) return;
  if (remember) this->remember();
  now_ = next;
  Q_EMIT changed();
}

void ZoomState::set_x(const std::string& axis, std::optional<Range> range, bool remember) {
  State next = now_;
  put(next.x, axis, range);
  apply(next, remember);
}

void ZoomState::set_y(const std::string& group, std::optional<Range> range, bool remember) {
  State next = now_;
  put(next.y, group, range);
  apply(next, remember);
}

void ZoomState::set_xy(const std::string& axis, std::optional<Range> x, const std::string& group,
                       std::optional<Range> y, bool remember) {
  State next = now_;
  put(next.x, axis, x);
  put(next.y, group, y);
  apply(next, remember);
}

void ZoomState::remember() {
  ++changes_;
  if (!history_.empty() && history_.back() == now_) return;
  if (history_.size() == kHistory) history_.erase(history_.begin());
  history_.push_back(now_);
}

void ZoomState::show_all() { apply(State(), true); }

void ZoomState::back() {
  while (!history_.empty()) {
    const State before = history_.back();
    history_.pop_back();
    if (before == now_) continue;
    now_ = before;
    ++changes_;
    Q_EMIT changed();
    return;
  }
}

}  // namespace bandscope::viz
