// SPDX-License-Identifier: Apache-2.0
#include "training/serve/launcher.h"

#include <algorithm>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/queue/own_folder.h"
#include "core/queue/queue.h"
#include "core/schema/spoken.h"
#include "training/data/data_files.h"
#include "training/jobs/detached.h"
#include "training/serve/uploads.h"

namespace bandscope::serve {
namespace {

namespace fs = std::filesystem;
using wire::Json;

constexpr std::size_t most_plans = 2;
constexpr const char* origin = "spec";

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

/// The files of a folder of data may be links. What else is wrong with them the engine says.
void require_data_inside(const Roots& roots, const fs::path& data, const std::string& split) {
  if (data.empty()) return;
  std::vector<fs::path> files;
  try {
    files = data::data_files({data, split});
  } catch (const DataError&) {
    return;
  }
  for (const fs::path& file : files) roots.inside(file);
}

void require_inside(const Roots& roots, const RunSpec& spec) {
  for (const fs::path& path : {spec.model.path, spec.model.reference, spec.model.adapter, spec.data.train,
                               spec.data.probe, spec.evaluation.data})
    if (!path.empty()) roots.inside(path);
  require_data_inside(roots, spec.data.train, spec.data.split);
  require_data_inside(roots, spec.data.probe, spec.data.probe_split);
  for (const fs::path& path : spec.evaluation.tasks) {
    // A task names files of its own: what was sent here is data, and not asked where others lie.
    const fs::path place = roots.inside(path);
    if (std::ranges::find(place, fs::path(Uploads::folder_name)) != place.end())
      throw wire::Refused(wire::Refusal::outside, Message::tr("%1 was sent here; tasks must lie here already", place));
  }
}

}  // namespace

Launcher::~Launcher() {
  std::error_code ignored;
  for (const Plan& plan : plans_) fs::remove(plan.spec, ignored);
}

std::vector<RunSpec> Launcher::read(const std::string& toml) const {
  if (toml.size() > kMostSpecBytes) throw SpecError(Message::tr("a spec has at most %1 bytes", kMostSpecBytes));
  auto specs = parse_run_specs(toml, origin, roots_.runs());
  for (const RunSpec& spec : specs) require_inside(roots_, spec);
  return specs;
}

fs::path Launcher::keep(const std::string& toml, const std::vector<RunSpec>& specs, const std::string& name) const {
  queue::own_folder(roots_.runs() / ".specs");
  const fs::path folder = roots_.existing("runs", ".specs");
  // Read from there it must be the same: a spec with relative paths is written with those that they stand for.
  std::string text = toml;
  if (parse_run_specs(toml, origin, folder) != specs) {
    if (specs.size() != 1) throw SpecError(Message::tr("the paths of a spec of several runs must be absolute here"));
    text = to_toml(specs.front());
  }
  const fs::path file = roots_.fresh("runs", ".specs/" + name);
  write_fresh(file, text);
  return file;
}

Json Launcher::start(const std::string& toml, const std::string& in) const {
  const auto specs = read(toml);
  const fs::path runs = roots_.existing("runs", in);
  const std::string name = specs.front().run.name;
  require_plain_name(name);
  // A file of its own: the engine of another start may not have read its spec yet.
  const fs::path spec = keep(toml, specs, name + "-" + queue::fresh_id() + ".toml");
  queue::own_folder(roots_.runs() / ".logs");
  roots_.existing("runs", ".logs");
  const std::string log = name + "-" + jobs::time_stamp() + ".txt";
  jobs::start_detached({spec.string(), "--runs", runs.string()}, roots_.fresh("runs", ".logs/" + log));
  Json names = Json::array();
  for (const RunSpec& run : specs) names.push_back(run.run.name);
  return {{"runs", std::move(names)}, {"engine", log}};
}

void Launcher::plan(const std::string& toml, bool warm_up, Planned done) {
  if (plans_.size() >= most_plans)
    throw wire::Refused(wire::Refusal::busy, Message::tr("at most %1 plans are made at a time", most_plans));
  const auto specs = read(toml);
  Plan plan;
  plan.spec = keep(toml, specs, ".plan-" + queue::fresh_id() + ".toml");
  plan.done = std::move(done);
  std::vector<std::string> arguments = {"plan", plan.spec.string(), "--json"};
  if (!warm_up) arguments.emplace_back("--no-warm-up");
  plan.child =
      std::make_unique<jobs::Child>(arguments, std::vector<std::pair<std::string, std::string>>{{kSpeakVariable, "1"}});
  plans_.push_back(std::move(plan));
}

void Launcher::collect() {
  for (auto plan = plans_.begin(); plan != plans_.end();) {
    // Before its output is read, so that what it says before it ends is read, too.
    const auto code = plan->child->ended();
    auto lines = plan->child->read();
    std::ranges::move(lines.out, std::back_inserter(plan->out));
    std::ranges::move(lines.error, std::back_inserter(plan->error));
    if (!code) {
      ++plan;
      continue;
    }
    std::error_code ignored;
    fs::remove(plan->spec, ignored);
    Json plans = Json::array();
    for (const std::string& line : plan->out)
      if (auto json = try_json(line)) plans.push_back(std::move(*json));
    Message problem;
    if (*code != 0) problem = last_spoken(joined(plan->error));
    if (*code != 0 && problem.empty()) problem = Message::tr("planning ended with code %1", *code);
    const Planned done = std::move(plan->done);
    plan = plans_.erase(plan);
    done(plans, problem);
  }
}

std::vector<int> Launcher::signals() const {
  std::vector<int> all;
  for (const Plan& plan : plans_)
    for (const int pipe : {plan.child->out(), plan.child->error()})
      if (pipe >= 0) all.push_back(pipe);
  return all;
}

}  // namespace bandscope::serve
