// SPDX-License-Identifier: Apache-2.0
#include "core/process/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>

namespace bandscope {

bool open_standard_streams() noexcept {
  std::signal(SIGXFSZ, SIG_IGN);
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is given out, and all below this one are taken. Programs started from here inherit it.
    if (::open("/dev/null", O_RDWR) != stream) return false;
  }
  return true;
}

bool standard_output_is_written() {
  std::cout.flush();
  return static_cast<bool>(std::cout) && std::fflush(stdout) == 0;
}

}  // namespace bandscope
