// SPDX-License-Identifier: Apache-2.0
// What the engine says and returns when a spec, a command line, data or the disk is not as it must be: one sentence
// that names file, key or row, the exit code of its kind, and no run folder left behind by what never started.
#include <sys/mount.h>

#include <QProcess>
#include <QTest>

#include "tests/training/engine_box.h"

using namespace bandscope;
using namespace engine_test;

class TestEngineErrors : public QObject {
  Q_OBJECT

  EngineBox box_;

 private Q_SLOTS:
  void bad_spec() {
    FAILS(box_.run({box_.path("none.toml")}), 2, "none.toml");
    FAILS(box_.run({box_.write("syntax.toml", "[run]\nname = \n")}), 2, "syntax.toml:2:");
    FAILS(box_.run({box_.spec("typo", "tiny-neox", "micro_bach = 2\n")}), 2, "typo.toml",
          "typo.toml:17:", "training.micro_bach", "\"training.micro_batch\"");
    FAILS(box_.run({box_.spec("range", "tiny-neox", "[calibration]\nmomentum = 1.5\n")}), 2, "range.toml",
          "range.toml:18:", "calibration.momentum", "1.5");
    FAILS(box_.run({box_.spec("choice", "tiny-neox", "[objective]\nname = \"dop\"\n")}), 2, "choice.toml",
          "objective.name", "dpo");
    FAILS(box_.run({box_.spec("divides", "tiny-neox", "[sweep]\n\"training.batch_size\" = [5]\n")}), 2,
          "training.micro_batch");
    FAILS(box_.run({box_.write("nothing.toml", "")}), 2, "nothing.toml", "model.path");
    FAILS(box_.run({box_.spec("several", "tiny-neox", "micro_bach = 2\n[calibration]\nmomentum = 1.5\n")}), 2,
          "several.toml:17: key \"training.micro_bach\" is unknown", "; ",
          "several.toml:19: key \"calibration.momentum\" is 1.5");
    FAILS(box_.run({box_.write("no_data.toml", "[model]\npath = \"x\"\n")}), 2, "no_data.toml", "data.train");
    QVERIFY(!QDir("runs").exists("typo"));
  }

  void bad_command_line() {
    const QString spec = box_.spec("line");
    FAILS(box_.run({}), 2, "run spec");
    FAILS(box_.run({spec, "--bogus"}), 2, "--bogus", "--help");
    FAILS(box_.run({spec, "--runs", ""}), 2, "the argument after --runs is empty");
    FAILS(box_.run({"--runs=", spec}), 2, "--runs= has no value");
    FAILS(box_.train(spec, "runs", {"optimizer.learning_rat=1"}), 2, "--set optimizer.learning_rat",
          "\"optimizer.learning_rate\"");
    FAILS(box_.train(spec, "runs", {"optimizer.learning_rate"}), 2, "KEY=VALUE");
    FAILS(box_.train(spec, "runs", {"=1"}), 2, "KEY=VALUE");
    FAILS(box_.train(spec, "runs", {"optimizer.learning_rate=-1"}), 2, "--set optimizer.learning_rate", ">= 0");
    FAILS(box_.train(spec, "runs", {"objective.gamma=1"}), 2, "objective.gamma", "\"dpo\"", "beta");
    FAILS(box_.train(spec, "runs", {"run.device=cuda:99"}), 2, "--set run.device: key \"run.device\"", "cuda:99");
    FAILS(box_.train(spec, "runs", {"model.lora.targets=[\"w_proj\"]", "model.tuning=lora"}), 2, "model.lora.targets",
          "w_proj", "q_proj");
    FAILS(box_.train(spec, "runs", {"scores.layers=true"}), 2, "scores.layers", "scores.scope");
    const QString placed = box_.spec("placed", "tiny-neox", "[model.lora]\ntargets = [\"w_proj\"]\n");
    FAILS(box_.train(placed, "runs", {"model.tuning=lora"}), 2, "placed.toml:18: key \"model.lora.targets\"", "w_proj");
    FAILS(box_.run({"plan", placed, "--set", "model.tuning=lora"}), 2, "placed.toml:18: key \"model.lora.targets\"",
          "w_proj");
    QVERIFY(!QFile::exists(box_.path("runs/line/run.h5")));
    const Ended version = box_.run({"--version"});
    QCOMPARE(version.code, 0);
    QVERIFY(version.out.startsWith("bandscope-engine "));
    QCOMPARE(box_.run({"--help"}).code, 0);
  }

