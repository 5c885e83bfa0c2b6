// Anchors between services (见证): each sends the end of its sealed journal to another, which keeps it as a row of its own.
#pragma once

#include "google/protobuf/empty.pb.h"
#include "libs/casework/backend.h"
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

// Sends the own anchor. Not thread-safe.
class AnchorSender {
 public:
  using Send = std::function<absl::Status(const v1::Anchor&)>;
  AnchorSender(const Backend& backend, std::string anchor_path, Send send)
      : backend_(backend), anchor_path_(std::move(anchor_path)), send_(std::move(send)) {}

  // Sends where something was sealed since the last time that is not itself an anchor of another: two services that witness
  // each other would else never come to rest.
  absl::Status Tick();

 private:
  const Backend& backend_;
  const std::string anchor_path_;
  const Send send_;
  int64_t sent_ = 0;
};

// Writes the furthest anchor kept of each service to `directory`/<service>.anchor, as journal::ReadAnchor reads it.
absl::Status WriteWitnessed(mysql::Pool& pool, const std::string& directory);

}  // namespace sifa::casework
