#include "libs/casework/handover.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/acts.h"
#include "libs/casework/past.h"
#include "libs/core/status.h"

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
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT id FROM object WHERE assignee = ? AND open = 1 AND type = ? ORDER BY id",
                                                     {account, type.name}));
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  return ids;
}

// False where it has been closed or assigned to another meanwhile.
absl::StatusOr<bool> HandOver(const Backend& backend, const ObjectType& type, const Id& id, const identity::v1::HandoverOrder& order,
                              mysql::Connection& connection) {
  ASSIGN_OR_RETURN(auto stored, backend.store.Load(connection, type, id, Lock::kExclusive));
  if (!stored) return false;
  const Common common = type.common(*stored->object);
  if (common.assignee != order.from() || type.terminal.Has(common.state)) return false;
  const auto& handover = order.handover();
  const ActInput input{.object = id,
                       .act_day = backend.clock.Today(),
                       .action = "HAND_OVER",
                       .reason = handover.reason(),
                       .approved_by = handover.ordered_by()};
  const auto to_successor = [&](Message* object, const Act&) -> absl::StatusOr<procedure::Applied> {
    SetText(object, kAssignee, handover.to());
    return procedure::Applied{.from = common.state, .to = common.state, .law = kRule.ToString()};
  };
  RETURN_IF_ERROR(ApplyInTransaction(backend, type, Actor::System(), input, &*stored, to_successor, connection).status());
  return true;
}

absl::StatusOr<int> HandOverAll(const Backend& backend, const std::vector<const ObjectType*>& types,
                                const identity::v1::HandoverOrder& order, mysql::Connection& connection) {
  int count = 0;
  for (const ObjectType* type : types) {
    ASSIGN_OR_RETURN(const auto ids, OpenObjectsOf(connection, *type, order.from()));
    for (const Id& id : ids) {
      ASSIGN_OR_RETURN(const bool handed_over, HandOver(backend, *type, id, order, connection));
      count += handed_over;
    }
  }
  return count;
}

}  // namespace

absl::StatusOr<int> CarryOut(const Backend& backend, const std::vector<const ObjectType*>& types,
                             const identity::v1::ListHandoversResponse& orders) {
  int handed_over = 0;
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
    handed_over = 0;
    ASSIGN_OR_RETURN(const int64_t done, LockPosition(connection));
    if (done >= orders.position()) return absl::OkStatus();
    for (const auto& order : orders.orders()) {
      if (order.position() <= done) continue;
      ASSIGN_OR_RETURN(const int objects, HandOverAll(backend, types, order, connection));
      handed_over += objects;
    }
    return connection.Execute("UPDATE follower SET position = ? WHERE name = ?", {orders.position(), kFollower}).status();
  }));
  if (handed_over > 0) backend.committed();
  return handed_over;
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
