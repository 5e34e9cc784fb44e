// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/view_undo.h"

#include <QScopedValueRollback>
#include <QUndoStack>
#include <memory>
#include <utility>

#include "app/base/undo.h"

namespace bandscope::app {
namespace {

constexpr int joined_ms = 400;

}  // namespace

ViewUndo::ViewUndo(QUndoStack* stack, std::function<QStringList()> subject, QObject* parent)
    : QObject(parent), stack_(stack), subject_(std::move(subject)) {
  soon_.setSingleShot(true);
  soon_.setInterval(joined_ms);
  connect(&soon_, &QTimer::timeout, this, &ViewUndo::zoomed);
}

void ViewUndo::watch(viz::ZoomState* zoom) {
  zoom_ = zoom;
  settle();
  connect(zoom, &viz::ZoomState::changed, this, [this] {
    if (applying_) return;
    if (zoom_->changes() != known_changes_) {
      soon_.start();
    } else if (!soon_.isActive()) {
      known_zoom_ = zoom_->state();  // it followed a run's end
    }
  });
}

void ViewUndo::zoomed() {
  const auto before = known_zoom_, now = zoom_->state();
  known_zoom_ = now;
  known_changes_ = zoom_->changes();
  if (before == now) return;
  const auto restore = [this, subject = subject_()](const viz::ZoomState::State& state) {
    if (subject != subject_()) return false;
    const QScopedValueRollback applying(applying_, true);
    zoom_->restore(state);
    known_zoom_ = state;
    return true;
  };
  stack_->push(new Change(
      tr("zoom"), [restore, now] { return restore(now); }, [restore, before] { return restore(before); }));
}

void ViewUndo::watch(ChartTab* tab, std::function<void()> show) {
  tabs_[tab] = {tab->choice(), std::move(show)};
  connect(tab, &ChartTab::viewChanged, this, [this, tab] { chosen(tab); });
}

void ViewUndo::chosen(ChartTab* tab) {
  if (applying_) return;
  Tab& known = tabs_[tab];
  const ChartChoice before = known.view, now = tab->choice();
  if (before == now) return;
  known.view = now;
  const auto restore = [this, tab](const ChartChoice& view) {
    const QScopedValueRollback applying(applying_, true);
    Tab& entry = tabs_[tab];
    entry.show();
    tab->setChoice(view);
    entry.view = tab->choice();
    return true;
  };
  const bool other = before.figure != now.figure;
  const bool smoothing = before.settings.smoothing != now.settings.smoothing;
  const bool axes = before.settings.log_x != now.settings.log_x || before.settings.log_y != now.settings.log_y ||
                    before.settings.x_axis != now.settings.x_axis;
  const QString text = other ? tr("figure") : smoothing ? tr("smoothing") : axes ? tr("axes") : tr("panels");
  // The tab has it already; showing it now would move the reader away from where it was chosen.
  auto* change = new Change(
      text,
      [restore, now, first = std::make_shared<bool>(true)] {
        if (std::exchange(*first, false)) return true;
        return restore(now);
      },
      [restore, before] { return restore(before); });
  stack_->push(change);
}

void ViewUndo::quietly(const std::function<void()>& change) {
  {
    const QScopedValueRollback applying(applying_, true);
    change();
  }
  for (auto& [tab, known] : tabs_) known.view = tab->choice();
  settle();
}

void ViewUndo::settle() {
  soon_.stop();
  if (!zoom_) return;
  known_zoom_ = zoom_->state();
  known_changes_ = zoom_->changes();
}

}  // namespace bandscope::app
