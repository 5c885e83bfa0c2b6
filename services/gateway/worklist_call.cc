#include "services/gateway/worklist_call.h"

#include <algorithm>

#include "libs/contract/validate.h"
#include "libs/core/clock.h"
#include "libs/core/status.h"

namespace sifa::gateway {

void WorklistCall::Start(std::string body) {
  if (absl::Status status = Begin(body); !status.ok()) return Fail(status);
  waiting_ = list_.parts().size();
  if (waiting_ == 0) return Finish();
  for (Worklist::Part& part : list_.parts()) Ask(part, loop().ChannelTo(routes_.PeerNamed(part.service)));
}

absl::Status WorklistCall::Begin(const std::string& body) {
  std::string wire;
  RETURN_IF_ERROR(Build(body, /*keyed=*/false, &wire));
  gateway::v1::ListAllWorkRequest request;
  if (!request.ParseFromString(wire)) return Internal("a request that the gateway has built does not parse");
  RETURN_IF_ERROR(contract::Validate(request, options().clock->Today(), nullptr));
  std::vector<contract::RegisteredService> deployed;
  for (const auto& service : routes_.work()) {
    if (loop().ChannelTo(routes_.PeerNamed(service.name))) deployed.push_back(service);
  }
  ASSIGN_OR_RETURN(list_, Worklist::Begin(request, deployed));
  return absl::OkStatus();
}

void WorklistCall::Ask(Worklist::Part& part, const std::shared_ptr<grpc::Channel>& channel) {
  Asked& asked = asked_.emplace_back();
  asked.part = &part;
  Passport with = passport();
  with.deadline = std::min(with.deadline, options().worklist_timeout);
  Stamp(with, asked.context);
  asked.request = ToByteBuffer(part.request.SerializeAsString());
  auto self = std::static_pointer_cast<WorklistCall>(shared_from_this());
  grpc::GenericStub(channel).UnaryCall(&asked.context, std::string(kListWork), {}, &asked.request, &asked.response,
                                       [self = std::move(self), &asked](grpc::Status status) {
                                         WorklistCall* const call = self.get();
                                         asked.status = std::move(status);
                                         call->loop().Post([self, &asked] { self->OnAnswer(asked); });
                                       });
}

void WorklistCall::OnAnswer(Asked& asked) {
  --waiting_;
  if (exchange() == nullptr) return;
  asked.part->status = OutcomeOf(asked.status);
  if (asked.part->status.ok()) {
    const WireView view(asked.response);
    if (!asked.part->response.ParseFromArray(view.bytes().data(), static_cast<int>(view.bytes().size()))) {
      asked.part->status = Internal("a worklist does not parse");
    }
  }
  if (waiting_ == 0) Finish();
}

void WorklistCall::Finish() {
  const auto page = list_.Merge();
  if (!page.ok()) return Fail(page.status());
  AnswerJson(page->SerializeAsString());
}

void WorklistCall::Abort() {
  Release();
  for (Asked& asked : asked_) asked.context.TryCancel();
}

}  // namespace sifa::gateway
