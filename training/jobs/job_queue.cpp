// SPDX-License-Identifier: Apache-2.0
#include "training/jobs/job_queue.h"

#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/process/stop_signals.h"
#include "core/schema/spoken.h"
#include "training/jobs/child.h"
#include "training/jobs/devices.h"

namespace bandscope::jobs {
namespace {

constexpr int done = static_cast<int>(ExitCode::done), failed = static_cast<int>(ExitCode::failed),
              stopped = static_cast<int>(ExitCode::stopped);
constexpr int most_attempts = 2;
constexpr int first_signal_code = 128;

/// A folder for the children's specs that goes when the queue does.
class SpecFolder {
 public:
  SpecFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "bandscope-jobs-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw RunError(Message::at(name, Message::tr("cannot be made")));
    path_ = name;
  }
  ~SpecFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  SpecFolder(const SpecFolder&) = delete;
  SpecFolder& operator=(const SpecFolder&) = delete;

  std::filesystem::path write(const RunSpec& spec) const {
    const auto file = path_ / (spec.run.name + ".toml");
    std::ofstream out(file, std::ios::trunc);
    out << to_toml(spec);
    out.close();
    if (!out) throw RunError(Message::at(file, Message::tr("cannot be written")));
    return file;
  }

 private:
  std::filesystem::path path_;
};

struct Job {
  RunSpec spec;
  int attempts = 0;
};

/// A place at which one run at a time goes on.
struct Place {
  std::string device;
  std::string gpu;  // that its run was told to take; empty: none
  std::unique_ptr<Child> child;
  Job job;
  std::string json;  // the child's line about its run
  std::string last_words;
  std::string label() const { return "[" + job.spec.run.device + (gpu.empty() ? "" : ", GPU " + gpu) + "] "; }
};

class Queue {
 public:
  Queue(const std::vector<RunSpec>& specs, const JobOptions& options) : options_(options), total_(specs.size()) {
    for (const RunSpec& spec : specs) waiting_.push_back({spec});
    for (const std::string& device : options.places) places_.push_back({device});
  }

  int run() {
    for (;;) {
      tell_signals();
      if (!told_) fill();
      if (!going_on()) break;
      wait_for_output();
      for (Place& place : places_) look_at(place);
    }
    if (told_) {
      if (!waiting_.empty()) std::cerr << waiting_.size() << " runs were not started\n";
      return stopped;
    }
    return code_;
  }

 private:
  bool going_on() const {
    for (const Place& place : places_)
      if (place.child) return true;
    return false;
  }

  void fill() {
    for (Place& place : places_) {
      if (place.child || waiting_.empty()) continue;
      place.job = std::move(waiting_.front());
      waiting_.pop_front();
      start(place);
    }
  }

  void start(Place& place) {
    RunSpec& spec = place.job.spec;
    if (!place.device.empty()) spec.run.device = place.device;
    if (++place.job.attempts > 1) spec.run.resume = true;
    place.json.clear();
    place.last_words.clear();
    std::vector<std::pair<std::string, std::string>> environment = {{kSpeakVariable, ""}};
    if (!std::getenv("OMP_NUM_THREADS"))
      environment.emplace_back("OMP_NUM_THREADS", std::to_string(threads_per_job(static_cast<int>(places_.size()))));
    // Runs that leave the GPU to the engine would all take the first one.
    place.gpu = gpu_of_place(static_cast<std::size_t>(&place - places_.data()), spec.run.device, gpus_);
    if (!place.gpu.empty()) environment.emplace_back("CUDA_VISIBLE_DEVICES", place.gpu);
    std::vector<std::string> arguments = {
        specs_.write(spec).string(), "--runs", options_.runs_folder.string(), "--json", "--origin", options_.spec};
    for (const std::string& set : options_.sets) arguments.insert(arguments.end(), {"--origin-set", set});
    place.child = std::make_unique<Child>(arguments, environment);
    std::cerr << place.label() << printable(spec.run.name)
              << (place.job.attempts > 1 ? "  starts again\n" : "  starts\n") << std::flush;
  }

