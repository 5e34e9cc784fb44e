// SPDX-License-Identifier: Apache-2.0
// Data files that a window sends along. A file is known by its SHA-256: what a cut connection has left is gone on with,
// and a file that is there is not sent again.
#pragma once

#include <map>
#include <string>

#include "core/input/sha256.h"
#include "core/serve/protocol.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// Files go to ROOT/uploads/SHA256-NAME, where ROOT is one of data; until they are whole they are hidden there.
class Uploads {
 public:
  static constexpr const char* folder_name = "uploads";

  explicit Uploads(const Roots& roots) : roots_(roots) {}

  /// Answers of `send` and `send_chunk`; what is there of a file is read first, which may take its time. Throw
  /// wire::Refused or RunError; after a full disk what was written stays.
  wire::Json announce(const wire::Request& request);
  wire::Json take(const wire::Request& request);

 private:
  /// One that is on its way.
  struct File {
    std::string sha, root, name;  ///< of the whole file
    std::uint64_t bytes = 0, have = 0;
    Descriptor folder, part;
    Sha256 sum;              ///< of what is there
    std::uint64_t used = 0;  ///< when it was last sent to; more is later
  };
  wire::Json standing(File& file);
  wire::Json sent_by_another(File& file);
  const Roots& roots_;
  std::map<std::string, File> files_;
  std::uint64_t uses_ = 0;
};

}  // namespace bandscope::serve
