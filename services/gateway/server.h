// The gateway as one object: start it, drain it.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "libs/contract/contract.h"
#include "libs/rpc/token.h"
#include "services/gateway/dispatcher.h"
#include "services/gateway/door.h"
#include "services/gateway/listener.h"
#include "services/gateway/options.h"
#include "services/gateway/route.h"
#include "services/gateway/tls.h"
#include "services/gateway/worker.h"

namespace sifa::gateway {

class Server {
 public:
  // `contract` must outlive the server. FAILED_PRECONDITION where certificates, routes or the address are wrong.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Options options, const contract::Contract& contract);
  // Drains without waiting where Drain has not run.
  ~Server();

  int port() const { return listener_->port(); }
  // UNAVAILABLE from when Drain begins, and while no further connection is let in; for /readyz of the inner port.
  absl::Status Ready() const;
  // Reads the certificate again where its files have changed, or `always`.
  absl::Status ReloadCertificate(bool always);
  // /readyz fails, nothing is accepted, answers close their connections; waits for calls in flight for up to
  // drain_timeout, then cancels them. Blocks.
  void Drain();
  // From now on /readyz says that this one is going; everything is served as before.
  void BeLame();
  // UNAVAILABLE where a service cannot be reached now; says which.
  absl::Status Backends() const;

  int64_t open_connections() const { return door_.connections(); }
  const Door& door() const { return door_; }
  // What the gateway itself knows of tokens: what identity has published.
  rpc::TokenVerifier& tokens() { return tokens_; }
  int64_t calls_in_flight() const { return dispatcher_->alive(); }

 private:
  Server(Options options, Routes routes);
  void CloseListener();
  void FollowTokens();
  void OnAccept(int descriptor, std::string address);
  void Stop();

  const Options options_;
  const Routes routes_;
  Door door_{options_};
  rpc::TokenVerifier tokens_;
  std::unique_ptr<rpc::TokenFollower> token_follower_;
  std::unique_ptr<TlsContext> tls_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;
  size_t next_worker_ = 0;
  std::atomic<bool> lame_{false};
  std::atomic<bool> draining_{false};
};

}  // namespace sifa::gateway
