// SPDX-License-Identifier: Apache-2.0
// A line between two programs of this machine that is as long and as thin as one to another continent: what goes in
// comes out later, in order, no faster than it lets it. It can be cut.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>
#include <vector>

namespace serve_test {

/// A port of the loopback that nobody listens at.
inline int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&at), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  ::close(socket);
  return bound ? ntohs(at.sin_port) : 0;
}

class SlowLine {
 public:
  using Clock = std::chrono::steady_clock;
  /// From a free port, port(), to `to`.
  SlowLine(int to, std::chrono::milliseconds one_way, double bytes_per_second)
      : to_(to), one_way_(one_way), rate_(bytes_per_second) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0 && ::listen(listener_, 8) == 0 &&
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0)
      port_ = ntohs(at.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { carry(stop); });
  }
  ~SlowLine() {
    thread_.request_stop();
    thread_.join();
    ::close(listener_);
  }
  SlowLine(const SlowLine&) = delete;
  SlowLine& operator=(const SlowLine&) = delete;

  int port() const { return port_; }
  void cut() { cut_ = true; }
  /// In the direction of whoever called.
  std::uint64_t came_back() const { return came_back_; }

 private:
  struct Piece {
    Clock::time_point due;
    std::string bytes;
  };
  struct Way {
    int from = -1, to = -1;
    bool back = false;
    std::deque<Piece> pieces;
    Clock::time_point free{};  ///< when the line has room for more
  };
  struct Call {
    std::array<Way, 2> ways;  ///< there, back
  };

  static sockaddr_in loopback(int port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }
  void accept() {
    const int near = ::accept(listener_, nullptr, nullptr), far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in at = loopback(to_);
    if (near < 0 || ::connect(far, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
      ::close(near);
      ::close(far);
      return;
    }
    Call call;
    call.ways[0] = {near, far, false, {}, {}};
    call.ways[1] = {far, near, true, {}, {}};
    calls_.push_back(std::move(call));
  }
  static void hang_up(const Call& call) {
    ::close(call.ways[0].from);
    ::close(call.ways[0].to);
  }
  /// False when one end has gone and all it said has come through.
  bool move(Way& way, bool readable) {
    const auto now = Clock::now();
    bool open = true;
    constexpr std::size_t most_waiting = 64;
    if (readable && way.pieces.size() < most_waiting) {
      std::array<char, 4096> block{};
      const ssize_t got = ::recv(way.from, block.data(), block.size(), MSG_DONTWAIT);
      if (got > 0) {
        way.free = std::max(way.free, now) +
                   std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(double(got) / rate_));
        way.pieces.push_back({way.free + one_way_, std::string(block.data(), std::size_t(got))});
      }
      open = got > 0 || !way.pieces.empty();
    }
    while (!way.pieces.empty() && way.pieces.front().due <= now) {
      const std::string& bytes = way.pieces.front().bytes;
      if (::send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return false;
      if (way.back) came_back_ += bytes.size();
      way.pieces.pop_front();
    }
    return open;
  }
  void carry(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> wanted{{listener_, POLLIN, 0}};
      for (const Call& call : calls_)
        for (const Way& way : call.ways) wanted.push_back({way.from, POLLIN, 0});
      ::poll(wanted.data(), wanted.size(), 5);
      std::size_t at = 1;
      const bool all = cut_.exchange(false);
      std::erase_if(calls_, [&](Call& call) {
        bool open = !all;
        for (Way& way : call.ways) open = move(way, wanted[at++].revents != 0) && open;
        if (!open) hang_up(call);
        return !open;
      });
      if (wanted[0].revents != 0) accept();
    }
    for (const Call& call : calls_) hang_up(call);
  }

  int to_, listener_ = -1, port_ = 0;
  std::chrono::milliseconds one_way_;
  double rate_;
  std::deque<Call> calls_;
  std::atomic<bool> cut_{false};
  std::atomic<std::uint64_t> came_back_{0};
  std::jthread thread_;
};

}  // namespace serve_test
