// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/recipes.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>

#include "app/base/input_file.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/spec/run_spec.h"

// Outside the namespace, as the macro asks.
static void use_recipes() { Q_INIT_RESOURCE(recipes); }

namespace bandscope::app {
namespace {

struct RecipeStrings {
  Q_DECLARE_TR_FUNCTIONS(Recipes)
};

QString read(const QString& path) {
  if (!path.startsWith(QLatin1Char(':')))
    return QString::fromUtf8(file_bytes(path, kMostSpecBytes).value_or(QByteArray()));
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The comment lines at the top, without the licence's, and how many lines they are.
QStringList heading(const QString& text, qsizetype& lines) {
  QStringList comments;
  lines = 0;
  for (const auto& line : text.split(QLatin1Char('\n'))) {
    if (!line.startsWith(QLatin1Char('#'))) break;
    ++lines;
    const QString comment = line.mid(1).trimmed();
    if (!comment.startsWith(QLatin1String("SPDX-"))) comments << comment;
  }
  return comments;
}

/// Words of a recipe that comes with the application (i18n/recipe_strings.cpp lists them).
QString translated(const QString& words) {
  return QCoreApplication::translate("RecipeText", words.toUtf8().constData());
}

void add(const QString& folder, bool own, std::vector<Recipe>& out) {
  const QDir dir(folder);
  for (const auto& name : dir.entryList({QStringLiteral("*.toml")}, QDir::Files, QDir::Name)) {
    Recipe recipe{dir.filePath(name), name.chopped(5), {}, own};
    qsizetype lines = 0;
    QStringList comments = heading(read(recipe.file), lines);
    if (!comments.isEmpty()) {
      recipe.title = own ? comments.front() : translated(comments.front());
      comments.removeFirst();
      const QString about = comments.join(QLatin1Char(' '));
      recipe.about = own || about.isEmpty() ? about : translated(about);
    }
    out.push_back(recipe);
  }
}

}  // namespace

QString recipe_folder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/recipes");
}

std::vector<Recipe> recipes() {
  use_recipes();
  std::vector<Recipe> all;
  add(QStringLiteral(":/recipes"), false, all);
  add(recipe_folder(), true, all);
  return all;
}

QString keep_recipe(const QString& name, const QString& spec) {
  QString file = name.trimmed();
  file.replace(QRegularExpression(QStringLiteral("[^\\w.+-]+"), QRegularExpression::UseUnicodePropertiesOption),
               QStringLiteral("-"));
  while (file.startsWith(QLatin1Char('.'))) file.remove(0, 1);
  if (std::none_of(file.begin(), file.end(), [](QChar c) { return c.isLetterOrNumber(); }))
    return RecipeStrings::tr("A recipe needs a name with letters or digits.");
  QDir().mkpath(recipe_folder());
  QSaveFile out(QDir(recipe_folder()).filePath(file + QStringLiteral(".toml")));
  const QString text = QStringLiteral("# %1\n\n%2").arg(name.simplified(), spec);
  if (out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) >= 0 && out.commit()) return {};
  return RecipeStrings::tr("%1 cannot be written: %2").arg(out.fileName(), out.errorString());
}

QString recipe_text(const Recipe& recipe) {
  const QString text = read(recipe.file);
  qsizetype lines = 0;
  heading(text, lines);
  QString rest = text.section(QLatin1Char('\n'), int(lines));
  while (rest.startsWith(QLatin1Char('\n'))) rest.remove(0, 1);
  return rest;
}

QString fill_recipe(const QString& recipe, const QString& spec) {
  SpecText made(recipe);
  const SpecText given(spec);
  for (const char* name : {"model.path", "data.train", "data.probe", "run.device"}) {
    const QString key = QLatin1String(name);
    const auto value = given.value(key);
    if (!value || toml_unquoted(*value).isEmpty()) continue;
    if (toml_unquoted(made.value(key).value_or(QString())).isEmpty()) made.set(key, *value);
  }
  return made.text();
}

}  // namespace bandscope::app
