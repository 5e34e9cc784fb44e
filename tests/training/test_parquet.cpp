// SPDX-License-Identifier: Apache-2.0
// Parquet files, and Arrow's own as save_to_disk() writes them, made here: types that no pair has beside the pairs',
// texts of any length, sizes that do not fit.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <parquet/arrow/writer.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "tests/training/data_samples.h"
#include "training/data/pairs.h"
#include "training/data/rows.h"
#include "training/data/rows_parquet.h"

namespace fs = std::filesystem;
using namespace bandscope;
using bandscope::testing::byte_level_json;
using bandscope::testing::message_of;

namespace {

using Column = std::pair<std::shared_ptr<arrow::Field>, std::shared_ptr<arrow::Array>>;

void must(const arrow::Status& status) {
  if (!status.ok()) qFatal("%s", status.ToString().c_str());
}

template <class T>
T must(arrow::Result<T> result) {
  must(result.status());
  return std::move(result).ValueUnsafe();
}

/// A column of rows of the builder's type.
template <class Builder, class... Values>
Column column(const std::string& name, const std::shared_ptr<Builder>& builder, const Values&... values) {
  (must(builder->Append(values)), ...);
  const auto array = must(builder->Finish());
  return {arrow::field(name, array->type()), array};
}

Column texts(const std::string& name, const std::string& first, const std::string& second) {
  return column(name, std::make_shared<arrow::StringBuilder>(), first, second);
}

/// A short text and one of `bytes` letters, without keeping it twice.
Column long_text(const std::string& name, std::int64_t bytes) {
  arrow::LargeStringBuilder builder;
  const std::string block(std::size_t{1} << 20, 'x');
  must(builder.ReserveData(bytes + (2 << 20)));
  must(builder.Append(" short"));
  must(builder.Append(""));
  for (std::int64_t at = 0; at < bytes; at += static_cast<std::int64_t>(block.size()))
    must(builder.ExtendCurrent(reinterpret_cast<const std::uint8_t*>(block.data()),
                               static_cast<std::int64_t>(block.size())));
  const auto array = must(builder.Finish());
  return {arrow::field(name, array->type()), array};
}

std::pair<arrow::FieldVector, arrow::ArrayVector> apart(const std::vector<Column>& columns) {
  std::pair<arrow::FieldVector, arrow::ArrayVector> result;
  for (const auto& [field, array] : columns) {
    result.first.push_back(field);
    result.second.push_back(array);
  }
  return result;
}

/// Arrow's stream format, in one batch.
void write_arrow(const fs::path& file, const std::vector<Column>& columns) {
  const auto [fields, arrays] = apart(columns);
  fs::create_directories(file.parent_path());
  const auto out = must(arrow::io::FileOutputStream::Open(file.string()));
  const auto writer = must(arrow::ipc::MakeStreamWriter(out, arrow::schema(fields)));
  must(writer->WriteRecordBatch(*arrow::RecordBatch::Make(arrow::schema(fields), arrays[0]->length(), arrays)));
  must(writer->Close());
  must(out->Close());
}

void write_parquet(const fs::path& file, const std::vector<Column>& columns) {
  const auto [fields, arrays] = apart(columns);
  const auto out = must(arrow::io::FileOutputStream::Open(file.string()));
  // Plain and compressed: megabytes of one letter take no disk.
  const auto properties =
      parquet::WriterProperties::Builder().disable_dictionary()->compression(parquet::Compression::ZSTD)->build();
  must(parquet::arrow::WriteTable(*arrow::Table::Make(arrow::schema(fields), arrays), arrow::default_memory_pool(), out,
                                  1 << 20, properties));
  must(out->Close());
}

}  // namespace

