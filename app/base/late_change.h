// SPDX-License-Identifier: GPL-3.0-or-later
// A change on the undo stack whose outcome comes later, as one that a server is asked for: the stack takes it to be
// done until it is heard that it was not.
#pragma once

#include <QUndoStack>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "app/base/undo.h"

namespace bandscope::app {

/// Shared by the command and by who waits for its answers, which may outlive it.
class Lateness {
 public:
  /// Does this once what was asked before is answered; `act` has finish() called when it is answered itself.
  void take(std::function<void()> act) {
    waiting_.push_back(std::move(act));
    if (!busy_) next();
  }
  void finish() {
    busy_ = false;
    next();
  }

 private:
  friend class LateChange;
  void next() {
    if (waiting_.empty()) return;
    busy_ = true;
    const auto act = std::move(waiting_.front());
    waiting_.pop_front();
    act();
  }
  std::deque<std::function<void()>> waiting_;
  bool busy_ = false;
  bool dropped_ = false;  ///< it never was: the stack is to forget it
  bool idle_ = false;     ///< the next step only moves the stack
};

class LateChange : public Change {
 public:
  LateChange(const QString& text, Step redo, Step undo, std::shared_ptr<Lateness> late)
      : Change(text, std::move(redo), std::move(undo)), late_(std::move(late)) {}
  void redo() override {
    if (!passes()) Change::redo();
  }
  void undo() override {
    if (!passes()) Change::undo();
  }

  /// What the command was taken to have done (`forward`: by redo) has not come about: where it is the stack's last step
  /// it goes back to where it was. One that was never done goes off the stack, as soon as it is the next to be undone
  /// or redone. Not to be called within a step.
  static void failed(QUndoStack& stack, const std::shared_ptr<Lateness>& late, bool forward, bool ever_done) {
    const auto next = [&stack](bool undo) {
      const int at = undo ? stack.index() - 1 : stack.index();
      return at >= 0 && at < stack.count() ? dynamic_cast<const LateChange*>(stack.command(at)) : nullptr;
    };
    if (!ever_done) {
      late->dropped_ = true;
    } else if (const auto* command = next(forward); command && command->late_ == late) {
      late->idle_ = true;
      forward ? stack.undo() : stack.redo();
    }
    while (next(true) && next(true)->late_->dropped_) stack.undo();
    while (next(false) && next(false)->late_->dropped_) stack.redo();
  }

 private:
  bool passes() {
    if (late_->dropped_) setObsolete(true);
    return late_->dropped_ || std::exchange(late_->idle_, false);
  }
  std::shared_ptr<Lateness> late_;
};

}  // namespace bandscope::app
