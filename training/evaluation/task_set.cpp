// SPDX-License-Identifier: Apache-2.0
#include "training/evaluation/task_set.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/input/system_reason.h"
#include "training/evaluation/node_fields.h"

namespace bandscope::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 20'000;
constexpr std::size_t kMostTasks = 10'000;
constexpr int kDeepestGroups = 16;
/// Files read for one task's includes, and members of groups looked at: a file that names another many times, which
/// does the same, must not multiply.
constexpr std::size_t kMostIncludes = 1000, kMostMembers = 100'000;

/// Results are written to files of these names.
void check_name(const TaskNode& node, const std::string& name) {
  constexpr std::size_t longest = 200;
  const bool control = std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (name.empty() || name.size() > longest || name == "." || name == ".." || name.find('/') != name.npos || control)
    node.fail(Message::tr("the name \"%1\" is none that a file can have; allowed are up to %2 bytes without \"/\"",
                          printable(name), longest));
}

/// `map` with the entries of `over` in place of its own.
TaskNode overlaid(TaskNode map, const TaskNode& over) {
  for (const auto& [key, value] : over.entries) {
    const auto known =
        std::find_if(map.entries.begin(), map.entries.end(), [&](const auto& e) { return e.first == key; });
    if (known != map.entries.end())
      known->second = value;
    else
      map.entries.emplace_back(key, value);
  }
  return map;
}

void erase(TaskNode& map, std::string_view key) {
  std::erase_if(map.entries, [&](const auto& entry) { return entry.first == key; });
}

/// A file's map with what it includes below it. `open` are the files that are being read.
TaskNode read_with_includes(const fs::path& file, std::set<fs::path>& open, std::size_t& read) {
  const fs::path own = fs::weakly_canonical(file);
  if (++read > kMostIncludes)
    throw SpecError(Message::at(file, Message::tr("includes more than %1 files", kMostIncludes)));
  if (!open.insert(own).second || open.size() > 64)
    throw SpecError(Message::at(file, Message::tr("includes itself, directly or through others")));
  TaskNode map = read_task_yaml(file);
  const TaskNode* include = map.find("include");
  if (include != nullptr) {
    std::vector<TaskNode> names = include->kind == TaskNode::Kind::list ? include->items : std::vector{*include};
    TaskNode merged;
    merged.kind = TaskNode::Kind::map;
    for (const TaskNode& name : names) {
      if (!name.is_text()) name.fail(Message::tr("%1 is a file or a list of files", std::string("include")));
      const fs::path other = fs::path(name.text).is_absolute() ? fs::path(name.text) : file.parent_path() / name.text;
      std::error_code ignored;
      if (!fs::exists(other, ignored)) name.fail(Message::tr("%1 does not exist", other));
      merged = overlaid(std::move(merged), read_with_includes(other, open, read));
    }
    merged.file = map.file;
    merged.line = map.line;
    erase(map, "include");
    map = overlaid(std::move(merged), map);
  }
  open.erase(own);
  return map;
}

TaskNode read_whole(const fs::path& file) {
  std::set<fs::path> open;
  std::size_t read = 0;
  TaskNode map = read_with_includes(file, open, read);
  // What it includes may lie elsewhere; the task is this file's.
  map.file = std::make_shared<const fs::path>(file);
  return map;
}

/// The name of the task or group that a file describes; empty: neither.
std::string name_in(const TaskNode& map) {
  for (const char* key : {"group", "task"})
    if (const TaskNode* name = map.find(key); name != nullptr && name->is_text()) return name->text;
  return {};
}

std::vector<fs::path> yaml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; at != end && !error; at.increment(error)) {
    const std::string ending = at->path().extension().string();
    std::error_code ignored;
    if ((ending == ".yaml" || ending == ".yml") && at->is_regular_file(ignored)) files.push_back(at->path());
    if (files.size() > kMostFiles)
      throw SpecError(Message::at(folder, Message::tr("holds more than %1 task files", kMostFiles)));
  }
  if (error) throw SpecError(Message::at(folder, Message::tr("cannot be searched (%1)", system_reason(error))));
  std::sort(files.begin(), files.end());
  return files;
}

