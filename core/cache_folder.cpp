// SPDX-License-Identifier: Apache-2.0
#include "core/cache_folder.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace bandscope {
namespace {

namespace fs = std::filesystem;

fs::path absolute_or_none(const char* text) {
  const fs::path path = text ? text : "";
  return path.is_absolute() ? path : fs::path();
}

fs::path home_of_user() {
  if (fs::path home = absolute_or_none(std::getenv("HOME")); !home.empty()) return home;
  std::vector<char> texts(1 << 14);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, texts.data(), texts.size(), &found) != 0 || !found) return {};
  return absolute_or_none(found->pw_dir);
}

/// Makes `folder` with its parents, 0700 as the specification has it; what is there stays as it is.
void make_private(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) return;
  if (folder.has_parent_path() && folder.parent_path() != folder) make_private(folder.parent_path());
  ::mkdir(folder.c_str(), 0700);
}

/// True for a folder of this user, or of the system's, that not everyone may write.
bool trusted(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  return (status.st_uid == ::geteuid() || status.st_uid == 0) && (status.st_mode & S_IWOTH) == 0;
}

fs::path named_or_below_home(const char* variable, const char* otherwise) {
  if (fs::path named = absolute_or_none(std::getenv(variable)); !named.empty()) return named;
  const fs::path home = home_of_user();
  return home.empty() ? fs::path() : home / otherwise;
}

}  // namespace

fs::path cache_home() { return named_or_below_home("XDG_CACHE_HOME", ".cache"); }

fs::path config_home() { return named_or_below_home("XDG_CONFIG_HOME", ".config"); }

fs::path cache_folder() {
  const fs::path home = cache_home();
  if (home.empty()) return {};
  const fs::path folder = home / "bandscope";
  make_private(folder);
  return trusted(folder) ? folder : fs::path();
}

}  // namespace bandscope
