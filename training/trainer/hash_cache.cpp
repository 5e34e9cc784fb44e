// SPDX-License-Identifier: Apache-2.0
#include "training/trainer/hash_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include "core/cache_folder.h"
#include "core/error.h"
#include "core/input/file.h"
#include "core/input/sha256.h"

namespace bandscope::trainer {
namespace {

namespace fs = std::filesystem;

/// A change of the contents changes this, whatever the modification time is set to afterwards: no call sets ctime.
std::string state_of(const fs::path& file, const struct stat& about) {
  const auto time = [](const timespec& t) { return std::to_string(t.tv_sec) + "." + std::to_string(t.tv_nsec); };
  return fs::weakly_canonical(file).string() + "|" + std::to_string(about.st_dev) + "|" + std::to_string(about.st_ino) +
         "|" + std::to_string(about.st_size) + "|" + time(about.st_ctim) + "|" + time(about.st_mtim);
}

/// Clocks of file systems tick coarsely: what changed within this time may change once more without another ctime.
constexpr std::time_t settled_seconds = 3;

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string read_entry(const fs::path& entry) {
  try {
    std::string text = read_file(entry, 128);
    if (text.ends_with('\n')) text.pop_back();
    return is_digest(text) ? text : "";
  } catch (const DataError&) {
    return "";
  }
}

/// Only a saving: where it cannot be kept, the next run hashes again.
void write_entry(const fs::path& entry, const std::string& digest) {
  std::error_code ignored;
  fs::create_directories(entry.parent_path(), ignored);
  const fs::path part = entry.string() + "." + std::to_string(::getpid());
  std::ofstream out(part, std::ios::trunc);
  out << digest << '\n';
  out.close();
  if (out)
    fs::rename(part, entry, ignored);
  else
    fs::remove(part, ignored);
}

}  // namespace

std::string file_sha256(const fs::path& file) {
  const InputFile input = open_input(file);
  const std::string state = state_of(file, input.about);
  const fs::path cache = cache_folder();
  const fs::path entry = cache.empty() ? fs::path() : cache / "hashes" / sha256_of(state);
  if (!entry.empty())
    if (std::string digest = read_entry(entry); !digest.empty()) return digest;
  const std::string digest = sha256_of_open(input, file);
  struct stat after {};
  const bool settled = ::fstat(input.descriptor.get(), &after) == 0 && state_of(file, after) == state &&
                       std::time(nullptr) - after.st_ctim.tv_sec > settled_seconds;
  if (!entry.empty() && settled) write_entry(entry, digest);
  return digest;
}

}  // namespace bandscope::trainer
