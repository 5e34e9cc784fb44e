// SPDX-License-Identifier: Apache-2.0
// Parquet through Arrow C++: record batches to JSON rows, a few hundred rows in memory at a time, and never more memory
// than it is given, whatever sizes the file declares.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <algorithm>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "training/data/arrow_rows.h"
#include "training/data/rows_parquet.h"

namespace bandscope::data {
namespace {

constexpr std::int64_t kBatchRows = 256;
constexpr std::int64_t kBatchBytes = 64 << 20;

class ParquetRows {
 public:
  ParquetRows(const std::filesystem::path& file, std::int64_t most_memory, Columns columns)
      : name_(file.string()),
        columns_(columns),
        most_memory_(most_memory),
        pool_(arrow::default_memory_pool(), most_memory) {
    InputFile input = open_input(file);
    const auto source = take(arrow::io::ReadableFile::Open(input.descriptor.get(), &pool_));
    input.descriptor.release();  // the source closes it
    parquet::ReaderProperties properties(&pool_);
    properties.enable_buffered_stream();  // a column is read piece by piece, not whole
    parquet::arrow::FileReaderBuilder builder;
    check(builder.Open(source, properties));
    parquet::ArrowReaderProperties arrow_properties;
    arrow_properties.set_pre_buffer(false);
    builder.memory_pool(&pool_);
    reader_ = take(builder.properties(arrow_properties)->Build());
  }

  void each_row(const DataRowHandler& handler) {
    const std::vector<int> wanted = columns();
    reader_->set_batch_size(batch_rows(wanted));
    const auto batches = take(reader_->GetRecordBatchReader(row_groups(), wanted));
    std::int64_t index = 0;
    for (std::shared_ptr<arrow::RecordBatch> batch;;) {
      check(batches->ReadNext(&batch));
      if (batch == nullptr) break;
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        if (!arrow_rows::hand_over(*batch, row, index++, handler)) return;
      }
    }
    if (index == 0) throw DataError(Message::tr("%1 holds no rows", name_));
  }

 private:
  void check(const arrow::Status& status) const {
    if (status.IsOutOfMemory()) {
      throw DataError(Message::tr(
          "%1: more than %2 MiB are needed at once to read it; write it with smaller row groups (row_group_size)",
          name_, most_memory_ >> 20));
    }
    if (!status.ok())
      throw DataError(Message::at(name_, Message::tr("not readable as Parquet (%1)", printable(status.message()))));
  }

  template <class T>
  T take(arrow::Result<T> result) const {
    check(result.status());
    return std::move(result).ValueUnsafe();
  }

  std::vector<int> row_groups() const {
    std::vector<int> all(static_cast<std::size_t>(reader_->num_row_groups()));
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    return all;
  }

  /// Rows for one batch, so that the longest rows there can be do not fill the memory.
  std::int64_t batch_rows(const std::vector<int>& wanted) const {
    const auto about = reader_->parquet_reader()->metadata();
    std::int64_t most = 1;
    for (int group = 0; group < about->num_row_groups(); ++group) {
      const auto part = about->RowGroup(group);
      const std::int64_t rows = std::max<std::int64_t>(part->num_rows(), 1);
      for (const int column : wanted)
        most = std::max(most, part->ColumnChunk(column)->total_uncompressed_size() / rows);
    }
    return std::clamp<std::int64_t>(kBatchBytes / most, 1, kBatchRows);
  }

  /// Leaves of the schema that belong to columns that are needed.
  std::vector<int> columns() const {
    const parquet::SchemaDescriptor& schema = *reader_->parquet_reader()->metadata()->schema();
    std::vector<std::string> names;
    for (int i = 0; i < schema.num_columns(); ++i) names.push_back(schema.GetColumnRoot(i)->name());
    const std::vector<int> wanted = arrow_rows::needed_columns(names, name_, columns_);
    return wanted;
  }

  std::string name_;
  Columns columns_;
  std::int64_t most_memory_;
  arrow::CappedMemoryPool pool_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
};

}  // namespace

bool has_parquet() { return true; }

void load_parquet_rows(const std::filesystem::path& file, const DataRowHandler& handler, std::int64_t most_memory,
                       Columns columns) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw DataError(Message::tr("%1 does not exist", file));
  try {
    ParquetRows(file, most_memory, columns).each_row(handler);
  } catch (const parquet::ParquetException& failure) {
    throw DataError(Message::at(file, Message::tr("not readable as Parquet (%1)", printable(failure.what()))));
  } catch (const std::bad_alloc&) {
    throw DataError(Message::tr("%1: its sizes are beyond what can be read", file));
  }
}

}  // namespace bandscope::data
