// SPDX-License-Identifier: Apache-2.0
// Runs as jobs: what becomes of them once they are submitted, and how they are ended.
#include "tests/training/fake_slurm.h"

using namespace slurm_test;

class TestServeSlurm : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_run_is_submitted_waits_goes_on_and_ends() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.turn();
    QCOMPARE(slurm.run().job, std::string("77"));
    QVERIFY(slurm.run().state == QueuedRun::State::waiting && slurm.run().at_work());
    const std::string call = slurm.calls("sbatch");
    // The template with the spec and the folder of runs, as it takes them by hand; % stands for itself.
    const fs::path shipped = slurm.runs / ".specs/slurm.sbatch";
    QVERIFY2(
        call.find(shipped.string() + "\n" + slurm.run().spec + "\n" + slurm.runs.string() + "\n") != std::string::npos,
        call.c_str());
    QVERIFY(has_line(call, "--chdir=" + slurm.runs.string()));
    QVERIFY2(call.find("--output=" + slurm.top.string() + "/ru%%ns/.logs/a-") != std::string::npos, call.c_str());
    QVERIFY(!has_line(call, "--gres=gpu:1"));
    QVERIFY(has_line(call, "engine=" + fs::canonical("/proc/self/exe").string()));
    QCOMPARE(read_file(shipped), read_file(BANDSCOPE_SOURCE "/packaging/slurm/run.sbatch"));

    slurm.answer("squeue", job_line(slurm, "PENDING", "Resources"));
    slurm.turns.take(slurm.file, slurm.now);
    slurm.calls("squeue");
    slurm.turns.take(slurm.file, slurm.now + 1s);
    QCOMPARE(slurm.calls("squeue"), std::string());  // a cluster is not asked at every turn
    slurm.turn();
    QCOMPARE(slurm.run().reason.english(), std::string("job 77 waits in Slurm: Resources"));
    QVERIFY(slurm.run().state == QueuedRun::State::waiting);
    slurm.answer("squeue", job_line(slurm, "RUNNING"));
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::running && slurm.run().reason.empty());
    // It is taken from its node and waits again, without another submission.
    slurm.answer("squeue", job_line(slurm, "REQUEUED"));
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::waiting);
    slurm.write_engine();
    slurm.answer("squeue", job_line(slurm, "FAILED"));  // the record tells why
    slurm.turn();
    QVERIFY(slurm.empty());
    QCOMPARE(slurm.calls("sbatch"), std::string());
  }

  void a_killed_job_is_said_in_words() {
    FakeSlurm slurm;
    const std::pair<const char*, const char*> words[] = {
        {"TIMEOUT", "Slurm ended job 77: its time limit was reached"},
        {"OUT_OF_MEMORY", "Slurm ended job 77: it took more memory than it had asked for"},
        {"NODE_FAIL", "Slurm ended job 77: its node failed"},
        {"PREEMPTED", "Slurm ended job 77: another one took its place"},
        {"CANCELLED", "job 77 was cancelled in Slurm"},
        {"REVOKED", "Slurm ended job 77 (REVOKED)"}};
    for (const auto& [state, sentence] : words) {
      slurm.answer("squeue", "");
      slurm.answer("sacct", "");
      slurm.add("a");
      slurm.turn();
      slurm.write_engine();
      slurm.answer("sacct", std::string("77|") + state + (std::string(state) == "CANCELLED" ? " by 0\n" : "\n"));
      slurm.turn();
      QVERIFY(slurm.run().state == QueuedRun::State::failed);
      QCOMPARE(slurm.run().reason.english(), std::string(sentence));
      QVERIFY(!slurm.run().at_work());
    }
  }

  void an_engine_that_fails_before_its_record_is_quoted() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.turn();
    FakeSlurm::put(slurm.run().log, "srun: something\nbandscope-engine: the model is gone\n");
    slurm.answer("squeue", job_line(slurm, "FAILED"));
    slurm.turn();
    QVERIFY2(slurm.run().reason.english().find("the model is gone") != std::string::npos,
             slurm.run().reason.english().c_str());
  }

  void a_job_that_nobody_knows_ends_at_the_second_look() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.turn();
    slurm.fail("sacct", "Slurm accounting storage is disabled");
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::waiting);
    slurm.turn();
    QVERIFY(slurm.run().state == QueuedRun::State::failed);
  }

  void a_job_is_ended() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.turn();
    slurm.answer("squeue", job_line(slurm, "RUNNING"));
    slurm.turn();
    slurm.ask_for_end();
    slurm.fail("scancel", "away");
    slurm.turn();
    slurm.turns.take(slurm.file, slurm.now + 1s);
    QCOMPARE(slurm.calls("scancel"), std::string("--signal=TERM\n77\nengine=\n"));  // once until the next look
    slurm.mend("scancel");
    slurm.turn();
    QVERIFY(slurm.run().stop == QueuedRun::Stop::told);
    slurm.turn();
    QCOMPARE(slurm.calls("scancel"), std::string("--signal=TERM\n77\nengine=\n"));
    slurm.answer("squeue", job_line(slurm, "FAILED"));
    slurm.turn();
    QVERIFY(slurm.empty());
    // One that waits goes at once.
    slurm.answer("squeue", "");
    slurm.add("a");
    slurm.turn();
    slurm.ask_for_end();
    slurm.turns.take(slurm.file, slurm.now + 1s);
    QCOMPARE(slurm.calls("scancel"), std::string("77\nengine=\n"));
    QVERIFY(slurm.empty());
  }

  void a_job_of_another_name_is_not_ended() {
    FakeSlurm slurm;
    slurm.add("a");
    slurm.turn();
    const auto name_job = [&](const std::string& number) {
      slurm.file.change([&](Queue& queue, const QueueFile::Save&) { queue.runs.front().job = number; });
    };
    name_job("123");
    slurm.answer("squeue", "123|RUNNING|None|thesis\n" + job_line(slurm, "RUNNING"));
    slurm.ask_for_end();
    slurm.turn();
    QCOMPARE(slurm.calls("scancel"), std::string());
    QCOMPARE(slurm.run().reason.english(),
             std::string("job 123 is called thesis in Slurm, as none of this run is: it is not cancelled"));
    // Nor one that is none of the user's.
    name_job("124");
    slurm.answer("sacct", "124|RUNNING\n");
    slurm.turn();
    QCOMPARE(slurm.calls("scancel"), std::string());
    name_job("77");
    slurm.turn();
    QCOMPARE(slurm.calls("scancel"), std::string("--signal=TERM\n77\nengine=\n"));
  }
};

QTEST_GUILESS_MAIN(TestServeSlurm)
#include "test_serve_slurm.moc"
