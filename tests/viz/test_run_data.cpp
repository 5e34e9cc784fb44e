// SPDX-License-Identifier: GPL-3.0-or-later
// Run data from real records: whole, growing, and what their specs say about pairs.
#include <QTemporaryDir>
#include <QTest>

#include "core/error.h"
#include "core/record/record_writer.h"
#include "tests/viz/synthetic.h"
#include "viz/data/run_data.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

std::string spec(const char* name, bool calibrated, double rate = 5e-7) {
  return std::string("[run]\nname = \"") + name + "\"\n[model]\npath = \"/m/SmolLM2\"\n[data]\ntrain = \"hh.jsonl\"\n" +
         "[objective]\nname = \"dpo\"\nlikelihood = \"sum\"\n[calibration]\nenabled = " +
         (calibrated ? "true" : "false") + "\n[optimizer]\nlearning_rate = " + std::to_string(rate * 1e6) + "e-6\n";
}

void append(RecordWriter& writer, const RunData& from, std::size_t first, std::size_t last) {
  for (std::size_t row = first; row < last; ++row) {
    StepRow step;
    step.step = static_cast<std::int64_t>(row + 1);
    for (int column = 0; column < column_count; ++column) {
      const auto c = static_cast<Column>(column);
      step[c] = from.column(c)[row];
    }
    writer.append_step(step, {});
  }
}

}  // namespace

