// SPDX-License-Identifier: GPL-3.0-or-later
// What the page's spec becomes: runs whose names are free, handed over to this machine or to a server.
#include <QDir>
#include <QPushButton>
#include <QSaveFile>
#include <QShortcut>
#include <algorithm>

#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "app/launch/launch_page.h"
#include "app/launch/recent_paths.h"
#include "app/launch/send_bar.h"
#include "app/launch/spec_form.h"
#include "app/launch/where_choice.h"
#include "app/server/ask_server.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

const QKeySequence start_keys(Qt::CTRL | Qt::Key_Return), queue_keys(Qt::CTRL | Qt::SHIFT | Qt::Key_Return);

QString with_keys(const QString& text, const QKeySequence& keys) {
  return QStringLiteral("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText));
}

}  // namespace

void LaunchPage::connectActions() {
  const auto start = [this](auto asked, wire::Ask there) {
    where_->elsewhere() ? handOverThere(there) : handOver(asked);
  };
  connect(start_, &QPushButton::clicked, this, [start] { start(&LaunchPage::startAsked, wire::Ask::start); });
  connect(queue_, &QPushButton::clicked, this, [start] { start(&LaunchPage::queueAsked, wire::Ask::queue); });
  // Of the page alone: in the queue's list Ctrl+Return starts what waits there.
  for (const auto& [keys, button] : {std::pair{start_keys, start_}, std::pair{queue_keys, queue_}}) {
    connect(new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, button,
            &QPushButton::click);
  }
}

void LaunchPage::writeActions() {
  const auto* server = where_->reached();
  const bool jobs = server && server->hello().jobs == "slurm";
  const QString name = where_->place().name();
  QString now = tr("Trains now; what finds its device busy waits at the end of the queue");
  QString later = tr("Waits behind the other runs until the queue gets to it");
  if (where_->elsewhere()) {
    now = tr("Trains on %1 at once; it goes on without this window").arg(name);
    later = tr("Waits in the queue of %1, which goes on without this window").arg(name);
  }
  if (jobs) now = later = tr("Hands each run to Slurm on %1 as a job, which starts when there is room").arg(name);
  start_->setText(jobs ? tr("Submit job") : tr("Start"));
  start_->setToolTip(with_keys(now, start_keys));
  start_->setAccessibleDescription(start_->toolTip());
  queue_->setText(tr("Add to queue"));
  queue_->setToolTip(with_keys(later, queue_keys));
  queue_->setAccessibleDescription(queue_->toolTip());
}

/// Runs of these names may be there already: that is said while the name is typed, not when all is filled in.
void LaunchPage::checkNames() {
  const NameTaken is_taken = nameTaken();
  const QString taken = is_taken ? taken_name(specs_, is_taken) : QString();
  name_problem_ = taken.isEmpty() ? Message() : takenText(taken);
  if (!specs_.empty()) {
    const QString name = QStringLiteral("run.name"), free = freeName();
    form_->setError(name, {});
    form_->setError(name, taken.isEmpty() || free.isEmpty()
                              ? name_problem_
                              : Message::tr("%1 is taken; %2 is free", taken.toStdString(), free.toStdString()));
  }
  showOutlook();
}

QString LaunchPage::freeName() const {
  const NameTaken taken = nameTaken();
  return taken ? free_name(firstValue(QStringLiteral("run.name")), specs_, taken) : QString();
}

/// Of the place; empty where that is not known.
NameTaken LaunchPage::nameTaken() const {
  if (!where_->elsewhere()) return runsFolder().isEmpty() ? NameTaken() : taken_in(QDir(runsFolder()), queued_);
  if (!taken_there_) return {};
  return
      [this, server = where_->id()](const QString& name, bool resume) { return !resume && taken_there_(server, name); };
}

Message LaunchPage::takenText(const QString& taken) const {
  if (where_->elsewhere()) {
    const std::string run = taken.toStdString(), server = where_->place().name().toStdString(),
                      other = freeName().toStdString();
    return other.empty() ? Message::tr("There is a run %1 on %2 already; change run.name.", run, server)
                         : Message::tr("There is a run %1 on %2 already; %3 is free", run, server, other);
  }
  const std::string name = taken.toStdString(), folder = QDir(runsFolder()).path().toStdString(),
                    free = freeName().toStdString();
  return free.empty() ? Message::tr("There is a run %1 in %2 already; change run.name or the folder.", name, folder)
                      : Message::tr("There is a run %1 already; %2 is free (in %3)", name, free, folder);
}

void LaunchPage::handOver(void (LaunchPage::*asked)(const QString&, const QString&, const QStringList&)) {
  const QDir runs(runsFolder());
  QStringList names;
  for (const auto& spec : specs_) names << QString::fromStdString(spec.run.name);
  if (const QString taken = taken_name(specs_, taken_in(runs, queued_)); !taken.isEmpty())
    return say(translated(takenText(taken)));
  QString file = spec_file_;
  // An opened spec that was edited, or a new one, is kept beside the runs, with absolute paths where they depend on
  // where the file lies.
  const auto same = file_bytes(spec_file_, kMostSpecBytes);
  const bool unchanged = same && QString::fromUtf8(*same) == text();
  if (!unchanged) {
    const QString folder = runs.filePath(QStringLiteral(".specs"));
    QDir().mkpath(folder);
    file = QDir(folder).absoluteFilePath(names.value(0) + QStringLiteral(".toml"));
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(planText().toUtf8()) < 0 || !out.commit()) {
      say(tr("%1 cannot be written: %2").arg(file, out.errorString()));
      return;
    }
  }
  rememberPaths();
  planner_.cancel();
  Q_EMIT(this->*asked)(file, runs.absolutePath(), names);
}

/// To be offered the next time; on this machine whole, on a server as its specs call them.
void LaunchPage::rememberPaths() const {
  for (const auto& [kind, key] : {std::pair{PathKind::model, "model.path"},
                                  {PathKind::data, "data.train"},
                                  {PathKind::benchmarks, "evaluation.data"}}) {
    const QString path = firstValue(QLatin1String(key));
    remember_path(kind, where_->elsewhere() ? path : absolute(path), where_->id());
  }
}

void LaunchPage::handOverThere(wire::Ask ask) {
  auto* server = where_->reached();
  if (!server || handing_over_ || sending_->busy() || specs_.empty()) return;
  handing_over_ = true;
  start_problems_.clear();
  cancelPlan();
  planned_text_.clear();
  rememberPaths();
  showOutlook();
  server->ask(
      ask, {{"spec", planText().toStdString()}}, this,
      [this, turn = ++hand_over_turn_, id = where_->id(), name = where_->place().name()](const wire::Outcome& outcome) {
        // An earlier one's answer says nothing of what is under way by now.
        if (turn == hand_over_turn_) handing_over_ = false;
        handedOver(outcome, id, name);
      });
}

void LaunchPage::handedOver(const wire::Outcome& outcome, const QString& server, const QString& name) {
  if (outcome.answered()) {
    showOutlook();
    return Q_EMIT startedElsewhere(server, texts_of(outcome.fields, "runs"));
  }
  start_problems_.push_back(
      outcome.kind == wire::Outcome::Kind::refused
          ? Message::tr("Not started on %1: %2", name.toStdString(), outcome.words)
          : Message::tr(
                "%1 gave no answer: %2. Whether the runs were started, the list of runs tells once it is reached.",
                name.toStdString(), outcome.words));
  showOutlook();
}

}  // namespace bandscope::app
