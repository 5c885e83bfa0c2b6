// The own words of gRPC and protobuf in our log.
#pragma once

namespace sifa::rpc {

// Once, in main, before either is used. What they call an error is a warning: a handshake that failed, a port scanned, a message
// with a broken text. Protobuf names the field and not what is in it.
void LogLibraries();

}  // namespace sifa::rpc