  void tell_signals() {
    const int signal = stop_signal();
    if (signal == 0 || told_) return;
    told_ = true;
    for (const Place& place : places_)
      if (place.child) place.child->signal(signal);
  }

  void wait_for_output() const {
    std::vector<pollfd> pipes;
    for (const Place& place : places_) {
      if (!place.child) continue;
      for (int pipe : {place.child->out(), place.child->error()})
        if (pipe >= 0) pipes.push_back({pipe, POLLIN, 0});
    }
    constexpr int patience_ms = 100;  // signals and ends of processes are looked for between
    ::poll(pipes.data(), pipes.size(), patience_ms);
  }

  void look_at(Place& place) {
    if (!place.child) return;
    const std::optional<int> code = place.child->ended();  // before reading: what was said until then is in the pipes
    const Child::Lines lines = place.child->read();
    for (const std::string& line : lines.error) {
      std::cerr << place.label() << printable(line) << '\n';
      place.last_words = line;
    }
    std::cerr << std::flush;
    for (const std::string& line : lines.out) place.json = line;
    if (!code) return;
    place.child.reset();
    finish(place, *code);
  }

  void finish(Place& place, int code) {
    Job& job = place.job;
    const bool killed = code > first_signal_code && code != stopped;
    const bool again = (code == failed || killed) && job.attempts < most_attempts && !told_;
    if (killed)
      std::cerr << place.label() << printable(job.spec.run.name) << "  was killed by signal "
                << code - first_signal_code << '\n';
    if (again) {
      std::cerr << place.label() << printable(job.spec.run.name) << "  failed and is tried once more after the others\n"
                << std::flush;
      waiting_.push_back(std::move(job));
      return;
    }
    ++finished_;
    const int own = killed ? failed : code;
    if (own != done) {
      ++not_done_;
      if (code_ == done) code_ = own;
    }
    report(place, code, killed);
    std::cerr << "[" << finished_ << "/" << total_ << "] " << printable(job.spec.run.name)
              << (own == done      ? "  done"
                  : own == stopped ? "  stopped"
                                   : "  failed")
              << (not_done_ > 0 ? ", " + std::to_string(not_done_) + " not done so far" : "") << '\n'
              << std::flush;
  }

  void report(const Place& place, int code, bool killed) const {
    if (!options_.json) return;
    const std::optional<nlohmann::json> parsed = try_json(place.json);
    nlohmann::json line;
    if (parsed && parsed->is_object()) {
      line = *parsed;
    } else {
      // A run that never began has no line; one that was killed could not print its own.
      if (!killed && code != failed) return;
      const auto record = std::filesystem::absolute(options_.runs_folder) / place.job.spec.run.name / "run.h5";
      std::error_code unknown;
      line = {{"name", place.job.spec.run.name},
              {"record", std::filesystem::exists(record, unknown) ? nlohmann::json(record.string()) : nlohmann::json()},
              {"state", "failed"},
              {"steps", 0},
              {"seconds", 0.0},
              {"reason", killed ? "killed by signal " + std::to_string(code - first_signal_code) : place.last_words}};
    }
    line["device"] = place.job.spec.run.device;
    line["attempts"] = place.job.attempts;
    std::cout << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }

  const JobOptions& options_;
  const SpecFolder specs_;
  const std::vector<std::string> gpus_ = gpus_here();
  std::deque<Job> waiting_;
  std::vector<Place> places_;
  std::size_t total_, finished_ = 0, not_done_ = 0;
  int code_ = done;
  bool told_ = false;
};

}  // namespace

int run_jobs(const std::vector<RunSpec>& specs, const JobOptions& options) { return Queue(specs, options).run(); }

}  // namespace bandscope::jobs
