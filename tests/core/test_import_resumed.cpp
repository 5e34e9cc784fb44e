// SPDX-License-Identifier: Apache-2.0
// Logs of runs that were resumed, evaluated on several sets, or that count one thing in several ways.
#include <QTest>
#include <cmath>
#include <fstream>

#include "core/record/import_run.h"
#include "core/record/record_reader.h"

using namespace bandscope;

namespace {

using Values = std::vector<double>;
const double nan_ = std::nan("");

bool same(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

}  // namespace

class TestImportResumed : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  int files_ = 0;
  QString said_;

  RecordReader import(const std::string& text) {
    const std::filesystem::path base = folder_.path().toStdString();
    const auto in = base / ("log-" + std::to_string(++files_)), out = base / (std::to_string(files_) + ".h5");
    std::ofstream(in) << text;
    said_ = QString::fromStdString(import_run(in, out).english());
    return RecordReader::open(out);
  }
  RecordReader import_history(const std::string& entries) { return import("{\"log_history\": [" + entries + "]}"); }

 private Q_SLOTS:
  void one_counter_of_tokens_counts() {
    const auto both = import_history(R"({"step": 10, "loss": 1, "num_tokens": 10000, "num_input_tokens_seen": 15000},
                                        {"step": 20, "loss": 1, "num_tokens": 20000, "num_input_tokens_seen": 30000})");
    QVERIFY(same(both.column(Column::tokens), {10000, 10000}));
    const auto padded = import_history(R"({"step": 10, "num_input_tokens_seen": 15000},
                                          {"step": 20, "num_input_tokens_seen": 30000})");
    QVERIFY(same(padded.column(Column::tokens), {15000, 15000}));
    const auto chain = import(
        "{\"step\": 1, \"num_tokens\": 10, \"num_input_tokens_seen\": 15}\n"
        "{\"step\": 2, \"num_tokens\": 25, \"num_input_tokens_seen\": 40}\n");
    QVERIFY(same(chain.column(Column::tokens), {10, 15}));
    const auto by_step = import(
        "{\"step\": 1, \"tokens\": 7, \"num_tokens\": 100}\n"
        "{\"step\": 2, \"tokens\": 5}\n{\"step\": 2, \"tokens\": 6}\n");
    QVERIFY(same(by_step.column(Column::tokens), {7, 11}));
  }

  void a_count_that_falls_has_begun_again() {
    const auto trl = import_history(R"({"step": 10, "num_tokens": 10000}, {"step": 20, "num_tokens": 20000},
                                       {"step": 30, "num_tokens": 10000}, {"step": 40, "num_tokens": 20000})");
    QVERIFY(same(trl.column(Column::tokens), {10000, 10000, 10000, 10000}));
    const auto chain = import(
        "{\"step\": 1, \"num_tokens\": 5, \"time\": 10, \"epoch\": 0.5}\n"
        "{\"step\": 2, \"num_tokens\": 9, \"time\": 20, \"epoch\": 1.0}\n"
        "{\"step\": 3, \"num_tokens\": 4, \"time\": 7, \"epoch\": 0.5}\n"
        "{\"step\": 4, \"num_tokens\": 8, \"time\": 14, \"epoch\": 1.0}\n");
    QVERIFY(same(chain.column(Column::tokens), {5, 4, 4, 4}));
    QVERIFY(same(chain.column(Column::time), {10, 20, 27, 34}));
    QVERIFY(same(chain.column(Column::epoch), {0.5, 1.0, 1.5, 2.0}));
    const auto rounded = import("{\"step\": 1, \"epoch\": 1.0}\n{\"step\": 2, \"epoch\": 0.999}\n");
    QVERIFY(same(rounded.column(Column::epoch), {1.0, 0.999}));
  }

