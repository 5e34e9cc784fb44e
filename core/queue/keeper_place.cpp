// SPDX-License-Identifier: Apache-2.0
#include "core/queue/keeper_place.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/schema/message_json.h"

namespace bandscope::queue {
namespace {

using Json = nlohmann::json;

/// Always of this size, so that something can be said when the disk is full.
constexpr std::size_t file_bytes = 4096;

}  // namespace

std::optional<KeeperPlace> KeeperPlace::take(const QueueFile& queue) {
  const auto name = queue.beside("keeper");
  Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
  while (file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::nullopt;
    if (errno != EINTR) file = Descriptor();
  }
  if (!file) throw RunError(Message::tr("cannot write %1: %2", name, system_reason(errno)));
  KeeperPlace place(std::move(file));
  place.said_ = Message::plain("-");
  place.say({});
  return place;
}

void KeeperPlace::say(const Message& problem) {
  if (!file_ || problem == said_) return;
  said_ = problem;
  Json object = {{"session", ::getsid(0)}};
  if (!problem.empty()) object["problem"] = problem.english();
  if (problem.is_sentence()) object["problem_values"] = to_json(problem);
  const auto dumped = [&] { return object.dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string text = dumped();
  if (text.size() >= file_bytes) {
    object.erase("problem_values");
    object["problem"] = problem.english().substr(0, file_bytes / 8);  // a byte is escaped as six
    text = dumped();
  }
  text.resize(file_bytes - 1, ' ');
  text += '\n';
  // Where even this cannot be written, the log has it.
  [[maybe_unused]] const ssize_t written = ::pwrite(file_.get(), text.data(), text.size(), 0);
}

KeeperLook look_for_keeper(const QueueFile& queue) {
  KeeperLook look;
  const Descriptor file(::open(queue.beside("keeper").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return look;
  look.there = ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  std::array<char, file_bytes> bytes{};
  const ssize_t size = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  const auto json = try_json({bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(0, size))});
  if (!json || !json->is_object()) return look;
  const Json session = json->value("session", Json()), problem = json->value("problem", Json());
  if (session.is_number_integer()) look.session = session.get<std::int64_t>();
  if (problem.is_string())
    look.problem = message_of(problem.get_ref<const std::string&>(), json->value("problem_values", Json()));
  return look;
}

}  // namespace bandscope::queue