class SetBuilder {
 public:
  void add_file(const fs::path& file) {
    root_ = file.parent_path();
    add(read_whole(file), TaskNode{}, "", 0);
  }
  void add_folder(const fs::path& folder) {
    root_ = folder;
    const std::size_t before = set_.tasks.size() + set_.groups.size();
    std::vector<TaskNode> groups, tasks;
    for (const fs::path& file : yaml_files(folder)) {
      TaskNode map = read_whole(file);
      if (name_in(map).empty() && map.find("group") == nullptr) continue;
      (map.find("group") != nullptr ? groups : tasks).push_back(std::move(map));
    }
    for (const TaskNode& group : groups) add(group, TaskNode{}, "", 0);
    for (const TaskNode& task : tasks)
      if (set_.task(name_in(task)) == nullptr) add(task, TaskNode{}, "", 0);
    if (set_.tasks.size() + set_.groups.size() == before)
      throw SpecError(Message::at(folder, Message::tr("holds no task file (.yaml with \"task\" or \"group\")")));
  }
  TaskSet finish() { return std::move(set_); }

 private:
  /// The file of a group's member, looked for among the files below the group's.
  const TaskNode* find(const std::string& name) {
    if (indexed_ != root_) {
      index_.clear();
      for (const fs::path& file : yaml_files(root_)) {
        try {
          TaskNode map = read_whole(file);
          if (const std::string own = name_in(map); !own.empty()) index_.emplace(own, std::move(map));
        } catch (const Error&) {
          // A file that nobody asked for may be wrong.
        }
      }
      indexed_ = root_;
    }
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &found->second;
  }

  /// Adds a task or group; its name.
  std::string add(const TaskNode& map, const TaskNode& over, const std::string& name, int depth) {
    if (map.find("group") != nullptr &&
        (map.find("task") == nullptr || !map.find("task")->is_text() || map.find("aggregate_metric_list") != nullptr))
      return add_group(map, over, name, depth);
    if (map.find("task") == nullptr) map.fail(Message::tr("names neither a \"task\" nor a \"group\""));
    TaskNode whole = overlaid(map, over);
    TaskConfig task = read_task(whole);
    if (!name.empty()) task.name = task.alias = name;
    check_name(whole, task.name);
    if (const TaskConfig* known = set_.task(task.name); known != nullptr) {
      if (known->written != task.written)
        whole.fail(Message::tr("another task of the name \"%1\" is in %2", task.name, known->file));
      return task.name;
    }
    if (set_.group(task.name) != nullptr) whole.fail(Message::tr("\"%1\" is also the name of a group", task.name));
    if (set_.tasks.size() >= kMostTasks) whole.fail(Message::tr("more than %1 tasks", kMostTasks));
    set_.tasks.push_back(std::move(task));
    return set_.tasks.back().name;
  }

  std::string add_group(const TaskNode& map, const TaskNode& over, const std::string& name, int depth) {
    if (depth > kDeepestGroups) map.fail(Message::tr("groups are nested too deep, or a group is in itself"));
    refuse_functions(map, "");
    TaskNode own;
    own.kind = TaskNode::Kind::map;
    own.file = map.file;
    own.line = map.line;
    TaskNode for_members = own;  // what is no affair of the group's is set in each of its tasks
    for (const auto& entry : map.entries) {
      const bool group_key = entry.first == "group" || entry.first == "group_alias" || entry.first == "task" ||
                             entry.first == "aggregate_metric_list" || entry.first == "metadata" ||
                             entry.first == "tag";
      (group_key ? own : for_members).entries.push_back(entry);
    }
    for_members = overlaid(std::move(for_members), over);
    const NodeFields fields(own, "a group",
                            {"group", "group_alias", "task", "aggregate_metric_list", "metadata", "tag"});
    TaskGroup group;
    group.name = name.empty() ? fields.text("group", "") : name;
    if (group.name.empty()) map.fail(Message::tr("\"group\" names the group"));
    check_name(map, group.name);
    if (set_.task(group.name) != nullptr) map.fail(Message::tr("\"%1\" is also the name of a task", group.name));
    group.alias = fields.text("group_alias", group.name);
    if (const TaskNode* metadata = fields.get("metadata"))
      if (const TaskNode* version = metadata->find("version")) group.version = version->text;
    read_aggregates(fields, group);
    const TaskNode* members = fields.get("task");
    if (members == nullptr) map.fail(Message::tr("the group \"%1\" has no members (\"task\")", group.name));
    const std::vector<TaskNode> list = members->kind == TaskNode::Kind::list ? members->items : std::vector{*members};
    for (const TaskNode& member : list) group.members.push_back(add_member(member, group.name, for_members, depth));
    const TaskGroup* known = set_.group(group.name);
    if (known != nullptr && known->members != group.members)
      map.fail(Message::tr("another group of the name \"%1\" has other members", group.name));
    if (known == nullptr) set_.groups.push_back(group);
    return group.name;
  }

