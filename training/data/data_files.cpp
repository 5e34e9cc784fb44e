// SPDX-License-Identifier: Apache-2.0
#include "training/data/data_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "core/error.h"
#include "core/input/sha256.h"
#include "core/input/system_reason.h"

namespace bandscope::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kParquet = ".parquet", kArrow = ".arrow";
constexpr std::array<std::string_view, 8> kEndings = {".jsonl.gz", ".ndjson.gz", ".json.gz", ".jsonl",
                                                      ".ndjson",   ".json",      kParquet,   kArrow};
/// Beginning of the files that `datasets` keeps beside saved data for itself.
constexpr std::string_view kCache = "cache-";
/// Kept by `datasets` beside the data.
constexpr std::string_view kDatasetDict = "dataset_dict.json";
constexpr std::array<std::string_view, 4> kAbout = {"dataset_info.json", "dataset_infos.json", kDatasetDict,
                                                    "state.json"};

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

Message allowed() {
  return Message::tr("allowed is a folder of one data set, with files of one ending (%1), or one such file",
                     joined(kEndings));
}

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory(ignored) && !entry.path().filename().string().starts_with('.'))
      folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

[[noreturn]] void refuse_empty(const fs::path& folder) {
  Message message = Message::tr("%1 holds no data file; %2", folder, allowed());
  std::error_code ignored;
  if (fs::is_directory(folder / "snapshots", ignored)) {
    throw DataError(Message::tr(
        "%1 is a folder of the hub's cache; name the folder below its snapshots that holds the files", folder));
  }
  for (const fs::path& inner : folders_in(folder)) {
    if (data_files_in(inner).empty()) continue;
    message = Message::tr("%1; its folder %2 holds some", message, inner.filename());
    break;
  }
  throw DataError(message);
}

