#include "libs/casework/terms.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/object_index.h"
#include "libs/core/status.h"
#include "libs/telemetry/log.h"

namespace sifa::casework {
namespace {

constexpr int kTogether = 256;

// The next objects after `last`, which is moved to the last of them; false where there are none.
absl::StatusOr<bool> RefreshNext(mysql::Connection& connection, const Store& store, const ObjectType& type, Id* last) {
  ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT id FROM object WHERE type = ? AND id > ? ORDER BY id LIMIT ?",
                                                     {type.name, *last, kTogether}));
  if (rows.empty()) return false;
  std::vector<Id> ids;
  for (const auto& row : rows) ids.push_back(row.AsId(0));
  ASSIGN_OR_RETURN(const auto objects, store.LoadMany(connection, type, ids, Lock::kExclusive));
  RETURN_IF_ERROR(store.RewriteTerms(connection, type, objects));
  *last = ids.back();
  return true;
}

absl::Status RefreshType(mysql::Pool& pool, const Store& store, const ObjectType& type) {
  Id last;
  bool more = true;
  while (more) {
    Id next;
    RETURN_IF_ERROR(pool.InTransaction([&](mysql::Connection& connection) -> absl::Status {
      next = last;  // also where the transaction is repeated
      ASSIGN_OR_RETURN(more, RefreshNext(connection, store, type, &next));
      return absl::OkStatus();
    }));
    last = next;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RefreshTerms(mysql::Pool& pool, const Store& store, const std::vector<const ObjectType*>& types) {
  int64_t written = 0;
  RETURN_IF_ERROR(pool.WithConnection([&](mysql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const auto rows, connection.Query("SELECT revision FROM term_revision WHERE id = 1"));
    if (rows.empty()) return Internal("term_revision is empty");
    written = rows[0].Int(0);
    return absl::OkStatus();
  }));
  if (written == kTermRevision) return absl::OkStatus();
  for (const ObjectType* type : types) RETURN_IF_ERROR(RefreshType(pool, store, *type));
  telemetry::Info("search terms written anew", {{"revision", absl::StrCat(kTermRevision)}});
  return pool.WithConnection([&](mysql::Connection& connection) {
    return connection.Execute("UPDATE term_revision SET revision = ? WHERE id = 1", {kTermRevision}).status();
  });
}

}  // namespace sifa::casework
