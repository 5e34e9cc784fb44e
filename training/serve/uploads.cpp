// SPDX-License-Identifier: Apache-2.0
#include "training/serve/uploads.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/input/system_reason.h"
#include "core/serve/base64.h"

namespace bandscope::serve {
namespace {

using wire::Json;
using wire::Refusal;
using wire::Refused;

constexpr std::size_t most_files = 16;

void require_sha(const std::string& sha) {
  const bool hex = std::ranges::all_of(sha, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (sha.size() != 64 || !hex)
    throw Refused(Refusal::request,
                  Message::tr("key \"%1\" must be 64 lower-case hexadecimal digits", std::string("sha256")));
}

std::string part_name(const std::string& sha) { return "." + sha + ".part"; }

[[noreturn]] void fail(const std::string& file, int error) {
  throw RunError(Message::tr("cannot write %1: %2", file, system_reason(error)));
}

/// Adds up what is there of a file; returns how much that is.
std::uint64_t sum_of(int file, Sha256& sum) {
  std::string block(1 << 20, '\0');
  std::uint64_t have = 0;
  for (ssize_t got = 0; (got = ::pread(file, block.data(), block.size(), static_cast<off_t>(have))) > 0;) {
    sum.add(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
    have += static_cast<std::uint64_t>(got);
  }
  return have;
}

/// Whether the name still stands for this file.
bool is_named(int folder, const std::string& name, int file) {
  struct stat named {
  }, own{};
  return ::fstatat(folder, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 && ::fstat(file, &own) == 0 &&
         named.st_ino == own.st_ino && named.st_dev == own.st_dev;
}

Json whole(const std::string& root, const std::string& name, std::uint64_t bytes) {
  return {{"have", bytes}, {"root", root}, {"path", std::string(Uploads::folder_name) + "/" + name}};
}

}  // namespace

Json Uploads::announce(const wire::Request& request) {
  const std::string sha = request.text("sha256"), root = request.text("root");
  require_sha(sha);
  require_plain_name(request.text("name"));
  if (!root.starts_with("data/"))
    throw Refused(Refusal::request, Message::tr("data are sent into a root of data only"));
  const std::string name = sha + "-" + request.text("name");
  const std::uint64_t bytes = request.count("bytes", 0);
  const Descriptor top = roots_.open(root, "", O_RDONLY | O_DIRECTORY);
  if (::mkdirat(top.get(), folder_name, 0777) != 0 && errno != EEXIST) fail(folder_name, errno);
  Descriptor folder = roots_.open(root, folder_name, O_RDONLY | O_DIRECTORY);
  struct stat about {};
  if (::fstatat(folder.get(), name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0) {
    if (!S_ISREG(about.st_mode) || static_cast<std::uint64_t>(about.st_size) != bytes)
      throw Refused(Refusal::failed, Message::tr("there is another file %1 already", name));
    files_.erase(sha);
    return whole(root, name, bytes);
  }
  Descriptor part(
      ::openat(folder.get(), part_name(sha).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
  if (!part || ::fstat(part.get(), &about) != 0) fail(name, errno);
  if (!S_ISREG(about.st_mode)) throw Refused(Refusal::failed, Message::tr("%1 is no file", part_name(sha)));
  File file{sha, root, name, bytes, 0, std::move(folder), std::move(part), {}, 0};
  // More than the file has is another's.
  if (static_cast<std::uint64_t>(about.st_size) > bytes && ::ftruncate(file.part.get(), 0) != 0) fail(name, errno);
  file.have = sum_of(file.part.get(), file.sum);
  // Of files that nobody goes on with nothing is told: the one that has waited longest goes, and is announced again
  // where it is gone on with all the same.
  if (files_.size() >= most_files && !files_.contains(sha))
    files_.erase(std::ranges::min_element(files_, {}, [](const auto& known) { return known.second.used; }));
  File& kept = files_.insert_or_assign(sha, std::move(file)).first->second;
  kept.used = ++uses_;
  return standing(kept);
}

Json Uploads::take(const wire::Request& request) {
  const std::string sha = request.text("sha256");
  const auto known = files_.find(sha);
  if (known == files_.end()) throw Refused(Refusal::missing, Message::tr("this file was not announced"));
  File& file = known->second;
  file.used = ++uses_;
  const auto data = wire::from_base64(request.text("data"));
  if (!data || data->size() > wire::kMostChunkBytes)
    throw Refused(Refusal::request, Message::tr("a chunk is base64 of at most %1 bytes", wire::kMostChunkBytes));
  if (request.count("at", 0) != file.have || data->size() > file.bytes - file.have)
    throw Refused(Refusal::request, Message::tr("the next chunk begins at byte %1 of %2", file.have, file.bytes));
  if (!is_named(file.folder.get(), part_name(sha), file.part.get())) return sent_by_another(file);
  std::string_view rest = *data;
  while (!rest.empty()) {
    const ssize_t wrote = ::pwrite(file.part.get(), rest.data(), rest.size(), static_cast<off_t>(file.have));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) fail(file.name, errno);
    file.sum.add(rest.substr(0, static_cast<std::size_t>(wrote)));
    file.have += static_cast<std::uint64_t>(wrote);
    rest.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return standing(file);
}

/// Another session of the same user has made it whole, or put it away: what is written here would go into its file.
Json Uploads::sent_by_another(File& file) {
  const File done = std::move(file);
  files_.erase(done.sha);
  struct stat about {};
  if (::fstatat(done.folder.get(), done.name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
      static_cast<std::uint64_t>(about.st_size) == done.bytes)
    return whole(done.root, done.name, done.bytes);
  throw Refused(Refusal::missing, Message::tr("this file was not announced"));
}

Json Uploads::standing(File& file) {
  if (file.have < file.bytes) return {{"have", file.have}};
  const std::string part = part_name(file.sha);
  if (!is_named(file.folder.get(), part, file.part.get())) return sent_by_another(file);
  File done = std::move(file);
  files_.erase(done.sha);
  // Of what lies there: another session may have written into it as well.
  Sha256 there;
  if (done.sum.hex() != done.sha || sum_of(done.part.get(), there) != done.bytes || there.hex() != done.sha) {
    ::unlinkat(done.folder.get(), part.c_str(), 0);
    throw Refused(Refusal::failed, Message::tr("what came is not the file that was announced; send it again"));
  }
  if (::fsync(done.part.get()) != 0) fail(done.name, errno);
  if (::renameat(done.folder.get(), part.c_str(), done.folder.get(), done.name.c_str()) != 0) fail(done.name, errno);
  return whole(done.root, done.name, done.bytes);
}

}  // namespace bandscope::serve
