// SPDX-License-Identifier: Apache-2.0
#include "core/input/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope {

namespace {

Message kind_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return Message::tr("a folder");
    case S_IFIFO:
      return Message::tr("a FIFO");
    case S_IFSOCK:
      return Message::tr("a socket");
    case S_IFCHR:
    case S_IFBLK:
      return Message::tr("a device");
    default:
      return Message::tr("something else");
  }
}

[[noreturn]] void fail(const std::filesystem::path& file, const Message& reason) { throw FileError(file, reason); }

}  // namespace

Descriptor::~Descriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

InputFile open_input(const std::filesystem::path& file) {
  InputFile input;
  // Looked at before it is opened, since opening alone can have effects on a device; and again behind the descriptor,
  // since the name may have changed hands in between.
  if (::stat(file.c_str(), &input.about) != 0) fail(file, system_reason(errno));
  if (!S_ISREG(input.about.st_mode)) fail(file, Message::tr("%1, not a file", kind_of(input.about.st_mode)));
  input.descriptor = Descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!input.descriptor || ::fstat(input.descriptor.get(), &input.about) != 0) fail(file, system_reason(errno));
  if (!S_ISREG(input.about.st_mode)) fail(file, Message::tr("%1, not a file", kind_of(input.about.st_mode)));
  return input;
}

bool is_there(const std::filesystem::path& file) {
  std::error_code problem;
  return std::filesystem::exists(file, problem) || problem;
}

std::string read_file(const std::filesystem::path& file, std::uint64_t most_bytes) {
  const InputFile input = open_input(file);
  const auto refuse_size = [&] {
    fail(file, Message::tr("it is larger than %1 MiB, more than such a file needs", most_bytes >> 20));
  };
  if (input.bytes() > most_bytes) refuse_size();
  std::string text;
  text.reserve(input.bytes());
  // Read to the end rather than to the size, which a file that grows (or one of /proc) does not tell.
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(input.descriptor.get(), block, sizeof block);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(file, system_reason(errno));
    if (text.size() + static_cast<std::size_t>(got) > most_bytes) refuse_size();
    text.append(block, static_cast<std::size_t>(got));
  }
}

}  // namespace bandscope
