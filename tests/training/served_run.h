// SPDX-License-Identifier: Apache-2.0
// A run on a server, and a client's copy of its record, over a wire without a network.
#pragma once

#include <QTemporaryDir>
#include <bit>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/mirror/mirror_feed.h"
#include "tests/core/record_rows.h"
#include "tests/training/serve_wire.h"

namespace serve_test {

using bandscope::Column;
using bandscope::EvaluationRow;
using bandscope::LayerRow;
using bandscope::Message;
using bandscope::RecordWriter;
using bandscope::RunState;
using bandscope::StepRow;
using bandscope::mirror::MirrorFeed;
namespace serve = bandscope::serve;
namespace wire = bandscope::wire;

/// A run on a server that goes on while it is copied.
struct ServedRun {
  explicit ServedRun(const QTemporaryDir& folder, std::vector<std::string> layer_names = {"layer 0", "layer 1"})
      : runs((folder.path() + "/runs").toStdString()),
        record(runs / "sweep" / "run" / "run.h5"),
        with_layers(!layer_names.empty()) {
    std::filesystem::create_directories(record.parent_path());
    writer.emplace(RecordWriter::create(record, {record_rows::spec, record_rows::environment, std::move(layer_names)}));
    writer->set_status(RunState::running);
  }
  void take_steps(int count) {
    for (int i = 0; i < count; ++i) {
      const std::int64_t step = writer->last_step() + 1;
      const LayerRow layers = record_rows::layer_row(step);
      StepRow row = record_rows::step_row(step);
      row[Column::seconds] = static_cast<double>(++written);  // another time where a step is taken again
      row[Column::rho] = std::bit_cast<double>(0x7FF8000000000000ULL | static_cast<std::uint64_t>(step));
      writer->append_step(row, record_rows::pair_rows(step), with_layers ? &layers : nullptr);
      if (step % 7 == 0) writer->append_probe({step, 1.5, -2, 3.5, 0.5});
      if (step % 11 == 0) writer->append_event({step, 0.5, "note", Message::tr("%1 steps", step)});
      if (step % 13 == 0) {
        const EvaluationRow evaluated{step, "task", "acc", "none", 0.25, 0.01, 100};
        writer->append_evaluation({&evaluated, 1});
      }
    }
  }
  /// As a run that goes on from a checkpoint does: another file, without the last steps.
  void resume() {
    const std::int64_t from = std::max<std::int64_t>(1, writer->last_step() - 9);
    writer->close();
    writer.emplace(RecordWriter::resume(record, from));
  }
  /// Many steps at once, without pairs and layers.
  void take_many(int count) {
    std::vector<StepRow> rows;
    for (std::int64_t step = writer->last_step() + 1; rows.size() < static_cast<std::size_t>(count); ++step)
      rows.push_back(record_rows::step_row(step));
    writer->append_steps(rows);
    for (std::int64_t step = 0; step < count; step += 40) writer->append_probe({step, 1.5, -2, 3.5, 0.5});
  }
  void end() {
    writer->append_event({writer->last_step(), 2, "stop", Message::plain("enough")});
    writer->set_status(RunState::stopped);
    writer->close();
    writer.reset();
  }

  std::filesystem::path runs, record;
  bool with_layers;
  std::optional<RecordWriter> writer;
  int written = 0;
};

/// A client's copy of it.
struct Copy {
  Copy(const QTemporaryDir& folder, const serve::Roots& roots)
      : wire(roots, client), place((folder.path() + "/cache/run").toStdString()) {
    client.on_ready = [this] { feed->start(); };
    client.on_push = [this](const std::string& name, const wire::Json& fields) {
      if (name == "grown") feed->pushed(fields);
    };
    begin();
  }
  /// As another start of the program.
  void begin() {
    feed.reset();
    feed.emplace(client, place, "sweep/run", [this] { return wire.now(); });
  }
  bool reaches(MirrorFeed::Phase phase) {
    return wire.until([&] { return feed->phase() == phase || feed->phase() == MirrorFeed::Phase::failed; }) &&
           feed->phase() == phase;
  }

  wire::Client client;
  Wire wire;
  std::filesystem::path place;
  std::optional<MirrorFeed> feed;
};

}  // namespace serve_test
