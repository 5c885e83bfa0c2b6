// HandoverService: orders to hand over, for the services that carry them out.
#pragma once

#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"
#include "sifa/identity/v1/handover.pb.h"

namespace sifa::identity {

class HandoverService {
 public:
  // `accounts`: the type of Account; both outlive this.
  HandoverService(const casework::Backend& backend, const casework::ObjectType& accounts)
      : backend_(backend), accounts_(accounts) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::ListHandoversResponse> List(rpc::Call& call, const v1::ListHandoversRequest& r);

 private:
  const casework::Backend& backend_;
  const casework::ObjectType& accounts_;
};

}  // namespace sifa::identity
