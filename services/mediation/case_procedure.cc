#include <algorithm>

#include "libs/core/clock.h"
#include "services/mediation/case_acts.h"
#include "services/mediation/case_guards.h"
#include "services/mediation/laws.h"

namespace sifa::mediation {
namespace {

using casework::Apply;
using casework::Create;
using procedure::Law;
using procedure::Row;

// 人民调解法, in force since 2011-01-01.
constexpr Law Pml(absl::string_view article) { return {"人民调解法", article, "2011-01-01"}; }

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}
absl::CivilDay PerformBy(const Case& c) { return DayIn(c.agreement().perform_by()); }
absl::CivilDay AgreedDay(const Case& c) { return DayIn(c.agreement().agreed_on()); }
bool HasPerformBy(const Case& c) { return !c.agreement().perform_by().empty(); }
absl::CivilDay ExtendedUntil(const Case& c) { return DayIn(c.extended_until()); }

// M5: how long a court gives its mediators, by the kind of diversion; where it is none of these, the general month.
bool IsDiverted(const Case& c, v1::Diversion::Kind kind) {
  return c.particulars().diversion().kind() == kind && c.accepted_on() >= kInvitedMediationSince;
}
bool IsDelegated(const Case& c) { return IsDiverted(c, v1::Diversion::DELEGATED); }
bool IsEntrusted(const Case& c) { return IsDiverted(c, v1::Diversion::ENTRUSTED) && !c.particulars().diversion().summary(); }
bool IsEntrustedSummary(const Case& c) { return IsDiverted(c, v1::Diversion::ENTRUSTED) && c.particulars().diversion().summary(); }
bool HasCourtsLimit(const Case& c) { return IsDelegated(c) || IsEntrusted(c) || IsEntrustedSummary(c); }
bool IsGeneral(const Case& c) { return !HasCourtsLimit(c); }

absl::CivilDay PartiesSignedDay(const Case& c) {
  std::string last;
  for (const auto& signature : c.agreement().signatures()) last = std::max(last, signature.signed_on());
  return DayIn(last);
}

// What a mediator did may show late.
constexpr procedure::States kEverMediated = {Case::ACCEPTED,    Case::ASSIGNED, Case::MEDIATING, Case::AGREED_WRITTEN,
                                             Case::AGREED_ORAL, Case::FAILED,   Case::WITHDRAWN, Case::PERFORMING,
                                             Case::PERFORMED,   Case::DISPUTED, Case::ARCHIVED};
constexpr procedure::States kAwaitingPerformance = {Case::AGREED_WRITTEN, Case::PERFORMING, Case::DISPUTED};

// The thirty days are not lengthened by an application that led to nothing.
bool RunsAgain(const Case& c) { return kAwaitingPerformance.Has(c.state()) && MayBeConfirmed(c) && MayApplyForConfirmation(c); }

const Row<Case> kRows[] = {
    {.act = Case::APPLY,
     .from = {Case::STATE_UNSPECIFIED},
     .to = Case::APPLIED,
     .create = Create<NewCase>,
     .checks = {&kNobodyRefuses, &kTwoSides, &kSidesDiffer, &kInOrder},
     .law = Pml("17")},
    {.act = Case::ACCEPT,
     .from = {Case::APPLIED},
     .to = Case::ACCEPTED,
     .guards = {&kNobodyRefuses, &kIsCivilDispute, &kPartiesIdentified, &kTwoSides, &kSidesDiffer, &kFewRepresentatives,
                &kDiversionStated},
     .apply = Apply<AcceptCase>,
     .checks = {&kInOrder},
     .starts = {{.clock = Case::CONCLUDE,
                 .period = calendar::Months("PMR", 1),
                 .article = "33",
                 .when = IsGeneral,
                 .parameter = "mediation.conclude_months"},
                {.clock = Case::CONCLUDE, .period = calendar::Days("TYR", 30), .article = "27", .when = IsDelegated},
                {.clock = Case::CONCLUDE, .period = calendar::Days("TYR", 15), .article = "27", .when = IsEntrusted},
                {.clock = Case::CONCLUDE, .period = calendar::Days("TYR", 7), .article = "27", .when = IsEntrustedSummary}},
     .papers = {Case::REGISTRATION},
     .law = Pml("17")},
    {.act = Case::REJECT,
     .from = {Case::APPLIED},
     .to = Case::REJECTED,
     .apply = Apply<RejectCase>,
     .checks = {&kInOrder},
     .papers = {Case::REJECTION_NOTICE},
     .law = {"人民调解工作若干规定", "24"}},
    {.act = Case::EDIT,
     .from = {Case::APPLIED},
     .aside = true,
     .apply = Apply<EditCase>,
     .checks = {&kTwoSides, &kSidesDiffer},
     .law = Pml("27")},
    {.act = Case::EDIT,
     .from = {Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING},  // stays a case that may be accepted
     .aside = true,
     .guards = {&kUnsigned},
     .apply = Apply<EditCase>,
     .checks = {&kIsCivilDispute, &kPartiesIdentified, &kTwoSides, &kSidesDiffer, &kFewRepresentatives, &kDiversionStated},
     .law = Pml("27")},
    {.act = Case::ASSIGN,
     .from = {Case::ACCEPTED, Case::ASSIGNED},
     .to = Case::ASSIGNED,
     .guards = {&kNobodyRefuses},
     .apply = Apply<AssignCase>,
     .checks = {&kImpartial, &kInOrder},
     .papers = {Case::RIGHTS_NOTICE},
     .law = Pml("19")},
    {.act = Case::ASSIGN,
     .from = {Case::MEDIATING},  // 更换调解员, the mediation goes on
     .aside = true,
     .apply = Apply<AssignCase>,
     .checks = {&kImpartial, &kInOrder},
     .law = Pml("23")},
    {.act = Case::INVITE,
     .from = {Case::ASSIGNED, Case::MEDIATING},
     .aside = true,
     .apply = Apply<InviteToCase>,
     .checks = {&kPartiesConsent},
     .law = Pml("20")},
    {.act = Case::RECORD_SESSION,
     .from = {Case::ASSIGNED, Case::MEDIATING},
     .to = Case::MEDIATING,
     .aside = true,
     .guards = {&kNobodyRefuses, &kHasMediator},
     .apply = Apply<RecordSession>,
     .checks = {&kSessionInOrder, &kInOrder},
     .papers = {Case::MINUTES},
     .law = Pml("27")},
    {.act = Case::REPORT_RISK,
     .from = {Case::APPLIED, Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING, Case::AGREED_WRITTEN, Case::AGREED_ORAL,
              Case::FAILED, Case::PERFORMING, Case::DISPUTED},
     .aside = true,
     .apply = Apply<ReportCaseRisk>,
     .checks = {&kInOrder},
     .papers = {Case::RISK_REPORT},
     .law = Pml("25")},
    {.act = Case::EXTEND,
     .from = {Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING},
     .when = HasCourtsLimit,
     .guards = {&kNobodyRefuses, &kCourtsLimitNotPast},
     .apply = Apply<ExtendCase>,
     .checks = {&kCourtsExtensionAgreed, &kInOrder},
     .extends = {{.clock = Case::CONCLUDE, .until = ExtendedUntil}},
     .law = {kInvitedMediation, "27", kInvitedMediationSince}},
    {.act = Case::EXTEND,
     .from = {Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING},
     .guards = {&kNobodyRefuses, &kLimitNotPast},
     .apply = Apply<ExtendCase>,
     .checks = {&kExtensionAgreed, &kInOrder},
     .extends = {{.clock = Case::CONCLUDE, .until = ExtendedUntil}},
     .law = {"人民调解工作若干规定", "33"}},
    {.act = Case::DRAFT_AGREEMENT,
     .from = {Case::MEDIATING},
     .aside = true,
     .guards = {&kNobodyRefuses, &kHasMediator},
     .apply = Apply<DraftAgreement>,
     .checks = {&kInOrder},
     .law = Pml("28")},
    {.act = Case::SIGN,
     .from = {Case::MEDIATING},
     .aside = true,
     .guards = {&kDrafted},
     .apply = Apply<SignAgreement>,
     .checks = {&kInOrder},
     .law = Pml("29")},
    {.act = Case::AGREE,
     .from = {Case::MEDIATING},
     .to = Case::AGREED_WRITTEN,
     .guards = {&kNobodyRefuses, &kHasMediator, &kHasSession},
     .apply = Apply<AgreeCase>,
     .checks = {&kHasAgreement, &kEveryPartySigned, &kMediatorSigned, &kSealApplied, &kInOrder},
     .starts = {{.clock = Case::CONFIRM,
                 .period = calendar::Days("CVL", 30),
                 .article = kJointApplication,
                 .from = EffectiveDay,
                 .when = MayBeConfirmed},
                {.clock = Case::PERFORMANCE, .from = EffectiveDay, .when = HasPerformBy, .until = PerformBy}},
     .stops = {Case::CONCLUDE},
     .done_on = EffectiveDay,  // signed in time and entered late is in time
     .papers = {Case::AGREEMENT},
     .law = Pml("29")},
    {.act = Case::REVISE_AGREEMENT,
     .from = kAwaitingPerformance,
     .to = Case::MEDIATING,
     .guards = {&kConfirmationFailed, &kAfterLastResult},
     .apply = Apply<ReviseAgreement>,
     .checks = {&kInOrder},
     .starts = {{.clock = Case::CONCLUDE,
                 .period = calendar::Months("PMR", 1),
                 .article = "33",
                 .parameter = "mediation.conclude_months"}},
     .stops = {Case::CONFIRM, Case::PERFORMANCE},
     .law = kRuling},
    {.act = Case::AGREE_ORALLY,
     .from = {Case::MEDIATING},
     .to = Case::AGREED_ORAL,
     .guards = {&kNobodyRefuses, &kHasMediator, &kHasSession},
     .apply = Apply<AgreeCaseOrally>,
     .checks = {&kHasAgreement, &kInOrder},
     .starts = {{.clock = Case::PERFORMANCE, .from = AgreedDay, .when = HasPerformBy, .until = PerformBy}},
     .stops = {Case::CONCLUDE},
     .done_on = AgreedDay,
     .papers = {Case::ORAL_REGISTER},
     .law = Pml("30")},
    {.act = Case::WRITE_DOWN,
     .from = {Case::AGREED_ORAL},
     .to = Case::AGREED_WRITTEN,
     .apply = Apply<WriteDownAgreement>,
     .checks = {&kHasAgreement, &kEveryPartySigned, &kMediatorSigned, &kSealApplied, &kInOrder},
     .starts = {{.clock = Case::CONFIRM,
                 .period = calendar::Days("CVL", 30),
                 .article = kJointApplication,
                 .from = EffectiveDay,
                 .when = MayBeConfirmed},
                {.clock = Case::PERFORMANCE, .from = EffectiveDay, .when = HasPerformBy, .until = PerformBy}},
     .stops = {Case::PERFORMANCE},  // of the oral agreement
     .done_on = EffectiveDay,
     .papers = {Case::AGREEMENT},
     .law = Pml("28")},
    {.act = Case::WRITE_DOWN,
     .from = {Case::PERFORMING, Case::DISPUTED},  // while it is being performed
     .aside = true,
     .guards = {&kIsOral},
     .apply = Apply<WriteDownAgreement>,
     .checks = {&kHasAgreement, &kEveryPartySigned, &kMediatorSigned, &kSealApplied, &kInOrder},
     .starts = {{.clock = Case::CONFIRM,
                 .period = calendar::Days("CVL", 30),
                 .article = kJointApplication,
                 .from = EffectiveDay,
                 .when = MayBeConfirmed},
                {.clock = Case::PERFORMANCE, .from = EffectiveDay, .when = HasPerformBy, .until = PerformBy}},
     .stops = {Case::PERFORMANCE},
     .papers = {Case::AGREEMENT},
     .law = Pml("28")},
    // A party may refuse, or the mediator find it hopeless, before the first session too.
    {.act = Case::FAIL,
     .from = {Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING},
     .to = Case::FAILED,
     .apply = Apply<FailCase>,
     .checks = {&kRoutesTold, &kInOrder},
     .stops = {Case::CONCLUDE},
     .papers = {Case::TERMINATION_NOTICE},
     .law = Pml("26")},
    {.act = Case::WITHDRAW,
     .from = {Case::APPLIED},
     .to = Case::WITHDRAWN,
     .apply = Apply<WithdrawCase>,
     .checks = {&kInOrder},
     .law = Pml("17")},
    {.act = Case::WITHDRAW,
     .from = {Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING},
     .to = Case::WITHDRAWN,
     .apply = Apply<WithdrawCase>,
     .checks = {&kRoutesTold, &kInOrder},
     .stops = {Case::CONCLUDE},
     .papers = {Case::TERMINATION_NOTICE},
     .law = Pml("23")},
    {.act = Case::SUPERVISE,
     .from = {Case::AGREED_WRITTEN, Case::AGREED_ORAL},
     .to = Case::PERFORMING,
     .checks = {&kInOrder},
     .law = Pml("31")},
    {.act = Case::PERFORM,
     .from = {Case::AGREED_WRITTEN, Case::AGREED_ORAL, Case::PERFORMING, Case::DISPUTED},
     .to = Case::PERFORMED,
     .apply = Apply<ConfirmPerformance>,
     .checks = {&kInOrder},
     .stops = {Case::CONFIRM, Case::PERFORMANCE},
     .law = Pml("31")},
    {.act = Case::DISPUTE,
     .from = {Case::AGREED_WRITTEN, Case::AGREED_ORAL, Case::PERFORMING},
     .to = Case::DISPUTED,
     .checks = {&kInOrder},
     .law = Pml("32")},
    {.act = Case::REVISIT,
     .from = {Case::AGREED_WRITTEN, Case::AGREED_ORAL, Case::PERFORMING, Case::PERFORMED, Case::DISPUTED, Case::FAILED},
     .aside = true,
     .apply = Apply<RevisitCase>,
     .checks = {&kInOrder},
     .papers = {Case::REVISIT_RECORD},
     .law = Pml("31")},
    {.act = Case::ADD_PAPER,
     .from = {Case::APPLIED, Case::ACCEPTED, Case::ASSIGNED, Case::MEDIATING, Case::AGREED_WRITTEN, Case::AGREED_ORAL,
              Case::FAILED, Case::WITHDRAWN, Case::PERFORMING, Case::PERFORMED, Case::DISPUTED},
     .aside = true,  // in no order: a paper has its own day, often before the case's
     .apply = Apply<AddCasePaper>,
     .checks = {&kScanBelongs},
     .law = Pml("27")},
    {.act = Case::COMPLAIN,
     .from = kEverMediated,
     .aside = true,
     .apply = Apply<Complain>,
     .checks = {&kInOrder},
     .law = Pml("15")},
    {.act = Case::DECIDE_COMPLAINT,
     .from = kEverMediated,
     .aside = true,
     .apply = Apply<DecideComplaint>,
     .checks = {&kInOrder},
     .law = Pml("15")},
    // What the court does has its own course (confirmation_procedure.cc); the agreement is performed meanwhile, or not.
    {.act = Case::APPLY_CONFIRMATION,
     .from = kAwaitingPerformance,
     .aside = true,
     .guards = {&kIsWritten, &kNotEntrusted, &kNotInvited, &kIsConfirmable, &kNotDismissed, &kNoConfirmationYet,
                &kConfirmationInTime, &kAfterLastResult},
     .stops = {Case::CONFIRM},
     .papers = {Case::CONFIRMATION_PAPERS},
     .law = kJointApplication},
    {.act = Case::RECORD_CONFIRMATION,
     .from = {Case::AGREED_WRITTEN, Case::PERFORMING, Case::DISPUTED, Case::PERFORMED, Case::ARCHIVED},
     // With an act of the confirmation, whose own method says who may: parties withdraw, the office records.
     .indirect = true,
     .aside = true,
     .starts = {{.clock = Case::CONFIRM,
                 .period = calendar::Days("CVL", 30),
                 .article = kJointApplication,
                 .from = EffectiveDay,
                 .when = RunsAgain}},
     .stops = {Case::CONFIRM},
     .law = kRuling},
    {.act = Case::IMPORT,
     .from = {Case::STATE_UNSPECIFIED, Case::VOIDED},
     .to = Case::ARCHIVED,
     .indirect = true,
     .guards = {&kNotOpenedHere},  // a voided import is replaced by what is sent in its stead
     .checks = {&kInOrder},
     .law = Pml("10")},  // 司法行政部门统计
    {.act = Case::ARCHIVE,
     .from = {Case::FAILED, Case::WITHDRAWN, Case::PERFORMED, Case::DISPUTED},
     .to = Case::ARCHIVED,
     .guards = {&kNoOpenConfirmation, &kDossierComplete},
     .apply = Apply<ArchiveCase>,
     .checks = {&kInOrder},
     .stops = {Case::CONFIRM, Case::PERFORMANCE},
     .papers = {Case::BACK_COVER},
     .law = Pml("27")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Case::CONCLUDE, .warn_days = 7},
    {.clock = Case::CONFIRM, .warn_days = 7, .lapses = true},
    {.clock = Case::PERFORMANCE, .warn_days = 3},
};

}  // namespace

bool IsImported(const Case& c) { return c.progress_code().empty() && !c.accepted_on().empty(); }

// 人民调解法 §29: the parties' signatures, the mediator's and the seal.
absl::CivilDay CompleteDay(const Case& c) {
  return std::max({PartiesSignedDay(c), DayIn(c.agreement().mediator_signed_on()), DayIn(c.agreement().sealed_on())});
}

// 特邀调解规定 §24(3), 在线调解规则 §19: an agreement reached in delegated mediation (委派) is in force when all parties have
// signed. The body here is a people's committee, of whose agreements 人民调解法 §29 says otherwise; the earlier day runs, so that
// no right is lost, and the case shows the other.
absl::CivilDay EffectiveDay(const Case& c) { return IsDelegated(c) ? PartiesSignedDay(c) : CompleteDay(c); }

const procedure::Procedure<Case> kCaseProcedure = {
    .name = "人民调解案件",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Case::REJECTED, Case::ARCHIVED, Case::VOIDED},
    .states = Case::State_descriptor,
    .acts = Case::Act_descriptor,
    .clock_kinds = Case::Limit_descriptor,
    .papers = Case::Document_descriptor,
};

}  // namespace sifa::mediation
