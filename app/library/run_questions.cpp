// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of RunEdits. All are asynchronous: the window goes on behind them.
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QInputDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/base/message_width.h"
#include "app/base/plain_text.h"
#include "app/library/run_edits.h"
#include "app/library/run_files.h"
#include "app/library/run_model.h"
#include "app/library/tags_dialog.h"

namespace bandscope::app {
namespace {

constexpr int names_shown = 8;

QString listed(const RunEdits::Runs& runs) {
  QStringList names;
  for (const auto& run : runs) names << run->title();
  QString text = names.mid(0, names_shown).join(QLatin1Char('\n'));
  if (names.size() > names_shown) {
    text += QLatin1Char('\n') + RunEdits::tr("and %n more", nullptr, int(names.size()) - names_shown);
  }
  return text;
}

/// Other runs in the folders of these, which stay where they are.
QString staying(const RunEdits::Runs& runs) {
  QStringList going, names;
  for (const auto& run : runs) going << run->folder();
  for (const auto& run : runs) {
    if (run->elsewhere()) continue;
    for (const auto& other : runs_inside(run->found)) {
      const QString name =
          QDir(run->folder()).dirName() + QLatin1Char('/') + QDir(run->folder()).relativeFilePath(other);
      if (!going.contains(other) && !names.contains(name)) names << name;
    }
  }
  if (names.isEmpty()) return {};
  const int count = int(names.size());
  if (count > names_shown) {
    names = names.mid(0, names_shown);
    names << RunEdits::tr("and %n more", nullptr, count - names_shown);
  }
  return RunEdits::tr("%n other runs in its folder stay where they are: %1", nullptr, count)
      .arg(names.join(QStringLiteral(", ")));
}

}  // namespace

void RunEdits::askTags(const Runs& runs) {
  if (runs.empty()) return;
  std::vector<QStringList> own;
  for (const auto& run : runs) own.push_back(run->labels.tags);
  auto* dialog = new TagsDialog(own, model_->tags(), window_);
  dialog->setObjectName(QStringLiteral("ask-tags"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog, runs] { retag(runs, dialog->added(), dialog->removed()); });
  dialog->open();
}

void RunEdits::askNote(const Runs& runs) {
  if (runs.empty()) return;
  auto* dialog = new QDialog(window_);
  dialog->setObjectName(QStringLiteral("ask-note"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Note"));
  auto* layout = new QVBoxLayout(dialog);
  layout->addWidget(new QLabel(plain_text(runs.size() == 1 ? tr("Note on %1").arg(runs.front()->title())
                                                           : tr("One note on %n runs", nullptr, int(runs.size()))),
                               dialog));
  auto* text = new QPlainTextEdit(dialog);
  text->setTabChangesFocus(true);
  text->setAccessibleName(tr("Note"));
  bool differ = false;
  for (const auto& run : runs) differ |= run->labels.note != runs.front()->labels.note;
  if (differ) {
    text->setPlaceholderText(tr("The runs have different notes; what is written here takes their place."));
  } else {
    text->setPlainText(runs.front()->labels.note);
  }
  text->moveCursor(QTextCursor::End);
  layout->addWidget(text, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, dialog);
  layout->addWidget(buttons);
  auto* problem = new QLabel(dialog);
  problem->setObjectName(QStringLiteral("note-problem"));
  problem->setTextFormat(Qt::PlainText);
  problem->setWordWrap(true);
  problem->hide();
  layout->insertWidget(layout->indexOf(buttons), problem);
  // A server may have gone while it was written: the dialog stays, and what is in it.
  connect(buttons, &QDialogButtonBox::accepted, dialog, [this, dialog, problem, runs] {
    for (const auto& run : runs) {
      const QString why = run->elsewhere() ? whyNotThere(*run) : QString();
      if (why.isEmpty()) continue;
      problem->setText(tr("%1 stays as it is: %2.").arg(run->title(), why));
      problem->show();
      return;
    }
    dialog->accept();
  });
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(dialog, &QDialog::accepted, this, [this, text, runs, differ] {
    // An empty field over different notes was left alone, not meant to take them away.
    if (!differ || !text->toPlainText().trimmed().isEmpty()) setNote(runs, text->toPlainText());
  });
  dialog->resize(420, 240);
  dialog->open();
  text->setFocus();
}

void RunEdits::askRename(const RunEntryPtr& run) {
  if (!run) return;
  const QString fixed = whyKept(*run);
  if (!fixed.isEmpty()) {
    Q_EMIT said(tr("Not renamed: %1.").arg(fixed));
    return;
  }
  auto* dialog = new QInputDialog(window_);
  dialog->setObjectName(QStringLiteral("ask-rename"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Rename run"));
  dialog->setLabelText(plain_text(tr("New name of %1; its folder gets it too").arg(run->title())));
  dialog->setTextValue(plainName(*run));
  dialog->setInputMode(QInputDialog::TextInput);
  dialog->resize(420, dialog->sizeHint().height());
  connect(dialog, &QInputDialog::textValueSelected, this,
          [this, run](const QString& name) { rename(run, name.trimmed()); });
  dialog->open();
}

void RunEdits::askTrash(const Runs& runs) {
  if (runs.empty()) return;
  int waiting = 0, elsewhere = 0;
  QStringList servers;
  for (const auto& run : runs) {
    waiting += run->queued;
    elsewhere += run->elsewhere();
    if (run->elsewhere()) servers << run->server_name;
    const QString kept = whyKept(*run);
    if (kept.isEmpty()) continue;
    Q_EMIT said(tr("Not deleted: %1.").arg(kept));
    return;
  }
  if (!asks_) return trash(runs);
  servers.removeDuplicates();
  const QString on = servers.join(QStringLiteral(", "));
  const int count = int(runs.size());
  const bool all_wait = waiting == count, all_elsewhere = elsewhere == count;
  QString question, more;
  if (all_wait) {
    question = count == 1 ? tr("Remove %1 from the queue?").arg(runs.front()->title())
                          : tr("Remove %n runs from the queue?", nullptr, count);
    more = count == 1 ? tr("Nothing of it has been trained yet. Undo puts it back in its place.")
                      : tr("Nothing of them has been trained yet. Undo puts them back in their places.");
  } else if (all_elsewhere) {
    question = count == 1 ? tr("Move %1 on %2 to the trash there?").arg(runs.front()->title(), on)
                          : tr("Move %n runs on %1 to the trash there?", nullptr, count).arg(on);
    more =
        tr("Record, log, checkpoints and trained weights go with it into the folder .trash below the server's folder "
           "of runs. Undo puts them back.");
  } else {
    question = count == 1 ? tr("Move %1 to the trash?").arg(runs.front()->title())
                          : tr("Move %n runs to the trash?", nullptr, count);
    more =
        tr("Record, log, checkpoints and trained weights go with it. Undo puts them back while they are in the trash.");
    if (const QString kept = staying(runs); !kept.isEmpty()) more += QStringLiteral("\n\n") + kept;
    if (elsewhere > 0)
      more += QLatin1Char(' ') + tr("%n of them are on %1 and go into the trash there.", nullptr, elsewhere).arg(on);
    if (waiting > 0) more += QLatin1Char(' ') + tr("%n of them wait and are removed from the queue.", nullptr, waiting);
  }
  if (count > 1) more = listed(runs) + QStringLiteral("\n\n") + more;
  auto* box =
      new QMessageBox(QMessageBox::Question, tr("Delete runs"), plain_text(question), QMessageBox::NoButton, window_);
  box->setObjectName(QStringLiteral("ask-trash"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(plain_text(more));
  auto* yes = box->addButton(all_wait ? tr("Remove from queue") : tr("Move to trash"), QMessageBox::AcceptRole);
  box->setDefaultButton(box->addButton(QMessageBox::Cancel));
  if (all_elsewhere) {
    // Nobody empties the trash of a server, and what lies in it takes its room.
    auto* for_good = new QCheckBox(tr("Delete for good: this cannot be undone"), box);
    for_good->setObjectName(QStringLiteral("for-good"));
    box->setCheckBox(for_good);
    connect(for_good, &QCheckBox::toggled, yes,
            [yes](bool chosen) { yes->setText(chosen ? tr("Delete for good") : tr("Move to trash")); });
  }
  connect(yes, &QPushButton::clicked, this,
          [this, runs, box] { trash(runs, box->checkBox() && box->checkBox()->isChecked()); });
  widen(box);
  box->open();
}

}  // namespace bandscope::app
