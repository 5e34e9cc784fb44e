// SPDX-License-Identifier: Apache-2.0
// Records of many steps are drawn from few of them while the others come.
#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "core/mirror/mirror_feed.h"
#include "tests/training/record_difference.h"
#include "tests/training/served_run.h"

using namespace bandscope;
using mirror::MirrorFeed;
using serve_test::Copy;
using serve_test::ServedRun;

namespace {

/// "" or what is wrong with coarse rows of a run of `steps` steps.
std::string wrong_in_coarse(const RecordReader& reader, std::int64_t steps) {
  const auto numbers = reader.step_numbers();
  if (numbers.size() < 400 || numbers.size() > 2000) return std::to_string(numbers.size()) + " rows";
  if (numbers.front() != 1 || numbers.back() != steps) return "not from the first to the last step";
  const std::int64_t apart = numbers[1] - numbers[0];
  for (std::size_t i = 1; i + 1 < numbers.size(); ++i)
    if (numbers[i] - numbers[i - 1] != apart) return "uneven at " + std::to_string(numbers[i]);
  const auto z_w = reader.column(Column::z_w);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (z_w[i] != record_rows::value_of(numbers[i], static_cast<int>(Column::z_w))) return "another step's values";
  return reader.changed_steps().empty() ? "" : "changed";
}

}  // namespace

class TestServeCoarse : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void many_steps_are_drawn_coarsely_first() {
    QTemporaryDir folder;
    ServedRun run(folder, {});
    run.take_many(30'000);
    run.end();
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    std::size_t moved = 0;
    while (!copy.feed->coarse() && copy.feed->phase() != MirrorFeed::Phase::failed) moved += copy.wire.carry();
    QVERIFY2(moved < 300'000, std::to_string(moved).c_str());  // of more than 8 MB
    auto reader = RecordReader::open(copy.feed->record());
    QCOMPARE(QString::fromStdString(wrong_in_coarse(reader, 30'000)), QString());
    QVERIFY(reader.probes() > 2 && reader.state() == RunState::stopped && mirror::is_coarse(copy.place));
    const std::size_t first = reader.steps();
    QVERIFY(copy.wire.until([&] { return reader.refresh() && reader.steps() > first; }));
    QCOMPARE(QString::fromStdString(wrong_in_coarse(reader, 30'000)), QString());
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QVERIFY(!copy.feed->coarse() && !mirror::is_coarse(copy.place));
    // Whoever reads it has all of it at the next look.
    QVERIFY(reader.refresh() && reader.steps() == 30'000);
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
    for (const char* left : {"whole.h5", "coarse.h5"}) QVERIFY2(!std::filesystem::exists(copy.place / left), left);
  }

  void coarse_rows_stay_until_all_are_here_whatever_happens() {
    QTemporaryDir folder;
    ServedRun run(folder, {});
    run.take_many(25'000);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    std::mt19937 random(5);
    for (int cut = 0; cut < 40; ++cut) {
      copy.wire.connect();
      std::size_t left = std::uniform_int_distribution<std::size_t>(1, 400'000)(random);
      for (int round = 0; left > 0 && round < 100; ++round) {
        if (round == 2) run.take_steps(1);
        left -= copy.wire.carry(left);
        QVERIFY2(copy.feed->phase() != MirrorFeed::Phase::failed, copy.feed->problem().english().c_str());
        QCOMPARE(copy.feed->coarse(), mirror::is_coarse(copy.place));
        if (copy.feed->coarse()) {
          const auto shown = RecordReader::open(copy.feed->record());
          QVERIFY(shown.steps() <= 1800 && shown.step_numbers().back() >= 25'000);
        }
      }
      copy.wire.cut();
      if (cut % 3 == 0) copy.begin();
      if (cut % 15 == 14) run.resume();
    }
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::level), copy.feed->problem().english().c_str());
    QVERIFY(!copy.feed->coarse());
    {  // It is followed as any other.
      auto reader = RecordReader::open(copy.feed->record());
      const std::size_t before = reader.steps();
      run.take_steps(3);
      QVERIFY(copy.wire.until([&] { return reader.refresh() && reader.steps() == before + 3; }));
    }
    // A reader in this process, the session's too, would keep HDF5 from writing all of a file that its writer closes.
    copy.wire.cut();
    run.end();
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
  }

  void a_copy_that_lacks_little_is_not_made_coarse_and_an_older_server_sends_all() {
    QTemporaryDir folder;
    ServedRun run(folder, {});
    run.take_many(45'000);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    bool coarse = false;
    const auto watch = [&] { copy.feed->on_change = [&] { coarse = coarse || copy.feed->coarse(); }; };
    watch();
    copy.wire.unknown = "coarse";
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::level), copy.feed->problem().english().c_str());
    copy.wire.cut();
    run.take_many(21'000);
    run.end();
    copy.begin();
    watch();
    copy.wire.unknown.clear();
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QVERIFY(!coarse);
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
  }

  /// After a resumption only the rows about the last checkpoint are fetched anew.
};

QTEST_GUILESS_MAIN(TestServeCoarse)
#include "test_serve_coarse.moc"
