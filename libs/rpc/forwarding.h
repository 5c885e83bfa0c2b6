// 转发: a call that only one replica of a service can answer, the owner of what it is about, is handed on to it in one hop, and
// done there in the caller's name.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "libs/rpc/call.h"
#include "libs/rpc/channel.h"

namespace sifa::rpc {

// Where other replicas of the service reach this process: --advertise, by default --listen.
std::string OwnAddress();

// Thread-safe.
class Forwarder {
 public:
  // `service`: whose replicas they are, as its certificates name it. Identity issues the tokens (on_behalf.h).
  Forwarder(TlsFiles files, std::string service, std::shared_ptr<grpc::Channel> identity);

  // Whether the call has come here that way: then nobody hands it on again.
  bool IsForwarded(const Call& call) const { return call.peer() == service_; }
  // The answer of the replica at `address`, or its refusal. UNAVAILABLE where it is away. REQUIRES: call.signed_in().
  absl::Status Forward(const Call& call, const std::string& address, const google::protobuf::Message& request,
                       google::protobuf::Message* response);

 private:
  struct Token {
    std::string text;
    absl::Time until;
  };
  std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address);
  absl::StatusOr<std::string> TokenOf(const std::string& account);

  const TlsFiles files_;
  const std::string service_;
  const std::shared_ptr<grpc::Channel> identity_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels_ ABSL_GUARDED_BY(mutex_);  // by address
  std::map<std::string, Token> tokens_ ABSL_GUARDED_BY(mutex_);                             // by account
};

}  // namespace sifa::rpc
