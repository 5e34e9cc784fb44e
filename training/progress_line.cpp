// SPDX-License-Identifier: Apache-2.0
#include "training/progress_line.h"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cmath>
#include <iostream>

#include "core/input/printable.h"

namespace bandscope {

std::string clock_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const auto all = static_cast<std::int64_t>(seconds + 0.5);
  if (all >= 3600) return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
  return fmt::format("{}:{:02}", all / 60, all % 60);
}

ProgressLine::ProgressLine(std::int64_t runs) : runs_(runs), terminal_(::isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(const trainer::Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const bool whole = progress.done == progress.total;
  if (!whole && now - last_ < (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000))) return;
  last_ = now;
  const std::string of_runs = runs_ > 1 ? fmt::format("[{}/{}] ", finished_ + 1, runs_) : "";
  std::string line = fmt::format("{}{}  {} {}/{}  {:.0f} %  ETA {}", of_runs, printable(progress.run),
                                 progress.phase == "training" ? "step" : progress.phase, progress.done, progress.total,
                                 100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.total),
                                 clock_text(progress.seconds_left));
  if (progress.row) {
    const StepRow& row = *progress.row;
    line += fmt::format("  z_w {:.4f}  z_l {:.4f}  margin {:.4f}  log r {:.3f} in [{:.3f}, {:.3f}]  {:.2f} s/step",
                        row[Column::z_w], row[Column::z_l], row[Column::effective_margin], row[Column::log_r_applied],
                        row[Column::band_lower], row[Column::band_upper], row[Column::seconds]);
  }
  std::cerr << (terminal_ ? "\r\033[K" : "") << line << (terminal_ ? "" : "\n") << std::flush;
  open_ = terminal_;
}

void ProgressLine::end() {
  if (open_) std::cerr << '\n';
  open_ = false;
}

void ProgressLine::finish(const trainer::RunResult& result) {
  end();
  ++finished_;
  std::cerr << fmt::format("{}  {} after {} steps in {}  {}\n", printable(result.name), to_string(result.state),
                           result.steps, clock_text(result.seconds),
                           printable(result.reason.empty() ? result.record.string() : result.reason.english()));
}

}  // namespace bandscope
