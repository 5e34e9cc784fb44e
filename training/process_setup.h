// SPDX-License-Identifier: Apache-2.0
// How a process that trains works with threads and memory: the engine's, and those that measure it.
#pragma once

namespace bandscope {

/// First thing in main(). Sets what is read when libraries are loaded, for which it starts the program over unless the
/// environment says it already, and how memory of tensors is kept.
void set_up_training_process(char** argv);

}  // namespace bandscope
