// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_controls.h"

#include <QMessageBox>
#include <QPushButton>
#include <utility>

#include "app/base/message_width.h"
#include "app/base/plain_text.h"
#include "app/engine/engine_process.h"
#include "app/language/translated.h"
#include "app/page/steer_dialog.h"
#include "core/error.h"

namespace bandscope::app {

RunControls::RunControls(QWidget* parent) : QObject(parent), window_(parent), client_(this) {
  connect(&client_, &EngineClient::answered, this, &RunControls::answered);
  connect(&client_, &EngineClient::failed, this,
          [this](const SteeredRun& run, const QString& command, const QString& reason) {
            if (command == QLatin1String("status")) return;  // who asked says so
            Q_EMIT said(tr("%1: no “%2”: %3.").arg(run.name, command, reason));
          });
}

/// Another run may have been chosen since it was asked.
void RunControls::answered(const SteeredRun& run, const QString& command) {
  if (command == QLatin1String("pause")) Q_EMIT asked(run.record, Asked::pause);
  if (command == QLatin1String("resume")) Q_EMIT asked(run.record, Asked::go_on);
  if (command == QLatin1String("pause")) Q_EMIT said(tr("%1 pauses after this step.").arg(run.name));
  if (command == QLatin1String("resume")) Q_EMIT said(tr("%1 goes on.").arg(run.name));
  if (command == QLatin1String("checkpoint")) Q_EMIT said(tr("%1 writes a checkpoint after this step.").arg(run.name));
  if (command == QLatin1String("calibration"))
    Q_EMIT said(tr("Reward calibration of %1 is switched at the next step.").arg(run.name));
  else if (command == QLatin1String("learning_rate"))
    Q_EMIT said(tr("%1 takes the new learning rate at its next step.").arg(run.name));
  else if (command == QLatin1String("momentum"))
    Q_EMIT said(tr("%1 takes the new momentum at its next step.").arg(run.name));
  else if (find_live_setting(command.toStdString()))
    Q_EMIT said(tr("%1 takes the new value of “%2” at its next step.").arg(run.name, command));
}

void RunControls::setRun(const RunEntryPtr& run, const QString& name) {
  run_ = run;
  name_ = name;
  const SteeredRun steered{run ? run->found.record : QString(), name};
  if (run && run->elsewhere()) {
    client_.setChannel(channel(), run->server + QLatin1Char('\n') + run->there, steered);
  } else {
    client_.setSocket(run ? run->socket : QString(), steered);
  }
}

void RunControls::setChannels(Channels channels) {
  channels_ = std::move(channels);
  setRun(run_, name_);
}

std::shared_ptr<OrderChannel> RunControls::channel() const { return channels_ ? channels_(*run_) : nullptr; }

void RunControls::openSteer() {
  if (!run_ || !run_->steerable()) return;
  auto* dialog = new SteerDialog(this, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void RunControls::askCalibration(bool enabled) {
  if (!run_) return;
  auto* box = new QMessageBox(
      QMessageBox::Question, tr("Reward calibration"),
      plain_text((enabled ? tr("Switch reward calibration of %1 on?") : tr("Switch reward calibration of %1 off?"))
                     .arg(name_)),
      QMessageBox::NoButton, window_);
  box->setObjectName(QStringLiteral("ask-calibration"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(
      tr("From the next step on the run is no longer what its spec says; the record marks where. Steps that are taken "
         "cannot be taken back."));
  auto* yes = box->addButton(tr("Switch"), QMessageBox::AcceptRole);
  box->addButton(QMessageBox::Cancel);
  widen(box);
  connect(box, &QMessageBox::finished, this, [this, box, yes, enabled] {
    if (box->clickedButton() == yes) {
      set(*find_live_setting("calibration"), enabled);
    } else {
      Q_EMIT declined();
    }
  });
  box->open();
}

void RunControls::askStop() {
  if (!run_) return;
  auto* box = new QMessageBox(QMessageBox::Question, tr("Stop run"), plain_text(tr("Stop %1?").arg(name_)),
                              QMessageBox::NoButton, window_);
  box->setObjectName(QStringLiteral("ask-stop"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  // Before its first step there is nothing to lose but the reference values that were computed.
  box->setInformativeText(
      run_->state == ShownState::preparing
          ? tr("It has taken no step yet. It can go on later with Resume.")
          : tr("It ends after this step with a checkpoint, from which it can go on later with Resume."));
  auto* yes = box->addButton(tr("Stop"), QMessageBox::AcceptRole);
  box->addButton(QMessageBox::Cancel);
  connect(yes, &QPushButton::clicked, this, &RunControls::stop);
  widen(box);
  box->open();
}

void RunControls::stop() {
  if (!run_) return;
  if (run_->elsewhere()) return stopThere();
  try {
    stop_engine(run_->folder());
    Q_EMIT asked(run_->found.record, Asked::stop);
    Q_EMIT said(tr("%1 stops after this step.").arg(name_));
  } catch (const Error& error) {
    Q_EMIT said(tr("%1 was not stopped: %2.").arg(name_, translated(error)));
  }
}

void RunControls::stopThere() {
  const auto there = channel();
  if (!there) return;
  there->end(this, [this, record = run_->found.record, name = name_](const Message& problem) {
    if (problem.empty()) {
      Q_EMIT asked(record, Asked::stop);
      Q_EMIT said(tr("%1 stops after this step.").arg(name));
    } else {
      Q_EMIT said(tr("%1 was not stopped: %2.").arg(name, translated(problem)));
    }
  });
}

}  // namespace bandscope::app
