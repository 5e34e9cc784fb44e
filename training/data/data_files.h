// SPDX-License-Identifier: Apache-2.0
// The files of a data set: one, or a folder of shards as `datasets` repositories have them
// (train-00000-of-00003.parquet, …), read one after the other as if they were one file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bandscope {

/// ".jsonl", ".json.gz", ".parquet", …: how a name ends, if it is that of a data file; empty otherwise.
std::string_view data_ending(std::string_view name);
/// The endings there are, for people: ".jsonl, .ndjson, .json (each also .gz), .parquet".
std::string_view data_endings();

/// Data files of a folder in the order of their names, without hidden ones and what `datasets` keeps beside data
/// (dataset_infos.json and its like). Empty where there is none, or no such folder.
std::vector<std::filesystem::path> data_files_in(const std::filesystem::path& folder);

/// A file as it is; the shards of a folder in the order of their names. Throws DataError that names the folder and what
/// is allowed where it holds no data file, files of several endings (one set twice, or two sets), shards of several
/// sets (train-… and test-…), or not all shards of one.
std::vector<std::filesystem::path> data_files(const std::filesystem::path& data);

/// Names (as data_files orders them) and SHA-256 of the files; `hash` may know them already.
using FileHash = std::function<std::string(const std::filesystem::path&)>;
std::vector<std::pair<std::string, std::string>> data_hashes(const std::filesystem::path& data, const FileHash& hash);
/// One SHA-256 for the data: that of the file; of a folder, that of its files' digests, one a line.
std::string data_sha256(const std::vector<std::pair<std::string, std::string>>& hashes);

}  // namespace bandscope
