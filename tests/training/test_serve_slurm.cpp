// SPDX-License-Identifier: Apache-2.0
// Runs as jobs: what is asked of Slurm's programs, and what is made of their answers, with scripts in their place.
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/error.h"
#include "core/input/file.h"
#include "core/process/program_output.h"
#include "core/record/run_folder.h"
#include "training/queue/keeper.h"
#include "training/queue/slurm_turns.h"

using namespace bandscope;
using namespace bandscope::queue;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Programs that keep how they were called, and answer what the test says.
class FakeSlurm {
 public:
  FakeSlurm() {
    fs::create_directories(top / "bin");
    fs::create_directories(runs);
    for (const char* name : {"sbatch", "squeue", "sacct", "scancel"}) {
      put(top / "bin" / name, "#!/bin/sh\nat=" + top.string() +
                                  "/${0##*/}\nfor word in \"$@\"; do echo \"$word\"; done >> $at.calls\n" +
                                  "echo engine=$BANDSCOPE_ENGINE >> $at.calls\n[ -e $at.out ] && /bin/cat $at.out\n" +
                                  "if [ -e $at.error ]; then /bin/cat $at.error >&2; exit 1; fi\nexit 0\n");
      fs::permissions(top / "bin" / name, fs::perms::owner_all);
    }
    qputenv("PATH", QByteArray::fromStdString((top / "bin").string()));  // without a Slurm that the machine may have
    qputenv("XDG_CONFIG_HOME", QByteArray::fromStdString((top / "config").string()));
    answer("sbatch", "77\n");
  }
  ~FakeSlurm() { qputenv("PATH", path); }

  static void put(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void answer(const std::string& program, const std::string& text) const { put(top / (program + ".out"), text); }
  void fail(const std::string& program, const std::string& words) const { put(top / (program + ".error"), words); }
  void mend(const std::string& program) const { fs::remove(top / (program + ".error")); }
  /// How a program was called since this was last asked, a word a line.
  std::string calls(const std::string& program) const {
    const fs::path kept = top / (program + ".calls");
    std::string words = fs::exists(kept) ? read_file(kept) : "";
    fs::remove(kept);
    return words;
  }

  std::string add(const std::string& name, const std::string& device = "auto") const {
    RunSpec spec;
    spec.run.name = name;
    spec.run.device = device;
    spec.model.path = top / "model";
    spec.data.train = top / "rows.jsonl";
    return add_to_queue(file, {spec}, Start::slurm).front();
  }
  /// A turn after the next look is due.
  void turn() {
    now += SlurmTurns::between_looks;
    turns.take(file, now);
  }
  QueuedRun run(std::size_t at = 0) const { return file.load().runs.at(at); }
  bool empty() const { return file.load().runs.empty(); }
  /// As the engine of a job does once it runs.
  void write_engine() const {
    fs::create_directories(runs / "a");
    write_engine_process(runs / "a", this_process());
    put(runs / "a" / "run.h5", "record");
  }
  void ask_for_end() const {
    file.change([](Queue& queue, const QueueFile::Save&) { queue.runs.front().stop = QueuedRun::Stop::asked; });
  }

  QTemporaryDir folder;
  fs::path top = fs::canonical(folder.path().toStdString()), runs = top / "ru%ns";
  QByteArray path = qgetenv("PATH");
  QueueFile file = queue_of_runs(runs);
  SlurmTurns turns;
  SlurmTurns::Time now{1h};
};

std::string job_line(const FakeSlurm& slurm, const std::string& state, const std::string& why = "None") {
  return "77|" + state + "|" + why + "|a-" + slurm.run().id.substr(0, 8) + "\n";
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

class TestServeSlurm : public QObject {
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

QTEST_GUILESS_MAIN(TestServeSlurm)
#include "test_serve_slurm.moc"
