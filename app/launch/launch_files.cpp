// SPDX-License-Identifier: GPL-3.0-or-later
// The page's files: specs opened and saved, recipes kept.
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLabel>
#include <QSaveFile>
#include <QScrollBar>
#include <algorithm>

#include "app/base/input_file.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/launch/recipes.h"
#include "app/launch/spec_form.h"
#include "app/spec/portable_spec.h"

namespace bandscope::app {

void LaunchPage::openSpec(const QString& path) {
  Message why;
  const auto text = file_bytes(path, kMostSpecBytes, &why);
  if (!text) {
    say(tr("%1 cannot be read: %2").arg(path, translated(why)));
    return;
  }
  setOrigin(QFileInfo(path).absoluteFilePath(), {});
  setText(QString::fromUtf8(*text));
  form_->verticalScrollBar()->setValue(0);
}

void LaunchPage::openClone(const QString& toml, const QString& run) {
  // A spec that comes from a server comes late: what was typed meanwhile is an Undo away.
  edit(portable_spec(text(), base()), false);
  setOrigin({}, clone_of_);
  replaceSpec(toml, run);
  form_->verticalScrollBar()->setValue(0);
}

void LaunchPage::setOrigin(const QString& file, const QString& clone_of) {
  spec_file_ = file;
  clone_of_ = clone_of;
  recipe_->setCurrentIndex(0);
  recipe_about_->hide();
  writeTitle();
}

void LaunchPage::say(const QString& problem) {
  problem_->setText(problem);
  problem_->show();
}

void LaunchPage::askOpen() {
  auto* dialog = new QFileDialog(this, tr("Open spec"), folder(), tr("Run specs (*.toml)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QFileDialog::fileSelected, this, &LaunchPage::openSpec);
  dialog->open();
}

void LaunchPage::askSave() {
  auto* dialog = new QFileDialog(this, tr("Save spec"), folder(), tr("Run specs (*.toml)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("toml"));
  connect(dialog, &QFileDialog::fileSelected, this, &LaunchPage::writeSpec);
  dialog->open();
}

void LaunchPage::askKeep() {
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Keep as recipe"));
  dialog->setLabelText(tr("Name of the recipe"));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    const QString problem = keep_recipe(name, text());
    if (!problem.isEmpty()) say(problem);
    fillRecipes();
  });
  dialog->open();
}

void LaunchPage::writeSpec(const QString& path) {
  // Relative paths are relative to the spec: in another folder they would mean other files.
  if (QFileInfo(path).absolutePath() != QDir(base()).absolutePath()) edit(portable_spec(text(), base()), false);
  QSaveFile file(path);
  if (file.open(QIODevice::WriteOnly) && file.write(text().toUtf8()) >= 0 && file.commit()) {
    spec_file_ = QFileInfo(path).absoluteFilePath();
    baseline_ = spec_;
    check();
  } else {
    say(tr("%1 cannot be written: %2").arg(path, file.errorString()));
  }
}

void LaunchPage::fillRecipes() {
  const int row = recipe_->currentIndex();
  recipe_->clear();
  recipe_->addItem(tr("none"), -1);
  const auto all = recipes();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].own && (i == 0 || !all[i - 1].own)) recipe_->insertSeparator(recipe_->count());
    recipe_->addItem(all[i].title, int(i));
    recipe_->setItemData(recipe_->count() - 1, plain_text(all[i].about), Qt::ToolTipRole);
  }
  recipe_->setCurrentIndex(std::clamp(row, 0, recipe_->count() - 1));
  const int chosen = recipe_->currentData().toInt();
  if (chosen >= 0 && chosen < int(all.size())) recipe_about_->setText(all[std::size_t(chosen)].about);
}

}  // namespace bandscope::app
