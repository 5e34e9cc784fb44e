// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/queue/queued_run.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/base/input_file.h"
#include "app/language/translated.h"
#include "app/library/label_json.h"
#include "core/error.h"
#include "core/input/json.h"

namespace bandscope::app {
namespace {

constexpr int version = 1;
constexpr int most_at_once = 64;
constexpr quint64 longest_file = 16 << 20;

constexpr std::array<std::pair<QueuedRun::State, const char*>, 4> state_names{{{QueuedRun::State::waiting, "waiting"},
                                                                               {QueuedRun::State::starting, "starting"},
                                                                               {QueuedRun::State::running, "running"},
                                                                               {QueuedRun::State::failed, "failed"}}};

[[noreturn]] void refuse(const QString& file, const Message& why) {
  throw RunError(Message::at(file.toStdString(), why));
}

QJsonObject kept(const nlohmann::json& object) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(object.dump())).object();
}

nlohmann::json read(const QJsonObject& object) {
  const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
  return try_json({text.constData(), std::size_t(text.size())}).value_or(nlohmann::json());
}

QJsonObject to_json(const QueuedRun& run) {
  QJsonObject object{{QStringLiteral("id"), run.id},
                     {QStringLiteral("name"), run.name},
                     {QStringLiteral("runs"), run.runs},
                     {QStringLiteral("spec"), run.spec},
                     {QStringLiteral("device"), run.device}};
  for (const auto& [state, name] : state_names) {
    if (state == run.state) object.insert(QStringLiteral("state"), QString::fromLatin1(name));
  }
  if (run.resumes) object.insert(QStringLiteral("resumes"), true);
  if (run.stop) object.insert(QStringLiteral("stop"), true);
  if (run.before > 0) object.insert(QStringLiteral("before"), run.before);
  if (run.asked) object.insert(QStringLiteral("asked"), true);
  if (run.pid > 0) object.insert(QStringLiteral("pid"), run.pid);
  if (run.ticks > 0) object.insert(QStringLiteral("start_ticks"), run.ticks);
  if (run.started > 0) object.insert(QStringLiteral("started"), run.started);
  if (!run.log.isEmpty()) object.insert(QStringLiteral("log"), run.log);
  if (!run.reason.empty()) object.insert(QStringLiteral("reason"), QString::fromStdString(run.reason.english()));
  if (run.reason.is_sentence()) object.insert(QStringLiteral("reason_values"), kept_values(run.reason));
  if (!run.labels.empty()) object.insert(QStringLiteral("labels"), kept(labels_json(run.labels)));
  return object;
}

QueuedRun run_from(const QJsonObject& object, const QString& file) {
  QueuedRun run;
  const auto text = [&](const char* key, bool needed) {
    const auto value = object.value(QLatin1String(key));
    if (needed && (!value.isString() || value.toString().isEmpty())) {
      refuse(file, Message::tr("a run has no text under key \"%1\"", key));
    }
    return value.toString();
  };
  run.id = text("id", true);
  run.name = text("name", true);
  run.runs = text("runs", true);
  run.spec = text("spec", true);
  run.device = text("device", true);
  run.log = text("log", false);
  run.reason = kept_message(text("reason", false), object.value(QStringLiteral("reason_values")));
  const QString state = text("state", true);
  const auto* known = std::find_if(state_names.begin(), state_names.end(),
                                   [&](const auto& own) { return state == QLatin1String(own.second); });
  if (known == state_names.end()) {
    refuse(file,
           Message::tr("key \"state\" is \"%1\"; allowed: waiting, starting, running, failed", state.toStdString()));
  }
  run.state = known->first;
  run.resumes = object.value(QStringLiteral("resumes")).toBool();
  run.stop = object.value(QStringLiteral("stop")).toBool();
  run.asked = object.value(QStringLiteral("asked")).toBool();
  const auto count = [&](const char* key) { return std::max<qint64>(0, object.value(QLatin1String(key)).toInteger()); };
  run.pid = count("pid");
  run.ticks = count("start_ticks");
  run.started = count("started");
  run.before = count("before");
  run.labels = labels_from(read(object.value(QStringLiteral("labels")).toObject()), file);
  return run;
}

}  // namespace

QString QueuedRun::record() const { return runs + QLatin1Char('/') + name + QStringLiteral("/run.h5"); }

