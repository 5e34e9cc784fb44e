// SPDX-License-Identifier: Apache-2.0
#include "training/data/data_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "core/error.h"
#include "training/text/sha256.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kEndings = {".jsonl.gz", ".ndjson.gz", ".json.gz", ".jsonl",
                                                      ".ndjson",   ".json",      ".parquet"};
/// Kept by `datasets` beside the data.
constexpr std::array<std::string_view, 4> kAbout = {"dataset_info.json", "dataset_infos.json", "dataset_dict.json",
                                                    "state.json"};
constexpr std::size_t kNamed = 3;

/// NAME-00001-of-00003, perhaps with a hash behind it, as `datasets` names shards.
struct Shard {
  std::string set;
  std::int64_t number = 0, count = 0;
};

std::optional<std::int64_t> number_of(std::string_view digits) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.size() < 2 || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<Shard> shard_of(std::string_view stem) {
  const std::size_t of = stem.rfind("-of-");
  if (of == std::string_view::npos) return std::nullopt;
  const std::size_t dash = stem.substr(0, of).rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  const std::string_view rest = stem.substr(of + 4);
  const auto number = number_of(stem.substr(dash + 1, of - dash - 1)),
             count = number_of(rest.substr(0, rest.find('-')));
  if (!number || !count) return std::nullopt;
  return Shard{std::string(stem.substr(0, dash)), *number, *count};
}

template <class Names>
std::string joined(const Names& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

std::string allowed() {
  return "allowed is a folder of one data set, with files of one ending (" + std::string(data_endings()) +
         "), or one such file";
}

[[noreturn]] void refuse_empty(const fs::path& folder) {
  std::string message = folder.string() + " holds no data file; " + allowed();
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (!entry.is_directory(ignored) || data_files_in(entry.path()).empty()) continue;
    message += "; its folder " + entry.path().filename().string() + " holds some";
    break;
  }
  throw DataError(message);
}

void check_endings(const fs::path& folder, const std::vector<fs::path>& files) {
  std::map<std::string_view, int> endings;
  for (const fs::path& file : files) ++endings[data_ending(file.native())];
  if (endings.size() < 2) return;
  std::vector<std::string> counted;
  for (const auto& [ending, count] : endings) counted.push_back(std::to_string(count) + " " + std::string(ending));
  throw DataError(folder.string() + " holds files of several kinds (" + joined(counted) + "); " + allowed());
}

void check_shards(const fs::path& folder, const std::vector<fs::path>& files) {
  std::map<std::string, std::set<std::int64_t>> numbers;  // by set
  std::map<std::string, std::int64_t> counts;
  std::vector<std::string> others;
  for (const fs::path& file : files) {
    std::string stem = file.filename().string();
    stem.resize(stem.size() - data_ending(stem).size());
    if (const auto shard = shard_of(stem)) {
      numbers[shard->set].insert(shard->number);
      auto& count = counts[shard->set];
      count = std::max(count, shard->count);
    } else {
      others.push_back(file.filename().string());
    }
  }
  if (numbers.empty()) return;
  std::vector<std::string> sets;
  for (const auto& [set, own] : numbers) sets.push_back(set);
  for (std::size_t i = 0; i < others.size() && i < kNamed; ++i) sets.push_back(others[i]);
  if (others.size() > kNamed) sets.emplace_back("…");
  if (sets.size() > 1) {
    throw DataError(folder.string() + " holds more than one data set (" + joined(sets) + "); " + allowed());
  }
  const std::int64_t count = counts.begin()->second;
  const auto& there = numbers.begin()->second;
  if (static_cast<std::int64_t>(there.size()) == count) return;
  std::int64_t missing = 0;
  while (there.contains(missing)) ++missing;
  throw DataError(folder.string() + " holds " + std::to_string(there.size()) + " of the " + std::to_string(count) +
                  " shards of " + numbers.begin()->first + ": number " + std::to_string(missing) + " is missing");
}

}  // namespace

std::string_view data_ending(std::string_view name) {
  for (const std::string_view ending : kEndings) {
    if (name.ends_with(ending)) return ending;
  }
  return {};
}

std::string_view data_endings() { return ".jsonl, .ndjson, .json, each of them also .gz, or .parquet"; }

std::vector<fs::path> data_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool about = std::find(kAbout.begin(), kAbout.end(), name) != kAbout.end();
    if (name.starts_with('.') || about || data_ending(name).empty() || !entry.is_regular_file(ignored)) continue;
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> data_files(const fs::path& data) {
  std::error_code error;
  if (!fs::is_directory(data, error)) return {data};
  fs::directory_iterator(data, error);
  if (error) throw DataError(data.string() + ": the folder cannot be read (" + error.message() + ")");
  auto files = data_files_in(data);
  if (files.empty()) refuse_empty(data);
  check_endings(data, files);
  check_shards(data, files);
  return files;
}

std::vector<std::pair<std::string, std::string>> data_hashes(const fs::path& data, const FileHash& hash) {
  std::vector<std::pair<std::string, std::string>> hashes;
  for (const fs::path& file : data_files(data)) hashes.emplace_back(file.filename().string(), hash(file));
  return hashes;
}

std::string data_sha256(const std::vector<std::pair<std::string, std::string>>& hashes) {
  if (hashes.size() == 1) return hashes.front().second;
  std::string lines;
  for (const auto& [name, digest] : hashes) lines += digest + "\n";
  return sha256_of(lines);
}

}  // namespace bandscope
