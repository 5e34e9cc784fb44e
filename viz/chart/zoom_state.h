// SPDX-License-Identifier: GPL-3.0-or-later
// One visible range for all charts of a page: x is shared, y belongs to a group of panels. Every change can be undone.
#pragma once

#include <QObject>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/range.h"

namespace bandscope::viz {

class ZoomState : public QObject {
  Q_OBJECT

 public:
  explicit ZoomState(QObject* parent = nullptr);

  /// Unset: everything there is.
  std::optional<Range> x(const std::string& axis = "step") const;
  /// Unset: what the visible rows need.
  std::optional<Range> y(const std::string& group) const;

  /// `remember` puts the range before the change on the history; a drag remembers once, at its start.
  void set_x(const std::string& axis, std::optional<Range> range, bool remember = true);
  void set_y(const std::string& group, std::optional<Range> range, bool remember = true);
  void set_xy(const std::string& axis, std::optional<Range> x, const std::string& group, std::optional<Range> y,
              bool remember = true);
  void remember();
  /// All ranges, to keep them and come back to them.
  struct State {
    std::map<std::string, Range> x, y;
    bool operator==(const State&) const = default;
  };
  const State& state() const { return now_; }
  void restore(const State& state) { apply(state, false); }
  /// How often the user changed the ranges (what follows a live run is not counted).
  quint64 changes() const { return changes_; }
  /// Everything visible again.
  void show_all();
  bool can_go_back() const { return !history_.empty(); }
  /// Undoes the last change of range.
  void back();

 Q_SIGNALS:
  void changed();

 private:
  void apply(const State& next, bool remember);
  State now_;
  std::vector<State> history_;
  quint64 changes_ = 0;
};

}  // namespace bandscope::viz