int QueueState::limit(const QString& device) const {
  const auto own = at_once.find(device);
  return own == at_once.end() ? 1 : own->second;
}

int QueueState::active(const QString& device) const {
  return int(
      std::count_if(runs.begin(), runs.end(), [&](const auto& run) { return run.active() && run.device == device; }));
}

QueuedRun* QueueState::find(const QString& id) {
  const auto at = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.id == id; });
  return at == runs.end() ? nullptr : &*at;
}

void QueueState::hold() {
  const bool running = std::any_of(
      runs.begin(), runs.end(), [](const auto& run) { return run.active() || run.state == QueuedRun::State::waiting; });
  if (!running) paused = true;
}

void QueueState::put(const std::vector<std::pair<int, QueuedRun>>& taken) {
  hold();
  for (const auto& [place, run] : taken) {
    if (!find(run.id)) runs.insert(runs.begin() + std::min<std::ptrdiff_t>(place, std::ptrdiff_t(runs.size())), run);
  }
}

bool QueueState::holds(const QString& record) const {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const auto& run) { return run.state != QueuedRun::State::failed && run.record() == record; });
}

void QueueState::rest() {
  if (runs.empty()) paused = false;
}

QueueState QueueStore::load() const {
  QueueState state;
  if (!QFileInfo::exists(file_)) return state;
  Message why;
  const auto text = file_bytes(file_, longest_file, &why);
  if (!text) refuse(file_, Message::tr("cannot be read: %1", why));
  QJsonParseError problem;
  const auto document = QJsonDocument::fromJson(*text, &problem);
  if (problem.error != QJsonParseError::NoError) {
    refuse(file_, Message::tr("byte %1: %2", problem.offset, problem.errorString().toStdString()));
  }
  const auto all = document.object();
  const auto found = all.value(QStringLiteral("version")).toInt();
  if (found != version) refuse(file_, Message::tr("key \"version\" is %1, allowed: %2", found, version));
  state.paused = all.value(QStringLiteral("paused")).toBool();
  const auto limits = all.value(QStringLiteral("at_once")).toObject();
  for (auto at = limits.begin(); at != limits.end(); ++at) {
    state.at_once[at.key()] = std::clamp(at.value().toInt(1), 1, most_at_once);
  }
  for (const auto& run : all.value(QStringLiteral("runs")).toArray()) {
    state.runs.push_back(run_from(run.toObject(), file_));
  }
  return state;
}

void QueueStore::save(const QueueState& state) const {
  QJsonObject limits;
  for (const auto& [device, count] : state.at_once) limits.insert(device, count);
  QJsonArray runs;
  for (const auto& run : state.runs) runs.append(to_json(run));
  const QJsonObject all{{QStringLiteral("version"), version},
                        {QStringLiteral("paused"), state.paused},
                        {QStringLiteral("at_once"), limits},
                        {QStringLiteral("runs"), runs}};
  QSaveFile file(file_);
  const QByteArray text = QJsonDocument(all).toJson();
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
    refuse(file_, Message::tr("cannot be written: %1", file.errorString().toStdString()));
  }
}

QueueState QueueStore::change(int patience, const std::function<void(QueueState&, const Save&)>& change) const {
  if (!QDir().mkpath(QFileInfo(file_).absolutePath())) refuse(file_, Message::tr("its folder cannot be made"));
  // A window that ended without letting go is noticed by its process.
  QLockFile lock(file_ + QStringLiteral(".lock"));
  lock.setStaleLockTime(0);
  if (!lock.tryLock(patience))
    throw QueueBusy(Message::at(file_.toStdString(), Message::tr("is in use by another window; try again")));
  auto state = load();
  auto saved = state;
  const auto store = [&](const QueueState& now) {
    if (now == saved) return;
    save(now);
    saved = now;
  };
  change(state, store);
  store(state);
  return state;
}

QString QueueStore::set_aside() const {
  const QString aside = file_ + QStringLiteral(".unreadable");
  QFile::remove(aside);
  if (!QFile::rename(file_, aside)) refuse(file_, Message::tr("cannot be moved to %1", aside.toStdString()));
  return aside;
}

QString queue_file() {
  return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/queue.json");
}

}  // namespace bandscope::app
