// SPDX-License-Identifier: Apache-2.0
// Every key of the spec with values that nobody can mean: `plan` answers each with a plan or with one sentence and the
// exit code of its kind; never with a library's words, a signal or without end. And what a limit on memory makes of a
// run.
#include <sys/stat.h>

#include <QRegularExpression>
#include <QTest>
#include <set>

#include "core/error.h"
#include "core/input/printable.h"
#include "core/spec/run_spec.h"
#include "tests/training/engine_box.h"
#include "training/plan/plan.h"

using namespace bandscope;
using namespace engine_test;

namespace {

/// Numbers beyond all use, numbers that are none, texts and lists in their place.
const QStringList absurd = {"0",
                            "-1",
                            "2147483648",
                            "9223372036854775807",
                            "-9223372036854775808",
                            "1e308",
                            "-1e308",
                            "1e-320",
                            "nan",
                            "inf",
                            "-inf",
                            "true",
                            "\"\"",
                            "\"\\u0000\"",
                            "\"\\u001b[2J\"",
                            "[]",
                            "{}",
                            "[[[]]]",
                            "1979-05-27",
                            "{a=1}",
                            "1000000000000"};

/// Words of libraries, which say nothing to a user.
const QStringList foreign = {"vector::",
                             "std::",
                             "bad_alloc",
                             "basic_string",
                             "[json.exception",
                             "Stride calculation",
                             "Storage size",
                             "enforce fail",
                             "filesystem error",
                             "terminate called",
                             "c10",
                             "\x1b"};

}  // namespace

class TestAbsurdValues : public QObject {
  Q_OBJECT

  EngineBox box_;

  struct Answer {
    int code = -1;
    std::string said;
  };
  static Answer planned(const QString& spec, const QStringList& sets) {
    std::vector<Override> overrides;
    for (const QString& set : sets)
      overrides.push_back({set.section('=', 0, 0).toStdString(), set.section('=', 1).toStdString()});
    plan::PlanOptions options;
    options.warm_up = false;
    try {
      const auto plans = plan::plan_runs(load_run_specs(spec.toStdString(), overrides), options);
      return {0, plan::to_table(plans) + plan::to_json_line(plans.front())};
    } catch (const Error& error) {
      return {static_cast<int>(error.code()), printable(error.what())};  // as the program prints it
    } catch (const std::exception& error) {
      return {-1, std::string("not an error of ours: ") + error.what()};
    }
  }

  /// Fails unless there is a plan, or one sentence with the exit code of its kind.
  static void check(const Answer& answer, const QString& what) {
    const QString said = QString::fromStdString(answer.said),
                  told = what + ": " + QString::number(answer.code) + " " + said.left(600);
    QVERIFY2(answer.code >= 0 && answer.code <= 3, qPrintable(told));
    for (const QString& words : foreign) QVERIFY2(!said.contains(words), qPrintable(told));
    if (answer.code == 0) {
      static const QRegularExpression negative("[ :]-[0-9]");
      QVERIFY2(!said.contains(negative), qPrintable(told));  // nothing has overflown
    } else {
      QVERIFY2(said.size() < 1200 && !said.contains('\n'), qPrintable(told));
    }
  }

