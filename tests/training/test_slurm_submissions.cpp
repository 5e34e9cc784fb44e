// SPDX-License-Identifier: Apache-2.0
// Runs that become jobs: what is asked of Slurm's programs, and what is made of answers that are late, odd or missing.
#include "tests/training/fake_slurm.h"

using namespace slurm_test;

class TestSlurmSubmissions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_its_programs_print_is_checked() {
    QVERIFY(read_submitted("77\n") == "77");
    QVERIFY(read_submitted("sbatch: welcome\n 78;cluster \n\n") == "78");
    for (const char* wrong : {"", "\n", "77x", "-1", "0", "Submitted batch job 77", "7;7\n8 8", "1234567890123456789"})
      QVERIFY2(!read_submitted(wrong), wrong);
    const auto jobs = read_squeue(
        "1|PENDING|Priority|a|b\n2_[1-3]|RUNNING|None|x\n3|running|None|x\n4|RUNNING|\x1b[31m|name\n5|"
        "RUNNING\nnonsense\n"
        " 6 | COMPLETED | None | y \n");
    QVERIFY(jobs ==
            (std::vector<SlurmJob>{
                {"1", "PENDING", "Priority", "a|b"}, {"4", "RUNNING", "", "name"}, {"6", "COMPLETED", "", "y"}}));
    QVERIFY(read_sacct("77|COMPLETED\n77.batch|FAILED\n", "77") == "COMPLETED");
    QVERIFY(read_sacct("77|CANCELLED by 1000\n", "77") == "CANCELLED");
    for (const char* wrong : {"", "77", "78|FAILED\n", "77|ended\n"}) QVERIFY2(!read_sacct(wrong, "77"), wrong);
    QVERIFY(phase_of("SOMETHING_NEW") == JobPhase::unknown);
  }

  /// Slurm's programs go on trying for minutes: a job that is there without a word is the run's, and no second one.
  void a_job_whose_number_was_not_told_is_found_by_its_name() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.answer("sbatch", "a new version's words\n");
    slurm.answer("squeue", "");
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::starting && slurm.run().job.empty());
    QVERIFY(slurm.run().reason.english().find("no number") != std::string::npos);
    QVERIFY(!slurm.calls("sbatch").empty());
    slurm.answer("squeue", job_line(slurm, "PENDING"));
    slurm.turn();
    QCOMPARE(slurm.run().job, std::string("77"));
    QVERIFY(slurm.run().state == QueuedRun::State::waiting);
    QVERIFY(slurm.calls("sbatch").empty());
  }

  /// One that is not there is submitted again.
  void a_job_that_was_not_taken_is_submitted_again() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.answer("sbatch", "");
    slurm.answer("squeue", "");
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::starting);
    slurm.answer("sbatch", "77\n");
    slurm.calls("sbatch");
    slurm.turn();
    QCOMPARE(slurm.run().job, std::string("77"));
    QVERIFY(!slurm.calls("sbatch").empty());
  }

  void a_controller_that_is_away_costs_nothing() {
    FakeSlurm slurm;
    slurm.fail("squeue", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n");
    slurm.add("a");
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::waiting && slurm.run().job.empty());
    QVERIFY2(slurm.run().reason.english().find("Unable to contact") != std::string::npos,
             slurm.run().reason.english().c_str());
    QCOMPARE(slurm.calls("sbatch"), std::string());
    slurm.mend("squeue");
    slurm.turn();
    QCOMPARE(slurm.run().job, std::string("77"));
    slurm.fail("squeue", "away\n");
    slurm.turn();
    QCOMPARE(slurm.run().job, std::string("77"));
  }

  void a_submission_that_fails_is_said() {
    FakeSlurm slurm;
    slurm.answer("sbatch", "sbatch: 77 jobs\n");
    slurm.add("a");
    slurm.turn();
    QCOMPARE(slurm.run().reason.english(), "sbatch gave no number for the job of a-" + slurm.run().id.substr(0, 8));
    slurm.fail("sbatch",
               "\nsbatch: error: invalid partition specified: x\nsbatch: error: Batch job submission failed\n");
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::failed);
    QCOMPARE(slurm.run().reason.english(), std::string("sbatch failed: sbatch: error: invalid partition specified: x"));
    qputenv("PATH", "/nowhere");
    slurm.add("b");
    slurm.turn();
    QVERIFY(slurm.run(1).state == QueuedRun::State::waiting);
    QVERIFY2(slurm.run(1).reason.english().find("squeue cannot be started") != std::string::npos,
             slurm.run(1).reason.english().c_str());
  }

  void a_number_that_was_not_kept_is_found_again() {
    FakeSlurm slurm;
    slurm.add("a");
    const auto as_killed = [&] {
      slurm.file.change([](Queue& queue, const QueueFile::Save&) {
        queue.runs.front().state = QueuedRun::State::starting;
        queue.runs.front().job.clear();
      });
    };
    as_killed();
    slurm.answer("squeue", job_line(slurm, "RUNNING"));
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::running && slurm.run().job == "77");
    QCOMPARE(slurm.calls("sbatch"), std::string());
    as_killed();
    slurm.answer("squeue", "77|RUNNING|None|another\n");
    slurm.turn();
    QVERIFY(has_line(slurm.calls("sbatch"), slurm.run().spec));
  }

  void a_run_waits_where_sbatch_cannot_be_asked() {
    FakeSlurm slurm;
    for (const char* name : {"a", "b"}) slurm.add(name);
    fs::rename(slurm.top / "bin/sbatch", slurm.top / "sbatch");
    QVERIFY_EXCEPTION_THROWN(slurm.turn(), RunError);
    for (std::size_t at : {0U, 1U})
      QVERIFY(slurm.run(at).state == QueuedRun::State::waiting && slurm.run(at).job.empty());
    fs::rename(slurm.top / "sbatch", slurm.top / "bin/sbatch");
    slurm.turn();
    QCOMPARE(slurm.run(0).job, std::string("77"));
    // Nor is anything written where a link leads.
    fs::rename(slurm.runs / ".logs", slurm.top / "logs");
    fs::create_directory_symlink(slurm.top / "logs", slurm.runs / ".logs");
    slurm.add("c");
    QVERIFY_EXCEPTION_THROWN(slurm.turn(), RunError);
    QVERIFY(slurm.run(2).state == QueuedRun::State::waiting && slurm.run(2).log.empty());
  }

  void the_users_template_comes_first() {
    FakeSlurm slurm;
    slurm.add("a", "cuda");
    slurm.turn();
    QVERIFY(has_line(slurm.calls("sbatch"), "--gres=gpu:1"));
    FakeSlurm::put(slurm.top / "config/bandscope/slurm.sbatch", "#!/bin/sh\n");
    slurm.add("b", "cuda");
    slurm.turn();
    const std::string call = slurm.calls("sbatch");
    QVERIFY(has_line(call, (slurm.top / "config/bandscope/slurm.sbatch").string()));
    QVERIFY(!has_line(call, "--gres=gpu:1"));
  }

  void nothing_is_submitted_beyond_the_limit_or_while_paused() {
    FakeSlurm slurm;
    slurm.file.change([](Queue& queue, const QueueFile::Save&) {
      queue.at_once[kSlurmDevice] = 1;
      queue.paused = true;
    });
    slurm.add("a");
    slurm.add("b");
    slurm.turn();
    QCOMPARE(slurm.calls("sbatch"), std::string());
    slurm.file.change([](Queue& queue, const QueueFile::Save&) { queue.paused = false; });
    slurm.turn();
    QVERIFY(!slurm.run(0).job.empty() && slurm.run(1).job.empty());
    // A job is no engine of this machine.
    slurm.file.change([](Queue& queue, const QueueFile::Save& save) { take_turns(queue, save); });
    QVERIFY(slurm.run(1).state == QueuedRun::State::waiting);
  }

  void a_program_that_hangs_or_never_stops_printing_is_ended() {
    const auto hung = program_output({"sh", "-c", "echo began; sleep 1000 & sleep 1000"}, {300ms, 100});
    QVERIFY(!hung.code);
    QCOMPARE(hung.out, std::string("began\n"));
    const auto long_one = program_output({"sh", "-c", "head -c 3000000 /dev/zero; echo bad >&2; exit 3"}, {5min, 100});
    QVERIFY(long_one.code == 3 && long_one.out.size() == 100 && !long_one.whole);
    QCOMPARE(long_one.error, std::string("bad\n"));
    const auto told = program_output({"sh", "-c", "echo $COLOUR; cat"}, {5min, 100}, {{"COLOUR", "red"}});
    QVERIFY(told.code == 0 && told.out == "red\n" && told.whole);
    qputenv("COLOUR", "blue");
    const auto seen = program_output({"env"}, {5min, 100'000}, {{"COLOUR", "red"}}).out;
    QVERIFY(seen.find("COLOUR=red\n") != std::string::npos && seen.find("COLOUR=blue") == std::string::npos);
    QVERIFY(program_output({"sh", "-c", "kill -9 $$"}, {5min, 100}).code == 128 + 9);
    QVERIFY_EXCEPTION_THROWN(program_output({"no-such-program-here"}, {5min, 100}), RunError);
  }
};

QTEST_GUILESS_MAIN(TestSlurmSubmissions)
#include "test_slurm_submissions.moc"
