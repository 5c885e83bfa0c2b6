// A service's process: everything that each main needs and none should repeat.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/described_service.h"
#include "libs/telemetry/metrics.h"

namespace sifa::rpc {

class Host {
 public:
  // REQUIRES: ParseFlags has run. FAILED_PRECONDITION where contract, roles, certificates or peers are wrong.
  static absl::StatusOr<std::unique_ptr<Host>> Create(const std::string& name);
  ~Host();

  const Clock& clock() const { return *clock_; }
  const std::string& name() const { return name_; }
  // True where the clock is the demonstration's (--clock is set).
  bool demonstration() const { return demonstration_; }
  const contract::Contract& contract() const { return *contract_; }
  const Authority& authority() const { return *authority_; }
  Door door() const;
  TokenVerifier& tokens() { return *tokens_; }

  // A proto service by its full name, without handlers yet. REQUIRES: the contract has it.
  std::unique_ptr<DescribedService> Describe(const std::string& proto_service) const;
  void Add(std::unique_ptr<DescribedService> service);
  // Serves the proto service `name` by `handlers`, which register themselves with it and outlive the host. REQUIRES: the
  // contract has it.
  template <class Handlers>
  void Expose(const std::string& name, Handlers& handlers) {
    auto service = Describe(name);
    handlers.Register(*service);
    Add(std::move(service));
  }
  bool Serves(absl::string_view proto_service) const;
  // A code-table source for validation; outlives the host. REQUIRES: set before the first door() is taken.
  void SetCodeTables(const contract::CodeTables* tables) { code_tables_ = tables; }
  // A reason not to be ready; runs at each /readyz, within a second.
  void AddCheck(const std::string& name, std::function<absl::Status()> check);
  // What an operator must know of a process that is ready all the same; also within a second.
  void AddWarning(const std::string& name, std::function<absl::Status()> check);
  // How this process learns keys and revocations; by default it asks the peer `identity`.
  void SetTokenSource(TokenFollower::Fetch fetch) { fetch_ = std::move(fetch); }
  // Runs after the server has drained, before what handlers use is destroyed.
  void OnStop(std::function<void()> stop) { stops_.push_back(std::move(stop)); }
  // The neighbours of --peers but for this process itself.
  std::vector<std::string> Neighbours() const;
  // A channel to a neighbour of --peers. NOT_FOUND where it is not listed.
  absl::StatusOr<std::shared_ptr<grpc::Channel>> ChannelTo(const std::string& peer);

  // Tries `ready` again and again until it is OK, for what comes up beside this process. Its last error is returned where that is
  // none that `may_pass`, after --wait_at_start, and when the process is told to stop. Says every few seconds what is missing.
  absl::Status Await(const std::function<absl::Status()>& ready, const std::function<bool(const absl::Status&)>& may_pass);

  // Serves until SIGTERM or SIGINT: readiness fails first, for --lame_duck, then calls drain for up to 16 seconds. Returns the
  // exit code.
  int Run();

 private:
  explicit Host(const std::string& name) : name_(name) {}
  // Methods that this process should serve by the contract, and does not.
  std::vector<std::string> Unserved() const;

  const std::string name_;
  bool demonstration_ = false;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<contract::Contract> contract_;
  std::unique_ptr<Authority> authority_;
  std::unique_ptr<TokenVerifier> tokens_;
  TlsFiles tls_;
  std::map<std::string, std::string> peers_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_;
  const contract::CodeTables* code_tables_ = nullptr;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<WorkerPool> streams_;
  std::unique_ptr<StreamSeats> seats_;
  std::vector<std::unique_ptr<DescribedService>> services_;
  std::vector<telemetry::InnerServer::Check> checks_;
  std::vector<std::function<void()>> stops_;
  TokenFollower::Fetch fetch_;
  std::atomic<bool> draining_{false};
};

}  // namespace sifa::rpc