class TestRunData : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_record_is_read_column_by_column() {
    const QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "run.h5";
    const auto made = testing::synthetic_run({.steps = 200, .undefined_from = 20, .undefined_to = 30});
    {
      RecordWriter writer = RecordWriter::create(file, {spec("dpo-rc", true), "{}", {}});
      append(writer, *made, 0, 200);
      writer.append_event({7, 1.5, "rc", Message::plain("reward calibration off")});
      writer.append_probe({0, -1, -2, 1, 0.5});
      writer.set_status(RunState::done);
      writer.close();
    }
    const auto columns = figure_columns("band");
    const RunDataPtr run = load_run_data(file, columns);
    QCOMPARE(run->name, std::string("dpo-rc"));
    QCOMPARE(run->objective, std::string("dpo"));
    QCOMPARE(run->likelihood, std::string("sum"));
    QVERIFY(run->calibrated);
    QCOMPARE(run->state, RunState::done);
    QCOMPARE(run->steps.size(), std::size_t(200));
    QVERIFY(run->has(Column::log_r) && !run->has(Column::z_w));
    for (const Column column : columns) {
      for (std::size_t row = 0; row < 200; ++row) {
        const double a = run->column(column)[row], b = made->column(column)[row];
        QVERIFY(a == b || (std::isnan(a) && std::isnan(b)));
      }
    }
    QCOMPARE(run->events.size(), std::size_t(1));
    QCOMPARE(run->probe.size(), std::size_t(1));
    QCOMPARE(load_run_data(file.parent_path(), columns)->steps.size(), std::size_t(200));  // the folder does as well

    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!load_run_data(file, columns, stop.get_token()));
  }

  void a_live_record_is_followed() {
    const QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "run.h5";
    const auto made = testing::synthetic_run({.steps = 300});
    RecordWriter writer = RecordWriter::create(file, {spec("dpo", false), "{}", {}});
    append(writer, *made, 0, 100);
    const std::vector<Column> columns = {Column::z_w};
    RunFollower follower(file, columns);
    const RunDataPtr early = follower.snapshot();
    QCOMPARE(early->steps.size(), std::size_t(100));
    append(writer, *made, 100, 300);
    QVERIFY(follower.refresh());
    QCOMPARE(follower.snapshot()->steps.size(), std::size_t(300));
    QCOMPARE(follower.snapshot()->column(Column::z_w)[299], made->column(Column::z_w)[299]);
    QCOMPARE(early->column(Column::z_w).size(), std::size_t(100));  // as it was
    const std::vector<Column> more = {Column::z_l};
    follower.need(more);
    QCOMPARE(follower.snapshot()->column(Column::z_l)[0], made->column(Column::z_l)[0]);
    QCOMPARE(follower.snapshot()->column(Column::z_l).size(), std::size_t(300));
    QVERIFY(!follower.refresh());
    writer.close();
  }

  /// What a resumed run puts in its place has lost the rows behind the checkpoint, and may be as long again.
  void a_record_in_the_place_of_another_is_read_anew() {
    const QTemporaryDir folder;
    const std::filesystem::path top = folder.path().toStdString(), file = top / "run.h5";
    const auto made = testing::synthetic_run({.steps = 50}),
               other = testing::synthetic_run({.steps = 60, .calibrated = true});
    const auto write = [](const std::filesystem::path& to, const RunData& rows, const char* event) {
      RecordWriter writer = RecordWriter::create(to, {spec("dpo", false), "{}", {}});
      append(writer, rows, 0, rows.steps.size());
      writer.append_event({7, 1.5, "checkpoint", Message::plain("step-7")});
      writer.append_event({8, 1.6, event, Message::plain(event)});
      writer.append_probe({0, rows.column(Column::z_w)[0], -2, 1, 0.5});
      writer.close();
    };
    write(file, *made, "rc");
    const std::vector<Column> columns = {Column::z_w};
    RunFollower follower(file, columns);
    QCOMPARE(follower.snapshot()->events.back().kind, std::string("rc"));
    write(top / "next.h5", *other, "resume");
    std::filesystem::rename(top / "next.h5", file);
    QVERIFY(follower.refresh());
    const RunDataPtr now = follower.snapshot();
    QCOMPARE(now->steps.size(), std::size_t(60));
    for (const std::size_t row : {0, 10, 49, 59})
      QCOMPARE(now->column(Column::z_w)[row], other->column(Column::z_w)[row]);
    QCOMPARE(now->events.size(), std::size_t(2));
    QCOMPARE(now->events.back().kind, std::string("resume"));
    QCOMPARE(now->probe[0].z_w, other->column(Column::z_w)[0]);
  }

  void what_has_not_changed_is_no_other_snapshot() {
    const QTemporaryDir folder;
    const std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "run.h5";
    RecordWriter writer = RecordWriter::create(file, {spec("dpo", false), "{}", {}});
    append(writer, *testing::synthetic_run({.steps = 3}), 0, 3);
    const std::vector<Column> columns = {Column::z_w};
    RunFollower follower(file, columns);
    const RunDataPtr first = follower.snapshot();
    follower.need(columns);
    QVERIFY(!follower.refresh());
    QVERIFY(follower.snapshot() == first);
    // A column whose reading was stopped is read at the next look.
    std::stop_source stop;
    stop.request_stop();
    const std::vector<Column> more = {Column::z_l};
    follower.need(more, stop.get_token());
    QVERIFY(follower.snapshot() == first);
    follower.need(more);
    QVERIFY(follower.snapshot()->has(Column::z_l));
    writer.close();
  }

  void a_file_that_is_no_record_is_refused() {
    QVERIFY_EXCEPTION_THROWN(load_run_data("/no/such/run.h5", {}), DataError);
  }

  void runs_of_one_spec_are_paired() {
    const auto run = [](const char* name, bool calibrated, double rate = 5e-7) {
      auto made = std::make_shared<RunData>();
      describe(*made, read_run_card(spec(name, calibrated, rate), "{}"));
      return RunDataPtr(made);
    };
    const auto a = run("a", false), a_rc = run("a-rc", true), b = run("b", false, 1e-6), b_rc = run("b-rc", true, 1e-6);
    QCOMPARE(a->pair_key, a_rc->pair_key);
    QVERIFY(a->pair_key != b->pair_key);
    const auto pairs = pair_runs({b_rc, a, b, a_rc});
    QCOMPARE(pairs.size(), std::size_t(2));
    QCOMPARE(pairs[0].without, b);
    QCOMPARE(pairs[0].with, b_rc);
    QCOMPARE(pairs[1].without, a);
    QCOMPARE(pairs[1].with, a_rc);
    QCOMPARE(pair_runs({a, b_rc}).size(), std::size_t(1));  // of one objective, and no other choice
    QCOMPARE(pair_runs({a, b}).size(), std::size_t(2));     // both without calibration
  }

  /// The paper's Table 3: momenta of calibration beside the run without it.
  void settings_of_calibration_do_not_part_a_pair() {
    const auto run = [](const char* name, bool calibrated, double momentum) {
      auto made = std::make_shared<RunData>();
      const std::string text =
          "[run]\nname = \"" + std::string(name) +
          "\"\n[objective]\nname = \"dpo\"\n[calibration]\nenabled = " + (calibrated ? "true" : "false") +
          "\nmomentum = " + std::to_string(momentum) + "\n";
      describe(*made, read_run_card(text, "{}"));
      return RunDataPtr(made);
    };
    const auto plain = run("plain", false, 0.98), slow = run("slow", true, 0.9), fast = run("fast", true, 0.5);
    const auto pairs = pair_runs({slow, fast, plain});
    QCOMPARE(pairs[0].with, slow);
    QCOMPARE(pairs[0].without, plain);
    QCOMPARE(pairs[1].with, fast);
    QVERIFY(!pairs[1].without);
  }
};

QTEST_MAIN(TestRunData)
#include "test_run_data.moc"
