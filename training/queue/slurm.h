// SPDX-License-Identifier: Apache-2.0
// Runs as jobs of Slurm: sbatch, squeue, sacct and scancel, as far as the queue needs them. What they print is another
// program's text, and looked at before anything is believed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/message/message.h"
#include "core/queue/queue.h"

namespace bandscope::queue {

/// What was to be asked of Slurm was not asked: its program cannot be started, or what it is to read cannot be written.
struct NotNow : RunError {
  using RunError::RunError;
};

/// It was asked, and did not say in time or in a form that is known what it has done.
struct NoAnswer : RunError {
  using RunError::RunError;
};

/// A job as squeue lists it.
struct SlurmJob {
  std::string number;  ///< digits
  std::string state;   ///< Slurm's word: PENDING, RUNNING, …
  std::string why;     ///< that it waits, in Slurm's words: Priority, Resources, …; may be empty
  std::string name;
  bool operator==(const SlurmJob&) const = default;
};

/// Of what `sbatch --parsable` prints: "NUMBER" or "NUMBER;CLUSTER" in its last line. Nothing where it is neither.
std::optional<std::string> read_submitted(std::string_view text);
/// Of `squeue --noheader --format=%i|%T|%r|%j`. Lines of another form, as of arrays, are left out.
std::vector<SlurmJob> read_squeue(std::string_view text);
/// The state of job `number` in what `sacct --parsable2 --format=JobID,State` prints; nothing where it is not in it.
std::optional<std::string> read_sacct(std::string_view text, std::string_view number);

/// What a state says of a job.
enum class JobPhase {
  waiting,  ///< also one that is started again
  running,
  ended,   ///< by itself: the engine's exit code and the record say the rest
  killed,  ///< by Slurm, or whoever told it to
  unknown  ///< another word
};
JobPhase phase_of(std::string_view state);
/// Why a job was killed, in a sentence.
Message killed_words(const std::string& number, const std::string& state);

/// The template that runs are submitted with: $XDG_CONFIG_HOME/bandscope/slurm.sbatch where there is one, else the
/// shipped packaging/slurm/run.sbatch, which is written to RUNS/.specs. It is given the spec and the folder of runs.
struct SlurmTemplate {
  std::filesystem::path file;
  bool own = false;  ///< the user's
};
SlurmTemplate slurm_template(const std::filesystem::path& runs);

struct Submission {
  std::string name;  ///< of the job
  std::filesystem::path runs, spec, log;
  bool gpu = false;  ///< the spec asks for one; the user's own template says so itself
};
/// The job's number. Throws RunError with what sbatch says, NotNow where it was not asked, and NoAnswer where the job
/// may be there all the same: by its name it is found.
std::string submit(const Submission& run);
/// The user's jobs, those that have ended within the last minutes among them. Throws RunError.
std::vector<SlurmJob> jobs_of_user();
/// Nothing where Slurm's accounting does not know it, or there is none.
std::optional<std::string> accounted_state(const std::string& number);
/// Ends a job: one that runs by SIGTERM to what srun has started, so that the engine writes a checkpoint; one that
/// waits by taking it out. Throws RunError.
void cancel(const std::string& number, bool running);

}  // namespace bandscope::queue
