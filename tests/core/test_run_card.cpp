// SPDX-License-Identifier: Apache-2.0
// What is read of a run's spec: its names, how long it will be, and which runs are one experiment without and with
// calibration; nothing of it fails on a spec that says something else.
#include <QTest>

#include "core/run/run_card.h"

using namespace bandscope;

namespace {

const std::string whole = R"([run]
name = "a"
resume = false
device = "cpu"
[objective]
name = "dpo"
likelihood = "sum"
[model]
path = "/models/tiny/"
tuning = "lora"
[data]
train = "../pairs.jsonl"
[training]
steps = 40
[calibration]
enabled = true
momentum = 0.98
)";

std::string with(std::string from, const std::string& to) {
  std::string text = whole;
  const auto at = text.find(from);
  return text.replace(at, from.size(), to);
}

}  // namespace

class TestRunCard : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void names_are_read() {
    const RunCard card = read_run_card(whole, "{}");
    QCOMPARE(card.name, std::string("a"));
    QCOMPARE(card.objective, std::string("dpo"));
    QCOMPARE(card.likelihood, std::string("sum"));
    QCOMPARE(card.scope, std::string("output"));
    QCOMPARE(card.tuning, std::string("lora"));
    QCOMPARE(short_name(card.model), std::string("tiny"));
    QCOMPARE(short_name(card.data), std::string("pairs.jsonl"));
    QCOMPARE(short_name(""), std::string());
    QVERIFY(card.calibrated && card.problem.empty());
    QCOMPARE(card.planned_steps, std::int64_t{40});
  }

  void settings_are_told_as_texts() {
    const auto settings = read_run_card(whole + "[run2]\nseed = 1\n[optimizer]\nlearning_rate = 5e-7\n", "").settings;
    const std::map<std::string, std::string> wanted = {{"objective.name", "dpo"},
                                                       {"objective.likelihood", "sum"},
                                                       {"model.tuning", "lora"},
                                                       {"training.steps", "40"},
                                                       {"calibration.enabled", "true"},
                                                       {"calibration.momentum", "0.98"},
                                                       {"optimizer.learning_rate", "5e-07"}};
    QVERIFY(settings == wanted);
    QCOMPARE(read_run_card(
                 "[run]\nseed = 42\n[objective]\nbeta = 1\nlist = [1]\nloss = \"" + std::string(101, 'x') + "\"\n", "")
                 .settings.size(),
             std::size_t{2});
    std::string much = "[objective]\n";
    for (int i = 0; i < 1000; ++i) much += "k" + std::to_string(i) + " = 1\n";
    QCOMPARE(read_run_card(much, "").settings.size(), std::size_t{40});
    QVERIFY(read_run_card("no toml", "").settings.empty());
  }

  void the_engine_knows_better_how_long_a_run_will_be() {
    QCOMPARE(read_run_card(whole, R"({"planned_steps": 7})").planned_steps, std::int64_t{7});
    for (const char* other : {R"({"planned_steps": "7"})", "[]", "no json", "", R"({"planned_steps": null})"})
      QCOMPARE(read_run_card(whole, other).planned_steps, std::int64_t{40});
    QCOMPARE(read_run_card(whole, R"({"planned_steps": -7})").planned_steps, std::int64_t{0});
  }

  void a_pair_differs_in_name_place_and_calibration_only() {
    const std::string key = read_run_card(whole, "{}").pair_key;
    QVERIFY(!key.empty());
    for (const auto& [from, to] : {std::pair{"\"a\"", "\"b\""},
                                   {"resume = false", "resume = true"},
                                   {"\"cpu\"", "\"cuda:1\""},
                                   {"enabled = true", "enabled = false"},
                                   {"0.98", "0.5"},
                                   {"momentum = 0.98", ""}})
      QVERIFY2(read_run_card(with(from, to), "{}").pair_key == key, to);
    for (const auto& [from, to] :
         {std::pair{"\"dpo\"", "\"ipo\""}, {"steps = 40", "steps = 41"}, {"\"sum\"", "\"mean\""}})
      QVERIFY2(read_run_card(with(from, to), "{}").pair_key != key, to);
  }

  void any_text_gives_a_card() {
    QVERIFY(!read_run_card("a = [", "{}").problem.empty());
    QVERIFY(read_run_card("a = [", "{}").pair_key.empty());
    const RunCard odd =
        read_run_card("[run]\nname = 3\n[objective]\nname = [1]\n[calibration]\nenabled = \"yes\"\n", "");
    QVERIFY(odd.name.empty() && odd.objective.empty() && !odd.calibrated && odd.problem.empty());
    QVERIFY(read_run_card("run = 1\ncalibration = 2\n", "").problem.empty());
    QVERIFY(read_run_card("", "").pair_key.empty());
  }
};

QTEST_APPLESS_MAIN(TestRunCard)
#include "test_run_card.moc"
