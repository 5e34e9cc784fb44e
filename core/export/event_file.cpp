// SPDX-License-Identifier: Apache-2.0
#include "core/export/event_file.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "core/input/crc32c.h"

namespace bandscope {
namespace {

constexpr std::size_t written_at_once = std::size_t{1} << 20;

template <typename Value>
void append_little_endian(std::string& out, Value value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

// Protocol buffers: a field's key is its number and how its value is written.
constexpr unsigned varint = 0, eight_bytes = 1, counted = 2, four_bytes = 5;

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80U) {
    out += static_cast<char>((value & 0x7FU) | 0x80U);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}
void append_key(std::string& out, unsigned field, unsigned wire) { append_varint(out, (field << 3U) | wire); }
void append_counted(std::string& out, unsigned field, std::string_view bytes) {
  append_key(out, field, counted);
  append_varint(out, bytes.size());
  out += bytes;
}

std::string event_at(double wall_time) {
  std::string event;
  append_key(event, 1, eight_bytes);
  append_little_endian(event, std::bit_cast<std::uint64_t>(wall_time));
  return event;
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& file) : file_(file) {
  std::string first = event_at(0);
  append_counted(first, 3, "brain.Event:2");
  record(first);
}

void EventFile::record(std::string_view event) {
  std::string length;
  append_little_endian(length, static_cast<std::uint64_t>(event.size()));
  waiting_ += length;
  append_little_endian(waiting_, masked_crc(crc32c(length)));
  waiting_ += event;
  append_little_endian(waiting_, masked_crc(crc32c(event)));
  if (waiting_.size() < written_at_once) return;
  file_.write(waiting_);
  waiting_.clear();
}

void EventFile::add(const std::string& tag, std::int64_t step, double wall_time, double value) {
  if (std::isnan(value)) return;
  std::string scalar;
  append_counted(scalar, 1, tag);
  append_key(scalar, 2, four_bytes);
  append_little_endian(scalar, std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  std::string summary;
  append_counted(summary, 1, scalar);
  std::string event = event_at(wall_time);
  append_key(event, 2, varint);
  append_varint(event, static_cast<std::uint64_t>(step));
  append_counted(event, 5, summary);
  record(event);
}

void EventFile::finish() {
  file_.write(waiting_);
  waiting_.clear();
  file_.finish();
}

}  // namespace bandscope
