// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the tab as files and on the clipboard.
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSettings>
#include <QTreeView>
#include <algorithm>

#include "app/answers/answer_log.h"
#include "app/answers/answer_save.h"
#include "app/answers/answers_tab.h"
#include "app/library/shown_names.h"

namespace bandscope::app {
namespace {

std::vector<AnswerEntry> entries_of(const AnswerLog& log, const std::vector<int>& rows) {
  std::vector<AnswerEntry> entries;
  for (const int row : rows) entries.push_back(log.entry(row));
  return entries;
}

}  // namespace

std::vector<int> AnswersTab::savedRows() const {
  std::vector<int> rows;
  for (const auto& index : history_->selectionModel()->selectedRows()) rows.push_back(index.row());
  std::sort(rows.begin(), rows.end());
  if (rows.size() > 1) return rows;
  rows.clear();
  for (int row = 0; row < log_->rowCount(); ++row) rows.push_back(row);
  return rows;
}

void AnswersTab::copy() const {
  auto indexes = history_->selectionModel()->selectedRows();
  if (indexes.isEmpty()) indexes << history_->currentIndex();
  std::sort(indexes.begin(), indexes.end());
  std::vector<int> rows;
  for (const auto& index : indexes) {
    if (index.isValid()) rows.push_back(index.row());
  }
  if (!rows.empty()) QGuiApplication::clipboard()->setText(answers_text(entries_of(*log_, rows)));
}

void AnswersTab::saveLines(const QString& file) { write(file, answer_lines(entries_of(*log_, savedRows()))); }

void AnswersTab::saveAlpaca(const QString& file) {
  const auto entries = entries_of(*log_, savedRows());
  const auto models = answering_models(entries);
  if (models.empty()) {
    Q_EMIT said(tr("No answer is finished yet."));
    return;
  }
  static const QRegularExpression strange(QStringLiteral("[^\\w.@-]+"), QRegularExpression::UseUnicodePropertiesOption);
  const QFileInfo info(file);
  QStringList names;  // what makes two names of models different may be what a file's name cannot have
  for (const auto& model : models)
    names << QString(model.name)
                 .replace(strange, QStringLiteral(" "))
                 .trimmed()
                 .replace(QLatin1Char(' '), QLatin1Char('-'));
  names = distinct_names(names);
  for (std::size_t i = 0; i < models.size(); ++i) {
    const QString own = QStringLiteral("%1-%2.%3").arg(info.completeBaseName(), names[qsizetype(i)], info.suffix());
    write(models.size() == 1 ? file : info.dir().filePath(own), alpaca_answers(entries, models[i]));
  }
}

void AnswersTab::write(const QString& file, const QByteArray& bytes) {
  save_pool_.start([this, file, bytes] {
    QSaveFile out(file);
    const bool written = out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() && out.commit();
    const QString problem = written ? QString() : out.errorString();
    QMetaObject::invokeMethod(this, [this, file, problem] {
      Q_EMIT said(problem.isEmpty() ? tr("The answers are saved in %1").arg(file)
                                    : tr("The answers were not saved: %1").arg(problem));
    });
  });
}

void AnswersTab::choose(const QString& title, const QString& name, const QString& filter,
                        void (AnswersTab::*save)(const QString&)) {
  const QString folder = QSettings().value(QStringLiteral("answers/folder"), QDir::homePath()).toString();
  auto* dialog = new QFileDialog(this, title, QDir(folder).filePath(name), filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QFileInfo(name).suffix());
  connect(dialog, &QFileDialog::fileSelected, this, [this, save](const QString& file) {
    QSettings().setValue(QStringLiteral("answers/folder"), QFileInfo(file).absolutePath());
    (this->*save)(file);
  });
  dialog->open();
}

}  // namespace bandscope::app
