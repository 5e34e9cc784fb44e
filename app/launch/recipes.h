// SPDX-License-Identifier: GPL-3.0-or-later
// Specs to start from: the paper's settings and the demo's, and those that the user keeps.
#pragma once

#include <QString>
#include <vector>

namespace bandscope::app {

struct Recipe {
  QString file;   ///< ":/recipes/NAME.toml", or a file of the user's
  QString title;  ///< first comment of the file after its licence
  QString about;  ///< the comments below it
  bool own = false;
};

/// Those that come with the program, then those in recipe_folder(), by name.
std::vector<Recipe> recipes();
/// Where the user's recipes are looked for.
QString recipe_folder();
/// Keeps a spec as a recipe of the user's, in place of one of the same name. Returns why it cannot; empty: it is kept.
QString keep_recipe(const QString& name, const QString& spec);
/// The text of a recipe's file without the comments that head it; empty when it cannot be read.
QString recipe_text(const Recipe& recipe);

/// The recipe, with what `spec` says of model, data and device where the recipe leaves it to the user.
QString fill_recipe(const QString& recipe, const QString& spec);

}  // namespace bandscope::app
