// SPDX-License-Identifier: Apache-2.0
// Standard streams that are there. A program that is started with one of them closed gives its number to the next file
// that it opens: what is meant for the terminal would then be written into a log or a run record.
#pragma once

namespace bandscope {

/// Opens /dev/null on those of descriptors 0, 1 and 2 that are closed. To be called before anything else is opened.
/// False where that is not possible; the program must end then, without a word.
/// Also, a file that reaches the process's limit (ulimit -f) fails as on a full disk, in place of ending the process.
bool open_standard_streams() noexcept;

/// Whether all that was written to the standard output is there: a full disk or a reader that has gone takes less. To
/// be asked when nothing more is to come; what was cut short is no success.
bool standard_output_is_written();

}  // namespace bandscope
