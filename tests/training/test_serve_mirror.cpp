// SPDX-License-Identifier: Apache-2.0
// The copy of a server's record is the record, bit for bit, however often the connection is cut.
#include <sys/resource.h>

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <optional>
#include <random>

#include "core/mirror/mirror_feed.h"
#include "tests/core/record_rows.h"
#include "tests/training/record_difference.h"
#include "tests/training/serve_wire.h"

using namespace bandscope;
using mirror::MirrorFeed;
using serve_test::Wire;

namespace {

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

}  // namespace

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
