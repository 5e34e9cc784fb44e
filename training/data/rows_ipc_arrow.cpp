// SPDX-License-Identifier: Apache-2.0
// Arrow's stream files, as save_to_disk() of the Python package datasets writes them: a record batch at a time, and
// never more memory than it is given.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/memory_pool.h>
#include <unistd.h>

#include <algorithm>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "training/data/arrow_rows.h"
#include "training/data/rows_parquet.h"

namespace bandscope::data {
namespace {

class ArrowFile {
 public:
  ArrowFile(const std::filesystem::path& file, std::int64_t most_memory, Columns columns)
      : file_(file), columns_(columns), most_memory_(most_memory), pool_(arrow::default_memory_pool(), most_memory) {}

  void each_row(const DataRowHandler& handler) {
    // The columns are known once the schema is read; a second reader then leaves the others out.
    arrow::ipc::IpcReadOptions options = arrow::ipc::IpcReadOptions::Defaults();
    options.memory_pool = &pool_;
    options.use_threads = false;
    const std::vector<std::string> names = open(options)->schema()->field_names();
    options.included_fields = arrow_rows::needed_columns(names, file_.string(), columns_);
    const auto reader = open(options);
    std::int64_t index = 0;
    for (std::shared_ptr<arrow::RecordBatch> batch;;) {
      check(reader->ReadNext(&batch));
      if (batch == nullptr) break;
      check(batch->ValidateFull());
      for (std::int64_t row = 0; row < batch->num_rows(); ++row)
        if (!arrow_rows::hand_over(*batch, row, index++, handler)) return;
    }
    if (index == 0) throw DataError(Message::tr("%1 holds no rows", file_));
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> open(const arrow::ipc::IpcReadOptions& options) {
    InputFile input = open_input(file_);
    // How a stream begins; the length that any other file would be taken for asks for all the memory there is.
    unsigned char head[4] = {};
    if (::pread(input.descriptor.get(), head, sizeof head, 0) != sizeof head ||
        std::ranges::any_of(head, [](unsigned char byte) { return byte != 0xFF; }))
      throw DataError(Message::at(file_, Message::tr("is no stream of Arrow's, as save_to_disk writes them")));
    const auto source = take(arrow::io::ReadableFile::Open(input.descriptor.get(), &pool_));
    input.descriptor.release();  // the source closes it
    return take(arrow::ipc::RecordBatchStreamReader::Open(source, options));
  }
  void check(const arrow::Status& status) const {
    if (status.IsOutOfMemory())
      throw DataError(Message::tr("%1: more than %2 MiB are needed at once to read it; save it in smaller batches",
                                  file_, most_memory_ >> 20));
    if (!status.ok())
      throw DataError(Message::at(file_, Message::tr("not readable as Arrow (%1)", printable(status.message()))));
  }
  template <class T>
  T take(arrow::Result<T> result) const {
    check(result.status());
    return std::move(result).ValueUnsafe();
  }

  std::filesystem::path file_;
  Columns columns_;
  std::int64_t most_memory_;
  arrow::CappedMemoryPool pool_;
};

}  // namespace

void load_arrow_rows(const std::filesystem::path& file, const DataRowHandler& handler, std::int64_t most_memory,
                     Columns columns) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw DataError(Message::tr("%1 does not exist", file));
  try {
    ArrowFile(file, most_memory, columns).each_row(handler);
  } catch (const std::bad_alloc&) {
    throw DataError(Message::tr("%1: its sizes are beyond what can be read", file));
  }
}

}  // namespace bandscope::data
