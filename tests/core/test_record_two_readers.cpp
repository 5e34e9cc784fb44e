// SPDX-License-Identifier: Apache-2.0
// Several readers of one record in a process, as a window has them: each reads every row as it was written, however
// many chunks there are and whoever refreshes first.
#include <QTemporaryDir>
#include <QTest>
#include <limits>

#include "core/record/record_reader.h"
#include "core/record/record_writer.h"

using namespace bandscope;

namespace {

constexpr int per_step = 3;

void append(RecordWriter& writer, int from, int to) {
  for (int step = from; step <= to; ++step) {
    StepRow row;
    row.step = step;
    row[Column::z_w] = -0.001 * step;
    std::vector<PairRow> pairs(per_step);
    for (int i = 0; i < per_step; ++i) {
      pairs[std::size_t(i)].row = per_step * step + i;
      pairs[std::size_t(i)].z_w = 0.5 * step;
    }
    writer.append_step(row, pairs);
  }
}

void check(const RecordReader& reader, int last) {
  QCOMPARE(reader.steps(), std::size_t(last));
  const auto pairs = reader.pair_rows(0, reader.pairs());
  QCOMPARE(pairs.size(), std::size_t(last * per_step));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    QCOMPARE(pairs[i].step, std::int64_t(i / per_step + 1));
    QCOMPARE(pairs[i].row, std::int64_t(i + per_step));
    QCOMPARE(pairs[i].z_w, 0.5 * double(i / per_step + 1));
  }
  const auto numbers = reader.step_numbers(0, reader.steps());
  for (std::size_t i = 0; i < numbers.size(); ++i) QCOMPARE(numbers[i], std::int64_t(i + 1));
}

}  // namespace

class TestRecordTwoReaders : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_reads_what_was_written() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("run.h5").toStdString();
    auto writer = RecordWriter::create(file, {.spec_toml = "[run]\nname = \"two\"\n"});
    append(writer, 1, 700);
    auto first = RecordReader::open(file);
    check(first, 700);
    append(writer, 701, 1500);
    auto second = RecordReader::open(file);
    check(second, 1500);
    QVERIFY(first.refresh());
    check(first, 1500);
    check(second, 1500);
    append(writer, 1501, 2600);
    QVERIFY(second.refresh());
    check(second, 2600);
    check(first, 1500);  // as of its last refresh
    QVERIFY(first.refresh());
    check(first, 2600);
    check(second, 2600);
    { const auto third = RecordReader::open(file); }
    check(first, 2600);
  }
};

QTEST_GUILESS_MAIN(TestRecordTwoReaders)
#include "test_record_two_readers.moc"
