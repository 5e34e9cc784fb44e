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

struct Note {
  std::string generation;
  bool coarse = false;
};

Note note_in(const std::filesystem::path& folder) {
  try {
    const nlohmann::json json = read_json(folder / "mirror.json", most_bytes);
    if (!json.is_object() || json.value("version", 0) != version) return {};
    return {json.value("generation", ""), json.value("coarse", false)};
  } catch (const DataError&) {
    return {};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

void write_note(const std::filesystem::path& folder, const std::string& run, const Note& note) {
  nlohmann::json json = {{"version", version}, {"run", run}, {"generation", note.generation}};
  if (note.coarse) json["coarse"] = true;
  write_fresh(folder / "mirror.json", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) throw RunError(Message::tr("cannot make the folder %1: %2", folder, system_reason(problem)));
}

/// Of two windows that show a run one writes its copy, and both read it.
RunError written_elsewhere() {
  return RunError(Message::tr("another window of Bandscope is writing the copy of this run; it is shown as that does"));
}

bool is_written(const std::filesystem::path& file) {
  std::error_code unknown;
  try {
    return std::filesystem::exists(file, unknown) && RecordReader::open(file).writer_alive();
  } catch (const DataError&) {
    return false;
  }
}

void move(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code problem;
  std::filesystem::rename(from, to, problem);
  if (problem) throw RunError(Message::tr("%1 cannot be renamed to %2: %3", from, to, system_reason(problem)));
}

}  // namespace

bool is_coarse(const std::filesystem::path& folder) { return note_in(folder).coarse; }

MirrorRecord::MirrorRecord(std::filesystem::path folder) : folder_(std::move(folder)) {
  const Note note = note_in(folder_);
  if (note.coarse) coarse_ = note.generation;
}

std::optional<MirrorRecord::Kept> MirrorRecord::look(const RecordHead& head) {
  close();
  reader_.reset();
  kept_ = false;
  std::error_code unknown;
  const Note note = note_in(folder_);
  coarse_ = note.coarse && std::filesystem::exists(record(), unknown) ? note.generation : "";
  beside_ = std::filesystem::exists(whole(), unknown);
  const auto file = beside_ ? whole() : record();
  if (!std::filesystem::exists(file, unknown) || (note.coarse && !beside_)) return std::nullopt;
  try {
    reader_.emplace(RecordReader::open(file));
    const RecordReader& reader = *reader_;
    if (reader.writer_alive()) throw written_elsewhere();
    if (reader.spec_toml() != head.spec || reader.environment_json() != head.environment ||
        reader.layer_names() != head.layers)
      return std::nullopt;
    Kept kept;
    for (std::size_t i = 0; i < kept.rows.size(); ++i) kept.rows[i] = reader.rows(static_cast<RecordTable>(i));
    kept.same_generation = note.generation == head.generation;
    kept.ended = !reader.live() && !beside_;
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

void MirrorRecord::show(const RecordHead& head, const Coarse& rows) {
  reader_.reset();
  for (const auto& old : {whole(), record()})
    if (is_written(old)) throw written_elsewhere();
  make_folder(folder_);
  const auto fresh = folder_ / "coarse.h5";
  std::error_code problem;
  std::filesystem::remove(fresh, problem);
  auto writer = RecordWriter::create(fresh, {head.spec, head.environment, head.layers});
  writer.append_raw(rows.steps);
  writer.append_raw(rows.probe);
  writer.set_status(rows.state, rows.heartbeat);
  writer.close();
  if (!coarse()) {
    // Without its note first: rows of one record must never stand under the name of another.
    std::filesystem::remove(folder_ / "mirror.json", problem);
    if (kept_ && !beside_) move(record(), whole());
    beside_ = kept_;
  }
  move(fresh, record());
  coarse_ = head.generation;
  write_note(folder_, head.run, {head.generation, true});
}

void MirrorRecord::show_whole() {
  // Before the file: a note that calls a whole copy coarse would have it fetched again.
  write_note(folder_, run_, {generation_, false});
  move(whole(), record());
  coarse_.clear();
  beside_ = false;
}

void MirrorRecord::open(const RecordHead& head, const TableRows& keep) {
  close();
  reader_.reset();
  make_folder(folder_);
  std::error_code problem;
  // Coarse rows of a run that has this one's place, not of this one.
  if (!kept_ && coarse_ != head.generation) coarse_.clear();
  if (!coarse()) {
    if (kept_ && beside_) move(whole(), record());
    beside_ = false;
  }
  const auto file = coarse() ? whole() : record();
  if (!kept_) {
    // It may have begun since look(), while coarse rows came.
    for (const auto& old : {whole(), file})
      if (is_written(old)) throw written_elsewhere();
    // The note first, as in show(); that of coarse rows is theirs.
    if (!coarse()) std::filesystem::remove(folder_ / "mirror.json", problem);
    for (const auto& old : {whole(), file}) std::filesystem::remove(old, problem);
    writer_.emplace(RecordWriter::create(file, {head.spec, head.environment, head.layers}));
  } else {
    writer_.emplace(RecordWriter::go_on_copying(file, keep));
  }
  kept_ = true;
  beside_ = coarse();
  write_note(folder_, head.run, {head.generation, coarse()});
  if (coarse()) coarse_ = head.generation;
  generation_ = head.generation;
  run_ = head.run;
}

void MirrorRecord::end() {
  const auto file = record();
  close();
  // HDF5 closes a file once nobody of this process has it open: while a window reads the copy, it stays one whose
  // writer was killed. Another file in its place is closed, and readers follow.
  if (RecordReader::open(file).live()) repair_record(file);
}

void MirrorRecord::close() {
  if (!writer_) return;
  writer_->close();
  writer_.reset();
}

}  // namespace bandscope::mirror
