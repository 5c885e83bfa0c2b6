#include "services/corrections/people.h"

#include "libs/casework/references.h"
#include "libs/core/id.h"
#include "libs/core/organisation_path.h"
#include "libs/core/status.h"

namespace sifa::corrections {
namespace {

absl::StatusOr<std::set<Id>> DetainedOf(const std::vector<Id>& ids, const casework::Act& act) {
  std::set<Id> detained;
  for (const casework::Flag& flag : kSubject.flags) {
    if (flag.value != Subject::DETAINED || ids.empty()) continue;
    const casework::ObjectType& type = act.backend().objects->Require(flag.type);
    ASSIGN_OR_RETURN(const auto found, casework::HeadsOf(act.connection(), type, "Subject", flag.states, ids));
    detained.insert(found.begin(), found.end());
  }
  return detained;
}

}  // namespace

absl::StatusOr<Portion> PeopleAt(const Place& place, const std::string& after, int looked_at, const casework::Act& act) {
  casework::ListQuery query;
  query.scopes = {place.path, Seal(place.path)};
  query.states = {Subject::REGISTERED, Subject::ACTIVE};
  if (!place.management_class.empty()) query.terms = {{"class", place.management_class}};
  if (!after.empty()) {
    ASSIGN_OR_RETURN(query.before, ParseId(after));
  }
  query.limit = looked_at;
  ASSIGN_OR_RETURN(const auto found, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Subject>(), query));
  std::vector<Id> ids;
  for (const auto& one : found) ids.push_back(one.id);
  ASSIGN_OR_RETURN(const auto detained, DetainedOf(ids, act));
  Portion portion;
  for (const auto& one : found) {
    if (!detained.contains(one.id)) portion.people.push_back(static_cast<const Subject&>(*one.object));
  }
  if (static_cast<int>(found.size()) == looked_at) portion.next = found.back().id.ToString();
  return portion;
}

}  // namespace sifa::corrections