  std::string add_member(const TaskNode& member, const std::string& group, const TaskNode& over, int depth) {
    if (++members_ > kMostMembers) member.fail(Message::tr("more than %1 members of groups", kMostMembers));
    if (member.is_text()) {
      const TaskNode* found = find(member.text);
      if (found == nullptr)
        member.fail(Message::tr("no task file below %1 has the name \"%2\"", root_, printable(member.text)));
      const TaskNode map = *found;
      return add(map, over, "", depth + 1);
    }
    if (member.kind != TaskNode::Kind::map || name_in(member).empty())
      member.fail(Message::tr("a member of a group is a name, or a map with \"task\" or \"group\""));
    const std::string name = name_in(member);
    const TaskNode* found = find(name);
    if (member.find("group") != nullptr) {
      if (found == nullptr) return add_group(member, over, group + "::" + name, depth + 1);
      TaskNode more = member;
      erase(more, "group");
      const TaskNode map = *found;
      return add(map, overlaid(over, more), "", depth + 1);
    }
    if (found == nullptr) return add(overlaid(over, member), TaskNode{}, group + "::" + name, depth + 1);
    const TaskNode map = *found;
    return add(map, overlaid(over, member), "", depth + 1);
  }

  static void read_aggregates(const NodeFields& fields, TaskGroup& group) {
    const TaskNode* node = fields.get("aggregate_metric_list");
    if (node == nullptr) return;
    const std::vector<TaskNode> list = node->kind == TaskNode::Kind::map ? std::vector{*node} : node->items;
    if (list.empty()) fields.fail_type("aggregate_metric_list", Message::tr("a list"));
    for (const TaskNode& entry : list) {
      const NodeFields own(entry, "aggregate_metric_list", {"metric", "filter_list", "aggregation", "weight_by_size"});
      AggregateSpec aggregate;
      aggregate.metric = own.text("metric", "");
      if (aggregate.metric.empty()) entry.fail(Message::tr("an entry of aggregate_metric_list needs a metric"));
      if (own.has("filter_list")) aggregate.filters = own.texts("filter_list");
      if (own.text("aggregation", "mean") != "mean")
        own.get("aggregation")
            ->fail(Message::tr("%1 is \"%2\", allowed are %3", std::string("aggregation"),
                               printable(own.text("aggregation", "")), "mean"));
      aggregate.weight_by_size = own.flag("weight_by_size", true);
      group.aggregates.push_back(std::move(aggregate));
    }
  }

  TaskSet set_;
  std::size_t members_ = 0;
  fs::path root_, indexed_;
  std::map<std::string, TaskNode> index_;
};

}  // namespace

const TaskGroup* TaskSet::group(const std::string& name) const {
  for (const TaskGroup& group : groups)
    if (group.name == name) return &group;
  return nullptr;
}

const TaskConfig* TaskSet::task(const std::string& name) const {
  for (const TaskConfig& task : tasks)
    if (task.name == name) return &task;
  return nullptr;
}

std::vector<std::string> TaskSet::leaves(const TaskGroup& group) const {
  std::vector<std::string> names;
  for (const std::string& member : group.members) {
    if (const TaskGroup* inner = this->group(member)) {
      for (const std::string& name : leaves(*inner))
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    } else if (std::find(names.begin(), names.end(), member) == names.end()) {
      names.push_back(member);
    }
  }
  return names;
}

TaskSet load_tasks(const std::vector<fs::path>& files_or_folders) {
  SetBuilder builder;
  for (const fs::path& given : files_or_folders) {
    // Of a bare name too the folder is known, where its group's members lie.
    const fs::path path = fs::absolute(given).lexically_normal();
    std::error_code ignored;
    if (!fs::exists(path, ignored)) throw SpecError(Message::tr("%1 does not exist", path));
    if (fs::is_directory(path, ignored))
      builder.add_folder(path);
    else
      builder.add_file(path);
  }
  return builder.finish();
}

}  // namespace bandscope::evaluation
