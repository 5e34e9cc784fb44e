// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP: what they do depends on whether there is something to save.
#pragma once

namespace bandscope {

/// What the first stop signal does.
enum class OnStop {
  end_process,  ///< exit code 130 at once, wherever the program is: nothing has begun that must be finished
  finish_step,  ///< it is kept in stop_signal(), for whoever has something to save to find
};

/// Catches the stop signals from now on. A second one, half a second later or more, ends the process at once in any
/// case, for whoever cannot wait. A SIGHUP that this process was started to ignore (nohup) stays ignored. SIGPIPE is
/// ignored: a reader that has gone is the affair of whoever writes.
void catch_stop_signals(OnStop first);
/// Changes what the first one does. One that has come already ends the process when this is `end_process`.
void on_stop(OnStop what);
/// The number of the signal that came, 0 for none.
int stop_signal();

}  // namespace bandscope
