// OnBehalfService: tokens with which services act for a person (RFC 8693 calls this delegation).
#pragma once

#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/casework/signing_keys.h"
#include "libs/rpc/described_service.h"
#include "sifa/identity/v1/on_behalf.pb.h"

namespace sifa::identity {

class OnBehalfService {
 public:
  // `accounts`: the type of Account. All outlive this.
  OnBehalfService(const casework::Backend& backend, const casework::ObjectType& accounts, const casework::SigningKeys& keys)
      : backend_(backend), accounts_(accounts), keys_(keys) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::OnBehalfToken> Issue(rpc::Call& call, const v1::IssueOnBehalfRequest& r);

 private:
  const casework::Backend& backend_;
  const casework::ObjectType& accounts_;
  const casework::SigningKeys& keys_;
};

}  // namespace sifa::identity
