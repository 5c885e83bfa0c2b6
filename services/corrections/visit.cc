#include "services/corrections/visit.h"

#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

constexpr procedure::Law kCcl26 = Ccl("26");

absl::StatusOr<Visit> NewVisit(const v1::PlanVisitRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Visit visit, NewRecord<Visit>(r.subject(), act));
  visit.set_kind(r.kind());
  visit.set_place(r.place());
  visit.set_planned_on(r.planned_on());
  return visit;
}

absl::Status Attend(Visit& visit, const v1::AttendVisitRequest& r, const Act& act) {
  *visit.mutable_visitors() = r.visitors();
  visit.set_met(r.met());
  visit.set_findings(r.findings());
  visit.set_attended_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Close(Visit& visit, const v1::CloseVisitRequest& r) {
  visit.set_close_note(r.note());
  return absl::OkStatus();
}

const Row<Visit> kRows[] = {
    {.act = Visit::PLAN,
     .from = {Visit::STATE_UNSPECIFIED},
     .to = Visit::PLANNED,
     .create = Create<NewVisit>,
     .checks = {&kInCorrection<Visit>},
     .law = kCcl26},
    {.act = Visit::ATTEND,
     .from = {Visit::PLANNED},
     .to = Visit::ATTENDED,
     .apply = Apply<Attend>,
     .papers = {Visit::RECORD},
     .law = kCcl26},
    {.act = Visit::CLOSE,
     .from = {Visit::PLANNED, Visit::ATTENDED},
     .to = Visit::CLOSED,
     .apply = Apply<Close>,
     .law = kCcl26},
    {.act = Visit::LAPSE,
     .from = {Visit::PLANNED, Visit::ATTENDED},
     .to = Visit::CLOSED,
     .indirect = true,
     .aside = true,
     .law = Ccl("45")},
};

casework::Index IndexOf(const Visit& visit) { return IndexOfRecord(visit, visit.planned_on()); }

}  // namespace

const procedure::Procedure<Visit> kVisitProcedure = {
    .name = "走访",
    .rows = kRows,
    .clocks = {},
    .terminal = {Visit::CLOSED, Visit::VOIDED},
    .states = Visit::State_descriptor,
    .acts = Visit::Act_descriptor,
    .clock_kinds = Visit::Limit_descriptor,
    .papers = Visit::Document_descriptor,
};

const casework::Definition<Visit> kVisit = {
    .procedure = &kVisitProcedure,
    .index = IndexOf,
    .list = casework::ListOf<NarrowRecords<v1::ListVisitsRequest>>,
    .has_files = true,
    .references = {OfSubject(Visit::LAPSE)},
    .sealed = OfMinor<Visit>,
};

}  // namespace sifa::corrections
