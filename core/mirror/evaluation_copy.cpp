// SPDX-License-Identifier: Apache-2.0
#include "core/mirror/evaluation_copy.h"

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

#include "core/error.h"
#include "core/export/fresh_file.h"
#include "core/serve/base64.h"
#include "core/serve/names.h"

namespace bandscope::mirror {
namespace {

namespace fs = std::filesystem;
using wire::Ask;
using wire::Json;

/// As who reads them takes them (core/benchmark/kept_answers.h).
constexpr std::uint64_t most_file_bytes = 256ULL << 20;

fs::file_time_type time_of(std::int64_t changed) {
  return fs::file_time_type::clock::from_sys(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(changed)));
}

template <class Value>
std::optional<Value> value_of(const Json& object, const char* name) {
  try {
    const Json& value = object.at(name);
    if (std::is_unsigned_v<Value> && !value.is_number_unsigned()) return std::nullopt;
    return value.get<Value>();
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Message not_described() {
  return Message::tr("the engine there describes its evaluations in a way that is not understood");
}

}  // namespace

EvaluationCopy::EvaluationCopy(wire::Client& client, fs::path folder, std::string run,
                               std::function<wire::Client::Time()> now)
    : client_(client), folder_(std::move(folder)), run_(std::move(run)), now_(std::move(now)) {}

EvaluationCopy::~EvaluationCopy() { *alive_ = false; }

void EvaluationCopy::ask(Ask what, Json fields, void (EvaluationCopy::*then)(const Json&)) {
  fields["run"] = run_;
  client_.ask(
      what, std::move(fields),
      [this, alive = alive_, then](const wire::Outcome& outcome) {
        if (!*alive) return;
        if (!outcome.answered()) return end(outcome.words);
        try {
          (this->*then)(outcome.fields);
        } catch (const Error& error) {
          unwritten_ = true;
          end(error.message());
        }
      },
      now_());
}

void EvaluationCopy::update() {
  if (busy_) {
    again_ = true;
    return;
  }
  // An engine that is too old for it has none to give.
  if (client_.state() != wire::Client::State::ready || !client_.knows(Ask::evaluations)) return;
  busy_ = true;
  unwritten_ = false;
  problem_ = {};
  ask(Ask::evaluations, Json::object(), &EvaluationCopy::listed);
}

void EvaluationCopy::end(Message problem) {
  busy_ = false;
  missing_.clear();
  received_.clear();
  received_.shrink_to_fit();
  problem_ = std::move(problem);
  if (std::exchange(fetched_, 0) > 0 && on_fetched) on_fetched();
  if (std::exchange(again_, false)) update();
}

bool EvaluationCopy::is_here(const File& file) const {
  std::error_code unknown;
  return fs::is_regular_file(fs::symlink_status(place(file), unknown)) &&
         fs::file_size(place(file), unknown) == file.bytes &&
         fs::last_write_time(place(file), unknown) == time_of(file.changed);
}

void EvaluationCopy::listed(const Json& answer) {
  const auto files = answer.find("files");
  if (files == answer.end() || !files->is_array() || files->size() > wire::kMostEvaluationFiles)
    return end(not_described());
  for (const Json& item : *files) {
    const auto path = value_of<std::string>(item, "path");
    const auto bytes = value_of<std::uint64_t>(item, "bytes");
    const auto changed = value_of<std::int64_t>(item, "changed");
    if (!path || !bytes || !changed || !wire::is_evaluation_file(*path)) return end(not_described());
    File file{*path, *bytes, std::clamp<std::int64_t>(*changed, 0, 1LL << 42)};
    if (file.bytes <= most_file_bytes && !is_here(file)) missing_.push_back(std::move(file));
  }
  // The last evaluation is the one that is looked at first.
  std::ranges::reverse(missing_);
  next();
}

void EvaluationCopy::next() {
  if (missing_.empty()) return end({});
  ask(Ask::evaluation_file, {{"path", missing_.front().path}, {"from", received_.size()}}, &EvaluationCopy::take);
}

void EvaluationCopy::take(const Json& answer) {
  File& file = missing_.front();
  const auto from = value_of<std::uint64_t>(answer, "from"), bytes = value_of<std::uint64_t>(answer, "bytes");
  const auto data = value_of<std::string>(answer, "data");
  const auto piece = data ? wire::from_base64(*data) : std::nullopt;
  if (!from || !bytes || !piece || *bytes > most_file_bytes) return end(not_described());
  const bool fits = *from == received_.size() && received_.size() + piece->size() <= *bytes;
  // It has become another one meanwhile: the next update fetches it.
  if (!fits || *bytes != file.bytes) {
    received_.clear();
    missing_.pop_front();
    return next();
  }
  if (piece->empty() && received_.size() < *bytes) return end(not_described());
  received_ += *piece;
  if (received_.size() < *bytes) return next();
  std::error_code problem;
  fs::create_directories(place(file).parent_path(), problem);
  write_fresh(place(file), received_);
  fs::last_write_time(place(file), time_of(file.changed), problem);
  received_.clear();
  missing_.pop_front();
  ++fetched_;
  next();
}

}  // namespace bandscope::mirror