  void unusable_data() {
    const QString spec = box_.spec("data");
    const auto with = [&](const QByteArray& content, const QString& name = "rows.jsonl") {
      return box_.train(spec, "runs", {"data.train=" + box_.write(name, content)});
    };
    FAILS(box_.train(spec, "runs", {"data.train=" + box_.path("none.jsonl")}), 3, "none.jsonl");
    FAILS(with(""), 3, "rows.jsonl", "empty");
    FAILS(with("{\"prompt\": 1, \"chosen\": \"a\", \"rejected\": \"b\"}\n{\"prompt\": 1, \"chosen\": \"a\", "
               "\"rejected\": \"b\"}\n"),
          3, "rows.jsonl", "row 0", "\"prompt\"");
    FAILS(with("{\"prompt\": \"p\", \"completion\": \"a\", \"label\": true}\n"), 3, "rows.jsonl", "KTO");
    FAILS(with("PAR1 is not parquet", "rows.parquet"), 3, "rows.parquet");
    FAILS(with("\x1f\x8b\x08 cut", "rows.jsonl.gz"), 3, "rows.jsonl.gz");
    FAILS(with("a,b\n", "rows.csv"), 3, "rows.csv");
  }

  void rows_beyond_the_positions_of_the_model_are_trained_and_told() {
    const Ended end = box_.train(
        box_.spec("long"), "runs",
        {"training.steps=1", "training.batch_size=1", "training.micro_batch=1", "data.max_length=1000",
         "data.max_prompt_length=900",
         "data.train=" + box_.write("long.jsonl", "{\"prompt\": \"" + QByteArray("word soup ").repeated(200) +
                                                      "\", \"chosen\": \"a\", \"rejected\": \"b\"}\n")});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY2(end.error.contains("1 of 1 pairs are longer than the 512 positions"), qPrintable(end.error));
    QVERIFY(has_event(RecordReader::open(box_.file("runs/long/run.h5")), "note", "512 positions"));
  }

