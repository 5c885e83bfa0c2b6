#include "libs/redis/lifeline.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "absl/random/random.h"
#include "absl/strings/numbers.h"
#include "libs/telemetry/block_signals.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::redis {
namespace {

constexpr timeval kCallLimit = {0, 500 * 1000};  // to connect, and for each command
constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(5);

prometheus::Gauge& Connections(const std::string& role) {
  return telemetry::Gauge("sifa_redis_connections", "Live connections to Redis.", {{"role", role}});
}

// For poll: rounded up, so that waiting out a rest of a millisecond does not spin.
int Millis(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(duration, absl::Milliseconds(1))));
}

void Drain(int eventfd) {
  uint64_t ignored;
  [[maybe_unused]] const ssize_t got = read(eventfd, &ignored, sizeof ignored);
}

Connection Open(const std::string& host, int port) {
  Connection connection(redisConnectWithTimeout(host.c_str(), port, kCallLimit));
  if (connection != nullptr && connection->err == 0) redisSetTimeout(connection.get(), kCallLimit);
  return connection;
}

bool Authenticate(redisContext* connection, const std::string& user, const std::string& password) {
  if (password.empty()) return true;
  const Reply reply(static_cast<redisReply*>(
      user.empty() ? redisCommand(connection, "AUTH %b", password.data(), password.size())
                   : redisCommand(connection, "AUTH %b %b", user.data(), user.size(), password.data(), password.size())));
  return reply != nullptr && reply->type != REDIS_REPLY_ERROR;
}

// To the master that the first sentinel names which knows it; null where none does. One that was demoted by a failover ends its
// connections, so that this is asked again.
Connection OpenMaster(const Address& address) {
  for (const auto& [host, port] : address.sentinels) {
    const Connection sentinel = Open(host, port);
    if (sentinel == nullptr || sentinel->err != 0) continue;
    const Reply reply(static_cast<redisReply*>(
        redisCommand(sentinel.get(), "SENTINEL get-master-addr-by-name %b", address.master.data(), address.master.size())));
    int master_port = 0;
    if (reply == nullptr || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
        !absl::SimpleAtoi(absl::string_view(reply->element[1]->str, reply->element[1]->len), &master_port)) {
      continue;
    }
    return Open(std::string(reply->element[0]->str, reply->element[0]->len), master_port);
  }
  return nullptr;
}

}  // namespace

absl::Duration Steady() { return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch()); }

Lifeline::Lifeline(const Address& address, std::string role)
    : address_(address), role_(std::move(role)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), pause_(kFirstPause) {
  if (!address_.empty()) Connections(role_);  // 0 from the start
}

Lifeline::~Lifeline() {
  Stop();
  close(wake_);
}

void Lifeline::Start(Serve serve) {
  if (address_.empty()) return;
  const telemetry::BlockSignals no_signals_there;  // hiredis writes without MSG_NOSIGNAL
  thread_ = std::thread([this, serve = std::move(serve)] { Run(serve); });
}

void Lifeline::Stop() {
  stopping_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
}

void Lifeline::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

Lifeline::Event Lifeline::Wait(redisContext& connection, absl::Duration limit) {
  pollfd fds[] = {{wake_, POLLIN, 0}, {connection.fd, POLLIN, 0}};
  if (poll(fds, 2, Millis(limit)) <= 0) return Event::kQuiet;
  if (fds[0].revents != 0) {
    Drain(wake_);
    return Event::kWoken;
  }
  return Event::kReadable;
}

void Lifeline::Up() {
  pause_ = kFirstPause;
  told_away_ = false;
  if (connected_.exchange(true)) return;
  Connections(role_).Increment();
  telemetry::Info("redis_connected", {{"role", role_}});
}

void Lifeline::Down(const std::string& cause) {
  if (connected_.exchange(false)) Connections(role_).Decrement();
  if (told_away_ || stopping_) return;
  told_away_ = true;
  telemetry::Warn("redis_away", {{"role", role_}, {"cause", cause}});
}

void Lifeline::Run(const Serve& serve) {
  while (!stopping_) {
    const Connection connection = Connect();
    if (connection != nullptr) {
      serve(*connection);
      Down(connection->err != 0 ? connection->errstr : "closed");
    }
    Pause();
  }
}

// A name is looked up by the system's resolver, which keeps its own time.
Connection Lifeline::Connect() {
  Connection connection = !address_.sentinels.empty() ? OpenMaster(address_)
                          : address_.socket.empty()
                              ? Open(address_.host, address_.port)
                              : Connection(redisConnectUnixWithTimeout(address_.socket.c_str(), kCallLimit));
  const bool good = connection != nullptr && connection->err == 0 && redisSetTimeout(connection.get(), kCallLimit) == REDIS_OK &&
                    Authenticate(connection.get(), address_.user, address_.password);
  if (good) return connection;
  Down(connection == nullptr ? "no sentinel knows the master" : connection->err != 0 ? connection->errstr : "password refused");
  return nullptr;
}

// Each twice as long as the last, and never quite the same, lest all processes come back in one moment.
void Lifeline::Pause() {
  absl::BitGen bits;
  const auto left = [until = Steady() + pause_ * absl::Uniform(bits, 0.5, 1.0)] { return until - Steady(); };
  pause_ = std::min(pause_ * 2, kLongestPause);
  while (left() > absl::ZeroDuration() && !stopping_) {
    pollfd fd = {wake_, POLLIN, 0};
    if (poll(&fd, 1, Millis(left())) > 0) Drain(wake_);  // a ring; it waits in the bell
  }
}

}  // namespace sifa::redis
