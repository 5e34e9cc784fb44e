// SPDX-License-Identifier: GPL-3.0-or-later
// The pick button of a path's field, a dialog and a menu of what was used before; and that of a formula, a menu of
// examples.
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/launch/data_choice.h"
#include "app/launch/recent_paths.h"
#include "app/launch/spec_field.h"
#include "app/spec/portable_spec.h"
#include "app/spec/toml_literals.h"
#include "core/objective/formula_examples.h"
#include "training/data/data_files.h"

namespace bandscope::app {
namespace {

bool is_tasks(const SpecKey& key) { return key.key == "evaluation.tasks"; }
bool is_model(const SpecKey& key) { return key.key.rfind("model.", 0) == 0; }
/// A folder as such: a model, or the data sets that tasks name.
bool is_folder(const SpecKey& key) { return is_model(key) || key.key == "evaluation.data"; }

}  // namespace

PathKind SpecField::kind() const {
  if (is_tasks(key_)) return PathKind::tasks;
  if (key_.key == "evaluation.data") return PathKind::benchmarks;
  return is_model(key_) ? PathKind::model : PathKind::data;
}

QString SpecField::dataFilter() {
  QStringList patterns;
  for (const std::string_view ending : data::data_endings())
    patterns << '*' + QString::fromUtf8(ending.data(), qsizetype(ending.size()));
  return tr("Preference pairs (%1)").arg(patterns.join(' '));
}

bool SpecField::picks() const { return names_paths(key_); }

void SpecField::makePicker() {
  pick_ = new QToolButton(this);
  pick_->setObjectName(QStringLiteral("pick"));
  pick_->setText(QStringLiteral("…"));
  pick_->setAccessibleName(tr("Choose %1").arg(label()));
  pick_->setToolTip(is_folder(key_)  ? tr("Choose a folder, or one used before")
                    : is_tasks(key_) ? tr("Add task files, all of a folder, or what was used before")
                                     : tr("Choose a file, all files of a folder, or what was used before"));
  pick_->setPopupMode(QToolButton::MenuButtonPopup);
  recent_ = new QMenu(pick_);
  pick_->setMenu(recent_);
  connect(pick_, &QToolButton::clicked, this, &SpecField::browse);
  connect(recent_, &QMenu::aboutToShow, this, &SpecField::fillRecent);
  static_cast<QGridLayout*>(layout())->addWidget(pick_, 0, 2);
}

void SpecField::makeExamples() {
  pick_ = new QToolButton(this);
  pick_->setObjectName(QStringLiteral("pick"));
  pick_->setText(QStringLiteral("…"));
  pick_->setAccessibleName(tr("Examples of %1").arg(label()));
  pick_->setToolTip(tr("Begin from the formula of a known objective"));
  pick_->setPopupMode(QToolButton::InstantPopup);
  recent_ = new QMenu(pick_);
  recent_->setToolTipsVisible(true);
  pick_->setMenu(recent_);
  connect(recent_, &QMenu::aboutToShow, this, &SpecField::fillExamples);
  static_cast<QGridLayout*>(layout())->addWidget(pick_, 0, 2);
}

void SpecField::fillExamples() {
  recent_->clear();
  for (const FormulaExample& example : formula_examples()) {
    const QString formula = QString::fromStdString(example.formula);
    auto* action = recent_->addAction(translated(example.title));
    action->setToolTip(formula);
    connect(action, &QAction::triggered, this, [this, formula] {
      if (sweep_->isChecked()) sweep_->setChecked(false);
      line_->setText(formula);
      Q_EMIT edited();
    });
  }
}

void SpecField::fillRecent() {
  if (place_.elsewhere()) return fillRecentThere();
  recent_->clear();
  if (!is_folder(key_)) {
    recent_->addAction(tr("Choose files…"), this, &SpecField::browse);
    recent_->addAction(tr("Choose a folder of files…"), this, &SpecField::browseFolder);
  }
  const auto add = [this](const QStringList& paths) {
    for (const auto& path : paths) {
      auto* action = recent_->addAction(path_title(path));
      action->setToolTip(plain_text(path));
      connect(action, &QAction::triggered, this, [this, path] { pick(path); });
    }
  };
  const QStringList recent = recent_paths(kind());
  recent_->addSection(tr("Used before"));
  add(recent);
  if (recent.isEmpty()) recent_->addAction(tr("Nothing yet"))->setEnabled(false);
  // An adapter is no model folder.
  if (!is_model(key_) || key_.key == "model.adapter") return;
  QStringList cached = cached_models();
  cached.removeIf([&](const QString& path) { return recent.contains(path); });
  if (cached.isEmpty()) return;
  recent_->addSection(tr("On this machine"));
  add(cached);
}

void SpecField::pick(const QString& path) {
  const QString text = line_->text().trimmed();
  const auto listed = text.isEmpty() ? QStringList() : toml_elements(text);
  if (is_tasks(key_) && !sweep_->isChecked() && !listed)
    return setError(Message::tr("this is no list of texts, [\"one.yaml\"]; mend or clear it before more is added"));
  remember_path(kind(), path, place_.id);
  if (sweep_->isChecked()) {
    // One more value of the sweep.
    const QString one = list_text(key_, {is_tasks(key_) ? u'[' + toml_quoted(path) + u']' : toml_quoted(path)});
    list_->setText(list_->text().trimmed().isEmpty() ? one : list_->text() + QStringLiteral(", ") + one);
    showSweep();
  } else if (is_tasks(key_)) {
    // One more task beside those that are there.
    QStringList tasks = *listed;
    if (!tasks.contains(toml_quoted(path))) tasks << toml_quoted(path);
    line_->setText(u'[' + tasks.join(QStringLiteral(", ")) + u']');
  } else {
    line_->setText(path);
  }
  Q_EMIT edited();
}

/// Several files are a folder's shards, or it is said why they cannot be.
void SpecField::pickFiles(const QStringList& files) {
  if (is_tasks(key_)) {
    for (const QString& file : files) pick(file);
    return;
  }
  const DataChoice choice = choose_data(files);
  choice.problem.empty() ? pick(choice.path) : setError(choice.problem);
}

QString SpecField::startingFolder() const {
  const QString now = is_tasks(key_) ? QString() : line_->text().trimmed();
  return now.isEmpty() ? starting_folder(kind()) : QFileInfo(now).absolutePath();
}

void SpecField::browseFolder() {
  auto* dialog = new QFileDialog(this, tr("Choose %1").arg(label()), startingFolder());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  connect(dialog, &QFileDialog::filesSelected, this, &SpecField::pickFiles);
  dialog->open();
}

void SpecField::browse() {
  if (place_.elsewhere()) return browseThere();
  auto* dialog = new QFileDialog(this, tr("Choose %1").arg(label()), startingFolder());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(is_folder(key_) ? QFileDialog::Directory : QFileDialog::ExistingFiles);
  if (is_tasks(key_)) {
    dialog->setNameFilters({tr("Task files (%1)").arg(QStringLiteral("*.yaml *.yml")), tr("All files (*)")});
  } else if (!is_folder(key_)) {
    dialog->setNameFilters({dataFilter(), tr("All files (*)")});
  }
  if (is_folder(key_)) {
    connect(dialog, &QFileDialog::fileSelected, this, &SpecField::pick);
  } else {
    connect(dialog, &QFileDialog::filesSelected, this, &SpecField::pickFiles);
  }
  dialog->open();
}

}  // namespace bandscope::app
