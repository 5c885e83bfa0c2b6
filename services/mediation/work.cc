#include "services/mediation/work.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/work.h"
#include "libs/core/status.h"

namespace sifa::mediation {
namespace {

casework::WorkKind KindOf(v1::ListWorkRequest::Kind kind) {
  switch (kind) {
    case v1::ListWorkRequest::DONE:
      return casework::WorkKind::kDone;
    case v1::ListWorkRequest::OVERDUE:
      return casework::WorkKind::kOverdue;
    default:
      return casework::WorkKind::kTodo;
  }
}

}  // namespace

absl::StatusOr<v1::ListWorkResponse> WorkService::List(rpc::Call& call, const v1::ListWorkRequest& r) {
  casework::WorkQuery query{
      .kind = KindOf(r.kind()), .mine = r.mine(), .limit = r.page_size(), .page_token = r.page_token()};
  ASSIGN_OR_RETURN(query.types, TypesOf(r));
  const std::string& permission = call.method().access.permission();
  ASSIGN_OR_RETURN(auto page, casework::ListWork(backend_, call, permission, query));
  v1::ListWorkResponse response;
  for (auto& item : page.items) *response.add_items() = std::move(item);
  response.set_next_page_token(page.next_page_token);
  if (!r.page_token().empty()) return response;
  ASSIGN_OR_RETURN(const auto counts, casework::CountWork(backend_, call, permission, query));
  for (const auto& count : counts) {
    auto* shown = response.add_counts();
    shown->set_object_type(count.type->name);
    shown->set_object_label(count.type->label);
    shown->set_green(count.green);
    shown->set_yellow(count.yellow);
    shown->set_red(count.red);
    shown->set_without_limit(count.without_limit);
  }
  return response;
}

absl::StatusOr<std::vector<const casework::ObjectType*>> WorkService::TypesOf(
    const v1::ListWorkRequest& r) const {
  if (r.types().empty()) return types_;
  std::vector<const casework::ObjectType*> chosen;
  for (int i = 0; i < r.types_size(); ++i) {
    const auto found = std::find_if(types_.begin(), types_.end(),
                                    [&](const auto* type) { return type->name == r.types(i); });
    if (found == types_.end())
      return InvalidField(absl::StrCat("types[", i, "]"), "OBJECT_TYPE_UNKNOWN", "没有这种业务对象");
    chosen.push_back(*found);
  }
  return chosen;
}

}  // namespace sifa::mediation
