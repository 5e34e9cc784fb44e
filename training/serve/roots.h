// SPDX-License-Identifier: Apache-2.0
// The folders that a server's messages may name, and the only way from a message to a file: a path that leads out of
// its folder, by its parts or by a link, is refused.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/input/file.h"
#include "core/serve/protocol.h"

namespace bandscope::serve {

class Roots {
 public:
  /// The folder of runs is made where it is missing; the others must be there. Throws DataError.
  Roots(const std::filesystem::path& runs, const std::vector<std::filesystem::path>& data,
        const std::vector<std::filesystem::path>& models);

  /// "runs", "data/0", …, "models/0", …
  std::vector<std::string> names() const;
  /// Where they lie, without links, in the same order.
  std::vector<std::string> folders() const;
  /// The folder of runs, without links.
  const std::filesystem::path& runs() const { return roots_.front().path; }

  /// What lies at `path` below a root, without links in it. All throw wire::Refused: outside, missing.
  std::filesystem::path existing(std::string_view root, const std::string& path) const;
  /// A file or folder that need not be there: its folder is, and its name is no link.
  std::filesystem::path fresh(std::string_view root, const std::string& path) const;
  /// Opens it, with flags and mode as of open(2).
  Descriptor open(std::string_view root, const std::string& path, int flags, unsigned mode = 0) const;
  /// `path` (absolute) without links, where what is there lies in one of the roots.
  std::filesystem::path inside(const std::filesystem::path& path) const;

 private:
  struct Root {
    std::string name;
    std::filesystem::path path;
    Descriptor folder;
  };
  void add(std::string name, const std::filesystem::path& folder);
  const Root& root(std::string_view name) const;
  std::vector<Root> roots_;
};

/// What Roots::open() is where the kernel or a container has no openat2(2): part by part, and no link at all. Nothing,
/// with errno, where it cannot be opened.
Descriptor open_without_links(const Descriptor& folder, const std::string& path, int flags, unsigned mode = 0);

/// Throws wire::Refused where it is none (core/serve/names.h).
void require_plain_name(const std::string& name);

}  // namespace bandscope::serve
