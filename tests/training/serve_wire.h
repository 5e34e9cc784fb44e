// SPDX-License-Identifier: Apache-2.0
// A server's session and a client in one process, with a wire between them that can be cut at any byte.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/serve/client.h"
#include "training/serve/session.h"

namespace serve_test {

using bandscope::Message;
using bandscope::serve::Roots;
using bandscope::serve::Session;
using bandscope::wire::Client;

/// Time that passes as the test says.
class Wire {
 public:
  Wire(const Roots& roots, Client& client) : roots_(roots), client_(client) {}

  Client::Time now() const { return now_; }
  Session& session() { return *session_; }
  bool connected() const { return session_ != nullptr; }
  void connect() {
    session_ = std::make_unique<Session>(roots_, std::vector<bandscope::wire::Device>{});
    client_.connected(now_);
  }
  void cut() {
    session_.reset();
    client_.lost(Message::plain("cut"));
  }

  /// Carries what there is in both directions once, of the server's bytes at most `most`; how many those were.
  std::size_t carry(std::size_t most = std::string::npos) {
    now_ += std::chrono::milliseconds(50);
    session_->receive(client_.take_output());
    session_->finish_jobs();
    session_->tick(now_);
    const std::string bytes(session_->output().substr(0, most));
    session_->written(bytes.size());
    client_.receive(without(unknown, bytes), now_);
    return bytes.size();
  }
  /// Carries until `done`, or nothing has moved for so long that it never will be.
  bool until(const std::function<bool()>& done) {
    for (int idle = 0; !done(); idle = carry() > 0 ? 0 : idle + 1)
      if (idle > 2000 || client_.state() == Client::State::broken) return false;
    return true;
  }
  /// A request's outcome.
  bandscope::wire::Outcome ask(bandscope::wire::Ask what, bandscope::wire::Json fields) {
    bandscope::wire::Outcome got;
    bool done = false;
    client_.ask(
        what, std::move(fields),
        [&](const bandscope::wire::Outcome& outcome) {
          got = outcome;
          done = true;
        },
        now_);
    if (!until([&] { return done; })) got.words = Message::plain("no answer");
    return got;
  }

  /// A request that the server does not name in its hello, as older ones do.
  std::string unknown;

 private:
  static std::string without(const std::string& name, std::string bytes) {
    const std::string item = "\"" + name + "\",";
    const auto at = name.empty() ? std::string::npos : bytes.find(item);
    return at == std::string::npos ? bytes : bytes.erase(at, item.size());
  }
  const Roots& roots_;
  Client& client_;
  std::unique_ptr<Session> session_;
  Client::Time now_{std::chrono::seconds(1)};
};

}  // namespace serve_test
