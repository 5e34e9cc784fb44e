// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/whatif/pair_scatter.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/help/pathway_labels.h"
#include "viz/figure/ticks.h"

namespace bandscope::app {
namespace {

double change_w(const PairRow& row) { return row.z_w - row.z_w_ref; }
double change_l(const PairRow& row) { return row.z_l - row.z_l_ref; }
bool drawn(const PairRow& row) { return std::isfinite(change_w(row)) && std::isfinite(change_l(row)); }

/// The values with some air, and 0 always in.
viz::Range range_of(const std::vector<PairRow>& rows, double (*value)(const PairRow&)) {
  double least = 0, greatest = 0;
  for (const auto& row : rows) {
    if (!drawn(row)) continue;
    least = std::min(least, value(row));
    greatest = std::max(greatest, value(row));
  }
  if (least == greatest) return {-1, 1};
  const double air = 0.12 * (greatest - least);
  return {least - air, greatest + air};
}

/// "Δz_l — rejected, against the reference (nats)", or "Δz_l (nats)" where there is no room for it.
QString fitting(const QString& title, double room, const QFontMetrics& metrics) {
  const qsizetype dash = title.indexOf(QStringLiteral(" — ")), unit = title.lastIndexOf(QStringLiteral(" ("));
  if (metrics.horizontalAdvance(title) <= room || dash < 0) return title;
  return title.left(dash) + (unit > dash ? title.mid(unit) : QString());
}

}  // namespace

PairScatter::PairScatter(QWidget* parent) : QWidget(parent) {
  setFont(chart_font());
  setMinimumSize(220, 180);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PairScatter::setRows(const std::vector<PairRow>& rows, bool filtered) {
  filtered_ = filtered;
  rows_ = rows;
  current_ = -1;
  x_range_ = range_of(rows_, change_l);
  y_range_ = range_of(rows_, change_w);
  std::array<int, 5> counts{};
  for (const auto& row : rows_) ++counts[std::size_t(pathway_of(change_w(row), change_l(row)))];
  setAccessibleName(tr("Pairs by their changes"));
  setAccessibleDescription(tr("%1 both rise, %2 both fall, %3 disentangled")
                               .arg(counts[std::size_t(Pathway::both_rise)])
                               .arg(counts[std::size_t(Pathway::both_fall)])
                               .arg(counts[std::size_t(Pathway::disentangled)]));
  update();
}

void PairScatter::setRun(const QString& name) {
  if (name == run_) return;
  run_ = name;
  update();
}

void PairScatter::setCurrent(int row) {
  if (row == current_) return;
  current_ = row;
  update();
}

QRectF PairScatter::plot() const {
  const int line = fontMetrics().height();
  return QRectF(rect()).adjusted(4.9 * line, 1.8 * line, -grid, -2.6 * line);
}

viz::Scale PairScatter::x() const { return {x_range_, plot().left(), plot().right()}; }
viz::Scale PairScatter::y() const { return {y_range_, plot().bottom(), plot().top()}; }

QPointF PairScatter::position(int row) const {
  const auto& pair = rows_.at(std::size_t(row));
  return {x()(change_l(pair)), y()(change_w(pair))};
}

int PairScatter::rowAt(const QPointF& position) const {
  int best = -1;
  double nearest = 8 * 8;
  for (int row = 0; row < int(rows_.size()); ++row) {
    if (!drawn(rows_[std::size_t(row)])) continue;
    const QPointF away = this->position(row) - position;
    const double distance = QPointF::dotProduct(away, away);
    if (distance <= nearest) best = row, nearest = distance;
  }
  return best;
}

void PairScatter::mousePressEvent(QMouseEvent* event) {
  const int row = rowAt(event->position());
  if (row < 0) return;
  setCurrent(row);
  Q_EMIT chosen(row);
}

bool PairScatter::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(help->pos());
    if (row < 0) {
      QToolTip::hideText();
    } else {
      const auto& pair = rows_[std::size_t(row)];
      QToolTip::showText(help->globalPos(), tr("Step %1, line %2: Δz_w %3, Δz_l %4, %5")
                                                .arg(count_text(pair.step), count_text(pair.row + 1),
                                                     signed_text(change_w(pair)), signed_text(change_l(pair)),
                                                     pathway_word(pathway_of(change_w(pair), change_l(pair)))));
    }
    return true;
  }
  return QWidget::event(event);
}

void PairScatter::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) setFont(chart_font());
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) update();
  QWidget::changeEvent(event);
}

QString PairScatter::emptyText() const {
  return filtered_ ? tr("No pair matches the filter.") : tr("No pairs for this step.");
}

