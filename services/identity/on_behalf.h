// OnBehalfService: tokens with which services act for a person (RFC 8693 calls this delegation).
#pragma once

#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"
#include "services/identity/token_keys.h"
#include "sifa/identity/v1/on_behalf.pb.h"

namespace sifa::identity {

class OnBehalfService {
 public:
  // `accounts`: the type of Account. All outlive this.
  OnBehalfService(const casework::Backend& backend, const casework::ObjectType& accounts, const TokenKeys& keys)
      : backend_(backend), accounts_(accounts), keys_(keys) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::OnBehalfToken> Issue(rpc::Call& call, const v1::IssueOnBehalfRequest& r);

 private:
  const casework::Backend& backend_;
  const casework::ObjectType& accounts_;
  const TokenKeys& keys_;
};

}  // namespace sifa::identity
