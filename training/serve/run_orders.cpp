// SPDX-License-Identifier: Apache-2.0
#include "training/serve/run_orders.h"

#include <signal.h>

#include <cerrno>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/input/json.h"
#include "core/input/system_reason.h"
#include "core/record/record_reader.h"
#include "core/record/run_folder.h"
#include "core/run/label_file.h"
#include "core/schema/message_json.h"
#include "core/schema/orders.h"
#include "core/spec/key_rules.h"
#include "training/control/server.h"
#include "training/serve/run_item.h"
#include "training/serve/run_list.h"

namespace bandscope::serve {
namespace {

namespace fs = std::filesystem;
using wire::Json;
using wire::Refusal;
using wire::Refused;

EngineProcess living_process(const fs::path& record) {
  const auto process = read_engine_process(record.parent_path());
  if (process && !alive(*process))
    throw Refused(Refusal::failed,
                  Message::tr("this run is one of %1, where orders from here do not reach it", process->host));
  if (!process || !alive(*process).value_or(false))
    throw Refused(Refusal::missing, Message::tr("this run is not going on"));
  return *process;
}

/// A sweep's engine may live and be at another run: whether this record is being written says more.
void require_still(const fs::path& record) {
  bool written = false;
  try {
    written = RecordReader::open(record).writer_alive();
  } catch (const DataError&) {
    // One that cannot be read is written by nobody.
  }
  if (written)
    throw Refused(Refusal::failed, Message::tr("%1 is running; stop it first", record.parent_path().filename()));
}

void require_alone(const fs::path& record) {
  if (!owns_folder(record)) return;
  const fs::path folder = record.parent_path();
  if (const auto others = runs_inside(folder); !others.empty())
    throw Refused(Refusal::failed, Message::tr("%1 holds other runs (%2), whose paths would change", folder.filename(),
                                               others.front().filename()));
}

void move(const fs::path& from, const fs::path& to) {
  std::error_code problem;
  if (fs::exists(fs::symlink_status(to, problem)))
    throw Refused(Refusal::failed, Message::tr("there is a file %1 already", to.filename()));
  fs::rename(from, to, problem);
  if (problem)
    throw RunError(
        Message::tr("%1 cannot be renamed to %2: %3", from.filename(), to.filename(), system_reason(problem)));
}

/// A run without a spec.toml, or with one that cannot be written, is renamed all the same.
void rename_in_spec(const fs::path& folder, const std::string& name) {
  const fs::path file = folder / "spec.toml";
  std::error_code unknown;
  if (fs::is_symlink(file, unknown)) return;  // another place's file
  try {
    auto specs = parse_run_specs(read_file(file, kMostSpecBytes), file.string(), folder);
    if (specs.size() != 1) return;
    specs.front().run.name = name;
    write_fresh(file, to_toml(specs.front()));
  } catch (const Error&) {
    return;
  }
}

fs::path trash_of(const Roots& roots) {
  std::error_code problem;
  fs::create_directory(roots.runs() / ".trash", problem);
  return roots.existing("runs", ".trash");
}

fs::path trashed_folder(const Roots& roots, const std::string& trashed) {
  require_plain_name(trashed);
  return roots.existing("runs", ".trash/" + trashed);
}

}  // namespace

Json order_run(const fs::path& record, const Json& order) {
  // Read and made anew, so that nothing but an order reaches the socket.
  const std::string line = to_request(read_request(order.dump(-1, ' ', false, Json::error_handler_t::replace))).dump();
  const EngineProcess process = living_process(record);
  if (!control::is_private_socket(process.socket))
    throw Refused(Refusal::failed, Message::tr("the engine of this run has no control socket"));
  const auto answer = try_json(control::ask_control(process.socket, line));
  if (!answer || !answer->is_object() || !answer->contains("ok") || !(*answer)["ok"].is_boolean())
    throw RunError(Message::tr("the run gave an answer that is not understood"));
  if (!(*answer)["ok"].get<bool>()) {
    const auto error = answer->find("error");
    if (error == answer->end() || !error->is_string()) throw SpecError(Message::tr("the run refuses without a reason"));
    throw SpecError(message_of(error->get<std::string>(), answer->value("message", Json())));
  }
  return *answer;
}

void end_run(const fs::path& record) {
  const EngineProcess process = living_process(record);
  if (::kill(static_cast<pid_t>(process.pid), SIGTERM) != 0)
    throw RunError(Message::tr("cannot stop process %1: %2", process.pid, system_reason(errno)));
}

std::string rename_run(const Roots& roots, const fs::path& record, const std::string& name) {
  const KeyRule* rule = find_rule("run.name");
  RunSpec scratch;
  SpecValue value;
  value.data = name;
  require_plain_name(name);
  if (!rule->read(scratch, value, {}))
    throw Refused(Refusal::request,
                  Message::tr("\"%1\" cannot be a run's name; it must be %2", name, rule->key.allowed));
  require_still(record);
  require_alone(record);
  if (owns_folder(record)) {
    const fs::path folder = record.parent_path(), to = folder.parent_path() / name;
    if (folder == roots.runs()) throw Refused(Refusal::outside, Message::tr("the folder of runs keeps its name"));
    move(folder, to);
    rename_in_spec(to, name);
    return run_name(roots.runs(), to / "run.h5");
  }
  const fs::path to = record.parent_path() / (name + ".h5");
  const fs::path labels = label_file(record);
  move(record, to);
  std::error_code unknown;
  if (fs::exists(labels, unknown)) move(labels, label_file(to));
  return run_name(roots.runs(), to);
}

std::string remove_run(const Roots& roots, const fs::path& record) {
  require_still(record);
  require_alone(record);
  const fs::path item = owns_folder(record) ? record.parent_path() : record;
  if (item == roots.runs()) throw Refused(Refusal::outside, Message::tr("the folder of runs stays"));
  const fs::path trash = trash_of(roots);
  for (int number = 0;; ++number) {
    const std::string name = item.filename().string() + (number == 0 ? "" : "-" + std::to_string(number));
    std::error_code problem;
    if (!fs::create_directory(trash / name, problem)) {
      if (problem) throw RunError(Message::tr("cannot make the folder %1: %2", trash / name, system_reason(problem)));
      continue;
    }
    write_fresh(trash / name / "place.txt", item.lexically_relative(roots.runs()).string());
    move(item, trash / name / item.filename());
    const fs::path labels = label_file(record);
    if (!owns_folder(record) && fs::exists(labels, problem)) move(labels, trash / name / labels.filename());
    return name;
  }
}

std::string restore_run(const Roots& roots, const std::string& trashed) {
  const fs::path folder = trashed_folder(roots, trashed);
  const fs::path place(read_file(folder / "place.txt", kLongestPath));
  const fs::path to = roots.fresh("runs", place.string());
  move(folder / place.filename(), to);
  const fs::path record = to.extension() == ".h5" ? to : to / "run.h5";
  const fs::path labels = label_file(record);
  std::error_code problem;
  if (to == record && fs::exists(folder / labels.filename(), problem)) move(folder / labels.filename(), labels);
  fs::remove_all(folder, problem);
  return run_name(roots.runs(), record);
}

void purge_run(const Roots& roots, const std::string& trashed) {
  const fs::path folder = trashed_folder(roots, trashed);
  std::error_code problem;
  fs::remove_all(folder, problem);
  if (problem) throw RunError(Message::at(folder, Message::tr("cannot be removed: %1", system_reason(problem))));
}

}  // namespace bandscope::serve
