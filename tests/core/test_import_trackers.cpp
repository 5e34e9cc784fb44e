// SPDX-License-Identifier: Apache-2.0
// Logs that experiment trackers keep, as records: histories of Weights & Biases, event files of TensorBoard, tables.
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/export/csv.h"
#include "core/export/event_file.h"
#include "core/input/crc32c.h"
#include "core/record/import_run.h"
#include "core/record/record_reader.h"
#include "tests/core/record_rows.h"

using namespace bandscope;

class TestImportTrackers : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  int records_ = 0;

  std::filesystem::path file(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }
  std::filesystem::path put(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
  }
  /// The record that a log becomes; what was said of it in `said`.
  RecordReader imported(const std::filesystem::path& log, QString* said = nullptr,
                        const std::vector<std::pair<std::string, std::string>>& columns = {}) {
    const auto record = file("record" + std::to_string(++records_) + ".h5");
    const QString message = QString::fromStdString(import_run(log, record, columns).english());
    if (said != nullptr) *said = message;
    return RecordReader::open(record);
  }
  /// What importing is refused with.
  std::string refusal(const std::filesystem::path& log,
                      const std::vector<std::pair<std::string, std::string>>& columns = {}) {
    try {
      import_run(log, file("refused.h5"), columns);
    } catch (const DataError& error) {
      return error.what();
    }
    return {};
  }

 private Q_SLOTS:
  void a_history_of_weights_and_biases() {
    QString said;
    const auto reader =
        imported(put("wandb-history.jsonl", R"({"_step": 0, "_runtime": 1.5, "_timestamp": 17e8, "system/gpu": 3}
{"_step": 1, "_runtime": 2, "train/global_step": 10, "train/loss": 0.69, "train/logps/chosen": -100, "train/logps/rejected": -110, "train/rewards/margins": "NaN", "train/epoch": 0.5}

{"_step": 2, "_runtime": 3, "train/global_step": 10, "eval/logps/chosen": -90, "eval/logps/rejected": -95, "eval/loss": 0.6, "sample": "a text"}
{"_step": 3, "_runtime": 4, "train": {"global_step": 20, "loss": 0.5, "logps/chosen": -101}, "train/odd": 2}
)"),
                 &said);
    QVERIFY2(said.startsWith("2 steps imported from Weights & Biases' history") && said.contains("left out: odd"),
             qPrintable(said));
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{10, 20}));
    QCOMPARE(reader.column(Column::z_w), (std::vector<double>{-100, -101}));
    QCOMPARE(reader.column(Column::margin)[0], 10.0);
    QVERIFY(std::isnan(reader.column(Column::effective_margin)[0]));
    QCOMPARE(reader.column(Column::epoch)[0], 0.5);
    QCOMPARE(reader.probe_rows().size(), std::size_t{1});
    QCOMPARE(reader.probe_rows()[0].margin, 5.0);
    // Calls of log() that are about no step of training count by W&B's own number.
    const auto mixed =
        imported(put("mixed.jsonl", R"({"_step": 0, "_runtime": 1, "train/global_step": 10, "train/loss": 3}
{"_step": 1, "_runtime": 1, "train/global_step": 20, "train/loss": 2}
{"_step": 2, "_runtime": 1, "samples": {"_type": "table-file", "ncols": 3}}
{"_step": 3, "_runtime": 1, "train/global_step": 30, "train/loss": 1}
)"));
    QCOMPARE(mixed.step_numbers(), (std::vector<std::int64_t>{10, 20, 30}));
    const std::string wrong =
        refusal(put("wrong.jsonl", "{\"_step\": 0, \"_runtime\": 1}\n{\"train/loss\": 1, \"_runtime\": 2}\n"));
    QVERIFY2(wrong.find("line 2 has no step") != std::string::npos, wrong.c_str());
  }

  void histories_that_are_told_otherwise() {
    // Numbers that JSON does not know in the first row; no time; the names of Lightning's count.
    QCOMPARE(imported(put("nan.jsonl",
                          "{\"_step\": 0, \"_runtime\": 1, \"train/global_step\": 1, \"train/loss\": NaN, "
                          "\"train/logps/chosen\": -1}\n"))
                 .step_numbers(),
             std::vector<std::int64_t>{1});
    QString said;
    const auto lightning =
        imported(put("lightning.jsonl",
                     "{\"_step\": 0, \"trainer/global_step\": 7, \"train/loss\": 2}\n{\"_step\": 1, \"note\": 1}\n"),
                 &said);
    QCOMPARE(lightning.step_numbers(), std::vector<std::int64_t>{7});
    QVERIFY2(said.contains("a row without a step was left out"), qPrintable(said));
    // A line that a kill has cut.
    const auto cut =
        imported(put("cut.jsonl", "{\"_step\": 1, \"_runtime\": 1, \"train/loss\": 2}\n{\"_step\": 2, \"_run"), &said);
    QCOMPARE(cut.step_numbers(), std::vector<std::int64_t>{1});
    QVERIFY2(said.contains("ends within a line"), qPrintable(said));
    QCOMPARE(imported(put("cut.csv", "step,loss,z_w\n1,0.5,-1\n2,0."), &said).step_numbers(),
             std::vector<std::int64_t>{1});
    QVERIFY2(said.contains("ends within a line"), qPrintable(said));
    const std::string broken = refusal(
        put("broken.jsonl", "{\"_step\": 1, \"_runtime\": 1, \"train/loss\": 2}\n{\"_step\": 2,\n{\"_step\": 3}\n"));
    QVERIFY2(broken.find("line 2: not valid JSON (parse error at column") != std::string::npos, broken.c_str());
    // Several values for a step are averaged; what is wrong is named by its line.
    QCOMPARE(imported(put("pairs.csv", "step,z_w\n1,-1\n1,-3\n2,-4\n"), &said).column(Column::z_w),
             (std::vector<double>{-2, -4}));
    QVERIFY2(said.contains("were averaged"), qPrintable(said));
    const std::string below = refusal(put("below.csv", "step,num_tokens\n1,5\n,\n2,-3\n"));
    QVERIFY2(below.find("below.csv, line 4: num_tokens is -3") != std::string::npos, below.c_str());
  }

  // As DPOTrainer of OpenRLHF 0.11.2 writes them: "train/" and "eval/" before its keys, each with a global_step of its
  // own.
  void openrlhf_through_every_tracker() {
    const auto check = [&](const RecordReader& reader, const QString& said) {
      QVERIFY2(said.contains("OpenRLHF"), qPrintable(said));
      QVERIFY2(!said.contains("left out"), qPrintable(said));
      QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{1, 2}));
      QCOMPARE(reader.column(Column::loss), (std::vector<double>{0.7, 0.5}));
      QCOMPARE(reader.column(Column::accuracy), (std::vector<double>{0.5, 0.75}));
      QCOMPARE(reader.column(Column::effective_margin), (std::vector<double>{0.25, 0.75}));
      QCOMPARE(reader.column(Column::learning_rate), (std::vector<double>{0.5, 0.25}));
      QCOMPARE(reader.column(Column::grad_norm), (std::vector<double>{4, 2}));
      QVERIFY(std::isnan(reader.column(Column::z_w)[0]));
      QCOMPARE(reader.probe_rows().size(), std::size_t{1});
      QCOMPARE(reader.probe_rows()[0].step, std::int64_t{2});
      QCOMPARE(reader.probe_rows()[0].accuracy, 0.625);
    };
    QString said;
    const auto history = imported(
        put("openrlhf.jsonl",
            R"({"_step": 0, "_runtime": 1, "_timestamp": 17e8, "train/loss": 0.9, "train/acc": 1, "train/chosen_reward": 0.125, "train/reject_reward": -0.125, "train/lr": 0.5, "train/grad_norm": 4, "train/loss_mean": 0.7, "train/acc_mean": 0.5, "train/global_step": 1}
{"_step": 1, "_runtime": 2, "_timestamp": 17e8, "train/loss": 0.1, "train/acc": 0, "train/chosen_reward": 0.25, "train/reject_reward": -0.5, "train/lr": 0.25, "train/grad_norm": 2, "train/loss_mean": 0.5, "train/acc_mean": 0.75, "train/global_step": 2}
{"_step": 2, "_runtime": 3, "_timestamp": 17e8, "eval/eval_loss": 0.6, "eval/acc_mean": 0.625, "eval/global_step": 2}
)"),
        &said);
    check(history, said);
    const auto table = imported(
        put("openrlhf.csv",
            R"(train/loss,train/acc,train/chosen_reward,train/reject_reward,train/lr,train/grad_norm,train/loss_mean,train/acc_mean,train/global_step,eval/eval_loss,eval/acc_mean,eval/global_step
0.9,1,0.125,-0.125,0.5,4,0.7,0.5,1,,,
0.1,0,0.25,-0.5,0.25,2,0.5,0.75,2,,,
,,,,,,,,,0.6,0.625,2
)"),
        &said);
    check(table, said);
    EventFile events(file("events.out.tfevents.2.host"));
    const std::vector<std::pair<std::string, std::array<double, 2>>> scalars = {{"loss", {0.9, 0.1}},
                                                                                {"acc", {1, 0}},
                                                                                {"chosen_reward", {0.125, 0.25}},
                                                                                {"reject_reward", {-0.125, -0.5}},
                                                                                {"lr", {0.5, 0.25}},
                                                                                {"grad_norm", {4, 2}},
                                                                                {"loss_mean", {0.75, 0.5}},
                                                                                {"acc_mean", {0.5, 0.75}}};
    for (std::size_t step = 0; step < 2; ++step)
      for (const auto& [key, values] : scalars)
        events.add("train/" + key, static_cast<std::int64_t>(step) + 1, 1, values[step]);
    events.add("eval/eval_loss", 2, 1, 0.5);
    events.add("eval/acc_mean", 2, 1, 0.625);
    events.finish();
    const auto board = imported(file("events.out.tfevents.2.host"), &said);
    QCOMPARE(board.column(Column::loss), (std::vector<double>{0.75, 0.5}));
    QCOMPARE(board.column(Column::accuracy), (std::vector<double>{0.5, 0.75}));
    QCOMPARE(board.column(Column::effective_margin), (std::vector<double>{0.25, 0.75}));
    QCOMPARE(board.probe_rows().size(), std::size_t{1});
    QCOMPARE(board.probe_rows()[0].accuracy, 0.625);
    // The same names in other logs are no such thing.
    const auto other = imported(put("other.csv", "step,loss,acc,lr\n1,0.5,1,2\n"), &said);
    QVERIFY(std::isnan(other.column(Column::accuracy)[0]) && std::isnan(other.column(Column::learning_rate)[0]));
    QVERIFY2(said.contains("left out: acc, lr"), qPrintable(said));
  }

  void events_of_tensorboard() {
    EventFile events(file("events.out.tfevents.1.host"));
    for (std::int64_t step : {5, 10}) {
      events.add("train/logps/chosen", step, 1, -static_cast<double>(step));
      events.add("train/loss", step, 1, 0.5);
    }
    events.add("eval/logps/chosen", 10, 1, -3);
    events.add("eval/logps/rejected", 10, 1, -4);
    events.finish();
    const auto reader = imported(file("events.out.tfevents.1.host"));
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{5, 10}));
    QCOMPARE(reader.column(Column::z_w), (std::vector<double>{-5, -10}));
    QCOMPARE(reader.probe_rows()[0].margin, 1.0);

    std::stringstream whole;
    whole << std::ifstream(file("events.out.tfevents.1.host"), std::ios::binary).rdbuf();
    const std::string bytes = whole.str();
    // A writer that was killed: whole records count, wherever the file ends.
    QString said;
    QCOMPARE(imported(put("cut", bytes.substr(0, bytes.size() - 3)), &said).steps(), std::size_t{2});
    QVERIFY2(said.contains("ends within a record"), qPrintable(said));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      try {
        import_run(put("cut", bytes.substr(0, length)), file("cut.h5"));
      } catch (const DataError&) {
      }
      std::filesystem::remove(file("cut.h5"));
    }
    std::string damaged = bytes;
    damaged[60] ^= 1;
    const std::string wrong = refusal(put("damaged", damaged));
    QVERIFY2(wrong.find("is damaged") != std::string::npos, wrong.c_str());
  }

  /// The Trainer logs the totals at the last step's number, and trackers keep both together.
  void the_last_step_and_the_totals() {
    EventFile events(file("events.out.tfevents.2.host"));
    for (std::int64_t step : {10, 20}) events.add("train/loss", step, 1, 0.5);
    events.add("eval/logps/chosen", 20, 1, -3);
    events.add("train/train_runtime", 20, 1, 12.5);
    events.add("train/train_loss", 20, 1, 0.25);
    events.add("my/own", 7, 1, 1);
    events.finish();
    QString said;
    const auto reader = imported(file("events.out.tfevents.2.host"), &said);
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{10, 20}));
    QCOMPARE(reader.column(Column::loss), (std::vector<double>{0.5, 0.5}));
    QCOMPARE(reader.probe_rows().size(), std::size_t{1});
    QVERIFY2(said.contains("12.5 s") && said.contains("left out: my/own"), qPrintable(said));
  }

  /// The Trainer's metrics of each set of several, and the scalars of a run that goes on from step 20 after a kill
  /// at 30.
  void events_of_two_sets_and_of_a_resumed_run() {
    EventFile events(file("events.out.tfevents.3.host"));
    for (std::int64_t step : {10, 20, 30}) {
      events.add("train/loss", step, 1, 0.5);
      events.add("train/num_tokens", step, 1, 100 * static_cast<double>(step));
      events.add("train/epoch", step, 1, 0.25);
    }
    for (std::int64_t step : {25, 35}) {
      events.add("train/loss", step, 2, 0.25);
      events.add("train/num_tokens", step, 2, 100 * static_cast<double>(step));
      for (const auto& [set, z_w] : {std::pair("harmless", -3.0), {"helpful", -7.0}}) {
        events.add(std::string("eval/") + set + "_loss", step, 2, 0.5);
        events.add(std::string("eval/") + set + "_runtime", step, 2, 1);
        events.add("eval/logps/chosen", step, 2, z_w);
        events.add("eval/logps/rejected", step, 2, z_w - 1);
        events.add("train/epoch", step, 2, 0.5);
      }
    }
    events.finish();
    QString said;
    const auto reader = imported(file("events.out.tfevents.3.host"), &said);
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{10, 20, 25, 35}));
    QCOMPARE(reader.column(Column::loss), (std::vector<double>{0.5, 0.5, 0.25, 0.25}));
    QCOMPARE(reader.column(Column::tokens), (std::vector<double>{1000, 1000, 500, 1000}));
    QCOMPARE(reader.probe_rows().size(), std::size_t{2});
    QCOMPARE(reader.probe_rows()[0].z_w, -3.0);
    QCOMPARE(reader.probe_rows()[1].margin, 1.0);
    QVERIFY2(said.contains("go back once") && said.contains("those of harmless") && said.contains("left out: helpful"),
             qPrintable(said));
  }

  /// TensorFlow 2 writes scalars as tensors: value { tag: "train/loss" tensor { dtype: DT_FLOAT float_val: 0.25 } }.
  void scalars_that_are_tensors() {
    const std::string tensor = std::string("\x08\x01\x2A\x04\0\0\x80\x3E", 8);
    const std::string value = "\x0A\x0Atrain/loss\x42\x08" + tensor;
    const std::string summary = "\x0A" + std::string(1, static_cast<char>(value.size())) + value;
    const std::string event = "\x10\x07\x2A" + std::string(1, static_cast<char>(summary.size())) + summary;
    const auto number = [](std::uint64_t of, int bytes) {
      std::string out;
      for (int i = 0; i < bytes; ++i) out += static_cast<char>((of >> (8 * i)) & 0xFFU);
      return out;
    };
    const auto sum = [&](const std::string& of) { return number(masked_crc(crc32c(of)), 4); };
    const std::string length = number(event.size(), 8);
    const auto reader = imported(put("tf2", length + sum(length) + event + sum(event)));
    QCOMPARE(reader.step_numbers(), (std::vector<std::int64_t>{7}));
    QCOMPARE(reader.column(Column::loss), (std::vector<double>{0.25}));
  }

  void tables() {
    // As W&B's page gives them, with quotes and bounds.
    const auto page = imported(put("page.csv",
                                   "\"Step\",\"my, run - train/loss\",\"my, run - train/loss__MIN\"\r\n"
                                   "\"1\",\"0.5\",\"0.4\"\r\n\"2\",\"\",\"\"\r\n\"3\",\"0.25\",\"0.2\"\r\n"));
    QCOMPARE(page.step_numbers(), (std::vector<std::int64_t>{1, 3}));
    QCOMPARE(page.column(Column::loss), (std::vector<double>{0.5, 0.25}));
    // With names of the user's own.
    const auto own = put("own.csv", "it,chosen,note\n1,-2,a\n2,-3,b\n");
    const auto reader = imported(own, nullptr, {{"step", "it"}, {"z_w", "chosen"}});
    QCOMPARE(reader.column(Column::z_w), (std::vector<double>{-2, -3}));
    const auto says = [&](const std::string& text, const std::string& part) {
      return text.find(part) != std::string::npos;
    };
    QVERIFY(says(refusal(own), "has no column step; its columns are chosen, it, note"));
    QVERIFY(says(refusal(own, {{"z_w", "chosn"}}), "has no column \"chosn\""));
    QVERIFY(says(refusal(put("cells.csv", "step,loss\n1,0.5\n2\n")), "line 3 has 1 cells where the first line has 2"));
    QVERIFY(says(refusal(put("text.csv", "step,loss\n1,low\n")), "line 2: loss is \"low\"; a number is needed"));
    // As spreadsheets and printf write them.
    const auto loose = imported(put("loose.csv", "\xEF\xBB\xBFstep, loss ,grad_norm\n1, +0.5,-nan\n2,\"0.25\" ,Inf\n"));
    QCOMPARE(loose.column(Column::loss), (std::vector<double>{0.5, 0.25}));
    QVERIFY(std::isnan(loose.column(Column::grad_norm)[0]) && std::isinf(loose.column(Column::grad_norm)[1]));
    QCOMPARE(imported(put("names.csv", "Step,dpo - lr 5e-7 - train/loss\n1,0.5\n")).column(Column::loss)[0], 0.5);
    // The trainer's own count is the step; the user's word is the last.
    const auto counted = imported(put("hist.csv", "_step,train/loss,train/global_step\n0,3,10\n1,2,20\n2,,\n"));
    QCOMPARE(counted.step_numbers(), (std::vector<std::int64_t>{10, 20}));
    const auto chosen = imported(put("given.csv", "step,my_loss,loss\n1,5,9\n"), nullptr, {{"loss", "my_loss"}});
    QCOMPARE(chosen.column(Column::loss)[0], 5.0);
    QVERIFY(says(refusal(put("multi.csv", "Step,a - train/loss,b - train/loss\n1,0.5,0.4\n")),
                 "several columns for loss: \"a - train/loss\" and \"b - train/loss\""));
    QVERIFY(says(refusal(put("two.csv", "run,step,loss\na,1,0.5\nb,1,0.4\n")), "line 3: holds a row of the run \"b\""));
    QVERIFY(says(refusal(put("none.csv", "step,speed\n1,2\n")), "none of its columns is a quantity"));
    QVERIFY(says(refusal(put("open.csv", "step,loss\n1,\"0.5\n2,0.4\n")), "line 2: a cell's quotes are not closed"));
    QVERIFY(says(refusal(put("behind.csv", "step,loss\n1,\"0.5\"x\n")), "line 2: a quoted cell goes on"));
    QVERIFY(says(refusal(put("not.jsonl", "{\"step\": 1}\n"), {{"z_w", "x"}}), "is no table"));
  }

  /// What export writes comes back as it was.
  void a_table_of_our_own() {
    record_rows::write_record(file("run.h5"), 3);
    const RecordReader before = RecordReader::open(file("run.h5"));
    const TableBlock block = before.block(RecordTable::steps);
    const auto after = imported(put("steps.csv", csv_header(block) + csv_lines("run", block)));
    QCOMPARE(after.step_numbers(), before.step_numbers());
    for (int i = 0; i < column_count; ++i)
      QCOMPARE(after.column(static_cast<Column>(i)), before.column(static_cast<Column>(i)));
  }
};

QTEST_GUILESS_MAIN(TestImportTrackers)
#include "test_import_trackers.moc"
