// SPDX-License-Identifier: Apache-2.0
// Slurm's programs for tests: scripts that keep how they were called, and answer what the test says.
#pragma once

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/error.h"
#include "core/input/file.h"
#include "core/process/program_output.h"
#include "core/record/run_folder.h"
#include "training/queue/keeper.h"
#include "training/queue/slurm_turns.h"

namespace slurm_test {

namespace fs = std::filesystem;
using namespace bandscope;
using namespace bandscope::queue;
using namespace std::chrono_literals;

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

inline std::string job_line(const FakeSlurm& slurm, const std::string& state, const std::string& why = "None") {
  return "77|" + state + "|" + why + "|a-" + slurm.run().id.substr(0, 8) + "\n";
}

inline bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace slurm_test
