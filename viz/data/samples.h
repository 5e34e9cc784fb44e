// SPDX-License-Identifier: GPL-3.0-or-later
// A column of numbers that figures read: immutable to its readers, cheap to copy, cheap to append to. Appending
// writes behind the rows that earlier copies see, so a live record costs its new rows only. Beside the numbers lie
// summaries of blocks of 64, from which extremes over a million rows are found without reading them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace bandscope::viz {

/// Rows [0, size()) of a shared column. Safe to read from any thread while a SampleWriter appends.
class Samples {
 public:
  static constexpr std::size_t block_size = 64;
  static constexpr std::uint8_t none = 255;
  /// Offsets in a block of the first, least, greatest and last finite value; `none` when no value is finite.
  struct Block {
    std::uint8_t first = none, least = none, greatest = none, last = none;
    bool whole = false;  ///< every value is finite
    double least_value = 0, greatest_value = 0;
  };

  Samples() = default;
  /// Takes the numbers over.
  explicit Samples(std::vector<double> values);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  double operator[](std::size_t row) const { return data_[row]; }
  std::span<const double> values() const { return {data_, size_}; }
  /// Summaries of the whole blocks; the rows behind the last whole block have none.
  std::span<const Block> blocks() const;
  /// Least and greatest finite value of rows [first, last); false when there is none.
  bool extremes(std::size_t first, std::size_t last, double* least, double* greatest) const;
  /// What `make` computes from these rows, kept under (kind, amount) until other rows or the source's end replace it.
  Samples derive(int kind, double amount, const std::function<std::vector<double>()>& make) const;

 private:
  friend class SampleWriter;
  struct Storage;
  std::shared_ptr<const Storage> storage_;
  const double* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Appends to a column; the Samples handed out before stay as they were.
class SampleWriter {
 public:
  SampleWriter();
  void append(std::span<const double> values);
  Samples samples() const;

 private:
  std::shared_ptr<Samples::Storage> storage_;
  std::size_t size_ = 0;
};

}  // namespace bandscope::viz
