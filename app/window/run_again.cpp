// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that have ended, taken up again: gone on with, trained once more, or changed and trained.
#include <QFileInfo>

#include "app/launch/launch_page.h"
#include "app/launch/portable_spec.h"
#include "app/launch/spec_text.h"
#include "app/launch/toml_literals.h"
#include "app/library/run_library.h"
#include "app/library/run_specs.h"
#include "app/queue/run_queue.h"
#include "app/window/main_window.h"
#include "app/words/engine_words.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

/// The folder of runs that this run's own folder lies in.
QString runs_of(const RunEntry& run) { return QFileInfo(run.folder()).absolutePath(); }

}  // namespace

void MainWindow::resumeRuns(const std::vector<RunEntryPtr>& runs) { startEach(runs, true); }
void MainWindow::repeatRuns(const std::vector<RunEntryPtr>& runs) { startEach(runs, false); }

void MainWindow::startEach(const std::vector<RunEntryPtr>& runs, bool resume) {
  QStringList records;
  // The last first: each is put before all that wait.
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    const QString folder = runs_of(**run), own = (*run)->found.name;
    try {
      const QString name = resume ? own : queue_->freeName(own, folder);
      records = queue_->add({run_spec(**run, name, resume)}, folder, RunQueue::Placing::first) + records;
      library_->cover(folder);
    } catch (const Error& error) {
      say(resume ? tr("%1 does not go on: %2.").arg(own, engine_words(error))
                 : tr("%1 is not run again: %2.").arg(own, engine_words(error)),
          0);
      break;
    }
  }
  if (!records.isEmpty()) placed(records, true);
}

void MainWindow::cloneRun(const RunEntryPtr& run) {
  try {
    SpecText spec(portable_spec(run_spec_text(*run), run->folder()));
    spec.remove(QStringLiteral("run.resume"));
    spec.set(QStringLiteral("run.name"), toml_quoted(queue_->freeName(run->found.name, runs_of(*run))));
    newExperiment();
    launch_->setRunsFolder(runs_of(*run));
    launch_->openText(spec.text());
  } catch (const Error& error) {
    say(tr("%1 is not cloned: %2.").arg(run->found.name, engine_words(error)), 0);
  }
}

}  // namespace bandscope::app
