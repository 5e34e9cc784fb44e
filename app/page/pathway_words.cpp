// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pathway_words.h"

#include <QCoreApplication>

namespace bandscope::app {
namespace {

struct PathwayWords {
  Q_DECLARE_TR_FUNCTIONS(Pathway)
};

}  // namespace

QString pathway_word(Pathway pathway) {
  switch (pathway) {
    case Pathway::both_rise:
      return PathwayWords::tr("both rise");
    case Pathway::both_fall:
      return PathwayWords::tr("both fall");
    case Pathway::disentangled:
      return PathwayWords::tr("disentangled");
    case Pathway::other:
      return PathwayWords::tr("reversed");
    case Pathway::undefined:
      break;
  }
  return QStringLiteral("–");
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

QString pathway_chip(Pathway pathway, const viz::Theme& theme) {
  const QColor color = pathway_color(pathway, theme);
  if (!color.isValid()) return pathway_word(pathway);
  return QStringLiteral("<span style=\"color:%1\">●</span> %2").arg(color.name(), pathway_word(pathway));
}

}  // namespace bandscope::app
