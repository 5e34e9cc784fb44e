// SPDX-License-Identifier: Apache-2.0
#include "training/serve/records.h"

#include <algorithm>

#include "core/error.h"
#include "core/serve/rows_json.h"
#include "training/serve/run_item.h"

namespace bandscope::serve {
namespace {

using wire::Json;
using wire::Refusal;
using wire::Refused;

constexpr std::size_t most_followed = 64;
/// Those that are followed are looked at in turn, all of them again and again.
constexpr std::size_t most_open = most_followed + 8;

void require_generation(const RecordReader& reader, const wire::Request& request) {
  if (reader.identity() != request.text("generation"))
    throw Refused(Refusal::replaced, Message::tr("another record has taken the place of %1", request.text("run")));
}

/// Rows of the request that are there.
std::pair<std::size_t, std::size_t> range_of(const wire::Request& request, std::size_t rows) {
  const std::size_t first = std::min<std::size_t>(request.count("first", 0), rows);
  return {first, std::min<std::size_t>(request.count("count", 0), rows - first)};
}

/// Of a table whose rows are longer, one all the same.
std::size_t rows_of_chunk(const RecordReader& reader, RecordTable table) {
  return std::max<std::size_t>(1, wire::kMostChunkBytes / std::max<std::size_t>(1, reader.row_bytes(table)));
}

}  // namespace

std::filesystem::path record_of(const Roots& roots, const std::string& run) {
  const std::filesystem::path place = roots.existing("runs", run);
  std::error_code unknown;
  if (!std::filesystem::is_directory(place, unknown)) {
    if (place.extension() != ".h5") throw Refused(Refusal::missing, Message::tr("there is no run %1", run));
    return place;
  }
  return roots.existing("runs", run + "/run.h5");
}

RecordReader& Records::reader(const std::string& run) {
  const auto known = std::ranges::find(open_, run, &Open::run);
  if (known != open_.end()) {
    open_.splice(open_.begin(), open_, known);
    try {
      record_of(roots_, run);  // it may have gone, or lead elsewhere by now
      open_.front().reader.refresh();
      return open_.front().reader;
    } catch (const Error&) {
      open_.pop_front();
    }
  }
  open_.push_front({run, RecordReader::open(record_of(roots_, run))});
  if (open_.size() > most_open) open_.pop_back();
  return open_.front().reader;
}

Json Records::standing(const std::string& run, RecordReader& reader) {
  TableRows rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = reader.rows(static_cast<RecordTable>(i));
  bool has_reason = false;
  if (reader.state() == RunState::failed)
    has_reason = std::ranges::any_of(
        reader.event_rows(), [](const EventRow& event) { return event.kind == "stop" || event.kind == "non-finite"; });
  return {{"run", run},
          {"generation", reader.identity()},
          {"rows", wire::counts_json(rows)},
          {"state", static_cast<int>(reader.state())},
          {"heartbeat", reader.heartbeat()},
          {"shown", to_string(judged(reader, has_reason))}};
}

Json Records::record(const std::string& run) {
  RecordReader& open = reader(run);
  Json answer = standing(run, open);
  wire::RowShapes shapes;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const auto table = static_cast<RecordTable>(i);
    for (const RawColumn& column : open.raw_rows(table, 0, 0).columns) shapes[i].names.push_back(column.name);
    shapes[i].widths = open.cell_bytes(table);
  }
  answer.update(wire::shapes_json(shapes));
  answer.update({{"spec", open.spec_toml()}, {"environment", open.environment_json()}, {"layers", open.layer_names()}});
  return answer;
}

Json Records::rows(const wire::Request& request) {
  const RecordTable table = wire::table_of(request.text("table"));
  RecordReader& open = reader(request.text("run"));
  require_generation(open, request);
  const auto [first, count] = range_of(request, open.rows(table));
  return wire::rows_fields(open.raw_rows(table, first, std::min(count, rows_of_chunk(open, table))),
                           request.flag("packed"));
}

Json Records::coarse(const wire::Request& request) {
  const RecordTable table = wire::table_of(request.text("table"));
  const std::uint64_t count = request.count("count", 0);
  if (count < 2) throw Refused(Refusal::request, Message::tr("coarse rows are 2 or more"));
  RecordReader& open = reader(request.text("run"));
  require_generation(open, request);
  Json answer = wire::rows_fields(open.coarse_rows(table, std::min<std::uint64_t>(count, rows_of_chunk(open, table))),
                                  request.flag("packed"));
  answer["of"] = open.rows(table);
  return answer;
}

Json Records::digests(const std::filesystem::path& record, const wire::Request& request) {
  const RecordTable table = wire::table_of(request.text("table"));
  const RecordReader open = RecordReader::open(record);
  require_generation(open, request);
  const auto [first, count] = range_of(request, open.rows(table));
  if (count > wire::kMostDigests * wire::kDigestRows)
    throw Refused(Refusal::request, Message::tr("at most %1 digests are made at a time", wire::kMostDigests));
  Json digests = Json::array();
  for (std::size_t at = first; at < first + count; at += wire::kDigestRows)
    digests.push_back(wire::digest_of(open.raw_rows(table, at, std::min(wire::kDigestRows, first + count - at))));
  return {{"digests", std::move(digests)}};
}

Json Records::follow(const std::string& run) {
  if (followed_.size() >= most_followed && !followed_.contains(run))
    throw Refused(Refusal::busy, Message::tr("at most %1 runs are followed at a time", most_followed));
  Json now = standing(run, reader(run));
  followed_[run] = now;
  return now;
}

Json Records::next_grown() {
  // From the one after that which was told last, round.
  auto at = followed_.upper_bound(last_told_);
  for (std::size_t looked = followed_.size(); looked > 0 && !followed_.empty(); --looked) {
    if (at == followed_.end()) at = followed_.begin();
    try {
      Json now = standing(at->first, reader(at->first));
      if (now != at->second) {
        last_told_ = at->first;
        at->second = now;
        return now;
      }
      ++at;
    } catch (const Error&) {
      at = followed_.erase(at);
    }
  }
  return nullptr;
}

}  // namespace bandscope::serve
