#include "libs/casework/settled.h"

#include "absl/strings/match.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {

absl::Status RunSettled(const Backend& backend, const RequestKey& key,
                        const std::function<absl::StatusOr<Id>(mysql::Connection&)>& body,
                        const std::function<absl::Status(mysql::Connection&, const Id& journal_id)>& repeat) {
  // A request without an id still gets a row, so that a lost COMMIT can be settled.
  const std::string request_id =
      key.request_id.empty() ? NewId(backend.clock.Now()).ToString() : key.request_id;
  bool done = false;
  const auto look = [&](mysql::Connection& connection, bool lock) -> absl::Status {
    ASSIGN_OR_RETURN(const auto request,
                     backend.store.FindRequest(connection, key.caller, key.method, request_id, lock));
    done = request.has_value();
    if (!done) return absl::OkStatus();
    if (request->digest != key.digest) {
      return Error(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                   "同一 request_id 已用于内容不同的请求");
    }
    return repeat(connection, request->journal_id);
  };
  for (int attempt = 0;; ++attempt) {
    const absl::Status status =
        backend.pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
          if (!key.request_id.empty()) RETURN_IF_ERROR(look(connection, false));
          if (done) return absl::OkStatus();
          ASSIGN_OR_RETURN(const Id journal_id, body(connection));
          return backend.store.InsertRequest(connection, key.caller, key.method, request_id,
                                             {key.digest, journal_id}, backend.clock.Now());
        });
    if (status.ok()) break;
    const bool unknown = ReasonOf(status) == mysql::kCommitUnknown;
    // Two equal requests met: the other one has been carried out, so the next attempt finds its answer.
    const bool raced =
        ReasonOf(status) == "DATABASE_DUPLICATE" && absl::StrContains(status.message(), "PRIMARY");
    if (attempt > 0 || !(unknown || raced)) return status;
    if (!unknown) continue;
    telemetry::Warn("commit unknown, looking for its request", {{"method", key.method}});
    // FOR UPDATE waits until the server has ended the lost transaction, one way or the other.
    RETURN_IF_ERROR(
        backend.pool.InTransaction([&](mysql::Connection& connection) { return look(connection, true); }));
    if (done) break;
  }
  backend.committed();
  return absl::OkStatus();
}

}  // namespace sifa::casework
