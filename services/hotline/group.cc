#include "services/hotline/group.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/hotline/centre.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

absl::StatusOr<Group> NewGroup(const v1::OpenGroupRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Centre centre, act.Load<Centre>(r.centre(), casework::Lock::kShared));
  RETURN_IF_ERROR(RequireActive(centre));
  Group group = OfCentre<Group>(centre);
  group.set_code(r.code());
  group.set_name(r.name());
  group.set_fallback(r.fallback());
  group.set_opened_on(act.occurred_on());
  return group;
}

absl::Status Amend(Group& group, const v1::AmendGroupRequest& r) {
  group.set_name(r.name());
  return absl::OkStatus();
}

absl::Status Close(Group& group, const v1::CloseGroupRequest&, const Act& act) {
  group.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Group> kRows[] = {
    {.act = Group::OPEN, .from = {Group::STATE_UNSPECIFIED}, .to = Group::ACTIVE, .create = Create<NewGroup>, .law = kPlatform},
    {.act = Group::AMEND, .from = {Group::ACTIVE}, .apply = Apply<Amend>, .law = kPlatform},
    {.act = Group::CLOSE, .from = {Group::ACTIVE}, .to = Group::CLOSED, .apply = Apply<Close>, .law = kPlatform},
};

casework::Index IndexOf(const Group& group) {
  casework::Index index{.day = group.opened_on(), .terms = {{"centre", group.centre()}}};
  if (group.state() != Group::ACTIVE) return index;
  index.unique.push_back({"code", absl::StrCat(group.centre(), "/", group.code()),
                          InvalidField("code", "GROUP_CODE_IN_USE", "该组代码已由本中心的另一个坐席组使用")});
  if (group.fallback()) {
    index.unique.push_back({"fallback", group.centre(), InvalidField("fallback", "FALLBACK_EXISTS", "该中心已有综合组")});
  }
  return index;
}

absl::Status Narrow(const v1::ListGroupsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Group> kGroupProcedure = {
    .name = "坐席组",
    .rows = kRows,
    .terminal = {Group::CLOSED, Group::VOIDED},
    .states = Group::State_descriptor,
    .acts = Group::Act_descriptor,
    .clock_kinds = Group::Limit_descriptor,
    .papers = Group::Document_descriptor,
};

const casework::Amendments<Group> kGroupAmendments = {
    .amendable = {{"name"}, {"opened_on", true, Group::OPEN}, {"closed_on", true, Group::CLOSE}}};

const casework::Definition<Group> kGroup = {
    .procedure = &kGroupProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kGroupAmendments,
    .references = {{"centre", "Centre", "CENTRE_HAS_GROUPS", "该中心设有坐席组，不能作废"}},
};

}  // namespace sifa::hotline
