// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/run_queue.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>
#include <utility>

#include "app/base/input_file.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "app/library/counted_name.h"
#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/queue/own_folder.h"
#include "core/queue/settle.h"
#include "core/record/run_folder.h"

namespace bandscope::app {
namespace {

constexpr int look_ms = 1000;

std::vector<std::string> texts_of(const QStringList& list) {
  std::vector<std::string> texts;
  for (const QString& text : list) texts.push_back(text.toStdString());
  return texts;
}

}  // namespace

std::string queue_device(const std::string& device) {
  const bool card = QFileInfo::exists(QStringLiteral("/dev/nvidia0")) ||
                    QFileInfo::exists(QStringLiteral("/proc/driver/nvidia/version"));
  return queue::device_name(device, device == "auto" && card && engine_has_cuda());
}

RunQueue::RunQueue(const QString& file, QObject* parent) : QObject(parent), file_(file.toStdString()), keeper_(file_) {
  timer_.setInterval(look_ms);
  connect(&timer_, &QTimer::timeout, this, &RunQueue::tick);
  timer_.start();
  QTimer::singleShot(0, this, &RunQueue::tick);
}

QStringList RunQueue::devices() const {
  std::set<QString> devices{QStringLiteral("cpu")};
  for (const auto& run : runs_) devices.insert(run.device);
  for (const auto& [device, count] : state_.at_once) devices.insert(QString::fromStdString(device));
  return QStringList(devices.begin(), devices.end());
}

int RunQueue::place(const QueuedRun& wanted) const {
  if (wanted.state != QueuedRun::State::waiting) return 0;
  int place = 0;
  for (const auto& run : runs_) {
    if (run.state == QueuedRun::State::waiting && run.device == wanted.device) ++place;
    if (run.id == wanted.id) return place;
  }
  return 0;
}

std::vector<RunEntryPtr> RunQueue::entries() const {
  std::vector<RunEntryPtr> entries;
  for (const auto& run : runs_) {
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
  return int(std::count_if(runs_.begin(), runs_.end(),
                           [](const auto& run) { return run.state == QueuedRun::State::waiting; }));
}

const QueuedRun* RunQueue::find(const QString& record) const {
  const auto at = std::find_if(runs_.begin(), runs_.end(), [&](const auto& run) { return run.record() == record; });
  return at == runs_.end() ? nullptr : &*at;
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
  std::vector<queue::QueuedRun> fresh;
  QStringList records;
  for (const auto& one : specs) {
    queue::QueuedRun run;
    run.id = queue::fresh_id();
    run.name = one.run.name;
    run.runs = folder.path().toStdString();
    run.device = queue_device(one.run.device);
    run.asked = placing == Placing::start;
    const QString name = QString::fromStdString(run.name), record = QString::fromStdString(run.record());
    run.resumes = one.run.resume && QFileInfo::exists(record);
    // A record made around other runs would hide whose they are, and take them along wherever it goes.
    const auto inside = runs_inside(QFileInfo(record).absolutePath().toStdString());
    if (!run.resumes && !inside.empty()) {
      throw RunError(plain_message(tr("%1 holds other runs (%2); choose another name than %3, for instance %4")
                                       .arg(QDir::toNativeSeparators(folder.filePath(name)),
                                            QString::fromStdString(inside.front().filename().string()), name,
                                            freeName(name, runs))));
    }
    run.spec = run.runs + "/.specs/" + run.name + "-" + run.id.substr(0, 8) + ".toml";
    fresh.push_back(std::move(run));
    records << record;
  }
  folder.mkpath(QStringLiteral("."));  // where that fails, so does the next, and says why
  queue::own_folder(folder.filePath(QStringLiteral(".specs")).toStdString());
  change([&](queue::Queue& state) {
    queue::settle(state);  // a run that ended a moment ago is not in its own way
    if (state.runs.empty()) state.paused = false;
    if (placing == Placing::wait) state.hold();
    state.append(fresh);
    for (std::size_t i = 0; i < fresh.size(); ++i) write_fresh(fresh[i].spec, to_toml(specs[i]));
  });
  return records;
}

void RunQueue::change(const Change& change, const std::function<void()>& made) {
  if (const QString folder = QString::fromStdString(file_.folder().string()); !QDir().mkpath(folder))
    throw RunError(Message::at(file_.file(), Message::tr("its folder cannot be made")));
  auto after = file_.change(
      [&](queue::Queue& state, const auto&) {
        change(state);
        try {
          state.engine = std::filesystem::absolute(engine_program()).string();
        } catch (const RunError&) {
          // Whoever is to start something says so.
        }
      },
      patience);
  if (made) made();
  adopt(std::move(after));
  keep();
}

void RunQueue::edit(const Change& change) {
  try {
    this->change(change);
  } catch (const Error& error) {
    Q_EMIT said(translated_sentence(error));
  }
}

void RunQueue::setPaused(bool paused) {
  edit([paused](queue::Queue& state) {
    state.paused = paused;
    if (!paused) return;
    for (auto& run : state.runs) run.asked = run.now = false;
  });
}

void RunQueue::setAtOnce(const QString& device, int count) {
  edit([&](queue::Queue& state) { state.at_once[device.toStdString()] = std::clamp(count, 1, queue::kMostAtOnce); });
}

void RunQueue::startNow(const QStringList& ids) {
  edit([&](queue::Queue& state) {
    for (const auto& id : texts_of(ids)) {
      auto* run = state.find(id);
      if (!run || run->active()) continue;
      if (run->state == QueuedRun::State::failed) run->wait_again();
      run->now = true;
    }
  });
}

void RunQueue::tryAgain(const QStringList& ids) {
  edit([&](queue::Queue& state) {
    for (const auto& id : texts_of(ids)) {
      auto* run = state.find(id);
      if (run && run->state == QueuedRun::State::failed) run->wait_again();
    }
  });
}

void RunQueue::stopStarting(const QString& id) {
  edit([&](queue::Queue& state) {
    auto* run = state.find(id.toStdString());
    if (run && run->active() && run->stop == queue::QueuedRun::Stop::no) run->stop = queue::QueuedRun::Stop::asked;
  });
}

QStringList RunQueue::order() const {
  QStringList ids;
  for (const auto& run : runs_) ids << run.id;
  return ids;
}

void RunQueue::setOrder(const QStringList& ids) {
  edit([&](queue::Queue& state) { state.reorder(texts_of(ids)); });
}

queue::Taken RunQueue::take(const QStringList& ids) {
  queue::Taken taken;
  edit([&](queue::Queue& state) { taken = state.take(texts_of(ids)); });
  return taken;
}

void RunQueue::put(const queue::Taken& runs) {
  edit([&](queue::Queue& state) { state.put(runs); });
}

void RunQueue::useEngine() {
  if (!runs_.empty()) edit([](queue::Queue&) {});
}

}  // namespace bandscope::app
