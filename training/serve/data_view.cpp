// SPDX-License-Identifier: Apache-2.0
#include "training/serve/data_view.h"

#include "core/error.h"
#include "core/input/sha256.h"
#include "core/input/toml.h"
#include "core/record/record_reader.h"
#include "training/data/rows.h"

namespace bandscope::serve {
namespace {

namespace fs = std::filesystem;
using wire::Json;
using wire::Refusal;
using wire::Refused;

/// What the record says; empty where it does not.
std::string spec_text(const toml::table& spec, std::string_view key) {
  return spec.at_path(key).value<std::string>().value_or("");
}

/// The files of a folder may be links.
void require_inside(const Roots& roots, const data::DataSource& source) {
  for (const fs::path& file : data::data_files(source)) roots.inside(file);
}

}  // namespace

Json DataView::rows(const fs::path& data, const wire::Request& request) const {
  const data::DataSource source{data, request.text("split")};
  require_inside(roots_, source);
  return read(source, request);
}

Json DataView::rows_of_run(const fs::path& record, const wire::Request& request) {
  const RecordReader reader = RecordReader::open(record);
  toml::table spec;
  try {
    spec = parse_toml(reader.spec_toml());
  } catch (const TomlError& problem) {
    throw DataError(problem.message());
  }
  const std::string train = spec_text(spec, "data.train");
  if (train.empty())
    throw Refused(Refusal::missing, Message::tr("the record does not say which data it was trained on"));
  const data::DataSource source{roots_.inside((record.parent_path() / train).lexically_normal()),
                                spec_text(spec, "data.split")};
  require_inside(roots_, source);
  if (!trained_.same(source, data::trained_digest(reader.environment_json()), sha256_of_file))
    throw Refused(Refusal::replaced, data::not_the_trained(source.path));
  return read(source, request);
}

Json DataView::read(const data::DataSource& source, const wire::Request& request) const {
  std::vector<std::int64_t> wanted;
  for (const Json& row : request.fields.at("rows")) {
    const bool next = row.is_number_unsigned() && (wanted.empty() || row.get<std::int64_t>() > wanted.back());
    if (!next || wanted.size() == wire::kMostDataRows)
      throw Refused(Refusal::request, Message::tr("request \"data_rows\": at most %1 rising row numbers are needed",
                                                  wire::kMostDataRows));
    wanted.push_back(row.get<std::int64_t>());
  }
  Json rows = Json::array();
  std::size_t room = wire::kMostChunkBytes;
  if (!wanted.empty())
    data::load_rows(source, [&](const data::DataRow& row) {
      if (row.index < wanted[rows.size()]) return true;
      // Rows that the file does not have, or that do not fit into one answer.
      while (rows.size() < wanted.size() && wanted[rows.size()] < row.index) rows.push_back(nullptr);
      if (rows.size() == wanted.size()) return false;
      if (wanted[rows.size()] != row.index) return true;
      std::string text =
          row.value ? row.value->dump(-1, ' ', false, data::RowValue::error_handler_t::replace) : std::string();
      if (!row.value || text.size() > room) {
        rows.push_back(nullptr);
      } else {
        room -= text.size();
        rows.push_back(std::move(text));
      }
      return rows.size() < wanted.size();
    });
  while (rows.size() < wanted.size()) rows.push_back(nullptr);
  return {{"rows", std::move(rows)}};
}

}  // namespace bandscope::serve
