#include "services/gateway/unary_call.h"

namespace sifa::gateway {

void UnaryCall::Start(std::string body) {
  std::string wire;
  if (absl::Status status = Build(body, /*keyed=*/true, &wire); !status.ok()) return Fail(status);
  const auto channel = Channel();
  if (!channel) return;
  Stamp(passport(), context_);
  request_ = ToByteBuffer(std::move(wire));
  started_ = true;
  grpc::GenericStub stub(channel);
  auto self = std::static_pointer_cast<UnaryCall>(shared_from_this());
  stub.UnaryCall(&context_, route().method->path, {}, &request_, &response_, [self = std::move(self)](grpc::Status status) {
    UnaryCall* const call = self.get();
    call->status_ = std::move(status);
    call->loop().Post([self] { self->OnDone(); });
  });
}

void UnaryCall::OnDone() {
  if (exchange() == nullptr) return;
  if (!status_.ok()) return Fail(OutcomeOf(status_));
  const WireView view(response_);
  AnswerJson(view.bytes());
}

void UnaryCall::Abort() {
  Release();
  if (started_) context_.TryCancel();
}

}  // namespace sifa::gateway
