// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_problems.h"

#include <QCoreApplication>

#include "app/language/translated.h"
#include "app/library/shown_names.h"
#include "app/page/run_controls.h"
#include "app/page/run_page.h"

namespace bandscope::app {
namespace {

struct ProblemStrings {
  Q_DECLARE_TR_FUNCTIONS(RunProblems)
};

}  // namespace

std::vector<Problem> run_problems(const std::vector<RunEntryPtr>& runs, RunPage& page) {
  std::vector<Problem> problems;
  const auto add = [&](Problem::Kind kind, const QString& text, const QString& action, std::function<void()> act) {
    problems.push_back({kind, text, action, std::move(act)});
  };
  const auto open_log = [&page] { page.setTab(RunPage::Log); };
  const QStringList names = shown_names(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunEntryPtr& run = runs[i];
    const QString& name = names[qsizetype(i)];
    if (!run->error.empty()) {
      add(Problem::Kind::error, translated(run->error), {}, {});
      continue;
    }
    switch (run->state) {
      case ShownState::failed:
        add(Problem::Kind::error, ProblemStrings::tr("%1 failed: %2").arg(name, translated(run->reason)),
            ProblemStrings::tr("Show log"), open_log);
        break;
      case ShownState::crashed:
        add(Problem::Kind::error, ProblemStrings::tr("%1 crashed without giving a reason.").arg(name),
            ProblemStrings::tr("Show log"), open_log);
        break;
      case ShownState::killed:
        add(Problem::Kind::error,
            ProblemStrings::tr("%1 was killed: its process has ended without a last word. Every step before is here.")
                .arg(name),
            run->resumable() ? ProblemStrings::tr("Resume") : ProblemStrings::tr("Show log"),
            run->resumable() ? std::function<void()>([&page, run] { Q_EMIT page.resumeAsked(run); }) : open_log);
        break;
      case ShownState::stalled:
        add(Problem::Kind::warning,
            ProblemStrings::tr("%1 has stalled: its process lives but has given no sign for more than a minute.")
                .arg(name),
            ProblemStrings::tr("Show log"), open_log);
        break;
      default:
        break;
    }
    // Of a run that has ended the list counts its alerts and the log has them; there is nothing to be done any more.
    if (run->alerts > 0 && run->live()) {
      add(Problem::Kind::warning,
          ProblemStrings::tr("%1: %2", "run and what is to be said of it").arg(name, translated(run->last_alert)),
          ProblemStrings::tr("Show events"), open_log);
    }
    if (!run->standing.empty()) {
      add(Problem::Kind::note,
          ProblemStrings::tr("%1: %2", "run and what is to be said of it").arg(name, translated(run->standing)), {},
          {});
    }
    if (!run->note.empty() && run->state != ShownState::killed) {
      add(Problem::Kind::note,
          ProblemStrings::tr("%1: %2", "run and what is to be said of it").arg(name, translated(run->note)), {}, {});
    }
  }
  return problems;
}

}  // namespace bandscope::app
