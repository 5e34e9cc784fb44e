// SPDX-License-Identifier: Apache-2.0
#include "training/serve/run_list.h"

#include <sys/stat.h>

#include <utility>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/run/find_records.h"
#include "core/run/label_file.h"
#include "core/schema/message_json.h"
#include "training/serve/run_item.h"

namespace bandscope::serve {
namespace {

constexpr std::chrono::milliseconds between_looks{1000};
/// A run that goes on changes its record at every step.
constexpr std::chrono::seconds between_reads{2};
/// One that stalls or is killed changes nothing.
constexpr std::chrono::seconds between_judgements{5};
/// In the folder of runs, hidden as its specs and logs are.
constexpr const char* kept_name = ".served.json";
constexpr int kept_version = 2;
constexpr std::uint64_t most_kept_bytes = 64 << 20;
/// Much more than what a run tells of itself (its labels have up to 64 KiB): a spec made to be in the way.
constexpr std::size_t most_item_bytes = wire::kLongestLine / 4;

std::size_t length_of(const wire::Json& value) {
  return value.dump(-1, ' ', false, wire::Json::error_handler_t::replace).size();
}

wire::Json bounded(wire::Json item, const std::string& name) {
  if (length_of(item) <= most_item_bytes) return item;
  return {{"run", name},
          {"changed", item.value("changed", wire::Json(0))},
          {"bytes", item.value("bytes", wire::Json(0))},
          {"read", true},
          {"error", to_json(Message::tr("what it tells of itself is larger than %1 KiB", most_item_bytes >> 10))}};
}

std::int64_t changed_at(const std::filesystem::path& file, std::uint64_t* bytes = nullptr) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return 0;
  if (bytes) *bytes = static_cast<std::uint64_t>(about.st_size);
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return about.st_mtim.tv_sec * nanoseconds + about.st_mtim.tv_nsec;
}

bool goes_on(const wire::Json& item) {
  const auto shown = item.find("shown");
  return shown != item.end() &&
         (*shown == "running" || *shown == "preparing" || *shown == "paused" || *shown == "stalled");
}

}  // namespace

RunList::RunList(std::filesystem::path runs) : runs_(std::move(runs)) { recall(); }

RunList::~RunList() {
  worker_.collect();
  keep();
}

void RunList::recall() {
  try {
    wire::Json kept = read_json(runs_ / kept_name, most_kept_bytes);
    if (kept.is_object() && kept.value("version", wire::Json()) == wire::Json(kept_version))
      kept_ = kept.value("runs", wire::Json::object());
  } catch (const Error&) {
    // They are read again.
  }
}

/// Renamed into place: several windows may end at once.
void RunList::keep() const noexcept {
  try {
    wire::Json runs = wire::Json::object();
    for (const auto& [name, entry] : entries_)
      if (entry.item.value("read", false) && !entry.item.contains("error") && !goes_on(entry.item) && !entry.stale)
        runs[name] = {{"files", to_json(entry.files)}, {"item", entry.item}};
    const wire::Json kept{{"version", kept_version}, {"runs", std::move(runs)}};
    write_fresh(runs_ / kept_name, kept.dump(-1, ' ', false, wire::Json::error_handler_t::replace));
  } catch (const std::exception&) {
    // Whoever comes next reads them again.
  }
}

wire::Json RunList::to_json(const Files& files) { return {files.record, files.engine, files.labels, files.bytes}; }

std::string run_name(const std::filesystem::path& runs, const std::filesystem::path& record) {
  const auto place = owns_folder(record) ? record.parent_path() : record;
  return place.lexically_relative(runs).string();
}

RunList::Files RunList::files_of(const std::filesystem::path& record) {
  Files files;
  files.record = changed_at(record, &files.bytes);
  files.engine = owns_folder(record) ? changed_at(record.parent_path() / "engine.json") : 0;
  files.labels = changed_at(label_file(record));
  return files;
}

