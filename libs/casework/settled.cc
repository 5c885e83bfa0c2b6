#include "libs/casework/settled.h"

#include "libs/core/status.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {

absl::StatusOr<bool> FindSettled(const Backend& backend, mysql::Connection& connection, const RequestKey& key, bool lock,
                                 const ReadAnswer& repeat) {
  ASSIGN_OR_RETURN(const auto request,
                   backend.store.FindRequest(connection, key.caller, key.method, key.request_id, lock));
  if (!request) return false;
  if (!backend.store.SameRequest(request->digest, key.digest)) {
    return Error(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                 "同一请求编号已用于内容不同的请求");
  }
  RETURN_IF_ERROR(repeat(connection, request->journal_id));
  return true;
}

absl::StatusOr<bool> FindSettled(const Backend& backend, const RequestKey& key, const ReadAnswer& repeat) {
  bool done = false;
  if (key.request_id.empty()) return done;
  RETURN_IF_ERROR(backend.pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(done, FindSettled(backend, connection, key, false, repeat));
    return absl::OkStatus();
  }));
  return done;
}

absl::Status RunSettled(const Backend& backend, const RequestKey& given,
                        const std::function<absl::StatusOr<Id>(mysql::Connection&)>& body,
                        const ReadAnswer& repeat, bool in_doubt) {
  RequestKey key = given;
  if (key.request_id.empty()) {
    key.request_id = NewId(backend.clock.Now()).ToString();
    key.made_up = true;
  }
  const bool repeatable = !key.made_up;
  bool done = false;
  const auto look = [&](mysql::Connection& connection, bool lock) -> absl::Status {
    ASSIGN_OR_RETURN(done, FindSettled(backend, connection, key, lock, repeat));
    return absl::OkStatus();
  };
  // After a lost COMMIT, FOR UPDATE waits until the server has ended that transaction, one way or the other.
  const auto settle = [&]() -> absl::Status {
    telemetry::Warn("commit unknown, looking for its request", {{"method", key.method}});
    const absl::Status looked =
        backend.pool.InTransaction([&](mysql::Connection& connection) { return look(connection, true); });
    if (!absl::IsUnavailable(looked) && !absl::IsDeadlineExceeded(looked)) return looked;
    // It stays unknown. To a caller without an id, "try again later" would say to do it twice.
    return Unavailable(mysql::kCommitUnknown, "提交结果未知，请核实后再试；以同一请求编号重试不会重复办理");
  };
  if (in_doubt) RETURN_IF_ERROR(settle());
  for (int attempt = 0; !done; ++attempt) {
    const absl::Status status =
        backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
          if (repeatable) RETURN_IF_ERROR(look(connection, false));
          if (done) return absl::OkStatus();
          ASSIGN_OR_RETURN(const Id journal_id, body(connection));
          return backend.store.InsertRequest(connection, key.caller, key.method, key.request_id,
                                             {backend.store.KeyedDigest(key.digest), journal_id}, backend.clock.Now());
        });
    if (status.ok()) break;
    const bool unknown = ReasonOf(status) == mysql::kCommitUnknown;
    // Where two equal requests meet, the later one waited for the locks of the first and then found its work
    // done: it is refused, or breaks a unique key. Either way the answer is the first one's.
    if (!unknown && (!repeatable || absl::IsUnavailable(status))) return status;
    RETURN_IF_ERROR(unknown ? settle() : backend.pool.InTransaction([&](mysql::Connection& connection) {
      return look(connection, false);
    }));
    if (!done && (!unknown || attempt > 0)) return status;
  }
  backend.committed();
  return absl::OkStatus();
}

}  // namespace sifa::casework
