// SPDX-License-Identifier: Apache-2.0
#include "core/record/examiner_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"
#include "core/record/hdf5_handle.h"
#include "core/record/record_reader.h"
#include "core/schema/message_json.h"

namespace bandscope::record {

namespace {

bool& examining() {
  static bool value = false;
  return value;
}

/// What reading one file may take. Both grow with the file; the rest is room for what reading any record takes.
struct Limits {
  explicit Limits(std::uint64_t file_bytes)
      : cpu_seconds(2 + file_bytes / (32 << 20)), wall_seconds(30 * cpu_seconds), bytes((256 << 20) + file_bytes / 4) {}
  rlim_t cpu_seconds;
  rlim_t wall_seconds;  ///< for a busy machine
  rlim_t bytes;
};

/// Bytes of address space that this process has.
rlim_t address_space() {
  std::ifstream in("/proc/self/statm");
  rlim_t pages = 0;
  in >> pages;
  return pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void limit(int what, rlim_t most) {
  const rlimit value{most, most};
  ::setrlimit(what, &value);
}

/// Reads all that a view or a command could ask for, a block at a time. Returns a remark, or nothing.
Message read_everything(const std::string& path) {
  const RecordReader reader = RecordReader::open_unexamined(path);
  reader.spec_toml();
  reader.environment_json();
  reader.layer_names();
  constexpr std::size_t block = 1 << 16;
  std::size_t changed = 0;
  std::int64_t first_changed = 0;
  for (std::size_t first = 0; first < reader.steps(); first += block) {
    const auto some = reader.changed_steps(first, block);
    if (changed == 0 && !some.empty()) first_changed = some.front();
    changed += some.size();
  }
  for (std::size_t first = 0; first < reader.pairs(); first += block) reader.pair_rows(first, block);
  const std::size_t layer_block =
      std::max<std::size_t>(1, block / std::max<std::size_t>(1, reader.layer_names().size()));
  for (std::size_t first = 0; first < reader.layer_steps(); first += layer_block) reader.layer_rows(first, layer_block);
  reader.probe_rows();
  reader.event_rows();
  reader.evaluation_rows();
  if (changed == 0) return {};
  if (changed == 1) return Message::tr("the values of step %1 are not those that were written", first_changed);
  return Message::tr("the values of %1 steps are not those that were written, first at step %2", changed,
                     first_changed);
}

Message cannot_read(const std::string& path, const Message& why) {
  return Message::tr("cannot read %1: %2", path, why);
}

/// Verdict and message, which has a mark for the file's path; one that is too long for a packet is left out.
std::string answer_of(const std::string& path, char verdict, const Message& message) {
  const auto written = [](const Message& what) {
    return to_json(what).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  const std::string json = written(replaced(message, path, kExaminedFile));
  return verdict + (json.size() < kMostExaminerBytes ? json : written(Message::tr("the file is damaged")));
}

/// In the process that may die: writes the answer.
[[noreturn]] void look_and_exit(const std::string& path, int answer, const Limits& limits) {
  examining() = true;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL})
    ::signal(signal, SIG_DFL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, limits.cpu_seconds);
  limit(RLIMIT_AS, address_space() + limits.bytes);
  Message complaint, remark;
  try {
    remark = read_everything(path);
  } catch (const Error& error) {
    complaint = error.message();
  } catch (const std::bad_alloc&) {
    complaint = cannot_read(path, Message::tr("reading it takes more memory than a record of its size needs"));
  } catch (const std::exception&) {
    complaint = cannot_read(path, Message::tr("the file is damaged"));
  }
  const std::string text =
      complaint.empty() ? answer_of(path, kReadable, remark) : answer_of(path, kUnreadable, complaint);
  const bool written = ::write(answer, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::_exit(written ? 0 : 1);
}

/// Reads what the process wrote until it has ended or its time is over.
std::string read_answer(int descriptor, pid_t process, const Limits& limits) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::seconds(limits.wall_seconds);
  std::string text;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd wait{descriptor, POLLIN, 0};
    const int ready = left > 0 ? ::poll(&wait, 1, static_cast<int>(std::min<long>(left, 60'000))) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && left > 0) continue;
    if (ready <= 0) {
      ::kill(process, SIGKILL);
      return text;
    }
    char block[4096];
    const ssize_t got = ::read(descriptor, block, sizeof block);
    if (got <= 0) return text;
    text.append(block, static_cast<std::size_t>(got));
  }
}

/// The answer about one file.
std::string look_at_file(const std::string& path) {
  struct stat about {};
  const Limits limits(::stat(path.c_str(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0);
  const auto cannot = [&](const Message& why) { return answer_of(path, kUnreadable, cannot_read(path, why)); };
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannot(system_reason(errno));
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const pid_t process = ::fork();
  if (process < 0) return cannot(system_reason(errno));
  if (process == 0) look_and_exit(path, writing.get(), limits);
  writing = Descriptor();
  std::string answer = read_answer(reading.get(), process, limits);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !answer.empty()) return answer;
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
    return cannot(Message::tr("the file is damaged (reading it does not come to an end)"));
  const std::string how = WIFSIGNALED(status) ? ::strsignal(WTERMSIG(status)) : "no answer";
  return cannot(Message::tr("the file is damaged (the HDF5 library fails on it: %1)", how));
}

[[noreturn]] void serve(int socket) {
  ::prctl(PR_SET_NAME, "record-examiner");
  h5::Lock::forget_in_fork();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // Whoever waits for the end of this program's output must not wait for this process.
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {0, 1, 2})
    if (nowhere >= 0) ::dup2(nowhere, standard);
  if (socket > 3) ::close_range(3, static_cast<unsigned>(socket) - 1, 0);
  ::close_range(static_cast<unsigned>(socket) + 1, ~0U, 0);
  std::string path(kMostExaminerBytes, '\0');
  for (;;) {
    const ssize_t got = ::recv(socket, path.data(), path.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) ::_exit(0);
    const std::string answer = look_at_file(path.substr(0, static_cast<std::size_t>(got)));
    if (::send(socket, answer.data(), std::min(answer.size(), kMostExaminerBytes), MSG_NOSIGNAL) < 0) ::_exit(0);
  }
}

}  // namespace

bool being_examined() { return examining(); }

int start_examiner_process() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  Descriptor near(ends[0]);
  const Descriptor given(ends[1]);
  // Away from the standard streams, which the process replaces.
  const Descriptor far(::fcntl(given.get(), F_DUPFD_CLOEXEC, 3));
  // A child of a child, so that no code of this program that waits for children of its own meets it.
  const pid_t between = ::fork();
  if (between < 0) return -1;
  if (between == 0) {
    const pid_t examiner = ::fork();
    if (examiner != 0) ::_exit(examiner < 0 ? 1 : 0);
    // The kept end of this socket is closed with the rest.
    serve(far.get());
  }
  int status = 0;
  while (::waitpid(between, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? near.release() : -1;
}

}  // namespace bandscope::record
