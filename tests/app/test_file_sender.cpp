// SPDX-License-Identifier: GPL-3.0-or-later
// Data files on their way to a server: whole, over a line that goes, changed meanwhile, and to servers that answer
// nonsense.
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTest>

#include "app/server/file_sender.h"
#include "core/input/sha256.h"
#include "tests/app/far_server.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

QByteArray noise(int bytes) {
  QByteArray content(bytes, '\0');
  QRandomGenerator random(7);
  for (char& c : content) c = char(random.bounded(256));
  return content;
}

QByteArray read_all(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestFileSender : public QObject {
  Q_OBJECT
  std::unique_ptr<FarServer> far_;
  std::unique_ptr<ServerLink> link_;

  [[nodiscard]] bool reach() {
    link_ = std::make_unique<ServerLink>(far_->address(), far_->path("mirrors"));
    link_->connectToServer();
    return QTest::qWaitFor([&] { return link_->ready(); }, kPatienceMs);
  }
  QString sent(const QByteArray& content, const QString& name) const {
    return far_->path("data/uploads/") + QString::fromStdString(sha256_of(content.toStdString())) + u'-' + name;
  }

 private Q_SLOTS:
  void init() {
    far_ = std::make_unique<FarServer>();
    far_->use();
  }
  void cleanup() {
    link_.reset();
    far_.reset();
  }

  void overALineThatGoes() {
    const QByteArray content = noise(6'000'000);
    write_file(far_->path("pairs.jsonl"), content);
    QVERIFY(reach());
    FileSender sender;
    qint64 at_cut = 0, after_cut = 0;
    connect(&sender, &FileSender::progressed, &sender, [&] {
      if (sender.phase() != FileSender::Phase::sending) return;
      if (at_cut == 0 && sender.done() > 300'000) {
        at_cut = sender.done();
        far_->cut();
      } else if (at_cut > 0 && after_cut == 0 && far_->connected()) {
        after_cut = sender.done();
      }
    });
    sender.send(link_.get(), "data/0", far_->path("pairs.jsonl"));
    QTRY_COMPARE(sender.phase(), FileSender::Phase::done);
    QVERIFY(far_->connected());
    QVERIFY(at_cut > 0 && at_cut < content.size());
    QVERIFY2(after_cut >= at_cut, qPrintable(QString("%1 %2").arg(at_cut).arg(after_cut)));
    QCOMPARE(sender.place().root, QString("data/0"));
    QVERIFY(read_all(sent(content, "pairs.jsonl")) == content);
    QCOMPARE(far_->path("data/") + sender.place().path, sent(content, "pairs.jsonl"));
    // It is there: nothing of it goes over the line again.
    int partly = 0;
    connect(&sender, &FileSender::progressed, &sender,
            [&] { partly += sender.phase() == FileSender::Phase::sending && sender.done() > 0 ? 1 : 0; });
    sender.send(link_.get(), "data/0", far_->path("pairs.jsonl"));
    QTRY_COMPARE(sender.phase(), FileSender::Phase::done);
    QCOMPARE(partly, 0);
  }

  void whatWasStoppedIsGoneOnWith() {
    const QByteArray content = noise(3'000'000);
    write_file(far_->path("some.parquet"), content);
    QVERIFY(reach());
    FileSender sender;
    qint64 stopped_at = 0, first = -1;
    connect(&sender, &FileSender::progressed, &sender, [&] {
      if (sender.phase() != FileSender::Phase::sending || sender.done() == 0) return;
      if (stopped_at == 0) {
        stopped_at = sender.done();
        sender.cancel();
      } else if (first < 0) {
        first = sender.done();
      }
    });
    sender.send(link_.get(), "data/0", far_->path("some.parquet"));
    QTRY_VERIFY(stopped_at > 0);
    QCOMPARE(sender.phase(), FileSender::Phase::idle);
    QVERIFY(!QFileInfo::exists(sent(content, "some.parquet")));
    sender.send(link_.get(), "data/0", far_->path("some.parquet"));
    QTRY_COMPARE(sender.phase(), FileSender::Phase::done);
    QVERIFY(first >= stopped_at);
    QVERIFY(read_all(sent(content, "some.parquet")) == content);
  }

  void aFileThatChangesIsNoticed() {
    const QByteArray content = noise(3'000'000);
    const QString file = far_->path("pairs.jsonl");
    write_file(file, content);
    QVERIFY(reach());
    FileSender sender;
    bool changed = false;
    connect(&sender, &FileSender::progressed, &sender, [&] {
      if (changed || sender.phase() != FileSender::Phase::sending || sender.done() == 0) return;
      changed = true;
      write_file(file, content + "more");
    });
    sender.send(link_.get(), "data/0", file);
    QTRY_COMPARE(sender.phase(), FileSender::Phase::failed);
    QVERIFY2(sender.problem().english().find("changed") != std::string::npos, sender.problem().english().c_str());
    QVERIFY(!QFileInfo::exists(sent(content, "pairs.jsonl")));
    sender.send(link_.get(), "data/0", far_->path("none.jsonl"));
    QTRY_COMPARE(sender.phase(), FileSender::Phase::failed);
    sender.send(link_.get(), "data/7", file);
    QTRY_COMPARE(sender.phase(), FileSender::Phase::failed);
    QVERIFY(!sender.problem().empty());
  }

  void nonsenseIsNoFile_data() {
    QTest::addColumn<QByteArray>("send");
    QTest::addColumn<QByteArray>("chunk");
    QTest::newRow("huge") << QByteArray("\"have\":18446744073709551615") << QByteArray();
    QTest::newRow("text") << QByteArray("\"have\":\"x\"") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
    QTest::newRow("less than nothing") << QByteArray("\"have\":-1") << QByteArray();
    QTest::newRow("leads out") << QByteArray("\"have\":100000,\"path\":\"../secret\"") << QByteArray();
    QTest::newRow("no path") << QByteArray("\"have\":100000,\"path\":[1]") << QByteArray();
    QTest::newRow("never more") << QByteArray("\"have\":0") << QByteArray("\"have\":0");
    QTest::newRow("whole without a place") << QByteArray("\"have\":0") << QByteArray("\"have\":100000");
  }
  void nonsenseIsNoFile() {
    QFETCH(QByteArray, send);
    QFETCH(QByteArray, chunk);
    far_->useTold(",\"roots\":[\"runs\",\"data/0\"],\"devices\":[]");
    far_->answer("send", send);
    far_->answer("send_chunk", chunk);
    write_file(far_->path("pairs.jsonl"), noise(100'000));
    QVERIFY(reach());
    FileSender sender;
    sender.send(link_.get(), "data/0", far_->path("pairs.jsonl"));
    QTRY_COMPARE(sender.phase(), FileSender::Phase::failed);
    QVERIFY(!sender.problem().empty());
  }
};

QTEST_MAIN(TestFileSender)
#include "test_file_sender.moc"
