#include "services/gateway/unary_call.h"

#include "absl/strings/match.h"
#include "libs/core/status.h"
#include "services/gateway/wire_fields.h"

namespace sifa::gateway {

void UnaryCall::Start(std::string body) {
  std::string wire;
  if (absl::Status status = Build(body, /*keyed=*/true, &wire); !status.ok()) return Fail(status);
  may_repeat_ = absl::StartsWith(route().pattern, "GET ") ||
                (route().request_id != 0 && !FindBytes(wire, route().request_id).value_or("").empty());
  request_ = ToByteBuffer(std::move(wire));
  Ask(passport());
}

void UnaryCall::Ask(const Passport& passport) {
  const auto channel = Channel();
  if (!channel) return;
  context_.emplace();
  Stamp(passport, *context_);
  grpc::GenericStub stub(channel);
  auto self = std::static_pointer_cast<UnaryCall>(shared_from_this());
  stub.UnaryCall(&*context_, route().method->path, {}, &request_, &response_, [self = std::move(self)](grpc::Status status) {
    UnaryCall* const call = self.get();
    call->status_ = std::move(status);
    call->loop().Post([self] { self->OnDone(); });
  });
}

void UnaryCall::OnDone() {
  if (exchange() == nullptr) return;
  if (!status_.ok()) {
    const absl::Status outcome = OutcomeOf(status_);
    const Millis left = deadline() - Millis(MonotonicMillis() - begun_ms_);
    const bool dropped = absl::IsUnavailable(outcome) && ReasonOf(outcome).empty();
    if (!dropped || !std::exchange(may_repeat_, false) || left <= Millis(0)) return Fail(outcome);
    Passport rest = passport();
    rest.deadline = left;
    return Ask(rest);
  }
  const WireView view(response_);
  AnswerJson(view.bytes());
}

void UnaryCall::Abort() {
  Release();
  if (context_) context_->TryCancel();
}

}  // namespace sifa::gateway
