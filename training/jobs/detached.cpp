// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/detached.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"
#include "core/schema/spoken.h"

extern char** environ;

namespace bandscope::jobs {

std::int64_t start_detached(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                            const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> texts = arguments, variables = {std::string(kSpeakVariable) + "=1"};
  texts.insert(texts.begin(), "bandscope-engine");
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  // The first of a name counts.
  for (char** entry = environ; *entry; ++entry) variables.emplace_back(*entry);
  const auto pointers = [](std::vector<std::string>& list) {
    std::vector<char*> all;
    for (std::string& text : list) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  const std::vector<char*> argv = pointers(texts), envp = pointers(variables);
  const Descriptor out(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0666));
  if (!out) throw RunError(Message::tr("cannot write %1: %2", log, system_reason(errno)));
  const Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  int said[2];
  if (::pipe2(said, O_CLOEXEC) != 0)
    throw RunError(Message::tr("no further process can be started: %1", system_reason(errno)));
  const Descriptor read_end(said[0]), write_end(said[1]);
  // A child's child, whose parent ends at once: init collects it, and nothing that is sent to this session reaches it.
  const pid_t child = ::fork();
  if (child == 0) {
    // Between fork and exec only what is safe in a process of several threads.
    ::setsid();
    const pid_t engine = ::fork();
    if (engine != 0) {
      const ssize_t told = engine > 0 ? ::write(write_end.get(), &engine, sizeof engine) : 0;
      ::_exit(told == sizeof engine ? 0 : 1);
    }
    ::dup2(nothing.get(), STDIN_FILENO);
    ::dup2(out.get(), STDOUT_FILENO);
    ::dup2(out.get(), STDERR_FILENO);
    ::execve("/proc/self/exe", argv.data(), envp.data());
    ::_exit(127);
  }
  int status = 0;
  pid_t engine = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0 ||
      ::read(read_end.get(), &engine, sizeof engine) != sizeof engine)
    throw RunError(Message::tr("no further process can be started: %1", system_reason(child < 0 ? errno : EAGAIN)));
  return engine;
}

std::string time_stamp() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S-", &local);
  const std::string thousandths = std::to_string(1000 + since % 1000).substr(1);
  return std::string(text.data(), size) + thousandths;
}

}  // namespace bandscope::jobs
