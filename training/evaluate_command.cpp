// SPDX-License-Identifier: Apache-2.0
#include "training/evaluate_command.h"

#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <set>

#include "core/build_info.h"
#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/input/sha256.h"
#include "training/evaluation/evaluate.h"
#include "training/progress_line.h"

namespace bandscope {
namespace {

namespace fs = std::filesystem;
using evaluation::Json;

/// "MODEL  TASK  37 %  ETA 1:20" on a terminal's line, now and then.
class StatusLine {
 public:
  StatusLine() : terminal_(::isatty(STDERR_FILENO) != 0) {}
  void begin(std::string what) {
    what_ = std::move(what);
    began_ = shown_ = std::chrono::steady_clock::now();  // the first moments say nothing of how long it takes
  }
  void show(std::int64_t done, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000);
    if (total <= 0 || now - shown_ < pause) return;
    shown_ = now;
    const double share = static_cast<double>(done) / static_cast<double>(total);
    const double seconds = std::chrono::duration<double>(now - began_).count();
    char percent[32];
    std::snprintf(percent, sizeof percent, "%.0f %%", 100 * share);
    std::cerr << (terminal_ ? "\r\033[K" : "") << what_ << "  " << percent << "  ETA "
              << clock_text(done > 0 ? seconds / share - seconds : 0) << (terminal_ ? "" : "\n") << std::flush;
    open_ = terminal_;
  }
  void end() {
    if (open_) std::cerr << "\r\033[K" << std::flush;
    open_ = false;
  }

