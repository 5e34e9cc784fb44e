// SPDX-License-Identifier: Apache-2.0
#include "core/record/import_run.h"

#include "core/build_info.h"
#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/record/import_log.h"
#include "core/record/record_writer.h"

namespace bandscope {

namespace record {

ImportedLog import_text(const std::string& text, const std::string& origin) {
  if (text.empty()) throw DataError(Message::tr("%1 is empty", origin));
  try {
    const auto json = parse_json(text, origin, JsonNumbers::python);
    if (json.is_object() && json.contains("log_history")) return import_trainer_state(json, origin);
  } catch (const DataError&) {
    // Several objects in a row are no JSON document; a trainer state that cannot be read is damaged.
    if (text.find("\"log_history\"") != std::string::npos) throw;
  }
  return import_margin_chain(text, origin);
}

}  // namespace record

namespace {

std::string quoted_toml(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

Message import_run(const std::filesystem::path& in, const std::filesystem::path& out) {
  auto log = record::import_text(read_file(in), in.string());
  if (log.steps.empty()) throw DataError(Message::tr("%1 holds no step", in));
  for (auto& row : log.steps) record::complete(row);

  const auto absolute = std::filesystem::absolute(out);
  const std::string name = (out.filename() == "run.h5" ? absolute.parent_path().filename() : out.stem()).string();
  RecordWriter::Options options;
  options.spec_toml = "# Imported from " + log.kind + ".\n[run]\nname = " + quoted_toml(name) + "\n";
  options.environment_json = nlohmann::json{
      {"imported_from", std::filesystem::absolute(in).string()},
      {"imported_kind", log.kind},
      {"bandscope",
       build_version()}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Message message = Message::tr("%1 steps imported from %2", log.steps.size(), log.source);
  if (!log.probes.empty()) message = Message::tr("%1, %2 evaluations", message, log.probes.size());
  for (const auto& remark : log.remarks) message = Message::joined(message, remark);
  if (!log.unknown.empty())
    message = Message::joined(message, Message::tr("not understood and left out: %1", record::listed(log.unknown)));
  auto writer = RecordWriter::create(out, options);
  try {
    writer.append_steps(log.steps);
    for (const auto& row : log.probes) writer.append_probe(row);
    writer.append_event({0, 0, "note", message});
    writer.set_status(log.state);
    writer.close();
  } catch (const RunError&) {
    std::error_code ignored;
    std::filesystem::remove(out, ignored);
    throw;
  }
  return message;
}

}  // namespace bandscope
