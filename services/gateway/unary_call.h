// One request, one answer.
#pragma once

#include "services/gateway/rpc_call.h"

namespace sifa::gateway {

class UnaryCall : public RpcCall {
 public:
  using RpcCall::RpcCall;
  void Start(std::string body) override;
  void Abort() override;

 private:
  void OnDone();

  grpc::ClientContext context_;
  grpc::ByteBuffer request_, response_;
  grpc::Status status_;
  bool started_ = false;
};

}  // namespace sifa::gateway
