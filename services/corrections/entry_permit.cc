#include "services/corrections/entry_permit.h"

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

constexpr procedure::Law kCcm39 = Ccm("39");

// A ban goes with public surveillance or probation (刑法 §38, §72), so of a parolee there is none, whatever his record says.
const Guard<EntryPermit> kBanned = {.rule = "禁止令",
                                    .reason = "BAN_MISSING",
                                    .text = "该对象没有被适用禁止令，不需要也不能申请进入特定区域、场所",
                                    .law = kCcm39,
                                    .holds =
                                        [](const EntryPermit&, const Facts& facts) {
                                          const auto* s = facts.One<Subject>();
                                          return s != nullptr && s->decision().ban() && s->decision().category() != kParole;
                                        },
                                    .of_others = true};

absl::StatusOr<EntryPermit> NewEntryPermit(const v1::ApplyForEntryPermitRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(EntryPermit permit, NewRecord<EntryPermit>(r.subject(), act));
  permit.set_area(r.area());
  permit.set_purpose(r.purpose());
  permit.set_from(r.from());
  permit.set_to(r.to());
  return permit;
}

constexpr procedure::States kOpen = {EntryPermit::APPLIED, EntryPermit::APPROVED};

const Row<EntryPermit> kRows[] = {
    {.act = EntryPermit::APPLY,
     .from = {EntryPermit::STATE_UNSPECIFIED},
     .to = EntryPermit::APPLIED,
     .create = Create<NewEntryPermit>,
     .checks = {&kInCorrection<EntryPermit>, &kBanned, &kPermitInOrder<EntryPermit>, &kPermitBeforehand<EntryPermit>,
                &kPermitWithinTerm<EntryPermit>},
     .papers = {EntryPermit::APPLICATION},
     .law = kCcm39},
    {.act = EntryPermit::APPROVE,
     .from = {EntryPermit::APPLIED},
     .to = EntryPermit::APPROVED,
     .level = Level::kCounty,
     .guards = {&kBanned, &kPermitBeforehand<EntryPermit>, &kPermitWithinTerm<EntryPermit>},
     .apply = Apply<ApprovePermit<EntryPermit, v1::ApproveEntryPermitRequest>>,
     .starts = {{.clock = EntryPermit::UNTIL, .article = "39", .from = PermitFrom<EntryPermit>, .until = PermitTo<EntryPermit>}},
     .papers = {EntryPermit::APPROVAL, EntryPermit::COURT_NOTICE, EntryPermit::PROCURATORATE_NOTICE},
     .law = kCcm39},
    {.act = EntryPermit::REFUSE,
     .from = {EntryPermit::APPLIED},
     .to = EntryPermit::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<RefusePermit<EntryPermit, v1::RefuseEntryPermitRequest>>,
     .papers = {EntryPermit::REFUSAL},
     .law = kCcm39},
    {.act = EntryPermit::REVOKE,
     .from = {EntryPermit::APPROVED},
     .to = EntryPermit::REVOKED,
     .level = Level::kCounty,
     .apply = Apply<RevokePermit<EntryPermit, v1::RevokeEntryPermitRequest>>,
     .stops = {EntryPermit::UNTIL},
     .law = kCcm39},
    {.act = EntryPermit::EXPIRE,
     .from = {EntryPermit::APPROVED},
     .to = EntryPermit::EXPIRED,
     .aside = true,
     .level = Level::kSystem,
     .stops = {EntryPermit::UNTIL},
     .law = kCcm39},
    {.act = EntryPermit::LAPSE,
     .from = kOpen,
     .to = EntryPermit::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {EntryPermit::UNTIL},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = EntryPermit::UNTIL, .warn_days = 3, .then = EntryPermit::EXPIRE}};

casework::Index IndexOf(const EntryPermit& permit) { return IndexOfRecord(permit, permit.from()); }

std::optional<casework::Numbering> NumberingOf(const EntryPermit& permit, absl::CivilDay act_day) {
  return CountyNumbering(permit, act_day, "矫入");
}

}  // namespace

const procedure::Procedure<EntryPermit> kEntryPermitProcedure = {
    .name = "进入特定区域",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {EntryPermit::REFUSED, EntryPermit::REVOKED, EntryPermit::EXPIRED, EntryPermit::LAPSED, EntryPermit::VOIDED},
    .states = EntryPermit::State_descriptor,
    .acts = EntryPermit::Act_descriptor,
    .clock_kinds = EntryPermit::Limit_descriptor,
    .papers = EntryPermit::Document_descriptor,
};

const casework::Definition<EntryPermit> kEntryPermit = {
    .procedure = &kEntryPermitProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListEntryPermitsRequest>>,
    .has_files = true,
    .amendments = &kEntryPermitAmendments,
    .references = {OfSubject(EntryPermit::LAPSE)},
    .further = ForPerson<EntryPermit, EntryPermit::APPLY>,
    .sealed = OfMinor<EntryPermit>,
};

}  // namespace sifa::corrections
