// SPDX-License-Identifier: GPL-3.0-or-later
// The page's spec for another machine: paths and devices that are that machine's, and what its server says of them.
#include <QDir>
#include <QFileInfo>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <utility>

#include "app/language/translated.h"
#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/recent_paths.h"
#include "app/launch/send_bar.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/launch/where_choice.h"
#include "app/server/server_paths.h"
#include "app/spec/portable_spec.h"
#include "app/spec/toml_literals.h"

namespace bandscope::app {
namespace {

const QString model_key = QStringLiteral("model.path"), data_key = QStringLiteral("data.train");

/// What a spec says of one machine, also where it is swept.
QStringList machine_keys() {
  QStringList keys{QStringLiteral("run.device"), QStringLiteral("data.split"), QStringLiteral("data.probe_split")};
  for (const auto& key : spec_keys()) {
    if (names_paths(key)) keys << QString::fromStdString(key.key);
  }
  for (const QString& key : QStringList(keys)) keys << QStringLiteral("sweep.") + key;
  return keys;
}

}  // namespace

void LaunchPage::connectPlaces() {
  connect(where_, &WhereChoice::chosen, this, &LaunchPage::placeChosen);
  connect(where_, &WhereChoice::stateChanged, this, &LaunchPage::placeChanged);
  connect(&remote_rows_, &RemoteRows::found, this, &LaunchPage::rowsFound);
  connect(&remote_planner_, &RemotePlanner::planned, this, &LaunchPage::planned);
  connect(&remote_planner_, &RemotePlanner::failed, this, [this](const Message& reason, bool refused) {
    (refused ? plan_refusal_ : plan_problem_) = reason;
    showOutlook();
  });
  connect(&remote_planner_, &RemotePlanner::lost, this, [this] {
    planned_text_.clear();  // asked again once the server is reached
    showOutlook();
  });
  connect(&remote_planner_, &RemotePlanner::busyChanged, this, &LaunchPage::showOutlook);
  connect(form_, &SpecForm::sendAsked, this, [this](const QString& key, const QString& root, const QString& file) {
    form_->setError(key, {});
    if (auto* server = where_->reached()) sending_->send(server, root, file, key);
    showOutlook();
  });
  connect(sending_, &SendBar::ended, this, &LaunchPage::showOutlook);
  connect(sending_, &SendBar::failed, this, [this](const QString& key, const Message& why) {
    form_->setError(key, {});
    form_->setError(key, why);
  });
  connect(sending_, &SendBar::sent, this, [this](const QString& key, const QString& path) {
    SpecText spec(text());
    if (!spec.readable()) return;
    spec.remove(QStringLiteral("sweep.") + key);
    spec.set(key, toml_quoted(path));
    edit(spec.text(), false);
    remember_path(PathKind::data, path, where_->id());
  });
}

void LaunchPage::setPlaces(const std::vector<ServerLink*>& servers) { where_->setServers(servers); }
bool LaunchPage::choosePlace(const QString& server) { return where_->choose(server); }

QString LaunchPage::folder() const {
  return spec_file_.isEmpty() ? QDir::currentPath() : QFileInfo(spec_file_).absolutePath();
}

QString LaunchPage::base() const {
  if (!where_->elsewhere()) return folder();
  const auto* server = where_->server();
  const QString runs = server ? root_folder(*server, QStringLiteral("runs")) : QString();
  return runs.isEmpty() ? QStringLiteral("/") : runs;
}

QString LaunchPage::planText() const { return where_->elsewhere() ? text() : portable_spec(text(), folder()); }

bool LaunchPage::measuring() const { return planner_.measuring() || remote_planner_.measuring(); }

void LaunchPage::cancelPlan() {
  planner_.cancel();
  remote_planner_.cancel();
}

/// What the spec says of the machine before is kept for it, and what it said of this one is back.
void LaunchPage::takeMachineKeys(const QString& before) {
  SpecText spec(text());
  if (!spec.readable()) return;
  std::map<QString, QString> kept;
  for (const QString& key : machine_keys()) {
    if (const auto value = spec.value(key)) kept[key] = *value;
  }
  machine_keys_[before] = std::move(kept);
  auto& next = machine_keys_[where_->id()];
  for (const auto& [key, kind] : {std::pair{model_key, PathKind::model}, {data_key, PathKind::data}}) {
    if (next.contains(key) || next.contains(QStringLiteral("sweep.") + key)) continue;
    next[key] = toml_quoted(where_->elsewhere() ? recent_paths(kind, where_->id()).value(0) : QString());
  }
  for (const QString& key : machine_keys()) {
    const auto value = next.find(key);
    value == next.end() ? spec.remove(key) : spec.set(key, value->second);
  }
  if (spec.text() == text()) return;
  moved_.push_back({text(), spec.text(), before, where_->id()});
  edit(spec.text(), false);
}

/// A spec that Undo or Redo has brought back is for the machine that it was for, where that is still known. The same
/// text may be typed for another one: what is typed leaves nothing to redo.
void LaunchPage::findPlace() {
  const bool can_redo = text_->document()->isRedoAvailable();
  if (const bool could_redo = std::exchange(could_redo_, can_redo); !can_redo && !could_redo) return;
  const QString now = text();
  for (auto step = moved_.rbegin(); step != moved_.rend(); ++step) {
    if (now != step->after && now != step->before) continue;
    brought_back_ = true;
    where_->choose(now == step->after ? step->place_after : step->place_before);
    brought_back_ = false;
    return;
  }
}

void LaunchPage::placeChosen(const QString& before) {
  sending_->cancel();
  cancelPlan();
  if (!brought_back_) takeMachineKeys(before);
  place_reached_ = where_->reached() != nullptr;
  handing_over_ = false;
  // What was found on the machine before.
  remote_rows_.cancel();
  train_scanner_.cancel();
  probe_scanner_.cancel();
  model_ = {};
  data_ = probe_ = {};
  model_pending_ = data_pending_ = !where_->elsewhere();
  showModel();
  train_panel_->show(data_);
  probe_panel_->show(probe_);
  overlap_counter_.cancel();
  showConcern({});
  planned_text_.clear();
  plans_.clear();
  plan_problem_ = plan_refusal_ = {};
  start_problems_.clear();
  showPlace();
  check();
}

void LaunchPage::placeChanged() {
  const bool before = std::exchange(place_reached_, where_->reached() != nullptr);
  showPlace();
  if (!place_reached_) {
    handing_over_ = false;  // of a link that was replaced no answer comes
    remote_rows_.cancel();
  } else if (!before) {
    scan_delay_.start();
    planAgain();
  }
  showOutlook();
}

void LaunchPage::showPlace() {
  form_->setPlace(where_->place());
  const bool there = where_->elsewhere();
  runs_->setVisible(!there);
  runs_there_->setVisible(there);
  const auto* server = where_->server();
  const QString folder = server ? root_folder(*server, QStringLiteral("runs")) : QString(),
                name = where_->place().name();
  runs_there_->setText(folder.isEmpty() ? tr("on %1: its folder of runs").arg(name)
                                        : tr("on %1: %2").arg(name, folder));
  runs_there_->setAccessibleName(runs_there_->text());
  writeActions();
}

void LaunchPage::lookThere() {
  model_pending_ = data_pending_ = false;
  auto* server = where_->reached();
  if (!server) return;
  DataQuestion question;
  question.file = firstValue(data_key);
  question.split = firstValue(QStringLiteral("data.split"));
  question.options = lengths();
  remote_rows_.look(server, question);
  // What nobody has chosen yet is not asked of the server.
  model_ = firstValue(model_key).isEmpty() ? read_model_summary({}) : ModelSummary();
  const bool no_data = question.file.isEmpty();
  if (no_data || data_.file.isEmpty()) data_ = DataSummary();
  if (no_data) data_.problem = no_data_chosen();
  if (!specs_.empty() && model_.problem.empty() && !no_data) {
    plan_delay_.start();
  } else {
    showOutlook();
  }
}

void LaunchPage::rowsFound(const DataSummary& look) {
  if (!where_->elsewhere()) return;
  data_ = look;
  train_panel_->show(look);
  showOutlook();
}

}  // namespace bandscope::app
