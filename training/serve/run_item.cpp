// SPDX-License-Identifier: Apache-2.0
#include "training/serve/run_item.h"

#include <sys/stat.h>

#include <chrono>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/sha256.h"
#include "core/run/label_file.h"
#include "core/run/run_card.h"
#include "core/run/summary.h"
#include "core/schema/message_json.h"
#include "core/spec/run_spec.h"

namespace bandscope::serve {
namespace {

using wire::Json;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Json found(const std::string& name, const std::filesystem::path& record) {
  struct stat about {};
  const bool there = ::stat(record.c_str(), &about) == 0;
  Json item = {{"run", name},
               {"changed", there ? about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1'000'000 : 0},
               {"bytes", there ? about.st_size : 0}};
  try {
    put_labels(item, record, is_own_file(label_file(record)) ? read_label_file(record) : Json::object());
  } catch (const Error& error) {
    item["labels_error"] = to_json(error.message());  // what cannot be understood does not hide the run
  }
  return item;
}

void add_card(Json& item, const RunCard& card) {
  item.update({{"name", card.name},
               {"objective", card.objective},
               {"model", short_name(card.model)},
               {"data", short_name(card.data)},
               {"tuning", card.tuning},
               {"config", card.settings},
               {"calibrated", card.calibrated},
               {"planned", card.planned_steps},
               {"pair_key", card.pair_key.empty() ? "" : sha256_of(card.pair_key)}});
}

void add_record(Json& item, const std::filesystem::path& record) {
  const RecordReader reader = RecordReader::open(record);
  const RunSummary summary = summarize(reader);
  add_card(item, read_run_card(reader.spec_toml(), reader.environment_json()));
  const ShownState shown = judged(reader, !summary.reason.empty());
  item.update({{"generation", reader.identity()},
               {"state", static_cast<int>(summary.state)},
               {"shown", to_string(shown)},
               {"heartbeat", reader.heartbeat()},
               {"steps", summary.steps},
               {"seconds", summary.seconds},
               {"alerts", summary.alerts.size()}});
  if (!summary.reason.empty()) item["reason"] = to_json(summary.reason);
  if (!summary.alerts.empty()) item["last_alert"] = to_json(summary.alerts.back().message);
  if (!summary.note.empty()) item["note"] = to_json(summary.note);
  if (summary.band_defined > 0) item["in_band"] = summary.in_band_share;
  if (summary.last_probe) item["probe"] = {{"z_w", summary.last_probe->z_w}, {"margin", summary.last_probe->margin}};
  if (shown != ShownState::preparing || !is_own_file(record.parent_path() / "progress.json")) return;
  if (const auto progress = read_run_progress(record.parent_path()))
    item["progress"] = {{"phase", progress->phase}, {"done", progress->done}, {"total", progress->total}};
}

}  // namespace

bool owns_folder(const std::filesystem::path& record) { return record.filename() == "run.h5"; }

bool is_own_file(const std::filesystem::path& file) {
  std::error_code unknown;
  return std::filesystem::is_regular_file(std::filesystem::symlink_status(file, unknown));
}

void put_labels(Json& item, const std::filesystem::path& record, Json labels) {
  constexpr std::size_t most_bytes = 64 << 10;
  for (const char* old : {"labels", "labels_error"}) item.erase(old);
  if (labels.dump(-1, ' ', false, Json::error_handler_t::replace).size() > most_bytes) {
    item["labels_error"] =
        to_json(Message::at(label_file(record), Message::tr("it is larger than %1 KiB", most_bytes >> 10)));
  } else if (!labels.empty()) {
    item["labels"] = std::move(labels);
  }
}

ShownState judged(const RecordReader& reader, bool has_reason) {
  const auto process = read_engine_process(reader.path().parent_path());
  // A record without engine.json was written elsewhere or imported: nothing says that its process lives.
  const std::optional<bool> living = process ? alive(*process) : std::optional<bool>(reader.live());
  return shown_state(reader.state(), reader.heartbeat(), living, has_reason, seconds_now());
}

Json unread_item(const std::string& name, const std::filesystem::path& record) {
  Json item = found(name, record);
  item["read"] = false;
  if (!owns_folder(record) || !is_own_file(record.parent_path() / "spec.toml")) return item;
  try {
    add_card(item, read_run_card(read_file(record.parent_path() / "spec.toml", kMostSpecBytes), ""));
  } catch (const DataError&) {
    // The record will say it.
  }
  if (const auto process = read_engine_process(record.parent_path()); process && alive(*process).value_or(false))
    item["shown"] = to_string(ShownState::running);
  return item;
}

Json read_item(const std::string& name, const std::filesystem::path& record) {
  Json item = found(name, record);
  item["read"] = true;
  try {
    add_record(item, record);
  } catch (const std::exception& error) {
    item["error"] = to_json(message_of(error));
  }
  return item;
}

}  // namespace bandscope::serve
