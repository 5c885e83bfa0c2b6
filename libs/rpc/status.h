// Errors over gRPC: the google.rpc.Status of an absl::Status travels in the error details.
#pragma once

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace sifa::rpc {

grpc::Status ToGrpc(const absl::Status& status);
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace sifa::rpc
