// SPDX-License-Identifier: Apache-2.0
// Two processes of one run are one process with the same global batch, within float32's rounding; runs go on with
// another number of processes; and a process that dies ends the run with a checkpoint of its last whole step.
#include <QTest>
#include <csignal>

#include "core/calibration/calibration.h"
#include "core/record/run_folder.h"
#include "tests/training/process_group.h"
#include "training/model/safetensors.h"

using namespace bandscope;
using namespace engine_test;

namespace {
/// Of the moments in a checkpoint; -1 where they do not say it.
std::int64_t updates_of(const std::filesystem::path& file) {
  const model::SafeTensors moments = model::SafeTensors::open_file(file);
  const char* name = "optimizer.step";
  return moments.contains(name) ? static_cast<std::int64_t>(moments.get(name).item<float>()) : -1;
}
}  // namespace

class TestParallel : public QObject, private ProcessGroup {
  Q_OBJECT

 private Q_SLOTS:
  void two_processes_are_one_data() {
    QTest::addColumn<QString>("model");
    QTest::addColumn<QStringList>("sets");
    const QStringList step = {"calibration.granularity=step"}, off = {"calibration.enabled=false"},
                      all = {"scores.scope=all", "scores.layers=true"}, one = {"training.micro_batch=1"},
                      lora = {"model.tuning=lora"}, zero = {"parallel.zero=1"};
    QTest::newRow("per step") << "tiny-llama-tied" << step + one;
    QTest::newRow("per step, one micro-batch each") << "tiny-neox" << step;
    QTest::newRow("per step, all") << "tiny-qwen2" << step + all + one;
    QTest::newRow("micro-batches") << "tiny-llama-tied" << off + one;
    QTest::newRow("micro-batches of two, untied") << "tiny-neox" << off;
    QTest::newRow("micro-batches, all") << "tiny-neox" << off + all + one;
    QTest::newRow("lora, per step") << "tiny-mistral" << step + lora + one;
    QTest::newRow("lora, micro-batches, all") << "tiny-mistral" << off + lora + all + one;
    QTest::newRow("zero, per step") << "tiny-llama-tied" << step + zero + one;
    QTest::newRow("per step, all, checkpointing")
        << "tiny-neox" << step + all + one + QStringList{"model.gradient_checkpointing=true"};
    QTest::newRow("lora, per step, all") << "tiny-mistral" << step + lora + all + one;
    QTest::newRow("zero, 8 bits") << "tiny-neox" << step + zero + one + QStringList{"optimizer.name=adamw_8bit"};
    QTest::newRow("zero, clipping, decay")
        << "tiny-qwen2" << off + zero + QStringList{"optimizer.max_grad_norm=0.3", "optimizer.weight_decay=0.1"};
    QTest::newRow("checkpointing") << "tiny-llama-tied" << off + one + QStringList{"model.gradient_checkpointing=true"};
    QTest::newRow("tdpo, reference on the fly")
        << "tiny-neox" << step + one + QStringList{"objective.name=tdpo", "training.precompute_reference=false"};
  }
  void two_processes_are_one() {
    QFETCH(QString, model);
    QFETCH(QStringList, sets);
    const QString spec = box_.spec("shared", model, "[probe]\nevery = 2\npairs = 10\n"),
                  tag = QString(QTest::currentDataTag()).remove(' ').remove(',');
    sets << "training.steps=4"
         << "data.probe=" + golden("pairs.jsonl");
    QCOMPARE(train(1, spec, tag + "-1", sets), QString());
    QCOMPARE(train(2, spec, tag + "-2", sets), QString());
    QCOMPARE(difference(tag + "-1", tag + "-2", 2e-4), QString());
    // The first step has nothing to drift from.
    const auto one = record(tag + "-1"), two = record(tag + "-2");
    for (Column which : compared) QVERIFY(near(one.column(which)[0], two.column(which)[0], 2e-6));
    QCOMPARE(two.state(), RunState::done);
  }

