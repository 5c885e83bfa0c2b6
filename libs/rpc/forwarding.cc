#include "libs/rpc/forwarding.h"

#include <algorithm>
#include <utility>

#include "absl/flags/flag.h"
#include "libs/core/status.h"
#include "libs/rpc/flags.h"
#include "libs/rpc/on_behalf.h"

ABSL_FLAG(std::string, advertise, "", "address at which other replicas of this service reach it, host:port; by default --listen");

namespace sifa::rpc {
namespace {

constexpr absl::Duration kLongest = absl::Seconds(5);     // for an answer
constexpr absl::Duration kTokenKept = absl::Seconds(30);  // well below the life of one
constexpr size_t kTokens = 4096, kChannels = 16;          // kept at once; beyond that all are made anew

}  // namespace

std::string OwnAddress() {
  const std::string advertised = absl::GetFlag(FLAGS_advertise);
  return advertised.empty() ? absl::GetFlag(FLAGS_listen) : advertised;
}

Forwarder::Forwarder(TlsFiles files, std::string service, std::shared_ptr<grpc::Channel> identity)
    : files_(std::move(files)), service_(std::move(service)), identity_(std::move(identity)) {}

std::shared_ptr<grpc::Channel> Forwarder::ChannelTo(const std::string& address) {
  const absl::MutexLock lock(&mutex_);
  if (!channels_.contains(address) && channels_.size() >= kChannels) channels_.clear();
  auto& channel = channels_[address];
  if (channel == nullptr) channel = Connect(files_, service_, address);
  return channel;
}

absl::StatusOr<std::string> Forwarder::TokenOf(const std::string& account) {
  const absl::Time now = absl::Now();
  {
    const absl::MutexLock lock(&mutex_);
    const auto kept = tokens_.find(account);
    if (kept != tokens_.end() && now < kept->second.until) return kept->second.text;
  }
  ASSIGN_OR_RETURN(std::string token, TokenOnBehalf(*identity_, account, kLongest));
  const absl::MutexLock lock(&mutex_);
  if (tokens_.size() >= kTokens) tokens_.clear();
  tokens_[account] = {token, now + kTokenKept};
  return token;
}

absl::Status Forwarder::Forward(const Call& call, const std::string& address, const google::protobuf::Message& request,
                                google::protobuf::Message* response) {
  const std::string& account = call.claims().sub();
  ASSIGN_OR_RETURN(const std::string token, TokenOf(account));
  const absl::Duration left = std::min(kLongest, call.deadline() - absl::Now());
  const absl::Status done = Invoke(*ChannelTo(address), call.method().path, request, response, left, token);
  if (absl::IsUnauthenticated(done)) {
    const absl::MutexLock lock(&mutex_);
    tokens_.erase(account);  // it was revoked meanwhile
  }
  return done;
}

}  // namespace sifa::rpc
