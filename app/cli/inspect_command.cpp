// SPDX-License-Identifier: GPL-3.0-or-later
// `inspect`, `import` and the meaning of a record's path.
#include <iostream>

#include "app/cli/commands.h"
#include "core/error.h"
#include "core/input/printable.h"
#include "core/record/import_run.h"
#include "core/record/record_reader.h"
#include "core/run/summary.h"

namespace bandscope::app {

std::filesystem::path record_of(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return path;
  const auto record = path / "run.h5";
  if (std::filesystem::exists(record, error)) return record;
  throw DataError(Message::tr("%1 is a folder without a run.h5", path));
}

void inspect(const std::string& record, bool json) {
  const auto reader = RecordReader::open(record_of(record));
  const auto summary = summarize(reader);
  std::cout << (json ? to_json(summary, reader) : to_text(summary, reader));
  std::cout << (json ? "\n" : "") << std::flush;
  if (!std::cout) throw RunError(Message::tr("cannot write the summary to the standard output"));
}

void import_file(const std::string& in, const std::string& out, const std::vector<std::string>& columns) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const std::string& column : columns) {
    const std::size_t sign = column.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == column.size())
      throw SpecError(Message::tr("--column %1: NAME=COLUMN is needed, e.g. z_w=chosen_logp", column));
    const std::string name = column.substr(0, sign);
    if (!is_importable(name))
      throw SpecError(Message::tr("--column %1: \"%2\" is no column of a record; FORMAT.md lists them", column, name));
    names.emplace_back(name, column.substr(sign + 1));
  }
  try {
    std::cout << printable(import_run(in, out, names).english()) << std::endl;
  } catch (const UnclearColumns& unclear) {
    throw DataError(Message::joined(unclear.message(), Message::tr("--column z_w=COLUMN says which column is z_w")));
  }
}

}  // namespace bandscope::app
