#include "services/corrections/delegation.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl9 = Ccl("9");

absl::CivilDay LastDay(const Delegation& delegation) { return DayIn(delegation.to()); }

const Guard<Delegation> kPeriodInOrder = {"委托", "DELEGATION_REVERSED", "委托的结束日期不能早于开始日期", kCcl9,
                                          [](const Delegation& d, const Facts&) { return d.from() <= d.to(); }};
const Guard<Delegation> kNotBackdated = {
    "委托", "DELEGATION_BACKDATED", "委托不能从作出委托之前的日期开始", kCcl9,
    [](const Delegation& d, const Facts& facts) { return d.from() >= FormatDay(facts.act_day); }};

absl::StatusOr<Delegation> NewDelegation(const v1::DelegateMatterRequest& r, const Asking& asking) {
  Delegation delegation;
  delegation.set_organisation(r.office());
  ASSIGN_OR_RETURN(*delegation.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  delegation.set_region(region.ToString());
  delegation.set_matter(r.matter());
  delegation.set_from(r.from());
  delegation.set_to(r.to());
  return delegation;
}

absl::Status End(Delegation& delegation, const v1::EndDelegationRequest& r, const Act& act) {
  delegation.set_ended_on(act.occurred_on());
  delegation.set_end_reason(r.reason());
  return absl::OkStatus();
}

const Row<Delegation> kRows[] = {
    {.act = Delegation::DELEGATE,
     .from = {Delegation::STATE_UNSPECIFIED},
     .to = Delegation::RUNNING,
     .level = Level::kCounty,
     .create = Create<NewDelegation>,
     .checks = {&kPeriodInOrder, &kNotBackdated},
     .starts = {{.clock = Delegation::UNTIL, .article = "9", .until = LastDay}},
     .papers = {Delegation::LETTER},
     .law = kCcl9},
    {.act = Delegation::END,
     .from = {Delegation::RUNNING},
     .to = Delegation::ENDED,
     .level = Level::kCounty,
     .apply = Apply<End>,
     .stops = {Delegation::UNTIL},
     .law = kCcl9},
    {.act = Delegation::EXPIRE,
     .from = {Delegation::RUNNING},
     .to = Delegation::EXPIRED,
     .level = Level::kSystem,
     .stops = {Delegation::UNTIL},
     .law = kCcl9},
};

const procedure::ClockKind kClocks[] = {{.clock = Delegation::UNTIL, .warn_days = 15, .then = Delegation::EXPIRE}};

std::string NameOf(Delegation::Matter matter) { return Delegation::Matter_Name(matter); }

casework::Index IndexOf(const Delegation& delegation) {
  casework::Index index{.day = delegation.from(), .terms = {{"matter", NameOf(delegation.matter())}}};
  if (delegation.state() == Delegation::RUNNING) {
    index.unique.push_back({"running", absl::StrCat(delegation.organisation(), "/", NameOf(delegation.matter())),
                            InvalidField("matter", "DELEGATION_RUNNING", "该事项已委托该司法所，委托尚未结束")});
  }
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Delegation& delegation, absl::CivilDay act_day) {
  return CountyNumbering(delegation, act_day, "矫委");
}

absl::Status Narrow(const v1::ListDelegationsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (r.matter() != Delegation::MATTER_UNSPECIFIED) query->terms.push_back({"matter", NameOf(r.matter())});
  return absl::OkStatus();
}

}  // namespace

bool RunsOn(const Delegation& d, const std::string& day) {
  return d.state() != Delegation::VOIDED && d.from() <= day && day <= d.to() && (d.ended_on().empty() || day < d.ended_on());
}

absl::StatusOr<std::string> DelegationTo(const std::string& office, Delegation::Matter matter, const Act& act) {
  casework::ListQuery query;
  query.scopes = {"/"};
  query.organisation = office;
  query.terms = {{"matter", NameOf(matter)}};
  query.day_to = act.occurred_on();
  ASSIGN_OR_RETURN(const auto stored, act.backend().store.List(act.connection(), act.neighbours().TypeOf<Delegation>(), query));
  for (const auto& one : stored) {
    const auto& delegation = static_cast<const Delegation&>(*one.object);
    if (delegation.organisation() == office && RunsOn(delegation, act.occurred_on())) return delegation.id();
  }
  return "";
}

const procedure::Procedure<Delegation> kDelegationProcedure = {
    .name = "委托",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Delegation::ENDED, Delegation::EXPIRED, Delegation::VOIDED},
    .states = Delegation::State_descriptor,
    .acts = Delegation::Act_descriptor,
    .clock_kinds = Delegation::Limit_descriptor,
    .papers = Delegation::Document_descriptor,
};

const casework::Definition<Delegation> kDelegation = {
    .procedure = &kDelegationProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
};

}  // namespace sifa::corrections
