// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/results.h"

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/sha256.h"
#include "core/input/system_reason.h"
#include "training/evaluation/filters.h"

namespace bandscope::evaluation {
namespace {

namespace fs = std::filesystem;

std::string dumped(const Json& value, int indent = -1) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json number_or(const std::optional<double>& value) { return value ? Json(*value) : Json("N/A"); }

/// Texts all the way down, as the harness writes answers.
std::string as_text(double value) { return python_text(Json(value)); }

/// The text up to `most` bytes, whole characters only.
std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  return text + "…";
}

Json responses(const Answers& answers, bool nested) {
  Json out = Json::array();
  for (std::size_t i = 0; i < answers.log_likelihoods.size(); ++i) {
    const Json one = {as_text(answers.log_likelihoods[i]), answers.greedy[i] ? "True" : "False"};
    out.push_back(nested ? Json::array({one}) : one);
  }
  if (answers.log_likelihoods.empty()) out.push_back(answers.texts);
  return out;
}

/// Values under the harness's names: "acc,none", "acc_stderr,none".
Json values_json(const std::string& name, const std::string& alias, std::int64_t samples,
                 const std::vector<MetricValue>& values) {
  Json out = {{"name", name}, {"alias", alias}, {"sample_len", samples}};
  for (const MetricValue& value : values) {
    out[value.metric + "," + value.filter] = value.mean.value;
    out[value.metric + "_stderr," + value.filter] = number_or(value.mean.error);
  }
  return out;
}

}  // namespace

void score(TaskResult& result) {
  const TaskConfig& task = result.task.config;
  result.outcomes.clear();
  result.values.clear();
  for (const FilterSpec& filter : task.filters) {
    std::vector<ItemOutcome> outcomes;
    for (std::size_t i = 0; i < result.task.items.size(); ++i) {
      const TaskItem& item = result.task.items[i];
      const Answers& answers = result.answers[i];
      ItemOutcome outcome;
      if (task.output == OutputType::generate_until) {
        outcome.filtered = filtered(filter, answers.texts);
        outcome.scores = score_text(task, item, outcome.filtered);
      } else {
        outcome.scores = score_likelihoods(task, item, answers);
      }
      outcomes.push_back(std::move(outcome));
    }
    for (const MetricSpec& metric : task.metrics) {
      std::vector<double> values;
      for (const ItemOutcome& outcome : outcomes) values.push_back(outcome.scores.at(metric.name));
      result.values.push_back({task.name, task.alias, metric.name, filter.name, mean_of(values),
                               static_cast<std::int64_t>(values.size()), false, metric.higher_is_better});
    }
    result.outcomes.emplace_back(filter.name, std::move(outcomes));
  }
}

std::vector<MetricValue> group_values(const TaskSet& tasks, const std::vector<TaskResult>& results) {
  std::vector<MetricValue> out;
  for (const TaskGroup& group : tasks.groups) {
    const std::vector<std::string> leaves = tasks.leaves(group);
    for (const AggregateSpec& aggregate : group.aggregates) {
      std::set<std::string> found;
      std::vector<const MetricValue*> values;
      for (const std::string& leaf : leaves)
        for (const TaskResult& result : results)
          for (const MetricValue& value : result.values)
            if (value.task == leaf && value.metric == aggregate.metric) {
              values.push_back(&value);
              found.insert(value.filter);
            }
      const std::vector<std::string> filters =
          aggregate.filters.value_or(std::vector<std::string>(found.begin(), found.end()));
      for (const std::string& filter : filters) {
        std::vector<Mean> members;
        std::vector<std::int64_t> sizes;
        std::int64_t samples = 0;
        bool better = true;
        for (const MetricValue* value : values) {
          if (value->filter != filter) continue;
          members.push_back(value->mean);
          sizes.push_back(value->samples);
          samples += value->samples;
          better = value->higher_is_better;
        }
        if (members.empty()) continue;
        out.push_back({group.name, group.alias, aggregate.metric, filter,
                       pooled(members, sizes, aggregate.weight_by_size), samples, true, better});
      }
    }
  }
  return out;
}

std::vector<MetricValue> all_values(const TaskSet& tasks, const std::vector<TaskResult>& results) {
  std::vector<MetricValue> values;
  for (const TaskResult& result : results) values.insert(values.end(), result.values.begin(), result.values.end());
  const std::vector<MetricValue> groups = group_values(tasks, results);
  values.insert(values.end(), groups.begin(), groups.end());
  return values;
}

