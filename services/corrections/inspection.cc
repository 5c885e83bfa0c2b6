#include "services/corrections/inspection.h"

#include "absl/strings/match.h"
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
using procedure::Row;

constexpr procedure::Law kCcl8 = Ccl("8");

bool NothingFound(const Inspection& i) { return i.findings().empty(); }
bool IsToBeAnswered(const Inspection& i) { return !NothingFound(i); }

const Guard<Inspection> kFromAbove = {
    "督察", "INSPECTOR_NOT_ABOVE", "远程督察由上级单位对下级单位进行", kCcl8, [](const Inspection& i, const Facts&) {
      return i.inspector_path() != i.organisation_path() && absl::StartsWith(i.organisation_path(), i.inspector_path());
    }};

absl::StatusOr<Inspection> NewInspection(const v1::RecordInspectionRequest& r, const Asking& asking) {
  Inspection i;
  i.set_organisation(r.office());
  ASSIGN_OR_RETURN(*i.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  i.set_region(region.ToString());
  i.set_inspector(r.inspector());
  const auto inspector = casework::OfficePath(asking.backend(), r.inspector());
  if (!inspector.ok() || !asking.actor().Reaches(*inspector)) {
    return InvalidField("inspector", "INSPECTOR_UNKNOWN", "督察单位不存在，或者您不能以该单位的名义督察");
  }
  i.set_inspector_path(*inspector);
  *i.mutable_topics() = r.topics();
  i.set_viewed(r.viewed());
  *i.mutable_findings() = r.findings();
  i.set_inspected_on(asking.occurred_on());
  if (NothingFound(i)) i.set_closed_on(asking.occurred_on());
  return i;
}

absl::Status Reply(Inspection& i, const v1::ReplyToInspectionRequest& r, const Act& act) {
  i.set_measures(r.measures());
  i.set_replied_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Return(Inspection& i, const v1::ReturnInspectionRequest& r) {
  i.set_returns(i.returns() + 1);
  i.set_return_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Close(Inspection& i, const v1::CloseInspectionRequest& r, const Act& act) {
  i.set_conclusion(r.conclusion());
  i.set_closed_on(act.occurred_on());
  return absl::OkStatus();
}

// No statute says how long an office has: local rules do.
constexpr procedure::Start<Inspection> kReplyBy = {.clock = Inspection::REPLY_BY,
                                                   .period = calendar::WorkingDays("CCL", 5),
                                                   .when = IsToBeAnswered,
                                                   .parameter = "corrections.inspection_reply_days"};

const Row<Inspection> kRows[] = {
    {.act = Inspection::INSPECT,
     .from = {Inspection::STATE_UNSPECIFIED},
     .to = Inspection::OPEN,
     .fork = {Inspection::CLOSED, NothingFound},
     .create = Create<NewInspection>,
     .checks = {&kFromAbove},
     .starts = {kReplyBy},
     .papers = {Inspection::RECORD},
     .law = kCcl8},
    {.act = Inspection::REPLY,
     .from = {Inspection::OPEN},
     .to = Inspection::REPLIED,
     .apply = Apply<Reply>,
     .stops = {Inspection::REPLY_BY},
     .papers = {Inspection::REPLY_LETTER},
     .law = kCcl8},
    {.act = Inspection::RETURN,
     .from = {Inspection::REPLIED},
     .to = Inspection::OPEN,
     .apply = Apply<Return>,
     .starts = {kReplyBy},
     .law = kCcl8},
    {.act = Inspection::CLOSE, .from = {Inspection::REPLIED}, .to = Inspection::CLOSED, .apply = Apply<Close>, .law = kCcl8},
};

const procedure::ClockKind kClocks[] = {{.clock = Inspection::REPLY_BY, .warn_days = 2}};

casework::Index IndexOf(const Inspection& i) { return {.day = i.inspected_on(), .terms = {{"inspector", i.inspector()}}}; }

std::optional<casework::Numbering> NumberingOf(const Inspection& i, absl::CivilDay act_day) {
  return CountyNumbering(i, act_day, "矫督");
}

// A city's inspection is not closed by the county.
std::vector<casework::Further> FurtherOf(const Inspection& i) {
  return {{i.inspector_path(), {Inspection::RETURN, Inspection::CLOSE}}};
}

}  // namespace

const procedure::Procedure<Inspection> kInspectionProcedure = {
    .name = "远程督察",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Inspection::CLOSED, Inspection::VOIDED},
    .states = Inspection::State_descriptor,
    .acts = Inspection::Act_descriptor,
    .clock_kinds = Inspection::Limit_descriptor,
    .papers = Inspection::Document_descriptor,
};

const casework::Definition<Inspection> kInspection = {
    .procedure = &kInspectionProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::PlainListOf<v1::ListInspectionsRequest>,
    .has_files = true,
    .amendments = &kInspectionAmendments,
    .further = FurtherOf,
};

}  // namespace sifa::corrections
