// SPDX-License-Identifier: Apache-2.0
#include "training/parallel/launch.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "core/error.h"

namespace bandscope::parallel {
namespace {

constexpr int most_processes = 1 << 20, most_port = 65535;
constexpr int usual_port = 29500;

class Variables {
 public:
  explicit Variables(const Environment& environment) : environment_(environment) {}

  std::optional<std::string> text(const char* name) const {
    const char* value = environment_(name);
    if (!value || !*value) return std::nullopt;
    return value;
  }
  std::optional<int> number(const char* name, int minimum, int maximum) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    int number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (error != std::errc() || end != value->data() + value->size() || number < minimum || number > maximum)
      throw SpecError(
          Message::tr("environment: %1 is \"%2\"; an integer from %3 to %4 is needed", name, *value, minimum, maximum));
    return number;
  }
  int needed(const char* name, int minimum, int maximum, const Message& why) const {
    const auto value = number(name, minimum, maximum);
    if (!value) throw SpecError(Message::tr("environment: %1 is not set; %2", name, why));
    return *value;
  }

 private:
  const Environment& environment_;
};

Launch torchrun(const Variables& get) {
  const Message why = Message::tr("torchrun sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT");
  Launch launch;
  launch.size = get.needed("WORLD_SIZE", 1, most_processes, why);
  launch.rank = get.needed("RANK", 0, most_processes, why);
  if (launch.size == 1 && launch.rank == 0) return launch;
  const auto local = get.number("LOCAL_RANK", 0, most_processes);
  launch.local_rank = local.value_or(launch.rank);
  launch.local_size = get.number("LOCAL_WORLD_SIZE", 1, most_processes).value_or(0);
  const auto address = get.text("MASTER_ADDR");
  if (!address) throw SpecError(Message::tr("environment: MASTER_ADDR is not set; %1", why));
  launch.address = *address;
  launch.port = get.needed("MASTER_PORT", 1, most_port, why);
  return launch;
}

void add_address(Launch& launch, const Variables& get, const std::optional<std::string>& fallback, int port,
                 const char* launcher) {
  const auto address = get.text("MASTER_ADDR");
  if (!address && !fallback) {
    const Message why = Message::tr("%1 over several machines needs the address of rank 0's machine in it", launcher);
    throw SpecError(Message::tr("environment: MASTER_ADDR is not set; %1", why));
  }
  launch.address = address ? *address : *fallback;
  launch.port = get.number("MASTER_PORT", 1, most_port).value_or(port);
}

Launch open_mpi(const Variables& get) {
  Launch launch;
  launch.size = get.needed("OMPI_COMM_WORLD_SIZE", 1, most_processes, Message::tr("mpirun sets it"));
  if (launch.size == 1) return launch;
  launch.rank = get.needed("OMPI_COMM_WORLD_RANK", 0, most_processes, Message::tr("mpirun sets it"));
  launch.local_rank = get.number("OMPI_COMM_WORLD_LOCAL_RANK", 0, most_processes).value_or(launch.rank);
  launch.local_size = get.number("OMPI_COMM_WORLD_LOCAL_SIZE", 1, most_processes).value_or(0);
  const bool here = launch.local_size == launch.size;
  add_address(launch, get, here ? std::optional<std::string>("127.0.0.1") : std::nullopt, usual_port, "mpirun");
  return launch;
}

Launch slurm(const Variables& get) {
  const Message why = Message::tr("srun sets SLURM_PROCID, SLURM_NTASKS and SLURM_LOCALID");
  Launch launch;
  // A batch script has the variables of its whole job; only srun's steps are several processes.
  if (get.text("SLURM_JOB_ID") && !get.text("SLURM_STEP_ID") && !get.text("SLURM_STEPID")) return launch;
  const auto of_step = get.number("SLURM_STEP_NUM_TASKS", 1, most_processes);
  launch.size = of_step ? *of_step : get.number("SLURM_NTASKS", 1, most_processes).value_or(1);
  if (launch.size == 1) return launch;
  launch.rank = get.needed("SLURM_PROCID", 0, most_processes, why);
  launch.local_rank = get.needed("SLURM_LOCALID", 0, most_processes, why);
  std::optional<std::string> nodes;
  for (const char* name : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST"})
    if (!nodes) nodes = get.text(name);
  if (nodes) nodes = first_node(*nodes);
  // Jobs that share a machine must not meet.
  constexpr int first_port = 20000, ports = 20000;
  const auto job = get.number("SLURM_JOB_ID", 0, 2147483647).value_or(0),
             step = get.number("SLURM_STEP_ID", 0, 2147483647).value_or(0);
  add_address(launch, get, nodes, first_port + static_cast<int>((static_cast<long>(job) * 7 + step) % ports), "srun");
  return launch;
}

}  // namespace

std::string first_node(const std::string& node_list) {
  const std::size_t bracket = node_list.find('['), comma = node_list.find(',');
  if (bracket == std::string::npos || comma < bracket) return node_list.substr(0, comma);
  const std::size_t end = node_list.find_first_of("-,]", bracket);
  std::string node = node_list.substr(0, bracket) + node_list.substr(bracket + 1, end - bracket - 1);
  const std::size_t close = node_list.find(']', bracket);
  if (close != std::string::npos) node += node_list.substr(close + 1, node_list.find_first_of(",[", close) - close - 1);
  return node;
}

Launch read_launch(const Environment& environment) {
  const Variables get(environment);
  Launch launch;
  if (get.text("RANK") || get.text("WORLD_SIZE")) {
    launch = torchrun(get);
  } else if (get.text("OMPI_COMM_WORLD_SIZE") || get.text("OMPI_COMM_WORLD_RANK")) {
    launch = open_mpi(get);
  } else if (get.text("SLURM_PROCID")) {
    launch = slurm(get);
  }
  if (launch.rank >= launch.size)
    throw SpecError(Message::tr("environment: rank %1 of %2 processes; ranks count from 0", launch.rank, launch.size));
  return launch;
}

Launch read_launch() {
  return read_launch([](const char* name) -> const char* { return std::getenv(name); });
}

bool launched_in_parallel() { return read_launch().size > 1; }

}  // namespace bandscope::parallel