void RunList::look(Time now) {
  worker_.collect();
  if (now - looked_ < between_looks && looked_ != Time{}) return;
  looked_ = now;
  std::set<std::string> here;
  for (const auto& record : records_below(runs_)) {
    if (!is_own_file(record)) continue;
    const std::string name = run_name(runs_, record);
    here.insert(name);
    auto [at, fresh] = entries_.try_emplace(name);
    Entry& entry = at->second;
    const Files files = files_of(record);
    if (fresh) {
      entry.record = record;
      const auto known = kept_.is_object() ? kept_.find(name) : kept_.end();
      if (known != kept_.end() && known->is_object() && known->value("files", wire::Json()) == to_json(files) &&
          known->value("item", wire::Json()).is_object()) {
        entry.item = known->at("item");
        entry.item["run"] = name;
        entry.item = bounded(std::move(entry.item), name);
        entry.files = files;
        entry.stale = false;
      } else {
        entry.item = bounded(unread_item(name, record), name);
      }
      changed_.insert(name);
      gone_.erase(name);
    }
    entry.stale =
        entry.stale || !(files == entry.files) || (goes_on(entry.item) && now - entry.read_at > between_judgements);
    entry.files = files;
    const bool may = fresh || now - entry.read_at > between_reads;
    if (entry.stale && !entry.reading && may) read(name, entry, now);
  }
  kept_ = nullptr;
  std::erase_if(entries_, [&](const auto& known) {
    if (here.contains(known.first)) return false;
    gone_.insert(known.first);
    changed_.erase(known.first);
    return true;
  });
}

void RunList::read(const std::string& name, Entry& entry, Time now) {
  entry.reading = true;
  entry.stale = false;
  entry.read_at = now;
  entry.turn = ++turns_;
  worker_.add([this, name, record = entry.record, turn = entry.turn]() -> Worker::Result {
    return [this, name, turn, item = bounded(read_item(name, record), name)] {
      const auto at = entries_.find(name);
      if (at == entries_.end() || at->second.turn != turn) return;
      at->second.reading = false;
      if (at->second.item == item) return;
      at->second.item = item;
      changed_.insert(name);
    };
  });
}

/// What is being read of it may be of before; it is read again where it is not known.
void RunList::anew(Entry& entry) {
  entry.turn = ++turns_;
  if (std::exchange(entry.reading, false)) entry.stale = true;
}

void RunList::relabelled(const std::string& name, const wire::Json& labels) {
  const auto at = entries_.find(name);
  if (at == entries_.end()) return;
  anew(at->second);
  put_labels(at->second.item, at->second.record, labels);
  changed_.insert(name);
}

void RunList::renamed(const std::string& name, const std::string& now) {
  auto entry = entries_.extract(name);
  if (entry.empty()) return;
  anew(entry.mapped());
  entry.mapped().record = owns_folder(entry.mapped().record) ? runs_ / now / "run.h5" : runs_ / now;
  entry.mapped().item["run"] = now;
  entry.key() = now;
  entries_.insert(std::move(entry));
  changed_.erase(name);
  gone_.erase(now);
  gone_.insert(name);
  changed_.insert(now);
}

void RunList::removed(const std::string& name) {
  if (entries_.erase(name) == 0) return;
  changed_.erase(name);
  gone_.insert(name);
}

wire::Json RunList::page(std::size_t first, std::size_t most) const {
  wire::Json items = wire::Json::array();
  std::size_t bytes = 0, number = 0;
  for (const auto& [name, entry] : entries_) {
    if (number++ < first) continue;
    bytes += length_of(entry.item) + 1;
    // At least one, so that whoever asks page after page comes to the end.
    if (items.size() == most || (bytes > wire::kLongestLine / 2 && !items.empty())) break;
    items.push_back(entry.item);
  }
  return items;
}

RunList::Changes RunList::take_changes(std::size_t most) {
  Changes changes;
  std::size_t bytes = 0;
  while (!gone_.empty() && bytes < wire::kLongestLine / 4) {
    bytes += length_of(*gone_.begin()) + 1;
    changes.gone.push_back(std::move(gone_.extract(gone_.begin()).value()));
  }
  bytes = 0;
  while (!changed_.empty() && changes.runs.size() < most && bytes < wire::kLongestLine / 2) {
    const auto node = changed_.extract(changed_.begin());
    if (const auto at = entries_.find(node.value()); at != entries_.end()) {
      bytes += length_of(at->second.item) + 1;
      changes.runs.push_back(at->second.item);
    }
  }
  return changes;
}

}  // namespace bandscope::serve
