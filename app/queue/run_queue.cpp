// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/run_queue.h"

#include <signal.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QUuid>
#include <algorithm>
#include <set>
#include <utility>

#include "app/base/input_file.h"
#include "app/engine/engine_process.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "app/library/counted_name.h"
#include "core/error.h"
#include "core/record/run_folder.h"
#include "core/spec/run_spec.h"

namespace bandscope::app {
namespace {

constexpr int look_ms = 1000;

}  // namespace

void write_run_spec(const QString& path, const RunSpec& spec) {
  const QByteArray text = QByteArray::fromStdString(to_toml(spec));
  QSaveFile file(path);
  if (!QDir().mkpath(QFileInfo(path).absolutePath()) || !file.open(QIODevice::WriteOnly) ||
      file.write(text) != text.size() || !file.commit()) {
    throw RunError(
        Message::at(path.toStdString(), Message::tr("cannot be written: %1", file.errorString().toStdString())));
  }
}

QString queue_device(const std::string& device) {
  if (device == "cpu") return QStringLiteral("cpu");
  if (device == "cuda") return QStringLiteral("cuda:0");
  if (device != "auto") return QString::fromStdString(device);
  const bool card = QFileInfo::exists(QStringLiteral("/dev/nvidia0")) ||
                    QFileInfo::exists(QStringLiteral("/proc/driver/nvidia/version"));
  return card && engine_has_cuda() ? QStringLiteral("cuda:0") : QStringLiteral("cpu");
}

RunQueue::RunQueue(const QString& file, QObject* parent) : QObject(parent), store_(file) {
  timer_.setInterval(look_ms);
  connect(&timer_, &QTimer::timeout, this, &RunQueue::tick);
  timer_.start();
  QTimer::singleShot(0, this, &RunQueue::tick);
}

QStringList RunQueue::devices() const {
  std::set<QString> devices{QStringLiteral("cpu")};
  for (const auto& run : state_.runs) devices.insert(run.device);
  for (const auto& [device, count] : state_.at_once) devices.insert(device);
  return QStringList(devices.begin(), devices.end());
}

int RunQueue::place(const QueuedRun& wanted) const {
  if (wanted.state != QueuedRun::State::waiting) return 0;
  int place = 0;
  for (const auto& run : state_.runs) {
    if (run.state == QueuedRun::State::waiting && run.device == wanted.device) ++place;
    if (run.id == wanted.id) return place;
  }
  return 0;
}

std::vector<RunEntryPtr> RunQueue::entries() const {
  std::vector<RunEntryPtr> entries;
  for (const auto& run : state_.runs) {
    auto known = described_.find(run.id);
    if (known == described_.end()) {
      const QByteArray text = file_bytes(run.spec, kMostSpecBytes).value_or(QByteArray());
      auto entry = std::make_shared<RunEntry>();
      entry->found = {run.record(), run.runs, run.name};
      entry->read = entry->queued = true;
      entry->config = flatten_spec(text.toStdString());
      const auto value = [&](const char* key) {
        const auto at = entry->config.find(QLatin1String(key));
        return at == entry->config.end() ? QString() : at->second;
      };
      entry->objective = value("objective.name");
      entry->model = QFileInfo(value("model.path")).fileName();
      entry->data = QFileInfo(value("data.train")).fileName();
      entry->calibrated = value("calibration.enabled") == QLatin1String("true");
      entry->planned = value("training.steps").toLongLong();
      known = described_.emplace(run.id, std::move(entry)).first;
    }
    auto entry = std::make_shared<RunEntry>(*known->second);
    entry->labels = run.labels;
    entry->state = ShownState::waiting;
    if (run.state == QueuedRun::State::failed) {
      entry->state = ShownState::failed;
      entry->reason = run.reason;
    } else if (run.active()) {
      entry->state = ShownState::preparing;
      if (run.stop) entry->asked = Asked::stop;
    } else {
      entry->reason = Message::tr("%1 for %2", place(run), run.device.toStdString());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

QStringList RunQueue::add(const QString& spec, const QString& runs, Placing placing) {
  return add(load_run_specs(spec.toStdString()), runs, placing);
}

int RunQueue::waiting() const {
  return int(std::count_if(state_.runs.begin(), state_.runs.end(),
                           [](const auto& run) { return run.state == QueuedRun::State::waiting; }));
}

const QueuedRun* RunQueue::find(const QString& record) const {
  const auto& runs = state_.runs;
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.record() == record; });
  return at == runs.end() ? nullptr : &*at;
}

QString RunQueue::freeName(const QString& name, const QString& runs, const QStringList& taken) const {
  const QDir folder(QDir(runs).absolutePath());
  const auto used = [&](const QString& other) {
    return taken.contains(other) || QFileInfo::exists(folder.filePath(other)) ||
           holds(folder.filePath(other + QStringLiteral("/run.h5")));
  };
  return counted_name(name, used);
}

QStringList RunQueue::add(const std::vector<RunSpec>& specs, const QString& runs, Placing placing) {
  const QDir folder(QDir(runs).absolutePath());
  std::vector<QueuedRun> fresh;
  for (const auto& one : specs) {
    QueuedRun run;
    run.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    run.name = QString::fromStdString(one.run.name);
    run.runs = folder.path();
    run.device = queue_device(one.run.device);
    run.asked = placing == Placing::start;
    run.resumes = one.run.resume && QFileInfo::exists(run.record());
    // A record made around other runs would hide whose they are, and take them along wherever it goes.
    const auto inside = runs_inside(QFileInfo(run.record()).absolutePath().toStdString());
    if (!run.resumes && !inside.empty()) {
      throw RunError(plain_message(tr("%1 holds other runs (%2); choose another name than %3, for instance %4")
                                       .arg(QDir::toNativeSeparators(folder.filePath(run.name)),
                                            QString::fromStdString(inside.front().filename().string()), run.name,
                                            freeName(run.name, runs))));
    }
    run.spec = folder.filePath(QStringLiteral(".specs/%1-%2.toml").arg(run.name, run.id.left(8)));
    fresh.push_back(std::move(run));
  }
  QStringList records;
  const auto state = store_.change(patience_ms, [&](QueueState& queue, const auto&) {
    settle(queue);  // a run that ended a moment ago is not in its own way
    for (const auto& run : fresh) {
      if (queue.holds(run.record()))
        throw RunError(Message::tr("the run %1 of this folder is in the queue already", run.name.toStdString()));
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      write_run_spec(fresh[i].spec, specs[i]);
      // What failed to start is replaced by the next try, which keeps what the user has said of it.
      for (const auto& other : queue.runs) {
        if (other.record() == fresh[i].record()) fresh[i].labels = other.labels;
      }
      std::erase_if(queue.runs, [&](const auto& other) { return other.record() == fresh[i].record(); });
      records << fresh[i].record();
    }
    if (placing == Placing::wait) queue.hold();
    queue.runs.insert(queue.runs.end(), fresh.begin(), fresh.end());
  });
  adopt(state);
  tick();
  return records;
}

void RunQueue::change(const std::function<void(QueueState&)>& change) {
  try {
    adopt(store_.change(patience_ms, [&](QueueState& state, const auto&) {
      change(state);
      state.rest();
    }));
    tick();
  } catch (const Error& error) {
    Q_EMIT said(translated_sentence(error));
  }
}

void RunQueue::setPaused(bool paused) {
  change([paused](QueueState& state) {
    state.paused = paused;
    if (!paused) return;
    for (auto& run : state.runs) run.asked = false;
  });
}

void RunQueue::setAtOnce(const QString& device, int count) {
  change([&](QueueState& state) { state.at_once[device] = std::max(1, count); });
}

void RunQueue::startNow(const QStringList& ids) {
  try {
    adopt(store_.change(patience_ms, [&](QueueState& state, const QueueStore::Save& save) {
      for (const auto& id : ids) {
        auto* run = state.find(id);
        if (run && !run->active()) start(*run, state, save);
      }
    }));
    tick();
  } catch (const Error& error) {
    Q_EMIT said(translated_sentence(error));
  }
}

void RunQueue::tryAgain(const QStringList& ids) {
  change([&](QueueState& state) {
    for (const auto& id : ids) {
      auto* run = state.find(id);
      if (!run || run->state != QueuedRun::State::failed) continue;
      run->state = QueuedRun::State::waiting;
      run->reason = {};
      run->log.clear();
      run->pid = run->ticks = run->started = run->before = 0;
      run->stop = false;
    }
  });
}

void RunQueue::stopStarting(const QString& id) {
  change([&](QueueState& state) {
    auto* run = state.find(id);
    if (!run || run->state != QueuedRun::State::running || process_start(run->pid) != run->ticks) return;
    run->stop = ::kill(pid_t(run->pid), SIGTERM) == 0;
  });
}

QStringList RunQueue::order() const {
  QStringList ids;
  for (const auto& run : state_.runs) ids << run.id;
  return ids;
}

void RunQueue::setOrder(const QStringList& ids) {
  change([&](QueueState& state) {
    const auto rank = [&](const QueuedRun& run) {
      const auto at = ids.indexOf(run.id);
      return at < 0 ? ids.size() : at;
    };
    std::stable_sort(state.runs.begin(), state.runs.end(),
                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  });
}

std::vector<std::pair<int, QueuedRun>> RunQueue::take(const QStringList& ids) {
  std::vector<std::pair<int, QueuedRun>> taken;
  change([&](QueueState& state) {
    for (int i = 0; i < int(state.runs.size()); ++i) {
      const auto& run = state.runs[std::size_t(i)];
      if (ids.contains(run.id) && !run.active()) taken.emplace_back(i, run);
    }
    std::erase_if(state.runs, [&](const auto& run) { return ids.contains(run.id) && !run.active(); });
  });
  return taken;
}

void RunQueue::put(const std::vector<std::pair<int, QueuedRun>>& runs) {
  change([&](QueueState& state) { state.put(runs); });
}

}  // namespace bandscope::app
