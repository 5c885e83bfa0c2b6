#include "libs/casework/search.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/actor.h"
#include "libs/casework/acts.h"
#include "libs/core/status.h"
#include "libs/journal/journal.h"

namespace sifa::casework {
absl::StatusOr<std::vector<std::string>> AdmitSearch(const Backend& backend, const ObjectType& type, rpc::Call& call,
                                                     const std::vector<std::string>& scopes) {
  std::vector<std::string> common;
  for (const std::string& scope : scopes) {
    for (const std::string& personal : ScopesOf(call, type.personal_read())) {
      if (std::string both = Intersection(scope, personal); !both.empty()) common.push_back(std::move(both));
    }
  }
  if (common.empty()) {
    return Error(absl::StatusCode::kPermissionDenied, "PERSONAL_DATA_REFUSED", "您的岗位不能按个人信息查找");
  }
  if (call.purpose().empty()) return InvalidField("X-Purpose", "PURPOSE_REQUIRED", "按个人信息查找应当说明目的");
  if (!backend.searches->Take(Actor::Of(call).id(), call.now())) {
    return Error(absl::StatusCode::kResourceExhausted, "SEARCH_LIMIT_REACHED", "一分钟内按个人信息查找的次数过多，请稍后再试");
  }
  return common;
}

absl::Status JournalSearch(const Backend& backend, const ObjectType& type, rpc::Call& call, size_t hits) {
  const Actor reader = Actor::Of(call);
  const auto grants = call.GrantsFor(type.personal_read());
  if (grants.empty() || !call.search()) return Internal("a search that was not admitted");
  v1::ActRecord record;
  record.set_actor_account(reader.account());
  record.set_acting_for(grants[0]->acting_for());
  for (const std::string& field : call.search()->fields) record.add_searched_by(field);
  record.set_found(static_cast<int64_t>(hits));
  v1::Image image;
  image.set_purpose(call.purpose());
  journal::Row row;
  row.id = NewId(backend.clock.Now());
  row.object_type = type.name;
  row.organisation = grants[0]->organisation();  // whose auditor sees it
  row.organisation_path = grants[0]->path();
  row.actor = reader.id();
  row.action = "SEARCH";
  row.occurred_on = call.today();
  row.recorded_at = call.now();
  row.record = record.SerializeAsString();
  row.image = backend.store.EncryptImage(row, image);
  row.request = backend.store.EncryptRequest(row, KeptRequestOf(call));
  RETURN_IF_ERROR(backend.pool.InTransaction([&](mysql::Connection& connection) { return backend.writer->Append(connection, {row}); }));
  backend.committed();
  call.search()->journalled = true;
  return absl::OkStatus();
}

}  // namespace sifa::casework
