// SPDX-License-Identifier: Apache-2.0
#include <hdf5.h>

#include <QTest>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/error.h"
#include "core/record/record_file.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "tests/core/record_rows.h"

using namespace bandscope;
using namespace record_rows;

namespace {

QString message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& problem) {
    return QString::fromUtf8(problem.what());
  }
  return {};
}

}  // namespace

class TestRecord : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path file(const char* name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }

  /// `steps` steps with probe and event rows every 10, and layers when wanted; left open.
  RecordWriter write(const std::filesystem::path& path, int steps, bool layers = false) const {
    auto writer = RecordWriter::create(
        path,
        {spec, environment, layers ? std::vector<std::string>{"layer 0", "layer 1"} : std::vector<std::string>{}});
    writer.set_status(RunState::running);
    writer.append_probe({0, -1, -2, 1, 0.5});
    for (int step = 1; step <= steps; ++step) {
      const auto row = layer_row(step);
      writer.append_step(step_row(step), pair_rows(step), layers ? &row : nullptr);
      if (step % 10 == 0) {
        writer.append_probe({step, -1.0 - step, -2, 1, 0.5});
        writer.append_event({step, step * 0.5, "checkpoint", Message::plain("step " + std::to_string(step))});
      }
    }
    return writer;
  }

 private Q_SLOTS:
  void everything_written_is_read() {
    {
      auto writer = write(file("whole.h5"), 1500, true);  // more than one chunk of every table
      writer.append_event({1500, 7, "note", Message::plain(std::string(511, 'x') + "ü, and more than fits")});
      writer.set_status(RunState::done);
      writer.close();
      QVERIFY_EXCEPTION_THROWN(writer.append_probe({}), RunError);
    }
    const auto reader = RecordReader::open(file("whole.h5"));
    QCOMPARE(reader.steps(), 1500u);
    QCOMPARE(reader.pairs(), 1500u * batch);
    QCOMPARE(first_wrong_step(reader), -1);
    QCOMPARE(reader.spec_toml(), std::string(spec));
    QCOMPARE(reader.environment_json(), std::string(environment));
    QCOMPARE(reader.state(), RunState::done);
    QVERIFY(reader.heartbeat() > 1.6e9);
    QVERIFY(!reader.live());
    QVERIFY(!reader.writer_alive());
    QCOMPARE(reader.note().english(), std::string());
    QCOMPARE(reader.probes(), 151u);
    QCOMPARE(reader.probe_rows()[150].step, 1500);
    QCOMPARE(reader.probe_rows()[150].z_w, -1501.0);
    const auto events = reader.event_rows();
    QCOMPARE(events.size(), 151u);
    QCOMPARE(events[3].kind, std::string("checkpoint"));
    QCOMPARE(events[3].message.english(), std::string("step 40"));
    QCOMPARE(events[3].time, 20.0);
    QCOMPARE(events[150].message.english(), std::string(511, 'x'));  // cut before the character that does not fit
    QCOMPARE(reader.layer_names(), (std::vector<std::string>{"layer 0", "layer 1"}));
    const auto layers = reader.layer_rows(999, 2);
    QCOMPARE(layers.size(), 2u);
    QCOMPARE(layers[1].step, 1001);
    QCOMPARE(layers[1].score_norm_l, (std::vector<double>{1003, 1004}));
    QCOMPARE(reader.column(Column::z_w, 1498, 100).size(), 2u);
    QCOMPARE(reader.column(Column::z_w, 5000).size(), 0u);
  }

  void coarse_rows_are_even_and_hold_both_ends() {
    for (const std::int64_t steps : {0, 1, 2, 3, 9, 10, 11, 100, 1037}) {
      const auto path = file(("coarse-" + std::to_string(steps) + ".h5").c_str());
      {
        auto writer = RecordWriter::create(path, {spec, environment, {"layer 0", "layer 1"}});
        for (std::int64_t step = 1; step <= steps; ++step) {
          const auto layers = layer_row(step);
          writer.append_step(step_row(step), {}, &layers);
        }
        writer.close();
      }
      const auto reader = RecordReader::open(path);
      for (const std::size_t most : {2U, 3U, 9U, 10U, 400U}) {
        const RawRows coarse = reader.coarse_rows(RecordTable::layers, most);
        QVERIFY(coarse.count <= most && coarse.count <= static_cast<std::size_t>(steps));
        QVERIFY(coarse.count * 2 >= std::min<std::size_t>(most, static_cast<std::size_t>(steps)));
        for (const RawColumn& column : coarse.columns)
          QCOMPARE(column.bytes.size(), coarse.count * (column.name == "step" ? 8 : 16));
        std::vector<std::int64_t> numbers(coarse.count);
        if (coarse.count > 0) std::memcpy(numbers.data(), coarse.columns.back().bytes.data(), coarse.count * 8);
        if (steps > 0) QVERIFY(numbers.front() == 1 && numbers.back() == steps);
        for (std::size_t i = 2; i + 1 < numbers.size(); ++i)
          QCOMPARE(numbers[i] - numbers[i - 1], numbers[1] - numbers[0]);
        // The cells are those of the step.
        for (std::size_t i = 0; i < numbers.size(); ++i) {
          const RawRows row = reader.raw_rows(RecordTable::layers, static_cast<std::size_t>(numbers[i] - 1), 1);
          QVERIFY(coarse.columns[0].bytes.substr(i * 16, 16) == row.columns[0].bytes);
        }
      }
    }
  }

  void an_empty_record_opens() {
    RecordWriter::create(file("empty.h5"), {"", "", {}}).close();
    const auto reader = RecordReader::open(file("empty.h5"));
    QCOMPARE(reader.steps(), 0u);
    QCOMPARE(reader.pairs(), 0u);
    QCOMPARE(reader.state(), RunState::waiting);
    QCOMPARE(reader.spec_toml(), std::string());
    QVERIFY(reader.layer_rows().empty());
    QVERIFY(reader.event_rows().empty());
  }

  void an_existing_file_is_not_overwritten() {
    write(file("twice.h5"), 1).close();
    const auto message = message_of([&] { RecordWriter::create(file("twice.h5"), {}); });
    QVERIFY2(message.contains("twice.h5") && message.contains("exists"), qPrintable(message));
    QVERIFY(message_of([&] { RecordWriter::create(file("no/such/folder.h5"), {}); }).contains("No such file"));
  }

  void nothing_is_created_after_rows_are_appended() {
    h5::Lock lock;
    record::RecordFile record(file("late.h5"), "", "", {});
    record.start_swmr();
    QVERIFY_EXCEPTION_THROWN(record.create_table(record::layers_layout(3)), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(record.start_swmr(), std::logic_error);
  }

  void a_live_record_is_followed_in_the_same_process() {
    auto writer = write(file("live.h5"), 3);
    auto reader = RecordReader::open(file("live.h5"));
    QVERIFY(reader.live());
    QVERIFY(reader.writer_alive());
    QCOMPARE(reader.note().english(), std::string());
    QCOMPARE(reader.steps(), 3u);
    QVERIFY(!reader.refresh());
    for (int step = 4; step <= 700; ++step) {
      writer.append_step(step_row(step), pair_rows(step));
      if (step % 50 == 0) {
        QVERIFY(reader.refresh());
        QCOMPARE(reader.steps(), static_cast<std::size_t>(step));
        QCOMPARE(first_wrong_step(reader), -1);
      }
    }
    writer.set_status(RunState::paused);
    reader.refresh();
    QCOMPARE(reader.state(), RunState::paused);
  }

  void several_threads_read_while_one_writes() {
    auto writer = write(file("threads.h5"), 1);
    std::atomic<bool> over = false;
    std::atomic<int> wrong = 0, reads = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        auto reader = RecordReader::open(file("threads.h5"));
        while (!over) {
          reader.refresh();
          if (first_wrong_step(reader) != -1) ++wrong;
          ++reads;
        }
      });
    for (int step = 2; step <= 600; ++step) writer.append_step(step_row(step), pair_rows(step));
    while (reads < 6) std::this_thread::yield();
    over = true;
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
  }

  void resuming_cuts_every_table_and_goes_on() {
    write(file("cut.h5"), 50, true).close();
    auto reader = RecordReader::open(file("cut.h5"));
    auto writer = RecordWriter::resume(file("cut.h5"), 30);
    QCOMPARE(writer.last_step(), 30);
    QCOMPARE(writer.last_probe_step(), 30);
    QVERIFY(reader.refresh());  // follows to the file that took the place
    QCOMPARE(reader.steps(), 30u);
    QCOMPARE(reader.pairs(), 30u * batch);
    QCOMPARE(reader.probes(), 4u);
    QCOMPARE(reader.events(), 3u);
    QCOMPARE(reader.layer_steps(), 30u);
    const auto message = message_of([&] { RecordWriter::resume(file("cut.h5"), 10); });
    QVERIFY2(message.contains("running process"), qPrintable(message));
    for (int step = 31; step <= 60; ++step) {
      const auto layers = layer_row(step);
      writer.append_step(step_row(step), pair_rows(step), &layers);
    }
    reader.refresh();
    QCOMPARE(reader.steps(), 60u);
    QCOMPARE(first_wrong_step(reader), -1);
    QCOMPARE(reader.layer_rows(59, 1).front().score_dot, (std::vector<double>{64, 65}));
    QCOMPARE(reader.spec_toml(), std::string(spec));
  }

  void resuming_from_the_start_leaves_no_row() {
    write(file("zero.h5"), 20).close();
    auto writer = RecordWriter::resume(file("zero.h5"), 0);
    QCOMPARE(writer.last_step(), 0);
    QCOMPARE(writer.last_probe_step(), -1);
    writer.close();
    const auto reader = RecordReader::open(file("zero.h5"));
    QCOMPARE(reader.steps() + reader.pairs() + reader.probes() + reader.events(), 0u);
  }

  void what_is_no_run_record_is_refused() {
    const auto refusal = [&](const char* name) { return message_of([&] { RecordReader::open(file(name)); }); };
    QVERIFY(refusal("missing.h5").contains("No such file"));
    QVERIFY(message_of([&] { RecordReader::open(folder_.path().toStdString()); }).contains("not a file"));
    std::ofstream(file("nothing.h5")).close();
    QVERIFY(refusal("nothing.h5").contains("is empty"));
    std::ofstream(file("text.h5")) << "step,loss\n1,0.7\n";
    QVERIFY(refusal("text.h5").contains("not an HDF5 file"));

    hid_t id = H5Fcreate(file("foreign.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(id, "steps", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Fclose(id);
    QVERIFY(refusal("foreign.h5").contains("an HDF5 file, but not a run record"));

    write(file("next.h5"), 2).close();
    id = H5Fopen(file("next.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    const hid_t attribute = H5Aopen(id, "format_version", H5P_DEFAULT);
    const std::int64_t version = 2;
    H5Awrite(attribute, H5T_NATIVE_INT64, &version);
    H5Aclose(attribute);
    H5Fclose(id);
    QVERIFY(refusal("next.h5").contains("version 2; this program reads version 1"));

    write(file("gone.h5"), 2).close();
    id = H5Fopen(file("gone.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(id, "steps", H5P_DEFAULT);
    H5Fclose(id);
    QVERIFY(refusal("gone.h5").contains("no /steps"));
  }

  void a_column_that_a_record_lacks_reads_as_nan() {
    write(file("older.h5"), 4).close();
    const hid_t id = H5Fopen(file("older.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(id, "steps/memory", H5P_DEFAULT);
    H5Fclose(id);
    const auto memory = RecordReader::open(file("older.h5")).column(Column::memory);
    QCOMPARE(memory.size(), 4u);
    QVERIFY(std::isnan(memory[2]));
  }

  /// Records from before rows of one response say one line of each pair: both responses are on it.
  void the_rejected_row_of_older_records_is_the_pairs() {
    write(file("one-line.h5"), 2).close();
    QCOMPARE(RecordReader::open(file("one-line.h5")).pair_rows().at(9).rejected_row(), 7 * 2 + 1);
    const hid_t id = H5Fopen(file("one-line.h5").c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    H5Ldelete(id, "pairs/row_l", H5P_DEFAULT);
    H5Fclose(id);
    for (const PairRow& pair : RecordReader::open(file("one-line.h5")).pair_rows()) {
      QCOMPARE(pair.row_l, std::int64_t{-1});
      QCOMPARE(pair.rejected_row(), pair.row);
    }
    // Gone on with, it has the column: unknown before, known from there on.
    auto writer = RecordWriter::resume(file("one-line.h5"), 2);
    writer.append_step(step_row(3), pair_rows(3));
    writer.close();
    const auto rows = RecordReader::open(file("one-line.h5")).pair_rows();
    QCOMPARE(rows.at(9).row_l, std::int64_t{-1});
    QCOMPARE(rows.at(17).row_l, std::int64_t{7 * 3 + 1});
  }

  void repairing_a_sound_record_changes_nothing() {
    write(file("sound.h5"), 4).close();
    QVERIFY(QString::fromStdString(repair_record(file("sound.h5")).english()).startsWith("nothing to repair"));
    auto writer = write(file("busy.h5"), 4);
    QVERIFY(message_of([&] { repair_record(file("busy.h5")); }).contains("running process"));
  }
};

QTEST_GUILESS_MAIN(TestRecord)
#include "test_record.moc"