  void after_a_resume_the_later_lines_count() {
    const auto trl = import_history(
        R"({"step": 10, "loss": 1.0, "num_tokens": 100}, {"step": 10, "eval_loss": 1, "eval_logps/chosen": -1},
           {"step": 20, "loss": 0.9, "num_tokens": 200}, {"step": 20, "eval_loss": 1, "eval_logps/chosen": -2},
           {"step": 30, "loss": 0.8, "num_tokens": 300}, {"step": 30, "eval_loss": 1, "eval_logps/chosen": -3},
           {"step": 20, "loss": 0.7, "num_tokens": 210}, {"step": 20, "eval_loss": 1, "eval_logps/chosen": -4})");
    QCOMPARE(trl.step_numbers(), (std::vector<std::int64_t>{10, 20}));
    QVERIFY(same(trl.column(Column::loss), {1.0, 0.7}));
    QVERIFY(same(trl.column(Column::tokens), {100, 110}));
    QCOMPARE(trl.probe_rows().size(), 2u);
    QCOMPARE(trl.probe_rows()[1].z_w, -4.0);
    QVERIFY2(said_.contains("go back once"), qPrintable(said_));

    const auto chain = import(
        "{\"step\": 1, \"zw\": -1}\n{\"step\": 2, \"zw\": -2}\n{\"step\": 3, \"zw\": -3}\n"
        "{\"step\": 2, \"zw\": -4}\n{\"step\": 3, \"zw\": -5}\n{\"step\": 1, \"zw\": -6}\n");
    QCOMPARE(chain.step_numbers(), (std::vector<std::int64_t>{1}));
    QVERIFY(same(chain.column(Column::z_w), {-6}));
    QVERIFY2(said_.contains("go back 2 times"), qPrintable(said_));
  }

  void run_times_of_several_starts_are_added() {
    import_history(R"({"step": 10, "loss": 1}, {"step": 10, "train_runtime": 12.5, "train_loss": 1},
                      {"step": 20, "loss": 1}, {"step": 20, "train_runtime": 10.0, "train_loss": 1})");
    QVERIFY2(said_.contains("the whole run took 22.5 s"), qPrintable(said_));
  }

  void one_set_of_evaluations_is_kept() {
    const std::string step =
        R"({"step": 20, "loss": 1},
           {"step": 20, "eval_tiny_runtime": 1, "eval_tiny_loss": 2},
           {"step": 20, "eval_helpful_loss": 0.6, "eval_helpful_runtime": 3.1, "eval_nll_loss": 1,
            "eval_logps/chosen": -100, "eval_logps/rejected": -110, "eval_rewards/accuracies": 0.7},
           {"step": 20, "eval_harmless_loss": 0.6, "eval_harmless_runtime": 3.1,
            "eval_logps/chosen": -120, "eval_logps/rejected": -100, "eval_rewards/accuracies": 0.3})";
    const auto trl = import_history(step + ", {\"step\": 40, \"eval_harmless_runtime\": 3, \"eval_logps/chosen\": -1}");
    QCOMPARE(trl.probe_rows().size(), 1u);
    QCOMPARE(trl.probe_rows()[0].margin, 10.0);
    QCOMPARE(trl.probe_rows()[0].accuracy, 0.7);
    QVERIFY2(said_.contains("the evaluations are those of helpful; other sets were left out: harmless, tiny"),
             qPrintable(said_));

    const auto together = import_history(
        R"({"step": 1, "loss": 1, "eval_a_logps/chosen": -1, "eval_a_logps/rejected": -2, "eval_b_logps/chosen": -9,
            "eval_ref_logps/chosen": -3})");
    QCOMPARE(together.probe_rows().size(), 1u);
    QCOMPARE(together.probe_rows()[0].margin, 1.0);
    QVERIFY(same(together.column(Column::loss), {1}));

    const auto single = import_history(
        R"({"step": 1, "loss": 1}, {"step": 1, "eval_loss": 1, "eval_nll_loss": 2, "eval_runtime": 1,
            "eval_logps/chosen": -5, "eval_ref_logps/chosen": -6, "eval_logps/rejected": -7})");
    QCOMPARE(single.probe_rows()[0].margin, 2.0);
    QVERIFY2(!said_.contains("left out: "), qPrintable(said_));
  }

  void of_several_names_of_a_quantity_one_counts() {
    const auto chain = import(
        "{\"step\": 1, \"logps/chosen\": -80, \"z_w\": -2, \"cos\": 0.5, \"rho\": null, \"r\": 1, "
        "\"log_r\": 3}\n");
    QVERIFY(same(chain.column(Column::z_w), {-2}));
    QVERIFY(same(chain.column(Column::rho), {0.5}));
    QVERIFY(same(chain.column(Column::log_r), {3}));
    QVERIFY2(said_.contains("another name of the same quantity is there: logps/chosen, r"), qPrintable(said_));
    QVERIFY(same(chain.column(Column::z_l), {nan_}));
  }

  void many_names_make_no_long_message() {
    std::string line = "{\"step\": 1";
    for (int i = 0; i < 5000; ++i) line += ", \"" + std::string(300, 'x') + std::to_string(i) + "\": 1";
    import(line + "}");
    QVERIFY2(said_.contains("and 4980 more") && said_.size() < 4000, qPrintable(said_.left(4000)));
  }
};

QTEST_GUILESS_MAIN(TestImportResumed)
#include "test_import_resumed.moc"
