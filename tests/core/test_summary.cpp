// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/record/record_writer.h"
#include "core/run/pathways.h"
#include "core/run/summary.h"

using namespace bandscope;

namespace {

/// Scores of equal norm at rho 0.5, so that the band is [-ln 2, ln 2] around 0.
StepRow row_at(int step, double log_r, double z_w, double z_l) {
  StepRow row;
  row.step = step;
  row[Column::time] = step * 2.0;
  row[Column::tokens] = 100;
  row[Column::z_w] = z_w;
  row[Column::z_l] = z_l;
  row[Column::z_w_ref] = row[Column::z_l_ref] = -10.0 * step;  // the level of the step's pairs
  row[Column::margin] = z_w - z_l;
  row[Column::score_norm_w] = row[Column::score_norm_l] = 1;
  row[Column::score_dot] = row[Column::rho] = 0.5;
  row[Column::log_r_star] = 0;
  row[Column::band_lower] = -std::log(2);
  row[Column::band_upper] = std::log(2);
  row[Column::log_r] = row[Column::log_r_applied] = log_r;
  row[Column::uncalibrated] = step == 2 ? 3 : 0;
  return row;
}

constexpr const char* spec =
    "[run]\nname = \"dpo-rc\"\n[model]\npath = \"/models/SmolLM2-135M/\"\ntuning = \"lora\"\n[data]\n"
    "train = \"pairs/hh.jsonl\"\n[objective]\nname = \"dpo\"\n[calibration]\nenabled = true\n";

}  // namespace

