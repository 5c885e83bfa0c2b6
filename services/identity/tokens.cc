#include "services/identity/tokens.h"

#include "libs/core/status.h"
#include "services/identity/revocations.h"

namespace sifa::identity {

void TokenService::Register(rpc::Host& host) {
  auto service = std::make_unique<rpc::DescribedService>(
      v1::TokenClaims::descriptor()->file()->FindServiceByName("TokenService"), host.door());
  service->On("SyncTokens", this, &TokenService::SyncTokens);
  service->On("ListKeys", this, &TokenService::ListKeys);
  host.Add(std::move(service));
}

absl::StatusOr<v1::SyncTokensResponse> TokenService::Sync(int64_t after_position) const {
  v1::SyncTokensResponse response;
  RETURN_IF_ERROR(ListRevocations(backend_, after_position, &response));
  for (const SigningKey& key : keys_.Published()) {
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
  for (const SigningKey& key : keys_.Published()) *set.add_keys() = ToJsonWebKey(key);
  return set;
}

}  // namespace sifa::identity
