#include "libs/casework/live.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/store.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"

namespace sifa::casework {
namespace {

office::v1::Change ChangeOf(const journal::Row& act) {
  office::v1::Change change;
  change.set_object_type(act.object_type);
  change.set_object(act.object_id.ToString());
  change.set_act(act.action);
  change.set_state(act.to_state);
  change.set_etag(absl::StrCat(act.version));
  change.set_organisation(act.organisation);
  change.set_organisation_path(std::string(Unseal(act.organisation_path)));
  change.set_region(act.region);
  change.mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(act.recorded_at));
  return change;
}

}  // namespace

LiveService::LiveService(const Backend& backend, std::vector<const ObjectType*> types, const contract::Contract& contract,
                         feed::Limits limits)
    : backend_(backend),
      feed_(
          backend.pool, [this](mysql::Connection& connection, const auto& rows) { return Translate(connection, rows); }, limits) {
  for (const ObjectType* type : types) {
    const contract::Method* get = contract.Find(absl::StrCat("/", type->proto_service, "/Get", type->name));
    if (get != nullptr && !get->access.permission().empty()) types_[type->name] = {type, get->access.permission()};
  }
}

void LiveService::Register(rpc::DescribedService& service) {
  service.AddServerStream("FollowChanges", [this](rpc::Call&, const Message& request, rpc::AnyWriter& writer) {
    return feed_.Subscribe(static_cast<const office::v1::FollowChangesRequest&>(request), rpc::TakeOutlet(writer));
  });
}

absl::StatusOr<std::vector<feed::Told>> LiveService::Translate(mysql::Connection& connection,
                                                               const std::vector<journal::Sealed>& rows) const {
  std::map<std::string, std::vector<Id>> changed;
  for (const journal::Sealed& sealed : rows) {
    if (sealed.row.version > 0 && types_.contains(sealed.row.object_type)) {
      changed[sealed.row.object_type].push_back(sealed.row.object_id);
    }
  }
  std::map<Id, std::shared_ptr<const Message>> objects;
  for (auto& [name, ids] : changed) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    ASSIGN_OR_RETURN(auto found, backend_.store.LoadMany(connection, *types_.at(name).type, ids, Lock::kNone));
    for (auto& [id, stored] : found) objects[id] = std::move(stored.object);
  }
  std::vector<feed::Told> told;
  for (const journal::Sealed& sealed : rows) {
    const auto type = types_.find(sealed.row.object_type);
    const auto object = objects.find(sealed.row.object_id);
    if (sealed.row.version == 0 || type == types_.end() || object == objects.end()) continue;
    told.push_back(
        {sealed.position, ChangeOf(sealed.row), [readable = &type->second, object = object->second](const rpc::Call& call) {
           return readable->type
               ->PathReached(*object, [&](absl::string_view path) { return call.MayAct(readable->permission, path); })
               .has_value();
         }});
  }
  return told;
}

}  // namespace sifa::casework
