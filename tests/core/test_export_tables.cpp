// SPDX-License-Identifier: Apache-2.0
// Tables of records for other programs: every cell of every table, and event files of TensorBoard to the byte.
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <bit>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/error.h"
#include "core/export/csv.h"
#include "core/export/event_file.h"
#include "core/export/run_table.h"
#include "core/input/crc32c.h"
#include "tests/core/record_rows.h"

using namespace bandscope;

namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

template <typename Value>
const std::vector<Value>& cells(const TableBlock& block, const std::string& name) {
  for (const TableColumn& column : block)
    if (column.name == name) return std::get<std::vector<Value>>(column.cells);
  throw std::out_of_range(name);
}

}  // namespace

class TestExportTables : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path at(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }

 private Q_SLOTS:
  void initTestCase() {
    std::filesystem::create_directories(at("a"));
    std::filesystem::create_directories(at("b/a"));
    record_rows::write_record(at("a/run.h5"), 5);
    record_rows::write_record(at("b/a/run.h5"), 3);
    record_rows::write_record(at("other.h5"), 2);
  }

  void every_table_is_there() {
    const RecordReader reader = RecordReader::open(at("a/run.h5"));
    const TableBlock steps = reader.block(RecordTable::steps);
    QCOMPARE(steps.size(), static_cast<std::size_t>(column_count) + 1);
    QCOMPARE(steps.front().name, std::string("step"));
    QCOMPARE(reader.rows(RecordTable::steps), std::size_t{5});
    for (int column = 0; column < column_count; ++column) {
      const auto& values = cells<double>(steps, std::string(column_names[static_cast<std::size_t>(column)]));
      for (std::int64_t step = 1; step <= 5; ++step)
        QCOMPARE(values[static_cast<std::size_t>(step) - 1], record_rows::value_of(step, column));
    }
    // A part of the rows, and none beyond the last.
    const TableBlock pairs = reader.block(RecordTable::pairs, 8, 4);
    QCOMPARE(cells<std::int64_t>(pairs, "step"), (std::vector<std::int64_t>(4, 2)));
    QCOMPARE(cells<std::int64_t>(pairs, "row")[1], record_rows::pair_row(2, 1).row);
    QCOMPARE(cells<double>(pairs, "d_l")[3], record_rows::pair_row(2, 3).d_l);
    QVERIFY(cells<std::int64_t>(reader.block(RecordTable::pairs, 1000), "step").empty());
    const TableBlock layers = reader.block(RecordTable::layers);
    QCOMPARE(layers.size(), 1 + 3 * reader.layer_names().size());
    const std::string last = reader.layer_names().back();
    QCOMPARE(cells<double>(layers, "score_dot." + last)[4], record_rows::layer_row(5).score_dot.back());
    const auto events = reader.event_rows();
    const TableBlock said = reader.block(RecordTable::events);
    QCOMPARE(cells<std::string>(said, "kind").size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      QCOMPARE(cells<std::string>(said, "kind")[i], events[i].kind);
      QCOMPARE(cells<std::string>(said, "message")[i], events[i].message.english());
    }
    QVERIFY(cells<std::int64_t>(reader.block(RecordTable::evaluation), "step").empty());
  }

  void runs_are_told_apart_by_their_folders() {
    const std::vector<std::filesystem::path> paths = {at("a/run.h5"), at("b/a/run.h5"), at("other.h5")};
    const auto records = open_named(paths);
    QCOMPARE(records[2].run, std::string("other"));
    QCOMPARE(records[1].run, std::string("b/a"));
    QVERIFY2(records[0].run.ends_with("/a") && records[0].run != "b/a", records[0].run.c_str());
    std::vector<std::string> seen;
    std::size_t rows = 0;
    each_block(
        records, RecordTable::steps,
        [&](const NamedRecord& record, const TableBlock& block) {
          seen.push_back(record.run);
          rows += cells<std::int64_t>(block, "step").size();
        },
        2 * (column_count + 1));
    QCOMPARE(rows, std::size_t{10});
    QCOMPARE(seen.size(), std::size_t{3 + 2 + 1});
  }

  void csv() {
    const TableBlock block = {{"step", std::vector<std::int64_t>{1, 2}},
                              {"z_w", std::vector<double>{0.1, std::nan("")}},
                              {"message", std::vector<std::string>{"a, \"b\"", "c\nd"}}};
    QCOMPARE(csv_header(block), std::string("run,step,z_w,message\n"));
    QCOMPARE(csv_lines("x,y", block), std::string("\"x,y\",1,0.1,\"a, \"\"b\"\"\"\n\"x,y\",2,nan,\"c\nd\"\n"));
    // As short as it can be, and the same number.
    std::string third;
    append_csv(third, 1.0 / 3);
    QCOMPARE(std::stod(third), 1.0 / 3);
    QCOMPARE(third.size(), std::string("0.3333333333333333").size());
  }

  /// The check value of the sum, from the catalogue of CRCs; and an event taken apart by hand.
  void events_of_tensorboard() {
    QCOMPARE(crc32c("123456789"), 0xE3069283U);
    QCOMPARE(masked_crc(0), 0xA282EAD8U);
    EventFile file(at("events"));
    file.add("steps/z_w", 300, 1.5, -0.75);
    file.add("steps/z_w", 301, 2.5, std::nan(""));
    file.finish();
    const std::string bytes = content(at("events"));
    std::vector<std::string> events;
    for (std::size_t place = 0; place < bytes.size();) {
      std::uint64_t length = 0;
      std::memcpy(&length, bytes.data() + place, 8);
      const auto sum_at = [&](std::size_t where) {
        std::uint32_t sum = 0;
        std::memcpy(&sum, bytes.data() + where, 4);
        return sum;
      };
      QCOMPARE(sum_at(place + 8), masked_crc(crc32c(std::string_view(bytes).substr(place, 8))));
      events.push_back(bytes.substr(place + 12, length));
      QCOMPARE(sum_at(place + 12 + length), masked_crc(crc32c(events.back())));
      place += 16 + length;
    }
    QCOMPARE(events.size(), std::size_t{2});
    QVERIFY(events[0].ends_with("brain.Event:2"));
    // wall_time = 1.5; step = 300; summary { value { tag: "steps/z_w" simple_value: -0.75 } }
    const std::string expected = std::string("\x09\0\0\0\0\0\0\xF8\x3F", 9) + std::string("\x10\xAC\x02", 3) +
                                 std::string("\x2A\x12\x0A\x10\x0A\x09steps/z_w\x15\0\0\x40\xBF", 20);
    QCOMPARE(QByteArray::fromStdString(events[1]).toHex(), QByteArray::fromStdString(expected).toHex());
  }

  void an_unfinished_file_that_is_kept() {
    std::ofstream(at("answers")) << "old";
    {
      FreshFile file(at("answers"), FreshFile::Unfinished::kept);
      file.write("one");
      QCOMPARE(content(at("answers.part")), std::string("one"));  // at once
    }
    QCOMPARE(content(at("answers")), std::string("old"));
    QCOMPARE(content(at("answers.part")), std::string("one"));
    FreshFile file(at("answers"), FreshFile::Unfinished::kept);
    file.write("two");
    file.finish();
    QCOMPARE(content(at("answers")), std::string("two"));
    QVERIFY(!std::filesystem::exists(at("answers.part")));
  }

  // A link that somebody named goes on pointing where it pointed; one in the place of a file of the program's own may
  // lead anywhere, and is replaced. A device is written, and its reason said.
  void a_link_and_a_device() {
    std::ofstream(at("real")) << "old";
    std::filesystem::create_symlink(at("real"), at("link"));
    {
      FreshFile file(at("link"));
      file.write("new");
      file.finish();
    }
    QVERIFY(std::filesystem::is_symlink(at("link")));
    QCOMPARE(content(at("real")), std::string("new"));
    write_fresh(at("link"), "own");
    QVERIFY(!std::filesystem::is_symlink(at("link")));
    QCOMPARE(content(at("link")), std::string("own"));
    QCOMPARE(content(at("real")), std::string("new"));
    write_fresh("/dev/null", "gone");
    QVERIFY(std::filesystem::is_character_file("/dev/null"));
    try {
      write_fresh("/dev/full", "too much");
      QFAIL("there is no room");
    } catch (const RunError& error) {
      QCOMPARE(std::string(error.what()), std::string("/dev/full: cannot be written (No space left on device)"));
    }
  }

  /// A pipe that somebody named is written; one that lies where the program puts a file of its own is replaced: opened,
  /// it would wait for a reader that there is not.
  void a_pipe() {
    QCOMPARE(::mkfifo(at("pipe").c_str(), 0600), 0);
    std::string read;
    std::thread reader([&] { read = content(at("pipe")); });
    {
      FreshFile file(at("pipe"));
      file.write("for the reader");
      file.finish();
    }
    reader.join();
    QCOMPARE(read, std::string("for the reader"));
    QVERIFY(std::filesystem::is_fifo(at("pipe")));
    write_fresh(at("pipe"), "own");
    QVERIFY(std::filesystem::is_regular_file(at("pipe")));
    QCOMPARE(content(at("pipe")), std::string("own"));
  }

  void an_unfinished_file_leaves_the_old_one() {
    std::ofstream(at("kept")) << "old";
    {
      FreshFile file(at("kept"));
      file.write("new");
    }
    QCOMPARE(content(at("kept")), std::string("old"));
    QCOMPARE(QDir(folder_.path()).entryList({"kept*"}, QDir::Files).size(), 1);
    try {
      EventFile file(at("none/events"));
      QFAIL("a file in no folder");
    } catch (const RunError& error) {
      QVERIFY2(std::string(error.what()).find("none/events: cannot be written") != std::string::npos, error.what());
    }
  }
};

QTEST_GUILESS_MAIN(TestExportTables)
#include "test_export_tables.moc"
