#include "libs/casework/recount.h"

#include "libs/casework/acts.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

absl::StatusOr<std::unique_ptr<Message>> ObjectAfter(const Backend& backend, mysql::Connection& connection,
                                                     const ObjectType& type, const Id& journal_id) {
  ASSIGN_OR_RETURN(const v1::Image image, backend.store.ImageOf(connection, journal_id));
  std::unique_ptr<Message> object(type.prototype->New());
  if (!object->ParseFromString(image.object())) return Internal("journal image does not parse");
  return object;
}

}  // namespace

CountAnew CountedAnew(const Backend& backend, std::vector<const ObjectType*> types) {
  return [&backend, types = std::move(types)](mysql::Connection& connection, const journal::Row& row) -> absl::StatusOr<v1::CountChange> {
    for (const ObjectType* type : types) {
      if (type->name != row.object_type || !type->counts || row.version == 0) continue;
      ASSIGN_OR_RETURN(const auto after, ObjectAfter(backend, connection, *type, row.id));
      std::unique_ptr<Message> before;
      if (row.version > 1) {
        ASSIGN_OR_RETURN(const auto earlier, connection.Query("SELECT id FROM journal WHERE object_id = ? AND version = ?",
                                                              {row.object_id, row.version - 1}));
        if (earlier.empty()) return Internal("the journal lacks a version of an object");
        ASSIGN_OR_RETURN(before, ObjectAfter(backend, connection, *type, earlier[0].AsId(0)));
      }
      return CountChangeOf(*type, before.get(), *after);
    }
    return v1::CountChange();
  };
}

}  // namespace sifa::casework
