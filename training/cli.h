// SPDX-License-Identifier: Apache-2.0
// The command line of bandscope-engine (specification, section 1).
#pragma once

namespace bandscope {

/// Returns the exit code; throws Error for what goes wrong before a run starts.
int run_engine(int argc, char** argv);

}  // namespace bandscope
