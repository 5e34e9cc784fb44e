// SPDX-License-Identifier: Apache-2.0
#include "core/record/import_run.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/band/band.h"
#include "core/build_info.h"
#include "core/error.h"
#include "core/record/import_log.h"
#include "core/record/record_writer.h"

namespace bandscope {

namespace record {

void complete(StepRow& row) {
  const auto missing = [&](Column column) { return std::isnan(row[column]); };
  const auto set = [&](Column column, double value) {
    if (missing(column)) row[column] = value;
  };
  set(Column::margin, row[Column::z_w] - row[Column::z_l]);
  set(Column::score_dot, row[Column::rho] * row[Column::score_norm_w] * row[Column::score_norm_l]);
  const Scores scores{row[Column::score_norm_w], row[Column::score_norm_l], row[Column::score_dot]};
  set(Column::rho, scores.rho());
  set(Column::log_r, log_ratio(row[Column::d_w], row[Column::d_l]));
  set(Column::log_r_star, scores.log_r_star());
  // A log without alpha comes from a run without calibration.
  set(Column::log_r_applied, row[Column::log_r] + (missing(Column::alpha) ? 0 : 2 * std::log(row[Column::alpha])));
  if (row[Column::rho] > 0) {
    // Eq. (9), from rho and log r*, since a log may have these and no score norms.
    set(Column::band_lower, row[Column::log_r_star] + std::log(row[Column::rho]));
    set(Column::band_upper, row[Column::log_r_star] - std::log(row[Column::rho]));
  }
  // Eq. (10): the distance to the nearer edge.
  if (!missing(Column::log_r_applied) && !missing(Column::band_lower) && !missing(Column::band_upper))
    set(Column::slack, std::min(row[Column::log_r_applied] - row[Column::band_lower],
                                row[Column::band_upper] - row[Column::log_r_applied]));
}

nlohmann::json parse_python_json(const std::string& text) {
  std::string plain;
  plain.reserve(text.size());
  bool quoted = false;
  for (std::size_t i = 0; i < text.size();) {
    if (quoted) {
      if (text[i] == '\\' && i + 1 < text.size())
        plain += text[i++];
      else if (text[i] == '"')
        quoted = false;
      plain += text[i++];
      continue;
    }
    bool replaced = false;
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
      if (text.compare(i, word.size(), word) != 0) continue;
      plain += "null";
      i += word.size();
      replaced = true;
      break;
    }
    if (replaced) continue;
    quoted = text[i] == '"';
    plain += text[i++];
  }
  return nlohmann::json::parse(plain);
}

double number_of(const nlohmann::json& value, const std::string& key, const std::string& where) {
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number())
    throw DataError(where + ": " + key + " is of type " + value.type_name() + "; a number is needed");
  return value.get<double>();
}

std::int64_t step_of(const nlohmann::json& value, const std::string& key, const std::string& where) {
  const double number = number_of(value, key, where);
  if (!(number >= 0 && number < 9e15 && number == std::floor(number)))
    throw DataError(where + ": " + key + " is " + value.dump() + "; a whole number from 0 is needed");
  return static_cast<std::int64_t>(number);
}

}  // namespace record

namespace {

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw DataError("cannot read " + file.string() + ": " + std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad() || std::filesystem::is_directory(file)) throw DataError("cannot read " + file.string());
  if (text.empty()) throw DataError(file.string() + " is empty");
  return text;
}

record::ImportedLog read_log(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  try {
    const auto json = record::parse_python_json(text);
    if (json.is_object() && json.contains("log_history")) return record::import_trainer_state(json, file.string());
  } catch (const nlohmann::json::parse_error& problem) {
    // Several objects in a row are no JSON document; a trainer state that does not parse is damaged.
    if (text.find("\"log_history\"") != std::string::npos)
      throw DataError(file.string() + " is not valid JSON at byte " + std::to_string(problem.byte));
  }
  return record::import_margin_chain(text, file.string());
}

std::string quoted_toml(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

std::string import_run(const std::filesystem::path& in, const std::filesystem::path& out) {
  auto log = read_log(in);
  if (log.steps.empty()) throw DataError(in.string() + " holds no step");
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
  std::string message = std::to_string(log.steps.size()) + " steps imported from " + log.kind + " " + in.string();
  if (!log.probes.empty()) message += ", " + std::to_string(log.probes.size()) + " evaluations";
  if (!log.remark.empty()) message += "; " + log.remark;
  if (!log.unknown.empty()) {
    message += "; not understood and left out: ";
    bool first = true;
    for (const auto& key : log.unknown) {
      message += (first ? "" : ", ") + key;
      first = false;
    }
  }
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
