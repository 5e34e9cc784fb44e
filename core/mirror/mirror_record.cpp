// SPDX-License-Identifier: Apache-2.0
#include "core/mirror/mirror_record.h"

#include <cerrno>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/serve/rows_json.h"

namespace bandscope::mirror {
namespace {

constexpr int version = 1;
constexpr std::uint64_t most_bytes = 64 << 10;

std::string generation_in(const std::filesystem::path& file) {
  try {
    const nlohmann::json json = read_json(file, most_bytes);
    if (!json.is_object() || json.value("version", 0) != version) return {};
    return json.value("generation", "");
  } catch (const DataError&) {
    return {};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

void write_note(const std::filesystem::path& folder, const RecordHead& head) {
  const nlohmann::json note = {{"version", version}, {"run", head.run}, {"generation", head.generation}};
  write_fresh(folder / "mirror.json", note.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

}  // namespace

std::optional<MirrorRecord::Kept> MirrorRecord::look(const RecordHead& head) {
  close();
  reader_.reset();
  kept_ = false;
  std::error_code unknown;
  if (!std::filesystem::exists(record(), unknown)) return std::nullopt;
  try {
    reader_.emplace(RecordReader::open(record()));
    const RecordReader& reader = *reader_;
    if (reader.writer_alive()) throw RunError(Message::tr("%1 is being written by a running process", record()));
    if (reader.spec_toml() != head.spec || reader.environment_json() != head.environment ||
        reader.layer_names() != head.layers)
      return std::nullopt;
    Kept kept;
    for (std::size_t i = 0; i < kept.rows.size(); ++i) kept.rows[i] = reader.rows(static_cast<RecordTable>(i));
    kept.same_generation = generation_in(folder_ / "mirror.json") == head.generation;
    kept.ended = !reader.live();
    kept.state = reader.state();
    kept.heartbeat = reader.heartbeat();
    kept_ = true;
    return kept;
  } catch (const DataError&) {
    return std::nullopt;  // a damaged copy is worth less than a new one
  }
}

std::string MirrorRecord::digest(RecordTable table, std::size_t first, std::size_t count) const {
  return wire::digest_of(reader_->raw_rows(table, first, count));
}

void MirrorRecord::open(const RecordHead& head, const TableRows& keep) {
  close();
  reader_.reset();
  std::error_code problem;
  std::filesystem::create_directories(folder_, problem);
  if (problem) throw RunError(Message::tr("cannot make the folder %1: %2", folder_, system_reason(problem)));
  if (!kept_) {
    // Without its note first: rows of one record must never stand under the name of another.
    std::filesystem::remove(folder_ / "mirror.json", problem);
    std::filesystem::remove(record(), problem);
    writer_.emplace(RecordWriter::create(record(), {head.spec, head.environment, head.layers}));
  } else {
    writer_.emplace(RecordWriter::go_on_copying(record(), keep));
  }
  kept_ = true;
  write_note(folder_, head);
  generation_ = head.generation;
}

void MirrorRecord::close() {
  if (!writer_) return;
  writer_->close();
  writer_.reset();
}

}  // namespace bandscope::mirror
