// SPDX-License-Identifier: GPL-3.0-or-later
// What a user chooses once for the whole application, as one value, and where it is kept.
#pragma once

#include <QList>
#include <QString>

#include "app/base/server_address.h"
#include "viz/figure/smoothing.h"

namespace bandscope::app {

struct Preferences {
  QString look = QStringLiteral("system");        ///< "system", "light", "dark"
  QString language;                               ///< "en", "zh_CN"; empty: the system's
  QString palette = QStringLiteral("okabe-ito");  ///< of charts: "okabe-ito", "grey"
  int chart_text = 100;                           ///< size of texts in charts, per cent of the usual one
  viz::Smoothing smoothing;                       ///< of charts where no other was chosen
  bool follow = true;                             ///< the end of a live run is kept in view when it is opened
  int charts_ms = 700;                            ///< between looks at a live run's record
  int library_ms = 2000;                          ///< between looks for new and changed runs
  bool ask_delete = true;                         ///< asked before a run is moved to the trash
  QString engine;                                 ///< the program that trains; empty: beside this one, or on PATH
  QString models, data;                           ///< folders in which the pickers start; empty: what was used last
  QList<ServerAddress> servers;                   ///< machines whose runs are listed, too
  bool operator==(const Preferences&) const = default;
};

inline constexpr int least_chart_text = 70, most_chart_text = 200;
inline constexpr int least_ms = 200, most_ms = 60'000;

/// `base` with those fields of `to` that differ from `from`: what a change meant, on top of what was changed since.
Preferences with_change(Preferences base, const Preferences& from, const Preferences& to);

/// What is missing or makes no sense has its usual value.
Preferences read_preferences();
/// What has its usual value is not written, so that it follows later versions.
void write_preferences(const Preferences& preferences);

/// The one path, as it is kept now, for those who need it when they work: from any thread. Empty outside of the window.
QString kept_engine();
QString kept_models();
QString kept_data();

}  // namespace bandscope::app
