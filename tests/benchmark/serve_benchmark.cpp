// SPDX-License-Identifier: Apache-2.0
// What a window waits for on a server behind a long line: the list of 1,000 runs, the first picture of a long run, and
// what following a live run costs.
//   serve_benchmark [STEPS OF THE LONG RUN] [SECONDS OF EACH LIVE RUN]
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "core/mirror/mirror_feed.h"
#include "core/record/examiner.h"
#include "tests/benchmark/folder.h"
#include "tests/benchmark/served_line.h"
#include "tests/benchmark/timing.h"

namespace {

using namespace bandscope;
using namespace bandscope::benchmark;
using serve_test::SlowLine;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr double megabit = 1e6 / 8;

fs::path engine() { return fs::canonical("/proc/self/exe").parent_path() / "bandscope-engine"; }

/// Values as a run's are: every bit of their fractions counts.
class Rows {
 public:
  StepRow step(std::int64_t number) {
    StepRow row;
    row.step = number;
    for (double& value : row.values) value = normal_(random_);
    row[Column::time] = static_cast<double>(number) / 10;
    row[Column::tokens] = 20'480;
    row[Column::z_w_after] = row[Column::z_l_after] = std::numeric_limits<double>::quiet_NaN();
    return row;
  }
  std::vector<PairRow> pairs(std::int64_t number, int batch) {
    std::vector<PairRow> rows;
    for (int i = 0; i < batch; ++i) {
      rows.push_back({number, up_to(100'000), normal_(random_), normal_(random_), normal_(random_), normal_(random_),
                      normal_(random_), normal_(random_), up_to(512), up_to(512)});
    }
    return rows;
  }

 private:
  std::int64_t up_to(std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(1, most)(random_); }
  std::mt19937_64 random_{16};
  std::normal_distribution<double> normal_;
};

void list_runs() {
  constexpr int count = 1000;
  const Folder folder;
  const std::string spec = "[run]\nname = \"r\"\n[objective]\nname = \"dpo\"\n";
  Rows rows;
  {
    auto writer = RecordWriter::create(folder.path() / "first.h5", {spec, "{}", {}});
    for (int step = 1; step <= 5; ++step) writer.append_step(rows.step(step), rows.pairs(step, 8));
    writer.set_status(RunState::done);
    writer.close();
  }
  for (int i = 0; i < count; ++i) {
    const fs::path run = folder.path() / "runs" / ("sweep-" + std::to_string(i / 100)) / ("r" + std::to_string(i));
    fs::create_directories(run);
    fs::copy(folder.path() / "first.h5", run / "run.h5");
    std::ofstream(run / "spec.toml") << spec;
  }
  const Served served(engine(), folder.path() / "runs");
  SlowLine line(served.port(), std::chrono::milliseconds(25), 100 * megabit);
  for (const char* when : {"first time", "again"}) {
    const auto start = Clock::now();
    Near near(line.port());
    const double hello = seconds_since(start);
    std::set<std::string> listed, read;
    int pages = 0;
    for (std::size_t first = 0; listed.size() < count; ++pages) {
      const auto page = near.ask(wire::Ask::runs, {{"first", first}});
      for (const auto& item : page.fields.at("runs")) {
        listed.insert(item.at("run"));
        if (item.at("read").get<bool>()) read.insert(item.at("run"));
      }
      first += page.fields.at("runs").size();
    }
    const double whole = seconds_since(start);
    near.client.on_push = [&](const std::string& name, const wire::Json& fields) {
      if (name != "changed") return;
      for (const auto& item : fields.at("runs"))
        if (item.at("read").get<bool>()) read.insert(item.at("run"));
    };
    const std::size_t bytes = near.came;
    near.ask(wire::Ask::watch, wire::Json::object());
    near.until([&] { return read.size() == count; });
    std::printf(
        "list of %d runs, 50 ms, %s: hello after %.2f s, all listed after %.2f s (at most 2: %.2f of it), %d pages, "
        "%.0f kB; what their records say after %.2f s\n",
        count, when, hello, whole, whole / 2, pages, static_cast<double>(bytes) / 1e3, seconds_since(start));
  }
}

void open_long_run(std::int64_t steps) {
  const Folder folder;
  const fs::path record = folder.path() / "runs/long/run.h5";
  fs::create_directories(record.parent_path());
  {
    Rows rows;
    auto writer = RecordWriter::create(record, {"[run]\nname = \"long\"\n", "{}", {}});
    std::vector<StepRow> block;
    for (std::int64_t step = 1; step <= steps; ++step) {
      block.push_back(rows.step(step));
      if (block.size() == 8192 || step == steps) {
        writer.append_steps(block);
        block.clear();
      }
    }
    for (std::int64_t step = 0; step <= steps; step += steps / 1000) writer.append_probe({step, -1, -2, 1, 0.5});
    writer.set_status(RunState::done);
    writer.close();
  }
  const double all = static_cast<double>(fs::file_size(record));
  const Served served(engine(), folder.path() / "runs");
  SlowLine line(served.port(), std::chrono::milliseconds(150), megabit);
  Near near(line.port());
  mirror::MirrorFeed feed(near.client, folder.path() / "cache", "long", Clock::now);
  const std::size_t before = near.came;
  const auto start = Clock::now();
  feed.start();
  std::size_t shown = 0;
  for (const char* which : {"first picture", "finer picture"}) {
    const auto rows = [&] { return feed.coarse() ? RecordReader::open(feed.record()).steps() : std::size_t{0}; };
    if (!near.until([&] { return rows() > shown || feed.phase() == mirror::MirrorFeed::Phase::failed; }) ||
        rows() <= shown)
      throw RunError(feed.problem());
    shown = rows();
    const auto bytes = static_cast<double>(near.came - before);
    const double seconds = seconds_since(start);
    // All of /steps as it is in the file, on the same line.
    const double whole = all / megabit;
    std::printf(
        "%lld steps, 1 Mbit/s and 300 ms: %s (%zu rows) after %.2f s and %.0f kB; the record has %.0f MB, %.0f s on "
        "this "
        "line: %.5f of the bytes, %.5f of the time\n",
        static_cast<long long>(steps), which, shown, seconds, bytes / 1e3, all / 1e6, whole, bytes / all,
        seconds / whole);
  }
}

void follow_live_run(int batch, bool packed, double seconds) {
  const Folder folder;
  const fs::path record = folder.path() / "runs/live/run.h5";
  fs::create_directories(record.parent_path());
  auto writer = RecordWriter::create(record, {"[run]\nname = \"live\"\n", "{}", {}});
  writer.set_status(RunState::running);
  Rows rows;
  const Served served(engine(), folder.path() / "runs");
  SlowLine line(served.port(), std::chrono::milliseconds(25), 100 * megabit);
  Near near(line.port());
  near.never_packed = !packed;
  mirror::MirrorFeed feed(near.client, folder.path() / "cache", "live", Clock::now);
  near.client.on_push = [&](const std::string& name, const wire::Json& fields) {
    if (name == "grown") feed.pushed(fields);
  };
  feed.start();
  near.until([&] { return feed.phase() == mirror::MirrorFeed::Phase::level; });
  const std::size_t before = near.came, squeezed = near.came_squeezed;
  const auto start = Clock::now();
  std::int64_t step = 0;
  while (seconds_since(start) < seconds) {
    for (; static_cast<double>(step) < 10 * seconds_since(start); ++step)
      writer.append_step(rows.step(step + 1), rows.pairs(step + 1, batch));
    near.carry();
  }
  near.until([&] { return feed.phase() == mirror::MirrorFeed::Phase::level && feed.known()[0] == std::size_t(step); });
  const double went = seconds_since(start);
  const double rate = static_cast<double>(near.came - before) / went / 1e3;
  std::printf(
      "live, %.1f steps/s with %d pairs each, %s: %.1f kB/s (at most 20: %.2f of it); through ssh -C %.1f kB/s "
      "(%.2f)\n",
      static_cast<double>(step) / went, batch, packed ? "rows packed" : "rows as columns", rate, rate / 20,
      static_cast<double>(near.came_squeezed - squeezed) / went / 1e3,
      static_cast<double>(near.came_squeezed - squeezed) / went / 2e4);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    start_record_examiner();
    std::printf("machine: %s, %u cores\n", processor().c_str(), std::thread::hardware_concurrency());
    list_runs();
    open_long_run(argc > 1 ? std::max(100'000LL, std::atoll(argv[1])) : 1'000'000);
    const double seconds = argc > 2 ? std::atof(argv[2]) : 15;
    for (const int batch : {8, 32})
      for (const bool packed : {false, true}) follow_live_run(batch, packed, seconds);
    return 0;
  } catch (const Error& problem) {
    std::fprintf(stderr, "%s\n", problem.message().english().c_str());
    return 1;
  }
}
