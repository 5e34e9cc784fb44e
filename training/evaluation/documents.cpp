// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/documents.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>

#include "core/input/printable.h"
#include "training/data/rows.h"

namespace bandscope::evaluation {
namespace {

/// Every document gets every column.
constexpr std::size_t kMostColumns = 4096;

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

void read_into(Documents& documents, const data::DataSource& source) {
  for (const fs::path& file : data::data_files(source)) documents.files.push_back(file);
  data::load_rows(
      source,
      [&](const data::DataRow& row) {
        if (row.value == nullptr) throw DataError(data::at_row(row, source.path, row.problem));
        if (!row.value->is_object())
          throw DataError(data::at_row(row, source.path, Message::tr("a document is an object with columns")));
        for (const auto& [key, value] : row.value->items()) documents.columns.insert(key);
        if (documents.columns.size() > kMostColumns)
          throw DataError(data::at_row(row, source.path, Message::tr("more than %1 columns", kMostColumns)));
        documents.rows.push_back(*row.value);
        return true;
      },
      data::Columns::all);
}

/// As pyarrow's reader of JSON takes it for a time: "2020-01-31", and behind a blank or T hours, minutes and seconds.
/// Empty where it is none, else as Python writes a datetime.
std::string python_time(const std::string& text) {
  constexpr std::string_view shape = "dddd-dd-dd dd:dd:dd";
  if (text.size() != 10 && text.size() != 13 && text.size() != 16 && text.size() != 19) return {};
  std::string time = text;
  if (time.size() > 10 && time[10] == 'T') time[10] = ' ';
  for (std::size_t i = 0; i < time.size(); ++i)
    if (shape[i] == 'd' ? time[i] < '0' || time[i] > '9' : time[i] != shape[i]) return {};
  time += std::string_view(" 00:00:00").substr(time.size() - 10);
  const auto two = [&](std::size_t at) { return static_cast<unsigned>((time[at] - '0') * 10 + time[at + 1] - '0'); };
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(two(0) * 100 + two(2))},
                                        std::chrono::month{two(5)}, std::chrono::day{two(8)}};
  const bool real = day.ok() && day.year() != std::chrono::year{0} && two(11) < 24 && two(14) < 60 && two(17) < 60;
  return real ? time : std::string();
}

/// A column of nothing but times, and at least one.
void write_times(const std::vector<Json*>& values) {
  std::vector<std::pair<Json*, std::string>> times;
  for (Json* value : values) {
    if (value->is_null()) continue;
    std::string time = value->is_string() ? python_time(value->get_ref<const std::string&>()) : std::string();
    if (time.empty()) return;
    times.emplace_back(value, std::move(time));
  }
  for (auto& [value, time] : times) *value = std::move(time);
}

/// The harness's loader (pyarrow) gives the values of a column one type: where one number has a fraction, 1 is 1.0, and
/// `times`, of texts: where all are times, they are. The same within lists and objects.
void type_together(const std::vector<Json*>& values, bool times) {
  std::vector<Json*> whole, items;
  std::map<std::string, std::vector<Json*>> fields;
  bool real = false;
  for (Json* value : values) {
    if (value->is_number_float()) real = true;
    if (value->is_number_integer()) whole.push_back(value);
    if (value->is_array())
      for (Json& item : *value) items.push_back(&item);
    if (value->is_object())
      for (auto field = value->begin(); field != value->end(); ++field) fields[field.key()].push_back(&field.value());
  }
  if (real)
    for (Json* value : whole) *value = value->get<double>();
  if (times) write_times(values);
  if (!items.empty()) type_together(items, times);
  for (const auto& [key, of_key] : fields) type_together(of_key, times);
}

/// A name that is looked for below a folder, and never leads out of it.
fs::path below(const TaskConfig& task, const std::string& key, const std::string& written) {
  const fs::path name = fs::path(written).lexically_normal();
  if (name.empty() || name.is_absolute() || *name.begin() == "..")
    throw SpecError(
        Message::at(task.place(key), Message::tr("\"%1\" is looked for below a folder", printable(written))));
  return name;
}

/// The folder of a name on the hub: DATA/OWNER/NAME, DATA/NAME or DATA/OWNER--NAME.
fs::path hub_folder(const TaskConfig& task, const fs::path& data) {
  if (data.empty())
    throw SpecError(Message::at(
        task.place("dataset_path"),
        Message::tr("\"%1\" is a name on the hub; --data (data in [evaluation]) names the folder that holds its files",
                    task.dataset_path)));
  const fs::path name = below(task, "dataset_path", task.dataset_path);
  std::string flat = name.string();
  for (std::size_t at = 0; (at = flat.find('/', at)) != std::string::npos;) flat.replace(at, 1, "--");
  for (const fs::path& folder : {data / name, data / name.filename(), data / flat})
    if (is_folder(folder)) return folder;
  throw DataError(Message::at(task.place("dataset_path"),
                              Message::tr("%1 holds no folder \"%2\"", data, printable(task.dataset_path))));
}

data::DataSource hub_source(const TaskConfig& task, const std::string& split, const fs::path& data) {
  const fs::path folder = hub_folder(task, data);
  if (task.dataset_name.empty() || task.dataset_name == "default") {
    if (task.dataset_name == "default" && is_folder(folder / "default")) return {folder / "default", split};
    return {folder, split};
  }
  const fs::path name = below(task, "dataset_name", task.dataset_name);
  for (const fs::path& part : {folder / name, folder / "data" / name})
    if (is_folder(part)) return {part, split};
  throw DataError(Message::at(task.place("dataset_name"),
                              Message::tr("%1 holds no folder \"%2\"", folder, printable(task.dataset_name))));
}

}  // namespace

Documents load_documents(const TaskConfig& task, const std::string& split, const fs::path& data) {
  Documents documents;
  if (!task.data_files.empty()) {
    const auto files = task.data_files.find(split);
    if (files == task.data_files.end())
      throw SpecError(Message::at(task.place("dataset_kwargs"),
                                  Message::tr("data_files names no file for the split \"%1\"", printable(split))));
    documents.source = files->second.front();
    for (const fs::path& file : files->second) {
      std::error_code ignored;
      if (!fs::exists(file, ignored))
        throw DataError(Message::at(task.place("dataset_kwargs"), Message::tr("%1 does not exist", file)));
      read_into(documents, file);
    }
  } else {
    const data::DataSource source = hub_source(task, split, data);
    documents.source = source.path;
    read_into(documents, source);
  }
  if (documents.rows.empty()) throw DataError(Message::tr("%1 holds no documents", documents.source));
  std::vector<Json*> all;
  for (Json& row : documents.rows) all.push_back(&row);
  // Other files have types of their own.
  const bool json = std::ranges::all_of(documents.files, [](const fs::path& file) {
    return file.filename().string().find(".json") != std::string::npos;
  });
  type_together(all, json);
  for (Json& row : documents.rows)
    for (const std::string& column : documents.columns)
      if (!row.contains(column)) row[column] = nullptr;
  return documents;
}

}  // namespace bandscope::evaluation
