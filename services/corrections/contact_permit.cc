#include "services/corrections/contact_permit.h"

#include "services/corrections/permit.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm25 = Ccm("25");

absl::StatusOr<ContactPermit> NewContactPermit(const v1::ApplyForContactPermitRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(ContactPermit permit, NewRecord<ContactPermit>(r.subject(), act));
  permit.set_kind(r.kind());
  permit.set_contact_name(r.contact_name());
  permit.set_purpose(r.purpose());
  permit.set_from(r.from());
  permit.set_to(r.to());
  return permit;
}

constexpr procedure::States kOpen = {ContactPermit::APPLIED, ContactPermit::APPROVED};

const Row<ContactPermit> kRows[] = {
    {.act = ContactPermit::APPLY,
     .from = {ContactPermit::STATE_UNSPECIFIED},
     .to = ContactPermit::APPLIED,
     .create = Create<NewContactPermit>,
     .checks = {&kInCorrection<ContactPermit>, &kPermitInOrder<ContactPermit>, &kPermitBeforehand<ContactPermit>,
                &kPermitWithinTerm<ContactPermit>},
     .papers = {ContactPermit::APPLICATION},
     .law = kCcm25},
    {.act = ContactPermit::APPROVE,
     .from = {ContactPermit::APPLIED},
     .to = ContactPermit::APPROVED,
     .level = Level::kCounty,
     .guards = {&kPermitBeforehand<ContactPermit>, &kPermitWithinTerm<ContactPermit>},
     .apply = Apply<ApprovePermit<ContactPermit, v1::ApproveContactPermitRequest>>,
     .starts =
         {{.clock = ContactPermit::UNTIL, .article = "25", .from = PermitFrom<ContactPermit>, .until = PermitTo<ContactPermit>}},
     .papers = {ContactPermit::APPROVAL},
     .law = kCcm25},
    {.act = ContactPermit::REFUSE,
     .from = {ContactPermit::APPLIED},
     .to = ContactPermit::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<RefusePermit<ContactPermit, v1::RefuseContactPermitRequest>>,
     .papers = {ContactPermit::REFUSAL},
     .law = kCcm25},
    {.act = ContactPermit::REVOKE,
     .from = {ContactPermit::APPROVED},
     .to = ContactPermit::REVOKED,
     .level = Level::kCounty,
     .apply = Apply<RevokePermit<ContactPermit, v1::RevokeContactPermitRequest>>,
     .stops = {ContactPermit::UNTIL},
     .law = kCcm25},
    {.act = ContactPermit::EXPIRE,
     .from = {ContactPermit::APPROVED},
     .to = ContactPermit::EXPIRED,
     .aside = true,
     .level = Level::kSystem,
     .stops = {ContactPermit::UNTIL},
     .law = kCcm25},
    {.act = ContactPermit::LAPSE,
     .from = kOpen,
     .to = ContactPermit::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {ContactPermit::UNTIL},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = ContactPermit::UNTIL, .warn_days = 3, .then = ContactPermit::EXPIRE}};

casework::Index IndexOf(const ContactPermit& permit) { return IndexOfRecord(permit, permit.from()); }

std::optional<casework::Numbering> NumberingOf(const ContactPermit& permit, absl::CivilDay act_day) {
  return CountyNumbering(permit, act_day, "矫会");
}

}  // namespace

const procedure::Procedure<ContactPermit> kContactPermitProcedure = {
    .name = "会客、接触",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {ContactPermit::REFUSED, ContactPermit::REVOKED, ContactPermit::EXPIRED, ContactPermit::LAPSED,
                 ContactPermit::VOIDED},
    .states = ContactPermit::State_descriptor,
    .acts = ContactPermit::Act_descriptor,
    .clock_kinds = ContactPermit::Limit_descriptor,
    .papers = ContactPermit::Document_descriptor,
};

const casework::Definition<ContactPermit> kContactPermit = {
    .procedure = &kContactPermitProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListContactPermitsRequest>>,
    .has_files = true,
    .amendments = &kContactPermitAmendments,
    .references = {OfSubject(ContactPermit::LAPSE)},
    .further = ForPerson<ContactPermit, ContactPermit::APPLY>,
    .sealed = OfMinor<ContactPermit>,
};

}  // namespace sifa::corrections
