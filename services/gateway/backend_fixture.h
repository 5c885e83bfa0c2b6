// A gateway before a service of its own, in one process, over real mTLS and real HTTPS.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/server.h"
#include "libs/contract/contract.h"
#include "services/gateway/server.h"

namespace sifa::gateway {

// What the service has seen; tests wait for it.
struct Seen {
  std::atomic<int> calls{0};
  std::atomic<int> cancelled{0};
  std::atomic<int> waiting{0};
  std::atomic<int> messages{0};
  std::atomic<bool> release{false};      // lets Wait answer
  std::atomic<bool> hold_uploads{false}; // uploads are not read while set
};

// The certificates of this test program: a directory with ca.pem, cert.pem, key.pem for gateway.sifa,
// gatewaytest.sifa and localhost, and for the services that tests play beside it.
const std::string& TestCertificates();
// Writes another certificate of the same authority to `directory`.
void WriteCertificate(const std::string& directory, const std::string& common_name);

class TestSuite {
 public:
  // `adjust` changes the gateway's options before it starts. Of several backends the gateway knows all addresses.
  explicit TestSuite(std::function<void(Options&)> adjust = {}, int backends = 1);
  ~TestSuite();

  int port() const { return gateway_->port(); }
  Server& gateway() { return *gateway_; }
  Seen& seen() { return *seen_; }
  void StopBackend();
  // From now on the gateway knows the keys of an issuer of tokens; a token of it.
  std::string IssueToken();
  // Stops without waiting for calls under way; of several backends the first.
  void CutBackend();

 private:
  std::unique_ptr<Seen> seen_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<std::unique_ptr<grpc::Server>> backends_;
  std::unique_ptr<contract::Contract> contract_;
  std::unique_ptr<Server> gateway_;
  int issued_ = 0;
};

}  // namespace sifa::gateway
