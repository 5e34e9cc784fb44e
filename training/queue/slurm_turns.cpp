// SPDX-License-Identifier: Apache-2.0
#include "training/queue/slurm_turns.h"

#include <algorithm>
#include <functional>

#include "core/error.h"
#include "core/input/file.h"
#include "core/queue/settle.h"
#include "core/spec/run_spec.h"
#include "training/queue/fresh_log.h"

namespace bandscope::queue {
namespace {

using State = QueuedRun::State;
using Stop = QueuedRun::Stop;

/// Of no other job of the user, so that one whose number was not kept is found again.
std::string job_name(const QueuedRun& run) { return run.name + "-" + run.id.substr(0, 8); }

bool wants_gpu(const QueuedRun& run) {
  const auto specs = parse_run_specs(read_file(run.spec, kMostSpecBytes), run.spec, run.runs);
  return specs.size() == 1 && specs.front().run.device.starts_with("cuda");
}

void fail(QueuedRun& run, Message reason) {
  run.state = State::failed;
  run.reason = std::move(reason);
  run.job.clear();
  run.stop = Stop::no;
}

/// Changes the run with this id, if it is still there.
void change_run(const QueueFile& file, const std::string& id, const std::function<void(QueuedRun&)>& change) {
  file.change([&](Queue& queue, const QueueFile::Save&) {
    const auto at = std::ranges::find(queue.runs, id, &QueuedRun::id);
    if (at != queue.runs.end()) change(*at);
  });
}

/// Ended runs that the record or nobody tells of any more.
void drop(QueuedRun& run) { run.id.clear(); }

}  // namespace

void SlurmTurns::take(const QueueFile& file, Time now) {
  Queue queue = file.load();
  const auto ours = [](const QueuedRun& run) { return run.by_slurm() && run.state != State::failed; };
  if (std::ranges::none_of(queue.runs, ours)) return;
  if (!looked_ || now - *looked_ >= between_looks) {
    looked_ = now;
    look(file, queue);
    queue = file.load();
  }
  if (!problem_.empty()) return;
  end_asked(file, queue);
  submit_waiting(file);
}

void SlurmTurns::look(const QueueFile& file, const Queue& queue) {
  std::vector<SlurmJob> jobs;
  std::set<std::string> missing;
  problem_ = {};
  refused_.clear();
  try {
    jobs = jobs_of_user();
    names_.clear();
    for (const SlurmJob& job : jobs) names_[job.number] = job.name;
  } catch (const RunError& error) {
    problem_ = Message::tr("Slurm cannot be asked: %1", error.message());
  }
  for (const QueuedRun& run : queue.runs) {
    const auto listed = [&](const SlurmJob& job) { return job.number == run.job; };
    if (run.job.empty() || !problem_.empty() || std::ranges::any_of(jobs, listed)) continue;
    // Those that ended some minutes ago are in the accounts only.
    if (auto state = accounted_state(run.job)) {
      jobs.push_back({run.job, *state, "", job_name(run)});
    } else {
      missing.insert(run.job);
    }
  }
  file.change([&](Queue& now, const QueueFile::Save&) {
    for (QueuedRun& run : now.runs) {
      if (!run.by_slurm() || run.state == State::failed) continue;
      if (!problem_.empty()) {
        if (run.state == State::waiting) run.reason = problem_;
      } else if (run.state == State::starting || !run.job.empty()) {
        settle(run, jobs);
      }
    }
    std::erase_if(now.runs, [](const QueuedRun& run) { return run.id.empty(); });
  });
  missing_ = std::move(missing);
}

void SlurmTurns::settle(QueuedRun& run, const std::vector<SlurmJob>& jobs) {
  const auto job = std::ranges::find_if(jobs, [&](const SlurmJob& known) {
    return run.job.empty() ? known.name == job_name(run) : known.number == run.job;
  });
  if (job == jobs.end()) {
    if (run.job.empty()) {  // whoever was about to submit it was ended before
      run.state = State::waiting;
    } else if (missing_.contains(run.job)) {
      if (recorded(run) || run.stop != Stop::no) return drop(run);  // the record tells the rest
      fail(run, Message::tr("Slurm knows job %1 no more, and there is no record of its run", run.job));
    }
    return;
  }
  run.job = job->number;
  const JobPhase phase = phase_of(job->state);
  if (phase == JobPhase::waiting) {
    run.state = State::waiting;
    run.reason = job->why.empty() ? Message::tr("job %1 waits in Slurm", run.job)
                                  : Message::tr("job %1 waits in Slurm: %2", run.job, job->why);
  } else if (phase == JobPhase::running) {
    run.state = State::running;
    run.reason = {};
  } else if (phase == JobPhase::ended || phase == JobPhase::killed) {
    if (run.stop != Stop::no) return drop(run);
    if (phase == JobPhase::killed) return fail(run, killed_words(run.job, job->state));
    if (recorded(run)) return drop(run);
    fail(run, why_unrecorded(run));
  }
}

void SlurmTurns::submit_waiting(const QueueFile& file) {
  std::vector<QueuedRun> next;
  file.change([&](Queue& queue, const QueueFile::Save&) {
    if (queue.paused) return;
    for (QueuedRun& run : queue.runs) {
      const bool waits = run.by_slurm() && run.state == State::waiting && run.job.empty();
      if (!waits || queue.active(kSlurmDevice) >= queue.limit(kSlurmDevice)) continue;
      run.state = State::starting;
      run.started = now_ms();
      run.log = fresh_log(run);
      run.reason = {};
      next.push_back(run);
    }
  });
  for (auto at = next.begin(); at != next.end(); ++at) {
    const QueuedRun& run = *at;
    std::string number;
    Message problem;
    try {
      number = submit({job_name(run), run.runs, run.spec, run.log, wants_gpu(run)});
      names_[number] = job_name(run);
    } catch (const NotNow&) {
      for (; at != next.end(); ++at) change_run(file, at->id, [](QueuedRun& now) { now.wait_again(); });
      throw;
    } catch (const NoAnswer& error) {
      // The next look finds the job by its name, or has it submitted again.
      change_run(file, run.id, [&](QueuedRun& now) { now.reason = error.message(); });
      continue;
    } catch (const Error& error) {
      problem = error.message();
    }
    change_run(file, run.id, [&](QueuedRun& now) {
      if (number.empty()) return fail(now, problem);
      now.state = State::waiting;
      now.job = number;
      now.reason = Message::tr("job %1 waits in Slurm", number);
    });
  }
}

void SlurmTurns::end_asked(const QueueFile& file, const Queue& queue) {
  for (const QueuedRun& run : queue.runs) {
    if (run.stop != Stop::asked || run.job.empty() || refused_.contains(run.job)) continue;
    // A queue that others write in may name any job of the user's.
    const auto name = names_.find(run.job);
    if (name == names_.end()) continue;
    if (name->second != job_name(run)) {
      refused_.insert(run.job);
      change_run(file, run.id, [&](QueuedRun& now) {
        now.reason = Message::tr("job %1 is called %2 in Slurm, as none of this run is: it is not cancelled", run.job,
                                 name->second);
      });
      continue;
    }
    const bool runs = run.state == State::running;
    try {
      cancel(run.job, runs);
    } catch (const RunError& error) {
      refused_.insert(run.job);  // tried again after the next look: it may have ended by itself
      change_run(file, run.id, [&](QueuedRun& now) { now.reason = error.message(); });
      continue;
    }
    file.change([&](Queue& now, const QueueFile::Save&) {
      if (!runs) std::erase_if(now.runs, [&](const QueuedRun& known) { return known.id == run.id; });
      for (QueuedRun& known : now.runs)
        if (known.id == run.id) known.stop = Stop::told;
    });
  }
}

}  // namespace bandscope::queue
