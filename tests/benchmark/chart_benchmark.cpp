// SPDX-License-Identifier: GPL-3.0-or-later
// How long the page of four charts with pathway strips takes with 1,000,000 steps: 8 curves and two bands. Prints the
// machine, time to the first paint, frames per second for pan, zoom and cursor (by the clock, and by processor time,
// which a busy machine leaves alone and the target is compared with), and memory. Exit status 1 when a target is
// missed.
#include <QApplication>
#include <QSysInfo>
#include <QThread>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>

#include "tests/benchmark/timing.h"
#include "tests/viz/synthetic.h"
#include "viz/chart/dynamics_view.h"
#include "viz/figure/pathway_codes.h"

using namespace bandscope;
using namespace bandscope::viz;

namespace {

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

/// Only what the page reads, as a loaded record would have it.
std::vector<RunDataPtr> million(std::size_t steps) {
  std::vector<RunDataPtr> runs;
  for (const auto& run : testing::synthetic_pair(steps)) {
    auto slim = std::make_shared<RunData>(*run);
    for (int column = 0; column < column_count; ++column) {
      using enum Column;
      const auto c = static_cast<Column>(column);
      const auto& strip = pathway_columns();
      const bool wanted = std::find(strip.begin(), strip.end(), c) != strip.end() || c == z_w || c == z_l ||
                          c == margin || c == log_r || c == log_r_applied || c == log_r_star || c == band_lower ||
                          c == band_upper;
      if (!wanted) slim->columns[static_cast<std::size_t>(column)].reset();
    }
    runs.push_back(slim);
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM") && qEnvironmentVariableIsEmpty("DISPLAY")) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
  }
  QApplication app(argc, argv);
  const std::size_t steps = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
  const double smoothing = argc > 2 ? std::stod(argv[2]) : 0;
  std::printf("%s, %d threads, %s, Qt %s (%s)\n", processor().c_str(), QThread::idealThreadCount(),
              qPrintable(QSysInfo::prettyProductName()), qVersion(), qPrintable(QGuiApplication::platformName()));
  auto runs = million(steps);
  const double data = resident_mib();

  constexpr int charts = 6;  // four, and a strip under each column
  DynamicsView view;
  view.resize(1280, 800);
  view.setStrip(true);  // as the window has it
  if (smoothing > 0) view.setSmoothing({Smoothing::Kind::ema, smoothing});
  view.show();
  QApplication::processEvents();
  auto start = std::chrono::steady_clock::now();
  view.setRuns(runs);
  view.resetRedraws();
  while (view.redraws() < charts) QApplication::processEvents();
  const double first = benchmark::seconds_since(start);
  const auto counts = view.counts();
  std::printf("%zu steps, 2 runs: first paint after %.3f s; %zu points, %zu drawn\n", steps, first, counts.points,
              counts.drawn);

  double slowest = 1e9;
  const auto frames = [&](const char* what, const std::function<void(int)>& change) {
    start = std::chrono::steady_clock::now();
    const std::clock_t spent = std::clock();
    constexpr int kFrames = 40;
    for (int frame = 0; frame < kFrames; ++frame) {
      change(frame);
      for (int i = 0; i < 3; ++i) QApplication::processEvents();
    }
    const double rate = kFrames / benchmark::seconds_since(start);
    const double own = kFrames / (static_cast<double>(std::clock() - spent) / CLOCKS_PER_SEC);
    std::printf("%-38s %6.1f frames/s by the clock, %6.1f by processor time\n", what, rate, own);
    slowest = std::min(slowest, own);
  };
  const double all = static_cast<double>(steps);
  ZoomState* zoom = view.zoom();
  frames("pan over half of the steps", [&](int i) {
    zoom->set_x("step", Range{all * i / 90, all * (i / 90.0 + 0.5)}, false);
  });
  frames("zoom from all to 1 in 1,000", [&](int i) {
    const double width = all * std::pow(10.0, -3.0 * i / 39);
    zoom->set_x("step", Range{all * 0.3 - width * 0.3, all * 0.3 + width * 0.7}, false);
  });
  frames("pan over 1,500 steps", [&](int i) {
    zoom->set_x("step", Range{all / 2 + i * 20, all / 2 + i * 20 + 1500}, false);
  });
  frames("pan over 600 steps", [&](int i) {
    zoom->set_x("step", Range{all / 2 + i * 20, all / 2 + i * 20 + 600}, false);
  });
  frames("pan over 200 steps", [&](int i) {
    zoom->set_x("step", Range{all / 2 + i * 5, all / 2 + i * 5 + 200}, false);
  });
  zoom->show_all();
  QApplication::processEvents();
  view.resetRedraws();
  frames("cursor over all", [&](int i) { view.setCursor(all * i / 40 + 1); });
  const int drawn_for_cursor = view.redraws();
  std::printf("curves drawn anew by the cursor: %d\n", drawn_for_cursor);
  std::printf("memory: %.0f MiB resident, of which %.0f MiB with the data before the page\n", resident_mib(), data);
  const bool good = first < 2 && slowest >= 30 && resident_mib() < 600 && drawn_for_cursor <= charts;
  std::printf("%s (targets: 2 s, 30 frames/s, 600 MiB)\n", good ? "all targets met" : "a target was missed");
  return good ? 0 : 1;
}
