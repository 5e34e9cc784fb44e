// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/autosave.h"

namespace bandscope::app {

Autosave::Autosave(std::function<void()> save, QObject* parent) : QObject(parent), save_(std::move(save)) {
  soon_.setSingleShot(true);
  soon_.setInterval(soon_ms);
  interval_.setInterval(interval_ms);
  connect(&soon_, &QTimer::timeout, this, [this] { save_(); });
  connect(&interval_, &QTimer::timeout, this, [this] { save_(); });
  interval_.start();
}

void Autosave::touch() {
  if (!soon_.isActive()) soon_.start();
}

void Autosave::flush() {
  if (!soon_.isActive()) return;
  soon_.stop();
  save_();
}

}  // namespace bandscope::app
