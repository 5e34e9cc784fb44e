// SPDX-License-Identifier: Apache-2.0
#include "core/serve/client.h"

#include <algorithm>
#include <utility>

#include "core/input/json.h"
#include "core/schema/message_json.h"

namespace bandscope::wire {
namespace {

constexpr std::size_t most_before_hello = 64 << 10;

/// The far end's own words; nothing else of its answer is shown.
Message words_of(const Json& answer) {
  const auto error = answer.find("error");
  if (error == answer.end() || !error->is_string()) return Message::tr("the engine there refuses without a reason");
  return message_of(error->get<std::string>(), answer.value("message", Json()));
}

}  // namespace

bool Client::knows(Ask ask) const { return std::ranges::count(hello_.requests, about(ask).name) > 0; }

void Client::connected(Time now) {
  state_ = State::opening;
  problem_ = {};
  before_hello_.clear();
  lines_ = Lines(kLongestLine);
  output_.clear();
  since_ = now;
}

void Client::break_off(Message why) {
  if (state_ == State::apart) return;
  problem_ = why;
  lost(std::move(why));
  state_ = State::broken;
}

void Client::lost(Message why) {
  if (state_ != State::broken) state_ = State::apart;
  output_.clear();
  given_up_.clear();
  std::vector<Done> all;
  for (auto& [id, waiting] : std::exchange(in_flight_, {})) all.push_back(std::move(waiting.done));
  for (auto& [id, waiting] : std::exchange(queue_, {})) all.push_back(std::move(waiting.done));
  const Outcome outcome{Outcome::Kind::lost, {}, Refusal::failed, std::move(why)};
  for (const Done& done : all) done(outcome);
}

void Client::receive(std::string_view bytes, Time now) {
  // In pieces: a line that never ends must not be kept whole before it is noticed.
  constexpr std::size_t piece = 64 << 10;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    if (state_ != State::opening && state_ != State::ready) return;
    lines_.add(bytes.substr(at, piece));
    while (const auto line = lines_.next()) {
      if (line->too_long) return break_off(Message::tr("the engine there sent a line that is too long"));
      read_line(line->text, now);
      if (state_ != State::opening && state_ != State::ready) return;
    }
  }
}

void Client::read_line(const std::string& line, Time now) {
  if (state_ == State::opening) {
    try {
      const auto hello = read_hello(line);
      if (!hello) {
        before_hello_ += line + '\n';
        if (before_hello_.size() > most_before_hello)
          break_off(Message::tr("what answers there is not bandscope-engine"));
        return;
      }
      hello_ = *hello;
    } catch (const Refused& error) {
      return break_off(error.message());
    }
    state_ = State::ready;
    if (on_ready) on_ready();
    return;
  }
  const auto message = try_json(line);
  if (!message || !message->is_object())
    return break_off(Message::tr("the engine there sent something that is not understood"));
  if (const auto push = message->find("push"); push != message->end()) {
    if (push->is_string() && on_push) on_push(push->get<std::string>(), *message);
    return;
  }
  read_answer(*message, now);
}

void Client::read_answer(const Json& answer, Time now) {
  const auto id = answer.find("id");
  const auto ok = answer.find("ok");
  const bool has_id = id != answer.end() && id->is_number_unsigned();
  if (has_id && given_up_.erase(id->get<std::uint64_t>()) > 0) return fill(now);
  const auto asked = has_id ? in_flight_.find(id->get<std::uint64_t>()) : in_flight_.end();
  if (asked == in_flight_.end() || ok == answer.end() || !ok->is_boolean())
    return break_off(Message::tr("the engine there gave an answer that is not understood"));
  const Done done = std::move(asked->second.done);
  in_flight_.erase(asked);
  Outcome outcome;
  outcome.kind = ok->get<bool>() ? Outcome::Kind::answered : Outcome::Kind::refused;
  outcome.fields = answer;
  if (outcome.kind == Outcome::Kind::refused) {
    const auto word = answer.find("refusal");
    if (word != answer.end() && word->is_string())
      outcome.refusal = refusal_of(word->get_ref<const std::string&>()).value_or(Refusal::failed);
    outcome.words = words_of(answer);
  }
  fill(now);
  done(outcome);
}

void Client::ask(Ask ask, Json fields, Done done, Time now) {
  if (state_ != State::ready)
    return done({Outcome::Kind::lost, {}, Refusal::failed, Message::tr("there is no connection to the server")});
  if (!knows(ask))
    return done({Outcome::Kind::refused,
                 {},
                 Refusal::unknown,
                 Message::tr("the engine there (%1) is too old for this", hello_.program)});
  const std::uint64_t id = ++last_id_;
  std::string line = request_line(id, ask, std::move(fields));
  if (line.size() > kLongestLine)
    return done({Outcome::Kind::refused, {}, Refusal::request, Message::tr("this is too much for one request")});
  queue_.push_back({id, {about(ask).slow, std::move(line), std::move(done), now}});
  fill(now);
}

void Client::fill(Time now) {
  auto slow_ones = given_up_.size() + static_cast<std::size_t>(std::ranges::count_if(
                                          in_flight_, [](const auto& entry) { return entry.second.slow; }));
  for (auto at = queue_.begin(); at != queue_.end() && in_flight_.size() + given_up_.size() < kMostInFlight;) {
    if (at->second.slow && slow_ones >= kMostSlow) {
      ++at;
      continue;
    }
    auto [id, waiting] = std::move(*at);
    at = queue_.erase(at);
    if (waiting.slow) ++slow_ones;
    waiting.since = now;
    output_ += std::exchange(waiting.line, {});
    in_flight_.emplace(id, std::move(waiting));
  }
}

void Client::tick(Time now) {
  if (state_ == State::opening && now - since_ > patience_.hello)
    return break_off(Message::tr("no answer from bandscope-engine there within %1 s", patience_.hello.count()));
  const bool overdue = std::ranges::any_of(
      in_flight_, [&](const auto& entry) { return !entry.second.slow && now - entry.second.since > patience_.answer; });
  if (overdue) return break_off(Message::tr("the engine there did not answer within %1 s", patience_.answer.count()));
  give_up_slow(now);
}

void Client::give_up_slow(Time now) {
  std::vector<Done> late;
  for (auto at = in_flight_.begin(); at != in_flight_.end();) {
    if (!at->second.slow || now - at->second.since <= patience_.slow) {
      ++at;
      continue;
    }
    given_up_.insert(at->first);
    late.push_back(std::move(at->second.done));
    at = in_flight_.erase(at);
  }
  if (late.empty()) return;
  const Message why = Message::tr("the engine there did not answer within %1 s", patience_.slow.count());
  for (const Done& done : late) done({Outcome::Kind::overdue, {}, Refusal::failed, why});
  // It answers none of them any more, and no other could be asked.
  if (given_up_.size() >= kMostSlow) break_off(why);
}

std::string Client::take_output() { return std::exchange(output_, {}); }

}  // namespace bandscope::wire
