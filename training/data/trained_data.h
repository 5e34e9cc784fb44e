// SPDX-License-Identifier: Apache-2.0
// Whether data are still those that a run was trained on.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <utility>

#include "core/message/message.h"
#include "training/data/data_files.h"

namespace bandscope::data {

/// The digest of a run's data (data_sha256), as its record's environment_json() has it; empty: it is not known.
std::string trained_digest(const std::string& environment_json);

/// What is to be said of data that are not.
Message not_the_trained(const std::filesystem::path& data);

/// Knows the digests of the data that it was last asked of, so that files are summed again only when they have changed
/// or been replaced since. For one thread at a time.
class TrainedData {
 public:
  /// Whether the data have this digest; where it is empty nothing is compared. Throws DataError where they are gone,
  /// and what `hash` throws.
  bool same(const DataSource& data, const std::string& sha256, const FileHash& hash);

 private:
  /// Runs that are compared may each have data of their own.
  static constexpr std::size_t most_known = 16;
  std::deque<std::pair<std::string, std::string>> known_;  ///< state of data and their digest, last asked of first
};

}  // namespace bandscope::data
