// SPDX-License-Identifier: Apache-2.0
// The control socket of a live run: newline-delimited JSON on a Unix socket that only its user can reach.
//
//   {"v":1,"command":"pause"}                            the orders of core/schema/orders.h
//   {"v":1,"command":"calibration","enabled":false}
//   {"v":1,"command":"momentum","value":0.9}
// answered by {"v":1,"ok":true,"run":…,"state":…,"step":…,"steps":…,"calibration":…,"momentum":…,"learning_rate":…}
// (before the first step also "phase":"reference","done":…,"total":…)
// or {"v":1,"ok":false,"error":"…"}. Lines have at most 4096 bytes. At most 16 clients are listened to: one that has
// been silent for a minute is dropped, and the longest silent one where another comes; each is read at 100 lines a
// second. A command takes effect between two steps; what it changed is an event of the record.
#pragma once

#include <string>
#include <thread>

#include "core/message/message.h"
#include "training/control/commands.h"
#include "training/control/status.h"

namespace bandscope::control {

/// Answers one request line; pushes commands. Never throws.
std::string answer_control(const std::string& line, CommandQueue& commands, const LiveStatus& status);

class ControlServer {
 public:
  /// Listens in the user's runtime folder ($XDG_RUNTIME_DIR/bandscope or /tmp/bandscope-UID), since socket paths hold
  /// only 107 bytes. Where that is not possible the run goes on without a socket, and a warning says so.
  ControlServer(CommandQueue& commands, const LiveStatus& status);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  /// "" when there is none.
  const std::string& path() const { return path_; }

 private:
  /// "" or why there is no socket.
  Message listen();
  /// Answers clients until the destructor wakes it.
  void serve();
  struct Clients;
  void accept_client(Clients& clients) const;
  CommandQueue& commands_;
  const LiveStatus& status_;
  std::string path_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::thread thread_;
};

/// Whether a path may be that of a run's socket: in a folder that belongs to this user and nobody else can enter.
bool is_private_socket(const std::string& socket_path);

/// Sends one request to a run's socket and returns the answer's line, of at most 64 KiB and within 5 s. Throws RunError
/// with the path and the reason.
std::string ask_control(const std::string& socket_path, const std::string& line);

}  // namespace bandscope::control
