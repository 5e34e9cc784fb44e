// SPDX-License-Identifier: Apache-2.0
// Which checkpoint a run goes on from: the newest by its own step whose files are as they were written; the user's
// folders beside them are neither used nor removed; values that no run writes are refused by key; a finished record
// stays finished.
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestCheckpoints : public QObject {
  Q_OBJECT

  EngineBox box_;

  /// A run with checkpoints of steps 2, 4 and 6, made once and copied for each test.
  QString run_of(const QString& name) {
    const QString folder = box_.path(name);
    if (!QFile::exists(box_.path("template"))) {
      const Ended end = train("template", 6);
      if (end.code != 0) qFatal("%s", qPrintable(end.error));
    }
    std::filesystem::copy(box_.file("template"), box_.file(name), std::filesystem::copy_options::recursive);
    return folder + "/kept";
  }
  Ended train(const QString& runs, int steps, const QStringList& more = {}) {
    return box_.train(box_.spec("kept"), runs,
                      QStringList{"checkpoint.every=2", "checkpoint.keep=9", "run.resume=true",
                                  QString("training.steps=%1").arg(steps)} +
                          more);
  }
  static QStringList checkpoints(const QString& run) {
    QStringList names = QDir(run).entryList({"checkpoint-*"}, QDir::Dirs, QDir::Unsorted);
    names.sort();
    return names;
  }
  static void copy(const QString& from, const QString& to) {
    std::filesystem::copy(from.toStdString(), to.toStdString(), std::filesystem::copy_options::recursive);
  }
  static RecordReader record_of(const QString& run) { return RecordReader::open((run + "/run.h5").toStdString()); }
  static bool went_on_from(const QString& run, const char* checkpoint) {
    return has_event(record_of(run), "resume", std::string("goes on from ") + checkpoint);
  }

 private Q_SLOTS:
  void other_names_are_the_users() {
    const QString run = run_of("names");
    for (const char* name : {"/checkpoint-00000004-good", "/checkpoint-best", "/checkpoint-4",
                             "/checkpoint-00000004.old", "/checkpoint-000000004"})
      copy(run + "/checkpoint-00000004", run + name);
    const Ended end = train("names", 10, {"checkpoint.keep=2"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY(went_on_from(run, "checkpoint-00000006"));
    QCOMPARE(checkpoints(run),
             (QStringList{"checkpoint-000000004", "checkpoint-00000004-good", "checkpoint-00000004.old",
                          "checkpoint-00000008", "checkpoint-00000010", "checkpoint-4", "checkpoint-best"}));
    QCOMPARE(record_of(run).steps(), std::size_t{10});
  }

  void the_newest_is_so_by_its_own_step() {
    const QString run = run_of("renamed");
    QVERIFY(QDir(run).rename("checkpoint-00000002", "checkpoint-00000777"));
    const Ended end = train("renamed", 7);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY(went_on_from(run, "checkpoint-00000006"));
  }

  void damage_after_the_mark_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("how");
    for (const char* file : {"model.safetensors", "optimizer.safetensors", "trainer.json"})
      for (const char* how : {"cut", "empty", "flipped", "gone", "folder"})
        QTest::newRow(qPrintable(QString("%1 %2").arg(file, how))) << file << how;
    QTest::newRow("config") << "config.json"
                            << "empty";
    QTest::newRow("mark") << "DONE"
                          << "cut";
  }
  void damage_after_the_mark() {
    QFETCH(QString, file);
    QFETCH(QString, how);
    const QString name = "damage-" + file + how, run = run_of(name), path = run + "/checkpoint-00000006/" + file;
    QByteArray content = contents(path);
    if (how == "cut") content.chop(content.size() / 3 + 1);
    if (how == "empty") content.clear();
    // A digit of trainer.json's last line of numbers, or a byte of a tensor: what still reads well, and is not what was
    // written.
    if (how == "flipped") content[content.size() * 3 / 4] = static_cast<char>(content[content.size() * 3 / 4] ^ 1);
    put(path, content);
    if (how == "gone" || how == "folder") QVERIFY(QFile::remove(path));
    if (how == "folder") QVERIFY(QDir().mkpath(path));
    const Ended end = train(name, 8);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY2(end.error.contains("checkpoint-00000006") && end.error.contains(file), qPrintable(end.error));
    QVERIFY(went_on_from(run, "checkpoint-00000004"));
    QVERIFY(has_event(record_of(run), "note", "checkpoint-00000006 is not used"));
    QCOMPARE(record_of(run).steps(), std::size_t{8});
  }

  void going_on_from_the_one_before_is_exact() {
    const QString run = run_of("exact");
    put(run + "/checkpoint-00000006/model.safetensors", "");
    QCOMPARE(train("exact", 8).code, 0);
    QCOMPARE(train("straight", 8).code, 0);
    SAME(difference(box_.file("straight/kept/run.h5"), box_.file("exact/kept/run.h5")));
    for (const char* step : {"6", "8"})
      SAME(file_difference(box_.file(QString("straight/kept/checkpoint-0000000%1/model.safetensors").arg(step)),
                           box_.file(QString("exact/kept/checkpoint-0000000%1/model.safetensors").arg(step))));
  }

  void what_was_just_written_is_kept_before_a_damaged_later_one() {
    const QString run = run_of("keep"), later = run + "/checkpoint-00000500";
    QVERIFY(QDir(run).rename("checkpoint-00000006", "checkpoint-00000500"));
    QByteArray state = contents(later + "/trainer.json");
    put(later + "/trainer.json", state.replace("\"step\": 6", "\"step\": 500"));
    QCOMPARE(train("keep", 8, {"checkpoint.keep=1"}).code, 0);
    QVERIFY(went_on_from(run, "checkpoint-00000004"));
    QCOMPARE(checkpoints(run), (QStringList{"checkpoint-00000008", "checkpoint-00000500"}));
  }

  void no_whole_checkpoint_is_left() {
    const QString run = run_of("none");
    for (const char* step : {"2", "4", "6"}) put(run + "/checkpoint-0000000" + step + "/optimizer.safetensors", "");
    FAILS(train("none", 8), 3, "optimizer.safetensors", "no checkpoint of this run");
    QCOMPARE(record_of(run).state(), RunState::done);
    QCOMPARE(record_of(run).steps(), std::size_t{6});
  }

  void marks_without_sums_are_taken() {
    const QString run = run_of("old");
    put(run + "/checkpoint-00000006/DONE", "");
    put(run + "/checkpoint-00000004/DONE", "");
    QCOMPARE(train("old", 7).code, 0);
    QVERIFY(went_on_from(run, "checkpoint-00000006"));
    const QString cut = run_of("old-cut"), weights = cut + "/checkpoint-00000006/optimizer.safetensors";
    put(cut + "/checkpoint-00000006/DONE", "");
    QVERIFY(QFile::resize(weights, QFileInfo(weights).size() - 1));
    QCOMPARE(train("old-cut", 7).code, 0);
    QVERIFY(went_on_from(cut, "checkpoint-00000004"));
  }

  void values_that_no_run_writes_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* key, const char* value) {
      QTest::newRow(qPrintable(QString("%1 %2").arg(key, value))) << QByteArray(key) << QByteArray(value);
    };
    for (const char* value : {"-1", "9223372036854775807", "18446744073709551615", "6.5", "\"6\"", "null", "[]"})
      row("step", value);
    for (const char* value : {"1e308", "-1", "\"1\"", "null"}) row("time", value);
    for (const char* value : {"3", "{\"enabled\": 3}", "null"}) row("calibration", value);
    for (const char* value : {"-1", "1.5", "\"x\"", "null"}) row("pass_tokens", value);
    for (const char* value : {"[]", "{\"outside\": -1}"}) row("alerts", value);
    for (const char* value : {"[]", "{\"learning_rate\": \"x\"}", "{\"learning_rate\": -1}", "{\"momentum\": 1}",
                              "{\"calibration\": 1}", "{\"batch_size\": 1}"})
      row("steered", value);
  }
  void values_that_no_run_writes() {
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    const QString name = QString("values-%1").arg(qHash(key + value)), run = run_of(name),
                  file = run + "/checkpoint-00000006/trainer.json";
    QJsonObject json = QJsonDocument::fromJson(contents(file)).object();
    json.remove(key);
    QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    put(file, text.chopped(1) + ",\"" + key + "\":" + value + "}");
    put(run + "/checkpoint-00000006/DONE", "");
    const Ended end = train(name, 8);
    QVERIFY2(end.code == 3, qPrintable(end.error));
    QVERIFY2(end.message().contains("trainer.json") && (end.message().contains("\"" + key) || key == "steered"),
             qPrintable(end.error));
    QVERIFY2(!end.error.contains("json.exception") && !end.error.contains("mt19937"), qPrintable(end.error));
    QCOMPARE(record_of(run).state(), RunState::done);
    QCOMPARE(record_of(run).steps(), std::size_t{6});
  }

  void a_step_beyond_the_record() {
    const QString run = run_of("beyond"), file = run + "/checkpoint-00000006/trainer.json";
    QByteArray text = contents(file);
    put(file, text.replace("\"step\": 6", "\"step\": 5000"));
    put(run + "/checkpoint-00000006/DONE", "");
    const Ended end = train("beyond", 8);
    QVERIFY2(end.code == 0 && end.error.contains("\"step\" is 5000"), qPrintable(end.error));
    QVERIFY(went_on_from(run, "checkpoint-00000004"));
  }

  void a_finished_run_stays_finished() {
    const QString run = run_of("finished");
    for (const char* step : {"2", "4", "6"}) QVERIFY(QDir(run + "/checkpoint-0000000" + step).removeRecursively());
    const QByteArray before = contents(run + "/run.h5");
    const Ended end = train("finished", 6);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QCOMPARE(contents(run + "/run.h5"), before);
    // Nothing came of going on: the weights are of another shape than the model's.
    const QString other = run_of("misfit");
    for (const char* step : {"2", "4", "6"}) {
      put(other + "/checkpoint-0000000" + step + "/DONE", "");
      QVERIFY(QFile::remove(other + "/checkpoint-0000000" + step + "/model.safetensors"));
      QVERIFY(QFile::copy(golden("models/tiny-neox/model.safetensors"),
                          other + "/checkpoint-0000000" + step + "/model.safetensors"));
    }
    QVERIFY(train("misfit", 8).code != 0);
    QCOMPARE(record_of(other).state(), RunState::done);
    QCOMPARE(record_of(other).steps(), std::size_t{6});
  }

  /// A run that memory had brought to smaller passes goes on in them; reference values are of those that it began with.
  void goes_on_in_the_passes_that_it_came_to() {
    const QString run = run_of("passes");
    const auto passes = [&](int step) {
      const QString file = run + QString("/checkpoint-%1/trainer.json").arg(step, 8, 10, QChar('0'));
      const QJsonObject state = QJsonDocument::fromJson(contents(file)).object();
      return std::pair(state["pass_tokens"].toInt(), state["reference_pass_tokens"].toInt());
    };
    const int whole = passes(6).first;  // as the engine chooses
    QVERIFY(whole > 200);
    QCOMPARE(passes(6).second, whole);
    const QString state = run + "/checkpoint-00000006/trainer.json";
    QJsonObject shrunk = QJsonDocument::fromJson(contents(state)).object();
    shrunk["pass_tokens"] = 200;
    put(state, QJsonDocument(shrunk).toJson());
    put(run + "/checkpoint-00000006/DONE", "");
    int step = 6;
    for (const int given : {0, whole, 150}) {
      const Ended end = train("passes", step += 2, {QString("training.pass_tokens=%1").arg(given)});
      QVERIFY2(end.code == 0, qPrintable(end.error));
      QCOMPARE(passes(step), given == 150 ? std::pair(150, 150) : std::pair(200, whole));
    }
  }
};

QTEST_GUILESS_MAIN(TestCheckpoints)
#include "test_checkpoints.moc"
