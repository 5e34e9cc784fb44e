// SPDX-License-Identifier: Apache-2.0
#include "training/serve/stdio.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/error.h"
#include "training/serve/devices.h"
#include "training/serve/session.h"

namespace bandscope::serve {
namespace {

/// The streams of the conversation, away from the numbers that libraries print to.
struct Streams {
  Descriptor in, out;
};

Streams take_streams() {
  Streams streams{Descriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)),
                  Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))};
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  ::dup2(nothing.get(), STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  for (const int stream : {streams.in.get(), streams.out.get()})
    ::fcntl(stream, F_SETFL, ::fcntl(stream, F_GETFL) | O_NONBLOCK);
  return streams;
}

/// False when there will be no more.
bool read_some(const Descriptor& in, Session& session) {
  std::array<char, 1 << 16> block{};
  const ssize_t got = ::read(in.get(), block.data(), block.size());
  if (got > 0) session.receive({block.data(), static_cast<std::size_t>(got)});
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

bool write_some(const Descriptor& out, Session& session) {
  const std::string_view waiting = session.output();
  const ssize_t wrote = ::write(out.get(), waiting.data(), waiting.size());
  if (wrote > 0) session.written(static_cast<std::size_t>(wrote));
  return wrote > 0 || (wrote < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

int serve_stdio(const ServeArguments& arguments) {
  const Roots roots(arguments.runs, arguments.data, arguments.models);
  const Streams streams = take_streams();
  Session session(roots, devices_here(), arguments.slurm ? queue::Start::slurm : queue::Start::process);
  auto last_tick = std::chrono::steady_clock::now();
  for (;;) {
    std::vector<pollfd> wanted;
    wanted.push_back({session.wants_input() ? streams.in.get() : -1, POLLIN, 0});
    // Also without anything to write: a reader that has gone is noticed there.
    wanted.push_back({streams.out.get(), static_cast<short>(session.output().empty() ? 0 : POLLOUT), 0});
    for (const int signal : session.signals()) wanted.push_back({signal, POLLIN, 0});
    const int ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(Session::tick_length.count()));
    if (ready < 0 && errno != EINTR) return static_cast<int>(ExitCode::failed);
    if (wanted[0].revents != 0 && !read_some(streams.in, session)) return static_cast<int>(ExitCode::done);
    if ((wanted[1].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return static_cast<int>(ExitCode::done);
    if ((wanted[1].revents & POLLOUT) != 0 && !write_some(streams.out, session))
      return static_cast<int>(ExitCode::done);
    bool told = false;
    for (std::size_t i = 2; i < wanted.size(); ++i) told = told || wanted[i].revents != 0;
    const auto now = std::chrono::steady_clock::now();
    if (!told && now - last_tick < Session::tick_length) continue;
    last_tick = now;
    session.tick(now);
  }
}

}  // namespace bandscope::serve
