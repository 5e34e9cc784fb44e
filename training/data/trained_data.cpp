// SPDX-License-Identifier: Apache-2.0
#include "training/data/trained_data.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/input/json.h"

namespace bandscope::data {
namespace {

/// Differs where a file has changed or another has taken its place.
std::string state_of(const DataSource& data) {
  std::string state = data.split;
  for (const std::filesystem::path& file : data_files(data)) {
    state += '\n' + file.string();
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) continue;
    for (const auto part : {std::int64_t(about.st_dev), std::int64_t(about.st_ino), std::int64_t(about.st_size),
                            std::int64_t(about.st_mtim.tv_sec), std::int64_t(about.st_mtim.tv_nsec)})
      state += ' ' + std::to_string(part);
  }
  return state;
}

}  // namespace

std::string trained_digest(const std::string& environment_json) {
  const auto environment = try_json(environment_json);
  if (!environment || !environment->is_object()) return {};
  const nlohmann::json digests = environment->value("sha256", nlohmann::json());
  const nlohmann::json digest = digests.is_object() ? digests.value("data", nlohmann::json()) : nlohmann::json();
  return digest.is_string() ? digest.get<std::string>() : std::string();
}

Message not_the_trained(const std::filesystem::path& data) {
  return Message::at(data, Message::tr("has changed since the run was trained on it, so its rows may be other pairs"));
}

bool TrainedData::same(const DataSource& data, const std::string& sha256, const FileHash& hash) {
  std::string now = state_of(data);
  if (sha256.empty()) return true;
  const auto known = std::ranges::find(known_, now, &std::pair<std::string, std::string>::first);
  std::string digest = known != known_.end() ? std::move(known->second) : data_sha256(data_hashes(data, hash));
  if (known != known_.end()) known_.erase(known);
  known_.emplace_front(std::move(now), std::move(digest));
  if (known_.size() > most_known) known_.pop_back();
  return known_.front().second == sha256;
}

}  // namespace bandscope::data
