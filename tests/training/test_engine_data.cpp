// SPDX-License-Identifier: Apache-2.0
// Data in several files: a run on a folder's shards is, bit by bit, the run on one file. Held-out pairs that are
// trained on are said.
#include <QFile>
#include <QTest>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineData : public QObject {
  Q_OBJECT
  EngineBox box_;
  QList<QByteArray> rows_;

  /// Rows from `first` to before `last` as one file.
  QString rows(const QString& name, int first, int last) const {
    return box_.write(name, rows_.mid(first, last - first).join('\n') + '\n');
  }

 private Q_SLOTS:
  void initTestCase() {
    QFile all(golden("pairs.jsonl"));
    QVERIFY(all.open(QIODevice::ReadOnly));
    rows_ = all.readAll().trimmed().split('\n');
    QVERIFY(rows_.size() >= 40);
  }

  void a_folder_of_shards_trains_as_one_file() {
    const int count = int(rows_.size());
    rows("data/train-00000-of-00003.jsonl", 0, 11);
    rows("data/train-00001-of-00003.jsonl", 11, 30);
    const QString last = rows("data/train-00002-of-00003.jsonl", 30, count);
    const QString spec = box_.spec("data");
    QCOMPARE(box_.train(spec, "one", {"data.train=" + rows("all.jsonl", 0, count)}).code, 0);
    const Ended shards = box_.train(spec, "shards", {"data.train=" + box_.path("data")});
    QVERIFY2(shards.code == 0, qPrintable(shards.error));
    SAME(difference(box_.file("one/data/run.h5"), box_.file("shards/data/run.h5")));
    const std::string environment = RecordReader::open(box_.file("shards/data/run.h5")).environment_json();
    QVERIFY(environment.find("train-00001-of-00003.jsonl") != std::string::npos);
    // The record's rows are found again, as long as the files are the same.
    const Ended tokens = box_.run({"tokens", box_.path("shards/data"), "--row", "31"});
    QVERIFY2(tokens.code == 0 && tokens.out.contains("\"row\":31"), qPrintable(tokens.error));
    rows("data/train-00000-of-00003.jsonl", 0, 10);
    FAILS(box_.run({"tokens", box_.path("shards/data"), "--row", "31"}), 3, "has changed");
    QVERIFY(QFile::remove(last));
    FAILS(box_.train(spec, "missing", {"data.train=" + box_.path("data")}), 3, "2 of the 3 shards", "number 2");
  }

  void held_out_pairs_that_are_trained_on_are_said() {
    const QString spec = box_.spec("data");
    const QStringList sets{"training.steps=2", "probe.every=1", "probe.pairs=8",
                           "data.train=" + rows("train.jsonl", 0, 24)};
    const Ended shared = box_.train(spec, "shared", sets + QStringList{"data.probe=" + rows("shared.jsonl", 21, 40)});
    QVERIFY2(shared.code == 0 && shared.error.contains("3 of the 8 probe pairs are also training pairs"),
             qPrintable(shared.error));
    const RecordReader record = RecordReader::open(box_.file("shared/data/run.h5"));
    QVERIFY(has_event(record, "note", "3 of the 8 probe pairs"));
    const Ended apart = box_.train(spec, "apart", sets + QStringList{"data.probe=" + rows("apart.jsonl", 24, 40)});
    QVERIFY2(apart.code == 0 && !apart.error.contains("also training pairs"), qPrintable(apart.error));
    QVERIFY(!has_event(RecordReader::open(box_.file("apart/data/run.h5")), "note"));
  }
};

QTEST_GUILESS_MAIN(TestEngineData)
#include "test_engine_data.moc"
