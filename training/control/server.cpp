// SPDX-License-Identifier: Apache-2.0
#include "training/control/server.h"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "core/error.h"
#include "core/input/system_reason.h"
#include "core/schema/message_json.h"

namespace bandscope::control {
namespace {

using Json = nlohmann::json;
constexpr std::size_t longest_line = 4096, longest_answer = 64 * 1024, most_clients = 16;
using Clock = std::chrono::steady_clock;
constexpr auto idle_limit = std::chrono::seconds(60);
/// Lines of one client that are read in a tick; the rest waits in its socket.
constexpr auto tick = std::chrono::milliseconds(100);
constexpr int lines_a_tick = 10;
constexpr auto patience = std::chrono::seconds(5);

std::string refusal(const Message& error) {
  return Json{{"v", kControlVersion}, {"ok", false}, {"error", error.english()}, {"message", to_json(error)}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

/// A folder that belongs to this user and nobody else can enter; "" when there is none.
std::string private_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const std::string folder =
      runtime && *runtime ? std::string(runtime) + "/bandscope" : "/tmp/bandscope-" + std::to_string(::getuid());
  ::mkdir(folder.c_str(), 0700);
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != ::getuid() ||
      (status.st_mode & 077) != 0)
    return "";
  return folder;
}

bool address_of(const std::string& path, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

bool same_user(int client) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  return ::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 && credentials.uid == ::getuid();
}

bool send_all(int fd, const std::string& text, int flags = 0) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = ::send(fd, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | flags);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

bool is_private_socket(const std::string& socket_path) {
  const std::filesystem::path path(socket_path);
  struct stat folder {};
  return path.is_absolute() && path.extension() == ".sock" && ::lstat(path.parent_path().c_str(), &folder) == 0 &&
         S_ISDIR(folder.st_mode) && folder.st_uid == ::getuid() && (folder.st_mode & 077) == 0;
}

std::string answer_control(const std::string& line, CommandQueue& commands, const LiveStatus& status) {
  try {
    const Order order = read_request(line);
    if (order.kind != Order::Kind::status && !commands.push(order))
      return refusal(Message::tr("too many commands are waiting; the run takes them between its steps"));
  } catch (const DataError& problem) {
    return refusal(problem.message());
  }
  const LiveStatus::Values values = status.get();
  Json answer = to_json(values.settings);
  answer.update({{"v", kControlVersion},
                 {"ok", true},
                 {"run", values.run},
                 {"state", values.state},
                 {"step", values.step},
                 {"steps", values.steps}});
  if (!values.phase.empty())
    answer["phase"] = values.phase, answer["done"] = values.done, answer["total"] = values.total;
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ControlServer::ControlServer(CommandQueue& commands, const LiveStatus& status) : commands_(commands), status_(status) {
  Message reason = listen();
  if (reason.empty()) {
    try {
      thread_ = std::thread([this] { serve(); });
      return;
    } catch (const std::system_error& error) {
      reason = Message::tr("no thread for it: %1", system_reason(error.code()));
      for (int end : wake_) ::close(end);
      ::unlink(path_.c_str());
      path_.clear();
    }
  }
  spdlog::warn("no control socket ({}): this run can be stopped by signals only", reason.english());
  if (listener_ >= 0) ::close(listener_);
  listener_ = -1;
}

Message ControlServer::listen() {
  const std::string folder = private_folder();
  const std::string path = folder + "/" + std::to_string(::getpid()) + ".sock";
  sockaddr_un address{};
  if (folder.empty() || !address_of(path, address)) return Message::tr("no private runtime folder");
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener_ < 0) return system_reason(errno);
  ::unlink(path.c_str());
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(listener_, 8) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0)
    return system_reason(errno);
  path_ = path;
  return {};
}

ControlServer::~ControlServer() {
  if (thread_.joinable()) {
    [[maybe_unused]] const ssize_t woken = ::write(wake_[1], "x", 1);
    thread_.join();
    ::close(wake_[0]);
    ::close(wake_[1]);
  }
  if (listener_ >= 0) ::close(listener_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

/// Those that are connected. A line is answered as soon as it is whole.
struct ControlServer::Clients {
  struct Client {
    std::string text;  ///< of the present line
    Clock::time_point heard = Clock::now();
    int lines_left = lines_a_tick;
  };
  std::map<int, Client> all;
  Clock::time_point next_tick = Clock::now() + tick;

  Clients() = default;
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  ~Clients() { drop_all(); }

  void drop(int fd) {
    ::close(fd);
    all.erase(fd);
  }
  void drop_all() {
    while (!all.empty()) drop(all.begin()->first);
  }
  void drop_longest_silent() {
    const auto longest = std::ranges::min_element(all, {}, [](const auto& entry) { return entry.second.heard; });
    if (longest != all.end()) drop(longest->first);
  }
  void start_tick() {
    const auto now = Clock::now();
    if (now < next_tick) return;
    next_tick = now + tick;
    std::vector<int> silent;
    for (auto& [fd, client] : all) {
      client.lines_left = lines_a_tick;
      if (now - client.heard > idle_limit) silent.push_back(fd);
    }
    for (const int fd : silent) drop(fd);
  }
  /// What has come from a client; false when it is to be dropped.
  bool read(int fd, CommandQueue& commands, const LiveStatus& status) {
    char buffer[1024];
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n <= 0) return n < 0 && (errno == EAGAIN || errno == EINTR);
    Client& client = all[fd];
    client.heard = Clock::now();
    client.text.append(buffer, static_cast<std::size_t>(n));
    for (std::size_t end; (end = client.text.find('\n')) != std::string::npos; client.text.erase(0, end + 1)) {
      --client.lines_left;
      // A client that does not read its answers cannot hold the others up.
      if (!send_all(fd, answer_control(client.text.substr(0, end), commands, status) + "\n", MSG_DONTWAIT))
        return false;
    }
    return client.text.size() <= longest_line;
  }
};

void ControlServer::accept_client(Clients& clients) const {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) {
    // Without a free descriptor the listener stays readable.
    if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, static_cast<int>(tick.count()));
    return;
  }
  if (!same_user(client)) {
    ::close(client);
    return;
  }
  if (clients.all.size() >= most_clients) clients.drop_longest_silent();
  clients.all[client];
}

