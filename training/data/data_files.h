// SPDX-License-Identifier: Apache-2.0
// The files of a data set: one, or a folder of shards as `datasets` repositories have them
// (train-00000-of-00003.parquet, …), read one after the other as if they were one file. Several sets in one folder
// (train and test) are never read together: one is named.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bandscope::data {

/// A file, or a folder and which of its sets.
struct DataSource {
  template <class Path>
  requires std::convertible_to<Path, std::filesystem::path> DataSource(Path&& file_or_folder)
      : path(std::forward<Path>(file_or_folder)) {}
  DataSource(std::filesystem::path file_or_folder, std::string set)
      : path(std::move(file_or_folder)), split(std::move(set)) {}

  std::filesystem::path path;
  std::string split;  ///< "" where the folder has one set
};

/// ".jsonl", ".json.gz", ".parquet", …: how a name ends, if it is that of a data file; empty otherwise.
std::string_view data_ending(std::string_view name);
/// The endings there are, longer ones before those that they end with.
std::span<const std::string_view> data_endings();
/// Of JSON rows, for people: ".jsonl, .ndjson, .json, .jsonl.gz, …".
std::string json_endings();

/// Data files of a folder in the order of their names, without hidden ones and what `datasets` keeps beside data
/// (dataset_infos.json and its like). Empty where there is none, or no such folder.
std::vector<std::filesystem::path> data_files_in(const std::filesystem::path& folder);

/// A file as it is; the files of a folder's set in the order of their names. A set is the shards of one name, files
/// whose names differ in a number or letter only, or a sub folder (also below data/, as clones of a hub have it).
/// Throws DataError that names the folder and what is there and allowed where it holds no data file, several sets and
/// none is named, files of several endings, or not all shards of a set.
std::vector<std::filesystem::path> data_files(const DataSource& data);

/// Names (as data_files orders them) and SHA-256 of the files; `hash` may know them already.
using FileHash = std::function<std::string(const std::filesystem::path&)>;
std::vector<std::pair<std::string, std::string>> data_hashes(const DataSource& data, const FileHash& hash);
/// One SHA-256 for the data: that of the file; of a folder, that of its files' digests, one a line.
std::string data_sha256(const std::vector<std::pair<std::string, std::string>>& hashes);

}  // namespace bandscope::data
