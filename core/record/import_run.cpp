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

ImportedLog import_text(const std::string& text, const std::string& origin, const ColumnNames& names) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) return import_text(text.substr(byte_order_mark.size()), origin, names);
  if (text.empty()) throw DataError(Message::tr("%1 is empty", origin));
  if (is_event_file(text)) return import_events(text, origin);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first == std::string::npos || text[first] == '{' || text[first] == '[';
  if (!names.empty() && is_json)
    throw DataError(
        Message::tr("%1 is no table of comma-separated values, which alone has columns to be named", origin));
  if (!is_json && text.substr(0, text.find('\n')).find(',') != std::string::npos)
    return import_csv(text, origin, names);
  if (is_wandb_history(text)) return import_wandb_history(text, origin);
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

bool is_importable(const std::string& name) {
  return name == "step" || record::is_quantity(name) || name.starts_with("eval_");
}

Message import_run(const std::filesystem::path& in, const std::filesystem::path& out,
                   const std::vector<std::pair<std::string, std::string>>& columns) {
  auto log = record::import_text(read_file(in), in.string(), columns);
  if (log.steps.empty()) throw DataError(Message::tr("%1 holds no step", in));
  for (auto& row : log.steps) record::complete(row, log.calibrated);

  const auto absolute = std::filesystem::absolute(out);
  const std::string name = (out.filename() == "run.h5" ? absolute.parent_path().filename() : out.stem()).string();
  RecordWriter::Options options;
  options.spec_toml = "# Imported from " + log.kind + ".\n[run]\nname = " + quoted_toml(name) + "\n" + log.spec;
  options.environment_json = nlohmann::json{
      {"imported_from", std::filesystem::absolute(in).string()},
      {"imported_kind", log.kind},
      {"bandscope",
       build_version()}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Message message = log.steps.size() == 1 ? Message::tr("1 step imported from %1", log.source)
                                          : Message::tr("%1 steps imported from %2", log.steps.size(), log.source);
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
