#include "services/hotline/switch.h"

#include "libs/core/status.h"
#include "services/hotline/centre.h"
#include "services/hotline/exchanges.h"
#include "services/hotline/laws.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

absl::StatusOr<Switch> NewSwitch(const v1::RegisterSwitchRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Centre centre, act.Load<Centre>(r.centre(), casework::Lock::kShared));
  RETURN_IF_ERROR(RequireActive(centre));
  Switch made = OfCentre<Switch>(centre);
  made.set_name(r.name());
  made.set_account(r.account());
  made.set_registered_on(act.occurred_on());
  return made;
}

absl::Status Close(Switch& object, const v1::CloseSwitchRequest&, const Act& act) {
  object.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Switch> kRows[] = {
    {.act = Switch::REGISTER,
     .from = {Switch::STATE_UNSPECIFIED},
     .to = Switch::ACTIVE,
     .create = Create<NewSwitch>,
     .law = kPlatform},
    {.act = Switch::CLOSE, .from = {Switch::ACTIVE}, .to = Switch::CLOSED, .apply = Apply<Close>, .law = kPlatform},
};

casework::Index IndexOf(const Switch& object) {
  casework::Index index{.day = object.registered_on(), .terms = {{"centre", object.centre()}, {"account", object.account()}}};
  if (object.state() == Switch::ACTIVE) {
    index.unique.push_back(
        {"account", object.account(), InvalidField("account", "ACCOUNT_OF_SWITCH", "该账号已属于另一台交换机")});
  }
  return index;
}

absl::Status Narrow(const v1::ListSwitchesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  return absl::OkStatus();
}

}  // namespace

const procedure::Procedure<Switch> kSwitchProcedure = {
    .name = "交换机",
    .rows = kRows,
    .terminal = {Switch::CLOSED, Switch::VOIDED},
    .states = Switch::State_descriptor,
    .acts = Switch::Act_descriptor,
    .clock_kinds = Switch::Limit_descriptor,
    .papers = Switch::Document_descriptor,
};

const casework::Definition<Switch> kSwitch = {
    .procedure = &kSwitchProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .references = {{"centre", "Centre", "CENTRE_HAS_SWITCHES", "该中心登记有交换机，不能作废"}},
    .handlers = ServeSwitches,
};

}  // namespace sifa::hotline