Json results_json(const TaskSet& tasks, const std::vector<TaskResult>& results, const ModelAbout& model) {
  Json out = {{"results", Json::object()}};
  Json groups = Json::object(), subtasks = Json::object(), configs = Json::object(), versions = Json::object(),
       shots = Json::object(), better = Json::object(), counts = Json::object();
  for (const TaskResult& result : results) {
    const TaskConfig& task = result.task.config;
    const auto samples = static_cast<std::int64_t>(result.task.items.size());
    out["results"][task.name] = values_json(task.name, task.alias, samples, result.values);
    Json config = task.written;
    config["num_fewshot"] = result.task.shots;
    configs[task.name] = std::move(config);
    versions[task.name] = task.version;
    shots[task.name] = result.task.shots;
    for (const MetricSpec& metric : task.metrics) better[task.name][metric.name] = metric.higher_is_better;
    counts[task.name] = {{"original", result.task.documents}, {"effective", samples}};
  }
  const std::vector<MetricValue> of_groups = group_values(tasks, results);
  for (const TaskGroup& group : tasks.groups) {
    std::vector<MetricValue> own;
    std::int64_t samples = 0;
    for (const MetricValue& value : of_groups)
      if (value.task == group.name) own.push_back(value), samples = value.samples;
    out["results"][group.name] = values_json(group.name, group.alias, samples, own);
    if (!own.empty()) groups[group.name] = out["results"][group.name];
    subtasks[group.name] = group.members;
    versions[group.name] = group.version;
  }
  if (!groups.empty()) out["groups"] = std::move(groups);
  out["group_subtasks"] = std::move(subtasks);
  out["configs"] = std::move(configs);
  out["versions"] = std::move(versions);
  out["n-shot"] = std::move(shots);
  out["higher_is_better"] = std::move(better);
  out["n-samples"] = std::move(counts);
  out["config"] = model.config;
  out["model_source"] = "bandscope";
  out["model_name"] = model.name;
  return out;
}

void each_sample(const TaskResult& result, SampleTexts texts, const std::function<void(const std::string&)>& handler) {
  const TaskConfig& task = result.task.config;
  const bool text = task.output == OutputType::generate_until, kept = texts == SampleTexts::kept;
  const std::size_t most = kept ? kKeptBytes : std::string::npos;
  for (const auto& [filter, outcomes] : result.outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const TaskItem& item = result.task.items[i];
      Json arguments = Json::object();
      for (std::size_t a = 0; a < std::max<std::size_t>(item.continuations.size(), 1); ++a) {
        Json& argument = arguments["gen_args_" + std::to_string(a)] = Json::object();
        if (!kept || a == 0) argument["arg_0"] = cut(kept ? item.question : item.context, most);
        argument["arg_1"] = text ? task.generation.written : Json(cut(item.continuations[a], most));
      }
      const std::string target = python_text(item.target);
      Json line = {{"doc_id", item.doc}};
      if (!kept) line["doc"] = item.document;
      line["target"] = cut(target, most);
      line["arguments"] = std::move(arguments);
      if (!kept) line["resps"] = responses(result.answers[i], true);
      line["filtered_resps"] =
          text ? Json::array({cut(python_text(outcomes[i].filtered), most)}) : responses(result.answers[i], false);
      line["filter"] = filter;
      line["metrics"] = Json::array();
      for (const MetricSpec& metric : task.metrics) line["metrics"].push_back(metric.name);
      line["doc_hash"] = sha256_of(dumped(item.document, 2));
      line["prompt_hash"] = sha256_of(item.context);
      line["target_hash"] = sha256_of(target);
      for (const MetricSpec& metric : task.metrics) line[metric.name] = outcomes[i].scores.at(metric.name);
      if (kept)
        for (const MetricSpec& metric : task.metrics)
          if (const auto choice = chosen(metric.name, item, result.answers[i])) line["chosen"][metric.name] = *choice;
      handler(dumped(line));
    }
  }
}

void write_results(const fs::path& folder, const TaskSet& tasks, const std::vector<TaskResult>& results,
                   const ModelAbout& model, SampleTexts texts) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw RunError(Message::at(folder, Message::tr("the folder cannot be made (%1)", system_reason(error))));
  for (const TaskResult& result : results) {
    FreshFile samples(folder / ("samples_" + result.task.config.name + ".jsonl"), FreshFile::Unfinished::removed,
                      FreshFile::Name::own);
    each_sample(result, texts, [&](const std::string& line) { samples.write(line), samples.write("\n"); });
    samples.finish();
  }
  write_fresh(folder / "results.json", dumped(results_json(tasks, results, model), 2) + "\n");
}

}  // namespace bandscope::evaluation
