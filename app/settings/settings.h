// SPDX-License-Identifier: GPL-3.0-or-later
// The application's settings: the one object that menus, dialog and window share. Kept as soon as they change.
#pragma once

#include <QObject>

#include "app/base/preferences.h"

namespace bandscope::app {

class Settings : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  const Preferences& now() const { return now_; }
  void set(const Preferences& next);
  /// Takes up what was kept.
  void load();

 Q_SIGNALS:
  void changed(const bandscope::app::Preferences& before);

 private:
  Preferences now_;
};

}  // namespace bandscope::app
