// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>

#include "core/error.h"
#include "core/input/system_reason.h"

extern char** environ;

namespace bandscope::jobs {
namespace {

/// This process's environment with some variables set anew.
std::vector<std::string> changed_environment(const std::vector<std::pair<std::string, std::string>>& changes) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : changes) variables[name] = value;
  std::vector<std::string> result;
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments,
             const std::vector<std::pair<std::string, std::string>>& environment) {
  std::vector<std::string> argument_texts = arguments, environment_texts = changed_environment(environment);
  argument_texts.insert(argument_texts.begin(), "bandscope-engine");
  std::vector<char*> argv = pointers(argument_texts), envp = pointers(environment_texts);
  std::array<Descriptor, 2> theirs;
  for (const std::size_t i : {0, 1}) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      throw RunError(Message::tr("no pipe for another engine: %1", system_reason(errno)));
    pipes_[i] = Descriptor(ends[0]);
    theirs[i] = Descriptor(ends[1]);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) {
    // Between fork and exec only what is safe in a process of several threads.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(theirs[0].get(), STDOUT_FILENO);
    ::dup2(theirs[1].get(), STDERR_FILENO);
    ::execve("/proc/self/exe", argv.data(), envp.data());
    ::_exit(127);
  }
  if (pid_ < 0) throw RunError(Message::tr("no further process can be started: %1", system_reason(errno)));
}

Child::~Child() {
  if (pid_ > 0 && !code_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Child::signal(int number) const {
  if (pid_ > 0 && !code_) ::kill(pid_, number);
}

void Child::read_pipe(std::size_t which, std::vector<std::string>& lines) {
  char buffer[4096];
  while (pipes_[which]) {
    const ssize_t n = ::read(pipes_[which].get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // nothing more for now
    if (n == 0) {
      pipes_[which] = Descriptor();
      if (!part_[which].empty()) lines.push_back(std::move(part_[which]));
      part_[which].clear();
      return;
    }
    part_[which].append(buffer, static_cast<std::size_t>(n));
    for (std::size_t end; (end = part_[which].find('\n')) != std::string::npos; part_[which].erase(0, end + 1))
      lines.push_back(part_[which].substr(0, end));
  }
}

Child::Lines Child::read() {
  Lines lines;
  read_pipe(0, lines.out);
  read_pipe(1, lines.error);
  return lines;
}

std::optional<int> Child::ended() {
  if (!code_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_)
      code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  // A grandchild may hold a pipe open; the child's own words are all there once it has ended.
  return code_;
}

}  // namespace bandscope::jobs
