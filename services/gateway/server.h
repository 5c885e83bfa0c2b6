// The gateway as one object: start it, drain it.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "libs/contract/contract.h"
#include "services/gateway/dispatcher.h"
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
  // OK until Drain begins; for /readyz of the inner port.
  absl::Status Ready() const;
  // Reads the certificate again where its files have changed, or `always`.
  absl::Status ReloadCertificate(bool always);
  // /readyz fails, nothing is accepted, answers close their connections; waits for calls in flight for up to
  // drain_timeout, then cancels them. Blocks.
  void Drain();
  // UNAVAILABLE where a service cannot be reached now; says which.
  absl::Status Backends() const;

  int64_t open_connections() const { return open_connections_; }
  int64_t calls_in_flight() const { return dispatcher_->alive(); }

 private:
  Server(Options options, Routes routes);
  void CloseListener();
  void OnAccept(int descriptor, std::string address);
  void Stop();

  const Options options_;
  const Routes routes_;
  std::unique_ptr<TlsContext> tls_;
  std::unique_ptr<Dispatcher> dispatcher_;
  std::atomic<int64_t> open_connections_{0};
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Listener> listener_;
  size_t next_worker_ = 0;
  std::atomic<bool> draining_{false};
};

}  // namespace sifa::gateway
