// SPDX-License-Identifier: Apache-2.0
// bandscope-engine serve at the far end of a line of a given delay and rate, and a client at its near end.
#pragma once

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <zlib.h>

#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "core/error.h"
#include "core/serve/client.h"
#include "tests/training/slow_line.h"

namespace bandscope::benchmark {

/// Engines that serve a folder of runs, one for each call at port().
class Served {
 public:
  Served(std::filesystem::path engine, std::filesystem::path runs)
      : engine_(std::move(engine)), runs_(std::move(runs)), port_(serve_test::free_port()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int again = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port_));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 || ::listen(listener_, 8) != 0)
      throw RunError(Message::plain("no port"));
    thread_ = std::jthread([this](const std::stop_token& stop) { answer(stop); });
  }
  ~Served() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
    for (const pid_t engine : engines_) {
      ::kill(engine, SIGTERM);
      ::waitpid(engine, nullptr, 0);
    }
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  int port() const { return port_; }

 private:
  void answer(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd wanted{listener_, POLLIN, 0};
      if (::poll(&wanted, 1, 50) <= 0) continue;
      const int call = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      posix_spawn_file_actions_t streams;
      ::posix_spawn_file_actions_init(&streams);
      ::posix_spawn_file_actions_adddup2(&streams, call, 0);
      ::posix_spawn_file_actions_adddup2(&streams, call, 1);
      std::string words[] = {engine_.string(), "serve", "--stdio", "--runs", runs_.string()};
      std::vector<char*> argv;
      for (std::string& word : words) argv.push_back(word.data());
      argv.push_back(nullptr);
      pid_t engine = 0;
      if (::posix_spawn(&engine, argv[0], &streams, nullptr, argv.data(), environ) == 0) engines_.push_back(engine);
      ::posix_spawn_file_actions_destroy(&streams);
      ::close(call);
    }
  }
  std::filesystem::path engine_, runs_;
  int port_, listener_ = -1;
  std::vector<pid_t> engines_;
  std::jthread thread_;
};

/// The near end: the client of core over a socket; what came is counted, also as ssh -C would have sent it.
class Near {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Near(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::deflateInit(&squeezed_, Z_DEFAULT_COMPRESSION);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
      throw RunError(Message::plain("no connection"));
    client.connected(Clock::now());
    if (!until([&] { return client.state() == wire::Client::State::ready; }))
      throw RunError(Message::plain("no hello"));
  }
  ~Near() {
    client.lost(Message::plain("end"));
    ::close(socket_);
    ::deflateEnd(&squeezed_);
  }
  Near(const Near&) = delete;
  Near& operator=(const Near&) = delete;

  void carry() {
    std::string out = client.take_output();
    constexpr std::string_view asked = "\"packed\":true", plain = "\"packed\":false";
    for (std::size_t at = 0; never_packed && (at = out.find(asked, at)) != std::string::npos;)
      out.replace(at, asked.size(), plain);
    for (std::string_view rest = out; !rest.empty();) {
      const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw RunError(Message::plain("the line went"));
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, 2) <= 0) return;
    std::array<char, 1 << 16> block{};
    const ssize_t got = ::recv(socket_, block.data(), block.size(), 0);
    if (got <= 0) throw RunError(Message::plain("the line went"));
    came += static_cast<std::size_t>(got);
    squeeze({block.data(), static_cast<std::size_t>(got)});
    client.receive({block.data(), static_cast<std::size_t>(got)}, Clock::now());
  }
  /// False after minutes.
  bool until(const std::function<bool()>& done) {
    const auto end = Clock::now() + std::chrono::minutes(5);
    while (!done() && Clock::now() < end && client.state() != wire::Client::State::broken) carry();
    return done();
  }
  wire::Outcome ask(wire::Ask what, wire::Json fields) {
    wire::Outcome got;
    bool done = false;
    client.ask(
        what, std::move(fields),
        [&](const wire::Outcome& outcome) {
          got = outcome;
          done = true;
        },
        Clock::now());
    if (!until([&] { return done; }) || !got.answered()) throw RunError(got.words);
    return got;
  }

  wire::Client client;
  std::size_t came = 0, came_squeezed = 0;
  bool never_packed = false;

 private:
  void squeeze(std::string_view bytes) {
    std::array<Bytef, 1 << 17> out{};
    squeezed_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    squeezed_.avail_in = static_cast<uInt>(bytes.size());
    squeezed_.next_out = out.data();
    squeezed_.avail_out = out.size();
    ::deflate(&squeezed_, Z_PARTIAL_FLUSH);
    came_squeezed += out.size() - squeezed_.avail_out;
  }
  int socket_;
  z_stream squeezed_{};
};

}  // namespace bandscope::benchmark
