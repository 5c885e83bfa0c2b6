// WorkService: 待办、已办、逾期 over all objects of a service.
#pragma once

#include <optional>
#include <string>
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

  // 待办 and 逾期: open objects by the end of their next limit, those without one last. 已办: what the caller has acted on,
  // latest first. 期限变更: see moved.h. Of the organisations in which the caller holds the method's permission.
  absl::StatusOr<v1::ListWorkResponse> List(rpc::Call& call, const v1::ListWorkRequest& r);

 private:
  // Those that the request names, all where it names none.
  absl::StatusOr<std::vector<const ObjectType*>> TypesOf(const v1::ListWorkRequest& r) const;
  absl::Status AddItems(const rpc::Call& call, const std::vector<const ObjectType*>& types, const v1::ListWorkRequest& r,
                        v1::ListWorkResponse* response) const;
  // Where a page ended.
  struct Place {
    Id id;
    std::optional<absl::Time> due_end;  // none: the object has no limit
  };
  static std::string ToText(const mysql::Row& item);
  static absl::StatusOr<Place> ReadPlace(const std::string& text);
  // Items of at most `limit` open objects after a place.
  absl::StatusOr<mysql::Rows> OpenOf(mysql::Connection& connection, const rpc::Call& call,
                                     const std::vector<const ObjectType*>& types, const v1::ListWorkRequest& r,
                                     const std::optional<Place>& after, size_t limit) const;
  // Of objects that the caller has acted on, latest first, each with that act, which is before `before`.
  absl::StatusOr<mysql::Rows> DoneBy(mysql::Connection& connection, const rpc::Call& call,
                                     const std::vector<const ObjectType*>& types, const v1::ListWorkRequest& r,
                                     const std::optional<Id>& before, size_t limit) const;
  static absl::StatusOr<std::string> DoneIndex(mysql::Connection& connection, const std::string& caller,
                                               const v1::ListWorkRequest& r, const std::optional<Id>& before);
  // How much work there is by type and colour, for the dashboard beside the list.
  absl::Status AddCounts(const rpc::Call& call, const std::vector<const ObjectType*>& types, bool mine,
                         v1::ListWorkResponse* response) const;

  const Backend& backend_;
  const std::vector<const ObjectType*> types_;
};

}  // namespace sifa::casework
