// SPDX-License-Identifier: Apache-2.0
// The copy of a server's record is the record, bit for bit, however often the connection is cut.
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <optional>
#include <random>

#include "core/mirror/mirror_feed.h"
#include "tests/training/record_difference.h"
#include "tests/training/served_run.h"

using namespace bandscope;
using mirror::MirrorFeed;
using serve_test::Copy;
using serve_test::ServedRun;

class TestServeMirror : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_hundred_cuts_leave_no_gap_and_no_double_row() {
    QTemporaryDir folder;
    ServedRun run(folder);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    std::mt19937 random(16);
    const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(1, most)(random); };
    int cuts = 0, restarts = 0, resumed = 0;
    while (cuts < 100) {
      copy.wire.connect();
      // Any byte, also of the hello, and of an answer that is half written.
      std::size_t left = static_cast<std::size_t>(up_to(40'000));
      for (int round = 0; left > 0 && round < 400; ++round) {
        if (round % 20 == 0 && run.writer->last_step() < 1500) run.take_steps(up_to(3));
        left -= copy.wire.carry(left);
        QVERIFY2(copy.feed->phase() != MirrorFeed::Phase::failed, copy.feed->problem().english().c_str());
      }
      copy.wire.cut();
      ++cuts;
      if (cuts % 9 == 0) copy.begin(), ++restarts;
      if (cuts % 17 == 0) run.resume(), ++resumed;
    }
    run.take_steps(20);
    run.end();
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QVERIFY(restarts > 5 && resumed > 3);
    const auto there = RecordReader::open(run.record);
    QVERIFY2(there.steps() > 200, std::to_string(there.steps()).c_str());
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
    const auto here = RecordReader::open(copy.feed->record());
    QVERIFY(here.changed_steps().empty());
    QCOMPARE(here.state(), RunState::stopped);
    QCOMPARE(here.heartbeat(), there.heartbeat());
  }

  void a_live_copy_follows_and_a_killed_one_goes_on() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(30);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::level));
    auto reader = RecordReader::open(copy.feed->record());
    QCOMPARE(reader.steps(), std::size_t{30});
    QCOMPARE(reader.state(), RunState::running);
    run.take_steps(2);
    QVERIFY(copy.wire.until([&] { return reader.refresh() && reader.steps() == 32; }));
    QVERIFY(copy.reaches(MirrorFeed::Phase::level));
    // A copy as a killed program leaves it: its writer's flag is set, and nobody holds its lock.
    const auto killed = folder.path().toStdString() + "/killed";
    std::filesystem::create_directories(killed);
    std::filesystem::copy(copy.place, killed, std::filesystem::copy_options::recursive);
    run.take_steps(5);
    copy.wire.cut();
    copy.place = killed;
    copy.begin();
    run.end();
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, killed + "/run.h5")), QString());
  }

  void a_copy_that_a_window_reads_ends_as_well() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(30);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::level));
    auto reader = RecordReader::open(copy.feed->record());
    run.take_steps(5);
    run.end();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QVERIFY(!RecordReader::open(copy.feed->record()).live());
    reader.refresh();
    QCOMPARE(reader.steps(), std::size_t{35});
    QCOMPARE(reader.state(), RunState::stopped);
    QVERIFY2(!reader.live() && reader.note().empty(), reader.note().english().c_str());
    copy.wire.cut();  // who serves the record reads it in this process, too
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
  }

  void a_copy_that_is_whole_is_left_alone() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(20);
    run.end();
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::ended));
    const auto identity = RecordReader::open(copy.feed->record()).identity();
    copy.wire.cut();
    copy.begin();
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::ended));
    QCOMPARE(RecordReader::open(copy.feed->record()).identity(), identity);
  }

  void a_copy_that_lacks_nothing_of_a_run_that_goes_on_is_level() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(20);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    for (int start = 0; start < 2; ++start) {
      copy.wire.connect();
      QVERIFY(copy.wire.until([&] {
        return copy.feed->phase() == MirrorFeed::Phase::level || copy.feed->phase() == MirrorFeed::Phase::ended;
      }));
      QCOMPARE(copy.feed->phase(), MirrorFeed::Phase::level);
      copy.wire.cut();
      copy.begin();
    }
  }

  void one_too_many_to_be_followed_is_copied_all_the_same() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(30);
    run.end();
    constexpr int most_followed = 64;
    const auto other = [](int i) { return "other-" + std::to_string(i); };
    for (int i = 0; i < most_followed; ++i) std::filesystem::copy(run.record.parent_path(), run.runs / other(i));
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    int followed = 0;
    copy.client.on_ready = [&] {
      for (int i = 0; i < most_followed; ++i) {
        copy.client.ask(
            wire::Ask::follow, {{"run", other(i)}},
            [&](const wire::Outcome& outcome) { followed += outcome.answered(); }, copy.wire.now());
      }
      copy.feed->start();
    };
    copy.wire.connect();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QCOMPARE(followed, most_followed);
    QVERIFY(copy.feed->untold());
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
  }

  void another_run_under_the_name_and_a_damaged_copy_are_replaced() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(20);
    run.end();
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::ended));
    std::filesystem::remove(run.record);
    {
      auto writer = RecordWriter::create(run.record, {"[run]\nname = \"other\"\n", "{}", {}});
      writer.append_steps({});
      writer.set_status(RunState::done);
      writer.close();
    }
    for (const bool damaged : {false, true}) {
      copy.wire.cut();
      if (damaged) std::filesystem::resize_file(copy.feed->record(), 3000);
      copy.begin();
      copy.wire.connect();
      QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
      QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
    }
    std::filesystem::remove_all(run.record.parent_path());
    copy.wire.cut();
    copy.begin();
    copy.wire.connect();
    QVERIFY(copy.wire.until([&] { return copy.feed->phase() == MirrorFeed::Phase::failed; }));
    QVERIFY(copy.feed->gone());
    QVERIFY(std::filesystem::exists(copy.feed->record()));
  }

  void a_full_disk_is_said_and_gone_on_after() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(400);
    run.end();
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{400 << 10, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &little);
    copy.wire.connect();
    const bool failed = copy.wire.until([&] { return copy.feed->phase() == MirrorFeed::Phase::failed; });
    ::setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(failed);
    QVERIFY2(copy.feed->problem().english().starts_with("cannot write "), copy.feed->problem().english().c_str());
    copy.feed->start();
    QVERIFY2(copy.reaches(MirrorFeed::Phase::ended), copy.feed->problem().english().c_str());
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
  }

  void rows_that_differ_are_found() {
    QTemporaryDir folder;
    ServedRun run(folder);
    run.take_steps(2500);
    const serve::Roots roots(run.runs, {}, {});
    Copy copy(folder, roots);
    copy.wire.connect();
    QVERIFY(copy.reaches(MirrorFeed::Phase::level));
    copy.wire.cut();
    run.resume();
    run.take_steps(4);
    run.end();
    copy.wire.connect();
    std::size_t moved = 0;
    for (int i = 0; i < 5000 && copy.feed->phase() != MirrorFeed::Phase::ended; ++i) moved += copy.wire.carry();
    QCOMPARE(copy.feed->phase(), MirrorFeed::Phase::ended);
    QCOMPARE(QString::fromStdString(serve_test::hdf5_difference(run.record, copy.feed->record())), QString());
    const auto bytes = std::filesystem::file_size(run.record);
    QVERIFY2(moved < bytes / 2, (std::to_string(moved) + " of " + std::to_string(bytes)).c_str());
  }
};

QTEST_GUILESS_MAIN(TestServeMirror)
#include "test_serve_mirror.moc"
