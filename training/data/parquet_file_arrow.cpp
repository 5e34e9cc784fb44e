// SPDX-License-Identifier: Apache-2.0
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/writer.h>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/printable.h"
#include "training/data/parquet_file.h"

namespace bandscope::data {
namespace {

std::shared_ptr<arrow::DataType> type_of(const TableCells& cells) {
  if (std::holds_alternative<std::vector<std::int64_t>>(cells)) return arrow::int64();
  if (std::holds_alternative<std::vector<double>>(cells)) return arrow::float64();
  return arrow::utf8();
}

}  // namespace

struct ParquetFile::Impl {
  std::filesystem::path path;
  FreshFile fresh;
  std::shared_ptr<arrow::Schema> schema;
  std::shared_ptr<arrow::io::FileOutputStream> sink;
  std::unique_ptr<parquet::arrow::FileWriter> writer;

  explicit Impl(const std::filesystem::path& file) : path(file), fresh(file) {}

  void check(const arrow::Status& status) const {
    if (!status.ok())
      throw RunError(Message::at(path, Message::tr("cannot be written (%1)", printable(status.ToString()))));
  }
  template <typename Value>
  Value take(arrow::Result<Value> result) const {
    check(result.status());
    return std::move(result).ValueUnsafe();
  }
  template <typename Builder, typename Value>
  std::shared_ptr<arrow::Array> array(const std::vector<Value>& values) const {
    Builder builder;
    check(builder.AppendValues(values));
    return take(builder.Finish());
  }

  void open(const TableBlock& block) {
    arrow::FieldVector fields = {arrow::field("run", arrow::utf8(), false)};
    for (const TableColumn& column : block) fields.push_back(arrow::field(column.name, type_of(column.cells), false));
    schema = arrow::schema(std::move(fields));
    sink = take(arrow::io::FileOutputStream::Open(fresh.part().string()));
    writer = take(parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), sink));
  }

  void append(const std::string& run, const TableBlock& block) {
    if (!writer) open(block);
    const std::size_t rows =
        block.empty() ? 0 : std::visit([](const auto& cells) { return cells.size(); }, block.front().cells);
    if (rows == 0) return;
    arrow::ArrayVector arrays = {array<arrow::StringBuilder>(std::vector<std::string>(rows, run))};
    for (const TableColumn& column : block) {
      if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.cells))
        arrays.push_back(array<arrow::Int64Builder>(*integers));
      else if (const auto* numbers = std::get_if<std::vector<double>>(&column.cells))
        arrays.push_back(array<arrow::DoubleBuilder>(*numbers));
      else
        arrays.push_back(array<arrow::StringBuilder>(std::get<std::vector<std::string>>(column.cells)));
    }
    const auto table = arrow::Table::Make(schema, arrays, static_cast<std::int64_t>(rows));
    check(table->ValidateFull());
    check(writer->WriteTable(*table, static_cast<std::int64_t>(rows)));
  }

  void finish() {
    if (writer) check(writer->Close());
    if (sink) check(sink->Close());
    fresh.finish();
  }
};

ParquetFile::ParquetFile(const std::filesystem::path& file) : impl_(std::make_unique<Impl>(file)) {}
ParquetFile::~ParquetFile() = default;
ParquetFile::ParquetFile(ParquetFile&&) noexcept = default;
void ParquetFile::append(const std::string& run, const TableBlock& block) { impl_->append(run, block); }
void ParquetFile::finish() { impl_->finish(); }

}  // namespace bandscope::data
