// SPDX-License-Identifier: Apache-2.0
#include "core/process/program_output.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"
#include "core/process/child_texts.h"

namespace bandscope {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw RunError(Message::tr("no further process can be started: %1", system_reason(errno)));
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read, write;
};

pid_t start(const std::vector<std::string>& command, const std::vector<std::pair<std::string, std::string>>& variables,
            const Pipe& out, const Pipe& error) {
  std::vector<std::string> texts = command, settings = environment_with(variables);
  posix_spawn_file_actions_t streams;
  posix_spawnattr_t how;
  ::posix_spawn_file_actions_init(&streams);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_addopen(&streams, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&streams, out.write.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&streams, error.write.get(), STDERR_FILENO);
  sigset_t ignored_here;
  ::sigemptyset(&ignored_here);
  ::sigaddset(&ignored_here, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&how, &ignored_here);
  ::posix_spawnattr_setpgroup(&how, 0);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  pid_t process = -1;
  const int problem = ::posix_spawnp(&process, texts.front().c_str(), &streams, &how, pointers(texts).data(),
                                     pointers(settings).data());
  ::posix_spawn_file_actions_destroy(&streams);
  ::posix_spawnattr_destroy(&how);
  if (problem != 0) throw RunError(Message::tr("%1 cannot be started: %2", command.front(), system_reason(problem)));
  return process;
}

/// False at the end of the stream.
bool read_some(const Descriptor& stream, std::string& text, std::size_t most, bool& whole) {
  std::array<char, 1 << 14> block{};
  const ssize_t got = ::read(stream.get(), block.data(), block.size());
  if (got <= 0) return got < 0 && errno == EINTR;
  const auto bytes = static_cast<std::size_t>(got);
  const std::size_t room = std::min(bytes, most - text.size());
  text.append(block.data(), room);
  whole = whole && room == bytes;
  return true;
}

int left_of(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

}  // namespace

ProgramOutput program_output(const std::vector<std::string>& command, const ProgramLimits& limits,
                             const std::vector<std::pair<std::string, std::string>>& variables) {
  Pipe out, error;
  const auto deadline = Clock::now() + limits.time;
  const pid_t process = start(command, variables, out, error);
  out.write = Descriptor();
  error.write = Descriptor();
  ProgramOutput got;
  std::array<pollfd, 2> streams = {{{out.read.get(), POLLIN, 0}, {error.read.get(), POLLIN, 0}}};
  const auto open = [&] { return streams[0].fd >= 0 || streams[1].fd >= 0; };
  while (open() && left_of(deadline) > 0) {
    if (::poll(streams.data(), streams.size(), left_of(deadline)) < 0) continue;
    if (streams[0].revents != 0 && !read_some(out.read, got.out, limits.bytes, got.whole)) streams[0].fd = -1;
    if (streams[1].revents != 0 && !read_some(error.read, got.error, limits.bytes, got.whole)) streams[1].fd = -1;
  }
  int status = 0;
  pid_t ended = 0;
  // A program may close its streams before it ends.
  while ((ended = ::waitpid(process, &status, WNOHANG)) == 0 && left_of(deadline) > 0) ::poll(nullptr, 0, 5);
  if (ended == process && !open()) {
    constexpr int by_signal = 128;
    got.code = WIFEXITED(status) ? WEXITSTATUS(status) : by_signal + WTERMSIG(status);
    return got;
  }
  ::kill(-process, SIGKILL);
  while (ended == 0 && ::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  return got;
}

}  // namespace bandscope
