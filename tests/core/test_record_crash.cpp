// SPDX-License-Identifier: Apache-2.0
// What remains of a record when its writer is killed, the file is cut short, or the disk is full. The writer is this
// same program, started again with the argument "write".
#include <sys/mount.h>
#include <sys/stat.h>

#include <QProcess>
#include <QTest>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <random>
#include <thread>

#include "core/error.h"
#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "tests/core/record_rows.h"

using namespace bandscope;
using namespace record_rows;

namespace {

/// Writes steps without end and prints the number of each once it is on disk.
int write_forever(const char* file, const char* pause_ms) {
  auto writer = RecordWriter::create(file, {spec, environment, {}});
  writer.set_status(RunState::running);
  for (std::int64_t step = 1;; ++step) {
    writer.append_step(step_row(step), pair_rows(step));
    std::printf("%lld\n", static_cast<long long>(step));
    std::fflush(stdout);
    if (step % 7 == 0) writer.heartbeat();
    if (const int pause = std::atoi(pause_ms)) std::this_thread::sleep_for(std::chrono::milliseconds(pause));
  }
}

void start_writer(QProcess& process, const std::filesystem::path& file, int pause_ms) {
  process.start(QCoreApplication::applicationFilePath(),
                {"write", QString::fromStdString(file.string()), QString::number(pause_ms)});
  QVERIFY(process.waitForStarted());
  QVERIFY(process.waitForReadyRead());
}

std::int64_t last_number(const QByteArray& output) {
  const auto lines = output.left(output.lastIndexOf('\n')).split('\n');
  return lines.last().toLongLong();
}

}  // namespace

