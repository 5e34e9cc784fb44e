// SPDX-License-Identifier: GPL-3.0-or-later
// Which columns of the run library are shown, in which order and how wide; chosen in the header's context menu. The
// run's name takes the room that the others leave, until the user gives it a width: that one is kept.
#pragma once

#include <QByteArray>
#include <QObject>
#include <optional>

class QMenu;
class QTreeView;

namespace bandscope::app {

class RunColumns : public QObject {
  Q_OBJECT

 public:
  /// Lays the header out with name, star and state.
  explicit RunColumns(QTreeView* view);

  void reset();
  /// Shows a column at the right end of those shown, or hides it. Name stays.
  void setShown(int column, bool shown);
  bool shown(int column) const;
  /// Moves a shown column past its shown neighbour: by = −1 to the left, 1 to the right; name stays first.
  void move(int column, int by);
  /// Entries of the header's menu for a click on `column` (−1: beside the columns).
  void fill(QMenu& menu, int column);

  /// Columns, widths and sorting by name, so that they outlive other versions' columns.
  QByteArray save() const;
  void restore(const QByteArray& state);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  int neighbour(int column, int by) const;
  void fit();
  void resized(int column, int width);
  void setNameWidth(std::optional<int> width);

  QTreeView* view_;
  int state_width_ = 0;            ///< of the state, while it follows the room there is
  std::optional<int> name_width_;  ///< the user's
  bool fitting_ = false;           ///< widths change by our own doing
};

}  // namespace bandscope::app
