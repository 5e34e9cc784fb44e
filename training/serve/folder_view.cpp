// SPDX-License-Identifier: Apache-2.0
#include "training/serve/folder_view.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/input/system_reason.h"

namespace bandscope::serve {
namespace {

namespace fs = std::filesystem;
using wire::Json;
using wire::Refusal;
using wire::Refused;

/// What lies in the folder and may be seen: no hidden files, no links that lead out.
std::vector<std::string> names_in(const Roots& roots, const std::string& root, const std::string& path) {
  std::vector<std::string> names;
  std::error_code problem;
  const fs::path folder = roots.existing(root, path);
  fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, problem);
  for (const fs::directory_iterator end; !problem && at != end; at.increment(problem)) {
    std::string name = at->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  if (problem && names.empty()) throw Refused(Refusal::missing, Message::at(path, system_reason(problem)));
  std::ranges::sort(names);
  return names;
}

Json item_of(const Roots& roots, const std::string& root, const std::string& path, const std::string& name) {
  const std::string whole = path.empty() ? name : path + "/" + name;
  try {
    const fs::path place = roots.existing(root, whole);
    struct stat about {};
    if (::stat(place.c_str(), &about) != 0) return nullptr;
    const bool folder = S_ISDIR(about.st_mode);
    if (!folder && !S_ISREG(about.st_mode)) return nullptr;
    Json item = {{"name", name},
                 {"folder", folder},
                 {"changed", about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1'000'000}};
    std::error_code unknown;
    if (folder)
      item["model"] = fs::exists(place / "config.json", unknown);
    else
      item["bytes"] = about.st_size;
    return item;
  } catch (const Refused&) {
    return nullptr;
  }
}

}  // namespace

Json folder_page(const Roots& roots, const wire::Request& request) {
  const std::string root = request.text("root"), path = request.text("path");
  const auto names = names_in(roots, root, path);
  Json items = Json::array();
  const std::size_t first = std::min<std::size_t>(request.count("first", 0), names.size());
  const std::size_t last = std::min(first + wire::kMostItems, names.size());
  for (std::size_t i = first; i < last; ++i)
    if (Json item = item_of(roots, root, path, names[i]); !item.is_null()) items.push_back(std::move(item));
  return {{"items", std::move(items)}, {"next", last}, {"all", names.size()}};
}

}  // namespace bandscope::serve
