// SPDX-License-Identifier: Apache-2.0
// A server behind a real sshd on a loopback port, with keys made here, over a line of 300 ms there and back and
// 1 Mbit/s that is cut now and then.
#include <QTest>
#include <fstream>

#include "core/mirror/mirror_feed.h"
#include "tests/core/record_rows.h"
#include "tests/sshd.h"
#include "tests/training/engine_box.h"
#include "tests/training/serve_process.h"
#include "tests/training/slow_line.h"

using namespace bandscope;
using engine_test::EngineBox;
using mirror::MirrorFeed;
using serve_test::ServeProcess;
using serve_test::SlowLine;
using ssh_test::Sshd;

namespace {

/// What ssh is started with to serve the box's runs through `port`.
QStringList ssh_arguments(const Sshd& far, const EngineBox& box, int port) {
  return far.options(port) +
         QStringList{"127.0.0.1",
                     QStringLiteral(BANDSCOPE_BIN "/bandscope-engine serve --stdio --runs '%1'").arg(box.path("runs"))};
}

}  // namespace

class TestServeSsh : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_copy_over_a_long_thin_line_that_is_cut() {
    if (!Sshd::possible()) QSKIP("needs root and Debian's openssh-server");
    const EngineBox box;
    const Sshd far(box.path(""));
    if (!far.listens()) QFAIL(far.log());
    std::filesystem::create_directories(box.file("runs/far"));
    const auto record = box.file("runs/far/run.h5");
    auto writer = RecordWriter::create(record, {record_rows::spec, record_rows::environment, {}});
    writer.set_status(RunState::running);
    const auto take_steps = [&](int count) {
      for (int i = 0; i < count; ++i) {
        const auto step = writer.last_step() + 1;
        writer.append_step(record_rows::step_row(step), record_rows::pair_rows(step));
      }
    };
    take_steps(3000);

    constexpr double megabit = 1e6 / 8;
    SlowLine line(far.port(), std::chrono::milliseconds(150), megabit);
    ServeProcess server;
    MirrorFeed feed(server.client, box.file("cache/far"), "far", ServeProcess::now);
    server.client.on_ready = [&] { feed.start(); };
    server.client.on_push = [&](const std::string& name, const wire::Json& fields) {
      if (name == "grown") feed.pushed(fields);
    };
    for (int cut = 0; cut < 4; ++cut) {
      server.start("ssh", ssh_arguments(far, box, line.port()), box.environment);
      const std::uint64_t before = line.came_back();
      QVERIFY2(server.ready(), server.process.readAllStandardError());
      // Somewhere in the rows: they are more than this in all.
      QVERIFY(server.until([&] { return line.came_back() > before + 12'000; }));
      line.cut();
      QVERIFY(server.process.waitForFinished(30000));
      server.client.lost(Message::plain("cut"));
      take_steps(5);
    }
    server.start("ssh", ssh_arguments(far, box, line.port()), box.environment);
    QVERIFY(server.until([&] { return feed.phase() == MirrorFeed::Phase::level; }));
    // A step of a live run: from its writing to the copy, over the line.
    auto copy = RecordReader::open(feed.record());
    QElapsedTimer clock;
    const auto whole = static_cast<std::size_t>(writer.last_step()) + 1;
    take_steps(1);
    clock.start();
    QVERIFY(server.until([&] { return copy.refresh() && copy.steps() == whole; }));
    qInfo("a step is here %lld ms after it was written there", clock.elapsed());
    writer.set_status(RunState::done);
    writer.close();
    QVERIFY(server.until([&] { return feed.phase() == MirrorFeed::Phase::ended; }));
    SAME(engine_test::difference(record, feed.record()));
    QCOMPARE(RecordReader::open(feed.record()).steps(), RecordReader::open(record).steps());
  }

  void what_ssh_says_is_not_taken_for_an_answer() {
    if (!Sshd::possible()) QSKIP("needs root and Debian's openssh-server");
    const EngineBox box;
    const Sshd far(box.path(""));
    if (!far.listens()) QFAIL(far.log());
    ServeProcess server;
    QStringList arguments = ssh_arguments(far, box, far.port());
    arguments.back() = "echo welcome; /nowhere/bandscope-engine serve --stdio";
    server.start("ssh", arguments, box.environment);
    QVERIFY(!server.ready());  // it ends
    QCOMPARE(server.process.exitCode(), 127);
    QCOMPARE(server.client.before_hello(), std::string("welcome\n"));
    QVERIFY(server.process.readAllStandardError().contains("/nowhere/bandscope-engine"));
  }
};

QTEST_GUILESS_MAIN(TestServeSsh)
#include "test_serve_ssh.moc"
