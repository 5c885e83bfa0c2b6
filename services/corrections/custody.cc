#include "services/corrections/custody.h"

#include "libs/core/status.h"
#include "services/corrections/record.h"

namespace sifa::corrections {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kCcm41 = Ccm("41");

bool HasEnd(const Custody& custody) { return !custody.until().empty(); }
absl::CivilDay Until(const Custody& custody) { return DayIn(custody.until()); }

const Guard<Custody> kHeldBeforeTold = {
    "限制人身自由", "CUSTODY_IN_FUTURE", "限制人身自由日期不能晚于收到通知的日期", kCcm41,
    [](const Custody& custody, const Facts&) { return custody.since() <= custody.told_on(); }};
const Guard<Custody> kEndInOrder = {
    "限制人身自由", "CUSTODY_REVERSED", "届满日期不能早于限制人身自由的日期", kCcm41,
    [](const Custody& custody, const Facts&) { return !HasEnd(custody) || custody.until() >= custody.since(); }};

absl::StatusOr<Custody> NewCustody(const v1::RecordCustodyRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(Custody custody, NewRecord<Custody>(r.subject(), act));
  custody.set_kind(r.kind());
  custody.set_authority(r.authority());
  custody.set_document(r.document());
  custody.set_since(r.since());
  custody.set_until(r.until());
  custody.set_told_on(act.occurred_on());
  RETURN_IF_ERROR(SetToldLate(*act.facts().calendar, &custody));
  return custody;
}

absl::Status End(Custody& custody, const v1::EndCustodyRequest&, const Act& act) {
  custody.set_ended_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Custody> kRows[] = {
    {.act = Custody::RECORD,
     .from = {Custody::STATE_UNSPECIFIED},
     .to = Custody::HELD,
     .level = Level::kCounty,
     .create = Create<NewCustody>,
     .checks = {&kTermRuns<Custody>, &kHeldBeforeTold, &kEndInOrder},
     .starts = {{.clock = Custody::UNTIL, .article = "41", .when = HasEnd, .until = Until}},
     .papers = {Custody::NOTICE},
     .law = kCcm41},
    {.act = Custody::END,
     .from = {Custody::HELD},
     .to = Custody::ENDED,
     .level = Level::kCounty,
     .apply = Apply<End>,
     .stops = {Custody::UNTIL},
     .law = kCcm41},
    {.act = Custody::LAPSE,
     .from = {Custody::HELD},
     .to = Custody::LAPSED,
     .indirect = true,
     .aside = true,
     .stops = {Custody::UNTIL},
     .law = Ccl("45")},
};

const procedure::ClockKind kClocks[] = {{.clock = Custody::UNTIL, .warn_days = 1}};

casework::Index IndexOf(const Custody& custody) { return IndexOfRecord(custody, custody.since()); }

std::optional<casework::Numbering> NumberingOf(const Custody& custody, absl::CivilDay act_day) {
  return CountyNumbering(custody, act_day, "矫限");
}

}  // namespace

absl::Status SetToldLate(const calendar::Calendar& calendar, Custody* custody) {
  ASSIGN_OR_RETURN(const auto told_by, calendar::Compute(calendar, calendar::Days("CCM", 3), DayIn(custody->since())));
  custody->set_told_late(DayIn(custody->told_on()) > told_by.due);
  return absl::OkStatus();
}

const procedure::Procedure<Custody> kCustodyProcedure = {
    .name = "限制人身自由",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Custody::ENDED, Custody::LAPSED, Custody::VOIDED},
    .states = Custody::State_descriptor,
    .acts = Custody::Act_descriptor,
    .clock_kinds = Custody::Limit_descriptor,
    .papers = Custody::Document_descriptor,
};

const casework::Definition<Custody> kCustody = {
    .procedure = &kCustodyProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListCustodiesRequest>>,
    .has_files = true,
    .amendments = &kCustodyAmendments,
    .references = {OfSubject(Custody::LAPSE)},
    .further = ForPerson<Custody>,
    .sealed = OfMinor<Custody>,
};

}  // namespace sifa::corrections