  void one_alpha_from_averaged_scalars() {
    QFile file(golden("pairs.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    const QStringList sets = {"training.steps=1", "data.shuffle=false", "objective.name=cpo"};
    const QString spec = box_.spec("shared", "tiny-llama-tied");
    double means[5] = {};
    for (int part : {0, 1}) {
      const QString own =
          box_.write(QString("part%1.jsonl").arg(part), lines[2 * part] + "\n" + lines[2 * part + 1] + "\n");
      const QString runs = QString("part%1").arg(part);
      QCOMPARE(train(1, spec, runs, sets + QStringList{"training.batch_size=2", "data.train=" + own}), QString());
      const RecordReader of_part = record(runs);
      int i = 0;
      for (Column which : {Column::d_w, Column::d_l, Column::score_norm_w, Column::score_norm_l, Column::rho})
        means[i++] += of_part.column(which)[0] / 2;
    }
    QCOMPARE(train(2, spec, "both", sets), QString());
    Calibration calibration({true, 0.98, true});
    const double alpha =
        calibration.update(means[0], means[1], {means[2], means[3], means[4] * means[2] * means[3]}).alpha;
    QVERIFY2(near(record("both").column(Column::alpha)[0], alpha, 1e-6), qPrintable(QString::number(alpha, 'g', 9)));
    QVERIFY(std::abs(alpha - 1) > 1e-3);
  }

  void runs_go_on_with_another_number_data() {
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("2 to 1") << 2 << 1 << QStringList{};
    QTest::newRow("1 to 2") << 1 << 2 << QStringList{};
    QTest::newRow("2 to 1, zero") << 2 << 1 << QStringList{"parallel.zero=1"};
    QTest::newRow("1 to 4, zero") << 1 << 4 << QStringList{"parallel.zero=1"};
    QTest::newRow("2 to 2, zero") << 2 << 2 << QStringList{"parallel.zero=1"};
    QTest::newRow("1 to 2, weights shared out")
        << 1 << 2 << QStringList{"parallel.zero=3", "calibration.granularity=micro-batch", "calibration.enabled=false"};
    QTest::newRow("4 to 1, weights shared out")
        << 4 << 1 << QStringList{"parallel.zero=3", "calibration.granularity=micro-batch", "calibration.enabled=false"};
    QTest::newRow("4 to 1, zero, 8 bits") << 4 << 1 << QStringList{"parallel.zero=1", "optimizer.name=adamw_8bit"};
  }
  void runs_go_on_with_another_number() {
    QFETCH(int, before);
    QFETCH(int, after);
    QFETCH(QStringList, sets);
    const QString spec = box_.spec("shared", "tiny-neox"),
                  tag = QString(QTest::currentDataTag()).remove(' ').remove(',');
    sets = QStringList{"calibration.granularity=step"} + sets;
    sets << "training.micro_batch=1"
         << "run.resume=true";
    QCOMPARE(train(1, spec, tag + "-whole", sets + QStringList{"training.steps=6"}), QString());
    QCOMPARE(train(before, spec, tag + "-parts", sets + QStringList{"training.steps=3"}), QString());
    QCOMPARE(train(after, spec, tag + "-parts", sets + QStringList{"training.steps=6"}), QString());
    QCOMPARE(difference(tag + "-whole", tag + "-parts", 2e-4), QString());
    QVERIFY(has_event(record(tag + "-parts"), "resume"));
  }

  void a_process_that_dies_ends_the_run_data() {
    QTest::addColumn<QStringList>("sets");
    QTest::newRow("checkpoint") << QStringList{};
    QTest::newRow("checkpoint, most of the time looking again") << QStringList{"scores.after_update=true"};
    QTest::newRow("zero: the last checkpoint stays") << QStringList{"parallel.zero=1", "checkpoint.every=2"};
    QTest::newRow("weights shared out: the last checkpoint stays")
        << QStringList{"parallel.zero=3", "checkpoint.every=2", "training.micro_batch=1"};
  }
  void a_process_that_dies_ends_the_run() {
    QFETCH(QStringList, sets);
    const bool zero = sets.value(0).startsWith("parallel.zero");
    const QString spec = box_.spec("shared", "tiny-llama-tied"), runs = "dies-" + sets.value(0).right(1);
    sets << "run.resume=true";
    Processes processes = start(2, spec, runs, sets + QStringList{"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box_.file(runs + "/shared/run.h5")) >= 5; }));
    processes[1]->kill();
    const Ended end = ended(*processes[0]);
    ended(*processes[1]);
    QVERIFY2(end.code == 1, qPrintable(QString::number(end.code) + end.error));
    QVERIFY2(end.error.contains("process 0 of 2 lost another one of this run"), qPrintable(end.error));
    const RecordReader failed = record(runs);
    QCOMPARE(failed.state(), RunState::failed);
    QVERIFY(has_event(failed, "stop", "lost another one"));
    const QStringList checkpoints =
        QDir(box_.path(runs + "/shared")).entryList({"checkpoint-*"}, QDir::Dirs, QDir::Name);
    QVERIFY(!checkpoints.isEmpty());
    const auto last = checkpoints.last().mid(11).toLongLong();
    if (!zero) {
      QCOMPARE(last, failed.step_numbers().back());
      // Weights, their moments and the trainer's state are of one step.
      const auto folder = runs + "/shared/" + checkpoints.last();
      QCOMPARE(updates_of(box_.file(folder + "/optimizer.safetensors")), static_cast<std::int64_t>(last));
    }
    QCOMPARE(train(1, spec, runs, sets + QStringList{QString("training.steps=%1").arg(last + 2)}), QString());
    QCOMPARE(record(runs).step_numbers().back(), static_cast<std::int64_t>(last + 2));
  }

  void a_process_that_fails_alone_ends_the_sweep() {
    const QString spec = box_.spec("shared", "tiny-llama-tied", "[sweep]\n\"run.seed\" = [1, 2]\n"), runs = "alone";
    Processes processes = start(2, spec, runs, {"training.steps=100000"});
    const QString folder = box_.path(runs) + "/";
    const auto first = [&] { return QDir(folder).entryList({"shared*"}, QDir::Dirs, QDir::Name).value(0); };
    QVERIFY(
        eventually([&] { return !first().isEmpty() && steps_of(box_.file(runs + "/" + first() + "/run.h5")) >= 3; }));
    const QString name = first();
    QVERIFY(QDir(folder + name).removeRecursively());
    for (auto& process : processes) {
      const Ended end = ended(*process);  // and does not wait in the next run for what is said in this one
      QVERIFY2(end.code == 1, qPrintable(QString::number(end.code) + end.error));
    }
    QCOMPARE(QDir(folder).entryList({"shared*"}, QDir::Dirs).size(), 0);
  }

  void all_fail_alike_and_the_sweep_goes_on() {
    const QString spec =
        box_.spec("shared", "tiny-llama-tied", "[sweep]\n\"optimizer.learning_rate\" = [1e38, 1e-5]\n");
    Processes processes = start(2, spec, "alike", {"training.steps=4", "optimizer.max_grad_norm=0"});
    for (auto& process : processes) {
      const Ended end = ended(*process);
      QVERIFY2(end.code == 1, qPrintable(QString::number(end.code) + end.error));
    }
    QList<RunState> states;
    for (const QString& name : QDir(box_.path("alike")).entryList({"shared*"}, QDir::Dirs, QDir::Name))
      states << RecordReader::open(box_.file("alike/" + name + "/run.h5")).state();
    QVERIFY(states.size() == 2 && states.count(RunState::failed) == 1 && states.count(RunState::done) == 1);
  }

  void a_signal_to_one_stops_all() {
    const QString spec = box_.spec("shared", "tiny-llama-tied");
    Processes processes = start(2, spec, "signal", {"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box_.file("signal/shared/run.h5")) >= 3; }));
    ::kill(static_cast<pid_t>(processes[1]->processId()), SIGTERM);
    for (auto& process : processes) {
      const Ended end = ended(*process);
      QVERIFY2(end.code == 130, qPrintable(QString::number(end.code) + end.error));
    }
    QCOMPARE(record("signal").state(), RunState::stopped);
    QCOMPARE(QDir(box_.path("signal/shared")).entryList({"checkpoint-*"}, QDir::Dirs).size(), 1);
  }

  void the_first_evaluates_and_the_others_hear_of_it_data() {
    QTest::addColumn<bool>("by_order");
    QTest::newRow("a signal to one that waits") << false;
    QTest::newRow("an order") << true;
  }
  /// Benchmarks are rank 0's alone; a stop ends them all the same.
  void the_first_evaluates_and_the_others_hear_of_it() {
    QFETCH(bool, by_order);
    const QString tag = by_order ? "order" : "signal-waiting";
    QByteArray lines;
    for (int i = 0; i < 60000; ++i)
      lines += "{\"question\": \"number " + QByteArray::number(i) + "\", \"answer\": 1}\n";
    box_.write("tasks/test.jsonl", lines);
    box_.write("tasks/colours.yaml",
               "task: colours\ndataset_path: json\ndataset_kwargs: {data_files: {test: test.jsonl}}\n"
               "test_split: test\noutput_type: multiple_choice\ndoc_to_text: \"Q: {{question}}\\nA:\"\n"
               "doc_to_target: \"{{answer}}\"\ndoc_to_choice: [red, green, blue]\n");
    const QString spec = box_.spec("shared", "tiny-llama-tied", "[evaluation]\ntasks = [\"tasks/colours.yaml\"]\n");
    QCOMPARE(train(2, spec, "whole-" + tag, {"evaluation.limit=10", "training.steps=2"}), QString());
    QCOMPARE(train(1, spec, "alone-" + tag, {"evaluation.limit=10", "training.steps=2"}), QString());
    const auto together = record("whole-" + tag).evaluation_rows(), alone = record("alone-" + tag).evaluation_rows();
    QCOMPARE(together.size(), alone.size());
    QCOMPARE(together.front().value, alone.front().value);

    Processes processes = start(2, spec, tag, {});
    const auto folder = box_.file(tag + "/shared");
    QVERIFY(eventually([&] {
      return QFile::exists(box_.path(tag + "/shared/engine.json")) &&
             Connection(folder).ask(R"({"v":1,"command":"status"})")["phase"] == "evaluation";
    }));
    if (by_order)
      QVERIFY(Connection(folder).ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    else
      ::kill(static_cast<pid_t>(processes[1]->processId()), SIGTERM);
    for (auto& process : processes) {
      const Ended end = ended(*process);
      QVERIFY2(end.code == (by_order ? 0 : 130), qPrintable(QString::number(end.code) + end.error));
    }
    QCOMPARE(record(tag).state(), RunState::stopped);
    QVERIFY(record(tag).evaluation_rows().empty());
  }

  /// Wherever in a short evaluation the signals come, all processes see the same stop.
  void signals_to_all_at_an_evaluation() {
    box_.write("tasks/test.jsonl", QByteArray(R"({"question": "number", "answer": 1})") + '\n');
    box_.write("tasks/colours.yaml",
               "task: colours\ndataset_path: json\ndataset_kwargs: {data_files: {test: test.jsonl}}\n"
               "test_split: test\noutput_type: multiple_choice\ndoc_to_text: \"Q: {{question}}\\nA:\"\n"
               "doc_to_target: \"{{answer}}\"\ndoc_to_choice: [red, green, blue]\n");
    const QString spec =
        box_.spec("shared", "tiny-llama-tied", "[evaluation]\ntasks = [\"tasks/colours.yaml\"]\nevery = 1\n");
    for (int round = 0; round < 4; ++round) {
      const QString runs = QString("all-%1").arg(round);
      Processes processes = start(2, spec, runs, {"training.steps=100000"});
      QVERIFY(eventually([&] { return steps_of(box_.file(runs + "/shared/run.h5")) >= std::size_t(3 + round); }));
      for (auto& process : processes) ::kill(static_cast<pid_t>(process->processId()), SIGTERM);
      for (auto& process : processes) {
        const Ended end = ended(*process);
        QVERIFY2(end.code == 130, qPrintable(QString::number(end.code) + end.error));
      }
      QCOMPARE(record(runs).state(), RunState::stopped);
    }
  }

  void commands_reach_all() {
    const QString spec = box_.spec("shared", "tiny-llama-tied");
    Processes processes = start(2, spec, "steered", {"training.steps=100000"});
    QVERIFY(eventually([&] { return steps_of(box_.file("steered/shared/run.h5")) >= 3; }));
    Connection connection(box_.file("steered/shared"));
    QVERIFY(connection.ask(R"({"v":1,"command":"pause"})")["ok"].toBool());
    QVERIFY(eventually([&] { return record("steered").state() == RunState::paused; }));
    QVERIFY(connection.ask(R"({"v":1,"command":"calibration","enabled":false})")["ok"].toBool());
    QVERIFY(connection.ask(R"({"v":1,"command":"learning_rate","value":1e-6})")["ok"].toBool());
    QVERIFY(connection.ask(R"({"v":1,"command":"resume"})")["ok"].toBool());
    const std::size_t then = steps_of(box_.file("steered/shared/run.h5"));
    QVERIFY(eventually([&] { return steps_of(box_.file("steered/shared/run.h5")) >= then + 3; }));
    QVERIFY(connection.ask(R"({"v":1,"command":"stop"})")["ok"].toBool());
    for (auto& process : processes) QCOMPARE(ended(*process).code, 0);
    const RecordReader steered = record("steered");
    QCOMPARE(steered.column(Column::alpha).back(), 1.0);
    QCOMPARE(steered.column(Column::learning_rate).back(), 1e-6);
  }

  void mistakes_are_named() {
    const QString spec = box_.spec("shared", "tiny-llama-tied");
    Processes processes = start(2, spec, "wrong", {"training.batch_size=3", "training.micro_batch=1"});
    for (auto& process : processes) FAILS(ended(*process), 2, "training.batch_size", "2 processes");
    box_.environment.insert("RANK", "0");
    const Ended end = box_.train(spec, "wrong");
    box_.environment.remove("RANK");
    FAILS(end, 2, "WORLD_SIZE is not set");
    for (const auto& [set, what] : {std::pair{"scores.scope=all", "scores.scope"},
                                    {"model.tuning=lora", "model.tuning"},
                                    {"calibration.granularity=step", "calibration.granularity"},
                                    {"optimizer.name=adamw_8bit", "optimizer.name"}})
      FAILS(box_.train(spec, "wrong", {"parallel.zero=3", set}), 2, "parallel.zero", what);
    FAILS(box_.train(spec, "wrong", {"parallel.zero=2"}), 2, "parallel.zero", "0, 1 and 3");
    // The folder is rank 0's to refuse; the others hear of it.
    QCOMPARE(train(1, spec, "taken", {"training.steps=1"}), QString());
    Processes refused = start(2, spec, "taken", {"training.steps=1"});
    for (auto& process : refused) FAILS(ended(*process), 2, "a finished run");
  }
};

QTEST_GUILESS_MAIN(TestParallel)
#include "test_parallel.moc"
