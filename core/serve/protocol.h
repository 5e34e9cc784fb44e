// SPDX-License-Identifier: Apache-2.0
// What a window and `bandscope-engine serve --stdio` say to each other: the one table of requests and their fields that
// the server, the client and PROTOCOL.md read. A message is a JSON object on a line of its own.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace bandscope::wire {

using Json = nlohmann::json;

inline constexpr int kVersion = 1;
/// Bytes of a line without its end; of what a chunk of rows or of a file holds before it is written as base64.
inline constexpr std::size_t kLongestLine = 1 << 20;
inline constexpr std::size_t kMostChunkBytes = 512 << 10;
/// Requests that a client may have in flight, and how many of them may be slow ones: the others are never kept waiting
/// by these alone.
inline constexpr std::size_t kMostInFlight = 16;
inline constexpr std::size_t kMostSlow = 8;
/// Items of a page of `runs` or `folder`; blocks of a request for digests; rows of a data file at a time.
inline constexpr std::size_t kMostItems = 500;
inline constexpr std::size_t kMostDigests = 4096;
inline constexpr std::size_t kMostDataRows = 64;
/// Files of a run's evaluations.
inline constexpr std::size_t kMostEvaluationFiles = 4000;
/// Rows that one digest covers.
inline constexpr std::size_t kDigestRows = 1024;

enum class Ask {
  runs,
  watch,
  unwatch,
  record,
  follow,
  unfollow,
  rows,
  coarse,
  digests,
  spec,
  log,
  start,
  plan,
  control,
  end,
  labels,
  rename,
  remove,
  restore,
  purge,
  folder,
  send,
  send_chunk,
  data_rows,
  queue,
  queued,
  queue_set,
  evaluations,
  evaluation_file,
};

enum class FieldKind { text, count, object, list, flag };

struct Field {
  std::string_view name;
  FieldKind kind;
  bool needed;
  std::string_view meaning;
};

/// A kind of request: a row of the table.
struct RequestAbout {
  Ask ask;
  std::string_view name;
  std::string_view meaning;
  std::span<const Field> fields;
  std::string_view answer;  ///< members of the answer
  bool slow = false;        ///< it hashes, reads or deletes what may be large, or measures: its answer may take long
};
std::span<const RequestAbout> requests();
const RequestAbout& about(Ask ask);

/// Why a request is refused, in a word that programs read.
enum class Refusal {
  version,   ///< of a protocol that this end does not speak
  unknown,   ///< no request of this protocol
  request,   ///< a field is missing or not what it must be
  outside,   ///< a path leads out of the named folders
  missing,   ///< there is no such run, file or folder
  replaced,  ///< another record has taken the place of the one that was asked for
  busy,      ///< as many requests or jobs as are allowed go on
  failed     ///< anything else: the sentence says it
};
std::string_view to_string(Refusal refusal);
std::optional<Refusal> refusal_of(std::string_view word);

struct Refused : Error {
  Refused(Refusal why, Message message) : Error(ExitCode::bad_spec, std::move(message)), refusal(why) {}
  Refusal refusal;
};

struct Request {
  std::uint64_t id = 0;
  Ask ask = Ask::runs;
  Json fields;  ///< those of the table have their kind; others are let through unread

  /// Of a field that may be missing.
  std::string text(std::string_view field) const;
  std::uint64_t count(std::string_view field, std::uint64_t otherwise) const;
  bool flag(std::string_view field) const;
};

/// The line of a request, with its end. `fields` must be those of the table.
std::string request_line(std::uint64_t id, Ask ask, Json fields = Json::object());
/// Of a line without its end. Throws Refused; `id` has the request's where it was found before that.
Request read_request(std::string_view line, std::optional<std::uint64_t>& id);

/// Lines of the far end, each with its end. `fields` are members beside v, id and ok.
std::string answer_line(std::uint64_t id, Json fields);
std::string refusal_line(std::optional<std::uint64_t> id, Refusal why, const Message& message);
std::string push_line(std::string_view push, Json fields);

struct Device {
  std::string name;               ///< "cpu", "cuda:0"
  std::string about;              ///< what the driver calls it; may be empty
  std::uint64_t memory = 0;       ///< bytes; 0: unknown
  std::uint64_t free_memory = 0;  ///< bytes; 0: unknown
  bool operator==(const Device&) const = default;
};

/// What the far end says first.
struct Hello {
  int version = kVersion;
  std::string program;  ///< its version
  std::string host;
  double now = 0;  ///< the host's clock, seconds since 1970
  std::vector<Device> devices;
  std::vector<std::string> roots;     ///< names by which messages call its folders: "runs", "data/0", "models/0"
  std::vector<std::string> folders;   ///< where the roots lie there, in their order; of older engines empty
  std::vector<std::string> requests;  ///< names that it knows
  std::string jobs;                   ///< what runs are started as: "slurm", or empty: processes of the host
};
std::string hello_line(const Hello& hello);
/// Nothing where `line` is no hello, as what a login shell prints before it. Throws Refused where it is one of another
/// version, or broken.
std::optional<Hello> read_hello(std::string_view line);

}  // namespace bandscope::wire
