// SPDX-License-Identifier: GPL-3.0-or-later
// The page's spec: form and text kept the same, one history for both.
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollBar>
#include <QTextBlock>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/launch/recent_paths.h"
#include "app/launch/recipes.h"
#include "app/launch/runs_table.h"
#include "app/launch/spec_form.h"
#include "app/library/run_cells.h"
#include "app/spec/portable_spec.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"
#include "core/spec/spec_errors.h"

namespace bandscope::app {
namespace {

/// Typing in one field is one step of the history unless it paused for so long.
constexpr qint64 pause_ms = 1500;

/// What is wrong alone: file, line and key are plain from where it stands.
Message complaint(const Message& said, const std::string& key) {
  const auto& values = said.values();
  if (key.empty() || values.empty()) return said;
  const bool here = std::find(values.begin(), values.end(), Message::plain(key)) != values.end();
  return here ? values.back() : said.text() == "%1: %2" ? complaint(values.back(), key) : said;
}

}  // namespace

QString starting_spec() {
  return QStringLiteral(
      "[run]\nname = \"dpo\"\n\n[model]\npath = \"\"\ntuning = \"lora\"\n\n[data]\ntrain = \"\"\n\n[objective]\n"
      "name = \"dpo\"\n\n[optimizer]\nlearning_rate = 5e-7\n\n[training]\nbatch_size = 8\nepochs = 1\n\n[sweep]\n"
      "\"calibration.enabled\" = [false, true]\n");
}

void LaunchPage::setText(const QString& toml) {
  baseline_ = SpecText(toml);
  merged_key_.clear();
  put_away_.clear();
  moved_.clear();
  text_->setPlainText(toml);
}

/// The spec under the next free name, where runs of its own are there already. Model and data may still be missing.
QString LaunchPage::withFreeName(const QString& toml) const {
  SpecText spec(toml);
  const QString key = QStringLiteral("run.name"), name = toml_unquoted(spec.value(key).value_or(QString()));
  if (!nameTaken() || name.isEmpty()) return toml;
  for (const auto* path : {"model.path", "data.train"}) {
    const QString needed = QLatin1String(path);
    if (!spec.value(QStringLiteral("sweep.") + needed)) spec.set(needed, toml_quoted(QStringLiteral("to-be-chosen")));
  }
  try {
    const auto runs = parse_run_specs(spec.text().toStdString(), "spec", base().toStdString());
    const NameTaken taken = nameTaken();
    const QString free = taken_name(runs, taken).isEmpty() ? QString() : free_name(name, runs, taken);
    if (free.isEmpty()) return toml;
    SpecText renamed(toml);
    renamed.set(key, toml_quoted(free));
    return renamed.text();
  } catch (const std::exception&) {
    return toml;  // what is wrong in it is said beside its fields
  }
}

void LaunchPage::begin() {
  edit(withFreeName(text()), false);
  form_->verticalScrollBar()->setValue(0);
}

void LaunchPage::startAfresh() {
  merged_key_.clear();
  // Taken back it has no file any more that its paths are relative to.
  edit(portable_spec(text(), base()), false);
  setOrigin({}, clone_of_);
  replaceSpec(withFreeName(starting_spec()));
  form_->verticalScrollBar()->setValue(0);
  recipe_->setFocus();
}

void LaunchPage::setModel(const QString& folder) {
  SpecText spec(text());
  spec.set(QStringLiteral("model.path"), toml_quoted(folder));
  edit(spec.text(), false);
}

void LaunchPage::setData(const QString& file) {
  SpecText spec(text());
  spec.set(QStringLiteral("data.train"), toml_quoted(file));
  edit(spec.text(), false);
}

void LaunchPage::useRecipe(int index) {
  const auto all = recipes();
  const bool is_one = index >= 0 && index < int(all.size());
  recipe_->setCurrentIndex(is_one ? recipe_->findData(index) : 0);
  recipe_about_->setVisible(is_one && !all[std::size_t(index)].about.isEmpty());
  if (!is_one) return;
  const auto& recipe = all[std::size_t(index)];
  recipe_about_->setText(recipe.about);
  replaceSpec(withFreeName(fill_recipe(recipe_text(recipe), text())));
}

void LaunchPage::replaceSpec(const QString& toml, const QString& clone_of) {
  merged_key_.clear();
  put_away_.push_back({text(), toml, clone_of_, clone_of});
  clone_of_ = clone_of;
  writeTitle();
  baseline_ = SpecText(toml);
  edit(toml, false);
}

void LaunchPage::findOrigin() {
  const QString now = text();
  for (auto step = put_away_.rbegin(); step != put_away_.rend(); ++step) {
    if (now != step->after && now != step->before) continue;
    clone_of_ = now == step->after ? step->clone_after : step->clone_before;
    return writeTitle();
  }
}

void LaunchPage::edit(const QString& toml, bool merge) {
  const QString now = text();
  if (toml == now) return;
  // Only what differs is replaced, so that the cursor and the place seen stay.
  const qsizetype shorter = std::min(now.size(), toml.size());
  qsizetype begin = 0, end = 0;
  while (begin < shorter && now[begin] == toml[begin]) ++begin;
  while (end < shorter - begin && now[now.size() - 1 - end] == toml[toml.size() - 1 - end]) ++end;
  QTextCursor cursor(text_->document());
  merge ? cursor.joinPreviousEditBlock() : cursor.beginEditBlock();
  cursor.setPosition(int(begin));
  cursor.setPosition(int(now.size() - end), QTextCursor::KeepAnchor);
  cursor.insertText(toml.mid(begin, toml.size() - begin - end));
  cursor.endEditBlock();
}

void LaunchPage::formEdited(const QString& key) {
  SpecText spec(text());
  if (!spec.readable()) return;
  form_->apply(key, spec);
  const bool typing = qobject_cast<QLineEdit*>(QApplication::focusWidget()) != nullptr;
  const bool merge =
      typing && key == merged_key_ && merged_since_.isValid() && merged_since_.elapsed() < pause_ms && canUndo();
  edit(spec.text(), merge);
  merged_key_ = key;
  merged_since_.start();
}

void LaunchPage::textEdited() {
  merged_key_.clear();  // set again by the form, when it was the form
  if (!put_away_.empty()) findOrigin();
  findPlace();
  spec_ = SpecText(text());
  form_->show(spec_);
  check();
}

void LaunchPage::undo() {
  merged_key_.clear();
  text_->undo();
}

void LaunchPage::redo() {
  merged_key_.clear();
  text_->redo();
}

void LaunchPage::check() {
  specs_.clear();
  spec_problems_.clear();
  error_lines_.clear();
  missing_path_ = {};
  start_problems_.clear();
  form_->clearErrors();
  try {
    specs_ = parse_run_specs(text().toStdString(),
                             spec_file_.isEmpty() ? "spec" : QFileInfo(spec_file_).fileName().toStdString(),
                             base().toStdString());
  } catch (const SpecError& error) {
    for (const auto& mistake : mistakes_of(error)) takeError(mistake);
  } catch (const std::exception& error) {
    spec_problems_.push_back(message_of(error));
  }
  QStringList swept;
  for (const auto& key : spec_.keys()) {
    if (key.startsWith(QLatin1String("sweep."))) swept << key.mid(6);
  }
  runs_table_->show(specs_, swept);
  markLines();
  if (spec_.readable()) scan_delay_.start();
  checkNames();
}

/// Each stands beside its field and marks its line. A model or data still to be chosen is no mistake yet.
void LaunchPage::takeError(const SpecError& error) {
  const QString key = QString::fromStdString(error.key);
  if (spec_.readable() && (error.key == "model.path" || error.key == "data.train") && firstValue(key).isEmpty()) {
    if (missing_path_.empty()) missing_path_ = error.message();
    return;
  }
  spec_problems_.push_back(error.message());
  error_lines_ << error.line - 1;
  form_->setError(key, complaint(error.message(), error.key));
}

void LaunchPage::markLines() {
  QList<QTextEdit::ExtraSelection> marks;
  const auto mark = [&](int line, QColor colour, float strength) {
    if (line < 0 || line >= text_->blockCount()) return;
    QTextEdit::ExtraSelection selection;
    colour.setAlphaF(strength);
    selection.format.setBackground(colour);
    selection.format.setProperty(QTextFormat::FullWidthSelection, true);
    selection.cursor = QTextCursor(text_->document()->findBlockByNumber(line));
    marks << selection;
  };
  for (const auto& key : spec_.keys()) {
    if (baseline_.value(key) != spec_.value(key)) mark(spec_.line(key), palette().color(QPalette::Link), 0.12F);
  }
  for (const int line : error_lines_) mark(line, state_color(ShownState::failed, is_dark()), 0.18F);
  text_->setExtraSelections(marks);
}

QString LaunchPage::firstValue(const QString& key) const {
  if (const auto swept = spec_.value(QStringLiteral("sweep.") + key)) {
    const auto elements = toml_elements(*swept).value_or(QStringList());
    if (!elements.isEmpty()) return toml_unquoted(elements.front());
  }
  return toml_unquoted(spec_.value(key).value_or(QString()));
}

QString LaunchPage::absolute(const QString& path) const {
  return path.isEmpty() ? path : QDir::cleanPath(QDir(base()).absoluteFilePath(path));
}

}  // namespace bandscope::app
