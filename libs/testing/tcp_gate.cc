#include "libs/testing/tcp_gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/testing/unix_socket.h"

namespace sifa::testing {
namespace {

constexpr int kAnswerPatienceMillis = 10'000;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Bound but not listening: connecting is refused, and nobody else can take the address.
int BindTcp(int* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = Loopback(*port);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    Die("the gate cannot bind its port");
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  *port = ntohs(address.sin_port);
  return fd;
}

int BindUnix(const std::string& path) {
  unlink(path.c_str());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) Die("the path of the gate's socket is too long");
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    Die("the gate cannot bind its socket");
  return fd;
}

void SetNoDelay(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
             sizeof on);  // fails on unix sockets, which do not wait anyway
}

int ConnectTo(const std::string& upstream) {
  if (upstream.front() == '/') return ConnectUnix(upstream);
  const std::pair<std::string, std::string> parts = absl::StrSplit(upstream, ':');
  int port = 0;
  sockaddr_in address = absl::SimpleAtoi(parts.second, &port) ? Loopback(port) : Loopback(0);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (inet_pton(AF_INET, parts.first.c_str(), &address.sin_addr) == 1 &&
      connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    SetNoDelay(fd);
    return fd;
  }
  close(fd);
  return -1;
}

bool SendAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace

struct TcpGate::Link {
  int client = -1;
  int server = -1;
  std::string tail;  // the client's last bytes, for a marker that arrives in two pieces
  std::string buffer = std::string(64 * 1024, '\0');
  std::atomic<bool> ended{false};
  std::thread thread;

  // Wakes whoever reads; the thread of the link closes.
  void Cut() {
    shutdown(client, SHUT_RDWR);
    shutdown(server, SHUT_RDWR);
  }
};

TcpGate::TcpGate(std::string upstream)
    : upstream_(std::move(upstream)), dir_("sifa-gate"), socket_(dir_ / "gate.sock") {
  tcp_listener_ = BindTcp(&port_);
  unix_listener_ = BindUnix(socket_);
  Listen();
}

TcpGate::~TcpGate() {
  StopListening();
  CutAll();
  for (auto& link : links_) link->thread.join();
}

void TcpGate::Listen() {
  if (listen(tcp_listener_, 128) != 0 || listen(unix_listener_, 128) != 0) Die("the gate cannot listen");
  tcp_acceptor_ = std::thread([this] { Accept(tcp_listener_); });
  unix_acceptor_ = std::thread([this] { Accept(unix_listener_); });
}

void TcpGate::StopListening() {
  // Shutting a listener down makes accept return.
  shutdown(tcp_listener_, SHUT_RDWR);
  shutdown(unix_listener_, SHUT_RDWR);
  if (tcp_acceptor_.joinable()) tcp_acceptor_.join();
  if (unix_acceptor_.joinable()) unix_acceptor_.join();
  close(tcp_listener_);
  close(unix_listener_);
}

void TcpGate::Accept(int listener) {
  for (;;) {
    const int client = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    SetNoDelay(client);
    JoinEnded();
    const absl::MutexLock lock(&mutex_);
    ++accepted_;
    Link& link = *links_.emplace_back(std::make_unique<Link>());
    link.client = client;
    link.server = blackhole_ ? -1 : ConnectTo(upstream_);
    link.thread = std::thread([this, &link] { Carry(link); });
  }
}

void TcpGate::JoinEnded() {
  std::list<std::unique_ptr<Link>> ended;
  {
    const absl::MutexLock lock(&mutex_);
    for (auto link = links_.begin(); link != links_.end();) {
      const auto next = std::next(link);
      if ((*link)->ended) ended.splice(ended.end(), links_, link);
      link = next;
    }
  }
  for (auto& link : ended) link->thread.join();
}

void TcpGate::Carry(Link& link) {
  for (;;) {
    pollfd ready[2] = {{link.client, POLLIN, 0}, {link.server, POLLIN, 0}};  // poll leaves a negative one out
    if (poll(ready, 2, -1) < 0) continue;
    if (ready[0].revents != 0 && !FromClient(link)) break;
    if (ready[1].revents != 0 && !FromServer(link)) break;
    bool dead_end = false;
    {
      const absl::MutexLock lock(&mutex_);
      dead_end = link.server < 0 && !blackhole_;
    }
    if (dead_end) break;
  }
  const absl::MutexLock lock(&mutex_);  // CutAll must not shut down a number that is already another's
  close(link.client);
  if (link.server >= 0) close(link.server);
  link.client = link.server = -1;
  link.ended = true;
}

