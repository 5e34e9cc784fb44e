// SPDX-License-Identifier: Apache-2.0
// Event files of TensorBoard: records of length and protocol buffers (tensorflow/core/util/event.proto). What is no
// scalar is passed over.
#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "core/error.h"
#include "core/input/crc32c.h"
#include "core/record/tracked_history.h"

namespace bandscope::record {
namespace {

using Json = nlohmann::json;

template <typename Value>
Value little_endian(std::string_view bytes) {
  Value value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i)
    value |= static_cast<Value>(static_cast<Value>(static_cast<unsigned char>(bytes[i])) << (8 * i));
  return value;
}

/// A field of a protocol buffer: its number, and its value as a number or as bytes.
struct Field {
  std::uint64_t number = 0, value = 0;
  std::string_view bytes;
};

/// The fields of a message, one after the other; what is cut or of an unknown kind ends it as damaged.
class Fields {
 public:
  explicit Fields(std::string_view message) : left_(message) {}
  std::optional<Field> next() {
    if (left_.empty() || damaged_) return std::nullopt;
    const std::uint64_t key = varint();
    Field field{key >> 3U, 0, {}};
    switch (key & 7U) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.bytes = take(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.bytes = take(4);
        break;
      default:
        damaged_ = true;
    }
    if (damaged_) return std::nullopt;
    return field;
  }
  bool damaged() const { return damaged_; }

 private:
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    damaged_ = true;
    return 0;
  }
  std::string_view take(std::uint64_t bytes) {
    if (damaged_ || bytes > left_.size()) {
      damaged_ = true;
      return {};
    }
    const std::string_view taken = left_.substr(0, bytes);
    left_.remove_prefix(bytes);
    return taken;
  }
  std::string_view left_;
  bool damaged_ = false;
};

double float_of(std::string_view bytes) {
  return static_cast<double>(std::bit_cast<float>(little_endian<std::uint32_t>(bytes)));
}

/// A TensorProto of one number, as TensorFlow 2 writes scalars.
std::optional<double> scalar_of_tensor(std::string_view tensor) {
  constexpr std::uint64_t float32 = 1, float64 = 2;
  std::uint64_t type = 0;
  std::string_view floats, doubles, content;
  Fields fields(tensor);
  while (const auto field = fields.next()) {
    if (field->number == 1) type = field->value;
    if (field->number == 4) content = field->bytes;
    if (field->number == 5) floats = field->bytes;
    if (field->number == 6) doubles = field->bytes;
  }
  if (fields.damaged()) return std::nullopt;
  if (type == float32 && content.size() == 4) return float_of(content);
  if (type == float32 && floats.size() == 4) return float_of(floats);
  const std::string_view eight = content.size() == 8 ? content : doubles;
  if (type == float64 && eight.size() == 8) return std::bit_cast<double>(little_endian<std::uint64_t>(eight));
  return std::nullopt;
}

/// The scalars in the order of the file, put together to what was logged at once. A tag may come twice for a step, for
/// two sets that were evaluated; and go back, where a run was resumed: what it had beyond is then of the interrupted
/// run.
class Scalars {
 public:
  void add(std::int64_t step, const std::string& key, double value) {
    if (!is_kept(key)) {
      unread.insert(key);
      return;
    }
    Tag& tag = tags_[key];
    if (!tag.values.empty() && step < tag.last) {
      tag.values.erase(tag.values.lower_bound({step, 0}), tag.values.end());
      most_back_ = std::max(most_back_, ++tag.times_back);
    }
    tag.last = step;
    Current& now = steps_[step];
    // The Trainer logs eval_SET_runtime of each set, before what TRL measures on it.
    const bool set = key.starts_with("eval_") && key.ends_with("runtime");
    if (now.tags.contains(&tag) || (set && now.evaluated)) now = {now.entry + 1, {}, false};
    now.tags.insert(&tag);
    now.evaluated = now.evaluated || set;
    tag.values[{step, now.entry}] = value;
  }
  bool too_long() const { return steps_.size() > kMostSteps; }
  int times_back() const { return most_back_; }

