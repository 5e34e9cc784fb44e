// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <system_error>

#include "core/record/record_reader.h"
#include "viz/data/run_data.h"

namespace bandscope::viz {
namespace {

/// Rows read at once, so that a stop is heard within milliseconds.
constexpr std::size_t kPortion = 262'144;

std::filesystem::path record_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored) ? path / "run.h5" : path;
}

}  // namespace

struct RunFollower::Impl {
  explicit Impl(const std::filesystem::path& path) : reader(RecordReader::open(record_file(path))) {}

  /// Reads the rows of every wanted column that are not there yet. False when stopped.
  bool read(const std::stop_token& stop) {
    const std::size_t rows = reader.steps();
    while (steps_read < rows) {
      if (stop.stop_requested()) return false;
      const auto numbers = reader.step_numbers(steps_read, std::min(kPortion, rows - steps_read));
      if (numbers.empty()) break;
      const std::vector<double> values(numbers.begin(), numbers.end());
      steps.append(values);
      steps_read += values.size();
    }
    for (auto& [column, writer] : columns) {
      std::size_t& done = read_rows[column];
      while (done < steps_read) {
        if (stop.stop_requested()) return false;
        const auto values = reader.column(column, done, std::min(kPortion, steps_read - done));
        if (values.empty()) break;
        writer.append(values);
        done += values.size();
      }
    }
    unread = false;
    return true;
  }

  void publish(const RunData& before) {
    auto next = std::make_shared<RunData>(before);
    next->steps = steps.samples();
    for (const auto& [column, writer] : columns) next->set(column, writer.samples());
    next->same_pairs = likelihood_columns(*next).change() == Change::same_pairs;
    next->state = reader.state();
    next->heartbeat = reader.heartbeat();
    next->note = reader.note();
    if (next->events.size() != reader.events()) next->events = reader.event_rows();
    if (next->probe.size() != reader.probes()) next->probe = reader.probe_rows();
    if (next->evaluation.size() != reader.evaluations()) {
      next->evaluation = reader.evaluation_rows();
      next->scores =
          std::make_shared<const BenchmarkScores>(read_benchmark_names(next->path, last_evaluation(next->evaluation)));
    }
    current = std::move(next);
  }

  RecordReader reader;
  SampleWriter steps;
  std::size_t steps_read = 0;
  std::map<Column, SampleWriter> columns;
  std::map<Column, std::size_t> read_rows;
  bool unread = false;  ///< columns are wanted that are not there yet
  RunDataPtr current;
};

RunFollower::RunFollower(const std::filesystem::path& path, std::span<const Column> columns, std::stop_token stop)
    : impl_(std::make_unique<Impl>(path)) {
  RunData run;
  run.path = impl_->reader.path();
  run.name = std::filesystem::absolute(run.path).parent_path().filename().string();
  describe(run, read_run_card(impl_->reader.spec_toml(), impl_->reader.environment_json()));
  for (const Column column : columns) impl_->columns.try_emplace(column);
  if (impl_->read(stop)) impl_->publish(run);
}

RunFollower::~RunFollower() = default;
RunFollower::RunFollower(RunFollower&&) noexcept = default;
RunFollower& RunFollower::operator=(RunFollower&&) noexcept = default;

void RunFollower::need(std::span<const Column> columns, std::stop_token stop) {
  for (const Column column : columns)
    if (impl_->columns.try_emplace(column).second) impl_->unread = true;
  if (!impl_->unread || !impl_->current || !impl_->read(stop)) return;
  impl_->publish(*impl_->current);
}

void RunFollower::need_items(const std::stop_token& stop) {
  const RunDataPtr& now = impl_->current;
  if (!now || !now->scores || !now->scores->names_only) return;
  BenchmarkScores scores = read_benchmark_scores(now->path, last_evaluation(now->evaluation), stop);
  if (scores.names_only) return;  // stopped
  auto next = std::make_shared<RunData>(*now);
  next->scores = std::make_shared<const BenchmarkScores>(std::move(scores));
  impl_->current = std::move(next);
}

bool RunFollower::refresh() {
  if (!impl_->current) return false;
  RunData before = *impl_->current;
  const std::string file = impl_->reader.identity();
  const bool grew = impl_->reader.refresh();
  const bool replaced = impl_->reader.identity() != file;
  if (!grew && !replaced && impl_->reader.state() == before.state && impl_->reader.heartbeat() == before.heartbeat)
    return false;
  // A resumed run cut its record at the checkpoint: what was read beyond it is no longer true, so read anew. By now it
  // may have as many rows again as before.
  if (replaced || impl_->reader.steps() < impl_->steps_read) {
    before.events.clear();
    before.probe.clear();
    before.evaluation.clear();
    before.scores.reset();
    impl_->steps = SampleWriter();
    impl_->steps_read = 0;
    for (auto& [column, writer] : impl_->columns) writer = SampleWriter();
    impl_->read_rows.clear();
  }
  impl_->read({});
  impl_->publish(before);
  return true;
}

LikelihoodColumns likelihood_columns(const RunData& run) {
  const auto values = [&](Column column) { return run.column(column).values(); };
  return {values(Column::z_w),     values(Column::z_l),       values(Column::z_w_ref),
          values(Column::z_l_ref), values(Column::z_w_after), values(Column::z_l_after)};
}

RunDataPtr RunFollower::snapshot() const { return impl_->current; }

bool RunFollower::live() const { return impl_->reader.live(); }

RunDataPtr load_run_data(const std::filesystem::path& path, std::span<const Column> columns, std::stop_token stop,
                         KeptScores scores) {
  RunFollower follower(path, columns, stop);
  if (scores == KeptScores::items) follower.need_items(stop);
  const RunDataPtr run = follower.snapshot();
  const bool lacks = scores == KeptScores::items && run && run->scores && run->scores->names_only;
  return lacks ? nullptr : run;
}

}  // namespace bandscope::viz
