// Tells other services what this one holds of an organisation.
#pragma once

#include <string>
#include <vector>

#include "libs/casework/backend.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/holdings.pb.h"

namespace sifa::casework {

class HoldingsService {
 public:
  // `types`: the names of those that this service has.
  HoldingsService(const Backend& backend, std::vector<std::string> types) : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) { service.On("CountHoldings", this, &HoldingsService::Count); }

  absl::StatusOr<v1::Holdings> Count(rpc::Call& call, const v1::CountHoldingsRequest& r);

 private:
  const Backend& backend_;
  const std::vector<std::string> types_;
};

}  // namespace sifa::casework
