// SPDX-License-Identifier: Apache-2.0
#include "core/process/detached.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"
#include "core/process/child_texts.h"

namespace bandscope {
namespace {

/// What a child tells of its own child: its number, or why it could not be.
struct Told {
  pid_t pid = 0;
  int problem = 0;
};

void tell(int pipe, pid_t pid, int problem) {
  const Told told{pid, problem};
  [[maybe_unused]] const ssize_t written = ::write(pipe, &told, sizeof told);
}

}  // namespace

std::int64_t start_detached(const DetachedProgram& started) {
  std::vector<std::string> texts = started.arguments, variables = environment_with(started.environment);
  const std::vector<char*> argv = pointers(texts), envp = pointers(variables);
  const Descriptor out(
      ::open(started.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0666));
  if (!out) throw RunError(Message::tr("cannot write %1: %2", started.log, system_reason(errno)));
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw RunError(Message::tr("no further process can be started: %1", system_reason(errno)));
  const Descriptor read_end(ends[0]);
  Descriptor write_end(ends[1]);
  // A child's child, whose parent ends at once: init collects it, and nothing that is sent to this session reaches it.
  const pid_t child = ::fork();
  if (child == 0) {
    // Between fork and exec only what is safe in a process of several threads.
    const pid_t own = ::fork();
    if (own != 0) {
      tell(write_end.get(), own, own < 0 ? errno : 0);
      ::_exit(0);
    }
    ::setsid();
    ::signal(SIGHUP, SIG_IGN);
    ::dup2(nothing.get(), STDIN_FILENO);
    ::dup2(out.get(), STDOUT_FILENO);
    ::dup2(out.get(), STDERR_FILENO);
#ifdef SYS_close_range
    constexpr unsigned close_on_exec = 4;  // CLOSE_RANGE_CLOEXEC
    ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, close_on_exec);
#endif
    ::execve(started.program.c_str(), argv.data(), envp.data());
    tell(write_end.get(), 0, errno);
    ::_exit(127);
  }
  const int no_child = errno;
  if (child < 0) throw RunError(Message::tr("no further process can be started: %1", system_reason(no_child)));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  write_end = Descriptor();
  pid_t pid = 0;
  // To its end: with the start of the program its side of the pipe is closed.
  for (Told told; ::read(read_end.get(), &told, sizeof told) == sizeof told;) {
    if (told.pid < 0) throw RunError(Message::tr("no further process can be started: %1", system_reason(told.problem)));
    if (told.problem != 0)
      throw RunError(Message::tr("cannot start %1: %2", started.program, system_reason(told.problem)));
    pid = told.pid;
  }
  if (pid == 0) throw RunError(Message::tr("no further process can be started: %1", system_reason(EAGAIN)));
  return pid;
}

}  // namespace bandscope
