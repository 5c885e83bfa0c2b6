#include "services/corrections/travel_permit.h"

#include <algorithm>

#include "libs/casework/place.h"
#include "services/corrections/area.h"
#include "services/corrections/permit.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm29 = Ccm("29");
constexpr int kMonths = 6;

const Guard<TravelPermit> kLeaves = {
    "R5", "NOT_LEAVING", "活动地点都在所居住的市、县以内，不需要申请", kCcm29, [](const TravelPermit& permit, const Facts&) {
      return std::any_of(permit.places().begin(), permit.places().end(),
                         [&](const std::string& place) { return AreaOf(place) != AreaOf(permit.region()); });
    }};
const Guard<TravelPermit> kOneApplication = {
    .rule = "R5",
    .reason = "PERMIT_PENDING",
    .text = "该对象的另一申请尚未决定",
    .law = kCcm29,
    .holds =
        [](const TravelPermit&, const Facts& facts) {
          const auto others = facts.All<TravelPermit>();
          return std::none_of(others.begin(), others.end(),
                              [](const TravelPermit* other) { return other->state() == TravelPermit::APPLIED; });
        },
    .of_others = true};

absl::StatusOr<TravelPermit> NewTravelPermit(const v1::ApplyForTravelPermitRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(TravelPermit permit, NewRecord<TravelPermit>(r.subject(), act));
  permit.set_purpose(r.purpose());
  permit.set_frequency(r.frequency());
  permit.set_route(r.route());
  for (const std::string& place : r.places()) {
    ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(act.regions(), place, act.occurred_on()));
    if (region.level() == RegionLevel::kProvince) return InvalidField("places", "REGION_TOO_WIDE", "活动地点应当写明市、县");
    permit.add_places(region.ToString());
  }
  return permit;
}

// Six months, from the decision or from the end of the permit that it follows; not beyond the term.
absl::Status Approve(TravelPermit& permit, const v1::ApproveTravelPermitRequest&, const Act& act) {
  permit.set_decided_on(act.occurred_on());
  absl::CivilDay after = act.day(), from = act.day();
  for (const TravelPermit* other : act.facts().All<TravelPermit>()) {
    if (other->state() != TravelPermit::APPROVED || PermitTo(*other) < after) continue;
    after = PermitTo(*other);
    from = after + 1;
  }
  permit.set_from(FormatDay(from));
  permit.set_to(FormatDay(std::min(MonthsAfter(act, after, kMonths), DayIn(act.facts().One<Subject>()->decision().term_to()))));
  return absl::OkStatus();
}

constexpr procedure::States kOpen = {TravelPermit::APPLIED, TravelPermit::APPROVED};

const Row<TravelPermit> kRows[] = {
    {.act = TravelPermit::APPLY,
     .from = {TravelPermit::STATE_UNSPECIFIED},
     .to = TravelPermit::APPLIED,
     .create = Create<NewTravelPermit>,
     .checks = {&kInCorrection<TravelPermit>, &kLeaves, &kOneApplication},
     .papers = {TravelPermit::APPLICATION},
     .law = kCcm29},
    {.act = TravelPermit::APPROVE,
     .from = {TravelPermit::APPLIED},
     .to = TravelPermit::APPROVED,
     .level = Level::kCounty,
     .apply = Apply<Approve>,
     .checks = {&kInCorrection<TravelPermit>, &kPermitInOrder<TravelPermit>},
     .starts =
         {{.clock = TravelPermit::UNTIL, .article = "29", .from = PermitFrom<TravelPermit>, .until = PermitTo<TravelPermit>}},
     .papers = {TravelPermit::APPROVAL},
     .law = kCcm29},
    {.act = TravelPermit::REFUSE,
     .from = {TravelPermit::APPLIED},
     .to = TravelPermit::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<RefusePermit<TravelPermit, v1::RefuseTravelPermitRequest>>,
     .papers = {TravelPermit::REFUSAL},
     .law = kCcm29},
    {.act = TravelPermit::REVOKE,
     .from = {TravelPermit::APPROVED},
     .to = TravelPermit::REVOKED,
     .level = Level::kCounty,
     .apply = Apply<RevokePermit<TravelPermit, v1::RevokeTravelPermitRequest>>,
     .stops = {TravelPermit::UNTIL},
     .law = kCcm29},
    {.act = TravelPermit::EXPIRE,
     .from = {TravelPermit::APPROVED},
     .to = TravelPermit::EXPIRED,
     .aside = true,
     .level = Level::kSystem,
     .stops = {TravelPermit::UNTIL},
     .law = kCcm29},
    {.act = TravelPermit::LAPSE,
     .from = kOpen,
     .to = TravelPermit::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {TravelPermit::UNTIL},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = TravelPermit::UNTIL, .warn_days = 3, .then = TravelPermit::EXPIRE}};

casework::Index IndexOf(const TravelPermit& permit) { return IndexOfRecord(permit, permit.from()); }

std::optional<casework::Numbering> NumberingOf(const TravelPermit& permit, absl::CivilDay act_day) {
  return CountyNumbering(permit, act_day, "矫跨");
}

}  // namespace

const procedure::Procedure<TravelPermit> kTravelPermitProcedure = {
    .name = "经常性跨市县活动",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {TravelPermit::REFUSED, TravelPermit::REVOKED, TravelPermit::EXPIRED, TravelPermit::LAPSED, TravelPermit::VOIDED},
    .states = TravelPermit::State_descriptor,
    .acts = TravelPermit::Act_descriptor,
    .clock_kinds = TravelPermit::Limit_descriptor,
    .papers = TravelPermit::Document_descriptor,
};

const casework::Definition<TravelPermit> kTravelPermit = {
    .procedure = &kTravelPermitProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListTravelPermitsRequest>>,
    .has_files = true,
    .amendments = &kTravelPermitAmendments,
    .references = {OfSubject(TravelPermit::LAPSE)},
    .looks_at = {"TravelPermit"},
    .further = ForPerson<TravelPermit, TravelPermit::APPLY>,
    .sealed = OfMinor<TravelPermit>,
};

}  // namespace sifa::corrections
