// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_words.h"

#include <QCoreApplication>
#include <QTranslator>
#include <memory>
#include <utility>

#include "app/page/chart_tab.h"
#include "core/error.h"

static void use_translations() { Q_INIT_RESOURCE(bandscope_app_translations); }

namespace bandscope::app {
namespace {

using Name = std::pair<const char*, const char*>;

template <std::size_t count>
QString named(const Name (&names)[count], const std::string& key) {
  for (const auto& [name, title] : names) {
    if (key == name) return QCoreApplication::translate("FigureDialog", title);
  }
  return {};
}

}  // namespace

viz::Words figure_words(const std::string& language) {
  if (language == "en") return viz::english;
  use_translations();
  auto translator = std::make_shared<QTranslator>();
  if (!translator->load(QStringLiteral("bandscope_") + QString::fromStdString(language), QStringLiteral(":/i18n"))) {
    throw RunError(Message::tr("This build has no figure texts in the language %1; use language = \"en\".", language));
  }
  return [translator](const char* text) {
    const QString found = translator->translate("Figure", text);
    return found.isEmpty() ? std::string(text) : found.toStdString();
  };
}

QString kind_title(const std::string& kind) {
  static constexpr Name names[] = {
      {"dynamics", QT_TRANSLATE_NOOP("FigureDialog", "Dynamics: bands, likelihoods, margin")},
      {"figure2", QT_TRANSLATE_NOOP("FigureDialog", "Paper 2: objectives, likelihoods and margin")},
      {"figure3", QT_TRANSLATE_NOOP("FigureDialog", "Paper 3: objectives, cosine, likelihoods, bands")},
      {"scope-comparison", QT_TRANSLATE_NOOP("FigureDialog", "Paper 5, 6: band by score scope")},
      {"dynamics-grid", QT_TRANSLATE_NOOP("FigureDialog", "Paper 4, 7–14: dynamics, an objective a row")}};
  const QString title = named(names, kind);
  return title.isEmpty() ? figure_title(QString::fromStdString(kind)) : title;
}

QString part_title(const std::string& part) {
  static constexpr Name names[] = {{"band-without", QT_TRANSLATE_NOOP("FigureDialog", "Band w/o RC")},
                                   {"band-with", QT_TRANSLATE_NOOP("FigureDialog", "Band w/ RC")},
                                   {"output", QT_TRANSLATE_NOOP("FigureDialog", "Output scope")},
                                   {"all", QT_TRANSLATE_NOOP("FigureDialog", "All parameters")},
                                   {"both", QT_TRANSLATE_NOOP("FigureDialog", "Both scopes")},
                                   {"alpha", QT_TRANSLATE_NOOP("FigureDialog", "Factor α")},
                                   {"emas", QT_TRANSLATE_NOOP("FigureDialog", "Means of log r, log r*")},
                                   {"loss", QT_TRANSLATE_NOOP("FigureDialog", "Loss")},
                                   {"accuracy", QT_TRANSLATE_NOOP("FigureDialog", "Accuracy")},
                                   {"learning-rate", QT_TRANSLATE_NOOP("FigureDialog", "Learning rate")},
                                   {"grad-norm", QT_TRANSLATE_NOOP("FigureDialog", "Gradient norm")},
                                   {"speed", QT_TRANSLATE_NOOP("FigureDialog", "Speed")},
                                   {"memory", QT_TRANSLATE_NOOP("FigureDialog", "Memory")},
                                   {"probe-likelihood", QT_TRANSLATE_NOOP("FigureDialog", "Probe: likelihoods")},
                                   {"probe-margin", QT_TRANSLATE_NOOP("FigureDialog", "Probe: margin")},
                                   {"probe-accuracy", QT_TRANSLATE_NOOP("FigureDialog", "Probe: accuracy")},
                                   {"difference-likelihood", QT_TRANSLATE_NOOP("FigureDialog", "Δ likelihoods")},
                                   {"difference-margin", QT_TRANSLATE_NOOP("FigureDialog", "Δ margin")}};
  const QString title = named(names, part);
  return title.isEmpty() ? figure_title(QString::fromStdString(part)) : title;
}

}  // namespace bandscope::app
