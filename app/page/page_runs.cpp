// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs are on the page, and what of their records goes into its parts.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "app/answers/answers_tab.h"
#include "app/language/translated.h"
#include "app/library/shown_names.h"
#include "app/page/chart_tab.h"
#include "app/page/compare_tab.h"
#include "app/page/evaluation_tab.h"
#include "app/page/layers_tab.h"
#include "app/page/log_tab.h"
#include "app/page/page_header.h"
#include "app/page/pairs_tab.h"
#include "app/page/problem_bar.h"
#include "app/page/run_controls.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/page/run_problems.h"
#include "app/page/transport.h"
#include "core/schema/live_settings.h"

namespace bandscope::app {

RunEntryPtr partner_of(const RunEntry& run, const std::vector<RunEntryPtr>& all) {
  if (run.pair_key.isEmpty()) return nullptr;
  RunEntryPtr best;
  for (const auto& other : all) {
    if (other->pair_key != run.pair_key || other->calibrated == run.calibrated) continue;
    // Of several the newest: it is the one that the other run was started beside.
    if (!best || other->found.changed > best->found.changed) best = other;
  }
  return best;
}

std::vector<RunEntryPtr> in_pairs(const std::vector<RunEntryPtr>& runs) {
  std::vector<RunEntryPtr> ordered;
  std::set<QString> taken;
  for (const auto& run : runs) {
    if (run->pair_key.isEmpty()) {
      ordered.push_back(run);
    } else if (taken.insert(run->pair_key).second) {
      for (const bool calibrated : {false, true}) {
        std::copy_if(runs.begin(), runs.end(), std::back_inserter(ordered), [&](const auto& other) {
          return other->pair_key == run->pair_key && other->calibrated == calibrated;
        });
      }
    }
  }
  return ordered;
}

void RunPage::setSelection(const std::vector<RunEntryPtr>& selected, const std::vector<RunEntryPtr>& all, int waiting) {
  header_->setWaiting(waiting);
  selected_ = selected;
  all_ = all;
  arrange();
}

void RunPage::arrange() {
  const QStringList before = records();
  shown_ = selected_;
  const auto partner = selected_.size() == 1 ? partner_of(*selected_.front(), all_) : nullptr;
  if (partner && pair_wanted_) shown_.push_back(partner);
  shown_ = in_pairs(shown_);
  if (shown_.size() == 2 && shown_[0]->calibrated && !shown_[1]->calibrated) std::swap(shown_[0], shown_[1]);
  header_->setPair(partner != nullptr, pair_wanted_);

  const QStringList now = records();
  const QStringList names = shown_names(shown_);
  if (now != before) {
    cursor_.reset();
    kept_cursor_.reset();
    follow_set_ = false;
    transport_->pause();
    zoom_.show_all();
    loader_->setRecords(now);
    Q_EMIT shownChanged();
  }
  // What is read of a run on a server is its copy, which changes when it likes.
  for (const auto& run : shown_)
    loader_->changedAt(run->found.record, run->copied_at > 0 ? run->copied_at : run->found.changed);
  pairs_->setRuns(shown_, names);
  layers_->setRecords(now, names);
  compare_->setRecords(now, names);
  answers_->setRuns(shown_);
  log_->setRuns(shown_, names);
  writeHeader();
  writeProblems();
  if (now != before) {
    takeKeptView();
    loaded();
  }
}

QStringList RunPage::records() const {
  QStringList records;
  for (const auto& run : shown_) records << run->found.record;
  return records;
}

QString RunPage::why_empty() const {
  for (const auto& run : shown_) {
    const Message error = loader_->error(run->found.record);
    if (!error.empty()) return translated(error);
  }
  if (loader_->loading()) return tr("Reading the record…");
  return tr(
      "No step has been recorded yet. The first appears here when the model is loaded and the reference is computed.");
}

void RunPage::loaded() {
  const auto runs = loader_->runs();
  double first = 0, last = 0;
  bool any = false, live = false;
  std::vector<Transport::Flag> flags;
  for (const auto& run : runs) {
    if (!run->steps.empty()) {
      first = any ? std::min(first, run->steps[0]) : run->steps[0];
      last = any ? std::max(last, run->last_step()) : run->last_step();
      any = true;
    }
    live |= run->live();
    for (const auto& event : run->events) {
      flags.push_back({double(event.step), tr("step %1: %2").arg(event.step).arg(translated(event.message))});
    }
  }
  std::sort(flags.begin(), flags.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  transport_->setRange(first, last);
  transport_->setFlags(std::move(flags));
  transport_->setEnabled(any && last > first);
  // Not before all are read: of a pair, the finished run comes first.
  if (any && !follow_set_ && !loader_->loading()) {
    follow_set_ = true;
    transport_->setFollow(live && follows_);
    for (auto* tab : chartTabs()) tab->view()->setFollow(live && follows_);
  }
  if (tab() == Compare) {
    compare_->setRuns(runs, why_empty());
  } else if (tab() == Evaluation) {
    evaluation_->setRuns(runs, why_empty(), benchmarksPlanned());
  } else if (auto* tab = charts()) {
    tab->setRuns(runs, why_empty());
  }
  if (tab() == Log) log_->setRun(loader_->run(log_->record()));
  if (tab() == Layers) layers_->refresh();
  if (any && kept_cursor_) cursor_ = std::exchange(kept_cursor_, std::nullopt);
  applyCursor();
  writeHeader();
  writeProblems();
}

bool RunPage::benchmarksPlanned() const {
  return std::ranges::any_of(shown_, [](const RunEntryPtr& run) {
    const auto tasks = run->config.find(QStringLiteral("evaluation.tasks"));
    return run->live() && tasks != run->config.end() && tasks->second != QStringLiteral("[]");
  });
}

bool RunPage::calibratedNow(const RunEntry& run) const {
  LiveSettings now;
  now.calibration = run.calibrated;
  if (const auto read = loader_->run(run.found.record)) {
    for (const auto& event : read->events) apply_event(now, event.kind, event.message.english());
  }
  return now.calibration;
}

void RunPage::writeHeader() {
  RunEntryPtr controlled;
  // The selected run's controls, else those of the other one.
  for (const auto* list : {&selected_, &shown_}) {
    for (const auto& run : *list) {
      if (!controlled && run->live()) controlled = run;
    }
  }
  controls_->setRun(controlled, name_of(controlled, shown_));
  controls_->setCalibrated(controlled && calibratedNow(*controlled));
  RunEntryPtr resumable;
  for (const auto* list : {&selected_, &shown_}) {
    for (const auto& run : *list) {
      if (!resumable && run->resumable()) resumable = run;
    }
  }
  header_->setResumable(resumable);
  header_->setRuns(shown_, controlled, controlled && controlled->steerable(), controls_->calibrated());
}

void RunPage::writeProblems() { problems_->setProblems(run_problems(shown_, *this)); }

}  // namespace bandscope::app
