#include "services/gateway/server.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>
#include <thread>

#include "absl/strings/escaping.h"
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

// RFC 8037's form of an Ed25519 key as PEM (RFC 8410): the header of its DER is always the same. "" for any other key.
std::string PemOf(const identity::v1::JsonWebKey& key) {
  constexpr absl::string_view kHeader("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  std::string x;
  if (key.crv() != "Ed25519" || !absl::WebSafeBase64Unescape(key.x(), &x) || x.size() != 32) return "";
  return absl::StrCat("-----BEGIN PUBLIC KEY-----\n", absl::Base64Escape(absl::StrCat(kHeader, x)),
                      "\n-----END PUBLIC KEY-----\n");
}

// The keys that identity publishes for everybody. Revocations it tells the services alone, which judge every call all the same.
rpc::TokenFollower::Fetch KeysOf(std::shared_ptr<grpc::Channel> identity) {
  return [channel = std::move(identity)](int64_t position) -> absl::StatusOr<identity::v1::SyncTokensResponse> {
    identity::v1::JsonWebKeySet set;
    RETURN_IF_ERROR(rpc::Invoke(*channel, "/sifa.identity.v1.TokenService/ListKeys", identity::v1::ListKeysRequest(), &set,
                                absl::Seconds(1)));
    identity::v1::SyncTokensResponse keys;
    keys.set_position(position);
    for (const auto& key : set.keys()) {
      const std::string pem = PemOf(key);
      if (pem.empty()) continue;
      identity::v1::TokenKey& known = *keys.add_keys();
      known.set_key_id(key.kid());
      known.set_public_pem(pem);
    }
    return keys;
  };
}

}  // namespace

Server::Server(Options options, Routes routes)
    : options_(std::move(options)), routes_(std::move(routes)), tokens_(*options_.clock) {}

void Server::FollowTokens() {
  const auto identity = options_.peers.find("identity");
  if (identity == options_.peers.end()) return;  // every token is then for the services to judge
  token_follower_ = std::make_unique<rpc::TokenFollower>(
      tokens_, KeysOf(rpc::Connect(rpc::TlsFiles::In(options_.tls), "identity", identity->second)));
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
  ProcessMetrics::Get().most_connections.Set(static_cast<double>(server->options_.max_connections));
  ProcessMetrics::Get().most_live.Set(server->options_.max_live);
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
  if (lame_ || draining_) return Unavailable("DRAINING", "正在停止服务");
  return door_.full() ? Unavailable("DOOR_FULL", "连接数已达上限") : absl::OkStatus();
}

absl::Status Server::Backends() const {
  std::string away;
  for (size_t peer = 0; peer < routes_.peers().size(); ++peer) {
    for (const auto& worker : workers_) {
      const auto& channel = worker->ChannelTo(peer);
      if (!channel) continue;  // not deployed
      const grpc_connectivity_state state = channel->GetState(/*try_to_connect=*/true);
      if (state != GRPC_CHANNEL_TRANSIENT_FAILURE && state != GRPC_CHANNEL_SHUTDOWN) continue;
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

void Server::BeLame() {
  lame_ = true;
  dispatcher_->BeLame();
}

void Server::Drain() {
  BeLame();
  draining_ = true;
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
