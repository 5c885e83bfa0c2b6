#include "libs/rpc/host.h"

#include <csignal>
#include <iostream>

#include "absl/container/flat_hash_set.h"
#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "libs/rpc/certificate_metrics.h"
#include "libs/rpc/flags.h"
#include "libs/rpc/library_log.h"
#include "libs/rpc/outlet.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

constexpr int kWorkers = 16;             // a little over the database pool; limits how many calls wait on it
constexpr size_t kWorkerQueue = 2000;
constexpr int kStreams = 64;
constexpr int kStreamsOfOneCaller = 8;
constexpr int kStreamsOfOneAddress = kStreams / 2;
constexpr auto kDrain = std::chrono::seconds(16);  // longer than an ordinary call may take
constexpr int kMaxMessage = 4 << 20;
constexpr absl::Duration kTryAgain = absl::Milliseconds(250);
constexpr absl::Duration kTellAgain = absl::Seconds(5);

// Blocked in every thread so that only WaitForSignal sees them. REQUIRES: called before threads start.
void BlockSignals(sigset_t* set) {
  sigemptyset(set);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGINT);
  pthread_sigmask(SIG_BLOCK, set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

sigset_t stop_signals;

// Whether the process was told to stop within `wait`.
bool ToldToStop(absl::Duration wait) {
  const timespec limit = absl::ToTimespec(wait);
  return sigtimedwait(&stop_signals, nullptr, &limit) > 0;
}

void MeasurePool(const std::string& name, const WorkerPool& pool, int threads, size_t queue) {
  const auto stats = pool.stats();
  telemetry::Gauge("sifa_workers_busy", "Threads at work on calls", {{"pool", name}}).Set(static_cast<double>(stats.busy));
  telemetry::Gauge("sifa_workers", "Threads that there are for calls", {{"pool", name}}).Set(threads);
  telemetry::Gauge("sifa_workers_queued", "Calls that wait for a thread", {{"pool", name}})
      .Set(static_cast<double>(stats.queued));
  telemetry::Gauge("sifa_workers_queue_limit", "Calls that may wait for a thread", {{"pool", name}})
      .Set(static_cast<double>(queue));
  auto& refused = telemetry::Counter("sifa_workers_refused_total", "Calls for which there was no thread and no place to wait",
                                     {{"pool", name}});
  refused.Increment(static_cast<double>(stats.refused) - refused.Value());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Host>> Host::Create(const std::string& name) {
  BlockSignals(&stop_signals);
  // Debian builds Abseil with its deadlock detector on; it costs a lock on every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  telemetry::StartLog(name, absl::GetFlag(FLAGS_log_level));
  LogLibraries();
  std::unique_ptr<Host> host(new Host(name));
  host->demonstration_ = !absl::GetFlag(FLAGS_clock).empty();
  host->clock_ = std::make_unique<SystemClock>(absl::GetFlag(FLAGS_clock));
  ASSIGN_OR_RETURN(auto contract, contract::Contract::Load(name));
  host->contract_ = std::make_unique<contract::Contract>(std::move(contract));
  ASSIGN_OR_RETURN(auto authority, Authority::Load(absl::GetFlag(FLAGS_config)));
  host->authority_ = std::make_unique<Authority>(std::move(authority));
  ASSIGN_OR_RETURN(host->peers_, ParsePeers(absl::GetFlag(FLAGS_peers)));
  host->tls_ = TlsFiles::In(absl::GetFlag(FLAGS_tls));
  host->tokens_ = std::make_unique<TokenVerifier>(*host->clock_);
  host->workers_ = std::make_unique<WorkerPool>(kWorkers, kWorkerQueue);
  host->streams_ = std::make_unique<WorkerPool>(kStreams, 0);  // refused at once where no thread is free
  host->seats_ = std::make_unique<StreamSeats>(kStreamsOfOneCaller, kStreamsOfOneAddress);
  return host;
}

Host::~Host() = default;

Door Host::door() const {
  return {*contract_, *authority_, *clock_, *tokens_, *workers_, *streams_, *seats_, code_tables_};
}

void Host::Add(std::unique_ptr<DescribedService> service) { services_.push_back(std::move(service)); }

void Host::AddCheck(const std::string& name, std::function<absl::Status()> check) {
  checks_.push_back({name, std::move(check)});
}

void Host::AddWarning(const std::string& name, std::function<absl::Status()> check) {
  checks_.push_back({name, std::move(check), true});
}

std::vector<std::string> Host::Neighbours() const {
  std::vector<std::string> names;
  for (const auto& [name, address] : peers_) {
    if (name != name_) names.push_back(name);
  }
  return names;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Host::ChannelTo(const std::string& peer) {
  auto& channel = channels_[peer];
  if (channel == nullptr) {
    const auto address = peers_.find(peer);
    if (address == peers_.end()) return Error(absl::StatusCode::kNotFound, "PEER_UNKNOWN", absl::StrCat("--peers lacks ", peer));
    channel = Connect(tls_, peer, address->second);
  }
  return channel;
}

std::unique_ptr<DescribedService> Host::Describe(const std::string& proto_service) const {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(proto_service);
  if (service == nullptr) {
    telemetry::Error("handlers for a service that the contract does not have", {{"service", proto_service}});
    std::abort();
  }
  return std::make_unique<DescribedService>(service, door());
}

bool Host::Serves(absl::string_view proto_service) const {
  return std::any_of(services_.begin(), services_.end(),
                     [&](const auto& service) { return service->descriptor()->full_name() == proto_service; });
}

std::vector<std::string> Host::Unserved() const {
  std::vector<std::string> missing;
  absl::flat_hash_set<const google::protobuf::ServiceDescriptor*> served;
  for (const auto& service : services_) {
    for (auto& method : service->Unhandled()) missing.push_back(std::move(method));
    served.insert(service->descriptor());
  }
  for (const contract::Method& method : contract_->methods()) {
    if (method.service == name_ && !served.contains(method.descriptor->service())) missing.push_back(method.path);
  }
  return missing;
}

absl::Status Host::Await(const std::function<absl::Status()>& ready, const std::function<bool(const absl::Status&)>& may_pass) {
  const absl::Time begun = absl::Now(), until = begun + absl::GetFlag(FLAGS_wait_at_start);
  absl::Time tell_at = begun;
  for (;;) {
    const absl::Status status = ready();
    if (status.ok() || !may_pass(status) || absl::Now() >= until) return status;
    if (absl::Now() >= tell_at) {
      telemetry::Warn("waiting to start", {{"for", ReasonOf(status)},
                                           {"detail", std::string(status.message())},
                                           {"seconds", absl::StrCat(absl::ToInt64Seconds(absl::Now() - begun))}});
      tell_at = absl::Now() + kTellAgain;
    }
    if (ToldToStop(kTryAgain)) return status;
  }
}

int Host::Run() {
  const std::vector<std::string> missing = Unserved();
  if (!missing.empty()) {
    telemetry::Error("methods without a handler", {{"methods", absl::StrJoin(missing, " ")}});
    return 1;
  }

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(absl::GetFlag(FLAGS_listen), ServerCredentials(tls_), &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // a second process on the port must fail, not share it
  builder.SetMaxReceiveMessageSize(kMaxMessage);
  KeepConnections(builder, absl::GetFlag(FLAGS_connection_age));
  for (const auto& service : services_) builder.RegisterService(service.get());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    telemetry::Error("cannot listen", {{"address", absl::GetFlag(FLAGS_listen)}});
    return 1;
  }

  if (!fetch_) {
    auto identity = ChannelTo("identity");
    if (!identity.ok()) {
      telemetry::ErrorIf("no identity", identity.status());
      return 1;
    }
    fetch_ = TokenFollower::From(*identity);
  }
  auto follower = std::make_unique<TokenFollower>(*tokens_, fetch_);
  AddCheck("keys", [this] {
    return tokens_->has_keys() ? absl::OkStatus() : Unavailable("KEYS_UNAVAILABLE", "no token keys from identity yet");
  });
  AddCheck("draining", [this] { return draining_ ? Unavailable("DRAINING", "shutting down") : absl::OkStatus(); });
  MeasureCertificates(absl::GetFlag(FLAGS_tls), "peers");
  const telemetry::ScrapeHook pools([this] {
    MeasurePool("calls", *workers_, kWorkers, kWorkerQueue);
    MeasurePool("streams", *streams_, kStreams, 0);
  });
  const auto inner = telemetry::InnerServer::Start(absl::GetFlag(FLAGS_inner), checks_);
  if (!inner.ok()) {
    telemetry::ErrorIf("cannot serve metrics", inner.status());
    return 1;
  }
  telemetry::Info("serving", {{"port", absl::StrCat(port)}, {"inner", absl::StrCat((*inner)->port())}});

  int signal = 0;
  sigwait(&stop_signals, &signal);
  telemetry::Info("draining", {{"signal", absl::StrCat(signal)}});
  draining_ = true;
  ToldToStop(absl::GetFlag(FLAGS_lame_duck));
  server->GetHealthCheckService()->SetServingStatus(false);
  EndOutlets();
  server->Shutdown(std::chrono::system_clock::now() + kDrain);
  follower.reset();
  for (const auto& stop : stops_) stop();
  telemetry::Info("stopped");
  return 0;
}

}  // namespace sifa::rpc
