// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/event_kinds.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <utility>

namespace bandscope::app {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 10> kinds{{
    {"alert", QT_TRANSLATE_NOOP("EngineWords", "alert")},
    {"checkpoint", QT_TRANSLATE_NOOP("EngineWords", "checkpoint")},
    {"learning-rate", QT_TRANSLATE_NOOP("EngineWords", "learning rate")},
    {"momentum", QT_TRANSLATE_NOOP("EngineWords", "momentum")},
    {"non-finite", QT_TRANSLATE_NOOP("EngineWords", "not finite")},
    {"note", QT_TRANSLATE_NOOP("EngineWords", "note")},
    {"pause", QT_TRANSLATE_NOOP("EngineWords", "pause")},
    {"rc", QT_TRANSLATE_NOOP("EngineWords", "reward calibration")},
    {"resume", QT_TRANSLATE_NOOP("EngineWords", "resume")},
    {"stop", QT_TRANSLATE_NOOP("EngineWords", "stop")},
}};

}  // namespace

QString event_kind_word(const QString& kind) {
  const auto* known =
      std::find_if(kinds.begin(), kinds.end(), [&](const auto& own) { return kind == QLatin1String(own.first); });
  return known == kinds.end() ? kind : QCoreApplication::translate("EngineWords", known->second);
}

}  // namespace bandscope::app