// False where the piece in hand is to be swallowed.
bool TcpGate::HoldBack() {
  absl::Duration delay;
  {
    const absl::MutexLock lock(&mutex_);
    if (blackhole_) return false;
    delay = delay_;
  }
  if (delay > absl::ZeroDuration()) absl::SleepFor(delay);
  return true;
}

bool TcpGate::FromServer(Link& link) {
  const ssize_t got = recv(link.server, link.buffer.data(), link.buffer.size(), 0);
  if (got <= 0) return false;
  return !HoldBack() || SendAll(link.client, absl::string_view(link.buffer.data(), static_cast<size_t>(got)));
}

bool TcpGate::FromClient(Link& link) {
  const ssize_t got = recv(link.client, link.buffer.data(), link.buffer.size(), 0);
  if (got <= 0) return false;
  return !HoldBack() || SendToServer(link, absl::string_view(link.buffer.data(), static_cast<size_t>(got)));
}

// False where the connection is to be cut.
bool TcpGate::SendToServer(Link& link, absl::string_view bytes) {
  bool found = false;
  bool cut = false;
  When when;
  {
    const absl::MutexLock lock(&mutex_);
    when = when_;
    if (!marker_.empty()) {
      link.tail.append(bytes.data(), bytes.size());
      found = link.tail.find(marker_) != std::string::npos;
      if (link.tail.size() >= marker_.size()) link.tail.erase(0, link.tail.size() - marker_.size() + 1);
      if (found) marker_.clear();
    }
    if (bytes_left_ >= 0) {
      cut = bytes_left_ < static_cast<int64_t>(bytes.size());
      bytes = bytes.substr(
          0, static_cast<size_t>(std::min<int64_t>(bytes_left_, static_cast<int64_t>(bytes.size()))));
      bytes_left_ = cut ? -1 : bytes_left_ - static_cast<int64_t>(bytes.size());
    }
    if (found || cut) ++cuts_;
  }
  if (found && when == When::kBeforeForwarding) return false;
  if (!SendAll(link.server, bytes)) return false;
  if (!found) return !cut;
  pollfd answer = {link.server, POLLIN, 0};
  poll(&answer, 1, kAnswerPatienceMillis);
  return false;
}

void TcpGate::Pass() {
  const absl::MutexLock lock(&mutex_);
  blackhole_ = false;
  delay_ = absl::ZeroDuration();
  bytes_left_ = -1;
  marker_.clear();
  for (auto& link : links_) {
    if (link->server < 0 && !link->ended) shutdown(link->client, SHUT_RDWR);  // was accepted into the void
  }
  if (!std::exchange(refusing_, false)) return;
  Listen();
}

void TcpGate::RefuseNew() {
  {
    const absl::MutexLock lock(&mutex_);
    if (std::exchange(refusing_, true)) return;
  }
  StopListening();  // without the lock, which the acceptors take
  tcp_listener_ = BindTcp(&port_);
  unix_listener_ = BindUnix(socket_);
}

void TcpGate::CutAll() {
  const absl::MutexLock lock(&mutex_);
  for (auto& link : links_) {
    if (!link->ended) link->Cut();
  }
}

void TcpGate::Delay(absl::Duration duration) {
  const absl::MutexLock lock(&mutex_);
  delay_ = duration;
}

void TcpGate::Blackhole() {
  const absl::MutexLock lock(&mutex_);
  blackhole_ = true;
}

void TcpGate::CutAfterBytes(int64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  bytes_left_ = bytes;
}

void TcpGate::CutAtMarker(std::string marker, When when) {
  const absl::MutexLock lock(&mutex_);
  marker_ = std::move(marker);
  when_ = when;
  for (auto& link : links_) link->tail.clear();
}

int64_t TcpGate::accepted() const {
  const absl::MutexLock lock(&mutex_);
  return accepted_;
}

int64_t TcpGate::cuts() const {
  const absl::MutexLock lock(&mutex_);
  return cuts_;
}

}  // namespace sifa::testing
