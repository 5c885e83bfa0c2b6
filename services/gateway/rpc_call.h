// What all calls to services have in common: the way to the exchange, figures, logs, and how they fail.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "libs/contract/binding.h"
#include "libs/core/encoding.h"
#include "libs/telemetry/trace.h"
#include "services/gateway/exchange.h"
#include "services/gateway/rate_limit.h"
#include "services/gateway/route.h"
#include "services/gateway/upstream.h"

namespace sifa::gateway {

// One request as the dispatcher has judged it.
struct CallSetup {
  Exchange* exchange;
  const Route* route;
  contract::Match match;
  Passport passport;
  std::string if_match;  // the version that If-Match names
  telemetry::TraceContext trace;
  RateLimit* offenders;  // charged by refused tokens
  KnownCallers* known;   // told of accepted ones, and of those that are no more
  const Options* options;
  std::optional<Encoding> encoding;  // of the body, where its Content-Type tells it
  std::atomic<int64_t>* alive;  // calls that may still come back to their loop
};

class RpcCall : public Call {
 public:
  explicit RpcCall(CallSetup setup);
  ~RpcCall() override;

  bool known_caller() const override;
  Millis deadline() const override { return setup_.passport.deadline; }

 protected:
  // Null once the exchange has been answered or aborted: what still comes from the service is dropped.
  Exchange* exchange() const { return exchange_; }
  const Route& route() const { return *setup_.route; }
  const contract::Match& match() const { return setup_.match; }
  const Passport& passport() const { return setup_.passport; }
  const Options& options() const { return *setup_.options; }
  Loop& loop() const { return loop_; }
  // The loop's channel of the route; nullptr (and the call is refused) where the service has no address.
  std::shared_ptr<grpc::Channel> Channel();

  // How the body is encoded: as its Content-Type says, else as it was found out to be; UTF-8 while that is open.
  std::optional<Encoding> encoding() const { return setup_.encoding; }
  void SetEncoding(Encoding encoding) { setup_.encoding = encoding; }

  // The request of one message: bindings, query and JSON body, and what Idempotency-Key and If-Match give where `keyed`.
  absl::Status Build(absl::string_view body, bool keyed, std::string* wire) const;
  // The same where the body is not JSON: path and query may fill every field, whatever the route says of its body.
  absl::Status BuildWithoutBody(bool keyed, std::string* wire) const;

  // Each lets go of the exchange: call nothing of it afterwards. Observe counts and logs the call's end.
  Exchange* Release() { return std::exchange(exchange_, nullptr); }
  void Observe(const absl::Status& status);
  void AnswerJson(absl::string_view wire);
  void Fail(const absl::Status& status);
  void Fail(const HttpError& error);

 private:
  absl::Status AddHeaders(bool keyed, std::string* wire) const;

  CallSetup setup_;
  Exchange* exchange_;
  Loop& loop_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  bool observed_ = false;
};

}  // namespace sifa::gateway
