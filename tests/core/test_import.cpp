// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>
#include <fstream>

#include "core/error.h"
#include "core/record/import_run.h"
#include "core/record/record_reader.h"

using namespace bandscope;

class TestImport : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::filesystem::path file(const std::string& name) const {
    return std::filesystem::path(folder_.path().toStdString()) / name;
  }
  std::filesystem::path put(const std::string& name, const std::string& text) const {
    std::ofstream(file(name)) << text;
    return file(name);
  }

 private Q_SLOTS:
  void a_trainer_state_becomes_a_record() {
    const auto in = put("trainer_state.json", R"({
      "epoch": 1.0, "global_step": 30, "max_steps": 40, "is_world_process_zero": true,
      "log_history": [
        {"step": 10, "epoch": 0.3, "loss": 0.6931, "grad_norm": NaN, "learning_rate": 5e-7, "logps/chosen": -100.5,
         "logps/rejected": -120.25, "rewards/chosen": 0.1, "rewards/margins": 0.25, "rewards/accuracies": 0.75,
         "num_tokens": 1000.0},
        {"step": 20, "loss": 0.5, "logps/chosen": -101, "logps/rejected": -125, "num_tokens": 2500.0},
        {"step": 20, "eval_loss": 0.6, "eval_logps/chosen": -90, "eval_logps/rejected": -95,
         "eval_rewards/accuracies": 0.625, "eval_runtime": 3.0},
        {"step": 30, "train_runtime": 12.5, "train_loss": 0.55}
      ]})");
    const auto said = QString::fromStdString(import_run(in, file("trl.h5")).english());
    QVERIFY2(said.startsWith("2 steps imported from TRL") && said.contains("left out: rewards/chosen") &&
                 said.contains("12.5 s"),
             qPrintable(said));
    const auto reader = RecordReader::open(file("trl.h5"));
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{10, 20}));
    QCOMPARE(reader.column(Column::z_w), (std::vector<double>{-100.5, -101}));
    QCOMPARE(reader.column(Column::margin), (std::vector<double>{19.75, 24}));
    QCOMPARE(reader.column(Column::effective_margin)[0], 0.25);
    QCOMPARE(reader.column(Column::tokens), (std::vector<double>{1000, 1500}));
    QVERIFY(std::isnan(reader.column(Column::grad_norm)[0]));
    QVERIFY(std::isnan(reader.column(Column::rho)[1]));
    QCOMPARE(reader.probe_rows().front().margin, 5.0);
    QCOMPARE(reader.probe_rows().front().accuracy, 0.625);
    QCOMPARE(reader.state(), RunState::stopped);
    QCOMPARE(reader.event_rows().front().kind, std::string("note"));
    QVERIFY_EXCEPTION_THROWN(import_run(in, file("trl.h5")), RunError);
  }

  void a_byte_order_mark_is_passed_over() {
    const char* state = R"({"log_history": [{"step": 1, "loss": 0.5}]})";
    import_run(put("trainer_state.json", std::string("\xEF\xBB\xBF") + state), file("marked.h5"));
    QCOMPARE(RecordReader::open(file("marked.h5")).column(Column::loss), (std::vector<double>{0.5}));
    import_run(put("table.csv", "\xEF\xBB\xBFstep,loss\n1,0.25\n"), file("table.h5"));
    QCOMPARE(RecordReader::open(file("table.h5")).column(Column::loss), (std::vector<double>{0.25}));
  }

  void a_margin_chain_becomes_a_record() {
    const auto in = put("margin_chain.jsonl",
                        "{\"step\": 1, \"zw\": -1.0, \"zl\": -2.0, \"d_w\": 0.5, \"d_l\": 0.25, \"s_w_norm\": 2.0, "
                        "\"s_l_norm\": 4.0, \"rho\": 0.5, \"alpha\": 2.0, \"colour\": \"red\"}\n\n"
                        "{\"step\": 2, \"zw\": -1.0, \"zl\": -2.0, \"r\": 2.0, \"r_star\": 4.0, \"rho\": NaN}\n"
                        "{\"step\": 2, \"zw\": -3.0, \"zl\": -2.0}\n");
    const auto said = QString::fromStdString(import_run(in, file("chain.h5")).english());
    QVERIFY2(said.contains("left out: colour") && said.contains("averaged"), qPrintable(said));
    const auto reader = RecordReader::open(file("chain.h5"));
    QCOMPARE(reader.steps(), 2u);
    const auto at = [&](Column column, std::size_t row) { return reader.column(column, row, 1).front(); };
    QCOMPARE(at(Column::z_w, 1), -2.0);
    QCOMPARE(at(Column::margin, 0), 1.0);
    QCOMPARE(at(Column::score_dot, 0), 4.0);
    QCOMPARE(at(Column::log_r, 0), std::log(2.0));
    QCOMPARE(at(Column::log_r_star, 0), std::log(2.0));
    QCOMPARE(at(Column::log_r_applied, 0), 3 * std::log(2.0));
    QCOMPARE(at(Column::band_lower, 0), 0.0);
    QCOMPARE(at(Column::band_upper, 0), 2 * std::log(2.0));
    QCOMPARE(at(Column::slack, 0), -std::log(2.0));
    QCOMPARE(at(Column::log_r, 1), std::log(2.0));
    QCOMPARE(at(Column::log_r_star, 1), std::log(4.0));
    QVERIFY(std::isnan(at(Column::band_lower, 1)));
    QCOMPARE(reader.state(), RunState::done);
    QVERIFY(reader.spec_toml().find("name = \"chain\"") != std::string::npos);
  }

  /// As scripts/dpo_trainer.py of the published code writes it, without its vectors; a kill has cut the last line.
  void a_margin_chain_of_the_published_code() {
    const auto in = put(
        "official.jsonl",
        R"({"step": 1, "loss_type": "SIMPO", "zw": -1.25, "zl": -1.5, "rw": -0.25, "rl": 0.5, "reward_margin": -0.75, "m": 0.25, "m_ref": 1.0, "tilde_m": -0.75, "delta_m": null, "sw_l2": 2.0, "sl_l2": 3.0, "sw_sl_dot": 3.0, "rho": 0.5, "dw": 0.004, "dl": 0.002, "micro_batch_size": 2, "zw_vec": [-1.0, -1.5], "lr": 5e-07}
{"step": 2, "loss_type": "SIMPO", "zw": -1.25, "zl": -1.5, "rw": 0.0, "rl": 0.0, "reward_margin": 0.0, "m": 0.25, "m_ref": 0.25, "tilde_m": 0.0, "delta_m": 0.0, "sw_l2": 2.0, "sl_l2": 3.0, "sw_sl_dot": 3.0, "rho": 0.5, "dw": 0.004, "dl": 0.002, "db/log_r_ema": 0.75, "db/log_r_star_ema": 0.5, "db/dw_ema": 0.004, "db/delta": -0.25, "db/alpha": 0.5, "db/alpha_inv": 2.0, "db/log_rho": -0.5, "db/lower": 0.0, "db/upper": 1.0, "db/slack": 0.25, "lr": 5e-07}
{"step": 3, "loss_type":)");
    const auto said = QString::fromStdString(import_run(in, file("official.h5")).english());
    QVERIFY2(said.startsWith("2 steps imported") && said.contains("one earlier") && said.contains("ends within a line"),
             qPrintable(said));
    QVERIFY2(said.contains("db/lower") && !said.contains("sw_l2") && !said.contains("tilde_m"), qPrintable(said));
    const auto reader = RecordReader::open(file("official.h5"));
    const auto at = [&](Column column, std::size_t row) { return reader.column(column, row, 1).front(); };
    QCOMPARE(at(Column::z_w_ref, 0), -1.0);
    QCOMPARE(at(Column::z_l_ref, 0), -2.0);
    QCOMPARE(at(Column::effective_margin, 0), -0.75);
    QCOMPARE(at(Column::margin, 0), 0.25);
    QCOMPARE(at(Column::score_norm_w, 0), 2.0);
    QCOMPARE(at(Column::score_norm_l, 0), 3.0);
    QCOMPARE(at(Column::score_dot, 0), 3.0);
    QCOMPARE(at(Column::log_r_star, 0), std::log(3.0) - std::log(2.0));
    QCOMPARE(at(Column::ema_log_r, 1), 0.75);
    QCOMPARE(at(Column::ema_log_r_star, 1), 0.5);
    QCOMPARE(at(Column::alpha, 1), 0.5);
    QCOMPARE(at(Column::log_r_applied, 1), std::log(2.0) + 2 * std::log(0.5));
    // Before its first calibration a calibrated run does not say what became of the ratio.
    QVERIFY(std::isnan(at(Column::log_r_applied, 0)) && std::isnan(at(Column::slack, 0)));
    QVERIFY(reader.event_rows().front().message.english().find("one earlier") != std::string::npos);
    QVERIFY(reader.spec_toml().find("name = \"simpo\"") != std::string::npos);
    QVERIFY(reader.spec_toml().find("enabled = true") != std::string::npos);
  }

  void margins_relative_to_the_reference_are_not_beta_times_them() {
    const auto in = put("beta.json", R"({"log_history": [
      {"step": 1, "logps/chosen": -100, "ref_logps/chosen": -104, "logps/rejected": -110, "ref_logps/rejected": -109,
       "rewards/margins": 0.5},
      {"step": 2, "logps/chosen": -100, "logps/rejected": -110, "rewards/margins": 0.5}]})");
    const auto said = QString::fromStdString(import_run(in, file("beta.h5")).english());
    QVERIFY2(said.contains("beta times"), qPrintable(said));
    QCOMPARE(RecordReader::open(file("beta.h5")).column(Column::effective_margin), (std::vector<double>{5, 0.5}));
  }

  void what_cannot_be_imported_is_named_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("empty") << ""
                           << "is empty";
    QTest::newRow("blank") << "\n\n"
                           << "holds no step";
    QTest::newRow("no JSON") << "{\"step\": 1}\nstep two\n"
                             << "line 2: not valid JSON (parse error at column";
    QTest::newRow("no object") << "{\"step\": 1}\n[2]\n"
                               << "line 2 is of type array";
    QTest::newRow("no step") << "{\"zw\": 1}\n"
                             << "line 1 has no step";
    QTest::newRow("text") << "{\"step\": 1}\n{\"step\": 2, \"zw\": \"-1\"}\n"
                          << "line 2: zw is of type string";
    QTest::newRow("half a step") << "{\"step\": 1.5}\n"
                                 << "line 1: step is 1.5; a whole number";
    QTest::newRow("step below 0") << "{\"step\": -1}\n"
                                  << "line 1: step is -1; a whole number";
    QTest::newRow("step too large") << "{\"step\": 1}\n{\"step\": 9223372036854775807}\n"
                                    << "line 2: step is 9223372036854775807; a whole number";
    QTest::newRow("overflow") << "{\"step\": 1}\n{\"step\": 2, \"zw\": 1e400}\n"
                              << "line 2: not valid JSON (number overflow parsing '1e400' at column 19)";
    QTest::newRow("deep") << "{\"step\": 1, \"zw\": " + QString(100'000, '[') + QString(100'000, ']') + "}\n"
                          << "line 1: nested more than 64 deep";
    QTest::newRow("cut TRL") << "{\"log_history\": [{\"step\": 1,"
                             << "not valid JSON (parse error at line 1, column";
    QTest::newRow("TRL overflow") << "{\"log_history\": [\n  {\"step\": 1, \"loss\": 1e400}]}"
                                  << "not valid JSON (number overflow parsing '1e400' at line 2, column 23)";
    QTest::newRow("TRL deep") << "{\"log_history\": [{\"step\": 2, \"train_runtime\": " + QString(100'000, '[') +
                                     QString(100'000, ']') + "}]}"
                              << "nested more than 64 deep at byte";
    QTest::newRow("TRL run time") << "{\"log_history\": [{\"step\": 2, \"train_runtime\": [[1]]}]}"
                                  << "entry 1: train_runtime is of type array";
    QTest::newRow("TRL step") << "{\"log_history\": [{\"step\": 1e18}]}"
                              << "entry 1: step is 1e+18; a whole number";
    QTest::newRow("TRL list") << "{\"log_history\": 3}"
                              << "log_history is of type number";
    QTest::newRow("TRL entry") << "{\"log_history\": [{\"step\": 1, \"loss\": true}]}"
                               << "entry 1: loss is of type boolean";
    QTest::newRow("TRL count") << "{\"log_history\": [{\"step\": 1, \"num_tokens\": -2}]}"
                               << "entry 1: num_tokens is -2; a number from 0";
    QTest::newRow("count") << "{\"step\": 1, \"tokens\": -2.5}"
                           << "line 1: tokens is -2.5; a number from 0";
    QTest::newRow("TRL empty") << "{\"log_history\": []}"
                               << "holds no step";
  }
  void what_cannot_be_imported_is_named() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto in = put("bad.json", text.toStdString());
    QString message;
    try {
      import_run(in, file("bad.h5"));
    } catch (const DataError& problem) {
      message = problem.what();
    }
    QVERIFY2(message.contains(expected) && message.contains("bad.json"), qPrintable(message));
    QVERIFY2(!message.contains("json.exception") && message.size() < 400, qPrintable(message));
    QVERIFY(!std::filesystem::exists(file("bad.h5")));
  }
};

QTEST_GUILESS_MAIN(TestImport)
#include "test_import.moc"
