#include "libs/casework/recount.h"

#include "libs/casework/acts.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

absl::StatusOr<std::unique_ptr<Message>> ObjectIn(const Backend& backend, const ObjectType& type, const Id& journal_id,
                                                  const std::string& encrypted) {
  ASSIGN_OR_RETURN(const v1::Image image, backend.store.DecryptImage(journal_id, encrypted));
  std::unique_ptr<Message> object(type.prototype->New());
  if (!object->ParseFromString(image.object())) return Internal("journal image does not parse");
  return object;
}

}  // namespace

CountAnew CountedAnew(const Backend& backend, std::vector<const ObjectType*> types) {
  return [&backend, types = std::move(types)](mysql::Connection& connection, const journal::Row& row) -> absl::StatusOr<v1::CountChange> {
    for (const ObjectType* type : types) {
      if (type->name != row.object_type || !type->counts || row.version == 0) continue;
      ASSIGN_OR_RETURN(const auto after, ObjectIn(backend, *type, row.id, row.image));
      std::unique_ptr<Message> before;
      if (row.version > 1) {
        ASSIGN_OR_RETURN(const auto earlier, connection.Query("SELECT id, image FROM journal WHERE object_id = ? AND version = ?",
                                                              {row.object_id, row.version - 1}));
        if (earlier.empty()) return Internal("the journal lacks a version of an object");
        ASSIGN_OR_RETURN(before, ObjectIn(backend, *type, earlier[0].AsId(0), earlier[0].Bytes(1)));
      }
      return CountChangeOf(*type, before.get(), *after);
    }
    return v1::CountChange();
  };
}

}  // namespace sifa::casework
