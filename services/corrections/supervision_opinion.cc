#include "services/corrections/supervision_opinion.h"

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

constexpr procedure::Law kCcl62 = Ccl("62");

absl::CivilDay ReplyBy(const SupervisionOpinion& o) { return DayIn(o.reply_by()); }

const Guard<SupervisionOpinion> kDaysInOrder = {"收到", "ACT_OUT_OF_ORDER",
                                                "收到日期不能早于检察意见的文书日期，要求回复日期不能早于收到日期", kCcl62,
                                                [](const SupervisionOpinion& o, const Facts&) {
                                                  return o.issued_on() <= o.received_on() && o.received_on() <= o.reply_by();
                                                }};
const Guard<SupervisionOpinion> kReasonGiven = {
    "回复", "OPINION_NOT_ADOPTED", "没有采纳检察意见的，应当说明理由", kCcl62,
    [](const SupervisionOpinion& o, const Facts&) { return o.adopted() || !o.not_adopted_reason().empty(); }};

absl::StatusOr<SupervisionOpinion> NewOpinion(const v1::ReceiveSupervisionOpinionRequest& r, const Asking& asking) {
  SupervisionOpinion o;
  o.set_organisation(r.office());
  ASSIGN_OR_RETURN(*o.mutable_organisation_path(), casework::OfficePath(asking.backend(), r.office()));
  ASSIGN_OR_RETURN(const RegionCode region, casework::ValidRegion(*asking.backend().regions, r.region(), asking.occurred_on()));
  o.set_region(region.ToString());
  o.set_kind(r.kind());
  o.set_procuratorate(r.procuratorate());
  o.set_document(r.document());
  o.set_issued_on(r.issued_on());
  o.set_content(r.content());
  o.set_received_on(asking.occurred_on());
  o.set_reply_by(r.reply_by());
  return o;
}

absl::Status Receive(SupervisionOpinion& o, const v1::ReceiveSupervisionOpinionRequest& r, const Act& act) {
  if (r.subject().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Subject s, act.Load<Subject>(r.subject()));
  o.set_subject(s.id());
  *o.mutable_person() = SummaryOf(s);
  return absl::OkStatus();
}

absl::Status Reply(SupervisionOpinion& o, const v1::ReplyToSupervisionOpinionRequest& r, const Act& act) {
  o.set_adopted(r.adopted());
  o.set_reply(r.reply());
  o.set_not_adopted_reason(r.reason());
  o.set_replied_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<SupervisionOpinion> kRows[] = {
    {.act = SupervisionOpinion::RECEIVE,
     .from = {SupervisionOpinion::STATE_UNSPECIFIED},
     .to = SupervisionOpinion::RECEIVED,
     .level = Level::kCounty,
     .create = Create<NewOpinion>,
     .apply = Apply<Receive>,
     .checks = {&kDaysInOrder},
     .starts = {{.clock = SupervisionOpinion::REPLY_BY, .until = ReplyBy}},
     .papers = {SupervisionOpinion::OPINION},
     .law = kCcl62},
    {.act = SupervisionOpinion::REPLY,
     .from = {SupervisionOpinion::RECEIVED},
     .to = SupervisionOpinion::REPLIED,
     .level = Level::kCounty,
     .apply = Apply<Reply>,
     .checks = {&kReasonGiven},
     .stops = {SupervisionOpinion::REPLY_BY},
     .papers = {SupervisionOpinion::REPLY_LETTER},
     .law = kCcl62},
};

const procedure::ClockKind kClocks[] = {{.clock = SupervisionOpinion::REPLY_BY, .warn_days = 5}};

casework::Index IndexOf(const SupervisionOpinion& o) { return IndexOfRecord(o, o.received_on()); }

std::optional<casework::Numbering> NumberingOf(const SupervisionOpinion& o, absl::CivilDay act_day) {
  return CountyNumbering(o, act_day, "矫复");
}

}  // namespace

const procedure::Procedure<SupervisionOpinion> kSupervisionOpinionProcedure = {
    .name = "检察意见",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {SupervisionOpinion::REPLIED, SupervisionOpinion::VOIDED},
    .states = SupervisionOpinion::State_descriptor,
    .acts = SupervisionOpinion::Act_descriptor,
    .clock_kinds = SupervisionOpinion::Limit_descriptor,
    .papers = SupervisionOpinion::Document_descriptor,
};

const casework::Definition<SupervisionOpinion> kSupervisionOpinion = {
    .procedure = &kSupervisionOpinionProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListSupervisionOpinionsRequest>>,
    .has_files = true,
    .amendments = &kSupervisionOpinionAmendments,
    .references = {BesideSubject()},
    .sealed = OfMinor<SupervisionOpinion>,
};

}  // namespace sifa::corrections
