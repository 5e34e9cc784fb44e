// SPDX-License-Identifier: Apache-2.0
// The near end of a conversation with a server, whatever carries its bytes: it is given what came, and gives what is to
// be sent. It knows no clock, no process and no thread; all calls come from one thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/serve/lines.h"
#include "core/serve/protocol.h"

namespace bandscope::wire {

/// What became of a request.
// NOLINTNEXTLINE(bugprone-exception-escape): what nlohmann-json's move could throw is an assertion's
struct Outcome {
  enum class Kind {
    answered,
    refused,  ///< by the far end, or because that is none of its requests
    overdue,  ///< no answer within the time that a slow request has: what it does may still go on
    lost      ///< the connection went before there was an answer
  };
  Kind kind = Kind::lost;
  Json fields;                        ///< of an answer
  Refusal refusal = Refusal::failed;  ///< of a refusal
  Message words;                      ///< why there is no answer
  bool answered() const { return kind == Kind::answered; }
};

class Client {
 public:
  enum class State {
    apart,    ///< no connection
    opening,  ///< connected; the hello has not come
    ready,
    broken  ///< this conversation is over for the reason that problem() says; the owner closes the connection
  };
  using Time = std::chrono::steady_clock::time_point;
  using Done = std::function<void(const Outcome&)>;
  using Push = std::function<void(const std::string& name, const Json& fields)>;

  /// A login may ask for a passphrase. An answer that is overdue ends the conversation, one of a slow request nothing
  /// but this request: a file on a network's disk that is hashed there says nothing of the line.
  struct Patience {
    std::chrono::seconds hello{120}, answer{60}, slow{3600};
  };
  Client() = default;
  explicit Client(Patience patience) : patience_(patience) {}

  State state() const { return state_; }
  const Message& problem() const { return problem_; }
  const Hello& hello() const { return hello_; }
  /// What the login shell printed before the hello, its beginning: it often says what is wrong.
  const std::string& before_hello() const { return before_hello_; }
  /// Whether the far end knows this request.
  bool knows(Ask ask) const;

  /// There is a new connection.
  void connected(Time now);
  void receive(std::string_view bytes, Time now);
  /// The connection has ended. Requests without an answer are lost, in the order in which they were asked.
  void lost(Message why);
  /// Looks for answers that are overdue.
  void tick(Time now);

  /// `done` is called once, also when the connection goes; never from within this function unless there is no
  /// connection or the far end has no such request. It may ask further. Slow requests are sent in their order, and so
  /// are the others, which do not wait for them.
  void ask(Ask ask, Json fields, Done done, Time now);
  /// Requests that have no answer yet.
  std::size_t waiting() const { return in_flight_.size() + queue_.size(); }

  /// Called when the hello has come, and with what the far end says unasked.
  std::function<void()> on_ready;
  Push on_push;

  /// What is to be sent; it is given away.
  std::string take_output();

 private:
  struct Waiting {
    bool slow = false;
    std::string line;
    Done done;
    Time since{};
  };
  void read_line(const std::string& line, Time now);
  void read_answer(const Json& answer, Time now);
  void fill(Time now);
  void give_up_slow(Time now);
  void break_off(Message why);

  Patience patience_;
  State state_ = State::apart;
  Message problem_;
  Hello hello_;
  std::string before_hello_;
  Lines lines_{kLongestLine};
  std::string output_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Waiting> in_flight_;
  std::deque<std::pair<std::uint64_t, Waiting>> queue_;
  /// Slow requests that were given up: the far end is still at them, so each keeps its place among those in flight, and
  /// its answer is no surprise.
  std::set<std::uint64_t> given_up_;
  Time since_{};
};

/// Growing pauses between tries to connect.
class Pauses {
 public:
  std::chrono::seconds next() {
    const auto now = pause_;
    pause_ = std::min(2 * pause_, longest);
    return now;
  }
  void reset() { pause_ = shortest; }

 private:
  static constexpr std::chrono::seconds shortest{1}, longest{60};
  std::chrono::seconds pause_ = shortest;
};

}  // namespace bandscope::wire
