#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "libs/redis/lifeline.h"
#include "libs/telemetry/metrics.h"

namespace sifa::redis {
namespace {

// Names of services are words of the program; this only keeps a fault from eating the memory.
constexpr size_t kMostServices = 1024;

using Rings = std::map<std::string, int64_t>;  // highest position by service

prometheus::Counter& Counted(const std::string& result) {
  return telemetry::Counter("sifa_redis_rings_total", "Rings of the doorbell by what became of them.",
                            {{"result", result}});
}

void Merge(Rings& rings, const std::string& service, int64_t position) {
  const auto [at, fresh] = rings.emplace(service, position);
  if (!fresh && position > at->second) at->second = position;
}

// False where the connection is lost. An error that Redis answers (out of memory, no right) loses only the
// ring.
bool ReadReplies(redisContext& connection, size_t count) {
  static auto& sent = Counted("sent");
  static auto& refused = Counted("refused");
  for (size_t i = 0; i < count; ++i) {
    void* raw = nullptr;
    if (redisGetReply(&connection, &raw) != REDIS_OK) return false;
    const Reply reply(static_cast<redisReply*>(raw));
    (reply->type == REDIS_REPLY_ERROR ? refused : sent).Increment();
  }
  return true;
}

bool Publish(redisContext& connection, const Rings& rings) {
  for (const auto& [service, position] : rings) {
    const std::string channel = absl::StrCat(kChannelPrefix, service), text = absl::StrCat(position);
    redisAppendCommand(&connection, "PUBLISH %b %b", channel.data(), channel.size(), text.data(),
                       text.size());
  }
  return ReadReplies(connection, rings.size());
}

bool Answers(redisContext& connection) {
  return Reply(static_cast<redisReply*>(redisCommand(&connection, "PING"))) != nullptr;
}

}  // namespace

class Bell::Impl {
 public:
  explicit Impl(const Address& address)
      : silent_(address.empty()), heartbeat_(address.heartbeat), lifeline_(address, "bell") {
    lifeline_.Start([this](redisContext& connection) { Serve(connection); });
  }
  ~Impl() { lifeline_.Stop(); }

  void Ring(const std::string& service, int64_t position) {
    static auto& dropped = Counted("dropped");
    if (silent_) return;
    bool wake;
    {
      const absl::MutexLock lock(&mutex_);
      wake = waiting_.empty();
      if (waiting_.size() >= kMostServices && waiting_.count(service) == 0) return dropped.Increment();
      Merge(waiting_, service, position);
    }
    if (wake) lifeline_.Wake();
  }

  bool connected() const { return lifeline_.connected(); }

 private:
  // Before it stops it sends what waits.
  void Serve(redisContext& connection) {
    if (!Answers(connection)) return;
    lifeline_.Up();
    for (;;) {
      const Rings rings = Take();
      if (!rings.empty()) {
        if (!Publish(connection, rings)) return PutBack(rings);
        continue;
      }
      if (lifeline_.stopping()) return;
      const auto event = lifeline_.Wait(connection, heartbeat_);
      if (event == Lifeline::Event::kReadable) return;  // nothing was asked, so it can only be the end
      if (event == Lifeline::Event::kQuiet && !Answers(connection)) return;
    }
  }

  Rings Take() {
    const absl::MutexLock lock(&mutex_);
    return std::exchange(waiting_, {});
  }

  void PutBack(const Rings& rings) {
    const absl::MutexLock lock(&mutex_);
    for (const auto& [service, position] : rings) Merge(waiting_, service, position);
  }

  const bool silent_;
  const absl::Duration heartbeat_;
  absl::Mutex mutex_;
  Rings waiting_ ABSL_GUARDED_BY(mutex_);
  Lifeline lifeline_;
};

Bell::Bell(const Address& address) : impl_(std::make_unique<Impl>(address)) {}
Bell::~Bell() = default;
void Bell::Ring(absl::string_view service, int64_t position) { impl_->Ring(std::string(service), position); }
bool Bell::connected() const { return impl_->connected(); }

}  // namespace sifa::redis
