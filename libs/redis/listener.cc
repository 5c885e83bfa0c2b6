#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "libs/redis/lifeline.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"

namespace sifa::redis {
namespace {

absl::string_view TextOf(const redisReply* reply) {
  return reply->type == REDIS_REPLY_STRING ? absl::string_view(reply->str, reply->len) : absl::string_view();
}

std::vector<std::string> SubscriptionOf(const std::vector<std::string>& services) {
  if (services.empty()) return {"PSUBSCRIBE", absl::StrCat(kChannelPrefix, "*")};
  std::vector<std::string> command = {"SUBSCRIBE"};
  for (const auto& service : services) command.push_back(absl::StrCat(kChannelPrefix, service));
  return command;
}

void Append(redisContext& connection, const std::vector<std::string>& command) {
  std::vector<const char*> words;
  std::vector<size_t> sizes;
  for (const auto& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  redisAppendCommandArgv(&connection, static_cast<int>(words.size()), words.data(), sizes.data());
}

bool Flush(redisContext& connection) {
  int done = 0;
  while (done == 0) {
    if (redisBufferWrite(&connection, &done) != REDIS_OK) return false;
  }
  return true;
}

}  // namespace

class Listener::Impl {
 public:
  Impl(const Address& address, const std::vector<std::string>& services, Heard heard)
      : heartbeat_(address.heartbeat),
        subscription_(SubscriptionOf(services)),
        heard_(std::move(heard)),
        lifeline_(address, "listener") {
    lifeline_.Start([this](redisContext& connection) { Serve(connection); });
  }
  ~Impl() { lifeline_.Stop(); }

  bool connected() const { return lifeline_.connected(); }

 private:
  void Serve(redisContext& connection) {
    Append(connection, subscription_);
    bool asked = false;  // whether it still lives
    while (Flush(connection)) {
      const auto event = lifeline_.Wait(connection, heartbeat_);
      if (lifeline_.stopping()) return;
      if (event == Lifeline::Event::kReadable) {
        if (redisBufferRead(&connection) != REDIS_OK || !TakeReplies(connection)) return;
        asked = false;
      } else if (event == Lifeline::Event::kQuiet) {
        if (asked) return;
        Append(connection, {"PING"});
        asked = true;
      }
    }
  }

  bool TakeReplies(redisContext& connection) {
    for (;;) {
      void* raw = nullptr;
      if (redisGetReplyFromReader(&connection, &raw) != REDIS_OK) return false;
      if (raw == nullptr) return true;  // the rest has not come yet
      const Reply reply(static_cast<redisReply*>(raw));
      if (reply->type == REDIS_REPLY_ERROR) {
        telemetry::Warn("redis_refused_listener", {{"cause", std::string(reply->str, reply->len)}});
        return false;
      }
      if (reply->type == REDIS_REPLY_ARRAY && reply->elements >= 2) Take(*reply);
    }
  }

  // [subscribe, channel, count], [message, channel, text], [pmessage, pattern, channel, text] or [pong, ""].
  void Take(const redisReply& reply) {
    const absl::string_view kind = TextOf(reply.element[0]);
    if (kind == "subscribe" || kind == "psubscribe") {
      lifeline_.Up();
    } else if ((kind == "message" && reply.elements == 3) || (kind == "pmessage" && reply.elements == 4)) {
      Hear(TextOf(reply.element[reply.elements - 2]), TextOf(reply.element[reply.elements - 1]));
    }
  }

  void Hear(absl::string_view channel, absl::string_view text) {
    static auto& heard =
        telemetry::Counter("sifa_redis_heard_total", "Rings of the doorbell that were heard.");
    int64_t position = 0;
    if (!absl::ConsumePrefix(&channel, kChannelPrefix) || !absl::SimpleAtoi(text, &position)) return;
    heard.Increment();
    heard_(channel, position);
  }

  const absl::Duration heartbeat_;
  const std::vector<std::string> subscription_;
  const Heard heard_;
  Lifeline lifeline_;
};

Listener::Listener(const Address& address, const std::vector<std::string>& services, Heard heard)
    : impl_(std::make_unique<Impl>(address, services, std::move(heard))) {}
Listener::~Listener() = default;
bool Listener::connected() const { return impl_->connected(); }

}  // namespace sifa::redis
