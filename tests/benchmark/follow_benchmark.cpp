// SPDX-License-Identifier: GPL-3.0-or-later
// What following four live runs costs: a process of its own appends to four records at 5 steps/s, the window shows all
// of them and follows. Prints the window's processor time as a share of one core; exit status 1 above 15 %.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>
#include <QTreeView>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "app/library/run_library.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::testing;

namespace {

constexpr int kRuns = 4;
constexpr auto kBetween = std::chrono::milliseconds(200);

MadeRun run_of(int index) {
  return {.name = "live-" + std::to_string(index),
          .objective = index < 2 ? "dpo" : "simpo",
          .calibrated = index % 2 == 1,
          .planned = 100000,
          .pace = 0.2,
          .seed = unsigned(index + 1)};
}

/// The engines' part. Never returns.
void write_runs(const std::filesystem::path& folder, int history) {
  std::vector<RecordWriter> writers;
  for (int i = 0; i < kRuns; ++i) {
    writers.push_back(begin_run(folder, run_of(i)));
    for (int step = 1; step <= history; ++step) append_step(writers.back(), run_of(i), step);
  }
  for (int step = history + 1;; ++step) {
    for (int i = 0; i < kRuns; ++i) {
      append_step(writers[std::size_t(i)], run_of(i), step);
      std::this_thread::sleep_for(kBetween / kRuns);
    }
  }
}

double spent() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const int history = argc > 1 ? std::stoi(argv[1]) : 2000;
  const int seconds = argc > 2 ? std::stoi(argv[2]) : 20;
  QTemporaryDir folder;
  const pid_t writer = fork();
  if (writer == 0) write_runs(folder.path().toStdString() + "/runs", history);
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("bandscope-benchmark");
  QCoreApplication::setApplicationName("bandscope-benchmark");
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
  int result = 1;
  {
    app::MainWindow window;
    window.resize(1280, 800);
    window.show();
    const auto turn = [](int ms) {
      QEventLoop loop;  // processEvents with a time would spin
      QTimer::singleShot(ms, &loop, &QEventLoop::quit);
      loop.exec();
    };
    const QString last_record = folder.filePath(QStringLiteral("runs/live-%1/run.h5").arg(kRuns - 1));
    while (!QFileInfo::exists(last_record)) turn(100);
    window.open({folder.filePath("runs")});
    for (int waited = 0; waited < 60 && window.page()->loader()->runs().size() < kRuns; ++waited) {
      turn(500);
      for (auto* view : window.dock()->findChildren<QTreeView*>()) {
        view->expandAll();
        view->selectAll();
      }
    }
    turn(3000);
    const auto last = [&] {
      double sum = 0;
      for (const auto& run : window.page()->loader()->runs()) sum += run->last_step();
      return sum;
    };
    std::printf("%zu runs on the page, %.0f steps recorded\n", window.page()->loader()->runs().size(), last());
    bool good = window.page()->loader()->runs().size() == kRuns;
    for (const auto tab : {app::RunPage::Dynamics, app::RunPage::Training, app::RunPage::Compare}) {
      window.page()->setTab(tab);
      turn(1500);
      const double steps = last(), before = spent();
      QElapsedTimer clock;
      clock.start();
      turn(seconds * 1000);
      const double share = (spent() - before) / (double(clock.elapsed()) / 1000);
      const double arrived = (last() - steps) / seconds / kRuns;
      std::printf("%-10s %5.1f %% of one core, %.1f steps/s of each run arrived\n",
                  tab == app::RunPage::Dynamics   ? "dynamics"
                  : tab == app::RunPage::Training ? "training"
                                                  : "compare",
                  share * 100, arrived);
      good = good && share < 0.15 && arrived > 2;
    }
    std::printf("%s (target: 15 %%)\n", good ? "the target is met" : "the target is missed");
    result = good ? 0 : 1;
  }
  kill(writer, SIGKILL);
  waitpid(writer, nullptr, 0);
  return result;
}
