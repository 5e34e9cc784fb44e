// SPDX-License-Identifier: Apache-2.0
#include "training/data/arrow_rows.h"

#include <arrow/api.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/error.h"
#include "core/input/printable.h"
#include "training/text/utf8.h"

namespace bandscope::data::arrow_rows {
namespace {

using json = RowValue;

/// Columns that a pair is read from. Others (scores, dates, embeddings) are not even decoded.
constexpr std::array kPairColumns = {
    "prompt", "chosen", "rejected", "conversations", "system", "tools", "chat_template_kwargs"};
/// What is looked at where the pair's columns are not there, to say what the rows are instead.
constexpr std::array kOtherColumns = {"label", "messages", "completion", "question", "instruction",
                                      "query", "input",    "output",     "history",  "kto_tag"};
constexpr int kDeepest = 16;

/// What a column must hold that pairs are read from; empty for others, which are left out where they are odd.
Message needed_in(const std::string& column) {
  for (const char* text : {"prompt", "chosen", "rejected", "completion"})
    if (column == text) return Message::tr("a string or a list of messages is needed");
  for (const char* list : {"messages", "conversations"})
    if (column == list) return Message::tr("a list of messages is needed");
  for (const char* label : {"label", "kto_tag"})
    if (column == label) return Message::tr("true or false is needed");
  return {};
}

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

}  // namespace

std::vector<int> needed_columns(const std::vector<std::string>& names, const std::string& file, Columns columns) {
  const auto has = [&](std::string_view name) { return std::ranges::find(names, name) != names.end(); };
  const auto among = [](const auto& known, const std::string& name) {
    return std::ranges::any_of(known, [&](const char* one) { return name == one; });
  };
  const bool whole = has("prompt") && has("chosen") && has("rejected");
  std::vector<int> wanted;
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (columns == Columns::all || among(kPairColumns, names[i]) || (!whole && among(kOtherColumns, names[i])))
      wanted.push_back(static_cast<int>(i));
    if (all.size() < 200) all += (all.empty() ? "" : ", ") + printable(names[i]);
  }
  if (wanted.empty())
    throw DataError(
        Message::tr("%1 has the columns %2; pairs need \"chosen\" and \"rejected\", and mostly \"prompt\"", file, all));
  return wanted;
}

bool hand_over(const arrow::RecordBatch& batch, std::int64_t row, std::int64_t index, const DataRowHandler& handler) {
  DataRow out;
  out.index = index;
  json value = json::object();
  try {
    RowBuilder builder;
    for (int i = 0; i < batch.num_columns(); ++i) {
      const std::string& name = batch.column_name(i);
      if (auto cell = builder.value_at(*batch.column(i), row, 0)) {
        value[name] = std::move(*cell);
      } else if (const Message needed = needed_in(name); !needed.empty()) {
        throw ValueProblem(
            Message::tr("the column \"%1\" is of type %2, %3", name, batch.column(i)->type()->ToString(), needed));
      }
    }
    out.value = &value;
  } catch (const ValueProblem& problem) {
    out.problem = problem.message();
  }
  return handler(out);
}

}  // namespace bandscope::data::arrow_rows
