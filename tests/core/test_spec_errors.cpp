// SPDX-License-Identifier: Apache-2.0
// Each mistake in a spec is one sentence with file, line, key and what is allowed; and no input breaks the parser.
#include <QTest>
#include <fstream>
#include <random>
#include <set>

#include "core/error.h"
#include "core/spec/error_place.h"
#include "core/spec/nearest.h"
#include "core/spec/run_spec.h"
#include "core/spec/spec_errors.h"

using namespace bandscope;

namespace {

const std::string kHead = "[model]\npath = \"m\"\n[data]\ntrain = \"d\"\n";  // lines 1 to 4

QByteArray complaint(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    parse_run_specs(text, "s.toml", "/base", overrides);
  } catch (const SpecError& error) {
    if (error.code() != ExitCode::bad_spec) return "wrong exit code";
    return error.what();
  }
  return "";
}

}  // namespace

class TestSpecErrors : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_empty_table_on_the_command_line_sets_nothing() {
    const auto told = [](const char* key, const char* value) { return complaint(kHead, {{key, value}}); };
    QCOMPARE(told("training.steps", "{}"), QByteArray("--set training.steps: key \"training.steps\" is an empty table; "
                                                      "it takes an integer >= 1 and <= 1000000000000"));
    QCOMPARE(told("training", "{}"),
             QByteArray("--set training: key \"training\" is an empty table, which sets nothing"));
    QCOMPARE(told("model", "{lora = {}}"),
             QByteArray("--set model: key \"model.lora\" is an empty table, which sets nothing"));
    QVERIFY(told("bogus", "{}").contains("is unknown"));
    QVERIFY(told("training", "{steps = 3}").isEmpty());
    QVERIFY(complaint(kHead + "[training]\n").isEmpty());  // an empty section of a file is harmless
  }

  void long_and_odd_texts_are_cut_and_escaped() {
    const QByteArray long_value = complaint(kHead, {{"model.path", std::string(100000, 'x')}});
    QVERIFY2(long_value.size() < 400 && long_value.contains("a path has at most 3500 bytes"), long_value.constData());
    const QByteArray long_key = complaint(kHead, {{std::string(100000, 'k'), "1"}});
    QVERIFY2(long_key.size() < 700 && long_key.contains("is unknown"), long_key.constData());
    const QByteArray odd = complaint(kHead, {{"model.dtype", "\x1b[2J\n"}});
    QVERIFY2(!odd.contains('\x1b') && !odd.contains('\n') && odd.contains("float32"), odd.constData());
    // The text of such a number is found behind others of its line, in whatever letters.
    const auto swept = complaint(kHead + "[sweep]\n# é\n\"optimizer.learning_rate\" = [0.0, 1e-6, 5e-7120]");
    QVERIFY2(swept.contains("5e-7120, which is too close to 0"), swept.constData());
    QVERIFY(complaint("a" +
                      [] {
                        std::string dots;
                        for (int i = 0; i < 100000; ++i) dots += ".a";
                        return dots;
                      }() +
                      " = 1")
                .contains("nested more than 64 deep"));
  }

  void all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    const std::string text =
        "[model]\ndtype = \"float99\"\n[data]\ntrain = \"d\"\n[training]\nbatch_size = 0\nmicro_batch = 3\nlr = 1\n"
        "[objective]\nname = \"simpo\"\nbeta = -1\ntau = 2\n[sweep]\n\"run.seed\" = []\n"
        "\"optimizer.learning_rate\" = [1e-6, -1, \"x\"]\n";
    try {
      parse_run_specs(text, "s.toml", "/base");
      QFAIL("it is no spec");
    } catch (const SpecError& first) {
      QByteArrayList keys;
      int last = 0;
      for (const SpecError& error : mistakes_of(first)) {
        keys << error.key.c_str();
        QVERIFY(error.code() == ExitCode::bad_spec);
        QVERIFY(error.line >= last || error.line == 0);
        last = error.line;
      }
      // batch_size is wrong, so that nothing is said of what it has to do with micro_batch.
      QCOMPARE(keys,
               QByteArrayList({"model.dtype", "training.batch_size", "training.lr", "objective.beta", "objective.tau",
                               "sweep.run.seed", "optimizer.learning_rate", "optimizer.learning_rate", "model.path"}));
      QCOMPARE(first.what(), "s.toml:2: key \"model.dtype\" is \"float99\"; it takes float32 | bfloat16");
    }
  }

  void a_large_sweep_of_mistakes_tells_each_once() {
    std::string values;
    for (int i = 0; i < 5000; ++i) values += (i ? ", -" : "-") + std::to_string(i + 1);
    try {
      parse_run_specs(kHead + "[sweep]\n\"run.seed\" = [1, 2]\n\"optimizer.learning_rate\" = [" + values + "]\n",
                      "s.toml", "/base");
      QFAIL("it is no spec");
    } catch (const SpecError& first) {
      const auto all = mistakes_of(first);
      QVERIFY(all.size() > 10 && all.size() < 100);
      std::set<std::string> messages;
      for (const SpecError& mistake : all) QVERIFY(messages.insert(mistake.what()).second);
    }
  }

  void messages_data() {
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char* name, const char* tail, const char* message) {
      QTest::newRow(name) << QByteArray(tail) << QByteArray(message);
    };
    row("abbreviation", "[optimizer]\nlr = 1",
        "s.toml:6: key \"optimizer.lr\" is unknown; the nearest known key is \"optimizer.learning_rate\"");
    row("slip", "[optimizer]\nlearnig_rate = 1",
        "s.toml:6: key \"optimizer.learnig_rate\" is unknown; the nearest known key is \"optimizer.learning_rate\"");
    row("section", "[optimzer]\neps = 1",
        "s.toml:6: key \"optimzer.eps\" is unknown; the nearest known key is \"optimizer.eps\"");
    row("wrong section", "[training]\nlearning_rate = 1",
        "s.toml:6: key \"training.learning_rate\" is unknown; the nearest known key is \"optimizer.learning_rate\"");
    row("lora", "[model.lora]\nr = 1",
        "s.toml:6: key \"model.lora.r\" is unknown; the nearest known key is \"model.lora.rank\"");
    row("empty unknown table", "[optimizr]", "s.toml:5: key \"optimizr\" is unknown; the nearest known key is");
    row("no table", "[training]\n[run]\nname = { x = 1 }", "s.toml:7: key \"run.name.x\" is unknown");
    row("range", "\n[optimizer]\nlearning_rate = -1e-3",
        "s.toml:7: key \"optimizer.learning_rate\" is -0.001; it takes a number >= 0");
    row("half open", "[calibration]\nmomentum = 1.0",
        "s.toml:6: key \"calibration.momentum\" is 1.0; it takes a number >= 0 and < 1");
    row("type", "[optimizer]\nlearning_rate = \"fast\"",
        "s.toml:6: key \"optimizer.learning_rate\" is \"fast\"; it takes a number >= 0");
    row("not finite", "[optimizer]\nlearning_rate = inf",
        "s.toml:6: key \"optimizer.learning_rate\" is inf; it takes a number >= 0");
    row("float for integer", "[training]\nbatch_size = 8.0",
        "s.toml:6: key \"training.batch_size\" is 8.0; it takes an integer >= 1 and <= 1000000");
    row("integer too large", "[model.lora]\nrank = 3000000000",
        "s.toml:6: key \"model.lora.rank\" is 3000000000; it takes an integer >= 1 and <= 65536");
    row("choice", "[scores]\nscope = \"head\"", "s.toml:6: key \"scores.scope\" is \"head\"; it takes output | all");
    row("boolean", "[scores]\nlayers = 1", "s.toml:6: key \"scores.layers\" is 1; it takes true | false");
    row("list", "[optimizer]\nbetas = [0.9, 1.0]",
        "s.toml:6: key \"optimizer.betas\" is [0.9, 1.0]; it takes a list of two numbers >= 0 and < 1");
    row("number too small", "[optimizer]\nlearning_rate = 5e-7120",
        "s.toml:6: key \"optimizer.learning_rate\" is 5e-7120, which is too close to 0 for a number; it takes");
    row("number too large", "[optimizer]\nweight_decay = 1e400",
        "s.toml:6: this is not TOML: Error while parsing floating-point: '1e400'");
    row("date", "[run]\nname = 2024-01-01", "s.toml:6: key \"run.name\" is a date or time; it takes a string");
    row("device", "[run]\ndevice = \"gpu\"",
        "s.toml:6: key \"run.device\" is \"gpu\"; it takes a string: auto | cpu | cuda | cuda:N");
    row("folder name", "[run]\nname = \"a/b\"",
        "s.toml:6: key \"run.name\" is \"a/b\"; it takes a string: a folder name");
    row("not TOML", "[run]\nname = ", "s.toml:6: this is not TOML: ");
    row("given twice", "[run]\nname = \"a\"\n[training]\n[scores]\n[run]", "s.toml:9: this is not TOML: ");
    row("dotted twice", "[model.\"lora\"]\nrank = 1", "");
    row("micro batch", "[training]\nbatch_size = 8\nmicro_batch = 3",
        "s.toml:7: key \"training.micro_batch\" is 3 and does not divide \"training.batch_size\", which is 8");
    row("epochs and steps", "[training]\nepochs = 1\nsteps = 3",
        "s.toml:7: key \"training.steps\" and \"training.epochs\" are both given; only one of them is allowed");
    row("layers", "[scores]\nlayers = true",
        "s.toml:6: key \"scores.layers\" is true; it needs \"scores.scope\" to be \"all\"");
    row("objective", "[objective]\nname = \"dpoo\"",
        "s.toml:6: key \"objective.name\" is \"dpoo\"; it takes dpo | ti-dpo | ");
    row("parameter of another", "[objective]\nname = \"simpo\"\ntau = 1",
        "s.toml:7: key \"objective.tau\" is no parameter of objective \"simpo\", which has beta, gamma");
    row("parameter of none", "[objective]\nname = \"ddro\"\nbeta = 1",
        "s.toml:7: key \"objective.beta\" is no parameter of objective \"ddro\", which has none");
    row("unknown parameter", "[objective]\nbta = 1",
        "s.toml:6: key \"objective.bta\" is unknown; the nearest known key is \"objective.beta\"; objective \"dpo\" "
        "has beta, label_smoothing");
    row("parameter's range", "[objective]\nbeta = 0",
        "s.toml:6: key \"objective.beta\" is 0; it takes a number > 0 and <= 1000000");
    row("parameter's open range", "[objective]\nlabel_smoothing = 0.5",
        "s.toml:6: key \"objective.label_smoothing\" is 0.5; it takes a number >= 0 and < 0.5");
    row("parameter's type", "[objective]\nbeta = \"x\"",
        "s.toml:6: key \"objective.beta\" is \"x\"; it takes a number > 0");
    row("loss without formula", "[objective]\nloss = \"zw\"",
        "s.toml:6: key \"objective.loss\" is for the objective \"formula\" only; \"dpo\" has beta, label_smoothing");
    row("formula without loss", "[objective]\nname = \"formula\"", "s.toml: key \"objective.loss\" is missing");
    row("wrong formula", "[objective]\nname = \"formula\"\nloss = \"zw +* zl\"",
        "s.toml:7: key \"objective.loss\": the formula is wrong at character 5 (\"zw + >>> * zl\"): a number");
    row("formula's parameter", "[objective]\nname = \"formula\"\nloss = \"k*zw\"",
        "s.toml:7: key \"objective.loss\" names \"k\" at character 1 (\" >>> k*zw\"), which is no variable");
    row("unused parameter", "[objective]\nname = \"formula\"\nloss = \"zw\"\nkappa = 1",
        "s.toml:8: key \"objective.kappa\" is unknown");
    row("sweep of an unknown key", "[sweep]\n\"optimizer.lr\" = [1]", "s.toml:6: key \"optimizer.lr\" is unknown");
    row("sweep without list", "[sweep]\n\"run.seed\" = 1", "s.toml:6: key \"sweep.run.seed\" is 1; it takes a list");
    row("empty sweep", "[sweep]\n\"run.seed\" = []", "s.toml:6: key \"sweep.run.seed\" is []; it takes a list");
    row("value in a sweep", "[sweep]\n\"run.seed\" = [\n  1,\n  -2,\n]",
        "s.toml:8: key \"run.seed\" is -2; it takes an integer >= 0");
    row("parameter of no swept objective", "[objective]\ntau = 1\n[sweep]\n\"objective.name\" = [\"dpo\", \"simpo\"]",
        "s.toml:6: key \"objective.tau\" is no parameter of objective \"dpo\"");
  }
  void messages() {
    QFETCH(QByteArray, tail);
    QFETCH(QByteArray, message);
    const QByteArray got = complaint(kHead + tail.toStdString() + "\n");
    QVERIFY2(message.isEmpty() ? got.isEmpty() : got.startsWith(message), got.constData());
    QVERIFY2(!got.contains('\n'), "one sentence is one line");
  }

  void adapters_need_adapter_tuning() {
    QVERIFY(complaint("[data]\ntrain = \"d\"\n[model]\npath = \"m\"\nadapter = \"a\"\n")
                .startsWith("s.toml:5: key \"model.adapter\" is given; it needs \"model.tuning\""));
  }

  void required_keys() {
    QVERIFY(complaint("").startsWith("s.toml: key \"model.path\" is missing: "));
    QVERIFY(complaint("[model]\npath = \"m\"\n").startsWith("s.toml: key \"data.train\" is missing: "));
    QVERIFY(complaint("[model]\npath = \"\"\n")
                .startsWith("s.toml:2: key \"model.path\" is \"\"; it takes a path not empty"));
    QVERIFY(complaint("model = 3").startsWith("s.toml:1: key \"model\" is 3; it takes a table"));
    QVERIFY(
        complaint("[[model]]\npath = \"m\"\n").startsWith("s.toml:1: key \"model\" is [a table]; it takes a table"));
  }

  void overrides() {
    QCOMPARE(complaint(kHead, {{"optimizer.lr", "3"}}),
             QByteArray("--set optimizer.lr: key \"optimizer.lr\" is unknown; the nearest known key is "
                        "\"optimizer.learning_rate\""));
    QVERIFY(complaint(kHead, {{"", "3"}}).startsWith("--set takes KEY=VALUE"));
    QVERIFY(complaint(kHead, {{"run..name", "3"}}).startsWith("--set takes KEY=VALUE"));
    QVERIFY(complaint(kHead, {{"optimizer.betas", "[0.9"}}).startsWith("--set optimizer.betas: [0.9 is neither"));
    QVERIFY(complaint(kHead, {{"run.seed", "1\n[model]"}}).contains("key \"run.seed\" is \"1"));
  }

  void files() {
    try {
      load_run_specs("/no/such/spec.toml");
      QFAIL("a missing file was read");
    } catch (const SpecError& error) {
      QVERIFY(QByteArray(error.what()).startsWith("/no/such/spec.toml: "));
    }
    QVERIFY_EXCEPTION_THROWN(load_run_specs("/tmp"), SpecError);
  }

  void errors_carry_key_and_line() {
    try {
      parse_run_specs(kHead + "[scores]\nscope = \"x\"\n", "s.toml", "");
      QFAIL("a wrong choice was taken");
    } catch (const SpecError& error) {
      QCOMPARE(error.key, std::string("scores.scope"));
      QCOMPARE(error.line, 6);
    }
  }

  void later_errors_are_given_their_place() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("s.toml").toStdString();
    std::ofstream(path) << kHead << "[scores]\nlayers = true\n[sweep]\n\"run.seed\" = [1, 2]\n";
    const auto told = [&](const char* key, const std::vector<Override>& overrides = {}) {
      return QByteArray(at_its_place(key_error(key, Message::plain("no")), path, overrides).what())
          .replace(path.c_str(), "s.toml");
    };
    QCOMPARE(told("scores.layers"), "s.toml:6: key \"scores.layers\": no");
    QCOMPARE(told("run.seed"), "s.toml:8: key \"run.seed\": no");
    QCOMPARE(told("run.device"), "s.toml: key \"run.device\": no");
    QCOMPARE(told("scores.layers", {{"scores.layers", "false"}}), "--set scores.layers: key \"scores.layers\": no");
    QCOMPARE(at_its_place(SpecError(Message::plain("no key")), path, {}).what(), "no key");
    const SpecError placed(Message::plain("s.toml:3: key"), "run.seed", 3);
    QCOMPARE(at_its_place(placed, path, {}).what(), "s.toml:3: key");
    QCOMPARE(at_its_place(key_error("run.seed", Message::plain("no")), "/no/such.toml", {}).what(),
             "key \"run.seed\": no");
  }

  void distances() {
    QCOMPARE(edit_distance("", "abc"), 3);
    QCOMPARE(edit_distance("kitten", "sitting"), 3);
    QCOMPARE(edit_distance("abcd", "abdc"), 1);
    const std::vector<std::string> keys = {"optimizer.weight_decay", "training.batch_size", "training.micro_batch",
                                           "run.seed"};
    QCOMPARE(nearest_key("optimizer.wd", keys), std::string("optimizer.weight_decay"));
    QCOMPARE(nearest_key("training.per_device_batch_size", keys), std::string("training.batch_size"));
    QCOMPARE(nearest_key("seed", keys), std::string("run.seed"));
    QCOMPARE(nearest_key("training.microBatch", keys), std::string("training.micro_batch"));
  }

  /// Whatever is in the file, the parser answers with specs or with a SpecError.
  void damaged_specs_are_refused_in_one_sentence() {
    const std::string whole =
        kHead +
        "[objective]\nname = \"formula\"\nloss = \"softplus(-b*(zw-zl))\"\nb = 0.1\n[model.lora]\n"
        "rank = 4\ntargets = [\"q\"]\n[optimizer]\nbetas = [0.9, 0.99]\n[sweep]\n\"run.seed\" = [1, 2]\n";
    QVERIFY(complaint(whole).isEmpty());
    std::mt19937_64 random(8);
    int refused = 0;
    for (int trial = 0; trial < 4000; ++trial) {
      std::string text = whole;
      for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
        const std::size_t at = random() % text.size();
        switch (random() % 4) {
          case 0:
            text.erase(at, 1 + random() % 8);
            break;
          case 1:
            text[at] = static_cast<char>(random() % 256);
            break;
          case 2:
            text.insert(at, text.substr(random() % text.size(), random() % 20));
            break;
          default:
            text.insert(at, 1, "\"[]{}=.#\n"[random() % 9]);
            break;
        }
      }
      refused += !complaint(text).isEmpty();
    }
    QVERIFY(refused > 1000);
    QVERIFY(!complaint(kHead + "x = " + std::string(100000, '[')).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestSpecErrors)
#include "test_spec_errors.moc"
