// SPDX-License-Identifier: GPL-3.0-or-later
#include "viz/data/samples.h"

#include <algorithm>
#include <cmath>
#include <mutex>

namespace bandscope::viz {

struct Samples::Storage {
  explicit Storage(std::size_t rows)
      : capacity(rows),
        data(std::make_unique_for_overwrite<double[]>(rows)),
        blocks(std::make_unique<Block[]>(rows / block_size)) {}

  void summarise(std::size_t index) {
    Block block;
    std::size_t finite = 0;
    const double* values = data.get() + index * block_size;
    for (std::size_t i = 0; i < block_size; ++i) {
      if (!std::isfinite(values[i])) continue;
      const auto offset = static_cast<std::uint8_t>(i);
      ++finite;
      if (block.first == none) {
        block = {offset, offset, offset, offset};
        continue;
      }
      if (values[i] < values[block.least]) block.least = offset;
      if (values[i] > values[block.greatest]) block.greatest = offset;
      block.last = offset;
    }
    if (finite > 0) {
      block.least_value = values[block.least];
      block.greatest_value = values[block.greatest];
    }
    block.whole = finite == block_size;
    blocks[index] = block;
  }

  struct Derived {
    int kind;
    double amount;
    std::size_t rows;  ///< of the source
    Samples samples;
  };

  std::size_t capacity;
  std::unique_ptr<double[]> data;
  std::unique_ptr<Block[]> blocks;
  mutable std::mutex mutex;              ///< of `derived`
  mutable std::vector<Derived> derived;  ///< one per kind: the last that was asked for
};

Samples::Samples(std::vector<double> values) {
  SampleWriter writer;
  writer.append(values);
  *this = writer.samples();
}

std::span<const Samples::Block> Samples::blocks() const {
  return storage_ ? std::span<const Block>(storage_->blocks.get(), size_ / block_size) : std::span<const Block>();
}

bool Samples::extremes(std::size_t first, std::size_t last, double* least, double* greatest) const {
  last = std::min(last, size_);
  bool found = false;
  const auto take = [&](double value) {
    if (!std::isfinite(value)) return;
    *least = found ? std::min(*least, value) : value;
    *greatest = found ? std::max(*greatest, value) : value;
    found = true;
  };
  const auto summaries = blocks();
  for (std::size_t row = first; row < last;) {
    const std::size_t index = row / block_size;
    if (row % block_size == 0 && row + block_size <= last && index < summaries.size()) {
      const Block& block = summaries[index];
      if (block.first != none) {
        take(block.least_value);
        take(block.greatest_value);
      }
      row += block_size;
    } else {
      take(data_[row++]);
    }
  }
  return found;
}

Samples Samples::derive(int kind, double amount, const std::function<std::vector<double>()>& make) const {
  if (!storage_) return {};
  const std::lock_guard lock(storage_->mutex);
  auto& all = storage_->derived;
  auto found = std::find_if(all.begin(), all.end(), [kind](const auto& derived) { return derived.kind == kind; });
  if (found == all.end()) found = all.insert(all.end(), {kind, amount, size_ + 1, {}});
  if (found->amount != amount || found->rows != size_) *found = {kind, amount, size_, Samples(make())};
  return found->samples;
}

SampleWriter::SampleWriter() = default;

void SampleWriter::append(std::span<const double> values) {
  if (values.empty()) return;
  const std::size_t needed = size_ + values.size();
  if (!storage_ || needed > storage_->capacity) {
    // The first fill is exact, since most records are read whole; growing doubles. Whole blocks, so that the last
    // block of earlier copies is never summarised twice.
    std::size_t capacity = storage_ ? std::max(needed, 2 * size_) : needed;
    capacity = (capacity + Samples::block_size - 1) / Samples::block_size * Samples::block_size;
    auto larger = std::make_shared<Samples::Storage>(capacity);
    if (storage_) {
      std::copy_n(storage_->data.get(), size_, larger->data.get());
      std::copy_n(storage_->blocks.get(), size_ / Samples::block_size, larger->blocks.get());
    }
    storage_ = std::move(larger);
  }
  std::copy(values.begin(), values.end(), storage_->data.get() + size_);
  for (std::size_t block = size_ / Samples::block_size; block < needed / Samples::block_size; ++block) {
    storage_->summarise(block);
  }
  size_ = needed;
}

Samples SampleWriter::samples() const {
  Samples samples;
  samples.storage_ = storage_;
  samples.data_ = storage_ ? storage_->data.get() : nullptr;
  samples.size_ = size_;
  return samples;
}

}  // namespace bandscope::viz
