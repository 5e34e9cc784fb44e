// SPDX-License-Identifier: Apache-2.0
#include "training/queue/slurm.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "core/cache_folder.h"
#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/process/program_output.h"
#include "core/queue/own_folder.h"
#include "training/queue/shipped_template.h"

namespace bandscope::queue {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_state = 32, most_why = 100, most_name = 1024;
/// Slurm's programs go on trying for minutes while its controller is away.
constexpr ProgramLimits limits{std::chrono::seconds(20), 8 << 20};

template <class Take>
void each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_state(std::string_view text) {
  return !text.empty() && text.size() <= most_state &&
         std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// The next part of `line` up to a bar, which is taken away with it; nothing where there is none.
std::optional<std::string_view> next_part(std::string_view& line) {
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return std::nullopt;
  const std::string_view part = trimmed(line.substr(0, bar));
  line.remove_prefix(bar + 1);
  return part;
}

/// What a program says of its failure: the first line that is not empty, of bounded length.
std::string first_words(const ProgramOutput& output) {
  constexpr std::size_t most = 300;
  std::string words;
  for (const std::string* text : {&output.error, &output.out})
    each_line(*text, [&](std::string_view line) {
      if (words.empty()) words = trimmed(line).substr(0, most);
    });
  std::ranges::replace_if(
      words, [](char c) { return c >= 0 && c < ' '; }, ' ');
  return words;
}

template <class Work>
auto now_or_later(Work work) {
  try {
    return work();
  } catch (const RunError& error) {
    throw NotNow(error.message());
  }
}

/// The output of one of Slurm's programs that has done what it was asked.
std::string ask(const std::vector<std::string>& command,
                const std::vector<std::pair<std::string, std::string>>& variables = {}) {
  const ProgramOutput output = now_or_later([&] { return program_output(command, limits, variables); });
  const std::string& program = command.front();
  if (!output.code)
    throw NoAnswer(Message::tr("%1 gave no answer within %2 s", program, limits.time / std::chrono::seconds(1)));
  if (*output.code != 0) throw RunError(Message::tr("%1 failed: %2", program, first_words(output)));
  if (!output.whole) throw RunError(Message::tr("%1 printed more than %2 MiB", program, limits.bytes >> 20));
  return output.out;
}

/// A path in sbatch's --output, where %j and the like stand for something.
std::string output_pattern(const fs::path& log) {
  std::string pattern;
  for (const char c : log.string()) {
    // One backslash turns every pattern of the path off, and is not written itself.
    if (c == '\\') throw RunError(Message::tr("Slurm writes no log to %1: its name has a backslash", log));
    pattern += c;
    if (c == '%') pattern += c;
  }
  return pattern;
}

}  // namespace

std::optional<std::string> read_submitted(std::string_view text) {
  std::string_view last;
  each_line(text, [&](std::string_view line) {
    if (const auto words = trimmed(line); !words.empty()) last = words;
  });
  const std::string_view number = last.substr(0, last.find(';'));
  return is_job_number(number) ? std::optional(std::string(number)) : std::nullopt;
}

std::vector<SlurmJob> read_squeue(std::string_view text) {
  std::vector<SlurmJob> jobs;
  each_line(text, [&](std::string_view line) {
    const auto number = next_part(line), state = next_part(line), why = next_part(line);
    if (!why || !is_job_number(*number) || !is_state(*state)) return;
    const std::string_view name = trimmed(line);  // the rest: a name may have bars
    if (name.size() > most_name) return;
    const bool said = why->size() <= most_why && is_plain(*why) && *why != "None";
    jobs.push_back({std::string(*number), std::string(*state), std::string(said ? *why : ""), std::string(name)});
  });
  return jobs;
}

std::optional<std::string> read_sacct(std::string_view text, std::string_view number) {
  std::optional<std::string> found;
  each_line(text, [&](std::string_view line) {
    const auto job = next_part(line);
    if (!job || *job != number) return;
    const std::string_view state = trimmed(line).substr(0, trimmed(line).find(' '));  // "CANCELLED by 1000"
    if (is_state(state)) found = state;
  });
  return found;
}

JobPhase phase_of(std::string_view state) {
  using enum JobPhase;
  // The words of squeue's and sacct's manuals.
  static constexpr std::array<std::pair<std::string_view, JobPhase>, 25> words = {{
      {"PENDING", waiting},      {"CONFIGURING", waiting},   {"REQUEUED", waiting},     {"REQUEUE_FED", waiting},
      {"REQUEUE_HOLD", waiting}, {"RESV_DEL_HOLD", waiting}, {"SPECIAL_EXIT", waiting}, {"RUNNING", running},
      {"COMPLETING", running},   {"RESIZING", running},      {"SIGNALING", running},    {"STAGE_OUT", running},
      {"STOPPED", running},      {"SUSPENDED", running},     {"COMPLETED", ended},      {"FAILED", ended},
      {"BOOT_FAIL", killed},     {"CANCELLED", killed},      {"DEADLINE", killed},      {"LAUNCH_FAILED", killed},
      {"NODE_FAIL", killed},     {"OUT_OF_MEMORY", killed},  {"PREEMPTED", killed},     {"REVOKED", killed},
      {"TIMEOUT", killed},
  }};
  const auto at = std::ranges::find(words, state, &std::pair<std::string_view, JobPhase>::first);
  return at == words.end() ? unknown : at->second;
}

Message killed_words(const std::string& number, const std::string& state) {
  if (state == "TIMEOUT") return Message::tr("Slurm ended job %1: its time limit was reached", number);
  if (state == "OUT_OF_MEMORY")
    return Message::tr("Slurm ended job %1: it took more memory than it had asked for", number);
  if (state == "NODE_FAIL") return Message::tr("Slurm ended job %1: its node failed", number);
  if (state == "BOOT_FAIL") return Message::tr("Slurm ended job %1: its node did not start", number);
  if (state == "PREEMPTED") return Message::tr("Slurm ended job %1: another one took its place", number);
  if (state == "DEADLINE") return Message::tr("Slurm ended job %1: its deadline has passed", number);
  if (state == "CANCELLED") return Message::tr("job %1 was cancelled in Slurm", number);
  return Message::tr("Slurm ended job %1 (%2)", number, state);
}

SlurmTemplate slurm_template(const fs::path& runs) {
  std::error_code unknown;
  if (const fs::path home = config_home(); !home.empty())
    if (const fs::path own = home / "bandscope" / "slurm.sbatch"; fs::is_regular_file(own, unknown)) return {own, true};
  const fs::path file = own_folder(runs / ".specs") / "slurm.sbatch";
  write_fresh(file, shipped_template);
  return {file, false};
}

std::string submit(const Submission& run) {
  const SlurmTemplate script = now_or_later([&] { return slurm_template(run.runs); });
  std::vector<std::string> command = {"sbatch", "--parsable", "--job-name=" + run.name,
                                      "--output=" + output_pattern(run.log), "--chdir=" + run.runs.string()};
  if (run.gpu && !script.own) command.emplace_back("--gres=gpu:1");
  for (const fs::path& path : {script.file, run.spec, run.runs}) command.push_back(path.string());
  std::error_code unknown;
  const fs::path engine = fs::read_symlink("/proc/self/exe", unknown);
  const auto number = read_submitted(ask(command, {{"BANDSCOPE_ENGINE", engine.string()}}));
  if (!number) throw NoAnswer(Message::tr("sbatch gave no number for the job of %1", run.name));
  return *number;
}

std::vector<SlurmJob> jobs_of_user() {
  return read_squeue(
      ask({"squeue", "--noheader", "--states=all", "--user=" + std::to_string(::geteuid()), "--format=%i|%T|%r|%j"}));
}

std::optional<std::string> accounted_state(const std::string& number) {
  try {
    return read_sacct(
        ask({"sacct", "--jobs=" + number, "--allocations", "--noheader", "--parsable2", "--format=JobID,State"}),
        number);
  } catch (const RunError&) {
    return std::nullopt;  // not every cluster keeps accounts
  }
}

void cancel(const std::string& number, bool running) {
  std::vector<std::string> command = {"scancel"};
  if (running) command.emplace_back("--signal=TERM");
  command.push_back(number);
  ask(command);
}

}  // namespace bandscope::queue
