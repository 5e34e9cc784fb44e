// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_files.h"

#include <utility>

#include "core/serve/base64.h"

namespace bandscope::app {
namespace {

/// Nothing where the answer is none, or says more than a log can have.
std::optional<LogPiece> read_piece(const wire::Json& fields) {
  const auto number = [&](const char* name) -> std::optional<qint64> {
    constexpr qint64 most = qint64{1} << 53;
    const auto count = count_of(fields, name);
    return count && *count <= most ? std::optional(qint64(*count)) : std::nullopt;
  };
  const auto from = number("from"), bytes = number("bytes");
  const auto data = fields.find("data");
  if (!from || !bytes || data == fields.end() || !data->is_string()) return std::nullopt;
  const auto piece = wire::from_base64(data->get_ref<const std::string&>());
  if (!piece || piece->size() > wire::kMostChunkBytes || *from + qint64(piece->size()) > *bytes) return std::nullopt;
  return LogPiece{*from, *bytes, QByteArray::fromStdString(*piece)};
}

static_assert(ElsewhereFiles::most_rows <= wire::kMostDataRows);

std::optional<ElsewhereFiles::DataRows> read_rows(const wire::Json& fields, std::size_t count) {
  const auto list = fields.find("rows");
  if (list == fields.end() || !list->is_array() || list->size() != count) return std::nullopt;
  ElsewhereFiles::DataRows rows;
  for (const auto& row : *list) {
    if (!row.is_string() && !row.is_null()) return std::nullopt;
    rows.push_back(row.is_string() ? std::optional(row.get<std::string>()) : std::nullopt);
  }
  return rows;
}

}  // namespace

void ServerFiles::log(const RunElsewhere& run, std::optional<qint64> from, QObject* context, Log done) {
  wire::Json fields = {{"run", run.run.toStdString()}};
  if (from) fields["from"] = std::uint64_t(std::max<qint64>(0, *from));
  ask_server(
      links_, run.server, wire::Ask::log, std::move(fields), context,
      [links = links_, server = run.server, done = std::move(done)](const wire::Json& answer, const Message& problem) {
        if (!problem.empty()) return done({}, problem);
        const auto piece = read_piece(answer);
        piece ? done(*piece, {}) : done({}, not_understood(links, server));
      });
}

void ServerFiles::dataRows(const RunElsewhere& run, const std::vector<qint64>& rows, QObject* context, Rows done) {
  ask_server(links_, run.server, wire::Ask::data_rows, {{"run", run.run.toStdString()}, {"rows", rows}}, context,
             [links = links_, server = run.server, count = rows.size(), done = std::move(done)](
                 const wire::Json& answer, const Message& problem) {
               if (!problem.empty()) return done({}, problem);
               const auto got = read_rows(answer, count);
               got ? done(*got, {}) : done({}, not_understood(links, server));
             });
}

}  // namespace bandscope::app
