// SPDX-License-Identifier: Apache-2.0
// The run spec: defaults, every key's type and range, overrides, round trip.
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <random>

#include "core/error.h"
#include "core/spec/objective_choice.h"
#include "core/spec/run_spec.h"
#include "core/spec/spec_document.h"

using namespace bandscope;

namespace {

const std::string kMinimal = "[model]\npath = \"m\"\n[data]\ntrain = \"d.jsonl\"\n";

RunSpec parse(const std::string& text, const std::vector<Override>& overrides = {}) {
  return parse_run_specs(text, "spec.toml", "/base", overrides).at(0);
}

/// Any spec that the parser may produce.
RunSpec random_spec(std::mt19937_64& random) {
  const auto flag = [&] { return random() % 2 == 0; };
  const auto integer = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  const auto number = [&] { return std::exp(std::normal_distribution<double>(-3, 4)(random)); };
  const auto share = [&] { return std::uniform_real_distribution<double>(0, 0.999)(random); };
  const auto word = [&] {
    static const std::string alphabet[] = {"a", "Z",  "7", "_", "-", " x", "\"", "\\\\",
                                           "é", "中", "'", "#", "=", "[",  "\t"};
    std::string text = "w";
    for (int i = integer(0, 9); i > 0; --i) text += alphabet[random() % std::size(alphabet)];
    return text;
  };
  RunSpec spec;
  spec.run = {"run-é 中" + std::to_string(random() % 1000), random() >> 1, flag(), flag() ? "cuda:3" : "cpu"};
  spec.model.path = "/m/" + word();
  if (flag()) spec.model.reference = "/r/" + word();
  spec.model.dtype = flag() ? Dtype::float32 : Dtype::bfloat16;
  spec.model.tuning = static_cast<Tuning>(integer(0, 2));
  if (spec.model.tuning != Tuning::full && flag()) spec.model.adapter = "/a/" + word();
  spec.model.lora = {integer(1, 256), number(), share(), {}, flag()};
  for (int i = integer(0, 3); i > 0; --i) spec.model.lora.targets.push_back(word());
  spec.model.gradient_checkpointing = flag();
  if (spec.model.gradient_checkpointing) spec.model.recomputed_blocks = integer(0, 40);
  spec.data = {"/d/" + word(),  flag() ? "/p/" + word() : "", integer(0, 9999), flag(), integer(2, 4096),
               integer(1, 2048)};
  const auto index = static_cast<std::size_t>(integer(0, static_cast<int>(objectives().size())));
  if (index == objectives().size()) {
    spec.objective.name = "formula";
    spec.objective.formula = "softplus(-beta*(zw - zl))\t+ kappa";
    spec.objective.parameters = {{"beta", number()}, {"kappa", -number()}};
  } else {
    spec.objective.name = objectives()[index].name;
    for (const ObjectiveParameter& parameter : objectives()[index].parameters) {
      spec.objective.parameters[parameter.name] = parameter.range.maximum_excluded
                                                      ? std::fmod(number(), parameter.range.maximum - 1e-9) + 1e-9
                                                      : std::min(number() + 1e-9, parameter.range.maximum);
    }
  }
  spec.objective.likelihood = flag() ? Likelihood::mean : Likelihood::sum;
  spec.calibration = {flag(), share(), flag(), flag() ? Granularity::micro_batch : Granularity::step};
  spec.scores.scope = flag() ? ScoreScope::output : ScoreScope::all;
  spec.scores.layers = spec.scores.scope == ScoreScope::all && flag();
  spec.optimizer = {
      "adamw", number(), {share(), share()}, number(), number(), number(), static_cast<Schedule>(integer(0, 2)),
      share()};
  spec.training.micro_batch = integer(1, 8);
  spec.training.pass_tokens = integer(0, 4096);
  spec.training.batch_size = spec.training.micro_batch * integer(1, 8);
  if (flag()) {
    spec.training.epochs = number();
  } else {
    spec.training.steps = integer(1, 100000);
  }
  spec.training.precompute_reference = flag();
  spec.probe = {integer(0, 99), integer(1, 99)};
  spec.checkpoint = {integer(0, 99), integer(1, 9)};
  spec.parallel = {integer(0, 1)};
  spec.alerts = {flag(), integer(1, 99), share() + 1e-6, number()};
  return spec;
}

}  // namespace

