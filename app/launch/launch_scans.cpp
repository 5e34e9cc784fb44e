// SPDX-License-Identifier: GPL-3.0-or-later
// What the page finds out about model, data and cost, and what it says of it.
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/runs_table.h"
#include "app/launch/send_bar.h"
#include "app/launch/what_will_run.h"
#include "app/launch/where_choice.h"
#include "app/library/run_cells.h"
#include "core/spec/objective_choice.h"

namespace bandscope::app {
namespace {

/// Lines of what is wrong under the form: each also stands at its own field.
constexpr std::size_t most_problems = 4;

}  // namespace

data::PairOptions LaunchPage::lengths() const {
  const RunSpec::Data standard;
  const auto number = [this](const char* key, std::int64_t otherwise) {
    bool ok = false;
    const qint64 value = firstValue(QLatin1String(key)).remove(QLatin1Char('_')).toLongLong(&ok);
    return ok ? value : otherwise;
  };
  // Rows of one response are read only where every run of the spec weighs each response by itself.
  const bool unpaired = !specs_.empty() && std::ranges::all_of(specs_, [](const RunSpec& spec) {
    return objective_info(spec.objective).unpaired;
  });
  return {number("data.limit", standard.limit), number("data.max_length", standard.max_length),
          number("data.max_prompt_length", standard.max_prompt_length), unpaired};
}

void LaunchPage::look() {
  if (where_->elsewhere()) return lookThere();
  const QString folder = absolute(firstValue(QStringLiteral("model.path")));
  const QString file = absolute(firstValue(QStringLiteral("data.train")));
  model_pending_ = model_pending_ || folder != model_.folder;
  data_pending_ = data_pending_ || file != data_.file || firstValue(QStringLiteral("data.split")) != data_.split;
  if (model_pending_ || data_pending_) showOutlook();
  model_scanner_.look(folder);
}

void LaunchPage::showModel() {
  const QString facts = to_text(model_);
  const bool bad = !model_.problem.empty() && !model_.folder.isEmpty();
  QPalette own;
  if (bad) own.setColor(QPalette::PlaceholderText, state_color(ShownState::failed, is_dark()));
  model_facts_->setPalette(own);
  QStringList said;
  if (bad) said << translated(model_.problem);
  if (!facts.isEmpty()) said << facts;
  model_facts_->setWhole(said.join(QStringLiteral(" · ")));
}

void LaunchPage::modelFound(const ModelSummary& look) {
  if (where_->elsewhere()) return;
  model_ = look;
  model_pending_ = false;
  showModel();

  const data::PairOptions options = lengths();
  train_scanner_.look({absolute(firstValue(QStringLiteral("data.train"))), look.tokens, options,
                       firstValue(QStringLiteral("data.split"))});
  const QString probe = absolute(firstValue(QStringLiteral("data.probe")));
  if (probe.isEmpty()) {
    probe_scanner_.cancel();
    probeFound({});
  } else {
    probe_scanner_.look({probe,
                         look.tokens,
                         {0, options.max_length, options.max_prompt_length, options.own_prompts},
                         firstValue(QStringLiteral("data.probe_split"))});
  }
  showOutlook();
}

void LaunchPage::dataFound(const DataSummary& look) {
  data_ = look;
  data_pending_ = false;
  train_panel_->show(look);
  showOutlook();
  if (!specs_.empty() && !look.reading) plan_delay_.start();
  compareData();
}

void LaunchPage::probeFound(const DataSummary& look) {
  probe_ = look;
  probe_panel_->show(look);
  showOutlook();
  compareData();
}

void LaunchPage::compareData() {
  const bool evaluated =
      std::any_of(specs_.begin(), specs_.end(), [](const RunSpec& spec) { return spec.probe.every > 0; });
  const bool whole = data_.survey && !data_.reading && probe_.survey && !probe_.reading;
  // Texts that two chat templates have rendered cannot be compared.
  if (evaluated && whole && data_.tokens == probe_.tokens) {
    overlap_counter_.look(data_.survey, probe_.survey, specs_.front().probe.pairs);
  } else {
    overlap_counter_.cancel();
    showConcern({});
  }
}

void LaunchPage::showConcern(const Message& concern) {
  probe_panel_->setConcern(concern);
  const QString text = translated(concern);
  concern_->setText(text.isEmpty() ? text : QStringLiteral("△ ") + text);
  concern_->setVisible(!text.isEmpty());
}

void LaunchPage::planAgain() {
  planned_text_.clear();
  if (!specs_.empty()) plan_delay_.start();
}

void LaunchPage::askPlan() {
  if (specs_.empty() || measuring() || handing_over_) return;
  if (where_->elsewhere() && !where_->reached()) return;
  const QString toml = planText();
  if (toml == planned_text_) return;
  makePlan(toml, false);
}

void LaunchPage::measurePlan() { makePlan(planText(), true); }

void LaunchPage::makePlan(const QString& toml, bool measure) {
  planned_text_ = toml;
  if (auto* server = where_->reached()) {
    remote_planner_.ask(server, toml, measure);
  } else if (!where_->elsewhere()) {
    planner_.ask(toml, measure);
  }
}

void LaunchPage::planned(const std::vector<RunPlan>& plans, bool) {
  plans_ = plans;
  plan_problem_ = plan_refusal_ = {};
  showOutlook();
}

void LaunchPage::showOutlook() {
  if (!planned_text_.isEmpty() && planText() != planned_text_) {
    planned_text_.clear();
    plans_.clear();
    plan_problem_ = plan_refusal_ = {};
    cancelPlan();
  }
  std::vector<Message> problems = spec_problems_;
  const auto otherwise = [&](bool known, const Message& problem) {
    if (problems.empty() && known && !problem.empty()) problems.push_back(problem);
  };
  otherwise(true, name_problem_);
  otherwise(!model_pending_, model_.problem);
  otherwise(!data_pending_, data_.problem);
  // Another machine's probe is looked at by its engine.
  const bool probe_known = where_->elsewhere() || probe_.file == absolute(firstValue(QStringLiteral("data.probe")));
  otherwise(probe_known && !probe_.file.isEmpty(), probe_.problem);
  otherwise(!model_pending_ && !data_pending_, missing_path_);
  otherwise(true, where_->problem());
  const bool sound = problems.empty();
  otherwise(true, plan_refusal_);
  problems.insert(problems.begin(), start_problems_.begin(), start_problems_.end());
  QPalette own;
  own.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  problem_->setPalette(own);
  QStringList said;
  const std::size_t told = problems.size() > most_problems ? most_problems - 1 : problems.size();
  for (std::size_t i = 0; i < told; ++i) said << translated(problems[i]);
  if (told < problems.size()) said << tr("and %n more", nullptr, int(problems.size() - told));
  problem_->setText(said.join(QLatin1Char('\n')));
  problem_->setVisible(!said.isEmpty());

  // Runs of this machine say nothing of the pace of another.
  outlook_->setText(
      what_will_run(specs_, model_, data_, plans_, where_->elsewhere() ? std::vector<RunEntryPtr>() : earlier_));
  outlook_->setVisible(!outlook_->text().isEmpty());
  outlook_->setToolTip(plans_.empty() ? QString() : plain_text(plan_details(plans_.front())));
  runs_table_->setPlans(plans_);
  const bool ready = !specs_.empty() && sound && !model_pending_ && !data_pending_ && probe_known && !handing_over_ &&
                     !sending_->busy();
  start_->setEnabled(ready);
  queue_->setEnabled(ready);
  const bool measuring = this->measuring();
  measure_->setText(measuring ? tr("Stop measuring") : tr("Measure"));
  measure_->setEnabled(measuring || ready);
  QString estimate = plan_problem_.empty() ? QString() : tr("No estimate of memory: %1").arg(translated(plan_problem_));
  if (measuring) estimate = tr("Measuring a few steps…");
  estimate_->setText(ready || measuring ? estimate : QString());
  estimate_->setVisible(!estimate_->text().isEmpty());
}

}  // namespace bandscope::app
