// SPDX-License-Identifier: GPL-3.0-or-later
// What the user can take back. The main window owns one QUndoStack for all that is undone with Ctrl+Z; parts of the
// window get it from MainWindow::undoStack() and push commands.
#pragma once

#include <QString>
#include <QUndoCommand>
#include <functional>

namespace bandscope::app {

/// A change as two functions. A function that returns false (a file that cannot be written any more) makes the command
/// obsolete, so that the stack drops it rather than taking it for done; it says why itself.
class Change : public QUndoCommand {
 public:
  using Step = std::function<bool()>;
  /// `text`: what is undone, as the menu says it ("star 3 runs").
  Change(const QString& text, Step redo, Step undo)
      : QUndoCommand(text), redo_(std::move(redo)), undo_(std::move(undo)) {}
  void redo() override { setObsolete(!redo_()); }
  void undo() override { setObsolete(!undo_()); }

 private:
  Step redo_, undo_;
};

}  // namespace bandscope::app
