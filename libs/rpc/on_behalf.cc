#include "libs/rpc/on_behalf.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "libs/rpc/channel.h"
#include "sifa/identity/v1/on_behalf.pb.h"

namespace sifa::rpc {

constexpr char kOfService[] = "service:";

std::string SessionOfService(absl::string_view service) { return absl::StrCat(kOfService, service); }

bool MayPresent(absl::string_view peer, const identity::v1::TokenClaims& claims) {
  return !absl::StartsWith(claims.sid(), kOfService) || claims.sid() == SessionOfService(peer);
}

absl::StatusOr<std::string> TokenOnBehalf(grpc::Channel& identity, const std::string& account, absl::Duration timeout) {
  identity::v1::IssueOnBehalfRequest asked;
  asked.set_account(account);
  identity::v1::OnBehalfToken token;
  RETURN_IF_ERROR(Invoke(identity, "/sifa.identity.v1.OnBehalfService/IssueOnBehalf", asked, &token, timeout));
  return absl::StrCat("Bearer ", token.access_token());
}

absl::Status InvokeOnBehalf(grpc::Channel& identity, grpc::Channel& neighbour, const std::string& account,
                            const std::string& path, const google::protobuf::Message& request,
                            google::protobuf::Message* response, absl::Duration timeout) {
  ASSIGN_OR_RETURN(const std::string token, TokenOnBehalf(identity, account, timeout));
  return Invoke(neighbour, path, request, response, timeout, token);
}

}  // namespace sifa::rpc
