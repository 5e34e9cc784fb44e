// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that come into the library: started from a spec, imported from a log; those that have ended, taken up again:
// gone on with, trained once more, or changed and trained.
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QStackedWidget>

#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/library/columns_dialog.h"
#include "app/library/log_import.h"
#include "app/library/run_library.h"
#include "app/library/run_specs.h"
#include "app/page/run_page.h"
#include "app/queue/queue_messages.h"
#include "app/queue/run_queue.h"
#include "app/shell/main_window.h"
#include "app/spec/portable_spec.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

/// The folder of runs that this run's own folder lies in.
QString runs_of(const RunEntry& run) { return QFileInfo(run.folder()).absolutePath(); }

}  // namespace

void MainWindow::startRun(const QString& spec, const QString& runs) { enqueue(spec, runs, RunQueue::Placing::start); }
void MainWindow::queueRun(const QString& spec, const QString& runs) { enqueue(spec, runs, RunQueue::Placing::wait); }

void MainWindow::enqueue(const QString& spec, const QString& runs, RunQueue::Placing placing) {
  try {
    const QStringList records = queue_->add(spec, runs, placing);
    remember(spec);
    library_->cover(runs);
    placed(records, placing);
  } catch (const Error& error) {
    say(translated(error), 0);
  }
}

/// Runs were put into the queue: says so and shows the first of them.
void MainWindow::placed(const QStringList& records, RunQueue::Placing placing) {
  pending_ = records.mid(0, 1);
  if (const QString text = placed_text(*queue_, records, placing); !text.isEmpty()) sayOf(records, text);
  stack_->setCurrentWidget(page_->shown().empty() ? static_cast<QWidget*>(welcome_) : page_);
  selectPending();
  updateActions();
}

void MainWindow::resumeRuns(const std::vector<RunEntryPtr>& runs) { startEach(runs, true); }
void MainWindow::repeatRuns(const std::vector<RunEntryPtr>& runs) { startEach(runs, false); }

void MainWindow::startEach(const std::vector<RunEntryPtr>& runs, bool resume) {
  QStringList records;
  for (const auto& run : runs) {
    if (run->elsewhere()) {
      startThere(run, resume);
      continue;
    }
    const QString folder = runs_of(*run), own = run->found.name;
    try {
      const QString name = resume ? own : queue_->freeName(own, folder);
      records += queue_->add({run_spec(*run, name, resume)}, folder, RunQueue::Placing::start);
      library_->cover(folder);
    } catch (const Error& error) {
      say(resume ? tr("%1 does not go on: %2.").arg(own, translated(error))
                 : tr("%1 is not run again: %2.").arg(own, translated(error)),
          0);
      break;
    }
  }
  if (!records.isEmpty()) placed(records, RunQueue::Placing::start);
}

void MainWindow::cloneRun(const RunEntryPtr& run) {
  if (run->elsewhere()) return cloneThere(run);
  try {
    SpecText spec(portable_spec(run_spec_text(*run), run->folder()));
    spec.remove(QStringLiteral("run.resume"));
    spec.set(QStringLiteral("run.name"), toml_quoted(queue_->freeName(run->found.name, runs_of(*run))));
    newExperiment();
    launch_->choosePlace({});
    launch_->setRunsFolder(runs_of(*run));
    launch_->openClone(spec.text(), run->found.name);
  } catch (const Error& error) {
    say(tr("%1 is not cloned: %2.").arg(run->found.name, translated(error)), 0);
  }
}

void MainWindow::connectImports() {
  connect(imports_, &LogImport::imported, this, [this](const QString& record, const Message& what) {
    library_->cover(QFileInfo(record).absolutePath() + QStringLiteral("/.."));
    pending_ = QStringList{record};
    library_->rescan();
    say(translated_sentence(what), 0);
  });
  connect(imports_, &LogImport::failed, this, [this](const QString& log, const Message& why) {
    say(tr("%1 is not imported: %2.").arg(log, translated(why)), 0);
  });
  connect(imports_, &LogImport::columnsAsked, this,
          [this](const QString& log, const QStringList& names, const LogImport::Columns& told, const Message& why) {
            statusBar()->clearMessage();
            auto* dialog = new ColumnsDialog(names, told, translated_sentence(why), this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            connect(dialog, &QDialog::accepted, this, [this, dialog, log] { importLog(log, dialog->columns()); });
            dialog->open();
          });
}

/// Into a folder of its own beside the other runs.
void MainWindow::importLog(const QString& file, const LogImport::Columns& columns) {
  const QDir runs(defaultRunsFolder());
  const QString name = queue_->freeName(log_run_name(file), runs.absolutePath());
  imports_->start(file, runs.absoluteFilePath(name), columns);
  remember(file);
  say(tr("%1 is being imported…").arg(file));
}

}  // namespace bandscope::app
