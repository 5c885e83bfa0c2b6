// gRPC's own words in our log.
#pragma once

namespace sifa::rpc {

// Once, in main, before gRPC is used. What gRPC calls an error is a warning: a handshake that failed, a port scanned.
void LogGrpc();

}  // namespace sifa::rpc