 private:
  bool terminal_, open_ = false;
  std::string what_;
  std::chrono::steady_clock::time_point began_, shown_;
};

std::vector<fs::path> task_paths(const std::vector<std::string>& given) {
  std::vector<fs::path> paths;
  for (const std::string& some : given) {
    std::size_t begin = 0;
    while (begin <= some.size()) {
      const std::size_t end = std::min(some.find(',', begin), some.size());
      if (end > begin) paths.emplace_back(some.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return paths;
}

/// Answers that are there already, kept in the output folder until all of it is done.
class KeptAnswers {
 public:
  explicit KeptAnswers(fs::path folder) : folder_(std::move(folder)) {}

  static std::string key(const evaluation::BuiltTask& task, const nlohmann::json& hashes, const std::string& about) {
    Sha256 hash;
    const auto add = [&](const std::string& text) { hash.add(text + '\0'); };
    add(hashes.dump());
    add(about);
    add(task.config.generation.written.dump());
    add(std::to_string(task.config.repeats));
    for (const evaluation::TaskItem& item : task.items) {
      add(item.context);
      for (const std::string& continuation : item.continuations) add(continuation);
    }
    return hash.hex();
  }

  std::optional<std::vector<evaluation::Answers>> load(const evaluation::BuiltTask& task,
                                                       const std::string& key) const {
    std::error_code ignored;
    const fs::path kept_in = file(task.config.name);
    if (folder_.empty() || !fs::exists(kept_in, ignored)) return std::nullopt;
    try {
      const nlohmann::json kept = read_json(kept_in, std::uint64_t{1} << 30);
      if (kept.at("key") != key) return std::nullopt;
      std::vector<evaluation::Answers> answers;
      for (const auto& one : kept.at("answers"))
        answers.push_back({one.at("log_likelihoods").get<std::vector<double>>(),
                           one.at("greedy").get<std::vector<bool>>(), one.at("texts").get<std::vector<std::string>>()});
      return fit(task, answers) ? std::optional(std::move(answers)) : std::nullopt;
    } catch (const std::exception&) {
      return std::nullopt;  // cut off while it was written
    }
  }

  void save(const std::string& task, const std::string& key, const std::vector<evaluation::Answers>& answers) const {
    if (folder_.empty()) return;
    nlohmann::json all = nlohmann::json::array();
    for (const evaluation::Answers& one : answers)
      all.push_back({{"log_likelihoods", one.log_likelihoods}, {"greedy", one.greedy}, {"texts", one.texts}});
    std::error_code error;
    fs::create_directories(folder_, error);
    write_fresh(file(task), nlohmann::json{{"key", key}, {"answers", std::move(all)}}.dump(
                                -1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  void clear() const {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

 private:
  /// Whether there is an answer to everything that is asked, and no more.
  static bool fit(const evaluation::BuiltTask& task, const std::vector<evaluation::Answers>& answers) {
    if (answers.size() != task.items.size()) return false;
    const bool texts = task.config.output == evaluation::OutputType::generate_until;
    for (std::size_t i = 0; i < answers.size(); ++i) {
      const std::size_t asked = texts ? 0 : task.items[i].continuations.size();
      if (answers[i].log_likelihoods.size() != asked || answers[i].greedy.size() != asked) return false;
      if (answers[i].texts.size() != (texts ? static_cast<std::size_t>(task.config.repeats) : 0)) return false;
    }
    return true;
  }
  fs::path file(const std::string& task) const { return folder_ / (task + ".json"); }
  fs::path folder_;
};

evaluation::TaskOptions task_options(const EvaluateArguments& arguments) {
  evaluation::TaskOptions options;
  options.data = arguments.data;
  options.limit = arguments.limit;
  if (arguments.shots >= 0) options.shots = arguments.shots;
  return options;
}

evaluation::ModelAbout about(const LoadedModel& loaded, const nlohmann::json& hashes,
                             const EvaluateArguments& arguments) {
  const EvaluatedWeights& weights = loaded.weights();
  evaluation::ModelAbout about{weights.label, weights.model.string()};
  about.config = {{"model", "bandscope"},
                  {"model_args", weights.model.string()},
                  {"adapter", weights.adapter.string()},
                  {"model_num_parameters", loaded.model().decoder.weight_count()},
                  {"model_dtype", weights.options.compute == at::kBFloat16 ? "bfloat16" : "float32"},
                  {"device", weights.options.device.str()},
                  {"limit", arguments.limit > 0 ? Json(arguments.limit) : Json()},
                  {"chat", arguments.chat},
                  {"fewshot_seed", 1234},
                  {"sha256", Json::parse(hashes.dump())},
                  {"version", std::string(build_version())}};
  return about;
}

/// Below --out, where several models are evaluated.
std::string folder_of(const EvaluatedWeights& weights) {
  std::string name = weights.label;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

void check_labels(const std::vector<EvaluatedWeights>& all) {
  std::set<std::string> seen;
  for (const EvaluatedWeights& weights : all)
    if (!seen.insert(folder_of(weights)).second)
      throw SpecError(Message::tr("two of the models are called \"%1\"; their results would be written over each other",
                                  weights.label));
}

}  // namespace

/// Keeps what tensors free: rows of an evaluation are of much the same length, so that the next one fits where the last
/// one was. Given back to the system each time, a sixth of the processor's time goes into clearing pages.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 512 << 20);
}

int evaluate_models(const EvaluateArguments& arguments) {
  keep_freed_memory();
  const evaluation::TaskSet tasks = evaluation::load_tasks(task_paths(arguments.tasks));
  std::vector<EvaluatedWeights> all;
  for (const std::string& model : arguments.models) all.push_back(find_weights(model, arguments.weights));
  check_labels(all);
  StatusLine line;
  // What every model is asked is the same, but for its own chat template.
  std::vector<evaluation::BuiltTask> built;
  const auto build = [&](const evaluation::ChatFormat& chat) {
    built.clear();
    for (const evaluation::TaskConfig& task : tasks.tasks) {
      evaluation::TaskOptions options = task_options(arguments);
      options.chat = chat;
      built.push_back(evaluation::build_task(task, options));
    }
  };
  if (!arguments.chat) build(nullptr);
  std::vector<std::pair<std::string, std::vector<evaluation::MetricValue>>> table;
  for (const EvaluatedWeights& weights : all) {
    const LoadedModel loaded(weights);
    if (arguments.chat) build(evaluation::chat_format(loaded.tokenizer(), weights.tokenizer));
    fs::path folder = arguments.out;
    if (!folder.empty() && all.size() > 1) folder /= folder_of(weights);
    const KeptAnswers kept(folder.empty() ? fs::path() : folder / ".unfinished");
    // Gigabytes are read for these.
    const nlohmann::json hashes = folder.empty() && !arguments.json ? nlohmann::json() : loaded.hashes();
    std::vector<evaluation::TaskResult> results;
    for (const evaluation::BuiltTask& task : built) {
      line.begin(printable(weights.label) + "  " + printable(task.config.name));
      const std::string key = folder.empty() ? "" : KeptAnswers::key(task, hashes, arguments.weights.dtype);
      evaluation::TaskResult result;
      if (auto answers = kept.load(task, key)) {
        result.answers = std::move(*answers);
      } else {
        result.answers = evaluation::ask(loaded.model(), task,
                                         [&](std::int64_t done, std::int64_t total) { line.show(done, total); });
        kept.save(task.config.name, key, result.answers);
      }
      result.task = task;
      evaluation::score(result);
      results.push_back(std::move(result));
      line.end();
    }
    const evaluation::ModelAbout model = about(loaded, hashes, arguments);
    if (!folder.empty()) evaluation::write_results(folder, tasks, results, model);
    kept.clear();
    if (arguments.json)
      std::cout << evaluation::results_json(tasks, results, model).dump(-1, ' ', false, Json::error_handler_t::replace)
                << std::endl;
    table.emplace_back(weights.label, evaluation::all_values(tasks, results));
  }
  if (!arguments.json) std::cout << evaluation::results_table(table) << std::flush;
  return 0;
}

}  // namespace bandscope