class TestRecordCrash : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path file(const std::string& name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }

 private Q_SLOTS:
  void a_live_record_of_another_process_is_followed() {
    QProcess process;
    start_writer(process, file("live.h5"), 1);
    auto reader = RecordReader::open(file("live.h5"));
    QVERIFY(reader.live());
    QVERIFY(reader.writer_alive());
    const std::size_t before = reader.steps();
    const double heartbeat = reader.heartbeat();
    // However many steps are there at a time, all of them are whole.
    while (reader.steps() < before + 20) {
      QVERIFY(process.waitForReadyRead(60000));
      reader.refresh();
      QCOMPARE(first_wrong_step(reader), -1);
      QCOMPARE(reader.pairs(), reader.steps() * batch);
    }
    QVERIFY(reader.heartbeat() > heartbeat);
    QCOMPARE(reader.state(), RunState::running);
    const auto refused = [&] { repair_record(file("live.h5")); };
    QVERIFY_EXCEPTION_THROWN(refused(), DataError);

    process.kill();
    process.waitForFinished();
    const auto written = last_number(process.readAllStandardOutput());
    reader.refresh();
    QVERIFY(reader.steps() >= static_cast<std::size_t>(written));
    QVERIFY(reader.live());
    QVERIFY(!reader.writer_alive());
    QVERIFY2(reader.note().english().starts_with("the writer was killed"), reader.note().english().c_str());
    QCOMPARE(first_wrong_step(reader), -1);
  }

  void killing_the_writer_loses_at_most_the_step_in_flight() {
    std::mt19937 random(7);
    for (int round = 0; round < 20; ++round) {
      const auto path = file("killed" + std::to_string(round) + ".h5");
      QProcess process;
      start_writer(process, path, 0);
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 200000));
      ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
      process.waitForFinished();
      const auto written = static_cast<std::size_t>(last_number(process.readAllStandardOutput()));
      {
        const auto reader = RecordReader::open(path);
        QVERIFY2(reader.steps() >= written && reader.steps() <= written + 1,
                 qPrintable(QString("%1 steps of %2").arg(reader.steps()).arg(written)));
        QCOMPARE(reader.pairs(), reader.steps() * batch);
        QCOMPARE(first_wrong_step(reader), -1);
        QVERIFY2(reader.note().english().starts_with("the writer was killed"), reader.note().english().c_str());
      }
      if (round % 2 == 0) {
        QVERIFY(QString::fromStdString(repair_record(path).english()).startsWith("repaired"));
        const auto reader = RecordReader::open(path);
        QVERIFY(!reader.live());
        QVERIFY(reader.steps() >= written);
        QCOMPARE(first_wrong_step(reader), -1);
      } else {
        const auto half = static_cast<std::int64_t>(written / 2);
        auto writer = RecordWriter::resume(path, half);
        writer.append_step(step_row(half + 1), pair_rows(half + 1));
        writer.close();
        const auto reader = RecordReader::open(path);
        QCOMPARE(reader.steps(), static_cast<std::size_t>(half + 1));
        QCOMPARE(first_wrong_step(reader), -1);
      }
    }
  }

  void a_file_cut_short_opens_with_fewer_steps_or_says_so_data() {
    QTest::addColumn<bool>("killed");
    QTest::newRow("closed") << false;
    QTest::newRow("killed") << true;
  }
  void a_file_cut_short_opens_with_fewer_steps_or_says_so() {
    QFETCH(bool, killed);
    const auto whole = file(killed ? "whole-killed.h5" : "whole-closed.h5"), cut = file("cut.h5");
    if (killed) {
      QProcess process;
      start_writer(process, whole, 0);
      QByteArray said;
      while (last_number(said) < 300) {
        QVERIFY(process.waitForReadyRead(60000));
        said = process.readAllStandardOutput();
      }
      process.kill();
      process.waitForFinished();
    } else {
      auto writer = RecordWriter::create(whole, {spec, environment, {}});
      for (int step = 1; step <= 1500; ++step) writer.append_step(step_row(step), pair_rows(step));
      writer.close();
    }
    const std::size_t all = RecordReader::open(whole).steps();
    const auto size = std::filesystem::file_size(whole);
    int opened = 0, refused = 0;
    for (int i = 0; i <= 100; ++i) {
      const auto bytes = size * static_cast<std::uintmax_t>(i) / 100;
      std::filesystem::copy_file(whole, cut, std::filesystem::copy_options::overwrite_existing);
      std::filesystem::resize_file(cut, bytes);
      try {
        const auto reader = RecordReader::open(cut);
        QVERIFY(reader.steps() <= all);
        QVERIFY2(first_wrong_step(reader) == -1, qPrintable(QString("cut to %1 of %2").arg(bytes).arg(size)));
        if (i < 99 && !killed)
          QVERIFY2(reader.note().english().find("cut short") != std::string::npos, reader.note().english().c_str());
        ++opened;
      } catch (const DataError& problem) {
        QVERIFY(std::string(problem.what()).find("cut.h5") != std::string::npos);
        ++refused;
      }
    }
    QVERIFY(opened >= 1 && refused >= 1);
    qInfo("%d lengths opened, %d refused", opened, refused);
  }

  void a_full_disk_is_an_error_and_keeps_every_step() {
    const auto mount_point = file("small");
    std::filesystem::create_directory(mount_point);
    if (::mount("none", mount_point.c_str(), "tmpfs", 0, "size=900k") != 0)
      QSKIP("mounting a small tmpfs needs more rights than this test has");
    const auto path = mount_point / "run.h5";
    std::int64_t written = 0;
    QString message;
    {
      auto writer = RecordWriter::create(path, {spec, environment, {}});
      writer.set_status(RunState::running);
      try {
        for (std::int64_t step = 1; step < 100000; ++step) {
          writer.append_step(step_row(step), pair_rows(step));
          written = step;
        }
      } catch (const RunError& problem) {
        message = QString::fromUtf8(problem.what());
      }
      QVERIFY_EXCEPTION_THROWN(writer.append_event({}), RunError);
      writer.close();
    }
    QVERIFY2(message.contains("run.h5") && message.contains("No space left on device"), qPrintable(message));
    QVERIFY(written > 100);
    {
      const auto reader = RecordReader::open(path);
      QCOMPARE(reader.steps(), static_cast<std::size_t>(written));
      QCOMPARE(first_wrong_step(reader), -1);
    }
    const auto no_room = [&] { RecordWriter::create(mount_point / "second.h5", {spec, environment, {}}); };
    QVERIFY_EXCEPTION_THROWN(no_room(), RunError);
    QVERIFY(!std::filesystem::exists(mount_point / "second.h5"));
    const auto no_copy = [&] { repair_record(path); };
    QVERIFY_EXCEPTION_THROWN(no_copy(), RunError);  // and the record stays as it was
    QCOMPARE(RecordReader::open(path).steps(), static_cast<std::size_t>(written));
    QCOMPARE(::umount(mount_point.c_str()), 0);
  }
};

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "write") return write_forever(argv[2], argv[3]);
  QCoreApplication application(argc, argv);
  TestRecordCrash test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_record_crash.moc"