  void put(TrackedHistory& history) const {
    std::map<Place, Json> entries;
    for (const auto& [key, tag] : tags_)
      for (const auto& [place, value] : tag.values) entries[place][key] = value;
    for (const auto& [place, values] : entries) {
      for (const auto& [key, value] : values.items()) history.put(key, value);
      history.end_row(place.first);
    }
    for (const std::string& key : unread) history.put(key, nullptr);
  }

  std::set<std::string> unread;

 private:
  using Place = std::pair<std::int64_t, int>;  ///< step, and which of the entries that were logged for it
  struct Tag {
    std::map<Place, double> values;
    std::int64_t last = 0;
    int times_back = 0;
  };
  struct Current {
    int entry = 0;
    std::set<const Tag*> tags;  ///< of that entry
    bool evaluated = false;     ///< it is of an evaluated set
  };
  std::map<std::string, Tag> tags_;
  std::map<std::int64_t, Current> steps_;
  int most_back_ = 0;
};

/// Adds the scalars of an Event to those of its step; false where it is damaged.
bool read_event(std::string_view event, Scalars& scalars) {
  std::int64_t step = 0;
  std::vector<std::string_view> summaries;
  Fields fields(event);
  while (const auto field = fields.next()) {
    if (field->number == 2) step = static_cast<std::int64_t>(field->value);
    if (field->number == 5) summaries.push_back(field->bytes);
  }
  if (fields.damaged()) return false;
  for (const std::string_view summary : summaries) {
    Fields values(summary);
    while (const auto value = values.next()) {
      if (value->number != 1) continue;
      std::string tag;
      std::optional<double> number;
      Fields parts(value->bytes);
      while (const auto part = parts.next()) {
        if (part->number == 1) tag = part->bytes;
        if (part->number == 2 && part->bytes.size() == 4) number = float_of(part->bytes);
        if (part->number == 8) number = scalar_of_tensor(part->bytes);
      }
      if (parts.damaged()) return false;
      if (!number || step < 0 || tag.empty()) continue;
      scalars.add(step, plain_key(tag), *number);
    }
    if (values.damaged()) return false;
  }
  return true;
}

constexpr std::size_t head = 12, tail = 4;  // length and its sum; the sum of what follows

}  // namespace

bool is_event_file(std::string_view bytes) {
  return bytes.size() >= head &&
         little_endian<std::uint32_t>(bytes.substr(8)) == masked_crc(crc32c(bytes.substr(0, 8)));
}

ImportedLog import_events(std::string_view bytes, const std::string& origin) {
  Scalars scalars;
  std::size_t at = 0;
  bool cut = false;
  while (at < bytes.size()) {
    const std::string_view rest = bytes.substr(at);
    const auto damaged = [&] { throw DataError(Message::tr("%1: the record at byte %2 is damaged", origin, at)); };
    // What a writer that goes on, or was killed, has not finished.
    if (rest.size() < head) {
      cut = true;
      break;
    }
    if (!is_event_file(rest)) damaged();
    const auto length = little_endian<std::uint64_t>(rest);
    if (length > rest.size() - head || rest.size() - head - length < tail) {
      cut = true;
      break;
    }
    const std::string_view event = rest.substr(head, length);
    if (little_endian<std::uint32_t>(rest.substr(head + length)) != masked_crc(crc32c(event))) damaged();
    if (!read_event(event, scalars)) damaged();
    at += head + length + tail;
    if (scalars.too_long()) break;
  }
  TrackedHistory history;
  scalars.put(history);
  ImportedLog log = history.import(origin);
  log.kind = "TensorBoard's events";
  log.source = Message::tr("TensorBoard's events %1", origin);
  if (scalars.times_back() > 0) log.remarks.push_back(went_back(scalars.times_back()));
  if (cut) log.remarks.push_back(Message::tr("the file ends within a record, which was left out"));
  return log;
}

}  // namespace bandscope::record