class TestParquet : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;
  const text::Tokenizer tokenizer_ = text::Tokenizer::from_text(byte_level_json(), R"({"eos_token": "</s>"})");

  fs::path at(const std::string& name) const { return fs::path(dir_.path().toStdString()) / name; }

 private Q_SLOTS:
  void types_that_nobody_needs_are_not_read() {
    const auto utc = arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
    auto pool = arrow::default_memory_pool();
    const auto map = std::make_shared<arrow::MapBuilder>(pool, std::make_shared<arrow::StringBuilder>(),
                                                         std::make_shared<arrow::Int64Builder>());
    for (int row = 0; row < 2; ++row) {
      must(map->Append());
      must(static_cast<arrow::StringBuilder*>(map->key_builder())->Append("k"));
      must(static_cast<arrow::Int64Builder*>(map->item_builder())->Append(row));
    }
    const auto counts = must(map->Finish());
    const auto decimal = arrow::decimal128(20, 3);
    const auto nested = must(arrow::StructArray::Make(arrow::ArrayVector{texts("a", "1", "2").second, counts},
                                                      std::vector<std::string>{"a", "counts"}));
    write_parquet(
        at("types.parquet"),
        {texts("prompt", "Q1", "Q2"),
         texts("chosen", " yes", " yes"),
         texts("rejected", " no", " no"),
         column("id", std::make_shared<arrow::UInt64Builder>(), ~std::uint64_t{0}, std::uint64_t{1}),
         column("when", std::make_shared<arrow::TimestampBuilder>(utc, pool), std::int64_t{1}, std::int64_t{-1}),
         column("price", std::make_shared<arrow::Decimal128Builder>(decimal), arrow::Decimal128(12),
                arrow::Decimal128(-1)),
         column("half", std::make_shared<arrow::HalfFloatBuilder>(), std::uint16_t{0x7e00}, std::uint16_t{0}),
         column("raw", std::make_shared<arrow::BinaryBuilder>(), std::string("\xff\xfe"), std::string()),
         column("nan", std::make_shared<arrow::DoubleBuilder>(), std::nan(""), 1.0),
         {arrow::field("counts", counts->type()), counts},
         {arrow::field("nested", nested->type()), nested}});
    const data::PairSet set = data::load_pairs(at("types.parquet"), tokenizer_, {});
    QCOMPARE(set.pairs.size(), std::size_t{2});
    QCOMPARE(set.unusable, std::int64_t{0});
    QCOMPARE(tokenizer_.decode(set.pairs[1].prompt), std::string("Q2"));
  }

  void a_pair_of_another_type_is_named() {
    write_parquet(at("bytes.parquet"),
                  {texts("prompt", "a", "b"), texts("rejected", " c", " d"),
                   column("chosen", std::make_shared<arrow::BinaryBuilder>(), std::string(" x"), std::string(" y"))});
    const std::string message = message_of([&] { data::load_pairs(at("bytes.parquet"), tokenizer_, {}); });
    QVERIFY2(message.find("bytes.parquet") != std::string::npos, message.c_str());
    QVERIFY2(message.find("the column \"chosen\" is of type binary, a string or a list of messages is needed") !=
                 std::string::npos,
             message.c_str());
  }

  void a_saved_dataset_is_read() {
    const auto numbers = std::make_shared<arrow::Date32Builder>();
    write_arrow(at("saved/train/data-00000-of-00002.arrow"),
                {texts("prompt", "a", "b"), texts("chosen", " c", " d"), texts("rejected", " e", " f"),
                 column("when", numbers, 1, 2)});
    write_arrow(at("saved/train/data-00001-of-00002.arrow"),
                {texts("prompt", "g", "h"), texts("chosen", " i", " j"), texts("rejected", " k", " l")});
    write_arrow(at("saved/train/cache-0123.arrow"), {texts("indices", "x", "y")});
    for (const char* about : {"saved/dataset_dict.json", "saved/train/state.json", "saved/train/dataset_info.json"})
      std::ofstream(at(about)) << "{}";
    const data::PairSet set = data::load_pairs(at("saved"), tokenizer_, {});
    QCOMPARE(set.pairs.size(), std::size_t{4});
    QCOMPARE(set.pairs[3].row, std::int64_t{3});
    write_arrow(at("saved/test/data-00000-of-00001.arrow"),
                {texts("prompt", "a", "b"), texts("chosen", " c", " d"), texts("rejected", " e", " f")});
    const std::string several = message_of([&] { data::load_pairs(at("saved"), tokenizer_, {}); });
    QVERIFY2(several.find("more than one data set (test, train)") != std::string::npos, several.c_str());
    QCOMPARE(data::load_pairs({at("saved"), "test"}, tokenizer_, {}).pairs.size(), std::size_t{2});
    std::ofstream(at("saved/test/data-00000-of-00001.arrow"), std::ios::trunc) << "not Arrow";
    const std::string broken = message_of([&] { data::load_pairs({at("saved"), "test"}, tokenizer_, {}); });
    QVERIFY2(broken.find("no stream of Arrow") != std::string::npos, broken.c_str());
  }

  /// Rows of one response whose columns are of other types than such rows have.
  void a_response_or_label_of_another_type_is_named() {
    const auto prompt = texts("prompt", "Q1", "Q2"), completion = texts("completion", " yes", " no");
    const auto label = column("label", std::make_shared<arrow::BooleanBuilder>(), true, false);
    const auto when = [](const char* name) { return column(name, std::make_shared<arrow::Date32Builder>(), 1, 2); };
    const auto number = [](const char* name) {
      return column(name, std::make_shared<arrow::Int64Builder>(), std::int64_t{1}, std::int64_t{0});
    };
    const struct {
      std::vector<Column> columns;
      const char *key, *allowed;
    } all[] = {
        {{prompt, number("completion"), label}, "\"completion\" is a number", "a string or a list of messages"},
        {{prompt, when("completion"), label}, "\"completion\" is of type date32", "a string or a list of messages"},
        {{prompt, completion, number("label")}, "\"label\" is a number", "true or false is needed"},
        {{prompt, completion, texts("label", "yes", "no")}, "\"label\" is a string", "true or false is needed"},
        {{prompt, completion, when("label")}, "\"label\" is of type date32", "true or false is needed"},
        {{prompt, completion, number("kto_tag")}, "\"kto_tag\" is a number", "true or false is needed"},
        {{when("messages"), label}, "\"messages\" is of type date32", "a list of messages is needed"}};
    const data::PairOptions options{0, 1024, 512, true};
    QCOMPARE(([&] {
               write_arrow(at("right.arrow"), {prompt, completion, label});
               return data::load_pairs(at("right.arrow"), tokenizer_, options).desirable;
             })(),
             1);
    for (const auto& one : all) {
      write_arrow(at("wrong.arrow"), one.columns);
      const std::string said = message_of([&] { data::load_pairs(at("wrong.arrow"), tokenizer_, options); });
      QVERIFY2(said.starts_with(at("wrong.arrow").string()), said.c_str());
      for (const char* part : {"row 0", one.key, one.allowed})
        QVERIFY2(said.find(part) != std::string::npos, said.c_str());
    }
  }

  void a_row_that_is_too_large_is_unusable_alone() {
    const std::int64_t bytes = static_cast<std::int64_t>(data::kMostRowBytes) + (1 << 20);
    write_parquet(at("large.parquet"),
                  {texts("prompt", "a", "b"), long_text("chosen", bytes), texts("rejected", " c", " d")});
    const data::PairSet set = data::load_pairs(at("large.parquet"), tokenizer_, {});
    QCOMPARE(set.pairs.size(), std::size_t{1});
    QCOMPARE(set.unusable, std::int64_t{1});
    QVERIFY2(set.examples[0].reason.english().find("larger than 16 MiB") != std::string::npos,
             set.examples[0].reason.english().c_str());
  }

  void a_text_beyond_the_memory_is_refused() {
    const fs::path file = at("memory.parquet");
    const std::int64_t text = std::int64_t{192} << 20, most = std::int64_t{128} << 20;
    write_parquet(file, {texts("prompt", "a", "b"), long_text("chosen", text), texts("rejected", "a", "b")});
    int rows = 0;
    const auto count = [&](const data::DataRow&) { return ++rows > 0; };
    const std::string message = message_of([&] { data::load_parquet_rows(file, count, most); });
    QVERIFY2(message.find("memory.parquet: more than 128 MiB are needed at once") != std::string::npos,
             message.c_str());
    QVERIFY(rows < 2);
    // With room for it the file is read, and the row is one that could not be.
    rows = 0;
    data::load_parquet_rows(file, count);
    QCOMPARE(rows, 2);
  }
};

QTEST_GUILESS_MAIN(TestParquet)
#include "test_parquet.moc"