/// The stem without its number or single letter at the end or beginning, which tells files of one set apart.
std::string set_of(const std::string& stem) {
  if (const auto shard = shard_of(stem)) return shard->set;
  const auto separator = [](char c) { return c == '-' || c == '_' || c == '.'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string set = stem;
  while (!set.empty() && digit(set.back())) set.pop_back();
  const bool letter = !set.empty() && set.size() == stem.size() &&
                      std::isalpha(static_cast<unsigned char>(set.back())) &&
                      (set.size() == 1 || separator(set[set.size() - 2]));
  if (letter) set.pop_back();
  while (!set.empty() && separator(set.back())) set.pop_back();
  const auto begin = std::find_if_not(set.begin(), set.end(), digit);
  if (begin != set.begin() && begin != set.end() && separator(*begin)) set.erase(set.begin(), begin + 1);
  return set;
}

std::string stem_of(const fs::path& file) {
  std::string stem = file.filename().string();
  stem.resize(stem.size() - data_ending(stem).size());
  return stem;
}

[[noreturn]] void refuse_sets(const fs::path& folder, const std::vector<std::string>& sets, const std::string& split) {
  if (!split.empty()) {
    throw DataError(
        Message::tr("%1 holds no data set \"%2\"; there are %3 (data.split names one)", folder, split, joined(sets)));
  }
  throw DataError(Message::tr("%1 holds more than one data set (%2); %3, or data.split names one of the sets", folder,
                              joined(sets), allowed()));
}

void check_endings(const fs::path& folder, const std::vector<fs::path>& files) {
  std::map<std::string_view, int> endings;
  for (const fs::path& file : files) ++endings[data_ending(file.native())];
  if (endings.size() < 2) return;
  std::vector<std::string> counted;
  for (const auto& [ending, count] : endings) counted.push_back(std::to_string(count) + " " + std::string(ending));
  throw DataError(Message::tr("%1 holds files of several kinds (%2); %3", folder, joined(counted), allowed()));
}

void check_shards(const fs::path& folder, const std::vector<fs::path>& files) {
  std::string name;
  std::set<std::int64_t> there;
  std::int64_t count = 0;
  for (const fs::path& file : files) {
    const auto shard = shard_of(stem_of(file));
    if (!shard) continue;
    name = shard->set;
    there.insert(shard->number);
    count = std::max(count, shard->count);
  }
  if (static_cast<std::int64_t>(there.size()) >= count) return;
  std::int64_t missing = 0;
  while (there.contains(missing)) ++missing;
  throw DataError(Message::tr("%1 holds %2 of the %3 shards of %4: number %5 is missing", folder, there.size(), count,
                              name, missing));
}

/// The files of the set `split` of a folder that holds files itself.
std::vector<fs::path> files_of_set(const fs::path& folder, const std::vector<fs::path>& all, const std::string& split) {
  std::map<std::string, std::vector<fs::path>> sets;
  for (const fs::path& file : all) sets[set_of(stem_of(file))].push_back(file);
  std::vector<std::string> names;
  for (const auto& [name, files] : sets) names.push_back(name.empty() ? stem_of(files.front()) : name);
  const auto found = split.empty() ? (sets.size() == 1 ? sets.begin() : sets.end()) : sets.find(split);
  if (found == sets.end()) {
    if (split.empty()) check_endings(folder, all);  // more often one set in two formats than two sets
    refuse_sets(folder, names, split);
  }
  check_endings(folder, found->second);
  check_shards(folder, found->second);
  return found->second;
}

/// The files of the set `split` of a folder whose sub folders hold the files: data/, or one for each set.
std::vector<fs::path> files_below(const fs::path& folder, const std::string& split) {
  std::vector<fs::path> sets;
  std::vector<std::string> names;
  for (const fs::path& inner : folders_in(folder)) {
    if (data_files_in(inner).empty()) continue;
    sets.push_back(inner);
    names.push_back(inner.filename().string());
  }
  if (sets.size() == 1 && names.front() == "data") return data_files({sets.front(), split});
  for (std::size_t i = 0; i < sets.size() && !split.empty(); ++i) {
    if (names[i] == split) return data_files(sets[i]);
  }
  // A DatasetDict of one set, as save_to_disk() writes it.
  std::error_code ignored;
  if (sets.size() == 1 && split.empty() && fs::exists(folder / kDatasetDict, ignored)) return data_files(sets.front());
  if (sets.empty() || (sets.size() == 1 && split.empty())) refuse_empty(folder);
  refuse_sets(folder, names, split);
}

}  // namespace

std::string_view data_ending(std::string_view name) {
  for (const std::string_view ending : kEndings) {
    if (name.ends_with(ending)) return ending;
  }
  return {};
}

std::span<const std::string_view> data_endings() { return kEndings; }

std::string json_endings() {
  std::vector<std::string_view> endings(kEndings.begin(), kEndings.end());
  std::erase(endings, kParquet);
  std::erase(endings, kArrow);
  return joined(endings);
}

std::vector<fs::path> data_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool about = std::find(kAbout.begin(), kAbout.end(), name) != kAbout.end();
    const bool cache = name.starts_with(kCache) && name.ends_with(kArrow);
    if (name.starts_with('.') || about || cache || data_ending(name).empty() || !entry.is_regular_file(ignored))
      continue;
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> data_files(const DataSource& data) {
  std::error_code error;
  if (!fs::is_directory(data.path, error)) {
    if (data.split.empty()) return {data.path};
    throw DataError(
        Message::tr("%1 is no folder, so that data.split = \"%2\" cannot name a set of it", data.path, data.split));
  }
  fs::directory_iterator(data.path, error);
  if (error)
    throw DataError(Message::at(data.path, Message::tr("the folder cannot be read (%1)", system_reason(error))));
  const auto files = data_files_in(data.path);
  return files.empty() ? files_below(data.path, data.split) : files_of_set(data.path, files, data.split);
}

std::vector<std::pair<std::string, std::string>> data_hashes(const DataSource& data, const FileHash& hash) {
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

}  // namespace bandscope::data
