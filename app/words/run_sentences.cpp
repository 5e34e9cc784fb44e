// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine writes into a run's record: events, alerts, the reason of a stop.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "log r has been %1 the band for %2 steps: %3"), "13"},
    {QT_TRANSLATE_NOOP("Engine", "below")},
    {QT_TRANSLATE_NOOP("Engine", "above")},
    {QT_TRANSLATE_NOOP("Engine", "both likelihoods tend to fall (pathway ii)")},
    {QT_TRANSLATE_NOOP("Engine", "both likelihoods tend to rise (pathway i)")},
    {QT_TRANSLATE_NOOP("Engine", "the scores are nearly parallel (rho %1): the band is only %2 wide")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the incentive ratio is undefined in %1 micro-batch(es) of this step (d_w "
                       "%2, d_l %3): alpha comes from the averages")},
    {QT_TRANSLATE_NOOP("Engine",
                       "likelihood displacement: the probe pairs' z_w has fallen by %1 (standard "
                       "error %2) while their margin rose by %3")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not finite; the weights were not updated")},
    {QT_TRANSLATE_NOOP("Engine", "step %1: %2 is not finite; a lower learning rate may help")},
    {QT_TRANSLATE_NOOP("Engine", "reward calibration switched on")},
    {QT_TRANSLATE_NOOP("Engine", "reward calibration switched off")},
    {QT_TRANSLATE_NOOP("Engine", "momentum set to %1")},
    {QT_TRANSLATE_NOOP("Engine", "learning rate set to %1")},
    {QT_TRANSLATE_NOOP("Engine", "paused")},
    {QT_TRANSLATE_NOOP("Engine", "goes on")},
    {QT_TRANSLATE_NOOP("Engine", "goes on from %1")},
    {QT_TRANSLATE_NOOP("Engine", "goes on with another spec: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1 (was not set)")},
    {QT_TRANSLATE_NOOP("Engine", "%1 (was %2)")},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not set (was %2)")},
    {QT_TRANSLATE_NOOP("Engine", "stopped before step %1 of %2")},
    {QT_TRANSLATE_NOOP("Engine", "out of memory on %1 with training.micro_batch = %2; %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "training.micro_batch = %1 fits this step's pairs")},
    {QT_TRANSLATE_NOOP("Engine",
                       "%1; what also takes less: model.dtype = \"bfloat16\", model.tuning = "
                       "\"lora\" or \"qlora\", model.gradient_checkpointing and data.max_length"),
     "1"},
    {QT_TRANSLATE_NOOP("Engine", "that is the least")},
    {QT_TRANSLATE_NOOP("Engine", "not even 1 fits")},
    {QT_TRANSLATE_NOOP("Engine", "a smaller one may fit")},
    {QT_TRANSLATE_NOOP("Engine", "bandscope-engine: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "run %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "process %1: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "killed by signal %1")},
    {QT_TRANSLATE_NOOP("Engine", "no pipe for another engine: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "no further process can be started: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "process %1 of %2 lost another one of this run: %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "process %1 of %2 did not meet the others at %3:%4: %5"), "5"},
    {QT_TRANSLATE_NOOP("Engine",
                       "this build has no Gloo, which several processes need: install libgloo-dev "
                       "and build again")},
    {QT_TRANSLATE_NOOP("Engine", "environment: %1 is \"%2\"; an integer from %3 to %4 is needed")},
    {QT_TRANSLATE_NOOP("Engine", "environment: %1 is not set; %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "environment: MASTER_ADDR is not set; %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "torchrun sets RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT")},
    {QT_TRANSLATE_NOOP("Engine", "mpirun sets it")},
    {QT_TRANSLATE_NOOP("Engine", "srun sets SLURM_PROCID, SLURM_NTASKS and SLURM_LOCALID")},
    {QT_TRANSLATE_NOOP("Engine", "%1 over several machines needs the address of rank 0's machine in it")},
    {QT_TRANSLATE_NOOP("Engine", "environment: rank %1 of %2 processes; ranks count from 0")},
    {QT_TRANSLATE_NOOP("Engine", "%1 steps imported from %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "%1 steps imported from %2; %3"), "23"},
    {QT_TRANSLATE_NOOP("Engine", "a margin chain %1")},
    {QT_TRANSLATE_NOOP("Engine", "TRL's trainer state %1")},
    {QT_TRANSLATE_NOOP("Engine", "%1; not understood and left out: %2"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "not understood and left out: %1")},
    {QT_TRANSLATE_NOOP("Engine", "lines of the same step were averaged")},
    {QT_TRANSLATE_NOOP("Engine", "the whole run took %1 s")},
    {QT_TRANSLATE_NOOP("Engine", "the evaluations are those of %1; other sets were left out: %2"), "12"},
    {QT_TRANSLATE_NOOP("Engine", "the set without a name")},
    {QT_TRANSLATE_NOOP("Engine", "its steps go back once, as after a resume; from there the later values count")},
    {QT_TRANSLATE_NOOP("Engine", "its steps go back %1 times, as after a resume; from there the later values count")},
    {QT_TRANSLATE_NOOP("Engine", "left out, since another name of the same quantity is there: %1")},
    {QT_TRANSLATE_NOOP("Engine", "\"value\" must be a number")},
    {QT_TRANSLATE_NOOP("Engine", "\"value\" is out of range")},
    {QT_TRANSLATE_NOOP("Engine", "\"enabled\" must be true or false")},
    {QT_TRANSLATE_NOOP("Engine",
                       "unknown command \"%1\"; pause, resume, stop, checkpoint, calibration, "
                       "momentum, learning_rate and status are known")},
    {QT_TRANSLATE_NOOP("Engine", "not a JSON object")},
    {QT_TRANSLATE_NOOP("Engine", "\"v\" must be 1")},
    {QT_TRANSLATE_NOOP("Engine", "\"command\" must be a string")},
    {QT_TRANSLATE_NOOP("Engine", "the path is too long for a socket")},
    {QT_TRANSLATE_NOOP("Engine", "no socket")},
    {QT_TRANSLATE_NOOP("Engine", "the run does not answer")},
    {QT_TRANSLATE_NOOP("Engine", "no answer")},
    {QT_TRANSLATE_NOOP("Engine", "no private runtime folder")},
    {QT_TRANSLATE_NOOP("Engine", "%1 (%2)"), "12"},
    {QT_TRANSLATE_NOOP("Engine", "as asked")},
    {QT_TRANSLATE_NOOP("Engine", "as asked: %1")},
    {QT_TRANSLATE_NOOP("Engine", "a GPU is there: %1")},
    {QT_TRANSLATE_NOOP("Engine",
                       "the model's files are not those of process 0; all processes of a run need "
                       "the same")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be moved aside (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "is not writable")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be made (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "cannot be made")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be written (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "cannot be written")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be written (is the disk full?)")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be written: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "cannot be read (%1)"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "cannot be read")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be read: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "not a trainer state")},
};

}  // namespace

std::span<const Sentence> run_sentences() { return sentences; }

}  // namespace bandscope::app
