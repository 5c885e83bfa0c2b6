#include "services/identity/tokens.h"

#include "libs/core/status.h"
#include "services/identity/revocations.h"

namespace sifa::identity {

void TokenService::Register(rpc::DescribedService& service) {
  service.On("SyncTokens", this, &TokenService::SyncTokens);
  service.On("ListKeys", this, &TokenService::ListKeys);
}

absl::StatusOr<v1::SyncTokensResponse> TokenService::Sync(int64_t after_position) const {
  v1::SyncTokensResponse response;
  RETURN_IF_ERROR(ListRevocations(backend_, after_position, &response));
  for (const casework::SigningKey& key : keys_.Published()) {
    auto* published = response.add_keys();
    published->set_key_id(key.id);
    published->set_public_pem(key.public_pem);
  }
  return response;
}

absl::StatusOr<v1::SyncTokensResponse> TokenService::SyncTokens(rpc::Call&, const v1::SyncTokensRequest& r) {
  return Sync(r.after_position());
}

absl::StatusOr<v1::JsonWebKeySet> TokenService::ListKeys(rpc::Call&, const v1::ListKeysRequest&) {
  v1::JsonWebKeySet set;
  for (const casework::SigningKey& key : keys_.Published()) casework::FillJsonWebKey(key, set.add_keys());
  return set;
}

}  // namespace sifa::identity
