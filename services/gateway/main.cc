// sifa-gateway: HTTPS and JSON outside, gRPC over mTLS inside.
#include <signal.h>

#include <cstdlib>

#include "absl/flags/flag.h"
#include "absl/synchronization/mutex.h"
#include "libs/rpc/certificate_metrics.h"
#include "libs/rpc/flags.h"
#include "libs/rpc/library_log.h"
#include "libs/telemetry/log.h"
#include "libs/telemetry/metrics.h"
#include "services/gateway/server.h"

ABSL_FLAG(std::string, https, "", "directory with cert.pem and key.pem for front ends; empty: that of --tls");
ABSL_FLAG(int, threads, 2, "event loops");
ABSL_FLAG(int, max_connections, 10'000, "open connections of front ends");
ABSL_FLAG(int, max_connections_of_address, 1000, "the same of one address; trusted proxies are exempt");
ABSL_FLAG(int, max_body, 4 << 20, "bytes of a JSON request; uploads in streams have no limit");
ABSL_FLAG(int, max_held, 64 << 20, "bytes of request bodies that are held at once; a quarter of them for one address");
ABSL_FLAG(int, max_live, 2000, "streams of changes that are open at once");
ABSL_FLAG(double, rate_caller, 1000, "requests a second for each token; 0: no limit");
ABSL_FLAG(double, rate_stranger, 20, "requests a second for each address to public methods; 0: no limit");
ABSL_FLAG(double, rate_offender, 5, "refused tokens a second for each address; 0: no limit");
ABSL_FLAG(std::string, trusted_proxies, "",
          "addresses and networks (10.42.0.0/16) whose X-Forwarded-For is believed, separated by commas");
ABSL_FLAG(bool, log_every_request, false, "log requests that went well, too");

namespace {

sifa::gateway::Rate RateOf(double per_second, double burst_seconds) { return {per_second, per_second * burst_seconds}; }

sifa::gateway::Options OptionsFromFlags(std::map<std::string, std::string> peers) {
  sifa::gateway::Options options;
  options.listen = absl::GetFlag(FLAGS_listen);
  options.tls = absl::GetFlag(FLAGS_tls);
  options.https = absl::GetFlag(FLAGS_https).empty() ? options.tls : absl::GetFlag(FLAGS_https);
  options.peers = std::move(peers);
  options.threads = absl::GetFlag(FLAGS_threads);
  options.max_connections = static_cast<size_t>(absl::GetFlag(FLAGS_max_connections));
  options.max_connections_of_address = static_cast<size_t>(absl::GetFlag(FLAGS_max_connections_of_address));
  options.max_body = static_cast<size_t>(absl::GetFlag(FLAGS_max_body));
  options.max_held = static_cast<size_t>(absl::GetFlag(FLAGS_max_held));
  options.max_live = absl::GetFlag(FLAGS_max_live);
  options.per_caller = RateOf(absl::GetFlag(FLAGS_rate_caller), 2);
  options.per_stranger = RateOf(absl::GetFlag(FLAGS_rate_stranger), 3);
  options.per_offender = RateOf(absl::GetFlag(FLAGS_rate_offender), 6);
  options.log_every_request = absl::GetFlag(FLAGS_log_every_request);
  return options;
}

// Until SIGTERM or SIGINT. SIGHUP and, every few seconds, a changed file renew the certificate.
void Serve(sifa::gateway::Server& server, const sigset_t& signals) {
  for (;;) {
    const timespec look_again{5, 0};
    const int signal = sigtimedwait(&signals, nullptr, &look_again);
    if (signal == SIGTERM || signal == SIGINT) return;
    sifa::telemetry::ErrorIf("certificate not reloaded", server.ReloadCertificate(/*always=*/signal == SIGHUP));
  }
}

int Fail(const absl::Status& status) {
  sifa::telemetry::ErrorIf("cannot start", status);
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  sifa::rpc::ParseFlags(argc, argv, "the gateway of the suite");
  sifa::telemetry::StartLog("gateway", absl::GetFlag(FLAGS_log_level));
  sifa::rpc::LogLibraries();

  // Debian builds Abseil with deadlock detection on, which costs every call some 3 % inside gRPC.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);

  sigset_t signals;  // blocked before any thread starts, so that only Serve takes them
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto peers = sifa::rpc::ParsePeers(absl::GetFlag(FLAGS_peers));
  if (!peers.ok()) return Fail(peers.status());
  const auto contract = sifa::contract::Contract::Load();
  if (!contract.ok()) return Fail(contract.status());
  const sifa::SystemClock clock(absl::GetFlag(FLAGS_clock));
  auto options = OptionsFromFlags(*std::move(peers));
  options.clock = &clock;
  auto proxies = sifa::gateway::Networks::Parse(absl::GetFlag(FLAGS_trusted_proxies));
  if (!proxies.ok()) return Fail(proxies.status());
  options.trusted_proxies = *std::move(proxies);
  const auto server = sifa::gateway::Server::Start(options, *contract);
  if (!server.ok()) return Fail(server.status());
  sifa::rpc::MeasureCertificates(options.tls, "peers");
  sifa::rpc::MeasureCertificates(options.https, "https");
  const auto inner = sifa::telemetry::InnerServer::Start(
      absl::GetFlag(FLAGS_inner), {{"door", [&server] { return (*server)->Ready(); }},
                                   {"services", [&server] { return (*server)->Backends(); }, /*warns=*/true}});
  if (!inner.ok()) return Fail(inner.status());
  sifa::telemetry::Info("serving", {{"port", std::to_string((*server)->port())},
                                    {"inner", std::to_string((*inner)->port())}});
  Serve(**server, signals);
  sifa::telemetry::Info("draining");
  (*server)->BeLame();
  const timespec lame_duck = absl::ToTimespec(absl::GetFlag(FLAGS_lame_duck));
  sigtimedwait(&signals, nullptr, &lame_duck);  // told again: at once
  (*server)->Drain();
  sifa::telemetry::Info("stopped");
  return EXIT_SUCCESS;
}
