// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/answers/answer_runner.h"

#include <QFile>
#include <utility>

#include "app/answers/answer_line.h"
#include "app/engine/engine_process.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/schema/spoken.h"

namespace bandscope::app {
namespace {

/// The window's close waits so long for a process that it has ended.
constexpr int end_ms = 500;

}  // namespace

AnswerRunner::AnswerRunner(AnswerLog* log, QObject* parent) : QObject(parent), log_(log) {}

AnswerRunner::~AnswerRunner() {
  // Those that were stopped before and are on their way out as well.
  for (auto* process : findChildren<QProcess*>()) {
    process->disconnect();
    process->kill();
    process->waitForFinished(end_ms);
  }
}

void AnswerRunner::ask(int first, int count) {
  if (count <= 0) return;
  const bool before = busy();
  const int models = int(log_->entry(first).answers.size());
  for (int column = 0; column < models; ++column) {
    if (!log_->entry(first).answers[std::size_t(column)].over()) jobs_.enqueue({first, count, column});
  }
  if (before || jobs_.isEmpty()) return;
  Q_EMIT busyChanged();
  next();
}

void AnswerRunner::stop() {
  if (!busy()) return;
  if (process_) {
    process_->disconnect(this);
    // It is gone before long: nothing waits for it, and nothing of what it still says is taken.
    QObject::connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
    process_->kill();
    process_ = nullptr;
    end(AnswerState::stopped);
  }
  while (!jobs_.isEmpty()) {
    job_ = jobs_.dequeue();
    end(AnswerState::stopped);
  }
  Q_EMIT busyChanged();
}

template <class Change>
void AnswerRunner::changeOpen(Change&& how) {
  for (int row = job_.first; row < job_.first + job_.count; ++row) {
    if (!log_->entry(row).answers[std::size_t(job_.column)].over()) log_->change(row, job_.column, how);
  }
}

void AnswerRunner::end(AnswerState state, const QString& problem) {
  changeOpen([&](Answer& answer) {
    answer.state = state;
    answer.problem = problem;
  });
  clocks_.clear();
  counted_.clear();
}

bool AnswerRunner::writePrompts(const QString& file, QString* why) const {
  QFile out(file);
  if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
    *why = out.errorString();
    return false;
  }
  for (int row = job_.first; row < job_.first + job_.count; ++row) {
    out.write(QByteArray::fromStdString(log_->entry(row).prompt.line + '\n'));
  }
  out.close();
  *why = out.errorString();
  return out.error() == QFileDevice::NoError;
}

void AnswerRunner::next() {
  while (!process_ && !jobs_.isEmpty()) {
    job_ = jobs_.dequeue();
    const AnswerEntry& entry = log_->entry(job_.first);
    const QString prompts = folder_.filePath(QStringLiteral("prompts.jsonl"));
    QString engine, why = folder_.errorString();
    try {
      engine = QString::fromStdString(engine_program().string());
    } catch (const Error& error) {
      end(AnswerState::failed, tr("The model cannot be asked: %1.").arg(translated(error)));
      continue;
    }
    if (!folder_.isValid() || !writePrompts(prompts, &why)) {
      end(AnswerState::failed, tr("The prompts cannot be handed to the engine: %1.").arg(why));
      continue;
    }
    process_ = new QProcess(this);
    process_->setProcessEnvironment(engine_environment());
    process_->setStandardInputFile(QProcess::nullDevice());
    connect(process_, &QProcess::readyReadStandardOutput, this, &AnswerRunner::read);
    connect(process_, &QProcess::finished, this, &AnswerRunner::finished);
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
      if (error == QProcess::FailedToStart) fail(tr("The engine cannot be started: %1.").arg(process_->errorString()));
    });
    changeOpen([](Answer& answer) { answer.state = AnswerState::loading; });
    const QString model = entry.answers[std::size_t(job_.column)].model;
    process_->start(engine, QStringList{QStringLiteral("generate"), model, prompts, QStringLiteral("--stream")} +
                                arguments_of(entry.settings));
  }
  if (!busy()) Q_EMIT busyChanged();
}

void AnswerRunner::read() {
  // A line that is no answer ends its process, and the next one begins.
  const QProcess* const own = process_;
  while (process_ && process_ == own && process_->canReadLine()) take(process_->readLine());
  if (process_ && process_ == own && process_->bytesAvailable() > longest_answer_line)
    fail(tr("The engine gave an answer that is not understood."));
}

void AnswerRunner::take(const QByteArray& bytes) {
  AnswerLine line;
  try {
    line = parse_answer_line(bytes, job_.count);
  } catch (const Error& error) {
    return fail(translated_sentence(error));
  }
  if (line.kind == AnswerLine::loaded) {
    changeOpen([](Answer& answer) { answer.state = AnswerState::growing; });
    return;
  }
  const int row = job_.first + line.index;
  const Answer& before = log_->entry(row).answers[std::size_t(job_.column)];
  const bool too_long = before.text.size() + line.text.size() > longest_answer_line;
  if (before.over() || too_long) return fail(tr("The engine gave an answer that is not understood."));
  if (!clocks_.contains(line.index)) {
    clocks_[line.index].start();
    counted_[line.index] = line.tokens;
  }
  const qint64 made = line.tokens - counted_[line.index], ms = clocks_[line.index].elapsed();
  log_->change(row, job_.column, [&](Answer& answer) {
    answer.tokens = line.tokens;
    answer.rate = made > 0 && ms > 0 ? double(made) * 1000 / double(ms) : 0;
    if (line.kind == AnswerLine::piece) {
      answer.state = AnswerState::growing;
      answer.text += line.text;
    } else {
      answer.state = AnswerState::done;
      answer.text = line.text;
      answer.line = line.line;
    }
  });
}

void AnswerRunner::finished() {
  QProcess* done = process_;
  read();
  if (process_ != done) return;  // its last words were no answer
  process_ = nullptr;
  done->disconnect(this);
  done->deleteLater();
  const Message reason = last_spoken(done->readAllStandardError().toStdString());
  const bool well = done->exitStatus() == QProcess::NormalExit && done->exitCode() == 0;
  end(AnswerState::failed,
      well || reason.empty() ? tr("The engine ended without an answer.") : translated_sentence(reason));
  next();
}

void AnswerRunner::fail(const QString& problem) {
  QProcess* failed = std::exchange(process_, nullptr);
  failed->disconnect(this);
  connect(failed, &QProcess::finished, failed, &QObject::deleteLater);
  if (failed->state() == QProcess::NotRunning) {
    failed->deleteLater();
  } else {
    failed->kill();
  }
  end(AnswerState::failed, problem);
  next();
}

}  // namespace bandscope::app
