// SPDX-License-Identifier: Apache-2.0
#include "core/export/fresh_file.h"

#include <unistd.h>

#include <cerrno>

#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope {

FreshFile::FreshFile(const std::filesystem::path& file)
    : file_(file), part_(file.string() + "." + std::to_string(::getpid()) + ".part") {
  out_.open(part_, std::ios::binary | std::ios::trunc);
  if (!out_) fail();
}

FreshFile::~FreshFile() {
  std::error_code ignored;
  if (!finished_) std::filesystem::remove(part_, ignored);
}

void FreshFile::fail() const {
  throw RunError(Message::at(file_, Message::tr("cannot be written (%1)", system_reason(errno))));
}

void FreshFile::write(std::string_view bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out_) fail();
}

void FreshFile::finish() {
  out_.close();
  if (!out_) fail();
  std::error_code problem;
  std::filesystem::rename(part_, file_, problem);
  if (problem) throw RunError(Message::at(file_, Message::tr("cannot be written (%1)", system_reason(problem))));
  finished_ = true;
}

}  // namespace bandscope