void PairScatter::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const viz::Theme theme = chart_theme();
  const QRectF area = plot();
  const int line = fontMetrics().height();
  painter.fillRect(rect(), theme.background);
  if (area.width() < 40 || area.height() < 40) return;
  painter.fillRect(area, theme.plot);
  if (rows_.empty()) {
    painter.setPen(theme.muted);
    painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, emptyText());
    return;
  }
  const viz::Scale across = x(), up = y();
  for (const auto& tick : viz::make_ticks(x_range_, false, false, std::max(2, int(area.width() / (5 * line))))) {
    painter.setPen(QPen(theme.grid, 0.5));
    painter.drawLine(QPointF(across(tick.value), area.top()), QPointF(across(tick.value), area.bottom()));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(across(tick.value) - 40, area.bottom() + 2, 80, line), Qt::AlignCenter,
                     QString::fromStdString(tick.label));
  }
  for (const auto& tick : viz::make_ticks(y_range_, false, false, std::max(2, int(area.height() / (2.4 * line))))) {
    painter.setPen(QPen(theme.grid, 0.5));
    painter.drawLine(QPointF(area.left(), up(tick.value)), QPointF(area.right(), up(tick.value)));
    painter.setPen(theme.muted);
    painter.drawText(QRectF(0, up(tick.value) - line / 2.0, area.left() - 5, line), Qt::AlignRight | Qt::AlignVCenter,
                     QString::fromStdString(tick.label));
  }
  painter.setPen(QPen(theme.zero, 1));
  painter.drawLine(QPointF(across(0), area.top()), QPointF(across(0), area.bottom()));
  painter.drawLine(QPointF(area.left(), up(0)), QPointF(area.right(), up(0)));
  painter.setPen(theme.text);
  painter.drawText(QRectF(area.left(), area.bottom() + line + 3, area.width(), line + 4), Qt::AlignCenter,
                   fitting(tr("Δz_l — rejected, against the reference (nats)"), area.width(), fontMetrics()));
  painter.save();
  painter.translate(line * 0.9, area.center().y());
  painter.rotate(-90);
  painter.drawText(QRectF(-height() / 2.0, -line, height(), 1.4 * line), Qt::AlignCenter,
                   fitting(tr("Δz_w — chosen, against the reference (nats)"), height(), fontMetrics()));
  painter.restore();

  // The colours' names, with how many each has.
  std::array<int, 5> counts{};
  for (const auto& row : rows_) ++counts[std::size_t(pathway_of(change_w(row), change_l(row)))];
  double at = area.left();
  if (!run_.isEmpty()) {
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(bold);
    const QString name = metrics.elidedText(run_, Qt::ElideMiddle, int(area.width() / 3));
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(QRectF(at, 0, area.width(), 1.6 * line), Qt::AlignLeft | Qt::AlignVCenter, name);
    painter.setFont(font());
    at += metrics.horizontalAdvance(name) + 1.5 * grid;
  }
  for (const Pathway pathway : {Pathway::disentangled, Pathway::both_fall, Pathway::both_rise, Pathway::other}) {
    const QString text = QStringLiteral("%1 %2").arg(pathway_word(pathway)).arg(counts[std::size_t(pathway)]);
    const int width = fontMetrics().horizontalAdvance(text) + 12;
    if (counts[std::size_t(pathway)] == 0 || at + width > rect().right()) continue;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(pathway_color(pathway, theme));
    painter.drawEllipse(QPointF(at + 4, 0.8 * line + 0.5), 3.5, 3.5);
    painter.setPen(theme.text);
    painter.drawText(QRectF(at + 12, 0, width - 12, 1.6 * line), Qt::AlignLeft | Qt::AlignVCenter, text);
    at += width + 1.5 * grid;
  }
  painter.setRenderHint(QPainter::Antialiasing);
  // Many points lie over each other: then each is fainter.
  const double strength = rows_.size() > 2000 ? 0.35 : rows_.size() > 300 ? 0.6 : 0.9;
  for (const auto& row : rows_) {
    if (!drawn(row)) continue;
    painter.setPen(Qt::NoPen);
    painter.setBrush(viz::at(pathway_color(pathway_of(change_w(row), change_l(row)), theme), strength));
    painter.drawEllipse(QPointF(across(change_l(row)), up(change_w(row))), 3.5, 3.5);
  }
  if (current_ >= 0 && current_ < int(rows_.size()) && drawn(rows_[std::size_t(current_)])) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.text, 1.6));
    painter.drawEllipse(position(current_), 7, 7);
  }
}

}  // namespace bandscope::app
