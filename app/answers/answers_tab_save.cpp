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
  QStringList texts;
  auto rows = history_->selectionModel()->selectedRows();
  if (rows.isEmpty()) rows << history_->currentIndex();
  std::sort(rows.begin(), rows.end());
  for (const auto& row : rows) {
    if (row.isValid()) texts << answer_text(log_->entry(row.row()));
  }
  if (!texts.isEmpty()) QGuiApplication::clipboard()->setText(texts.join(QStringLiteral("\n\n")));
}

void AnswersTab::saveLines(const QString& file) { write(file, answer_lines(entries_of(*log_, savedRows()))); }

void AnswersTab::saveAlpaca(const QString& file) {
  const auto entries = entries_of(*log_, savedRows());
  const QStringList models = answering_models(entries);
  if (models.isEmpty()) {
    Q_EMIT said(tr("No answer is finished yet."));
    return;
  }
  static const QRegularExpression strange(QStringLiteral("[^\\w.@-]+"), QRegularExpression::UseUnicodePropertiesOption);
  const QFileInfo info(file);
  for (const auto& model : models) {
    QString name = model;
    name.replace(strange, QStringLiteral("-"));
    const QString own = QStringLiteral("%1-%2.%3").arg(info.completeBaseName(), name, info.suffix());
    write(models.size() == 1 ? file : info.dir().filePath(own), alpaca_answers(entries, model));
  }
}

void AnswersTab::write(const QString& file, const QByteArray& bytes) {
  pool_.start([this, file, bytes] {
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