class TestSpec : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_minimal_spec_has_the_defaults() {
    const RunSpec spec = parse(kMinimal);
    RunSpec expected;
    expected.model.path = "/base/m";
    expected.data.train = "/base/d.jsonl";
    expected.objective.parameters = {{"beta", 0.1}, {"label_smoothing", 0.0}};
    expected.training.epochs = 1.0;
    QVERIFY(spec == expected);
    QCOMPARE(spec.optimizer.learning_rate, 5e-7);
    QCOMPARE(spec.calibration.momentum, 0.98);
    QCOMPARE(spec.alerts.out_of_band_steps, 20);
  }

  void every_key_reads_its_own_default() {
    QVERIFY(spec_keys().size() > 40);
    for (const SpecKey& key : spec_keys()) {
      QVERIFY2(!key.help.empty() && key.help.back() != '.', key.key.c_str());
      QCOMPARE(key.type == "choice", !key.choices.empty());
      if (key.required || key.default_text.empty()) continue;
      QVERIFY2(parse(kMinimal, {{key.key, key.default_text}}) == parse(kMinimal), key.key.c_str());
    }
  }

  void every_choice_is_read_and_written() {
    for (const SpecKey& key : spec_keys()) {
      for (const std::string& option : key.choices) {
        std::vector<Override> overrides = {{key.key, option}};
        if (option == "formula") overrides.push_back({"objective.loss", "\"softplus(zl - zw)\""});
        const RunSpec spec = parse(kMinimal, overrides);
        const std::string last = key.key.substr(key.key.rfind('.') + 1);
        QVERIFY2(to_toml(spec).find("\n" + last + " = \"" + option + "\"\n") != std::string::npos, option.c_str());
      }
    }
  }

  void every_key_refuses_a_wrong_type() {
    for (const SpecKey& key : spec_keys()) {
      const std::string value = key.type == "boolean" ? "\"yes\"" : key.type == "list" ? "3" : "[[1]]";
      try {
        parse(kMinimal, {{key.key, value}});
        QFAIL(key.key.c_str());
      } catch (const SpecError& error) {
        const std::string message = error.what();
        QCOMPARE(error.key, key.key);
        QVERIFY2(message.find("key \"" + key.key + "\" is " + value + "; it takes ") != std::string::npos,
                 message.c_str());
        QVERIFY2(message.find(key.allowed.english()) != std::string::npos, message.c_str());
      }
    }
  }

  void the_contracts_example() {
    const RunSpec spec = parse(R"(
[run]
name = "dpo-rc"            # comment
seed = 7
[model]
path = "/models/x"
lora = { rank = 4, alpha = 8, targets = ["q_proj", "v_proj"], rslora = true }
tuning = "lora"
[data]
train = "../data/hh.jsonl"
[objective]
name = "simpo"
likelihood = "sum"
beta = 2
gamma = 0.5
[optimizer]
betas = [0.8, 0.95]
[training]
batch_size = 8
micro_batch = 4
steps = 20
)");
    QCOMPARE(spec.run.name, std::string("dpo-rc"));
    QCOMPARE(spec.model.lora.rank, 4);
    QCOMPARE(spec.model.lora.alpha, 8.0);
    QCOMPARE(spec.model.lora.targets.size(), 2u);
    QVERIFY(spec.model.lora.rslora);
    QCOMPARE(spec.data.train, std::filesystem::path("/data/hh.jsonl"));
    QCOMPARE(spec.model.path, std::filesystem::path("/models/x"));
    QCOMPARE(spec.objective.parameters.at("beta"), 2.0);
    QCOMPARE(spec.objective.parameters.at("gamma"), 0.5);
    QCOMPARE(spec.optimizer.betas[0], 0.8);
    QCOMPARE(spec.training.steps.value(), 20);
    QVERIFY(!spec.training.epochs);
  }

  void lora_as_a_table_is_the_same() {
    const std::string head = "[data]\ntrain = \"d\"\n[model]\npath = \"m\"\ntuning = \"lora\"\n";
    QVERIFY(parse(head + "lora = { rank = 4, dropout = 0.1 }\n") ==
            parse(head + "[model.lora]\nrank = 4\ndropout = 0.1\n"));
  }

  void objectives_are_made_from_their_choice() {
    RunSpec spec =
        parse(kMinimal + "[objective]\nname = \"formula\"\nloss = \"softplus(-b*(zw-zl-zw_ref+zl_ref))\"\nb = 0.1\n");
    QVERIFY(needs_reference(spec.objective));
    QVERIFY(token_statistic(spec.objective) == TokenStatistic::none);
    const PairLikelihoods z{-1, -2, -1.5, -1.75, 3, 4};
    const auto formula = make_objective(spec.objective);
    const auto dpo = make_objective(parse(kMinimal).objective);
    QVERIFY(std::abs(formula->loss(z) - dpo->loss(z)) < 1e-15);
    QVERIFY(std::abs(formula->incentives(z).d_l - dpo->incentives(z).d_l) < 1e-15);
    spec = parse(kMinimal, {{"objective.name", "cpo"}});
    QVERIFY(!needs_reference(spec.objective));
    spec = parse(kMinimal, {{"objective.name", "tdpo"}});
    QVERIFY(token_statistic(spec.objective) == TokenStatistic::kl);
    QVERIFY_EXCEPTION_THROWN(make_objective({.name = "no-such"}), SpecError);
    QVERIFY_EXCEPTION_THROWN(make_objective({.name = "formula", .formula = "k*zw"}), SpecError);
  }

  void overrides_replace_the_file() {
    const std::string text = kMinimal + "[objective]\nname = \"dpo\"\n[training]\nepochs = 2\n";
    QCOMPARE(parse(text, {{"objective.name", "\"ipo\""}}).objective.name, std::string("ipo"));
    QCOMPARE(parse(text, {{"objective.name", "ipo"}}).objective.name, std::string("ipo"));
    QCOMPARE(parse(text, {{"run.name", "2024"}}).run.name, std::string("2024"));
    QCOMPARE(parse(text, {{"run.name", "a b"}}).run.name, std::string("a b"));
    QCOMPARE(parse(text, {{"optimizer.learning_rate", "1e-3"}}).optimizer.learning_rate, 1e-3);
    QCOMPARE(parse(text, {{"data.train", "x/y.jsonl"}}).data.train, std::filesystem::path("/base/x/y.jsonl"));
    QCOMPARE(parse(text, {{"model.lora", "{rank=3}"}}).model.lora.rank, 3);
    const RunSpec steps = parse(text, {{"training.steps", "5"}});
    QVERIFY(steps.training.steps == 5 && !steps.training.epochs);
    QCOMPARE(parse(text, {{"run.seed", "1"}, {"run.seed", "2"}}).run.seed, 2u);
  }

  void nesting_is_limited_before_anything_is_built() {
    const auto refusal = [](const std::string& text, const std::vector<Override>& overrides = {}) {
      try {
        parse_run_specs(text, "s.toml", "/", overrides);
      } catch (const SpecError& error) {
        return QString::fromUtf8(error.what());
      }
      return QStringLiteral("accepted");
    };
    const auto many = [](const QString& part) { return part.repeated(100'000).toStdString(); };
    const std::string head = "[model]\npath = \"m\"\n[data]\ntrain = \"d\"\n";
    QCOMPARE(refusal(head + many("a.") + "a = 1\n"), QString("s.toml:5: this is not TOML: nested more than 64 deep"));
    QCOMPARE(refusal(head + "x = " + many("[") + many("]")),
             QString("s.toml:5: this is not TOML: nested more than 64 deep"));
    const QString given = refusal(head, {{"run.seed", many("[")}});
    QVERIFY2(given.startsWith("--set run.seed: [[[") && given.endsWith("is neither a TOML value nor a bare word") &&
                 given.size() < 400,
             qPrintable(given.left(300)));
    QVERIFY2(refusal(head, {{"run.seed", "{ " + many("a.") + "a = 1 }"}}).size() < 400, "a short message");
  }

  void a_spec_is_a_regular_file() {
    const QTemporaryDir folder;
    const std::filesystem::path fifo = folder.filePath("s.toml").toStdString();
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    try {
      load_run_specs(fifo);
      QFAIL("a FIFO was read");
    } catch (const SpecError& error) {
      const QString message = error.what();
      QVERIFY2(message.contains(QString::fromStdString(fifo.string())) && message.endsWith("not a file"),
               qPrintable(message));
    }
  }

  void paths_are_relative_to_the_file() {
    QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "spec.toml";
    std::ofstream(file) << kMinimal;
    const RunSpec spec = load_run_specs(file).at(0);
    QCOMPARE(spec.model.path, file.parent_path() / "m");
    const std::filesystem::path before = std::filesystem::current_path();
    std::filesystem::current_path(file.parent_path());
    const RunSpec nearby = load_run_specs("spec.toml").at(0);
    std::filesystem::current_path(before);
    QCOMPARE(nearby.model.path, spec.model.path);
  }

  void round_trip_of_random_specs() {
    std::mt19937_64 random(31);
    for (int trial = 0; trial < 500; ++trial) {
      const RunSpec spec = random_spec(random);
      const std::string text = to_toml(spec);
      const RunSpec again = parse_run_specs(text, "again.toml", "/elsewhere").at(0);
      QVERIFY2(again == spec, text.c_str());
      QCOMPARE(to_toml(again), text);
    }
  }

  void numbers_read_back_the_same() {
    std::mt19937_64 random(6);
    for (int trial = 0; trial < 2000; ++trial) {
      const double value = std::exp(std::normal_distribution<double>(0, 40)(random));
      QVERIFY(parse(kMinimal, {{"optimizer.weight_decay", toml_number(value)}}).optimizer.weight_decay == value);
    }
    QCOMPARE(toml_number(8), std::string("8.0"));
    QCOMPARE(toml_number(1e-6), std::string("1e-06"));
  }
};

QTEST_GUILESS_MAIN(TestSpec)
#include "test_spec.moc"
