// SPDX-License-Identifier: Apache-2.0
#include "core/export/fresh_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/system_reason.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

fs::path target_of(const fs::path& file) {
  std::error_code problem;
  fs::path target = fs::canonical(file, problem);
  return problem ? file : target;
}

/// 0, or the system's reason. Some file systems do not know the question.
int to_disk(const fs::path& file) {
  const Descriptor open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (open && ::fsync(open.get()) == 0) return 0;
  return errno == EINVAL || errno == ENOSYS || errno == ENOTSUP ? 0 : errno;
}

}  // namespace

FreshFile::FreshFile(const fs::path& file, Unfinished unfinished, Name name)
    : file_(file), target_(name == Name::given ? target_of(file) : file), unfinished_(unfinished) {
  std::error_code ignored;
  const fs::file_status there =
      name == Name::given ? fs::status(target_, ignored) : fs::symlink_status(target_, ignored);
  const bool device = fs::is_character_file(there) || fs::is_block_file(there);
  if (device || (name == Name::given && fs::exists(there) && !fs::is_regular_file(there))) {
    part_ = target_;
  } else {
    const std::string own = unfinished == Unfinished::kept ? "" : "." + std::to_string(::getpid());
    part_ = target_.string() + own + ".part";
    fs::remove(part_, ignored);  // whatever is in its place, a pipe too, is not opened
  }
  errno = 0;
  out_.open(part_, std::ios::binary | std::ios::trunc);
  if (!out_) fail(errno);
}

FreshFile::~FreshFile() {
  std::error_code ignored;
  if (!finished_ && unfinished_ == Unfinished::removed && part_ != target_) fs::remove(part_, ignored);
}

void FreshFile::fail(int reason) const {
  throw RunError(Message::at(file_, Message::tr("cannot be written (%1)", system_reason(reason != 0 ? reason : EIO))));
}

void FreshFile::write(std::string_view bytes) {
  errno = 0;
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (unfinished_ == Unfinished::kept) out_.flush();
  if (!out_) fail(errno);
}

void FreshFile::finish(OnDisk on_disk) {
  errno = 0;
  out_.close();
  if (!out_) fail(errno);
  if (on_disk == OnDisk::first && part_ != target_)
    if (const int reason = to_disk(part_); reason != 0) fail(reason);
  std::error_code problem;
  if (part_ != target_) fs::rename(part_, target_, problem);
  if (problem) fail(problem.value());
  finished_ = true;
}

void write_fresh(const fs::path& file, std::string_view bytes, OnDisk on_disk) {
  FreshFile fresh(file, FreshFile::Unfinished::removed, FreshFile::Name::own);
  fresh.write(bytes);
  fresh.finish(on_disk);
}

}  // namespace bandscope
