#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "libs/core/clock.h"
#include "libs/procedure/clocks.h"
#include "services/mediation/confirmation.h"
#include "services/mediation/laws.h"

namespace sifa::mediation {
namespace {

using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

bool Has(const Confirmation& c, Confirmation::Document document) {
  return std::any_of(c.papers().begin(), c.papers().end(),
                     [&](const auto& paper) { return paper.kind() == Confirmation::Document_Name(document); });
}

const casework::v1::Clock* DecisionLimit(const Confirmation& c) {
  return procedure::FindClock(c.clocks(), Confirmation::Limit_Name(Confirmation::COURT_DECIDE));
}

const Guard<Confirmation> kJoint = {
    "M4", "NOT_JOINT", "司法确认应当由双方当事人共同提出申请", kJointApplication, [](const Confirmation& c, const Facts&) {
      const std::set<int> applicants(c.applicants().begin(), c.applicants().end());
      return static_cast<int>(applicants.size()) == c.party_count() && *applicants.begin() == 0 &&
             *applicants.rbegin() == c.party_count() - 1;
    }};
// Where the court invited the mediation, that court; else one of a party, the object or the organisation.
const Guard<Confirmation> kCompetentCourt = {
    "管辖", "COURT_NOT_COMPETENT",
    "人民法院邀请调解组织调解的，应当向该法院申请；调解组织自行调解的，向当事人住所地、标的物所在地或者调解组织所在地的法院申请",
    kJointApplication, [](const Confirmation& c, const Facts&) {
      const bool invited = !c.inviting_court().empty();
      return invited == (c.jurisdiction() == Confirmation::INVITING_COURT) && (!invited || c.court() == c.inviting_court());
    }};
const Guard<Confirmation> kPapersEnclosed = {
    "申请材料", "PAPERS_MISSING", "申请司法确认应当提交调解协议、调解组织主持调解的证明、身份证明；委托代理人的，还应当提交授权委托书",
    kApplicationPapers, [](const Confirmation& c, const Facts&) {
      return Has(c, Confirmation::AGREEMENT) && Has(c, Confirmation::MEDIATION_PROOF) && Has(c, Confirmation::IDENTITY_PROOF) &&
             (!c.by_agents() || Has(c, Confirmation::POWER_OF_ATTORNEY));
    }};
const Guard<Confirmation> kAgreementInForce = {
    "时序", "ACT_OUT_OF_ORDER", "申请日期不能早于协议生效的日期", kJointApplication,
    [](const Confirmation& c, const Facts& facts) { return FormatDay(facts.act_day) >= c.effective_on(); }};
// What the president approved in time may be entered later, with its true day.
const Guard<Confirmation> kCourtsLimitNotPast = {
    "延长", "EXTENSION_TOO_LATE", "法院审查期限届满后不能再延长；届满前已经批准的，按批准的日期补录", kSpecialProcedure,
    [](const Confirmation& c, const Facts& facts) {
      const auto* limit = DecisionLimit(c);
      return limit == nullptr || !procedure::IsPast(*limit, facts.act_day);
    },
    [](const Confirmation& c, const Facts&) { return absl::StrCat("期限至", DecisionLimit(c)->due_on()); }};
const Guard<Confirmation> kPresidentApproved = {"延长", "EXTENSION_NOT_APPROVED", "延长审查期限应当由本院院长批准",
                                                kSpecialProcedure,
                                                [](const Confirmation& c, const Facts&) { return c.president_approved(); }};
const Guard<Confirmation> kRefusalGrounded = {
    "司法确认", "GROUND_MISSING", "不予受理应当载明法定情形", kNotAccepted,
    [](const Confirmation& c, const Facts&) { return c.ground() >= Confirmation::OUTSIDE_SCOPE && c.ground() <= Confirmation::OWNERSHIP; }};
// A ground for not accepting that is found after acceptance dismisses as well.
const Guard<Confirmation> kDismissalGrounded = {
    "司法确认", "GROUND_MISSING", "裁定驳回应当载明法定情形", kDismissed,
    [](const Confirmation& c, const Facts&) { return c.ground() != Confirmation::GROUND_UNSPECIFIED; }};
const Guard<Confirmation> kNumbered = {
    "司法确认", "COURT_NUMBER_MISSING", "应当填写法院案号", {kConfirmationRules, "4"},
    [](const Confirmation& c, const Facts&) { return !c.number().empty(); }};

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}
absl::CivilDay FiledOn(const Confirmation& c) { return DayIn(c.filed_on()); }
absl::CivilDay ExtendedUntil(const Confirmation& c) { return DayIn(c.extended_until()); }
// Two years from the last day of performance (民事诉讼法 §250); from the ruling where the agreement names none.
absl::CivilDay EnforceableFrom(const Confirmation& c) {
  return DayIn(c.perform_by().empty() ? c.ruled_on() : c.perform_by());
}

const Row<Confirmation> kRows[] = {
    {.act = Confirmation::APPLY,
     .from = {Confirmation::STATE_UNSPECIFIED},
     .to = Confirmation::APPLIED,
     .create = Create<NewConfirmation>,
     .apply = Apply<ApplyConfirmation>,
     .checks = {&kJoint, &kCompetentCourt, &kPapersEnclosed, &kAgreementInForce},
     .starts = {{.clock = Confirmation::COURT_ACCEPT, .period = calendar::Days("JCR", 3), .article = "4"}},
     .papers = {Confirmation::JOINT_APPLICATION},
     .law = kJointApplication},
    {.act = Confirmation::ACCEPT,
     .from = {Confirmation::APPLIED},
     .to = Confirmation::ACCEPTED,
     .apply = Apply<AcceptConfirmation>,
     .checks = {&kNumbered},
     // The special procedure's 30 days bind (§187); the 15 of the older rule are shown as the target.
     .starts = {{.clock = Confirmation::COURT_DECIDE,
                 .period = calendar::Days("CVL", 30),
                 .article = kSpecialProcedure,
                 .from = FiledOn},
                {.clock = Confirmation::COURT_TARGET, .period = calendar::Days("JCR", 15), .article = "5", .from = FiledOn}},
     .stops = {Confirmation::COURT_ACCEPT},
     .papers = {Confirmation::ACCEPTANCE_NOTICE},
     .law = {kConfirmationRules, "4"}},
    {.act = Confirmation::REFUSE,
     .from = {Confirmation::APPLIED},
     .to = Confirmation::NOT_ACCEPTED,
     .apply = Apply<RefuseConfirmation>,
     .checks = {&kRefusalGrounded},
     .stops = {Confirmation::COURT_ACCEPT},
     .law = kNotAccepted},
    {.act = Confirmation::EXTEND,
     .from = {Confirmation::ACCEPTED},
     .guards = {&kCourtsLimitNotPast},
     .apply = Apply<ExtendConfirmation>,
     .checks = {&kPresidentApproved},
     .extends = {{.clock = Confirmation::COURT_DECIDE, .until = ExtendedUntil}},
     .law = kSpecialProcedure},
    {.act = Confirmation::CONFIRM,
     .from = {Confirmation::ACCEPTED},
     .to = Confirmation::CONFIRMED,
     .apply = Apply<ConfirmAgreement>,
     .starts = {{.clock = Confirmation::ENFORCEMENT,
                 .period = calendar::Years("CVL", 2),
                 .article = kEnforcementPeriod,
                 .from = EnforceableFrom}},
     .stops = {Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .papers = {Confirmation::RULING},
     .law = kRuling},
    {.act = Confirmation::DISMISS,
     .from = {Confirmation::ACCEPTED},
     .to = Confirmation::DISMISSED,
     .apply = Apply<DismissConfirmation>,
     .checks = {&kDismissalGrounded},
     .stops = {Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .papers = {Confirmation::RULING},
     .law = kRuling},
    {.act = Confirmation::WITHDRAW,
     .from = {Confirmation::APPLIED, Confirmation::ACCEPTED},
     .to = Confirmation::WITHDRAWN,
     .apply = Apply<WithdrawConfirmation>,
     .stops = {Confirmation::COURT_ACCEPT, Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .law = {kConfirmationRules, "5"}},
    {.act = Confirmation::ENFORCE,
     .from = {Confirmation::CONFIRMED},
     .to = Confirmation::ENFORCED,
     .apply = Apply<EnforceAgreement>,
     .stops = {Confirmation::ENFORCEMENT},
     .papers = {Confirmation::ENFORCEMENT_APPLICATION},
     .law = kRuling},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Confirmation::COURT_ACCEPT, .warn_days = 1},
    {.clock = Confirmation::COURT_DECIDE, .warn_days = 7},
    {.clock = Confirmation::COURT_TARGET, .warn_days = 3, .target = true},
    {.clock = Confirmation::ENFORCEMENT, .warn_days = 90, .lapses = true},
};

}  // namespace

const procedure::Procedure<Confirmation> kConfirmationProcedure = {
    .name = "司法确认",
    .rows = kRows,
    .clocks = kClocks,
    // CONFIRMED is still watched while enforcement may be asked for: that is a right of the parties.
    .terminal = {Confirmation::NOT_ACCEPTED, Confirmation::CONFIRMED, Confirmation::DISMISSED, Confirmation::WITHDRAWN,
                 Confirmation::ENFORCED, Confirmation::VOIDED},
    .states = Confirmation::State_descriptor,
    .acts = Confirmation::Act_descriptor,
    .clock_kinds = Confirmation::Limit_descriptor,
    .papers = Confirmation::Document_descriptor,
};

}  // namespace sifa::mediation
