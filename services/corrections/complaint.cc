#include "services/corrections/complaint.h"

#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcl34 = Ccl("34");

absl::StatusOr<Complaint> NewComplaint(const v1::FileComplaintRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(auto complaint, NewRecord<Complaint>(r.subject(), act));
  complaint.set_kind(r.kind());
  complaint.set_content(r.content());
  complaint.set_filed_on(act.occurred_on());
  return complaint;
}

absl::Status Accept(Complaint& c, const v1::AcceptComplaintRequest&, const Act& act) {
  c.set_accepted_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Refuse(Complaint& c, const v1::RefuseComplaintRequest& r) {
  c.set_refusal_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Answer(Complaint& c, const v1::AnswerComplaintRequest& r, const Act& act) {
  c.set_outcome(r.outcome());
  c.set_answer(r.answer());
  c.set_answered_on(act.occurred_on());
  return absl::OkStatus();
}

// The county decides: it is mostly of the office that somebody complains. The law says 及时 and gives no figure.
const Row<Complaint> kRows[] = {
    {.act = Complaint::FILE,
     .from = {Complaint::STATE_UNSPECIFIED},
     .to = Complaint::FILED,
     .create = Create<NewComplaint>,
     .starts = {{.clock = Complaint::ANSWER_BY,
                 .period = calendar::Days("CCL", 30),
                 .article = "34",
                 .parameter = "corrections.complaint_days"}},
     .papers = {Complaint::RECORD},
     .law = kCcl34},
    {.act = Complaint::ACCEPT,
     .from = {Complaint::FILED},
     .to = Complaint::ACCEPTED,
     .level = Level::kCounty,
     .apply = Apply<Accept>,
     .papers = {Complaint::ACCEPTANCE},
     .law = kCcl34},
    {.act = Complaint::REFUSE,
     .from = {Complaint::FILED},
     .to = Complaint::REFUSED,
     .level = Level::kCounty,
     .apply = Apply<Refuse>,
     .stops = {Complaint::ANSWER_BY},
     .papers = {Complaint::REFUSAL},
     .law = kCcl34},
    {.act = Complaint::ANSWER,
     .from = {Complaint::ACCEPTED},
     .to = Complaint::ANSWERED,
     .level = Level::kCounty,
     .apply = Apply<Answer>,
     .stops = {Complaint::ANSWER_BY},
     .papers = {Complaint::REPLY},
     .law = kCcl34},
};

const procedure::ClockKind kClocks[] = {{.clock = Complaint::ANSWER_BY, .warn_days = 7}};

casework::Index IndexOf(const Complaint& c) { return IndexOfRecord(c, c.filed_on()); }

std::optional<casework::Numbering> NumberingOf(const Complaint& c, absl::CivilDay act_day) {
  return CountyNumbering(c, act_day, "矫诉");
}

}  // namespace

const procedure::Procedure<Complaint> kComplaintProcedure = {
    .name = "申诉、控告、检举",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Complaint::REFUSED, Complaint::ANSWERED, Complaint::VOIDED},
    .states = Complaint::State_descriptor,
    .acts = Complaint::Act_descriptor,
    .clock_kinds = Complaint::Limit_descriptor,
    .papers = Complaint::Document_descriptor,
};

const casework::Definition<Complaint> kComplaint = {
    .procedure = &kComplaintProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListComplaintsRequest>>,
    .has_files = true,
    .amendments = &kComplaintAmendments,
    .references = {BesideSubject()},
    .further = ForPerson<Complaint, Complaint::FILE>,
    .sealed = OfMinor<Complaint>,
};

}  // namespace sifa::corrections
