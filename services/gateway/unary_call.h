// One request, one answer. A service that ends drops calls without a word; one that can do no harm twice, a reading or one with its own
// request_id, is then asked once more, of another replica where there is one, and its client sees nothing of it.
#pragma once

#include <optional>

#include "services/gateway/rpc_call.h"

namespace sifa::gateway {

class UnaryCall : public RpcCall {
 public:
  using RpcCall::RpcCall;
  void Start(std::string body) override;
  void Abort() override;

 private:
  void Ask(const Passport& passport);
  void OnDone();

  const int64_t begun_ms_ = MonotonicMillis();
  std::optional<grpc::ClientContext> context_;  // of the last asking
  grpc::ByteBuffer request_, response_;
  grpc::Status status_;
  bool may_repeat_ = false;
};

}  // namespace sifa::gateway
