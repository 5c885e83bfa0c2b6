#include "services/gateway/server.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"
#include "services/gateway/rate_limit.h"

namespace sifa::gateway {
namespace {

constexpr Millis kCancelledCallsEndWithin{5'000};

bool WaitFor(Millis longest, const std::function<bool()>& done) {
  const int64_t until = MonotonicMillis() + longest.count();
  while (!done()) {
    if (MonotonicMillis() >= until) return false;
    std::this_thread::sleep_for(Millis(5));
  }
  return true;
}

// The worst state of the workers' channels to each service, at each scrape. The channels outlive the server: scrapes
// cannot be unregistered.
void ReportBackends(const std::vector<std::string>& peers, const std::vector<std::unique_ptr<Worker>>& workers) {
  for (size_t peer = 0; peer < peers.size(); ++peer) {
    std::vector<std::weak_ptr<grpc::Channel>> channels;
    for (const auto& worker : workers) channels.push_back(worker->ChannelTo(peer));
    telemetry::OnScrape([&gauge = BackendState(peers[peer]), channels = std::move(channels)] {
      int worst = 0;
      for (const auto& weak : channels) {
        if (const auto channel = weak.lock()) worst = std::max(worst, static_cast<int>(channel->GetState(false)));
      }
      gauge.Set(worst);
    });
  }
}

}  // namespace

Server::Server(Options options, Routes routes)
    : options_(std::move(options)), routes_(std::move(routes)), tokens_(*options_.clock) {}

void Server::FollowTokens() {
  const auto identity = options_.peers.find("identity");
  if (identity == options_.peers.end()) return;  // every token is then for the services to judge
  token_follower_ = std::make_unique<rpc::TokenFollower>(
      tokens_, rpc::TokenFollower::From(rpc::Connect(rpc::TlsFiles::In(options_.tls), "identity", identity->second)));
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Options options, const contract::Contract& contract) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets that may be closed on the other side
  ASSIGN_OR_RETURN(Routes routes, Routes::Make(contract));
  std::unique_ptr<Server> server(new Server(std::move(options), std::move(routes)));
  ASSIGN_OR_RETURN(server->tls_, TlsContext::Load(server->options_.https));
  server->dispatcher_ = std::make_unique<Dispatcher>(server->options_, contract, server->routes_, server->door_, server->tokens_);
  for (int i = 0; i < std::max(server->options_.threads, 1); ++i) {
    server->workers_.push_back(std::make_unique<Worker>(server->options_, server->routes_.peers(), *server->dispatcher_,
                                                        server->door_, server->draining_));
  }
  server->FollowTokens();
  server->listener_ = std::make_unique<Listener>(
      server->workers_.front()->io(),
      [raw = server.get()](int descriptor, std::string address) { raw->OnAccept(descriptor, std::move(address)); });
  RETURN_IF_ERROR(server->listener_->Open(server->options_.listen));
  ReportBackends(server->routes_.peers(), server->workers_);
  return server;
}

Server::~Server() { Stop(); }

void Server::OnAccept(int descriptor, std::string address) {
  auto place = door_.Enter(std::move(address));
  if (!place) {
    ::close(descriptor);
    return;
  }
  ProcessMetrics::Get().accepted.Increment();
  workers_[next_worker_++ % workers_.size()]->Adopt(descriptor, std::move(place), tls_->Get());
}

absl::Status Server::Ready() const {
  if (draining_) return Unavailable("DRAINING", "正在停止服务");
  return door_.full() ? Unavailable("DOOR_FULL", "连接数已达上限") : absl::OkStatus();
}

absl::Status Server::Backends() const {
  std::string away;
  for (size_t peer = 0; peer < routes_.peers().size(); ++peer) {
    for (const auto& worker : workers_) {
      const auto& channel = worker->ChannelTo(peer);
      if (!channel) continue;  // not deployed
      const grpc_connectivity_state state = channel->GetState(/*try_to_connect=*/true);
      if (state == GRPC_CHANNEL_READY || state == GRPC_CHANNEL_IDLE) continue;
      absl::StrAppend(&away, away.empty() ? "" : ", ", routes_.peers()[peer]);
      break;
    }
  }
  return away.empty() ? absl::OkStatus() : Unavailable("SERVICE_UNAVAILABLE", absl::StrCat("无法连接服务：", away));
}

absl::Status Server::ReloadCertificate(bool always) {
  if (!always && !tls_->FilesChanged()) return absl::OkStatus();
  RETURN_IF_ERROR(tls_->Reload());
  telemetry::Info("certificate reloaded");
  return absl::OkStatus();
}

// Returns when it is closed: whatever connection it has taken is then with its worker.
void Server::CloseListener() {
  if (!listener_) return;
  std::promise<void> closed;
  workers_.front()->Post([&] {
    listener_->Close();
    closed.set_value();
  });
  closed.get_future().wait();
}

void Server::Drain() {
  draining_ = true;
  dispatcher_->Drain();
  CloseListener();
  for (const auto& worker : workers_) worker->Drain();
  if (!WaitFor(options_.drain_timeout, [this] { return door_.connections() == 0 && calls_in_flight() == 0; })) {
    telemetry::Warn("drain timed out");
  }
  Stop();
}

void Server::Stop() {
  if (workers_.empty()) return;
  draining_ = true;
  CloseListener();
  for (const auto& worker : workers_) worker->CloseAll();
  // A cancelled call comes back to its loop once more; until then the loops must be there.
  if (!WaitFor(kCancelledCallsEndWithin, [this] { return door_.connections() == 0 && calls_in_flight() == 0; })) {
    telemetry::Error("calls have not ended", {{"calls", std::to_string(calls_in_flight())}});
    ::_exit(1);  // nothing is safe to destroy
  }
  // The listener's handlers run in the first loop: that stands still before it is destroyed, and is destroyed after.
  for (const auto& worker : workers_) worker->Join();
  listener_.reset();
  workers_.clear();
}

}  // namespace sifa::gateway
