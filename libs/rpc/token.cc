#include "libs/rpc/token.h"

#include "absl/base/thread_annotations.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/mutex.h"
#include "libs/contract/json.h"
#include "libs/core/status.h"
#include "libs/crypto/suite.h"
#include "libs/rpc/channel.h"
#include "libs/telemetry/log.h"

namespace sifa::rpc {
namespace {

using identity::v1::TokenClaims;

constexpr size_t kCacheSize = 20000;
constexpr absl::string_view kHeaderStart = R"({"alg":"EdDSA","typ":"JWT","kid":")";

absl::Status Unauthenticated(absl::string_view reason, absl::string_view message) {
  return Error(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status Malformed() { return Unauthenticated("TOKEN_MALFORMED", "令牌无效，请重新登录"); }
absl::Status SayRevoked() { return Unauthenticated("TOKEN_REVOKED", "登录已被撤销，请重新登录"); }

const crypto::Suite& Signer() { return crypto::GetSuite(crypto::SuiteId::kInternational); }

// The header is ours to the letter, so it is compared and not parsed: no other algorithm can be smuggled in.
bool ReadKeyId(absl::string_view header, std::string* key_id) {
  if (!absl::ConsumePrefix(&header, kHeaderStart) || !absl::ConsumeSuffix(&header, "\"}")) return false;
  *key_id = std::string(header);
  return true;
}

}  // namespace

absl::StatusOr<std::string> SignToken(const TokenClaims& claims, const std::string& key_id, const std::string& private_pem) {
  std::string json;
  RETURN_IF_ERROR(contract::WireToJson(contract::TableOf(TokenClaims::descriptor()), claims.SerializeAsString(), &json));
  const std::string signed_part =
      absl::StrCat(absl::WebSafeBase64Escape(absl::StrCat(kHeaderStart, key_id, "\"}")), ".", absl::WebSafeBase64Escape(json));
  ASSIGN_OR_RETURN(const std::string signature, Signer().Sign(private_pem, signed_part));
  return absl::StrCat(signed_part, ".", absl::WebSafeBase64Escape(signature));
}

absl::StatusOr<TokenClaims> TokenVerifier::Verify(absl::string_view authorization) {
  if (!absl::ConsumePrefix(&authorization, "Bearer ")) {
    return Unauthenticated("TOKEN_MISSING", "请先登录");
  }
  const std::string token(authorization);
  Verified verified;
  bool known = false;
  {
    const absl::MutexLock lock(&mutex_);
    const auto cached = verified_.find(token);
    if (cached != verified_.end()) {
      verified = cached->second;
      known = true;
    }
  }
  if (!known) {
    ASSIGN_OR_RETURN(verified, Check(token));
  }
  const TokenClaims& claims = verified.claims;
  const absl::MutexLock lock(&mutex_);
  if (claims.exp() <= absl::ToUnixSeconds(clock_.Now())) {
    verified_.erase(token);
    return Unauthenticated("TOKEN_EXPIRED", "登录已过期，请刷新或重新登录");
  }
  if (Revoked(claims)) {
    verified_.erase(token);
    return SayRevoked();
  }
  if (!known) {
    // Update may have taken the key away meanwhile, and swept the cache before this token was in it.
    if (keys_.count(verified.key_id) == 0) return Malformed();
    if (verified_.size() >= kCacheSize) verified_.clear();
    verified_.emplace(token, verified);
  }
  return std::move(verified.claims);
}

absl::Status TokenVerifier::CheckRevoked(const TokenClaims& claims) const {
  const absl::MutexLock lock(&mutex_);
  return Revoked(claims) ? SayRevoked() : absl::OkStatus();
}

absl::StatusOr<TokenVerifier::Verified> TokenVerifier::Check(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  std::string header, body, signature, key_id, public_pem, wire;
  if (parts.size() != 3 || !absl::WebSafeBase64Unescape(parts[0], &header) || !absl::WebSafeBase64Unescape(parts[1], &body) ||
      !absl::WebSafeBase64Unescape(parts[2], &signature) || !ReadKeyId(header, &key_id)) {
    return Malformed();
  }
  {
    const absl::MutexLock lock(&mutex_);
    if (keys_.empty()) return Unavailable("KEYS_UNAVAILABLE", "身份服务暂不可用，请稍后再试");
    const auto key = keys_.find(key_id);
    if (key == keys_.end()) return Malformed();
    public_pem = key->second;
  }
  const absl::string_view signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  TokenClaims claims;
  if (!Signer().Verify(public_pem, signed_part, signature) ||
      !contract::JsonToWire(contract::TableOf(TokenClaims::descriptor()), body, &wire).ok() || !claims.ParseFromString(wire) ||
      claims.sub().empty()) {
    return Malformed();
  }
  // Neither one signed for years, nor one that is to begin in years.
  const int64_t longest = absl::ToInt64Seconds(kLongestTokenLife);
  if (int64_t{claims.exp()} - claims.iat() > longest || claims.exp() > absl::ToUnixSeconds(clock_.Now()) + longest) {
    return Unauthenticated("TOKEN_TOO_LONG_LIVED", "令牌的有效期超过规定，请重新登录");
  }
  return Verified{std::move(claims), std::move(key_id)};
}

bool TokenVerifier::Revoked(const TokenClaims& claims) const {
  const auto session = revoked_sessions_.find(claims.sid());
  const auto account = revoked_accounts_.find(claims.sub());
  return (session != revoked_sessions_.end() && claims.iat() <= session->second) ||
         (account != revoked_accounts_.end() && claims.iat() <= account->second);
}

void TokenVerifier::Update(const identity::v1::SyncTokensResponse& sync) {
  const absl::MutexLock lock(&mutex_);
  std::map<std::string, std::string> keys;
  for (const auto& key : sync.keys()) keys[key.key_id()] = key.public_pem();
  const auto same = [&](const std::string& id) {
    mutex_.AssertHeld();
    const auto before = keys_.find(id), after = keys.find(id);
    return before != keys_.end() && after != keys.end() && before->second == after->second;
  };
  // What a key has signed ends with it.
  absl::erase_if(verified_, [&](const auto& token) { return !same(token.second.key_id); });
  keys_ = std::move(keys);
  for (const auto& revocation : sync.revocations()) {
    auto& list = revocation.session().empty() ? revoked_accounts_ : revoked_sessions_;
    auto& before = list[revocation.session().empty() ? revocation.account() : revocation.session()];
    before = std::max(before, revocation.before());
  }
  position_ = sync.position();
  // A token that these could meet has expired long ago.
  const int64_t past = absl::ToUnixSeconds(clock_.Now() - kLongestTokenLife);
  for (auto* list : {&revoked_sessions_, &revoked_accounts_}) {
    std::erase_if(*list, [past](const auto& entry) { return entry.second < past; });
  }
}

int64_t TokenVerifier::position() const {
  const absl::MutexLock lock(&mutex_);
  return position_;
}

bool TokenVerifier::has_keys() const {
  const absl::MutexLock lock(&mutex_);
  return !keys_.empty();
}

struct TokenFollower::Stop {
  absl::Mutex mutex;
  bool requested ABSL_GUARDED_BY(mutex) = false;

  bool Requested() {
    const absl::MutexLock lock(&mutex);
    return requested;
  }
};

TokenFollower::Fetch TokenFollower::From(std::shared_ptr<grpc::Channel> identity) {
  return [channel = std::move(identity)](int64_t after) -> absl::StatusOr<identity::v1::SyncTokensResponse> {
    identity::v1::SyncTokensRequest request;
    request.set_after_position(after);
    identity::v1::SyncTokensResponse response;
    RETURN_IF_ERROR(Invoke(*channel, "/sifa.identity.v1.TokenService/SyncTokens", request, &response, absl::Seconds(1)));
    return response;
  };
}

TokenFollower::TokenFollower(TokenVerifier& verifier, Fetch fetch) : stop_(std::make_shared<Stop>()) {
  thread_ = std::thread([&verifier, fetch = std::move(fetch), stop = stop_] {
    bool reachable = true;
    while (true) {
      const int64_t known = verifier.position();
      const auto sync = fetch(known);
      if (sync.ok()) verifier.Update(*sync);
      if (sync.ok() != reachable) {
        reachable = sync.ok();
        telemetry::Warn(reachable ? "identity reachable again" : "identity unreachable",
                        {{"reason", std::string(sync.status().message())}});
      }
      // An answer holds only so many revocations: where it brought any, the rest is fetched at once.
      if (verifier.position() != known && !stop->Requested()) continue;
      // While there is no key at all nothing works, so ask more often.
      const absl::Duration pause = verifier.has_keys() ? absl::Seconds(2) : absl::Milliseconds(200);
      const absl::MutexLock lock(&stop->mutex);
      if (stop->mutex.AwaitWithTimeout(absl::Condition(&stop->requested), pause)) return;
    }
  });
}

TokenFollower::~TokenFollower() {
  {
    const absl::MutexLock lock(&stop_->mutex);
    stop_->requested = true;
  }
  thread_.join();
}

}  // namespace sifa::rpc
