// Tells other services what this one holds of an organisation.
#pragma once

#include "libs/casework/backend.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/holdings.pb.h"

namespace sifa::casework {

class HoldingsService {
 public:
  explicit HoldingsService(const Backend& backend) : backend_(backend) {}
  void Register(rpc::DescribedService& service) { service.On("CountHoldings", this, &HoldingsService::Count); }

  absl::StatusOr<v1::Holdings> Count(rpc::Call& call, const v1::CountHoldingsRequest& r);

 private:
  const Backend& backend_;
};

}  // namespace sifa::casework