 private Q_SLOTS:
  void every_key_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("objective");
    for (const SpecKey& key : spec_keys())
      QTest::newRow(key.key.c_str()) << QString::fromStdString(key.key) << QString();
    std::set<std::string> parameters;
    for (const ObjectiveInfo& info : objectives())
      for (const ObjectiveParameter& parameter : info.parameters)
        if (parameters.insert(parameter.name).second)
          QTest::newRow(parameter.name.c_str()) << QString("objective.%1").arg(QString::fromStdString(parameter.name))
                                                << QString::fromStdString(info.name);
  }
  void every_key() {
    QFETCH(QString, key);
    QFETCH(QString, objective);
    const QString spec = box_.spec("absurd");
    QStringList values = absurd;
    values << "\"" + QString(5000, 'x') + "\""
           << "\"" + QString(300, 'y') + "/z\"" << QString(100000, '[');
    for (const QString& value : values) {
      QStringList sets = {key + "=" + value};
      // What only counts where adapters are trained is to be counted.
      if (key.startsWith("model.lora")) sets << "model.tuning=lora";
      if (!objective.isEmpty()) sets << "objective.name=" + objective;
      check(planned(spec, sets), key + "=" + value.left(40));
      if (QTest::currentTestFailed()) return;
    }
    const Answer empty = planned(
        spec, objective.isEmpty() ? QStringList{key + "={}"} : QStringList{"objective.name=" + objective, key + "={}"});
    QVERIFY2(empty.code == 2 && empty.said.find("empty table") != std::string::npos,
             qPrintable(key + QString::fromStdString(empty.said)));
  }

  void together() {
    const QString spec = box_.spec("together");
    for (const QStringList& sets :
         {QStringList{"training.batch_size=1000000", "training.micro_batch=1000000"},
          QStringList{"training.batch_size=1000000", "training.micro_batch=1", "training.steps=1000000000000"},
          QStringList{"data.max_length=16777216", "data.max_prompt_length=16777216"},
          QStringList{"model.tuning=lora", "model.lora.rank=65536"}, QStringList{"training={}"},
          QStringList{"model={lora={}}"}, QStringList{QString(3000, 'k') + "=1"},
          QStringList{"training.steps\n\x1b[2J=1"}})
      check(planned(spec, sets), sets.join(' ').left(60));
    // Without a tokenizer every pair counts as long as it may be.
    const QString model = box_.copy_model("tiny-llama-tied", "untold");
    QVERIFY(QFile::remove(model + "/tokenizer.json"));
    const Answer tokens = planned(spec, {"model.path=" + model, "data.max_length=16777216",
                                         "training.batch_size=1000000", "training.micro_batch=1000000"});
    QVERIFY2(tokens.code == 2 && tokens.said.find("training.micro_batch") != std::string::npos, tokens.said.c_str());
    check(planned(spec, {"model.path=" + model, "data.max_length=16777216", "training.batch_size=8",
                         "training.micro_batch=8"}),
          "long pairs");
  }

  void the_program_says_it_too() {
    const Ended end = box_.run({"plan", box_.spec("program"), "--set", "training.batch_size=1000000000000"});
    QVERIFY2(end.code == 2 && end.message().startsWith("bandscope-engine: --set training.batch_size: key"),
             qPrintable(end.error));
  }

  void endless_runs_begin() {
    // More steps than a list of them would fit into memory.
    auto engine = box_.start(box_.spec("endless"), "runs", {"training.steps=1000000000000"});
    QVERIFY(eventually([&] { return steps_of(box_.file("runs/endless/run.h5")) >= 2; }));
    engine->terminate();
    QCOMPARE(ended(*engine).code, 130);
  }

  void little_memory_data() {
    QTest::addColumn<QString>("kibibytes");
    // In the initialisers of libraries, while the model is loaded, in the middle of a step.
    for (const char* kibibytes :
         {"480000", "500000", "520000", "540000", "560000", "600000", "700000", "1000000", "3000000"})
      QTest::newRow(kibibytes) << QString(kibibytes);
  }
  void little_memory() {
    QFETCH(QString, kibibytes);
    // Far less than one forward pass of so many pairs needs.
    QProcess shell;
    shell.setProcessEnvironment(box_.environment);
    shell.start("sh",
                {"-c", "ulimit -v " + kibibytes + " && exec \"$0\" \"$@\"",
                 QStringLiteral(BANDSCOPE_BIN "/bandscope-engine"), box_.spec("memory"), "--runs", box_.path("runs"),
                 "--set", "training.batch_size=200000", "--set", "training.micro_batch=200000"});
    QVERIFY(shell.waitForStarted());
    const Ended end = ended(shell);
    if (end.code == 127 && end.error.contains("shared libraries")) QSKIP("the libraries themselves do not fit");
    const bool of_files = end.code == 3 && end.message().contains("model.safetensors: cannot be mapped");
    QVERIFY2(of_files || (end.code == 1 && end.error.contains("out of memory")),
             qPrintable(QString::number(end.code) + end.error));
    for (const QString& words : foreign.mid(0, foreign.size() - 1))
      QVERIFY2(!end.error.contains(words), qPrintable(end.error));
  }

  void specs_that_are_no_files() {
    const QString fifo = box_.path("fifo.toml");
    QCOMPARE(::mkfifo(fifo.toUtf8(), 0600), 0);
    for (const QString& spec : {fifo, QString("/dev/zero"), box_.path(".")}) {
      const Ended end = box_.run({"plan", spec});
      QVERIFY2(end.code == 2, qPrintable(end.error));
    }
    const Ended deep = box_.run({"plan", box_.write("deep.toml", "a" + QByteArray(".a").repeated(100000) + " = 1\n")});
    QVERIFY2(deep.code == 2 && deep.message().contains("nested more than 64 deep"), qPrintable(deep.error));
  }
};

QTEST_GUILESS_MAIN(TestAbsurdValues)
#include "test_absurd_values.moc"