void ControlServer::serve() {
  Clients clients;
  while (true) {
    try {
      std::vector<pollfd> wanted = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const auto& [fd, client] : clients.all)
        if (client.lines_left > 0) wanted.push_back({fd, POLLIN, 0});
      const int wait = clients.all.empty() ? -1 : static_cast<int>(tick.count());
      if (::poll(wanted.data(), wanted.size(), wait) < 0 && errno != EINTR) break;
      if (wanted[0].revents) break;
      clients.start_tick();
      for (std::size_t i = 2; i < wanted.size(); ++i) {
        const bool there = wanted[i].revents && clients.all.contains(wanted[i].fd);
        if (there && !clients.read(wanted[i].fd, commands_, status_)) clients.drop(wanted[i].fd);
      }
      if (wanted[1].revents & POLLIN) accept_client(clients);
    } catch (const std::exception&) {
      // Without memory for an answer there is none; the run goes on.
      clients.drop_all();
      ::poll(nullptr, 0, static_cast<int>(tick.count()));
    }
  }
}

std::string ask_control(const std::string& socket_path, const std::string& line) {
  sockaddr_un address{};
  if (!address_of(socket_path, address))
    throw RunError(Message::at(socket_path, Message::tr("the path is too long for a socket")));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto fail = [&](const Message& what) {
    const Message reason = system_reason(errno);
    if (fd >= 0) ::close(fd);
    throw RunError(Message::at(socket_path, Message::tr("%1 (%2)", what, reason)));
  };
  if (fd < 0) fail(Message::tr("no socket"));
  // Sending and connecting: to a server that takes nobody's call.
  const timeval limit{patience.count(), 0};
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const auto deadline = Clock::now() + patience;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail(Message::tr("the run does not answer"));
  if (!send_all(fd, line + "\n")) fail(Message::tr("cannot be written"));
  std::string answer;
  char buffer[1024];
  while (answer.find('\n') == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wanted{fd, POLLIN, 0};
    const int ready = left > 0 ? ::poll(&wanted, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) errno = ETIMEDOUT;
    if (ready <= 0) fail(Message::tr("no answer"));
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) continue;
    if (n == 0) errno = ECONNRESET;
    if (n <= 0) fail(Message::tr("no answer"));
    answer.append(buffer, static_cast<std::size_t>(n));
    if (answer.size() > longest_answer) errno = EMSGSIZE, fail(Message::tr("the answer has no end"));
  }
  ::close(fd);
  return answer.substr(0, answer.find('\n'));
}

}  // namespace bandscope::control