class TestSummary : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path file(const char* name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }

 private Q_SLOTS:
  void a_run_is_summed_up() {
    {
      auto writer = RecordWriter::create(file("run.h5"), {spec, "{\"host\": \"h\"}", {}});
      const double nan = std::nan("");
      // Relative to the reference (z + 10 step): (0,0), (1,-1) disentangled, (0,-2) both fall, (1,-1) both rise.
      writer.append_step(row_at(1, 0, -10, -10), {});
      writer.append_step(row_at(2, -1, -19, -21), {});
      writer.append_step(row_at(3, 0, -30, -32), {});
      writer.append_step(row_at(4, nan, -39, -41), {});
      writer.append_probe({0, -1, -1, 0, 0.5});
      writer.append_probe({4, -2, -4, 2, 0.75});
      writer.append_event({3, 6, "alert", Message::plain("likelihood displacement")});
      writer.append_event({4, 8, "stop", Message::plain("asked for by SIGTERM")});
      writer.set_status(RunState::stopped);
      writer.close();
    }
    const auto reader = RecordReader::open(file("run.h5"));
    const auto summary = summarize(reader);
    QCOMPARE(summary.name, std::string("dpo-rc"));
    QCOMPARE(summary.objective, std::string("dpo"));
    QCOMPARE(summary.model, std::string("SmolLM2-135M"));
    QCOMPARE(summary.data, std::string("hh.jsonl"));
    QCOMPARE(summary.tuning, std::string("lora"));
    QVERIFY(summary.calibrated);
    QCOMPARE(summary.steps, 4u);
    QCOMPARE(summary.seconds, 8.0);
    QCOMPARE(summary.tokens, 400.0);
    QCOMPARE(summary.uncalibrated, 3u);
    QCOMPARE(summary.band_defined, 3u);
    QCOMPARE(summary.in_band_share, 2.0 / 3);
    QCOMPARE(summary.predicted.disentangled, 0.5);
    QCOMPARE(summary.predicted.both_fall, 0.25);
    QCOMPARE(summary.predicted.undefined, 0.25);
    QCOMPARE(summary.realised.disentangled, 0.25);
    QCOMPARE(summary.realised.both_fall, 0.25);
    QCOMPARE(summary.realised.both_rise, 0.25);
    QCOMPARE(summary.realised.undefined, 0.25);
    QVERIFY(!summary.same_pairs && std::isnan(summary.agreement));
    QCOMPARE(summary.first_z_w, -10.0);
    QCOMPARE(summary.last_z_l, -41.0);
    QCOMPARE(summary.last_margin, 2.0);
    QCOMPARE(summary.last_probe->z_l, -4.0);
    QCOMPARE(summary.alerts.size(), 1u);
    QCOMPARE(summary.reason.english(), std::string("asked for by SIGTERM"));

    const auto json = nlohmann::json::parse(to_json(summary, reader));
    QCOMPARE(json["realised"]["both_rise"].get<double>(), 0.25);
    QCOMPARE(json["realised_of"].get<std::string>(), std::string("different pairs"));
    QVERIFY(json["agreement"].is_null());
    QCOMPARE(json["spec"]["objective"]["name"].get<std::string>(), std::string("dpo"));
    QCOMPARE(json["environment"]["host"].get<std::string>(), std::string("h"));
    QCOMPARE(json["state"].get<std::string>(), std::string("stopped"));
    QCOMPARE(json["first_probe"]["step"].get<int>(), 0);
    const auto text = QString::fromStdString(to_text(summary, reader));
    QVERIFY2(text.contains("different pairs") && !text.contains("agreement"), qPrintable(text));
    QVERIFY2(text.contains("66.7 % of the 3 steps") && text.contains("SIGTERM") && text.contains("w/ RC"),
             qPrintable(text));
  }

  void same_pairs_after_the_update_are_told_apart() {
    {
      auto writer = RecordWriter::create(file("after.h5"), {spec, "{}", {}});
      // Disentangled as predicted; predicted so and both rise; not predicted; predicted so and not looked at again.
      const auto row = [&](int step, double log_r, double w, double l) {
        StepRow made = row_at(step, log_r, -10, -20);
        made[Column::z_w_after] = -10 + w;
        made[Column::z_l_after] = -20 + l;
        return made;
      };
      const double nan = std::nan("");
      writer.append_step(row(1, 0, 1, -1), {});
      writer.append_step(row(2, 0, 1, 1), {});
      writer.append_step(row(3, nan, 1, -1), {});
      writer.append_step(row(4, 0, nan, nan), {});
      writer.set_status(RunState::done);
      writer.close();
    }
    const auto reader = RecordReader::open(file("after.h5"));
    const auto summary = summarize(reader);
    QVERIFY(summary.same_pairs);
    QCOMPARE(summary.realised.disentangled, 0.5);
    QCOMPARE(summary.realised.both_rise, 0.25);
    QCOMPARE(summary.realised.undefined, 0.25);
    QCOMPARE(summary.agreement, 0.5);
    const auto json = nlohmann::json::parse(to_json(summary, reader));
    QCOMPARE(json["realised_of"].get<std::string>(), std::string("same pairs"));
    const auto text = QString::fromStdString(to_text(summary, reader));
    QVERIFY2(text.contains("same pairs") && text.contains("50.0 % of the steps that have both"), qPrintable(text));
  }

  void without_a_reference_the_change_is_that_of_z() {
    const std::vector<double> z_w = {-3, -2, -2.5}, z_l = {-3, -4, -5}, none = {0, 0, 0};
    const auto pathways = realised_pathways({z_w, z_l, none, none});
    QVERIFY(pathways == (std::vector{Pathway::disentangled, Pathway::both_fall, Pathway::undefined}));
    QVERIFY(realised_pathways(LikelihoodColumns{}).empty());
  }

  void texts_of_a_record_are_limited_and_printable() {
    const auto many = [](const std::string& part) {
      std::string text;
      for (int i = 0; i < 100'000; ++i) text += part;
      return text;
    };
    RecordWriter::create(file("deep.h5"), {many("a.") + "a = 1", many("{\"a\":") + "1" + many("}"), {}}).close();
    const auto deep = RecordReader::open(file("deep.h5"));
    const auto summary = summarize(deep);
    QCOMPARE(summary.note.english(), std::string("its spec is not valid TOML: nested more than 64 deep"));
    const auto json = nlohmann::json::parse(to_json(summary, deep));
    QVERIFY(json["spec"].is_null() && json["environment"].is_string());
    QVERIFY(to_text(summary, deep).find("{\"a\":{\"a\":") != std::string::npos);

    {
      auto writer = RecordWriter::create(
          file("rude.h5"),
          {"[run]\nname = \"a\\u001b]0;b\\nstate done\"\n", "{\"host\": \"\xe2\x80\xaeh\\u009b\"}", {}});
      writer.append_event({1, 1, "alert", Message::plain("one\x1b[31m\ntwo")});
      writer.close();
    }
    const auto rude = RecordReader::open(file("rude.h5"));
    RecordWriter::create(file("raw.h5"), {"# \x1b[2J\n[run]\n", "\x07", {}}).close();
    const auto raw = RecordReader::open(file("raw.h5"));
    const std::string texts = to_text(summarize(raw), raw);
    QVERIFY2(texts.find("\nspec\n# \\x1B[2J\n[run]\n") != std::string::npos, texts.c_str());
    QVERIFY2(texts.find("\nenvironment\n\\x07\n") != std::string::npos, texts.c_str());
    const std::string text = to_text(summarize(rude), rude);
    QVERIFY2(text.find('\x1b') == std::string::npos && text.find("\xe2\x80\xae") == std::string::npos &&
                 text.find("\xc2\x9b") == std::string::npos,
             text.c_str());
    QVERIFY2(text.find("  run           a\\x1B]0;b\\nstate done\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find("step 1: one\\x1B[31m\\ntwo\n") != std::string::npos, text.c_str());
  }

  void an_empty_run_has_a_summary() {
    RecordWriter::create(file("empty.h5"), {"not = [toml", "no json", {}}).close();
    const auto reader = RecordReader::open(file("empty.h5"));
    const auto summary = summarize(reader);
    QCOMPARE(summary.steps, 0u);
    QVERIFY(std::isnan(summary.first_z_w));
    QVERIFY(summary.note.english().find("not valid TOML") != std::string::npos);
    const auto json = nlohmann::json::parse(to_json(summary, reader));
    QVERIFY(json["first_z_w"].is_null() && json["last_probe"].is_null() && json["spec"].is_null());
    QVERIFY(!to_text(summary, reader).empty());
  }
};

QTEST_GUILESS_MAIN(TestSummary)
#include "test_summary.moc"
