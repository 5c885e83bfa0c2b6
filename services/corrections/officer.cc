#include "services/corrections/officer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/casework/place.h"
#include "services/corrections/record.h"
#include "services/corrections/staffing.h"

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

constexpr procedure::Law kCcl10 = Ccl("10");

bool HasLastDay(const Officer& officer) { return !officer.to().empty(); }
absl::CivilDay LastDay(const Officer& officer) { return DayIn(officer.to()); }

const Guard<Officer> kPeriodInOrder = {"任职", "OFFICER_PERIOD_REVERSED", "任职结束日期不能早于任职日期", kCcl10,
                                       [](const Officer& o, const Facts&) { return o.to().empty() || o.from() <= o.to(); }};
const Guard<Officer> kCertified = {
    "任职", "CERTIFICATE_MISSING", "执法岗位人员应当持有执法证", kCcl10,
    [](const Officer& o, const Facts&) { return o.post() != Officer::EMPOWERED || !o.certificate().empty(); }};
const Guard<Officer> kNotBeforeItBegan = {
    "离岗", "ENDED_BEFORE_APPOINTED", "离岗日期不能早于任职日期", kCcl10,
    [](const Officer& o, const Facts& facts) { return FormatDay(facts.act_day) >= o.from(); }};

absl::StatusOr<Officer> NewOfficer(const v1::AppointOfficerRequest& r, const Asking& asking) {
  Officer officer;
  officer.set_organisation(r.office());
  ASSIGN_OR_RETURN(*officer.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  officer.set_region(region.ToString());
  officer.set_name(r.name());
  officer.set_id_number(r.id_number());
  officer.set_post(r.post());
  officer.set_certificate(r.certificate());
  officer.set_from(r.from());
  officer.set_to(r.to());
  return officer;
}

absl::Status Appoint(Officer& officer, const v1::AppointOfficerRequest&, const Act& act) {
  return RequireNoOverlap(act.neighbours(), officer);
}

absl::Status End(Officer& officer, const v1::EndOfficerRequest& r, const Act& act) {
  officer.set_ended_on(act.occurred_on());
  officer.set_end_reason(r.reason());
  return absl::OkStatus();
}

const Row<Officer> kRows[] = {
    {.act = Officer::APPOINT,
     .from = {Officer::STATE_UNSPECIFIED},
     .to = Officer::SERVING,
     .level = Level::kCounty,
     .create = Create<NewOfficer>,
     .apply = Apply<Appoint>,
     .checks = {&kPeriodInOrder, &kCertified},
     .starts = {{.clock = Officer::UNTIL, .article = "10", .when = HasLastDay, .until = LastDay}},
     .law = kCcl10},
    // Aside: his last day is mostly one before he was entered here.
    {.act = Officer::END,
     .from = {Officer::SERVING},
     .to = Officer::ENDED,
     .aside = true,
     .level = Level::kCounty,
     .guards = {&kNotBeforeItBegan},
     .apply = Apply<End>,
     .stops = {Officer::UNTIL},
     .law = kCcl10},
    {.act = Officer::EXPIRE,
     .from = {Officer::SERVING},
     .to = Officer::EXPIRED,
     .aside = true,
     .level = Level::kSystem,
     .stops = {Officer::UNTIL},
     .law = kCcl10},
};

const procedure::ClockKind kClocks[] = {{.clock = Officer::UNTIL, .warn_days = 30, .then = Officer::EXPIRE}};

casework::Index IndexOf(const Officer& officer) {
  casework::Index index{.day = officer.from(),
                        .terms = {{"post", Officer::Post_Name(officer.post())}},
                        .blind = {{"id_number", officer.id_number()}},
                        .names = {officer.name()}};
  if (officer.state() == Officer::SERVING && !officer.certificate().empty()) {
    index.unique.push_back({"certificate", absl::StrCat(officer.organisation(), "/", officer.certificate()),
                            InvalidField("certificate", "CERTIFICATE_IN_USE", "该单位已有在岗人员使用该执法证号")});
  }
  return index;
}

std::optional<casework::Numbering> NumberingOf(const Officer& officer, absl::CivilDay act_day) {
  return CountyNumbering(officer, act_day, "矫员");
}

absl::Status Narrow(const v1::ListOfficersRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (r.post() != Officer::POST_UNSPECIFIED) query->terms.push_back({"post", Officer::Post_Name(r.post())});
  query->name = r.name();
  return absl::OkStatus();
}

// Whether one has begun when the other has not yet ended.
bool BeginsIn(const Officer& one, const Officer& other) {
  return one.from() >= other.from() && (other.to().empty() || one.from() <= other.to()) &&
         (other.ended_on().empty() || one.from() < other.ended_on());
}

}  // namespace

bool ServesOn(const Officer& officer, const std::string& day) {
  return officer.state() != Officer::VOIDED && officer.from() <= day && (officer.to().empty() || day <= officer.to()) &&
         (officer.ended_on().empty() || day < officer.ended_on());
}

bool Overlap(const Officer& one, const Officer& other) {
  if (one.state() == Officer::VOIDED || other.state() == Officer::VOIDED) return false;
  return BeginsIn(one, other) || BeginsIn(other, one);
}

absl::Status RequireNoOverlap(casework::Neighbours& neighbours, const Officer& officer) {
  casework::ListQuery query;
  query.scopes = {absl::StrCat("=", officer.organisation_path())};
  query.blind = {{"id_number", officer.id_number()}};
  query.limit = 200;
  ASSIGN_OR_RETURN(const auto posts,
                   neighbours.backend().store.List(neighbours.connection(), neighbours.TypeOf<Officer>(), query));
  const bool overlaps = std::any_of(posts.begin(), posts.end(), [&](const casework::Stored& stored) {
    const auto& other = static_cast<const Officer&>(*stored.object);
    return other.id() != officer.id() && Overlap(officer, other);
  });
  if (!overlaps) return absl::OkStatus();
  return InvalidField("from", "OFFICER_OVERLAPS", "该人员在该单位已有任职，任职期间不能重叠");
}

const procedure::Procedure<Officer> kOfficerProcedure = {
    .name = "执法人员",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Officer::ENDED, Officer::EXPIRED, Officer::VOIDED},
    .states = Officer::State_descriptor,
    .acts = Officer::Act_descriptor,
    .clock_kinds = Officer::Limit_descriptor,
    .papers = Officer::Document_descriptor,
};

const casework::Definition<Officer> kOfficer = {
    .procedure = &kOfficerProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kOfficerAmendments,
    .handlers = ServeStaffing,
};

}  // namespace sifa::corrections
