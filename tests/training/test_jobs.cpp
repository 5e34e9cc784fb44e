// SPDX-License-Identifier: Apache-2.0
// Runs of a sweep side by side: all are trained, devices are filled, what fails is tried once more and the rest goes
// on, what is wrong is not tried again, and a signal stops all of them with checkpoints.
#include <QJsonDocument>
#include <QTest>
#include <csignal>
#include <fstream>

#include "core/record/run_folder.h"
#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestJobs : public QObject {
  Q_OBJECT

  EngineBox box_;

  QString sweep(const QString& name) const {
    return box_.spec(name, "tiny-llama-tied",
                     "[sweep]\n\"objective.name\" = [\"dpo\", \"simpo\"]\n\"calibration.enabled\" = [false, true]\n");
  }
  static QList<QJsonObject> objects(const QString& lines) {
    QList<QJsonObject> result;
    for (const QString& line : lines.split('\n', Qt::SkipEmptyParts))
      result << QJsonDocument::fromJson(line.toUtf8()).object();
    return result;
  }
  std::vector<double> column(const QString& runs, const QString& run, Column which) const {
    return RecordReader::open(box_.file(runs + "/" + run + "/run.h5")).column(which);
  }

 private Q_SLOTS:
  void side_by_side_is_one_after_the_other() {
    const QString spec = sweep("side");
    const Ended one = box_.run({spec, "--runs", box_.path("one"), "--json"});
    QVERIFY2(one.code == 0, qPrintable(one.error));
    const Ended two = box_.run({spec, "--runs", box_.path("two"), "--json", "--devices", "cpu,cpu"});
    QVERIFY2(two.code == 0, qPrintable(two.error));
    QStringList names;
    for (const QJsonObject& line : objects(two.out)) {
      names << line["name"].toString();
      QCOMPARE(line["state"].toString(), QString("done"));
      QCOMPARE(line["attempts"].toInt(), 1);
      QCOMPARE(line["device"].toString(), QString("cpu"));
      const QString run = line["name"].toString();
      for (Column which : {Column::z_w, Column::alpha, Column::grad_norm})
        QCOMPARE(column("two", run, which), column("one", run, which));
    }
    names.sort();
    QCOMPARE(names, (QStringList{"side-dpo", "side-dpo-rc", "side-simpo", "side-simpo-rc"}));
    QVERIFY2(two.error.contains("[4/4]") && two.error.contains("[cpu] "), qPrintable(two.error));
    // Both started before either had ended.
    QVERIFY(two.error.indexOf("side-dpo-rc  starts") < two.error.indexOf("[1/4]"));
  }

  void one_reference_file_for_runs_that_want_the_same() {
    const QString spec = sweep("shared");
    box_.environment.insert("XDG_CACHE_HOME", box_.path("shared-cache"));
    const Ended end = box_.run({spec, "--runs", box_.path("shared"), "--jobs", "4"});
    box_.environment.insert("XDG_CACHE_HOME", box_.path("cache"));
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QCOMPARE(QDir(box_.path("shared-cache/bandscope/reference")).entryList({"*.safetensors"}, QDir::Files).size(), 1);
  }

  void a_run_that_is_killed_is_tried_once_more() {
    const QString spec = sweep("killed");
    QProcess process;
    process.setProcessEnvironment(box_.environment);
    process.start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"),
                  {spec, "--runs", box_.path("killed"), "--json", "--jobs", "2", "--set", "training.steps=200", "--set",
                   "checkpoint.every=5"});
    QVERIFY(process.waitForStarted());
    const auto folder = box_.file("killed/killed-dpo");
    QVERIFY(eventually([&] { return steps_of(folder / "run.h5") >= 8; }));
    const auto victim = read_engine_process(folder);
    QVERIFY(victim.has_value());
    ::kill(static_cast<pid_t>(victim->pid), SIGKILL);
    const Ended end = ended(process);
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY2(end.error.contains("killed by signal 9") && end.error.contains("tried once more"), qPrintable(end.error));
    const auto lines = objects(end.out);
    QCOMPARE(lines.size(), 4);
    for (const QJsonObject& line : lines)
      QCOMPARE(line["attempts"].toInt(), line["name"].toString() == "killed-dpo" ? 2 : 1);
    const RecordReader record = RecordReader::open(folder / "run.h5");
    QCOMPARE(record.state(), RunState::done);
    QCOMPARE(record.steps(), std::size_t{200});
    QVERIFY(has_event(record, "resume"));
  }

  void what_fails_twice_is_reported_and_the_rest_goes_on() {
    // A learning rate that blows the weights up.
    const QString spec = box_.spec("fails", "tiny-llama-tied", "[sweep]\n\"optimizer.learning_rate\" = [1e30, 1e-3]\n");
    const Ended end = box_.run({spec, "--runs", box_.path("fails"), "--json", "--jobs", "2"});
    QCOMPARE(end.code, 1);
    const auto lines = objects(end.out);
    QCOMPARE(lines.size(), 2);
    // Side by side, either may be the first to end.
    const bool failed_first = lines[0]["state"].toString() == "failed";
    const QJsonObject &failed = lines[failed_first ? 0 : 1], &done = lines[failed_first ? 1 : 0];
    QCOMPARE(done["state"].toString(), QString("done"));
    QCOMPARE(failed["state"].toString(), QString("failed"));
    QCOMPARE(failed["attempts"].toInt(), 2);
    QVERIFY(failed["reason"].toString().contains("not finite"));
  }

  void what_is_wrong_is_not_tried_again() {
    const QString model = box_.copy_model("tiny-llama-tied", "broken");
    QVERIFY(QFile::resize(model + "/model.safetensors", 5000));
    const QString spec =
        box_.spec("wrong", "tiny-llama-tied",
                  "[sweep]\n\"model.path\" = [\"" + model + "\", \"" + golden("models/tiny-llama-tied") + "\"]\n");
    const Ended end = box_.run({spec, "--runs", box_.path("wrong"), "--json", "--jobs", "2"});
    QVERIFY2(end.code == 3, qPrintable(end.error));
    QVERIFY2(end.error.contains("model.safetensors") && !end.error.contains("once more"), qPrintable(end.error));
    QCOMPARE(objects(end.out).size(), 1);
    // Finished runs stay as they are.
    const Ended again = box_.run({spec, "--runs", box_.path("wrong"), "--json", "--jobs", "2"});
    QVERIFY2(again.error.contains("a finished run"), qPrintable(again.error));
    // The place is that in the file or option that the user gave, not in what a child was given.
    const QString targets =
        box_.spec("targets", "tiny-neox", "[model.lora]\ntargets = [\"w_proj\"]\n[sweep]\n\"run.seed\" = [1, 2]\n");
    const Ended placed =
        box_.run({targets, "--set", "model.tuning=lora", "--runs", box_.path("targets"), "--jobs", "2"});
    QCOMPARE(placed.code, 2);
    QVERIFY2(placed.error.contains(targets + ":18: key \"model.lora.targets\""), qPrintable(placed.error));
    const Ended option = box_.run({targets, "--set", "model.tuning=lora", "--set", "model.lora.targets=[\"v\"]",
                                   "--runs", box_.path("targets"), "--jobs", "2"});
    QVERIFY2(option.error.contains("--set model.lora.targets: key"), qPrintable(option.error));
    FAILS(box_.run({spec, "--jobs", "2", "--devices", "gpu"}), 2, "--devices", "cuda");
    FAILS(box_.run({spec, "--jobs", "0"}), 2, "--jobs");
    FAILS(box_.run({spec, "--part", "2/2"}), 2, "--part");
  }

  void a_signal_stops_all_with_checkpoints() {
    const QString spec = sweep("stopped");
    QProcess process;
    process.setProcessEnvironment(box_.environment);
    process.start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"),
                  {spec, "--runs", box_.path("stopped"), "--json", "--jobs", "2", "--set", "training.steps=100000"});
    QVERIFY(process.waitForStarted());
    QVERIFY(eventually([&] {
      return steps_of(box_.file("stopped/stopped-dpo/run.h5")) >= 2 &&
             steps_of(box_.file("stopped/stopped-dpo-rc/run.h5")) >= 2;
    }));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    const Ended end = ended(process);
    QVERIFY2(end.code == 130, qPrintable(end.error));
    for (const QString& run : {QString("stopped-dpo"), QString("stopped-dpo-rc")}) {
      QCOMPARE(RecordReader::open(box_.file("stopped/" + run + "/run.h5")).state(), RunState::stopped);
      QCOMPARE(QDir(box_.path("stopped/" + run)).entryList({"checkpoint-*"}, QDir::Dirs).size(), 1);
    }
    QVERIFY(!QDir(box_.path("stopped/stopped-simpo")).exists());
    QVERIFY2(end.error.contains("2 runs were not started"), qPrintable(end.error));
  }

  void the_end_of_the_parent_stops_all_with_checkpoints_data() {
    QTest::addColumn<int>("signal");
    QTest::newRow("killed") << SIGKILL;
    QTest::newRow("hung up") << SIGHUP;
  }
  void the_end_of_the_parent_stops_all_with_checkpoints() {
    QFETCH(int, signal);
    const QString name = QString("orphans%1").arg(signal);
    QProcess process;
    process.setProcessEnvironment(box_.environment);
    process.start(QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"),
                  {box_.spec(name, "tiny-llama-tied", "[sweep]\n\"run.seed\" = [1, 2]\n"), "--runs", box_.path(name),
                   "--jobs", "2", "--set", "training.steps=100000"});
    QVERIFY(process.waitForStarted());
    const QStringList runs = {name + "-seed-1", name + "-seed-2"};
    const auto record = [&](const QString& run) { return box_.file(name + "/" + run + "/run.h5"); };
    for (const QString& run : runs) QVERIFY(eventually([&] { return steps_of(record(run)) >= 2; }));
    ::kill(static_cast<pid_t>(process.processId()), signal);
    QCOMPARE(ended(process).code, signal == SIGKILL ? -1 : 130);
    for (const QString& run : runs) {
      QVERIFY(eventually([&] { return !alive(*read_engine_process(box_.file(name + "/" + run))).value_or(true); }));
      QCOMPARE(RecordReader::open(record(run)).state(), RunState::stopped);
      QCOMPARE(QDir(box_.path(name + "/" + run)).entryList({"checkpoint-*"}, QDir::Dirs).size(), 1);
    }
  }

  void a_part_is_every_nth_run() {
    const Ended end =
        box_.run({sweep("part"), "--runs", box_.path("part"), "--json", "--part", "1/2", "--set", "training.steps=1"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QStringList names;
    for (const QJsonObject& line : objects(end.out)) names << line["name"].toString();
    QCOMPARE(names, (QStringList{"part-dpo-rc", "part-simpo-rc"}));
  }
};

QTEST_GUILESS_MAIN(TestJobs)
#include "test_jobs.moc"
