// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/documents.h"

#include <map>

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

/// The harness's loader (pyarrow) gives the values of a column one type: where one number has a fraction, 1 is 1.0. The
/// same within lists and objects.
void type_together(const std::vector<Json*>& values) {
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
  if (!items.empty()) type_together(items);
  for (const auto& [key, of_key] : fields) type_together(of_key);
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
  type_together(all);
  for (Json& row : documents.rows)
    for (const std::string& column : documents.columns)
      if (!row.contains(column)) row[column] = nullptr;
  return documents;
}

}  // namespace bandscope::evaluation
