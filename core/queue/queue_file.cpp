// SPDX-License-Identifier: Apache-2.0
#include "core/queue/queue_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "core/export/fresh_file.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/serve/names.h"

namespace bandscope::queue {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr std::uint64_t most_bytes = 16 << 20;

Descriptor locked(const QueueFile& file, milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  constexpr milliseconds between_tries{5};
  const fs::path name = file.beside("lock");
  Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
  if (!lock) throw RunError(Message::tr("cannot write %1: %2", name, system_reason(errno)));
  const bool for_ever = patience == milliseconds::max();
  const auto end = for_ever ? Clock::time_point::max() : Clock::now() + patience;
  while (::flock(lock.get(), for_ever ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) throw RunError(Message::tr("cannot write %1: %2", name, system_reason(errno)));
    if (Clock::now() >= end)
      throw QueueBusy(Message::at(file.file(), Message::tr("is in use by another program; try again")));
    std::this_thread::sleep_for(between_tries);
  }
  return lock;
}

/// As fresh_id() makes them. Part of the names of jobs, which are to be those of no other.
bool is_fresh_id(std::string_view id) {
  return id.size() == kIdDigits &&
         std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// The file of this name in `folder`; empty where `file` lies elsewhere.
std::string file_in(const fs::path& folder, const fs::path& file) {
  const std::string name = file.filename().string();
  return file.parent_path() == folder && !name.empty() && !name.starts_with('.') ? name : std::string();
}

/// Keeps a run to its queue's folder, whatever another writer of that says. False where it is none of this folder.
bool keep_inside(const fs::path& folder, QueuedRun& run) {
  const fs::path runs = run.runs;
  std::error_code unknown;
  // Another way to the same folder, as another host may have one, is taken for ours.
  if (runs != folder && !fs::equivalent(runs, folder, unknown)) return false;
  const std::string spec = file_in(runs / ".specs", run.spec), log = file_in(runs / ".logs", run.log);
  if (spec.empty() || !wire::is_plain_name(run.name) || !is_fresh_id(run.id)) return false;
  run.runs = folder.string();
  run.spec = (folder / ".specs" / spec).string();
  run.log = log.empty() ? log : (folder / ".logs" / log).string();
  if (!run.by_slurm()) {
    run.stop = QueuedRun::Stop::no;
    run.job.clear();
  }
  return true;
}

}  // namespace

fs::path QueueFile::beside(const char* extension) const {
  return file_.parent_path() / (file_.stem().string() + '.' + extension);
}

Queue QueueFile::load() const {
  std::error_code problem;
  const fs::file_type there = fs::status(file_, problem).type();
  if (there == fs::file_type::not_found) return {};
  // Where a file system gives no answer, there may be a queue all the same, which nothing is to take the place of.
  if (there == fs::file_type::none) throw RunError(Message::tr("cannot read %1: %2", file_, system_reason(problem)));
  Queue queue = queue_from(read_json(file_, most_bytes), file_.string());
  if (writers_ == Writers::own) return queue;
  queue.engine.clear();
  std::erase_if(queue.runs, [&](QueuedRun& run) { return !keep_inside(folder(), run); });
  return queue;
}

void QueueFile::save(const Queue& queue) const {
  write_fresh(file_, to_json(queue).dump(2, ' ', false, Json::error_handler_t::replace) + '\n', OnDisk::first);
}

Queue QueueFile::change(const Change& change, milliseconds patience) const {
  const Descriptor lock = locked(*this, patience);
  Queue queue = load(), saved = queue;
  const auto store = [&](const Queue& now) {
    if (now == saved) return;
    save(now);
    saved = now;
  };
  change(queue, store);
  store(queue);
  return queue;
}

fs::path QueueFile::set_aside(milliseconds patience) const {
  const Descriptor lock = locked(*this, patience);
  try {
    load();
    return {};
  } catch (const DataError&) {
    fs::path aside = file_.string() + ".unreadable";
    std::error_code problem;
    fs::rename(file_, aside, problem);
    if (problem) throw RunError(Message::at(file_, Message::tr("cannot be moved to %1", aside)));
    return aside;
  }
}

QueueFile::Stamp QueueFile::stamp() const {
  struct stat about {};
  if (::stat(file_.c_str(), &about) != 0) return {};
  constexpr std::int64_t nanoseconds = 1'000'000'000;
  return {about.st_ino, about.st_mtim.tv_sec * nanoseconds + about.st_mtim.tv_nsec};
}

QueueFile queue_of_runs(const fs::path& runs) { return QueueFile(runs / ".queue.json", QueueFile::Writers::any); }

}  // namespace bandscope::queue
