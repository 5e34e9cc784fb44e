// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queue_keeper.h"

#include <algorithm>

#include "app/engine/engine_process.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "core/error.h"
#include "core/process/detached.h"
#include "core/queue/keeper_place.h"
#include "core/record/run_folder.h"
#include "core/schema/spoken.h"

namespace bandscope::app {
namespace {

constexpr qint64 first_pause_ms = 1000, longest_pause_ms = 60000;

}  // namespace

Message QueueKeeper::ensure() {
  const auto look = queue::look_for_keeper(file_);
  if (look.there) {
    failures_ = 0;
    if (look.session != pid_) pid_ = 0;  // ours has come too late, and ends
    return problem_ = look.problem;
  }
  // It loads its libraries first.
  if (pid_ > 0 && ticks_ > 0 && process_start(pid_) == ticks_) return problem_;
  if (pid_ > 0 && look.session == pid_) {
    failures_ = 0;  // it kept the queue, and was ended
    problem_ = {};
  } else if (pid_ > 0) {
    ++failures_;
    problem_ = why_not();
  }
  pid_ = 0;
  const qint64 pause = std::min(longest_pause_ms, first_pause_ms << std::min(failures_, 6));
  // What could not be started is tried at once by another program.
  if (since_.isValid() && since_.elapsed() < pause) {
    try {
      if (failures_ == 0 || std::filesystem::absolute(engine_program()) == engine_) return problem_;
    } catch (const RunError&) {
      return problem_;
    }
  }
  start();
  return problem_;
}

/// Of one that ended without having kept the queue.
Message QueueKeeper::why_not() const {
  const Message words = last_words(file_.beside("log"), log_from_);
  const auto engine = QString::fromStdString(engine_.string());
  return plain_message(
      words.empty()
          ? tr("Waiting runs do not start: %1 ends at once").arg(engine)
          : tr("Waiting runs do not start. %1, which may be too old for it, says: %2").arg(engine, translated(words)));
}

void QueueKeeper::start() {
  constexpr std::uintmax_t longest_log = 1 << 20;
  since_.start();
  try {
    const auto log = file_.beside("log");
    std::error_code none;
    if (const auto size = std::filesystem::file_size(log, none); !none && size > longest_log)
      std::filesystem::remove(log, none);
    const auto size = std::filesystem::file_size(log, none);
    log_from_ = none ? 0 : size;
    engine_ = std::filesystem::absolute(engine_program());
    DetachedProgram keeper{
        engine_, {engine_.filename().string(), "keep-queue", "--queue", file_.file().string()}, log, {}};
    const auto environment = engine_environment();
    for (const QString& name : environment.keys())
      keeper.environment.emplace_back(name.toStdString(), environment.value(name).toStdString());
    pid_ = start_detached(keeper);
    ticks_ = process_start(pid_);
  } catch (const Error& error) {
    ++failures_;
    engine_.clear();
    problem_ = plain_message(tr("Waiting runs do not start: %1").arg(translated(error)));
  }
}

}  // namespace bandscope::app
