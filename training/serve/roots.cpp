// SPDX-License-Identifier: Apache-2.0
#include "training/serve/roots.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/error.h"
#include "core/input/system_reason.h"
#include "core/serve/names.h"
#include "core/spec/key_rules.h"

namespace bandscope::serve {
namespace {

namespace fs = std::filesystem;
using wire::Refusal;
using wire::Refused;

[[noreturn]] void outside(const std::string& path) {
  throw Refused(Refusal::outside, Message::tr("%1 leads out of the folders that this server serves", path));
}

[[noreturn]] void fail(const std::string& path, int error) {
  if (error == EXDEV || error == ELOOP) outside(path);
  const bool missing = error == ENOENT || error == ENOTDIR;
  throw Refused(missing ? Refusal::missing : Refusal::failed, Message::at(path, system_reason(error)));
}

/// Before the system is asked: what no path of a message is.
void require_relative(const std::string& path) {
  if (path.find('\0') != std::string::npos || path.size() > kLongestPath || path.starts_with('/')) outside(path);
  for (const fs::path& part : fs::path(path))
    if (part == "..") outside(path);
}

bool within(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

/// Where an open file lies, without links.
fs::path place_of(const Descriptor& file, const std::string& path) {
  std::error_code problem;
  fs::path place = fs::read_symlink("/proc/self/fd/" + std::to_string(file.get()), problem);
  if (problem) fail(path, problem.value());
  return place;
}

int open_beneath(int folder, const std::string& path, int flags, unsigned mode) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(::syscall(SYS_openat2, folder, path.empty() ? "." : path.c_str(), &how, sizeof how));
}

}  // namespace

Descriptor open_without_links(const Descriptor& folder, const std::string& path, int flags, unsigned mode) {
  std::vector<std::string> parts;
  for (const fs::path& part : fs::path(path))
    if (!part.empty() && part != ".") parts.push_back(part.string());
  if (parts.empty()) parts.emplace_back(".");
  Descriptor at(::dup(folder.get()));
  for (std::size_t i = 0; i + 1 < parts.size() && at; ++i)
    at = Descriptor(::openat(at.get(), parts[i].c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!at) return at;
  Descriptor last(::openat(at.get(), parts.back().c_str(), flags | O_NOFOLLOW | O_CLOEXEC, mode));
  // With O_PATH the link itself is opened.
  struct stat about {};
  if (last && ::fstat(last.get(), &about) == 0 && S_ISLNK(about.st_mode)) {
    last = Descriptor();
    errno = ELOOP;
  }
  return last;
}

Roots::Roots(const fs::path& runs, const std::vector<fs::path>& data, const std::vector<fs::path>& models) {
  std::error_code problem;
  fs::create_directories(runs, problem);
  add("runs", runs);
  for (std::size_t i = 0; i < data.size(); ++i) add("data/" + std::to_string(i), data[i]);
  for (std::size_t i = 0; i < models.size(); ++i) add("models/" + std::to_string(i), models[i]);
}

void Roots::add(std::string name, const fs::path& folder) {
  std::error_code problem;
  fs::path canonical = fs::canonical(folder, problem);
  Descriptor open(problem ? -1 : ::open(canonical.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!open)
    throw DataError(
        Message::tr("%1 is no folder: %2", folder, problem ? system_reason(problem) : system_reason(errno)));
  roots_.push_back({std::move(name), std::move(canonical), std::move(open)});
}

std::vector<std::string> Roots::names() const {
  std::vector<std::string> names;
  for (const Root& root : roots_) names.push_back(root.name);
  return names;
}

std::vector<std::string> Roots::folders() const {
  std::vector<std::string> folders;
  for (const Root& root : roots_) folders.push_back(root.path.string());
  return folders;
}

const Roots::Root& Roots::root(std::string_view name) const {
  const auto at = std::ranges::find(roots_, name, &Root::name);
  if (at == roots_.end()) throw Refused(Refusal::request, Message::tr("there is no root \"%1\" here", name));
  return *at;
}

Descriptor Roots::open(std::string_view name, const std::string& path, int flags, unsigned mode) const {
  require_relative(path);
  const Root& in = root(name);
  Descriptor file(open_beneath(in.folder.get(), path, flags, mode));
  if (!file && (errno == ENOSYS || errno == EPERM)) file = open_without_links(in.folder, path, flags, mode);
  if (!file) fail(path, errno);
  return file;
}

fs::path Roots::existing(std::string_view name, const std::string& path) const {
  const Descriptor file = open(name, path, O_PATH);
  fs::path place = place_of(file, path);
  if (!within(place, root(name).path)) outside(path);
  return place;
}

fs::path Roots::fresh(std::string_view name, const std::string& path) const {
  require_relative(path);
  const fs::path relative = fs::path(path).lexically_normal();
  if (relative.filename().empty() || relative.filename() == ".") outside(path);
  const fs::path place = existing(name, relative.parent_path().string()) / relative.filename();
  std::error_code unknown;
  if (fs::is_symlink(place, unknown)) outside(path);
  return place;
}

fs::path Roots::inside(const fs::path& path) const {
  std::error_code problem;
  fs::path canonical = fs::canonical(path, problem);
  const bool served = std::ranges::any_of(
      roots_, [&](const Root& root) { return within(problem ? path.lexically_normal() : canonical, root.path); });
  // Whether there is such a file elsewhere is nobody's business.
  if (!served) outside(path.string());
  if (problem) fail(path.string(), problem.value());
  return canonical;
}

void require_plain_name(const std::string& name) {
  if (!wire::is_plain_name(name))
    throw Refused(Refusal::request, Message::tr("\"%1\" cannot be a file's name here", name));
}

}  // namespace bandscope::serve
