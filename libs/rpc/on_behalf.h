// Calls to a neighbour in a person's name: what somebody's act brings with it in another service is done there as his own, under
// his posts as they are then. Identity issues the token for it (OnBehalfService).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "sifa/identity/v1/token.pb.h"

namespace sifa::rpc {

// What TokenClaims.sid holds of a token with which a service acts for a person.
std::string SessionOfService(absl::string_view service);
// Whether the process may present the token: one with which a service acts for a person is good in the hands of that service
// alone, so that passed on it opens nothing.
bool MayPresent(absl::string_view peer, const identity::v1::TokenClaims& claims);

// "Bearer …" for the account (its id), issued by identity. FAILED_PRECONDITION "ACCOUNT_DISABLED" for somebody who has left.
absl::StatusOr<std::string> TokenOnBehalf(grpc::Channel& identity, const std::string& account, absl::Duration timeout);

// A blocking unary call for the account (its id). What identity refuses (ACCOUNT_DISABLED) is refused like what the neighbour
// does.
absl::Status InvokeOnBehalf(grpc::Channel& identity, grpc::Channel& neighbour, const std::string& account,
                            const std::string& path, const google::protobuf::Message& request,
                            google::protobuf::Message* response, absl::Duration timeout);

}  // namespace sifa::rpc
