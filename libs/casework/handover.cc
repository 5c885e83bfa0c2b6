#include "libs/casework/handover.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/past.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"
#include "libs/rpc/call.h"

namespace sifa::casework {
namespace {

constexpr char kFollower[] = "handover";
constexpr char kAssignee[] = "assignee";
constexpr procedure::Law kRule = {"网络安全等级保护基本要求（GB/T 22239-2019）", "8.1.8.2"};  // 人员离岗

// Locked until the transaction ends: one process carries out at a time.
absl::StatusOr<int64_t> LockPosition(mysql::Connection& connection) {
  RETURN_IF_ERROR(connection.Execute("INSERT INTO follower (name, position) VALUES (?, 0)"
                                     " ON DUPLICATE KEY UPDATE position = position", {kFollower}).status());
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT position FROM follower WHERE name = ? FOR UPDATE", {kFollower}));
  return rows[0].Int(0);
}

absl::StatusOr<std::vector<Id>> OpenObjectsOf(mysql::Connection& connection, const ObjectType& type, const std::string& account) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection.Query("SELECT id FROM object FORCE INDEX (by_assignee) WHERE assignee = ? AND open = 1"
                                    " AND type = ? ORDER BY id",
                                    {account, type.name}));
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  return ids;
}

// Whether the successor may do with the object anything that is to be done with it now.
bool MayWorkOn(const rpc::Authority& authority, const identity::v1::HandoverOrder& order, const ObjectType& type,
               const Common& common) {
  const auto permissions = type.WorkIn(common.state);
  const auto holds = [&](const std::string& permission) {
    return std::any_of(order.grants().begin(), order.grants().end(), [&](const rpc::Grant& grant) {
      return rpc::Reaches(grant, common.organisation_path) && authority.RoleHolds(grant.role(), permission);
    });
  };
  return std::any_of(permissions.begin(), permissions.end(), holds) &&
         (!IsSealed(common.organisation_path) || holds(type.service + ".sealed.read"));
}

// Does nothing where it has been closed or assigned to another meanwhile.
absl::Status HandOver(const Backend& backend, const rpc::Authority& authority, const ObjectType& type, const Id& id,
                      const identity::v1::HandoverOrder& order, mysql::Connection& connection, CarriedOut* done) {
  ASSIGN_OR_RETURN(auto stored, backend.store.Load(connection, type, id, Lock::kExclusive));
  if (!stored) return absl::OkStatus();
  const Common common = type.common(*stored->object);
  if (common.assignee != order.from() || type.terminal.Has(common.state)) return absl::OkStatus();
  if (!MayWorkOn(authority, order, type, common)) {
    ++done->left;
    return absl::OkStatus();
  }
  const auto& handover = order.handover();
  const ActInput input{.object = id,
                       .act_day = backend.clock.Today(),
                       .occurred_at = backend.clock.Now(),
                       .action = "HAND_OVER",
                       .reason = handover.reason(),
                       .approved_by = handover.ordered_by()};
  const auto to_successor = [&](Message* object, const Act& act) -> absl::StatusOr<procedure::Applied> {
    SetText(object, kAssignee, handover.to());
    if (type.hand_over) RETURN_IF_ERROR(type.hand_over(act, order.from(), object));
    return procedure::Applied{.from = common.state, .to = common.state, .law = kRule.ToString()};
  };
  ++done->handed_over;
  return ApplyInTransaction(backend, type, Actor::System(), input, &*stored, to_successor, connection).status();
}

absl::Status HandOverAll(const Backend& backend, const rpc::Authority& authority, const std::vector<const ObjectType*>& types,
                         const identity::v1::HandoverOrder& order, mysql::Connection& connection, CarriedOut* done) {
  for (const ObjectType* type : types) {
    ASSIGN_OR_RETURN(const auto ids, OpenObjectsOf(connection, *type, order.from()));
    for (const Id& id : ids) RETURN_IF_ERROR(HandOver(backend, authority, *type, id, order, connection, done));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CarriedOut> CarryOut(const Backend& backend, const rpc::Authority& authority,
                                    const std::vector<const ObjectType*>& types,
                                    const identity::v1::ListHandoversResponse& orders) {
  CarriedOut result;
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    result = {};
    ASSIGN_OR_RETURN(const int64_t done, LockPosition(connection));
    if (done >= orders.position()) return absl::OkStatus();
    for (const auto& order : orders.orders()) {
      if (order.position() <= done) continue;
      RETURN_IF_ERROR(HandOverAll(backend, authority, types, order, connection, &result));
    }
    return connection.Execute("UPDATE follower SET position = ? WHERE name = ?", {orders.position(), kFollower}).status();
  }));
  if (result.handed_over > 0) backend.committed();
  return result;
}

absl::StatusOr<int64_t> HandoverPosition(const Backend& backend) {
  int64_t position = 0;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT position FROM follower WHERE name = ?", {kFollower}));
    position = rows.empty() ? 0 : rows[0].Int(0);
    return absl::OkStatus();
  }));
  return position;
}

}  // namespace sifa::casework
