// Anchors between services (见证): each sends the end of its sealed journal to another, which keeps it as a row of its own.
#pragma once

#include "google/protobuf/empty.pb.h"
#include "libs/casework/backend.h"
#include "libs/journal/sealer.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/witness.pb.h"

namespace sifa::casework {

// Takes in the anchors of others.
class WitnessService {
 public:
  explicit WitnessService(const Backend& backend) : backend_(backend) {}
  void Register(rpc::DescribedService& service) { service.On("WitnessAnchor", this, &WitnessService::Witness); }

 private:
  absl::StatusOr<google::protobuf::Empty> Witness(rpc::Call& call, const v1::Anchor& anchor);

  const Backend& backend_;
};

// Sends the own anchor. Of several processes of a service the one that seals should: the anchors of the others may be old. Not
// thread-safe.
class AnchorSender {
 public:
  using Tell = std::function<absl::Status(const v1::Anchor&)>;
  AnchorSender(const Backend& backend, std::string anchor_path, Tell tell)
      : backend_(backend), anchor_path_(std::move(anchor_path)), tell_(std::move(tell)) {}

  // Sends the first end of all, and then where something was sealed since the last time that is not itself an anchor of another:
  // two services that witness each other would else never come to rest.
  absl::Status Tick();

 private:
  absl::Status Send(const journal::Anchor& anchor);

  const Backend& backend_;
  const std::string anchor_path_;
  const Tell tell_;
  int64_t sent_ = 0;
};

// Writes the furthest anchor kept of each service to `directory`/<service>.anchor, as journal::ReadAnchor reads it.
absl::Status WriteWitnessed(mysql::Pool& pool, const std::string& directory);

}  // namespace sifa::casework
