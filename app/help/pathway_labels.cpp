// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/help/pathway_labels.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>

#include "app/help/terms.h"

namespace bandscope::app {
namespace {

struct PathwayStrings {
  Q_DECLARE_TR_FUNCTIONS(Pathway)
};

}  // namespace

QString pathway_word(Pathway pathway) {
  switch (pathway) {
    case Pathway::both_rise:
      return PathwayStrings::tr("both rise");
    case Pathway::both_fall:
      return PathwayStrings::tr("both fall");
    case Pathway::disentangled:
      return PathwayStrings::tr("disentangled");
    case Pathway::other:
      return PathwayStrings::tr("reversed");
    case Pathway::undefined:
      break;
  }
  return QStringLiteral("–");
}

QString pathway_tip(Pathway pathway) {
  switch (pathway) {
    case Pathway::both_rise:
      return term_tip(Term::both_rise);
    case Pathway::both_fall:
      return term_tip(Term::both_fall);
    case Pathway::disentangled:
      return term_tip(Term::disentangled);
    case Pathway::other:
      return term_tip(Term::reversed);
    case Pathway::undefined:
      break;
  }
  return {};
}

QColor pathway_color(Pathway pathway, const viz::Theme& theme) {
  switch (pathway) {
    case Pathway::both_rise:
      return theme.both_rise;
    case Pathway::both_fall:
      return theme.both_fall;
    case Pathway::disentangled:
      return theme.disentangled;
    case Pathway::other:
      return theme.muted;
    case Pathway::undefined:
      break;
  }
  return {};
}

QIcon pathway_dot(Pathway pathway, const viz::Theme& theme) {
  const QColor color = pathway_color(pathway, theme);
  if (!color.isValid()) return {};
  const QString key = QStringLiteral("bandscope-pathway-%1").arg(color.rgba());
  QPixmap pixmap;
  if (!QPixmapCache::find(key, &pixmap)) {
    pixmap = QPixmap(48, 48);
    pixmap.setDevicePixelRatio(3.0);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(QPointF(8, 8), 4.5, 4.5);
    painter.end();
    QPixmapCache::insert(key, pixmap);
  }
  // A row that is selected keeps its colour.
  QIcon icon(pixmap);
  icon.addPixmap(pixmap, QIcon::Selected);
  return icon;
}

QString pathway_chip(Pathway pathway, const viz::Theme& theme) {
  const QColor color = pathway_color(pathway, theme);
  if (!color.isValid()) return pathway_word(pathway);
  return QStringLiteral("<span style=\"color:%1\">●</span> %2").arg(color.name(), pathway_word(pathway));
}

}  // namespace bandscope::app
