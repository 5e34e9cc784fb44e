// SPDX-License-Identifier: Apache-2.0
#include "core/record/format_document.h"

#include <nlohmann/json.hpp>

#include "core/record/record_file.h"
#include "core/record/record_tables.h"

namespace bandscope::record {
namespace {

const char* type_of(Cell cell) {
  switch (cell) {
    case Cell::int64:
      return "int64";
    case Cell::float64:
      return "float64";
    case Cell::kind_text:
      return "text of 32 bytes";
    case Cell::name_text:
      return "text of 128 bytes";
    case Cell::message_text:
      return "text of 512 bytes";
    case Cell::values_text:
      return "text of 1024 bytes";
  }
  return "";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string section(const TableLayout& table, const std::string& about) {
  std::string text = "\n## `/" + table.group + "`\n\n" + about + "\n\n| column | symbol | type | unit | meaning |\n" +
                     "|---|---|---|---|---|\n";
  for (const ColumnLayout& column : table.columns)
    text += "| `" + column.name + "` | " + escaped(column.about.symbol) + " | " + type_of(column.cell) + " | " +
            escaped(column.about.unit) + " | " + escaped(column.about.meaning) + " |\n";
  return text;
}

nlohmann::ordered_json schema_of(const TableLayout& table) {
  nlohmann::ordered_json columns = nlohmann::ordered_json::array();
  for (const ColumnLayout& column : table.columns) {
    const bool number = column.cell == Cell::int64 || column.cell == Cell::float64;
    columns.push_back({{"name", column.name},
                       {"type", number ? type_of(column.cell) : "text"},
                       {"bytes", cell_bytes(column.cell)},
                       {"symbol", column.about.symbol},
                       {"unit", column.about.unit},
                       {"meaning", column.about.meaning}});
  }
  return {{"group", table.group}, {"chunk_rows", table.chunk_rows}, {"columns", columns}};
}

}  // namespace

std::string format_schema() {
  nlohmann::ordered_json schema = {{"format", format_name},
                                   {"format_version", format_version},
                                   {"page_bytes", kernel_page_bytes},
                                   {"states", nlohmann::ordered_json::object()},
                                   {"tables", nlohmann::ordered_json::array()}};
  for (const RunState state :
       {RunState::waiting, RunState::running, RunState::paused, RunState::done, RunState::failed, RunState::stopped})
    schema["states"][std::string(to_string(state))] = static_cast<int>(state);
  for (const auto& table : {steps_layout(), pairs_layout(), probe_layout(), events_layout(), evaluation_layout()})
    schema["tables"].push_back(schema_of(table));
  auto layers = schema_of(layers_layout(1));
  constexpr LayerChunk chunk;
  layers["chunk_rows"] = nullptr;
  schema["layer_chunk"] = {{"cells", chunk.cells}, {"least_rows", chunk.least_rows}, {"most_rows", chunk.most_rows}};
  schema["tables"].push_back(std::move(layers));
  return schema.dump(1) + "\n";
}

std::string format_document() {
  std::string text =
      "# The run record\n\n"
      "One HDF5 file per run, `run.h5`, which any HDF5 reader opens, also while it is written (SWMR: open it with "
      "`swmr=True` in h5py).\nThis page is made from the tables by which the file is written; a test keeps the two "
      "equal.\n\n"
      "- The root's attributes: `format` = `\"" +
      std::string(format_name) + "\"`, `format_version` = " + std::to_string(format_version) +
      ". Later versions add columns and tables; none is renamed or changes its meaning.\n"
      "- `/spec`: the resolved spec of the run, TOML.\n"
      "- `/environment`: JSON: versions, commit, host, device, threads, SHA-256 of the model's and the data's files, "
      "start time, planned steps.\n"
      "- `/status/state`: 0 waiting, 1 running, 2 paused, 3 done, 4 failed, 5 stopped. `/status/heartbeat`: seconds "
      "since 1970 when the writer last said so.\n\n"
      "A table is a group with one growing dataset per column, all of the same length. `step` is written after the "
      "others, so its length is the number of whole rows; a writer that is killed loses at most the row in flight. "
      "What "
      "is not known is NaN. Datasets carry `symbol`, `unit` and `meaning` as attributes. Log-likelihoods are natural "
      "logarithms, per token or summed over the response as `objective.likelihood` of the spec says.\n";
  text +=
      section(steps_layout(),
              "One row per optimizer step; equations and tables are those of the paper. Values are of the whole step: "
              "means over its pairs, and scores of the mean gradients.");
  text += section(pairs_layout(), "One row per pair and step.");
  text += section(probe_layout(), "One row per evaluation of the held-out pairs, the same ones each time.");
  text +=
      section(events_layout(), "What happened to the run: calibration switched, checkpoints, alerts, and the like.");
  text += section(
      evaluation_layout(),
      "Only with `evaluation.tasks`: one row per task, metric and filter of each evaluation of the benchmarks.");
  text += section(layers_layout(1),
                  "Only with `scores.layers`: one row per step, one cell per layer; `/layers/names` names the layers.");
  return text;
}

}  // namespace bandscope::record
