// SPDX-License-Identifier: Apache-2.0
// Which of how many processes of one run this is, as torchrun, mpirun or srun say it in the environment.
#pragma once

#include <functional>
#include <string>

namespace bandscope::parallel {

struct Launch {
  int rank = 0, size = 1;  ///< this process among all
  int local_rank = 0;      ///< among those of this machine: the number of its GPU
  int local_size = 0;      ///< how many those are; 0: not said
  std::string address;     ///< of the machine where rank 0 is; empty for a process alone
  int port = 0;
};

/// A variable's value; nullptr when there is none.
using Environment = std::function<const char*(const char* name)>;

/// torchrun: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT. Open MPI: OMPI_COMM_WORLD_RANK, _SIZE,
/// _LOCAL_RANK, _LOCAL_SIZE. srun: SLURM_PROCID, SLURM_NTASKS (of the step: SLURM_STEP_NUM_TASKS), SLURM_LOCALID. The
/// last two take MASTER_ADDR and MASTER_PORT where they are set, else this machine when all processes are here, else
/// the first of Slurm's nodes, and a port that follows from the job's number. A job of one task, or a batch script
/// outside of srun, is a process alone. Throws SpecError when the environment is incomplete or contradicts itself.
Launch read_launch(const Environment& environment);
/// The same of this process.
Launch read_launch();
/// More than one process.
bool launched_in_parallel();

/// "node[003-007,9],other" to "node003".
std::string first_node(const std::string& node_list);

}  // namespace bandscope::parallel
