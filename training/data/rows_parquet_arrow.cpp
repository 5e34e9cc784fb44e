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
#include <array>
#include <optional>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/printable.h"
#include "training/data/rows_parquet.h"
#include "training/text/utf8.h"

namespace bandscope::data {
namespace {

using json = RowValue;

/// Columns that a pair is read from. Others (scores, dates, embeddings) are not even decoded.
constexpr std::array kPairColumns = {"prompt", "chosen", "rejected", "conversations", "system", "tools"};
/// What is looked at where the pair's columns are not there, to say what the rows are instead.
constexpr std::array kOtherColumns = {"label", "messages", "completion", "question", "instruction", "query", "input"};
constexpr std::int64_t kBatchRows = 256;
constexpr std::int64_t kBatchBytes = 64 << 20;
constexpr int kDeepest = 16;

/// A value that keeps one row from being read.
struct ValueProblem : MessageError {
  using MessageError::MessageError;
};

/// Turns one row's values into JSON, as long as they stay within kMostRowBytes.
class RowBuilder {
 public:
  /// The value, or nothing where it is of a type that no pair has (a date in a message): such fields are left out.
  std::optional<json> value_at(const arrow::Array& array, std::int64_t row, int depth) {
    if (depth > kDeepest) throw ValueProblem(Message::tr("a value is nested more than 16 deep"));
    take(16);
    if (array.IsNull(row)) return json(nullptr);
    switch (array.type_id()) {
      case arrow::Type::STRING:
        return text(static_cast<const arrow::StringArray&>(array).GetView(row));
      case arrow::Type::LARGE_STRING:
        return text(static_cast<const arrow::LargeStringArray&>(array).GetView(row));
      case arrow::Type::STRING_VIEW:
        return text(static_cast<const arrow::StringViewArray&>(array).GetView(row));
      case arrow::Type::BOOL:
        return json(static_cast<const arrow::BooleanArray&>(array).Value(row));
      case arrow::Type::INT8:
        return number<arrow::Int8Array>(array, row);
      case arrow::Type::INT16:
        return number<arrow::Int16Array>(array, row);
      case arrow::Type::INT32:
        return number<arrow::Int32Array>(array, row);
      case arrow::Type::INT64:
        return number<arrow::Int64Array>(array, row);
      case arrow::Type::UINT8:
        return number<arrow::UInt8Array>(array, row);
      case arrow::Type::UINT16:
        return number<arrow::UInt16Array>(array, row);
      case arrow::Type::UINT32:
        return number<arrow::UInt32Array>(array, row);
      case arrow::Type::UINT64:
        return number<arrow::UInt64Array>(array, row);
      case arrow::Type::FLOAT:
        return number<arrow::FloatArray>(array, row);
      case arrow::Type::DOUBLE:
        return number<arrow::DoubleArray>(array, row);
      case arrow::Type::LIST:
        return list(static_cast<const arrow::ListArray&>(array), row, depth);
      case arrow::Type::LARGE_LIST:
        return list(static_cast<const arrow::LargeListArray&>(array), row, depth);
      case arrow::Type::STRUCT:
        return structure(static_cast<const arrow::StructArray&>(array), row, depth);
      case arrow::Type::DICTIONARY: {
        const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
        return value_at(*coded.dictionary(), coded.GetValueIndex(row), depth + 1);
      }
      default:
        return std::nullopt;
    }
  }

 private:
  void take(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ > kMostRowBytes) throw ValueProblem(Message::tr("larger than %1 MiB", kMostRowBytes >> 20));
  }

  json text(std::string_view value) {
    take(value.size());
    if (!text::is_utf8(value)) throw ValueProblem(Message::tr("a text is not valid UTF-8"));
    return std::string(value);
  }

  template <class Numbers>
  static json number(const arrow::Array& array, std::int64_t row) {
    return static_cast<const Numbers&>(array).Value(row);
  }

  template <class ListArray>
  json list(const ListArray& values, std::int64_t row, int depth) {
    json out = json::array();
    const std::int64_t begin = values.value_offset(row), count = values.value_length(row);
    for (std::int64_t i = 0; i < count; ++i) {
      if (auto value = value_at(*values.values(), begin + i, depth + 1)) out.push_back(std::move(*value));
    }
    return out;
  }

  /// Parquet gives every element of a list the fields of all: what is null in one was not written there. A message's
  /// content is: it may be null beside calls of tools.
  json structure(const arrow::StructArray& fields, std::int64_t row, int depth) {
    json out = json::object();
    for (int i = 0; i < fields.num_fields(); ++i) {
      const std::string& name = fields.struct_type()->field(i)->name();
      auto value = value_at(*fields.field(i), row, depth + 1);
      if (value && (!value->is_null() || name == "content")) out[name] = std::move(*value);
    }
    return out;
  }

  std::size_t bytes_ = 0;
};

class ParquetFile {
 public:
  ParquetFile(const std::filesystem::path& file, std::int64_t most_memory, Columns columns)
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
        if (!hand_over(*batch, row, index++, handler)) return;
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
    const auto has = [&](std::string_view name) {
      for (int i = 0; i < schema.num_columns(); ++i) {
        if (schema.GetColumnRoot(i)->name() == name) return true;
      }
      return false;
    };
    const auto among = [](const auto& names, const std::string& name) {
      return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
    };
    const bool whole = has("prompt") && has("chosen") && has("rejected");
    std::vector<int> wanted;
    std::string names;
    for (int i = 0; i < schema.num_columns(); ++i) {
      const std::string& name = schema.GetColumnRoot(i)->name();
      if (columns_ == Columns::all || among(kPairColumns, name) || (!whole && among(kOtherColumns, name)))
        wanted.push_back(i);
      if (names.size() < 200) names += (names.empty() ? "" : ", ") + printable(name);
    }
    if (wanted.empty()) {
      throw DataError(Message::tr(
          "%1 has the columns %2; pairs need \"chosen\" and \"rejected\", and mostly \"prompt\"", name_, names));
    }
    return wanted;
  }

  static bool hand_over(const arrow::RecordBatch& batch, std::int64_t row, std::int64_t index,
                        const DataRowHandler& handler) {
    DataRow out;
    out.index = index;
    json value = json::object();
    try {
      RowBuilder builder;
      for (int i = 0; i < batch.num_columns(); ++i) {
        const std::string& name = batch.column_name(i);
        if (auto cell = builder.value_at(*batch.column(i), row, 0)) {
          value[name] = std::move(*cell);
        } else if (name == "chosen" || name == "rejected" || name == "prompt") {
          throw ValueProblem(Message::tr("the column \"%1\" is of type %2, a string or a list of messages is needed",
                                         name, batch.column(i)->type()->ToString()));
        }
      }
      out.value = &value;
    } catch (const ValueProblem& problem) {
      out.problem = problem.message();
    }
    return handler(out);
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
    ParquetFile(file, most_memory, columns).each_row(handler);
  } catch (const parquet::ParquetException& failure) {
    throw DataError(Message::at(file, Message::tr("not readable as Parquet (%1)", printable(failure.what()))));
  } catch (const std::bad_alloc&) {
    throw DataError(Message::tr("%1: its sizes are beyond what can be read", file));
  }
}

}  // namespace bandscope::data
