// SPDX-License-Identifier: GPL-3.0-or-later
// What state a run is in, in words and colour: list, queue and header take both from here.
#include <QCoreApplication>

#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

struct CellStrings {
  Q_DECLARE_TR_FUNCTIONS(RunModel)
};

/// What a run does before its first step, and how long that takes.
QString preparing_text(const RunEntry& entry, const QString& asked) {
  if (entry.queued) return asked.isEmpty() ? CellStrings::tr("starting") : asked;
  const auto& now = entry.preparation;
  if (!now || now->total <= 0) return asked.isEmpty() ? state_word(entry.state) : asked;
  const QString count = QStringLiteral("%1/%2").arg(count_text(now->done), count_text(now->total));
  const QString phase = now->phase == "reference" ? CellStrings::tr("reference %1").arg(count)
                                                  : CellStrings::tr("probe reference %1").arg(count);
  const QString left = asked.isEmpty() ? duration_text(now->seconds_left.value_or(RunEntry::unknown)) : asked;
  return left.isEmpty() ? phase : QStringLiteral("%1, %2").arg(phase, left);
}

}  // namespace

QString asked_word(Asked asked) {
  switch (asked) {
    case Asked::nothing:
      return {};
    case Asked::pause:
      return CellStrings::tr("pausing");
    case Asked::go_on:
      return CellStrings::tr("going on");
    case Asked::stop:
      return CellStrings::tr("stopping");
  }
  return {};
}

QString progress_text(const RunEntry& entry) {
  const QString asked = asked_word(entry.asked);
  const QString word = asked.isEmpty() ? state_word(entry.state) : asked;
  if (entry.state == ShownState::preparing) return preparing_text(entry, asked);
  if (entry.live()) {
    const QString left = duration_text(entry.remaining());
    if (entry.planned <= 0) return CellStrings::tr("%1, step %2").arg(word, count_text(entry.steps));
    const QString share = percent_text(double(entry.steps) / double(entry.planned));
    if (entry.state != ShownState::running || !asked.isEmpty()) return QStringLiteral("%1 %2").arg(share, word);
    return QStringLiteral("%1 %2").arg(share, left);
  }
  if (entry.reason.empty() || entry.state == ShownState::done) return word;
  // "stopped: stopped before step 91" would say it twice; how far it got is the same words as while it trained.
  if (entry.state == ShownState::stopped && entry.reason.text().starts_with("stopped")) {
    if (entry.planned <= 0 || entry.steps <= 0) return word;
    return QStringLiteral("%1 %2").arg(percent_text(double(entry.steps) / double(entry.planned)), word);
  }
  return CellStrings::tr("%1: %2", "state and reason").arg(word, translated(entry.reason));
}

QColor state_color(const RunEntry& entry, bool dark) {
  if (!entry.error.empty()) return state_color(ShownState::failed, dark);
  return state_color(entry.asked == Asked::nothing ? entry.state : ShownState::stopped, dark);
}

QColor state_color(ShownState state, bool dark) {
  switch (state) {
    case ShownState::preparing:
    case ShownState::running:
      return dark ? QColor(0x4d, 0xc4, 0x9b) : QColor(0x00, 0x7a, 0x59);
    case ShownState::done:
      return dark ? QColor(0xb8, 0xbe, 0xc6) : QColor(0x55, 0x5c, 0x66);
    case ShownState::waiting:
    case ShownState::stopped:
    case ShownState::paused:
      return dark ? QColor(0x8f, 0xb8, 0xe0) : QColor(0x2f, 0x66, 0x9e);
    case ShownState::stalled:
      return dark ? QColor(0xe6, 0xb4, 0x50) : QColor(0x8f, 0x5f, 0x00);
    case ShownState::crashed:
    case ShownState::killed:
    case ShownState::failed:
      return dark ? QColor(0xff, 0x8f, 0x70) : QColor(0xb8, 0x3a, 0x00);
  }
  return {};
}

}  // namespace bandscope::app
