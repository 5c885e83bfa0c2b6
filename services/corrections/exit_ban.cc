#include "services/corrections/exit_ban.h"

#include <algorithm>

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

constexpr procedure::Law kExitLaw = ExitEntry("12");
constexpr char kKept[] = "01";  // travel_document_custody 代管

const Guard<ExitBan> kOneAtATime = {
    .rule = "出境报备",
    .reason = "EXIT_BAN_OPEN",
    .text = "该对象已有法定不准出境人员报备",
    .law = kExitLaw,
    .holds = [](const ExitBan&, const Facts& facts) { return NoneOpen<ExitBan>(facts, kExitBanProcedure); },
    .of_others = true};
const Guard<ExitBan> kNothingKept = {"出境报备", "TRAVEL_DOCUMENTS_KEPT", "撤销报备时，代管的出境证件应当归还", kExitLaw,
                                     [](const ExitBan& ban, const Facts&) {
                                       return std::none_of(ban.documents().begin(), ban.documents().end(),
                                                           [](const auto& document) { return document.custody() == kKept; });
                                     }};

absl::StatusOr<ExitBan> NewExitBan(const v1::RecordExitBanRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(ExitBan ban, NewRecord<ExitBan>(r.subject(), act));
  *ban.mutable_documents() = r.documents();
  ban.set_recorded_on(act.occurred_on());
  return ban;
}

absl::Status Report(ExitBan& ban, const v1::ReportExitBanRequest& r, const Act& act) {
  ban.set_police(r.police());
  ban.set_reported_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Lift(ExitBan& ban, const v1::LiftExitBanRequest& r, const Act& act) {
  if (!r.documents().empty()) *ban.mutable_documents() = r.documents();
  ban.set_lifted_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<ExitBan> kRows[] = {
    {.act = ExitBan::RECORD,
     .from = {ExitBan::STATE_UNSPECIFIED},
     .to = ExitBan::RECORDED,
     .level = Level::kCounty,
     .create = Create<NewExitBan>,
     .checks = {&kInCorrection<ExitBan>, &kOneAtATime},
     .law = kExitLaw},
    {.act = ExitBan::REPORT,
     .from = {ExitBan::RECORDED},
     .to = ExitBan::REPORTED,
     .level = Level::kCounty,
     .apply = Apply<Report>,
     .papers = {ExitBan::REPORT_PAPER},
     .law = kExitLaw},
    // The ban stands as long as the term: only then it is lifted, and his papers are given back.
    {.act = ExitBan::END_TERM,
     .from = {ExitBan::RECORDED, ExitBan::REPORTED},
     .to = ExitBan::LIFT_DUE,
     .indirect = true,
     .aside = true,
     .law = kExitLaw},
    {.act = ExitBan::LIFT,
     .from = {ExitBan::LIFT_DUE},
     .to = ExitBan::LIFTED,
     .level = Level::kCounty,
     .apply = Apply<Lift>,
     .checks = {&kNothingKept},
     .papers = {ExitBan::LIFTING},
     .law = kExitLaw},
};

casework::Index IndexOf(const ExitBan& ban) { return IndexOfRecord(ban, ban.recorded_on()); }

std::optional<casework::Numbering> NumberingOf(const ExitBan& ban, absl::CivilDay act_day) {
  return CountyNumbering(ban, act_day, "矫境");
}

}  // namespace

const procedure::Procedure<ExitBan> kExitBanProcedure = {
    .name = "法定不准出境人员报备",
    .rows = kRows,
    .clocks = {},
    .terminal = {ExitBan::LIFTED, ExitBan::VOIDED},
    .states = ExitBan::State_descriptor,
    .acts = ExitBan::Act_descriptor,
    .clock_kinds = ExitBan::Limit_descriptor,
    .papers = ExitBan::Document_descriptor,
};

const casework::Definition<ExitBan> kExitBan = {
    .procedure = &kExitBanProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .list = casework::ListOf<NarrowRecords<v1::ListExitBansRequest>>,
    .has_files = true,
    .amendments = &kExitBanAmendments,
    .references = {OfSubject(ExitBan::END_TERM)},
    .looks_at = {"ExitBan"},
    .further = ForPerson<ExitBan>,
    .sealed = OfMinor<ExitBan>,
};

}  // namespace sifa::corrections
