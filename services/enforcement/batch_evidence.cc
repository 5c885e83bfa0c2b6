#include "services/enforcement/batch_evidence.h"

#include "libs/evidence/evidence.h"
#include "services/enforcement/batch.h"

namespace sifa::enforcement {

absl::Status VerifyEvidence(mysql::Connection& connection, const crypto::Keyring& keyring, const casework::Objects& objects,
                            std::vector<journal::Finding>* findings) {
  const casework::Store store(keyring);
  const casework::ObjectType& type = objects.Of<Batch>();
  casework::ListQuery query;
  query.scopes = {"/"};
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto page, store.List(connection, type, query));
    for (const casework::Stored& stored : page) {
      const auto& batch = static_cast<const Batch&>(*stored.object);
      for (const auto* sealed : {&batch.file(), &batch.raw()}) {
        if (!sealed->stream().empty()) RETURN_IF_ERROR(evidence::Verify(connection, *sealed, findings));
      }
    }
    more = static_cast<int>(page.size()) == query.limit;
    if (more) query.GoOnAfter(type, page.back());
  }
  return absl::OkStatus();
}

}  // namespace sifa::enforcement
