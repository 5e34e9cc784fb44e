// SPDX-License-Identifier: Apache-2.0
// A writer that dies at every place where the kernel can stop it: write(2) looks for SIGKILL between two pages of the
// page cache, so one call can leave its first pages new and its last ones old. HDF5 writes through this program's own
// pwrite, which counts pages and ends the process after a chosen number of them.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>

#include "core/record/record_reader.h"
#include "core/record/record_writer.h"
#include "tests/core/record_rows.h"

using namespace bandscope;
using namespace record_rows;

namespace {

constexpr off_t page = 4096;
constexpr long never = std::numeric_limits<long>::max();
constexpr int died = 7;
long pages_left = never;              ///< of what the process may still write
const char* copy_to_write = nullptr;  ///< takes the place of the file that the first counted call writes to

}  // namespace

extern "C" ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  using Call = ssize_t (*)(int, const void*, size_t, off_t);
  static const auto next = reinterpret_cast<Call>(::dlsym(RTLD_NEXT, "pwrite"));
  if (pages_left == never) return next(descriptor, bytes, count, offset);
  if (copy_to_write != nullptr) {
    const int copy = ::open(copy_to_write, O_RDWR);
    if (copy < 0 || ::dup2(copy, descriptor) < 0) ::_exit(1);
    ::close(copy);
    copy_to_write = nullptr;
  }
  size_t written = 0;
  while (written < count) {
    if (pages_left-- == 0) ::_exit(died);
    const auto at = offset + static_cast<off_t>(written);
    const auto piece = std::min(count - written, static_cast<size_t>(page - at % page));
    const ssize_t done = next(descriptor, static_cast<const char*>(bytes) + written, piece, at);
    if (done <= 0) return done;
    written += static_cast<size_t>(done);
  }
  return static_cast<ssize_t>(count);
}

class TestRecordTorn : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path file(const std::string& name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }

  /// Runs `write` in a copy of this process, on a copy of `record`, until `pages` pages are written. True when it died
  /// before its end.
  bool write_and_die(const std::filesystem::path& record, const std::filesystem::path& copy, long pages,
                     const std::function<void()>& write) {
    std::filesystem::copy_file(record, copy, std::filesystem::copy_options::overwrite_existing);
    const pid_t child = ::fork();
    if (child == 0) {
      copy_to_write = copy.c_str();
      pages_left = pages;
      write();
      ::_exit(0);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) qFatal("the writer did not end");
    if (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != died) qFatal("the writer failed");
    return WEXITSTATUS(status) == died;
  }

 private Q_SLOTS:
  void dying_between_any_two_pages_loses_at_most_the_step_in_flight_data() {
    QTest::addColumn<std::int64_t>("before");
    QTest::addColumn<bool>("with_pairs");
    QTest::addColumn<int>("every");
    QTest::newRow("first rows") << std::int64_t{0} << true << 1;
    QTest::newRow("second rows") << std::int64_t{1} << true << 1;
    QTest::newRow("second chunks") << std::int64_t{512} << true << 2;
    QTest::newRow("chunks outgrow the index's header") << std::int64_t{4 * 512} << true << 3;
    QTest::newRow("chunks outgrow the index's first blocks") << std::int64_t{244 * 512} << false << 5;
  }
  void dying_between_any_two_pages_loses_at_most_the_step_in_flight() {
    QFETCH(const std::int64_t, before);
    QFETCH(const bool, with_pairs);
    QFETCH(const int, every);
    const auto record = file("record.h5"), copy = file("copy.h5");
    std::filesystem::remove(record);
    auto writer = RecordWriter::create(record, {spec, environment, {}});
    writer.set_status(RunState::running);
    const auto pairs_of = [&](std::int64_t step) { return with_pairs ? pair_rows(step) : std::vector<PairRow>{}; };
    if (with_pairs) {
      for (std::int64_t step = 1; step <= before; ++step) writer.append_step(step_row(step), pairs_of(step));
    } else {
      std::vector<StepRow> rows;
      for (std::int64_t step = 1; step <= before; ++step) rows.push_back(step_row(step));
      writer.append_steps(rows);
    }
    const auto write = [&] {
      writer.append_step(step_row(before + 1), pairs_of(before + 1));
      writer.append_probe({before + 1, -1, -2, 0.5, 0.75});
      writer.append_event({before + 1, 0, "checkpoint", Message::plain("made")});
      writer.heartbeat();
    };
    int deaths = 0;
    for (long pages = 0; write_and_die(record, copy, pages, write); pages += every) {
      ++deaths;
      const auto reader = RecordReader::open(copy);
      const auto steps = static_cast<std::int64_t>(reader.steps());
      QVERIFY2(steps == before || steps == before + 1, qPrintable(QString("%1 pages: %2").arg(pages).arg(steps)));
      QCOMPARE(reader.pairs(), with_pairs ? reader.steps() * batch : 0);
      QCOMPARE(first_wrong_step(reader), -1);
      QVERIFY(reader.probes() <= 1 && reader.events() <= 1);
      if (reader.probes() == 1) QCOMPARE(reader.probe_rows().front().accuracy, 0.75);
      if (reader.events() == 1) QCOMPARE(QString::fromStdString(reader.event_rows().front().message.english()), "made");
      if (pages % 16 != 0) continue;
      QVERIFY(QString::fromStdString(repair_record(copy).english()).startsWith("repaired"));
      QCOMPARE(first_wrong_step(RecordReader::open(copy)), -1);
    }
    // Whole: the child's last call was not cut.
    QCOMPARE(RecordReader::open(copy).steps(), static_cast<std::size_t>(before + 1));
    QVERIFY(deaths > 40);
    qInfo("%d places to die at", deaths);
  }
};

QTEST_GUILESS_MAIN(TestRecordTorn)
#include "test_record_torn.moc"
