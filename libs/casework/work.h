// WorkService: 待办、已办、逾期 over all objects of a service.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "libs/casework/backend.h"
#include "libs/casework/object_type.h"
#include "libs/rpc/described_service.h"
#include "sifa/casework/v1/work.pb.h"

namespace sifa::casework {

class WorkService {
 public:
  WorkService(const Backend& backend, std::vector<const ObjectType*> types) : backend_(backend), types_(std::move(types)) {}
  void Register(rpc::DescribedService& service) { service.On("ListWork", this, &WorkService::List); }

  // 待办 and 逾期: open objects by their next due date, those without one last. 已办: what the caller has acted on, latest
  // first. Of the organisations in which the caller holds the method's permission.
  absl::StatusOr<v1::ListWorkResponse> List(rpc::Call& call, const v1::ListWorkRequest& r);

 private:
  // Those that the request names, all where it names none.
  absl::StatusOr<std::vector<const ObjectType*>> TypesOf(const v1::ListWorkRequest& r) const;
  absl::Status AddItems(const rpc::Call& call, const std::vector<const ObjectType*>& types, const v1::ListWorkRequest& r,
                        v1::ListWorkResponse* response) const;
  // How much work there is by type and colour, for the dashboard beside the list.
  absl::Status AddCounts(const rpc::Call& call, const std::vector<const ObjectType*>& types, bool mine,
                         v1::ListWorkResponse* response) const;

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
};

}  // namespace sifa::casework
