// SPDX-License-Identifier: Apache-2.0
#include "core/record/examiner.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <string>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/record/examiner_process.h"
#include "core/record/file_look.h"
#include "core/record/hdf5_handle.h"
#include "core/schema/message_json.h"

namespace bandscope {

namespace record {

namespace {

/// A file as it was when it was looked at.
using FileState = std::array<std::uint64_t, 7>;

FileState state_of(const struct stat& about) {
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  return {number(about.st_dev),         number(about.st_ino),          number(about.st_size),
          number(about.st_mtim.tv_sec), number(about.st_mtim.tv_nsec), number(about.st_ctim.tv_sec),
          number(about.st_ctim.tv_nsec)};
}

struct Verdict {
  bool readable = false;
  Message words;  ///< what is wrong; of a readable file: a remark, or nothing
};

class Examiner {
 public:
  /// One for the process, as HDF5's state is.
  static Examiner& of_process() {
    static Examiner examiner;
    return examiner;
  }

  void start() {
    // In this order everywhere, since whoever opens a record may hold the library's lock already.
    const h5::Lock library;
    const std::lock_guard guard(mutex_);
    if (socket_ && owner_ == ::getpid()) return;
    socket_ = Descriptor(start_examiner_process());
    owner_ = ::getpid();
  }

  Verdict verdict(const std::filesystem::path& file, const FileState& state) {
    // A second try with a new process: the first may have been ended from outside.
    for (int attempt = 0; attempt < 2; ++attempt) {
      start();
      const std::lock_guard guard(mutex_);
      if (const auto known = known_.find(state); known != known_.end()) return known->second;
      Verdict answer;
      if (!ask(file, answer)) {
        socket_ = Descriptor();
        continue;
      }
      constexpr std::size_t most_known = 4096;
      if (known_.size() >= most_known) known_.clear();
      return known_[state] = answer;
    }
    return {false,
            Message::tr("cannot read %1: %2", file, Message::tr("no process could be made to look at it first"))};
  }

 private:
  /// False when there is no answer.
  bool ask(const std::filesystem::path& file, Verdict& verdict) const {
    if (!socket_) return false;
    const std::string path = std::filesystem::absolute(file).string();
    if (path.size() > kMostExaminerBytes) {
      verdict = {false, Message::tr("cannot read %1: %2", file, Message::tr("its path is too long"))};
      return true;
    }
    if (::send(socket_.get(), path.data(), path.size(), MSG_NOSIGNAL) < 0) return false;
    std::string received(kMostExaminerBytes, '\0');
    ssize_t got = 0;
    do got = ::recv(socket_.get(), received.data(), received.size(), 0);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    const auto answer = try_json(std::string_view(received).substr(1, static_cast<std::size_t>(got) - 1));
    const auto message = answer ? message_from(*answer) : std::nullopt;
    const bool readable = received[0] == kReadable;
    // Named as it was asked for; what cannot be said so is said in short.
    if (message)
      verdict = {readable, replaced(*message, kExaminedFile, file.string())};
    else
      verdict = {readable,
                 readable ? Message() : Message::tr("cannot read %1: %2", file, Message::tr("the file is damaged"))};
    return true;
  }

  std::mutex mutex_;
  Descriptor socket_;
  pid_t owner_ = 0;  ///< a forked copy of this process must not share the socket
  std::map<FileState, Verdict> known_;
};

}  // namespace

Message examine(const std::filesystem::path& file) {
  const FileLook look = look_at(file);
  if (being_examined()) return {};
  // Also where it is not asked: it must be there before HDF5 has a file of this process open, which it would share.
  start_record_examiner();
  if (look.writer_alive) return {};
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) throw DataError(Message::tr("cannot read %1: %2", file, system_reason(errno)));
  const Verdict verdict = Examiner::of_process().verdict(file, state_of(about));
  if (!verdict.readable) throw DataError(verdict.words);
  return verdict.words;
}

}  // namespace record

void start_record_examiner() {
  if (!record::being_examined()) record::Examiner::of_process().start();
}

}  // namespace bandscope
