// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts with names: where docks and splitters stand, which tab, figures and panels are shown, and how. They are kept
// in the settings; taking one up can be undone.
#pragma once

#include <QJsonObject>
#include <QObject>
#include <QStringList>

class QMainWindow;
class QMenu;
class QUndoStack;

namespace bandscope::app {

class RunPage;
class ViewUndo;

class Layouts : public QObject {
  Q_OBJECT

 public:
  /// `menu` is filled with the layouts whenever it opens.
  Layouts(QMainWindow* window, RunPage* page, QUndoStack* undo, ViewUndo* views, QMenu* menu);

  QStringList names() const;
  /// Keeps the present layout; one of that name is replaced.
  void save(const QString& name);
  void take(const QString& name);
  void remove(const QString& name);
  /// The layout that a new installation has.
  void reset();
  void translate();

 private:
  void fill();
  void askName();
  QJsonObject now() const;
  void show(const QJsonObject& layout);
  void change(const QString& text, const QJsonObject& to);

  QMainWindow* window_;
  RunPage* page_;
  QUndoStack* undo_;
  ViewUndo* views_;
  QMenu* menu_;
  QJsonObject first_;  ///< as the window was built
};

}  // namespace bandscope::app
