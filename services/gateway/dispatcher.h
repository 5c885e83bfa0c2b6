// Judges a request by its head: which route, whether the caller may ask so often, in which form; and starts its call.
#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "libs/contract/router.h"
#include "libs/rpc/token.h"
#include "services/gateway/door.h"
#include "services/gateway/exchange.h"
#include "services/gateway/options.h"
#include "services/gateway/rate_limit.h"
#include "services/gateway/route.h"
#include "services/gateway/rpc_call.h"

namespace sifa::gateway {

// One for all loops; thread-safe.
class Dispatcher : public Handler {
 public:
  Dispatcher(const Options& options, const contract::Contract& contract, const Routes& routes, const Door& door,
             rpc::TokenVerifier& tokens);

  std::shared_ptr<Call> Begin(Exchange& exchange) override;

  // /readyz fails from now on.
  void BeLame() { lame_ = true; }
  // Calls that have not come back from their services.
  int64_t alive() const { return alive_; }

 private:
  std::shared_ptr<Call> Judge(Exchange& exchange, std::optional<HttpError>* refusal);
  // /healthz, /readyz, /openapi.json: true where it has answered.
  bool AnswerPage(Exchange& exchange) const;
  std::optional<HttpError> Unrouted(const RequestHead& head, bool path_known) const;
  // Whether this caller may call now. A token that is not known is verified, so that only good ones reach a service.
  std::optional<HttpError> Admit(const Route& route, const RequestHead& head, const std::string& address);
  std::optional<HttpError> Verify(const std::string& token, const std::string& address, int64_t now_ms);

  const Options& options_;
  const Routes& routes_;
  const Door& door_;
  rpc::TokenVerifier& tokens_;
  const contract::Router router_;
  const std::string openapi_;
  RateLimit callers_, strangers_, offenders_;
  KnownCallers known_;
  std::atomic<bool> lame_{false};
  std::atomic<int64_t> alive_{0};
  std::atomic<int> live_{0};  // streams of changes that are open
};

}  // namespace sifa::gateway
