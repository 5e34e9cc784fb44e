// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_cells.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <cmath>
#include <optional>

#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/help/terms.h"
#include "app/language/translated.h"

namespace bandscope::app {
namespace {

struct CellStrings {
  Q_DECLARE_TR_FUNCTIONS(RunModel)
};

/// A dot for a live run, a tick for a finished one, a cross for one that ended badly, a ring for one that waits: the
/// shape says it without the colour.
void draw_state(QPainter& painter, ShownState state, bool dark) {
  const QColor color = state_color(state, dark);
  painter.setPen(QPen(color, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  switch (state) {
    case ShownState::running:
      painter.setBrush(color);
      painter.drawEllipse(QPointF(8, 8), 4, 4);
      break;
    case ShownState::waiting:
      painter.drawEllipse(QPointF(8, 8), 4, 4);
      break;
    case ShownState::preparing:
      painter.drawEllipse(QPointF(8, 8), 4, 4);
      painter.setBrush(color);
      painter.drawPie(QRectF(4, 4, 8, 8), 0, 180 * 16);
      break;
    case ShownState::paused:
      painter.drawLine(QPointF(6, 4), QPointF(6, 12));
      painter.drawLine(QPointF(10, 4), QPointF(10, 12));
      break;
    case ShownState::stalled:
      painter.drawLine(QPointF(8, 3.5), QPointF(8, 9));
      painter.drawPoint(QPointF(8, 12.3));
      break;
    case ShownState::done: {
      const QPointF tick[] = {{3.5, 8.5}, {6.5, 11.5}, {12.5, 4.5}};
      painter.drawPolyline(tick, 3);
      break;
    }
    case ShownState::stopped:
      painter.setBrush(color);
      painter.drawRect(QRectF(4.5, 4.5, 7, 7));
      break;
    case ShownState::crashed:
    case ShownState::killed:
    case ShownState::failed:
      painter.drawLine(QPointF(4, 4), QPointF(12, 12));
      painter.drawLine(QPointF(12, 4), QPointF(4, 12));
      break;
  }
}

void draw_star(QPainter& painter, bool dark) {
  QPolygonF star;
  for (int i = 0; i < 10; ++i) {
    const double radius = i % 2 == 0 ? 6.2 : 2.6, angle = (i * 36.0 - 90.0) * 3.14159265358979323846 / 180.0;
    star << QPointF(8 + radius * std::cos(angle), 8.4 + radius * std::sin(angle));
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(dark ? QColor(0xe6, 0xb4, 0x50) : QColor(0xc9, 0x86, 0x00));
  painter.drawPolygon(star);
}

/// Drawn once for each look: rows ask for their icon whenever they are painted.
template <class Draw>
QIcon kept_icon(const QString& name, bool dark, Draw draw) {
  const QString key = QStringLiteral("bandscope-%1-%2").arg(name).arg(int(dark));
  QPixmap pixmap;
  if (!QPixmapCache::find(key, &pixmap)) {
    pixmap = QPixmap(32, 32);
    pixmap.setDevicePixelRatio(2.0);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    draw(painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
  }
  return QIcon(pixmap);
}

bool dark_ground() {
  const QPalette palette = QGuiApplication::palette();
  return palette.color(QPalette::Base).lightness() < 128;
}

/// Seconds that a live run still takes.
std::optional<double> eta(const RunEntry& entry) {
  const double left = entry.live() ? entry.remaining() : RunEntry::unknown;
  return std::isfinite(left) ? std::optional(left) : std::nullopt;
}

QVariant sort_value(const RunEntry& entry, RunModel::Column column) {
  switch (column) {
    case RunModel::Star:
      return entry.labels.starred ? 0.0 : 1.0;
    case RunModel::Eta:
      return eta(entry).value_or(1e300);
    case RunModel::Step:
      return double(entry.steps);
    case RunModel::InBand:
      return std::isnan(entry.in_band) ? -1.0 : entry.in_band;
    case RunModel::ProbeZw:
      return std::isnan(entry.probe_z_w) ? -1e300 : entry.probe_z_w;
    case RunModel::ProbeMargin:
      return std::isnan(entry.probe_margin) ? -1e300 : entry.probe_margin;
    case RunModel::Alerts:
      return double(entry.alerts);
    default:
      return run_cell(entry, column, Qt::DisplayRole);
  }
}

bool right_aligned(RunModel::Column column) { return column >= RunModel::Step && column <= RunModel::Alerts; }

QString cell_text(const RunEntry& entry, RunModel::Column column) {
  if (column == RunModel::Name) return entry.title();
  if (column == RunModel::Tags) return entry.labels.tags.join(QStringLiteral(", "));
  if (column == RunModel::Note) return entry.labels.note.simplified();
  if (!entry.read) return {};
  if (!entry.error.empty()) return column == RunModel::Progress ? CellStrings::tr("unreadable") : QString();
  switch (column) {
    case RunModel::Progress:
      return progress_text(entry);
    case RunModel::Objective:
      return entry.objective;
    case RunModel::Rc:
      return entry.calibrated ? CellStrings::tr("w/ RC") : CellStrings::tr("w/o RC");
    case RunModel::Model:
      return entry.model;
    case RunModel::Data:
      return entry.data;
    case RunModel::Step:
      return entry.queued ? QString() : count_text(entry.steps);
    case RunModel::Eta:
      return duration_text(eta(entry).value_or(RunEntry::unknown));
    case RunModel::InBand:
      return entry.queued ? QString() : percent_text(entry.in_band);
    case RunModel::ProbeZw:
      return entry.queued ? QString() : number_text(entry.probe_z_w);
    case RunModel::ProbeMargin:
      return entry.queued ? QString() : number_text(entry.probe_margin);
    case RunModel::Alerts:
      return entry.alerts > 0 ? count_text(entry.alerts) : QString();
    default:
      return {};
  }
}

QString tip(const RunEntry& entry) {
  if (!entry.error.empty()) return translated(entry.error);
  const QString where =
      entry.elsewhere() ? QStringLiteral("%1: %2").arg(entry.server_name, entry.there) : entry.found.record;
  if (!entry.read) return where;
  QStringList lines{where};
  lines << QStringLiteral("%1 · %2 · %3 · %4")
               .arg(entry.objective, entry.calibrated ? CellStrings::tr("w/ RC") : CellStrings::tr("w/o RC"),
                    entry.model, entry.data);
  lines << progress_text(entry);
  if (entry.state == ShownState::stopped && !entry.reason.empty()) lines << translated(entry.reason);
  if (!entry.last_alert.empty()) lines << CellStrings::tr("Last alert: %1").arg(translated(entry.last_alert));
  if (!entry.note.empty()) lines << translated(entry.note);
  if (!entry.labels.tags.isEmpty())
    lines << CellStrings::tr("Tags: %1").arg(entry.labels.tags.join(QStringLiteral(", ")));
  if (!entry.labels.note.isEmpty()) lines << entry.labels.note;
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

QIcon state_icon(ShownState state, bool dark) {
  return kept_icon(QString::fromUtf8(to_string(state).data()), dark,
                   [&](QPainter& painter) { draw_state(painter, state, dark); });
}

QVariant run_cell(const RunEntry& entry, RunModel::Column column, int role) {
  switch (role) {
    case Qt::DisplayRole:
      return cell_text(entry, column);
    case Qt::ToolTipRole:
      return plain_text(tip(entry));
    case Qt::DecorationRole:
      if (column == RunModel::Star && entry.labels.starred) {
        const bool dark = dark_ground();
        return kept_icon(QStringLiteral("star"), dark, [&](QPainter& painter) { draw_star(painter, dark); });
      }
      if (column != RunModel::Name || !entry.read) return {};
      return state_icon(entry.error.empty() ? entry.state : ShownState::crashed, dark_ground());
    case Qt::ForegroundRole:
      if (column == RunModel::Progress && entry.read) {
        const bool dark = dark_ground();
        return state_color(entry, dark);
      }
      return {};
    case Qt::TextAlignmentRole:
      return int((right_aligned(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
      if (column == RunModel::Star)
        return entry.labels.starred ? CellStrings::tr("starred") : CellStrings::tr("not starred");
      return column == RunModel::Name ? QStringLiteral("%1, %2").arg(entry.title(), state_word(entry.state))
                                      : QVariant();
    case RunModel::SortRole:
      return sort_value(entry, column);
    default:
      return {};
  }
}

QVariant run_header(RunModel::Column column, int role) {
  if (role == Qt::TextAlignmentRole) {
    return int((right_aligned(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role == Qt::ToolTipRole) {
    if (column == RunModel::Rc) return term_tip(Term::calibration);
    if (column == RunModel::InBand) return term_tip(Term::band);
    if (column == RunModel::ProbeZw) return term_tip(Term::z_w);
    if (column == RunModel::ProbeMargin) return term_tip(Term::margin);
  }
  const bool named = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
  if (named && column == RunModel::Star) return CellStrings::tr("Star");
  if (role != Qt::DisplayRole && !named) return {};
  switch (column) {
    case RunModel::Name:
      return CellStrings::tr("Run");
    case RunModel::Star:
      return QStringLiteral("★");
    case RunModel::Progress:
      return CellStrings::tr("State");
    case RunModel::Objective:
      return CellStrings::tr("Objective");
    case RunModel::Rc:
      return CellStrings::tr("RC");
    case RunModel::Model:
      return CellStrings::tr("Model");
    case RunModel::Data:
      return CellStrings::tr("Data");
    case RunModel::Step:
      return CellStrings::tr("Step");
    case RunModel::Eta:
      return CellStrings::tr("ETA");
    case RunModel::InBand:
      return CellStrings::tr("In band");
    case RunModel::ProbeZw:
      return CellStrings::tr("Probe z_w");
    case RunModel::ProbeMargin:
      return CellStrings::tr("Probe margin");
    case RunModel::Alerts:
      return CellStrings::tr("Alerts");
    case RunModel::Tags:
      return CellStrings::tr("Tags");
    case RunModel::Note:
      return CellStrings::tr("Note");
    default:
      return {};
  }
}

}  // namespace bandscope::app
