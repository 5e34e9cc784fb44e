// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/task_config.h"

#include <array>

#include "core/input/json.h"
#include "core/input/printable.h"
#include "training/evaluation/node_fields.h"
#include "training/text/python_regex.h"
#include "training/text/task_template.h"

namespace bandscope::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<OutputType, std::string_view>, 3> kOutputs = {
    {{OutputType::multiple_choice, "multiple_choice"},
     {OutputType::loglikelihood, "loglikelihood"},
     {OutputType::generate_until, "generate_until"}}};

constexpr std::array<std::pair<FilterKind, std::string_view>, 7> kFilters = {
    {{FilterKind::regex, "regex"},
     {FilterKind::take_first, "take_first"},
     {FilterKind::remove_whitespace, "remove_whitespace"},
     {FilterKind::lowercase, "lowercase"},
     {FilterKind::uppercase, "uppercase"},
     {FilterKind::map, "map"},
     {FilterKind::majority_vote, "majority_vote"}}};

template <class Table>
std::string names_of(const Table& table) {
  std::string names;
  for (const auto& [kind, name] : table) names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

template <class Table>
auto among(const Table& table, const TaskNode& node, const std::string& key) {
  for (const auto& [kind, name] : table)
    if (node.is_text() && node.scalar.get_ref<const std::string&>() == name) return kind;
  node.fail(Message::tr("%1 is \"%2\", allowed are %3", key, printable(node.text), names_of(table)));
}

/// A pattern or template that does not hold up is said at its line, not at the first document.
template <class Check>
void check_written(const TaskNode& node, Check&& check) {
  try {
    check();
  } catch (const DataError& error) {
    node.fail(error.message());
  }
}

MetricSpec metric(const TaskNode& node, OutputType output) {
  const NodeFields fields(node, "metric_list",
                          {"metric", "aggregation", "higher_is_better", "ignore_case", "ignore_punctuation",
                           "ignore_numbers", "regexes_to_ignore"});
  MetricSpec metric;
  metric.name = fields.text("metric", "");
  const bool choice = output == OutputType::multiple_choice;
  const std::string allowed = choice                                ? "acc, acc_norm, acc_bytes, exact_match"
                              : output == OutputType::loglikelihood ? "acc"
                                                                    : "exact_match";
  if (metric.name.empty() || (", " + allowed + ",").find(", " + metric.name + ",") == std::string::npos)
    node.fail(Message::tr("the metric \"%1\" is not computed for %2; allowed are %3", printable(metric.name),
                          to_string(output), allowed));
  if (fields.text("aggregation", "mean") != "mean")
    fields.get("aggregation")
        ->fail(Message::tr("%1 is \"%2\", allowed are %3", std::string("aggregation"),
                           printable(fields.text("aggregation", "")), "mean"));
  metric.higher_is_better = fields.flag("higher_is_better", true);
  metric.ignore_case = fields.flag("ignore_case", false);
  metric.ignore_punctuation = fields.flag("ignore_punctuation", false);
  metric.ignore_numbers = fields.flag("ignore_numbers", false);
  metric.regexes_to_ignore = fields.texts("regexes_to_ignore");
  for (const std::string& pattern : metric.regexes_to_ignore)
    check_written(*fields.get("regexes_to_ignore"), [&] { text::PythonRegex(pattern, "regexes_to_ignore"); });
  return metric;
}

FilterStep filter_step(const TaskNode& node) {
  const NodeFields fields(node, "filter",
                          {"function", "regex_pattern", "group_select", "fallback", "mapping_dict", "default_value"});
  if (!fields.has("function")) node.fail(Message::tr("a filter needs a function; allowed are %1", names_of(kFilters)));
  FilterStep step;
  step.kind = among(kFilters, *fields.get("function"), "function");
  for (const auto& [key, value] : node.entries) {
    const bool of_regex = key == "regex_pattern" || key == "group_select" || key == "fallback";
    const bool of_map = key == "mapping_dict" || key == "default_value";
    if ((of_regex && step.kind != FilterKind::regex) || (of_map && step.kind != FilterKind::map))
      value.fail(Message::tr("%1 is no parameter of this filter", key));
  }
  step.pattern = fields.text("regex_pattern", step.pattern);
  if (const TaskNode* pattern = fields.get("regex_pattern"))
    check_written(*pattern, [&] { text::PythonRegex(step.pattern, "regex_pattern"); });
  step.group_select = fields.whole("group_select", 0, -1'000'000, 1'000'000);
  step.fallback = fields.text("fallback", step.fallback);
  if (const TaskNode* mapping = fields.get("mapping_dict")) {
    if (mapping->kind != TaskNode::Kind::map) fields.fail_type("mapping_dict", Message::tr("a map"));
    step.mapping = mapping->json();
  }
  if (const TaskNode* otherwise = fields.get("default_value")) step.otherwise = otherwise->json();
  return step;
}

std::vector<FilterSpec> filters(const NodeFields& fields, const TaskConfig& task) {
  if (!fields.has("filter_list")) return {FilterSpec{}};
  std::vector<FilterSpec> all;
  for (const TaskNode& node : fields.list("filter_list")) {
    const NodeFields own(node, "filter_list", {"name", "filter"});
    FilterSpec filter{own.text("name", ""), {}};
    if (filter.name.empty()) node.fail(Message::tr("a filter of filter_list needs a name"));
    if (!own.has("filter")) node.fail(Message::tr("a filter of filter_list needs its steps under \"filter\""));
    bool one = task.repeats == 1;
    for (const TaskNode& step : own.list("filter")) {
      filter.steps.push_back(filter_step(step));
      const FilterKind kind = filter.steps.back().kind;
      if (kind == FilterKind::take_first || kind == FilterKind::majority_vote) one = true;
      if (task.output != OutputType::generate_until && kind != FilterKind::take_first)
        step.fail(Message::tr("this filter works on generated texts; of %1 only take_first", to_string(task.output)));
    }
    if (!one) node.fail(Message::tr("with repeats, a filter takes one answer: take_first or majority_vote"));
    all.push_back(std::move(filter));
  }
  if (all.empty()) fields.fail_type("filter_list", Message::tr("a list with at least one filter"));
  return all;
}

GenerationSpec generation(const NodeFields& fields, const TaskConfig& task) {
  GenerationSpec spec;
  spec.until = {task.fewshot_delimiter};
  spec.written = {{"temperature", 0.0}, {"do_sample", false}, {"max_gen_toks", 256}, {"until", spec.until}};
  const TaskNode* node = fields.get("generation_kwargs");
  if (node == nullptr) return spec;
  const NodeFields own(*node, "generation_kwargs", {"until", "max_gen_toks", "do_sample", "temperature", "top_p"});
  spec.written = node->json();
  if (own.has("until"))
    spec.until = own.texts("until");
  else
    spec.written["until"] = spec.until;
  spec.max_tokens = own.whole("max_gen_toks", 256, 1, 1'000'000);
  spec.temperature = own.number("temperature", 0.0, 0.0, 1e6);
  spec.sample = own.flag("do_sample", spec.temperature > 0);
  if (spec.sample && spec.temperature == 0)
    node->fail(Message::tr("do_sample is true, and sampling needs a temperature above 0"));
  if (own.has("top_p")) spec.top_p = own.number("top_p", 1.0, 1e-6, 1.0);
  return spec;
}

/// A template, a column's name, or (of choices) a list; numbers are targets.
Json source(const NodeFields& fields, const std::string& key) {
  const TaskNode* node = fields.get(key);
  if (node == nullptr) return nullptr;
  const bool choices = key == "doc_to_choice";
  if (choices && node->kind == TaskNode::Kind::map) {
    Json values = Json::array();
    for (const auto& [name, value] : node->entries) values.push_back(value.json());
    return values;
  }
  if (node->kind == TaskNode::Kind::list && key != "doc_to_text") {
    for (const TaskNode& item : node->items)
      if (choices && !item.is_text()) item.fail(Message::tr("%1 is a list of texts; this one needs quotes", key));
    return node->json();
  }
  if (node->scalar.is_number_integer() && !choices) return node->scalar;
  if (!node->is_text()) fields.fail_type(key, Message::tr("a template or a column's name"));
  check_written(*node, [&] { text::TaskTemplate(node->text, key); });
  return node->scalar;
}

void read_fewshot(const NodeFields& fields, TaskConfig& task) {
  if (fields.has("fewshot_split")) task.fewshot_split = fields.text("fewshot_split", "");
  const TaskNode* node = fields.get("fewshot_config");
  if (node == nullptr) return;
  const NodeFields own(*node, "fewshot_config",
                       {"sampler", "split", "samples", "doc_to_text", "doc_to_target", "doc_to_choice"});
  const std::string sampler = own.text("sampler", "default");
  if (sampler != "default" && sampler != "first_n")
    own.get("sampler")->fail(
        Message::tr("%1 is \"%2\", allowed are %3", std::string("sampler"), printable(sampler), "default, first_n"));
  task.first_n = sampler == "first_n";
  task.fewshot_text = source(own, "doc_to_text");
  task.fewshot_target = source(own, "doc_to_target");
  task.fewshot_choice = source(own, "doc_to_choice");
  if (own.has("split")) task.fewshot_split = own.text("split", "");
  if (!own.has("samples")) return;
  task.samples.emplace();
  for (const TaskNode& sample : own.list("samples")) {
    if (sample.kind != TaskNode::Kind::map) sample.fail(Message::tr("a sample is a map of columns and values"));
    task.samples->push_back(sample.json());
  }
}

void read_data(const NodeFields& fields, TaskConfig& task) {
  task.dataset_path = fields.text("dataset_path", "");
  task.dataset_name = fields.text("dataset_name", "");
  for (const auto& [key, split] : {std::pair{"test_split", &task.test_split},
                                   {"validation_split", &task.validation_split},
                                   {"training_split", &task.training_split}})
    if (fields.has(key)) *split = fields.text(key, "");
  const TaskNode* kwargs = fields.get("dataset_kwargs");
  if (kwargs == nullptr) return;
  const NodeFields own(*kwargs, "dataset_kwargs", {"data_files"});
  const TaskNode* files = own.get("data_files");
  if (files == nullptr) return;
  const auto add = [&](const std::string& split, const TaskNode& from, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      // Beside the task's own file, or beside the file it includes and that names it.
      fs::path path = task.file.parent_path() / name;
      std::error_code ignored;
      if (from.file && !fs::exists(path, ignored)) {
        const fs::path there = from.file->parent_path() / name;
        if (fs::exists(there, ignored)) path = there;
      }
      task.data_files[split].push_back(path.lexically_normal());
    }
  };
  if (files->kind != TaskNode::Kind::map) return add("train", *files, own.texts("data_files"));
  for (const auto& [split, names] : files->entries) {
    std::vector<std::string> paths;
    if (names.is_text()) paths.push_back(names.text);
    for (const TaskNode& item : names.items) paths.push_back(item.text);
    if (paths.empty()) names.fail(Message::tr("%1 is a file or a list of files", split));
    add(split, names, paths);
  }
}

}  // namespace

