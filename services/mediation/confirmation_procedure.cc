#include "services/mediation/confirmation_procedure.h"

#include <set>

#include "libs/core/clock.h"

namespace sifa::mediation {
namespace {

using procedure::Facts;
using procedure::Guard;
using procedure::Law;
using procedure::Row;

// 民事诉讼法 as of 2024 (its §205–206 were §201–202 from 2022 and §194–195 before).
constexpr Law Cvl(absl::string_view article) { return {"民事诉讼法", article}; }

const Guard<Confirmation> kJoint = {
    "M4", "NOT_JOINT", "司法确认应当由双方当事人共同提出申请", {"民事诉讼法", "205"}, [](const Confirmation& c, const Facts&) {
      const std::set<int> applicants(c.applicants().begin(), c.applicants().end());
      return static_cast<int>(applicants.size()) == c.party_count() && *applicants.begin() == 0 &&
             *applicants.rbegin() == c.party_count() - 1;
    }};
const Guard<Confirmation> kRefusalGrounded = {
    "司法确认", "GROUND_MISSING", "不予受理应当载明法定情形", {"最高人民法院关于适用民事诉讼法的解释", "355"},
    [](const Confirmation& c, const Facts&) { return c.ground() >= Confirmation::OUTSIDE_SCOPE && c.ground() <= Confirmation::OWNERSHIP; }};
const Guard<Confirmation> kDismissalGrounded = {
    "司法确认", "GROUND_MISSING", "裁定驳回应当载明法定情形", {"最高人民法院关于适用民事诉讼法的解释", "358"},
    [](const Confirmation& c, const Facts&) { return c.ground() >= Confirmation::BREAKS_LAW; }};
const Guard<Confirmation> kNumbered = {
    "司法确认", "COURT_NUMBER_MISSING", "应当填写法院案号", {"最高人民法院关于人民调解协议司法确认程序的若干规定", "4"},
    [](const Confirmation& c, const Facts&) { return !c.number().empty(); }};

absl::CivilDay FiledOn(const Confirmation& c) {
  absl::CivilDay day;
  ParseDay(c.filed_on(), &day);
  return day;
}
// Two years from the last day of performance (民事诉讼法 §250); from the ruling where the agreement names none.
absl::CivilDay EnforceableFrom(const Confirmation& c) {
  absl::CivilDay day;
  if (!ParseDay(c.perform_by(), &day)) ParseDay(c.ruled_on(), &day);
  return day;
}

const Row<Confirmation> kRows[] = {
    {.act = Confirmation::APPLY, .from = {Confirmation::STATE_UNSPECIFIED}, .to = Confirmation::APPLIED,
     .permission = "mediation.confirmation.apply",
     .checks = {&kJoint},
     .starts = {{.clock = Confirmation::COURT_ACCEPT, .period = calendar::Days("JCR", 3), .article = "4"}},
     .papers = {Confirmation::JOINT_APPLICATION},
     .law = Cvl("205")},
    {.act = Confirmation::ACCEPT, .from = {Confirmation::APPLIED}, .to = Confirmation::ACCEPTED,
     .permission = "mediation.confirmation.record",
     .checks = {&kNumbered},
     // The special procedure's 30 days bind (§187); the 15 of the older rule are shown as the target.
     .starts = {{.clock = Confirmation::COURT_DECIDE, .period = calendar::Days("CVL", 30), .article = "187", .from = FiledOn},
                {.clock = Confirmation::COURT_TARGET, .period = calendar::Days("JCR", 15), .article = "5", .from = FiledOn}},
     .stops = {Confirmation::COURT_ACCEPT},
     .papers = {Confirmation::ACCEPTANCE_NOTICE},
     .law = {"最高人民法院关于人民调解协议司法确认程序的若干规定", "4"}},
    {.act = Confirmation::REFUSE, .from = {Confirmation::APPLIED}, .to = Confirmation::NOT_ACCEPTED,
     .permission = "mediation.confirmation.record",
     .checks = {&kRefusalGrounded},
     .stops = {Confirmation::COURT_ACCEPT},
     .law = {"最高人民法院关于适用民事诉讼法的解释", "355"}},
    {.act = Confirmation::CONFIRM, .from = {Confirmation::ACCEPTED}, .to = Confirmation::CONFIRMED,
     .permission = "mediation.confirmation.record",
     .starts = {{.clock = Confirmation::ENFORCEMENT, .period = calendar::Years("CVL", 2), .article = "250", .from = EnforceableFrom}},
     .stops = {Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .papers = {Confirmation::RULING},
     .law = Cvl("206")},
    {.act = Confirmation::DISMISS, .from = {Confirmation::ACCEPTED}, .to = Confirmation::DISMISSED,
     .permission = "mediation.confirmation.record",
     .checks = {&kDismissalGrounded},
     .stops = {Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .papers = {Confirmation::RULING},
     .law = Cvl("206")},
    {.act = Confirmation::WITHDRAW, .from = {Confirmation::APPLIED, Confirmation::ACCEPTED}, .to = Confirmation::WITHDRAWN,
     .permission = "mediation.confirmation.apply",
     .stops = {Confirmation::COURT_ACCEPT, Confirmation::COURT_DECIDE, Confirmation::COURT_TARGET},
     .law = {"最高人民法院关于人民调解协议司法确认程序的若干规定", "5"}},
    {.act = Confirmation::ENFORCE, .from = {Confirmation::CONFIRMED}, .to = Confirmation::ENFORCED,
     .permission = "mediation.confirmation.record",
     .stops = {Confirmation::ENFORCEMENT},
     .papers = {Confirmation::ENFORCEMENT_APPLICATION},
     .law = Cvl("206")},
};

const procedure::ClockKind kClocks[] = {
    {.clock = Confirmation::COURT_ACCEPT, .warn_days = 1},
    {.clock = Confirmation::COURT_DECIDE, .warn_days = 7},
    {.clock = Confirmation::COURT_TARGET, .warn_days = 3},
    {.clock = Confirmation::ENFORCEMENT, .warn_days = 90, .lapses = true},
};

}  // namespace

const procedure::Procedure<Confirmation> kConfirmationProcedure = {
    .name = "司法确认",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Confirmation::NOT_ACCEPTED, Confirmation::CONFIRMED, Confirmation::DISMISSED, Confirmation::WITHDRAWN,
                 Confirmation::ENFORCED},
    .states = Confirmation::State_descriptor,
    .acts = Confirmation::Act_descriptor,
    .clock_kinds = Confirmation::Limit_descriptor,
    .papers = Confirmation::Document_descriptor,
};

}  // namespace sifa::mediation