  void unusable_rows_are_counted_and_named() {
    QFile pairs(golden("pairs.jsonl"));
    QVERIFY(pairs.open(QIODevice::ReadOnly));
    const QByteArray good = pairs.readAll();
    const QString file =
        box_.write("mixed.jsonl", "{\"prompt\": 1, \"chosen\": \"a\", \"rejected\": \"b\"}\nnot json\n" + good);
    const Ended end = box_.train(box_.spec("mixed"), "runs", {"data.train=" + file, "training.steps=1"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    QVERIFY2(end.error.contains("2 unusable rows"), qPrintable(end.error));
    QVERIFY2(end.error.contains("mixed.jsonl: row 0") && end.error.contains("mixed.jsonl: row 1"),
             qPrintable(end.error));
    for (const PairRow& pair : RecordReader::open(box_.file("runs/mixed/run.h5")).pair_rows()) QVERIFY(pair.row >= 2);
  }

  void unusable_rows_of_the_probe_are_counted_and_named() {
    const QString file = box_.write("probe.jsonl", QByteArray("{}\n").repeated(22) + contents(golden("pairs.jsonl")));
    const Ended end = box_.train(box_.spec("probed"), "runs",
                                 {"data.probe=" + file, "probe.every=1", "probe.pairs=4", "training.steps=1"});
    QVERIFY2(end.code == 0, qPrintable(end.error));
    for (const char* words : {"4 held-out pairs", "22 unusable rows", "probe.jsonl: row 0 is not used: lacks",
                              "probe.jsonl: row 19 is not used", "probe.jsonl: … and rows 20-21 are not used"})
      QVERIFY2(end.error.contains(words), qPrintable(end.error));
  }

  void a_finished_run_is_not_overwritten() {
    const QString spec = box_.spec("finished");
    const Ended end = box_.train(spec, "runs", {"training.steps=1"});
    QCOMPARE(end.code, 0);
    FAILS(box_.train(spec, "runs"), 2, "run.name", "\"finished\"", "run.resume");
    QCOMPARE(RecordReader::open(box_.file("runs/finished/run.h5")).steps(), std::size_t{1});
  }

  void checkpoints_without_their_record_are_not_overwritten() {
    const QString spec = box_.spec("lost");
    QCOMPARE(box_.train(spec, "lost", {"training.steps=2"}).code, 0);
    const QString folder = box_.path("lost/lost");
    QVERIFY(QFile::remove(folder + "/run.h5"));
    for (const char* resume : {"run.resume=true", "run.resume=false"})
      FAILS(box_.train(spec, "lost", {"training.steps=4", resume}), 2, "checkpoint-00000002", "no record");
    QVERIFY(QFile::exists(folder + "/checkpoint-00000002/model.safetensors"));
    QVERIFY(!QFile::exists(folder + "/run.h5"));
  }

  void runs_folder_that_cannot_be_made() {
    const QString spec = box_.spec("nowhere");
    FAILS(box_.train(spec, spec + "/runs"), 1, "nowhere.toml/runs");
    FAILS(box_.train(spec, "/proc/runs"), 1, "/proc/runs");
    const QString folder = box_.path("readonly");
    QDir().mkpath(folder);
    if (::mount("none", folder.toUtf8(), "tmpfs", 0, "size=1m") != 0)
      QSKIP("mounting a tmpfs needs more rights than this test has");
    const bool remounted = ::mount("none", folder.toUtf8(), "tmpfs", MS_REMOUNT | MS_RDONLY, "") == 0;
    const Ended end = box_.train(spec, folder);
    ::umount(folder.toUtf8());
    QVERIFY(remounted);
    FAILS(end, 1, "readonly/nowhere", "Read-only file system");
  }

  void full_disk_data() {
    QTest::addColumn<QString>("size");
    QTest::addColumn<QStringList>("sets");
    QTest::addColumn<bool>("record_has_room");
    // The model and its moments, some 3 MiB, do not fit, but a last word in the record does; or the record itself is
    // cut off.
    QTest::newRow("checkpoint") << "2m" << QStringList{"checkpoint.every=5"} << true;
    QTest::newRow("record") << "400k"
                            << QStringList{"training.steps=5000", "training.batch_size=2", "training.micro_batch=2"}
                            << false;
  }
  void full_disk() {
    QFETCH(QString, size);
    QFETCH(QStringList, sets);
    QFETCH(bool, record_has_room);
    const QString folder = box_.path("small");
    QDir().mkpath(folder);
    if (::mount("none", folder.toUtf8(), "tmpfs", 0, ("size=" + size).toUtf8()) != 0)
      QSKIP("mounting a small tmpfs needs more rights than this test has");
    const Ended end = box_.train(box_.spec("full", "tiny-neox"), folder, sets);
    std::vector<std::int64_t> steps;
    RunState state = RunState::waiting;
    bool reason = false;
    QString problem;
    try {
      const RecordReader record = RecordReader::open((folder + "/full/run.h5").toStdString());
      steps = record.step_numbers();
      state = record.state();
      reason = has_event(record, "stop", "No space left on device");
    } catch (const std::exception& error) {
      problem = error.what();
    }
    const QStringList checkpoints = QDir(folder + "/full").entryList({"checkpoint-*"}, QDir::Dirs);
    QCOMPARE(::umount(folder.toUtf8()), 0);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY2(end.code == 1, qPrintable(end.error));
    QVERIFY2(end.message().contains("No space left on device"), qPrintable(end.error));
    QVERIFY(checkpoints.isEmpty());  // half a checkpoint is none
    QVERIFY(!steps.empty());
    for (std::size_t i = 0; i < steps.size(); ++i) QCOMPARE(steps[i], static_cast<std::int64_t>(i + 1));
    QCOMPARE(state, RunState::failed);
    if (!record_has_room) return;
    QCOMPARE(steps.size(), std::size_t{5});
    QCOMPARE(state, RunState::failed);
    QVERIFY(reason);
  }

  /// As on a full disk; the signal would end the engine without a word.
  void a_limit_of_file_sizes() {
    QProcess shell;
    const QString runs = box_.path("limited");
    shell.start("/bin/sh", {"-c", "ulimit -f 1000; exec \"$@\"", "sh", BANDSCOPE_BIN "/bandscope-engine",
                            box_.spec("limited", "tiny-neox"), "--runs", runs, "--set", "checkpoint.every=5"});
    QVERIFY(shell.waitForFinished(120000));
    const QString said = QString::fromUtf8(shell.readAllStandardError());
    QVERIFY2(shell.exitStatus() == QProcess::NormalExit && shell.exitCode() == 1, qPrintable(said));
    QVERIFY2(said.contains("File too large"), qPrintable(said));
    const RecordReader record = RecordReader::open((runs + "/limited/run.h5").toStdString());
    QCOMPARE(record.state(), RunState::failed);
    QCOMPARE(record.steps(), std::size_t{5});
  }

  void names_are_printed_on_one_line_and_escaped() {
    const QString odd = "\x1b[2J\n\x07rows";
    const Ended missing = box_.train(box_.spec("odd"), "runs", {"data.train=" + box_.path(odd + "/none.jsonl")});
    QVERIFY2(missing.code == 3 && !missing.error.contains('\x1b') && missing.message().contains("\\x1B[2J\\n\\x07rows"),
             qPrintable(missing.error));
    // A row that is not used is named in the log, with its file.
    QFile pairs(golden("pairs.jsonl"));
    QVERIFY(pairs.open(QIODevice::ReadOnly));
    const QString rows =
        box_.write(odd + ".jsonl", "{\"prompt\": 1, \"chosen\": \"a\", \"rejected\": \"b\"}\n" + pairs.readAll());
    const Ended trained = box_.train(box_.spec("odd"), "runs", {"data.train=" + rows, "training.steps=1"});
    QVERIFY2(trained.code == 0, qPrintable(trained.error));
    QFile log(box_.path("runs/odd/log.txt"));
    QVERIFY(log.open(QIODevice::ReadOnly));
    for (const QByteArray& text : {trained.error.toUtf8(), log.readAll()})
      QVERIFY2(text.contains("\\x1B[2J\\n\\x07rows.jsonl: row 0 is not used") && !text.contains('\x1b'),
               text.constData());
  }

  void full_disk_at_the_start_data() {
    QTest::addColumn<QString>("size");
    for (const char* size : {"4k", "12k", "24k", "48k", "64k", "80k", "96k", "112k", "128k", "160k", "200k", "240k"})
      QTest::newRow(size) << QString(size);
  }
  void full_disk_at_the_start() {
    QFETCH(QString, size);
    const QString folder = box_.path("tiny");
    QDir().mkpath(folder);
    if (::mount("none", folder.toUtf8(), "tmpfs", 0, ("size=" + size).toUtf8()) != 0)
      QSKIP("mounting a small tmpfs needs more rights than this test has");
    // A probe without pairs is noted at the front of the record.
    const Ended end = box_.train(box_.spec("begin", "tiny-neox"), folder, {"probe.every=5"});
    const std::filesystem::path record = (folder + "/begin/run.h5").toStdString();
    std::optional<RunState> state;
    QString problem;
    try {
      if (std::filesystem::exists(record)) state = RecordReader::open(record).state();
    } catch (const std::exception& error) {
      problem = error.what();
    }
    QCOMPARE(::umount(folder.toUtf8()), 0);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY2(end.code == 1 && end.message().contains("No space left on device"), qPrintable(end.error));
    // A record in any other state would be taken for that of a run that was killed.
    QVERIFY2(!state || state == RunState::failed,
             qPrintable(QString::number(static_cast<int>(state.value_or(RunState::failed)))));
  }

  void other_programs() {
    FAILS(box_.run({"tokenize", golden("models/tiny-neox"), box_.path("none.json")}), 3, "none.json");
    FAILS(box_.run({"tokenize", golden("models/tiny-neox"), box_.write("numbers.json", "[\"a\", 1]")}), 3,
          "numbers.json", "element 1");
    FAILS(box_.run({"control", box_.path("nobody"), "pause"}), 3, "nobody", "engine.json");
    FAILS(box_.run({"merge", golden("models/tiny-mistral"), golden("models/tiny-neox"), "--out", box_.path("m")}), 3,
          "adapter_config.json");
    const Ended ids = box_.run({"tokenize", golden("models/tiny-neox"), box_.write("texts.json", "[\"\", \"a b\"]")});
    QCOMPARE(ids.code, 0);
    QVERIFY2(ids.out.startsWith("[[],["), qPrintable(ids.out));
  }
};

QTEST_GUILESS_MAIN(TestEngineErrors)
#include "test_engine_errors.moc"
