// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_titles.h"

#include <QCoreApplication>
#include <QTranslator>
#include <memory>

#include "core/error.h"
#include "viz/figure/figures.h"

static void use_translations() { Q_INIT_RESOURCE(bandscope_app_translations); }

namespace bandscope::app {
viz::Words figure_language(const std::string& language) {
  if (language == "en") return viz::english;
  use_translations();
  auto translator = std::make_shared<QTranslator>();
  if (!translator->load(QStringLiteral("bandscope_") + QString::fromStdString(language), QStringLiteral(":/i18n"))) {
    throw RunError(Message::tr("This build has no figure texts in the language %1; use language = \"en\".", language));
  }
  return [translator](const char* text) {
    QString found = translator->translate("Figure", text);
    if (found.isEmpty()) found = translator->translate("Message", text);
    return found.isEmpty() ? std::string(text) : found.toStdString();
  };
}

QString figure_text(const char* text) { return QString::fromStdString(viz::window_words(text)); }

QString figure_title(const std::string& name) { return figure_text(viz::figure_title(name)); }

QString long_figure_title(const std::string& name) { return figure_text(viz::long_figure_title(name)); }

}  // namespace bandscope::app
