// mTLS in one place: credentials of a process from its directory, channels to neighbours, and one call by method name.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace sifa::rpc {

// ca.pem, cert.pem and key.pem of a process. The certificate's names include "<process>.sifa".
struct TlsFiles {
  std::string ca;
  std::string cert;
  std::string key;

  static TlsFiles In(const std::string& directory);
};

// Certificates are read again when the files change (looked at every 10 seconds): no restart for a renewal.
// A client without a certificate of the same authority is refused in the handshake.
std::shared_ptr<grpc::ServerCredentials> ServerCredentials(const TlsFiles& files);

// The server's side of Connect: it bears that its callers ask whether it is there, and after `age` asks them to connect anew.
// What goes on then may last as long as any call.
void KeepConnections(grpc::ServerBuilder& builder, absl::Duration age);

// A channel to `target` (ParsePeers) that accepts only the certificate of `peer`. Calls go round its replicas; a replica that is
// away, or silent for 15 seconds, is left out until it answers again. With `own_connection` it shares no TCP connection with
// others.
std::shared_ptr<grpc::Channel> Connect(const TlsFiles& files, absl::string_view peer, const std::string& target,
                                       bool own_connection = false);

// A blocking unary call. `path` "/sifa.identity.v1.TokenService/SyncTokens"; `authorization` may be empty.
absl::Status Invoke(grpc::Channel& channel, const std::string& path, const google::protobuf::Message& request,
                    google::protobuf::Message* response, absl::Duration timeout,
                    const std::string& authorization = "");

}  // namespace sifa::rpc
