// SPDX-License-Identifier: Apache-2.0
// What is kept between runs is believed only as far as it can be: hashes for one state of one file, reference values
// that sum up and are those of the model; and a cache that cannot be used costs time, never a run.
#include <fcntl.h>
#include <sys/stat.h>

#include <QDirIterator>
#include <QTest>
#include <cmath>
#include <cstring>
#include <ctime>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestReferenceCache : public QObject {
  Q_OBJECT

  EngineBox box_;
  int runs_ = 0;

  QString kept() const {
    QDirIterator files(box_.path("cache/bandscope/reference"), {"reference-*.safetensors"}, QDir::Files);
    return files.hasNext() ? files.next() : QString();
  }
  Ended step(const QString& spec, QString* runs = nullptr) {
    const QString name = QString("runs%1").arg(++runs_);
    if (runs) *runs = name;
    return box_.train(spec, name, {"training.steps=1"});
  }
  /// "" where the first step is exact: before the first update every pair's effective margin is 0.
  std::string inexact(const QString& runs, const QString& name) {
    for (const PairRow& row : RecordReader::open(box_.file(runs + "/" + name + "/run.h5")).pair_rows())
      if ((row.z_w - row.z_l) - (row.z_w_ref - row.z_l_ref) != 0)
        return "margin of row " + std::to_string(row.row) + " is not 0";
    return "";
  }

 private Q_SLOTS:
  void cleanup() { QDir(box_.path("cache")).removeRecursively(); }

  void weights_changed_in_place() {
    const QString folder = box_.copy_model("tiny-llama-tied", "changed"), file = folder + "/model.safetensors";
    const QString spec = box_.spec("changed", folder);
    QString runs;
    QCOMPARE(step(spec).code, 0);
    // The hash of a file that has only just changed is not kept: it may change again unseen.
    struct stat made {};
    QCOMPARE(::stat(file.toUtf8(), &made), 0);
    QVERIFY(eventually([&] { return std::time(nullptr) > made.st_ctim.tv_sec + 4; }));
    QCOMPARE(step(spec).code, 0);
    struct stat before {};
    QCOMPARE(::stat(file.toUtf8(), &before), 0);
    const std::string hash = RecordReader::open(box_.file("runs1/changed/run.h5")).environment_json();
    QByteArray content = contents(file);
    for (qsizetype i = content.size() - 4000; i < content.size(); i += 4)
      content[i + 2] = static_cast<char>(content[i + 2] ^ 0x20);
    QFile in_place(file);
    QVERIFY(in_place.open(QIODevice::ReadWrite));
    QCOMPARE(in_place.write(content), content.size());
    in_place.close();
    const timespec times[] = {before.st_atim, before.st_mtim};
    QCOMPARE(::utimensat(AT_FDCWD, file.toUtf8(), times, 0), 0);
    QCOMPARE(step(spec, &runs).code, 0);
    SAME(inexact(runs, "changed"));
    const std::string now = RecordReader::open(box_.file(runs + "/changed/run.h5")).environment_json();
    const auto digest = [](const std::string& json) { return json.substr(json.find("\"model.safetensors\""), 90); };
    QVERIFY(digest(hash) != digest(now));
  }

  void values_of_other_weights_are_noticed() {
    const QString spec = box_.spec("other");
    QCOMPARE(step(spec).code, 0);
    const QString file = kept();
    QVERIFY(!file.isEmpty());
    const QByteArray good = contents(file);
    // Well-formed in every way, with a sum that fits: of another model's run over the same rows.
    const QString alien = box_.spec("alien", "tiny-mistral");
    QVERIFY(QFile::remove(file));
    QCOMPARE(step(alien).code, 0);
    const QString theirs = kept();
    const QByteArray values = contents(theirs);
    QCOMPARE(values.size(), good.size());  // both models share a tokenizer, so only the values tell them apart
    QVERIFY(QFile::remove(theirs));
    put(file, values);
    QString runs;
    const Ended end = step(spec, &runs);
    QVERIFY2(end.code == 0 && end.error.contains("not those of the model"), qPrintable(end.error));
    QVERIFY(has_event(RecordReader::open(box_.file(runs + "/other/run.h5")), "note", "computed anew"));
    SAME(inexact(runs, "other"));
    QVERIFY(contents(file) == good);
  }

  void spoiled_files_are_made_anew_data() {
    QTest::addColumn<QString>("how");
    for (const char* how : {"positive", "nan", "flipped", "cut", "empty", "type", "garbage", "fifo", "folder"})
      QTest::newRow(how) << how;
  }
  void spoiled_files_are_made_anew() {
    QFETCH(QString, how);
    const QString spec = box_.spec("spoiled");
    QCOMPARE(step(spec).code, 0);
    const QString file = kept();
    QVERIFY(!file.isEmpty());
    const QByteArray good = contents(file);
    QByteArray content = good;
    float value = how == "positive" ? 5.0F : std::nanf("");
    const qsizetype data = good.indexOf("}}") + 2, at = (data + 7) / 8 * 8;
    if (how == "positive" || how == "nan") std::memcpy(content.data() + at, &value, sizeof value);
    if (how == "flipped") content[content.size() - 1] = static_cast<char>(content[content.size() - 1] ^ 1);
    if (how == "cut") content.chop(4);
    if (how == "empty") content.clear();
    if (how == "type") content.replace("\"F32\"", "\"I32\"");
    if (how == "garbage") content.fill('x');
    QVERIFY(how == "fifo" || how == "folder" || content != good);
    put(file, content);
    if (how == "fifo" || how == "folder") QVERIFY(QFile::remove(file));
    if (how == "fifo") QCOMPARE(::mkfifo(file.toUtf8(), 0600), 0);
    if (how == "folder") QVERIFY(QDir().mkpath(file + "/full"));
    QString runs;
    const Ended end = step(spec, &runs);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    SAME(inexact(runs, "spoiled"));
    if (how == "folder") {
      QVERIFY2(end.error.contains("are not kept"), qPrintable(end.error));
    } else {
      QVERIFY(contents(file) == good);
    }
  }

  void a_cache_that_cannot_be_written() {
    EngineBox box;
    box.write("blocked", "a file where the folder would be");
    box.environment.insert("XDG_CACHE_HOME", box.path("blocked"));
    Ended end = box.train(box.spec("none"), "runs", {"training.steps=1"});
    QVERIFY2(end.code == 0 && end.error.contains("no cache folder"), qPrintable(end.error));
    QVERIFY(has_event(RecordReader::open(box.file("runs/none/run.h5")), "note", "cache folder"));
    // The folder is there, and the one for reference values in it cannot be.
    box.write("half/bandscope/reference", "a file");
    box.environment.insert("XDG_CACHE_HOME", box.path("half"));
    end = box.train(box.spec("half"), "runs", {"training.steps=1"});
    QVERIFY2(end.code == 0 && end.error.contains("are not kept"), qPrintable(end.error));
    QVERIFY(has_event(RecordReader::open(box.file("runs/half/run.h5")), "note", "are not kept"));
  }

  void where_the_cache_lies() {
    EngineBox box;
    QDir().mkpath(box.path("home"));
    box.environment.insert("HOME", box.path("home"));
    box.environment.insert("XDG_CACHE_HOME", "relative");
    QCOMPARE(box.train(box.spec("relative"), "runs", {"training.steps=1"}).code, 0);
    QVERIFY(!QFile::exists("relative"));
    QVERIFY(QFile::exists(box.path("home/.cache/bandscope/reference")));
    struct stat about {};
    QCOMPARE(::stat(box.path("home/.cache/bandscope").toUtf8(), &about), 0);
    QCOMPARE(about.st_mode & 0777, mode_t{0700});
    // A folder that everyone may write is not believed.
    QCOMPARE(::chmod(box.path("home/.cache/bandscope").toUtf8(), 0777), 0);
    const Ended end = box.train(box.spec("open"), "runs", {"training.steps=1"});
    QVERIFY2(end.code == 0 && end.error.contains("no cache folder"), qPrintable(end.error));
  }
};

QTEST_GUILESS_MAIN(TestReferenceCache)
#include "test_reference_cache.moc"
