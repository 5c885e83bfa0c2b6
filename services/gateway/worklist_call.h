// GET /v1/work: asks every service that lists work, and answers with what has come within two seconds.
#pragma once

#include <list>

#include "services/gateway/rpc_call.h"
#include "services/gateway/worklist.h"

namespace sifa::gateway {

class WorklistCall : public RpcCall {
 public:
  WorklistCall(CallSetup setup, const Routes& routes) : RpcCall(std::move(setup)), routes_(routes) {}
  void Start(std::string body) override;
  void Abort() override;

 private:
  struct Asked {
    Worklist::Part* part;
    grpc::ClientContext context;
    grpc::ByteBuffer request, response;
    grpc::Status status;
  };
  absl::Status Begin(const std::string& body);
  void Ask(Worklist::Part& part, const std::shared_ptr<grpc::Channel>& channel);
  void OnAnswer(Asked& asked);
  void Finish();

  const Routes& routes_;
  Worklist list_;
  std::list<Asked> asked_;
  size_t waiting_ = 0;
};

}  // namespace sifa::gateway
