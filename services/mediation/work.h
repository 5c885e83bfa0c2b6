// WorkService: 待办、已办、逾期 over all objects of mediation.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/queries.h"
#include "libs/rpc/described_service.h"
#include "sifa/mediation/v1/work.pb.h"

namespace sifa::mediation {

class WorkService {
 public:
  WorkService(const casework::Backend& backend, std::vector<const casework::ObjectType*> types)
      : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) { service.On("ListWork", this, &WorkService::List); }

  absl::StatusOr<v1::ListWorkResponse> List(rpc::Call& call, const v1::ListWorkRequest& r);

 private:
  // Those that the request names, all where it names none.
  absl::StatusOr<std::vector<const casework::ObjectType*>> TypesOf(const v1::ListWorkRequest& r) const;

  const casework::Backend& backend_;
  const std::vector<const casework::ObjectType*> types_;
};

}  // namespace sifa::mediation
