// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/remote_entry.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/library/label_json.h"
#include "app/library/run_grouping.h"
#include "core/error.h"
#include "core/schema/message_json.h"

namespace bandscope::app {
namespace {

using wire::Json;

constexpr qsizetype longest_text = 4096, longest_key = 200;
constexpr int most_keys = 200;
constexpr double most_count = 1e15;

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(key);
  return at == object.end() ? nullptr : &*at;
}

QString text(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (!value || !value->is_string()) return {};
  return QString::fromStdString(value->get_ref<const std::string&>()).left(longest_text);
}

double number(const Json& object, const char* key, double otherwise) {
  const Json* value = member(object, key);
  if (!value || !value->is_number()) return otherwise;
  const double given = value->get<double>();
  return std::isfinite(given) ? given : otherwise;
}

qint64 count(const Json& object, const char* key) {
  return qint64(std::clamp(number(object, key, 0), 0.0, most_count));
}

bool flag(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value && value->is_boolean() && value->get<bool>();
}

Message message(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value ? message_from(*value).value_or(Message()) : Message();
}

ShownState state_of(const QString& word) {
  using enum ShownState;
  constexpr std::array all = {waiting, preparing, running, paused, stalled, crashed, killed, failed, stopped, done};
  const auto at = std::ranges::find_if(all, [&](ShownState state) { return word.toStdString() == to_string(state); });
  return at == all.end() ? waiting : *at;
}

RunEntry at_server(const QString& name, const QString& server, const QString& record) {
  RunEntry entry;
  entry.found.record = record;
  const auto slash = name.lastIndexOf(u'/');
  entry.found.group = server_group(server, slash < 0 ? QString() : name.left(slash));
  entry.found.name = name.mid(slash + 1);
  entry.server = server;
  entry.there = name;
  entry.copied = false;
  return entry;
}

/// Keys of its spec that the server tells, as the library's filter looks for them. An engine that tells none says some
/// of them all the same.
RunConfig config_of(const RunEntry& entry, const Json& item) {
  RunConfig config;
  if (!entry.objective.isEmpty()) config[QStringLiteral("objective.name")] = entry.objective;
  if (const QString tuning = text(item, "tuning"); !tuning.isEmpty()) config[QStringLiteral("model.tuning")] = tuning;
  if (member(item, "calibrated"))
    config[QStringLiteral("calibration.enabled")] = entry.calibrated ? QStringLiteral("true") : QStringLiteral("false");
  const Json* told = member(item, "config");
  if (!told || !told->is_object()) return config;
  for (const auto& [key, value] : told->items()) {
    if (int(config.size()) >= most_keys) break;
    if (key.size() <= std::size_t(longest_key) && value.is_string())
      config[QString::fromStdString(key)] = text(*told, key.c_str());
  }
  return config;
}

void take_labels(RunEntry& entry, const Json& item) {
  try {
    if (const Json* labels = member(item, "labels")) entry.labels = labels_from(*labels, entry.there);
  } catch (const Error& error) {
    entry.note = Message::joined(entry.note, error.message());
  }
  entry.note = Message::joined(entry.note, message(item, "labels_error"));
}

}  // namespace

QString run_of_item(const Json& item) {
  const Json* run = member(item, "run");
  if (!run || !run->is_string() || run->get_ref<const std::string&>().size() > std::size_t(longest_text)) return {};
  return QString::fromStdString(run->get_ref<const std::string&>());
}

RunEntry entry_of_item(const Json& item, const QString& server, const QString& record) {
  RunEntry entry = at_server(run_of_item(item), server, record);
  entry.found.changed = count(item, "changed");
  entry.found.size = count(item, "bytes");
  entry.error = message(item, "error");
  // A run that was not read yet may have told its card already.
  entry.objective = text(item, "objective");
  entry.read = flag(item, "read") || !entry.objective.isEmpty();
  entry.model = text(item, "model");
  entry.data = text(item, "data");
  entry.calibrated = flag(item, "calibrated");
  entry.config = config_of(entry, item);
  entry.state = state_of(text(item, "shown"));
  entry.reason = message(item, "reason");
  entry.steps = count(item, "steps");
  entry.planned = count(item, "planned");
  entry.seconds = std::max(0.0, number(item, "seconds", 0));
  entry.in_band = number(item, "in_band", RunEntry::unknown);
  if (const Json* probe = member(item, "probe")) {
    entry.probe_z_w = number(*probe, "z_w", RunEntry::unknown);
    entry.probe_margin = number(*probe, "margin", RunEntry::unknown);
  }
  entry.alerts = int(std::min<qint64>(count(item, "alerts"), 1'000'000'000));
  entry.last_alert = message(item, "last_alert");
  entry.note = message(item, "note");
  if (const QString key = text(item, "pair_key"); !key.isEmpty()) entry.pair_key = entry.found.group + u'\n' + key;
  if (const Json* progress = member(item, "progress"); progress && entry.state == ShownState::preparing)
    entry.preparation =
        RunProgress{text(*progress, "phase").toStdString(), count(*progress, "done"), count(*progress, "total"), {}};
  take_labels(entry, item);
  return entry;
}

RunEntry entry_of_queued(const queue::QueuedRun& run, const QString& server, const QString& record) {
  RunEntry entry = at_server(QString::fromStdString(run.name), server, record);
  entry.queued = entry.read = true;
  switch (run.state) {
    case queue::QueuedRun::State::waiting:
      entry.state = ShownState::waiting;
      break;
    case queue::QueuedRun::State::starting:
    case queue::QueuedRun::State::running:
      entry.state = ShownState::preparing;
      break;
    case queue::QueuedRun::State::failed:
      entry.state = ShownState::failed;
      break;
  }
  entry.reason = run.reason;
  return entry;
}

}  // namespace bandscope::app
