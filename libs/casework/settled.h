// A request's one transaction: carried out at most once for each request_id, and never in doubt whether it
// was.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/casework/backend.h"

namespace sifa::casework {

struct RequestKey {
  std::string caller;
  std::string method;
  std::string request_id;  // empty: not repeatable, and RunSettled makes one up, so that a lost COMMIT can be settled
  std::string digest;      // of the request, 32 bytes
  bool made_up = false;    // the request_id is ours: nobody repeats it
};

// Where the request has been carried out before, `repeat` reads its answer from that row, and it is true. With `lock` it waits for
// a transaction that is carrying it out.
using ReadAnswer = std::function<absl::Status(mysql::Connection&, const Id& journal_id)>;
absl::StatusOr<bool> FindSettled(const Backend& backend, mysql::Connection& connection, const RequestKey& key, bool lock,
                                 const ReadAnswer& repeat);
// The same on a connection of its own, before anything else is done for the request; false for one that is not repeatable.
absl::StatusOr<bool> FindSettled(const Backend& backend, const RequestKey& key, const ReadAnswer& repeat);

// Runs `body` in a transaction; the journal row that it answers is kept for the request. Where the request
// has been carried out before, `repeat` reads the answer from that row instead. Both may run more than once.
// ALREADY_EXISTS "REQUEST_ID_REUSED" where the request_id came with another digest. A connection lost during
// COMMIT is settled by looking for the request; two equal requests that meet get one answer. `in_doubt`: a transaction of this
// request may just have been committed, and is settled first.
absl::Status RunSettled(const Backend& backend, const RequestKey& key,
                        const std::function<absl::StatusOr<Id>(mysql::Connection&)>& body,
                        const ReadAnswer& repeat, bool in_doubt = false);

}  // namespace sifa::casework
