// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_entry.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <cmath>
#include <sstream>

#include "core/error.h"
#include "core/input/toml.h"
#include "core/record/record_reader.h"
#include "core/run/run_card.h"
#include "core/run/summary.h"
#include "core/spec/spec_document.h"

namespace bandscope::app {
namespace {

struct StateStrings {
  Q_DECLARE_TR_FUNCTIONS(RunState)
};

/// As the spec is written: floats in the fewest digits that read back as the same number.
std::string value_text(const toml::node& node) {
  if (const auto* number = node.as_floating_point()) return toml_number(number->get());
  if (const auto* text = node.as_string()) return toml_string(text->get());
  if (const auto* array = node.as_array()) {
    std::string list = "[";
    for (const toml::node& element : *array) list += (list.size() > 1 ? ", " : "") + value_text(element);
    return list + "]";
  }
  std::ostringstream value;
  node.visit([&](const auto& typed) { value << typed; });
  return value.str();
}

void flatten(const toml::table& table, const QString& prefix, RunConfig& into) {
  for (const auto& [key, node] : table) {
    const QString name = prefix + QString::fromUtf8(key.str().data(), qsizetype(key.str().size()));
    if (const auto* inner = node.as_table()) {
      flatten(*inner, name + QLatin1Char('.'), into);
    } else if (const auto* text = node.as_string()) {
      into[name] = QString::fromStdString(text->get());
    } else {
      into[name] = QString::fromStdString(value_text(node));
    }
  }
}

void fill(RunEntry& entry) {
  const auto reader = RecordReader::open(entry.found.record.toStdString());
  const auto summary = summarize(reader);
  entry.config = flatten_spec(reader.spec_toml());
  entry.objective = QString::fromStdString(summary.objective);
  entry.model = QString::fromStdString(summary.model);
  entry.data = QString::fromStdString(summary.data);
  entry.calibrated = summary.calibrated;
  entry.reason = summary.reason;
  entry.steps = qint64(summary.steps);
  const RunCard card = read_run_card(reader.spec_toml(), reader.environment_json());
  entry.planned = card.planned_steps;
  entry.seconds = summary.seconds;
  if (summary.band_defined > 0) entry.in_band = summary.in_band_share;
  if (summary.last_probe) {
    entry.probe_z_w = summary.last_probe->z_w;
    entry.probe_margin = summary.last_probe->margin;
  }
  entry.alerts = int(summary.alerts.size());
  if (!summary.alerts.empty()) entry.last_alert = summary.alerts.back().message;
  entry.note = summary.note;
  // Runs of another folder are another study's.
  if (!card.pair_key.empty())
    entry.pair_key = entry.found.group + QLatin1Char('\n') + QString::fromStdString(card.pair_key);
  const auto process = read_engine_process(entry.folder().toStdString());
  const double now = double(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
  // A record without engine.json was written elsewhere or imported: nothing says that its process lives.
  const std::optional<bool> living = process ? alive(*process) : std::optional<bool>(reader.live());
  if (process && living.value_or(false)) entry.socket = QString::fromStdString(process->socket);
  entry.state = shown_state(summary.state, reader.heartbeat(), living, !summary.reason.empty(), now);
  if (entry.state == ShownState::preparing) entry.preparation = read_run_progress(entry.folder().toStdString());
}

}  // namespace

QString RunEntry::folder() const { return QFileInfo(found.record).absolutePath(); }

QString RunEntry::title() const { return found.name; }

bool RunEntry::repeatable() const {
  // Its spec is asked for when it is needed.
  if (elsewhere()) return read && !queued && error.empty() && reached && !there.endsWith(QLatin1String(".h5"));
  const auto said = [this](const char* key) {
    const auto at = config.find(QLatin1String(key));
    return at != config.end() && !at->second.isEmpty();
  };
  return read && !queued && error.empty() && QFileInfo(found.record).fileName() == QLatin1String("run.h5") &&
         said("model.path") && said("data.train");
}

bool RunEntry::resumable() const {
  switch (state) {
    case ShownState::stopped:
    case ShownState::killed:
    case ShownState::crashed:
    case ShownState::failed:
      return repeatable();
    default:
      return false;
  }
}

double RunEntry::remaining() const {
  if (planned <= 0 || steps <= 0 || seconds <= 0 || steps > planned) return unknown;
  return seconds / double(steps) * double(planned - steps);
}

RunConfig flatten_spec(const std::string& toml) {
  RunConfig config;
  try {
    flatten(parse_toml(toml), QString(), config);
  } catch (const TomlError&) {
    config.clear();
  }
  return config;
}

RunEntryPtr read_entry(const FoundRecord& found) {
  auto entry = std::make_shared<RunEntry>();
  entry->found = found;
  entry->read = true;
  Message labels_problem;
  try {
    entry->labels = read_labels(found.record);
  } catch (const std::exception& error) {
    labels_problem = message_of(error);
  }
  try {
    fill(*entry);
  } catch (const std::exception& error) {
    entry->error = message_of(error);
  }
  // Labels that cannot be understood do not hide the run.
  entry->note = Message::joined(entry->note, labels_problem);
  return entry;
}

QString state_word(ShownState state) {
  switch (state) {
    case ShownState::waiting:
      return StateStrings::tr("waiting");
    case ShownState::preparing:
      return StateStrings::tr("preparing");
    case ShownState::running:
      return StateStrings::tr("running");
    case ShownState::paused:
      return StateStrings::tr("paused");
    case ShownState::stalled:
      return StateStrings::tr("stalled");
    case ShownState::crashed:
      return StateStrings::tr("crashed");
    case ShownState::killed:
      return StateStrings::tr("killed");
    case ShownState::failed:
      return StateStrings::tr("failed");
    case ShownState::stopped:
      return StateStrings::tr("stopped");
    case ShownState::done:
      return StateStrings::tr("done");
  }
  return {};
}

}  // namespace bandscope::app