std::string_view to_string(OutputType type) {
  for (const auto& [kind, name] : kOutputs)
    if (kind == type) return name;
  return {};
}

std::string TaskConfig::place(const std::string& key) const {
  const auto line = lines.find(key);
  const std::string where = line == lines.end() ? "" : ", line " + std::to_string(line->second);
  return file.string() + where + ": " + key;
}

TaskConfig read_task(const TaskNode& map) {
  refuse_functions(map, "");
  const NodeFields fields(map, "a task",
                          {"task",
                           "task_alias",
                           "tag",
                           "dataset_path",
                           "dataset_name",
                           "dataset_kwargs",
                           "test_split",
                           "validation_split",
                           "training_split",
                           "fewshot_split",
                           "num_fewshot",
                           "fewshot_config",
                           "description",
                           "doc_to_text",
                           "doc_to_target",
                           "doc_to_choice",
                           "target_delimiter",
                           "fewshot_delimiter",
                           "output_type",
                           "generation_kwargs",
                           "filter_list",
                           "metric_list",
                           "repeats",
                           "metadata",
                           "should_decontaminate",
                           "doc_to_decontamination_query"});
  TaskConfig task;
  task.name = fields.text("task", "");
  task.alias = fields.text("task_alias", task.name);
  task.file = map.file ? *map.file : fs::path();
  task.written = map.json();
  for (const auto& [key, value] : map.entries) task.lines[key] = value.line;
  if (task.name.empty()) map.fail(Message::tr("\"task\" names the task"));
  if (const TaskNode* type = fields.get("output_type")) task.output = among(kOutputs, *type, "output_type");
  task.repeats = fields.whole("repeats", 1, 1, 10'000);
  read_data(fields, task);
  read_fewshot(fields, task);
  if (fields.has("num_fewshot")) task.shots = fields.whole("num_fewshot", 0, 0, 10'000);
  task.description = fields.text("description", "");
  if (const TaskNode* description = fields.get("description"))
    check_written(*description, [&] { text::TaskTemplate(task.description, "description"); });
  task.doc_to_text = source(fields, "doc_to_text");
  task.doc_to_target = source(fields, "doc_to_target");
  task.doc_to_choice = source(fields, "doc_to_choice");
  task.target_delimiter = fields.text("target_delimiter", task.target_delimiter);
  task.fewshot_delimiter = fields.text("fewshot_delimiter", task.fewshot_delimiter);
  task.generation = generation(fields, task);
  task.filters = filters(fields, task);
  if (fields.has("metric_list")) {
    for (const TaskNode& node : fields.list("metric_list")) task.metrics.push_back(metric(node, task.output));
  } else {
    if (task.output == OutputType::loglikelihood)
      map.fail(
          Message::tr("metric_list is needed: the harness's own choice for loglikelihood has perplexity in it, "
                      "which is not computed; allowed are %1",
                      std::string("acc")));
    const bool choice = task.output == OutputType::multiple_choice;
    for (const char* name : choice ? std::vector{"acc", "acc_norm"} : std::vector{"exact_match"})
      task.metrics.push_back(MetricSpec{name});
  }
  if (task.metrics.empty()) fields.fail_type("metric_list", Message::tr("a list with at least one metric"));
  for (const char* key : {"doc_to_text", "doc_to_target"})
    if (!fields.has(key)) map.fail(Message::tr("the task \"%1\" lacks %2", task.name, std::string(key)));
  if (task.output == OutputType::multiple_choice && task.doc_to_choice.is_null())
    map.fail(Message::tr("the task \"%1\" lacks %2", task.name, std::string("doc_to_choice")));
  if (task.dataset_path.empty())
    map.fail(Message::tr("the task \"%1\" lacks %2", task.name, std::string("dataset_path")));
  if ((task.dataset_path == "json" || task.dataset_path == "parquet") && task.data_files.empty())
    map.fail(Message::tr("dataset_path is \"%1\", which needs dataset_kwargs.data_files", task.dataset_path));
  if (!task.test_split && !task.validation_split)
    map.fail(Message::tr("the task \"%1\" lacks %2", task.name, std::string("test_split or validation_split")));
  if (const TaskNode* metadata = fields.get("metadata"))
    if (const TaskNode* version = metadata->find("version")) task.version = version->text;
  return task;
}

}  // namespace bandscope::evaluation
