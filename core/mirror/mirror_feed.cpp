// SPDX-License-Identifier: Apache-2.0
#include "core/mirror/mirror_feed.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/error.h"

namespace bandscope::mirror {
namespace {

using wire::Ask;
using wire::Json;

/// What lines are drawn from comes before what tables hold, and the largest table last.
constexpr std::array copy_order = {RecordTable::steps,      RecordTable::events, RecordTable::probe,
                                   RecordTable::evaluation, RecordTable::layers, RecordTable::pairs};

constexpr std::size_t index(RecordTable table) { return static_cast<std::size_t>(table); }

/// So that others on a slow line are not kept waiting, and a fast one is used.
constexpr std::size_t least_chunk = 8 << 10;
constexpr std::chrono::milliseconds long_answer{1000}, short_answer{300};

/// So many steps and more are drawn coarsely first where most of them are not here: rows of each pass. The first is a
/// second on a line of 1 Mbit/s, the second as much as a wide chart can show.
constexpr std::size_t many_steps = 20'000;
constexpr std::array<std::size_t, 2> coarse_passes = {480, 1800};

[[noreturn]] void not_understood() {
  throw wire::Refused(wire::Refusal::request,
                      Message::tr("the engine there describes the record in a way that is not understood"));
}

template <class Value>
Value member(const Json& object, const char* name) {
  try {
    return object.at(name).get<Value>();
  } catch (const Json::exception&) {
    not_understood();
  }
}

bool over(RunState state) { return state >= RunState::done; }

}  // namespace

MirrorFeed::MirrorFeed(wire::Client& client, std::filesystem::path folder, std::string run,
                       std::function<wire::Client::Time()> now)
    : client_(client), mirror_(std::move(folder)), run_(std::move(run)), now_(std::move(now)) {
  // Before the first rows have come: a row of /events is the largest there is.
  row_bytes_.fill(2048);
}

MirrorFeed::~MirrorFeed() { *alive_ = false; }

void MirrorFeed::enter(Phase phase) {
  phase_ = phase;
  if (on_change) on_change();
}

void MirrorFeed::fail(Message why) {
  // What could not be written is tried again from what the file has.
  mirror_.drop();
  ++turn_;
  problem_ = std::move(why);
  enter(Phase::failed);
}

/// What goes wrong with the copy, or in what came, ends the copying, not the program.
template <class Step>
void MirrorFeed::guarded(Step step) {
  try {
    step();
  } catch (const Error& error) {
    fail(error.message());
  }
}

void MirrorFeed::ask(Ask what, Json fields, void (MirrorFeed::*then)(const Json&)) {
  fields["run"] = run_;
  asked_ = now_();
  client_.ask(
      what, std::move(fields),
      [this, alive = alive_, turn = turn_, what, then](const wire::Outcome& outcome) {
        if (!*alive || turn != turn_) return;
        if (outcome.answered()) return guarded([&] { (this->*then)(outcome.fields); });
        if (outcome.kind == wire::Outcome::Kind::lost) return enter(Phase::apart);
        if (outcome.refusal == wire::Refusal::replaced) {
          phase_ = Phase::apart;
          return start();
        }
        // What it has so far is copied all the same.
        untold_ = what == Ask::follow && outcome.refusal == wire::Refusal::busy;
        if (untold_) return;
        gone_ = outcome.refusal == wire::Refusal::missing;
        fail(outcome.words);
      },
      asked_);
}

void MirrorFeed::start() {
  if (phase_ == Phase::comparing || phase_ == Phase::copying || client_.state() != wire::Client::State::ready) return;
  problem_ = {};
  gone_ = untold_ = false;
  coarse_pass_ = 0;
  ++turn_;
  phase_ = Phase::comparing;
  ask(Ask::follow, Json::object(), &MirrorFeed::take_standing);
  ask(Ask::record, Json::object(), &MirrorFeed::begin);
}

void MirrorFeed::take_standing(const Json& standing) {
  if (member<std::string>(standing, "generation") != head_.generation) return;
  known_ = wire::read_counts(member<Json>(standing, "rows"));
  const auto state = member<std::int64_t>(standing, "state");
  if (state < 0 || state > static_cast<std::int64_t>(RunState::stopped)) not_understood();
  state_ = static_cast<RunState>(state);
  heartbeat_ = member<double>(standing, "heartbeat");
  shown_ = member<std::string>(standing, "shown");
}

void MirrorFeed::pushed(const Json& grown) {
  if (grown.value("run", Json()) != Json(run_) || phase_ == Phase::apart || phase_ == Phase::failed) return;
  guarded([&] {
    const bool same = member<std::string>(grown, "generation") == head_.generation;
    if (same) take_standing(grown);
    if (phase_ != Phase::level && phase_ != Phase::ended) return;  // copied() looks at what is known by then
    if (same && mirror_.writing()) return copy();
    phase_ = Phase::apart;
    start();
  });
}

void MirrorFeed::begin(const Json& record) {
  head_ = {run_, member<std::string>(record, "generation"), member<std::string>(record, "spec"),
           member<std::string>(record, "environment"), member<std::vector<std::string>>(record, "layers")};
  shapes_ = wire::read_shapes(record);
  take_standing(record);
  // The connection went, and nothing else: the writer knows what there is.
  if (mirror_.writing() && mirror_.generation() == head_.generation) return copy();
  const auto kept = mirror_.look(head_);
  keep_ = kept ? kept->rows : TableRows{};
  if (over(state_) && kept && kept->same_generation && kept->ended && keep_ == known_ && kept->state == state_ &&
      kept->heartbeat == heartbeat_)
    return enter(Phase::ended);
  for (std::size_t i = 0; i < keep_.size(); ++i) {
    keep_[i] = std::min(keep_[i], known_[i]);
    // Rows of one file never change, but the file's name is not proof enough: the last of them are looked at.
    presumed_[i] = kept && kept->same_generation && keep_[i] > wire::kDigestRows;
    equal_[i] = presumed_[i] ? (keep_[i] - 1) / wire::kDigestRows * wire::kDigestRows : 0;
  }
  table_ = 0;
  compare();
}

void MirrorFeed::compare() {
  while (table_ < keep_.size() && equal_[table_] >= keep_[table_]) ++table_;
  if (table_ == keep_.size()) return open();
  compared_first_ = equal_[table_];
  compared_count_ = std::min(keep_[table_] - compared_first_, wire::kMostDigests * wire::kDigestRows);
  ask(Ask::digests,
      {{"generation", head_.generation},
       {"table", wire::table_name(static_cast<RecordTable>(table_))},
       {"first", compared_first_},
       {"count", compared_count_}},
      &MirrorFeed::compared);
}

void MirrorFeed::compared(const Json& answer) {
  const auto digests = member<std::vector<std::string>>(answer, "digests");
  if (digests.size() != (compared_count_ + wire::kDigestRows - 1) / wire::kDigestRows) not_understood();
  const auto table = static_cast<RecordTable>(table_);
  const std::size_t end = compared_first_ + compared_count_;
  std::size_t first = compared_first_;
  for (const std::string& digest : digests) {
    const std::size_t count = std::min(wire::kDigestRows, end - first);
    if (mirror_.digest(table, first, count) != digest) {
      keep_[table_] = first;
      // Where the last rows of a file with the same name differ, nothing is known of those before them.
      equal_[table_] = presumed_[table_] ? 0 : first;
      presumed_[table_] = false;
      return compare();
    }
    first += count;
  }
  equal_[table_] = end;
  presumed_[table_] = false;
  compare();
}

bool MirrorFeed::wants_coarse() const {
  const std::size_t steps = index(RecordTable::steps), missing = known_[steps] - keep_[steps];
  return client_.knows(Ask::coarse) && missing >= many_steps && missing > known_[steps] / 2;
}

void MirrorFeed::open() {
  const bool begun = coarse_pass_ > 0 || mirror_.coarse_generation() != head_.generation;
  if (coarse_pass_ < coarse_passes.size() && begun && wants_coarse()) {
    coarse_steps_.reset();
    coarse_probe_ = RawRows{RecordTable::probe, 0, 0, {}};
    const bool probes = known_[index(RecordTable::probe)] > 0;
    if (probes) coarse_probe_.reset();
    ask_coarse(RecordTable::steps, &MirrorFeed::coarse_steps);
    if (probes) ask_coarse(RecordTable::probe, &MirrorFeed::coarse_probe);
    return;
  }
  mirror_.open(head_, keep_);
  copy();
}

void MirrorFeed::ask_coarse(RecordTable table, void (MirrorFeed::*then)(const Json&)) {
  ask(Ask::coarse,
      {{"generation", head_.generation},
       {"table", wire::table_name(table)},
       {"count", coarse_passes[coarse_pass_]},
       {"packed", true}},
      then);
}

void MirrorFeed::coarse_steps(const Json& answer) {
  coarse_steps_ = wire::read_rows(answer, RecordTable::steps, shapes_[index(RecordTable::steps)]);
  show_coarse();
}

void MirrorFeed::coarse_probe(const Json& answer) {
  coarse_probe_ = wire::read_rows(answer, RecordTable::probe, shapes_[index(RecordTable::probe)]);
  show_coarse();
}

void MirrorFeed::show_coarse() {
  if (!coarse_steps_ || !coarse_probe_) return;
  const std::size_t most = coarse_passes[coarse_pass_++];
  const RawRows steps = *std::exchange(coarse_steps_, std::nullopt),
                probe = *std::exchange(coarse_probe_, std::nullopt);
  if (steps.count == 0 || steps.count > most || probe.count > most) not_understood();
  mirror_.show(head_, {steps, probe, state_, heartbeat_});
  phase_ = Phase::copying;
  if (on_change) on_change();
  open();
}

void MirrorFeed::copy() {
  const TableRows have = mirror_.rows();
  const auto next =
      std::ranges::find_if(copy_order, [&](RecordTable table) { return have[index(table)] < known_[index(table)]; });
  // The first in the order: all that lines are drawn from is there.
  if (mirror_.coarse() && have[index(copy_order.front())] >= known_[index(copy_order.front())]) mirror_.show_whole();
  if (next == copy_order.end()) return finish();
  if (phase_ != Phase::copying) {
    // A run that has ended is shown so once all of it is here.
    mirror_.set_status(over(state_) ? RunState::running : state_, heartbeat_);
    enter(Phase::copying);
  }
  copied_table_ = *next;
  const std::size_t i = index(*next);
  const auto most = static_cast<std::size_t>(static_cast<double>(chunk_bytes_) / std::max(8.0, row_bytes_[i]));
  const std::size_t rows = std::clamp<std::size_t>(most, 1, known_[i] - have[i]);
  // On a line that carries full chunks at once packing them would take longer than sending what it saves.
  const bool packed = rows < most || chunk_bytes_ < wire::kMostChunkBytes;
  ask(Ask::rows,
      {{"generation", head_.generation},
       {"table", wire::table_name(*next)},
       {"first", have[i]},
       {"count", rows},
       {"packed", packed}},
      &MirrorFeed::copied);
}

void MirrorFeed::copied(const Json& answer) {
  const RawRows rows = wire::read_rows(answer, copied_table_, shapes_[index(copied_table_)]);
  const std::size_t i = index(copied_table_);
  if (rows.first != mirror_.rows()[i] || rows.count == 0) not_understood();
  mirror_.append(rows);
  std::size_t bytes = 0;
  for (const RawColumn& column : rows.columns) bytes += column.bytes.size();
  row_bytes_[i] = static_cast<double>(bytes) / static_cast<double>(rows.count);
  const auto took = now_() - asked_;
  if (took > long_answer) chunk_bytes_ = std::max(least_chunk, chunk_bytes_ / 2);
  if (took < short_answer) chunk_bytes_ = std::min(wire::kMostChunkBytes, chunk_bytes_ * 2);
  if (on_change) on_change();
  copy();
}

void MirrorFeed::finish() {
  mirror_.set_status(state_, heartbeat_);
  if (!over(state_)) return enter(Phase::level);
  mirror_.end();
  enter(Phase::ended);
}

}  // namespace bandscope::mirror
