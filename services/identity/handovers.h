// HandoverService: orders to hand over, for the services that carry them out.
#pragma once

#include "libs/casework/backend.h"
#include "libs/rpc/described_service.h"
#include "sifa/identity/v1/handover.pb.h"

namespace sifa::identity {

class HandoverService {
 public:
  explicit HandoverService(const casework::Backend& backend) : backend_(backend) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::ListHandoversResponse> List(rpc::Call& call, const v1::ListHandoversRequest& r);

 private:
  const casework::Backend& backend_;
};

}  // namespace sifa::identity
