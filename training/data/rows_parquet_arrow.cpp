// SPDX-License-Identifier: Apache-2.0
// Parquet through Arrow C++: record batches to JSON rows, a few hundred rows in memory at a time.
#include <arrow/api.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "training/data/rows_parquet.h"
#include "training/text/utf8.h"

namespace bandscope {
namespace {

using nlohmann::json;

/// Columns that a pair can be read from. Others (scores, dates, embeddings) are not even decoded.
constexpr std::array kColumns = {"prompt", "chosen", "rejected", "conversations",
                                 "system", "label",  "messages", "completion"};
constexpr std::int64_t kBatchRows = 256;
constexpr int kDeepest = 16;

/// A value that keeps one row from being read.
struct ValueProblem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

json text_value(std::string_view text) {
  if (!is_utf8(text)) throw ValueProblem("a text is not valid UTF-8");
  return std::string(text);
}

json value_at(const arrow::Array& array, std::int64_t row, int depth);

template <class ListArray>
json list_value(const ListArray& list, std::int64_t row, int depth) {
  json out = json::array();
  const std::int64_t begin = list.value_offset(row), count = list.value_length(row);
  for (std::int64_t i = 0; i < count; ++i) out.push_back(value_at(*list.values(), begin + i, depth + 1));
  return out;
}

json struct_value(const arrow::StructArray& fields, std::int64_t row, int depth) {
  json out = json::object();
  for (int i = 0; i < fields.num_fields(); ++i) {
    out[fields.struct_type()->field(i)->name()] = value_at(*fields.field(i), row, depth + 1);
  }
  return out;
}

json value_at(const arrow::Array& array, std::int64_t row, int depth) {
  if (depth > kDeepest) throw ValueProblem("a value is nested more than 16 deep");
  if (array.IsNull(row)) return nullptr;
  switch (array.type_id()) {
    case arrow::Type::STRING:
      return text_value(static_cast<const arrow::StringArray&>(array).GetView(row));
    case arrow::Type::LARGE_STRING:
      return text_value(static_cast<const arrow::LargeStringArray&>(array).GetView(row));
    case arrow::Type::STRING_VIEW:
      return text_value(static_cast<const arrow::StringViewArray&>(array).GetView(row));
    case arrow::Type::BOOL:
      return static_cast<const arrow::BooleanArray&>(array).Value(row);
    case arrow::Type::INT8:
      return static_cast<const arrow::Int8Array&>(array).Value(row);
    case arrow::Type::INT16:
      return static_cast<const arrow::Int16Array&>(array).Value(row);
    case arrow::Type::INT32:
      return static_cast<const arrow::Int32Array&>(array).Value(row);
    case arrow::Type::INT64:
      return static_cast<const arrow::Int64Array&>(array).Value(row);
    case arrow::Type::FLOAT:
      return static_cast<const arrow::FloatArray&>(array).Value(row);
    case arrow::Type::DOUBLE:
      return static_cast<const arrow::DoubleArray&>(array).Value(row);
    case arrow::Type::LIST:
      return list_value(static_cast<const arrow::ListArray&>(array), row, depth);
    case arrow::Type::LARGE_LIST:
      return list_value(static_cast<const arrow::LargeListArray&>(array), row, depth);
    case arrow::Type::STRUCT:
      return struct_value(static_cast<const arrow::StructArray&>(array), row, depth);
    case arrow::Type::DICTIONARY: {
      const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
      return value_at(*coded.dictionary(), coded.GetValueIndex(row), depth + 1);
    }
    default:
      throw ValueProblem("a column of type " + array.type()->ToString() + " is not supported");
  }
}

class ParquetFile {
 public:
  explicit ParquetFile(const std::filesystem::path& file) : name_(file.string()) {
    parquet::arrow::FileReaderBuilder builder;
    check(builder.OpenFile(name_));
    parquet::ArrowReaderProperties properties;
    properties.set_batch_size(kBatchRows);
    reader_ = take(builder.properties(properties)->Build());
  }

  void each_row(const RowHandler& handler) {
    const auto batches = take(reader_->GetRecordBatchReader(row_groups(), columns()));
    std::int64_t index = 0;
    for (std::shared_ptr<arrow::RecordBatch> batch;;) {
      check(batches->ReadNext(&batch));
      if (batch == nullptr) break;
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        if (!hand_over(*batch, row, index++, handler)) return;
      }
    }
    if (index == 0) throw DataError(name_ + " holds no rows");
  }

 private:
  void check(const arrow::Status& status) const {
    if (!status.ok()) throw DataError(name_ + ": not readable as Parquet (" + status.message() + ")");
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

  /// Leaves of the schema that belong to a column of kColumns.
  std::vector<int> columns() const {
    const parquet::SchemaDescriptor& schema = *reader_->parquet_reader()->metadata()->schema();
    std::vector<int> wanted;
    std::string names;
    for (int i = 0; i < schema.num_columns(); ++i) {
      const std::string& name = schema.GetColumnRoot(i)->name();
      const bool known =
          std::any_of(kColumns.begin(), kColumns.end(), [&](const char* column) { return name == column; });
      if (known) wanted.push_back(i);
      if (names.size() < 200) names += (names.empty() ? "" : ", ") + name;
    }
    if (wanted.empty()) {
      throw DataError(name_ + " has the columns " + names +
                      "; pairs need \"chosen\" and \"rejected\", and mostly \"prompt\"");
    }
    return wanted;
  }

  static bool hand_over(const arrow::RecordBatch& batch, std::int64_t row, std::int64_t index,
                        const RowHandler& handler) {
    Row out;
    out.index = index;
    json value = json::object();
    try {
      for (int i = 0; i < batch.num_columns(); ++i) value[batch.column_name(i)] = value_at(*batch.column(i), row, 0);
      out.value = &value;
    } catch (const ValueProblem& problem) {
      out.problem = problem.what();
    }
    return handler(out);
  }

  std::string name_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
};

}  // namespace

bool has_parquet() { return true; }

void load_parquet_rows(const std::filesystem::path& file, const RowHandler& handler) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw DataError(file.string() + " does not exist");
  try {
    ParquetFile(file).each_row(handler);
  } catch (const parquet::ParquetException& failure) {
    throw DataError(file.string() + ": not readable as Parquet (" + failure.what() + ")");
  }
}

}  // namespace bandscope
