// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_source.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "app/language/translated.h"
#include "app/library/run_entry.h"
#include "core/error.h"
#include "core/record/record_reader.h"

namespace bandscope::app {
namespace {

struct SourceStrings {
  Q_DECLARE_TR_FUNCTIONS(PairSource)
};

/// First of `total` rows whose step is at least `step`: they are in the order of the steps, so that a few single rows
/// are enough.
template <class StepOf>
std::size_t first_row(std::size_t total, std::int64_t step, StepOf step_of) {
  std::size_t low = 0, high = total;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const std::optional<std::int64_t> there = step_of(middle);
    if (there && *there < step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::size_t first_pair(const RecordReader& reader, std::int64_t step) {
  return first_row(reader.pairs(), step, [&](std::size_t row) -> std::optional<std::int64_t> {
    const auto one = reader.pair_rows(row, 1);
    return one.empty() ? std::nullopt : std::optional(one.front().step);
  });
}

std::optional<std::int64_t> last_step(const RecordReader& reader) {
  const auto last = reader.pairs() == 0 ? std::vector<PairRow>() : reader.pair_rows(reader.pairs() - 1, 1);
  return last.empty() ? std::nullopt : std::optional(last.front().step);
}

/// The band of each pair's step, and what calibration applied to its ratio.
void put_in_band(const RecordReader& reader, std::vector<PairCells>& cells) {
  if (cells.empty()) return;
  const std::int64_t from = cells.front().row.step, to = cells.back().row.step;
  const auto step_of = [&](std::size_t row) -> std::optional<std::int64_t> {
    const auto one = reader.step_numbers(row, 1);
    return one.empty() ? std::nullopt : std::optional(one.front());
  };
  const std::size_t begin = first_row(reader.steps(), from, step_of), end = first_row(reader.steps(), to + 1, step_of);
  const auto steps = reader.step_numbers(begin, end - begin);
  const auto lower = reader.column(Column::band_lower, begin, end - begin);
  const auto upper = reader.column(Column::band_upper, begin, end - begin);
  const auto alpha = reader.column(Column::alpha, begin, end - begin);
  const std::size_t known = std::min({steps.size(), lower.size(), upper.size(), alpha.size()});
  std::size_t at = 0;
  for (auto& pair : cells) {
    while (at < known && steps[at] < pair.row.step) ++at;
    const bool there = at < known && steps[at] == pair.row.step;
    const double applied = there && alpha[at] > 0 ? 2 * std::log(alpha[at]) : 0;
    pair.log_r = log_ratio(pair.row.d_w, pair.row.d_l) + applied;
    if (there) pair.band = band_place(pair.log_r, lower[at], upper[at]);
  }
}

std::vector<PairCells> cells_of(const RecordReader& reader, std::optional<std::int64_t> wanted, std::int64_t span) {
  // The step may have no pairs of its own (an imported log): the one before it is shown then.
  const std::size_t end = wanted ? first_pair(reader, *wanted + 1) : reader.pairs();
  if (end == 0) return {};
  const auto last = reader.pair_rows(end - 1, 1);
  if (last.empty()) return {};
  const std::size_t begin =
      std::max(first_pair(reader, last.front().step - span + 1), end - std::min(end, PairSource::most_rows));
  std::vector<PairCells> cells;
  cells.reserve(end - begin);
  for (const auto& row : reader.pair_rows(begin, end - begin)) cells.push_back({.row = row});
  put_in_band(reader, cells);
  return cells;
}

/// The data as the spec names them, which is a path of the machine that trained.
QString named_data(const RunConfig& config) {
  const auto at = config.find(QStringLiteral("data.train"));
  return at == config.end() ? QString() : at->second;
}

/// The pairs that both have, in the first's order; of a pair that is there several times the last one.
std::size_t join(std::vector<PairCells> first, const std::vector<PairCells>& second, PairRows& out) {
  using Lines = std::pair<std::int64_t, std::int64_t>;
  const auto lines_of = [](const PairCells& cells) { return Lines(cells.row.row, cells.row.rejected_row()); };
  std::map<Lines, std::size_t> last_first, last_second;
  for (std::size_t i = 0; i < first.size(); ++i) last_first[lines_of(first[i])] = i;
  for (std::size_t i = 0; i < second.size(); ++i) last_second[lines_of(second[i])] = i;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const Lines lines = lines_of(first[i]);
    const auto other = last_second.find(lines);
    if (last_first[lines] != i || other == last_second.end()) continue;
    out.first.push_back(first[i]);
    out.second.push_back(second[other->second]);
  }
  return last_first.size() + last_second.size() - 2 * out.first.size();
}

}  // namespace

struct PairSource::Opened {
  RecordReader reader;
  QString named;
  PairTexts::Data data;
};

PairSource::PairSource(QStringList records) : records_(std::move(records)) {}
PairSource::~PairSource() = default;

PairSource::Opened PairSource::open(const QString& record) const {
  auto reader = RecordReader::open(record.toStdString());
  const RunConfig config = flatten_spec(reader.spec_toml());
  auto data = pair_data_of(reader, config, record);
  return {std::move(reader), named_data(config), std::move(data)};
}

PairSource::Answer PairSource::read(std::optional<std::int64_t> step, std::int64_t span) {
  Answer answer;
  try {
    if (opened_.empty()) {
      for (const auto& record : records_) opened_.push_back(open(record));
    } else {
      for (auto& one : opened_) one.reader.refresh();
    }
    answer.data = opened_.front().data;
    auto rows = std::make_shared<PairRows>();
    if (opened_.size() == 1) {
      rows->first = cells_of(opened_.front().reader, step, span);
      if (!rows->first.empty()) {
        answer.first_step = rows->first.front().row.step;
        answer.last_step = rows->first.back().row.step;
      }
    } else {
      const auto &a = opened_[0], &b = opened_[1];
      const bool known = !a.data.sha256.isEmpty() && !b.data.sha256.isEmpty();
      if (known ? a.data.sha256 != b.data.sha256 : a.named != b.named) {
        throw DataError(plain_message(
            SourceStrings::tr("The two runs were trained on different data: they have no pairs in common.")));
      }
      const auto end_a = last_step(a.reader), end_b = last_step(b.reader);
      rows->both = true;
      if (end_a && end_b) {
        const std::int64_t common = std::min({*end_a, *end_b, step.value_or(*end_a)});
        auto first = cells_of(a.reader, common, span);
        if (!first.empty()) {
          answer.first_step = first.front().row.step;
          answer.last_step = first.back().row.step;
        }
        answer.of_one = join(std::move(first), cells_of(b.reader, common, span), *rows);
      }
    }
    answer.rows = std::move(rows);
  } catch (...) {
    opened_.clear();
    throw;
  }
  return answer;
}

}  // namespace bandscope::app
