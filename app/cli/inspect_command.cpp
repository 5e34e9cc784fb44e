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

void import_file(const std::string& in, const std::string& out) {
  std::cout << printable(import_run(in, out).english()) << std::endl;
}

}  // namespace bandscope::app
