// TokenService: keys and revocations for whoever verifies tokens.
#pragma once

#include "libs/casework/signing_keys.h"
#include "libs/rpc/described_service.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::identity {

class TokenService {
 public:
  TokenService(const casework::Backend& backend, const casework::SigningKeys& keys) : backend_(backend), keys_(keys) {}
  void Register(rpc::DescribedService& service);

  absl::StatusOr<v1::SyncTokensResponse> SyncTokens(rpc::Call& call, const v1::SyncTokensRequest& r);
  absl::StatusOr<v1::JsonWebKeySet> ListKeys(rpc::Call& call, const v1::ListKeysRequest& r);

  // What SyncTokens answers; identity's own verifier asks here.
  absl::StatusOr<v1::SyncTokensResponse> Sync(int64_t after_position) const;

 private:
  const casework::Backend& backend_;
  const casework::SigningKeys& keys_;
};

}  // namespace sifa::identity
