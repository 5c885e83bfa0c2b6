#include "services/enforcement/delegation.h"

#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "services/enforcement/findings.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Facts;
using procedure::Guard;
using procedure::Row;

absl::CivilDay LastDay(const Delegation& d) { return DayIn(d.to()); }

// What somebody else lets it do, an organisation does not let others do.
const Guard<Delegation> kNoSubDelegation = {.rule = "委托",
                                            .reason = "SUB_DELEGATION",
                                            .text = "受委托组织不得再委托其他组织或者个人实施行政处罚",
                                            .law = Apl("20"),
                                            .holds =
                                                [](const Delegation&, const Facts& facts) {
                                                  const auto* agency = facts.One<Agency>();
                                                  return agency != nullptr && agency->kind() != Agency::DELEGATED;
                                                },
                                            .of_others = true};
const Guard<Delegation> kPeriodInOrder = {"委托", "DELEGATION_REVERSED", "委托期限的终止日期不能早于起始日期", Apl("20"),
                                          &PeriodInOrder<Delegation>};
const Guard<Delegation> kNotPast = {"公布", "DELEGATION_OVER", "委托期限已经届满，不再公布", Apl("20"),
                                    [](const Delegation& d, const Facts& facts) { return FormatDay(facts.act_day) <= d.to(); }};

absl::StatusOr<Delegation> NewDelegation(const v1::SignDelegationRequest& r, const Act& act) {
  return AtAgency<Delegation>(r.agency(), act);
}

absl::Status Sign(Delegation& d, const v1::SignDelegationRequest& r) {
  const CreditCodeVerdict verdict = CheckCreditCode(r.delegate_credit_code());
  if (verdict != CreditCodeVerdict::kValid && verdict != CreditCodeVerdict::kSuspect) {
    return InvalidField("delegate_credit_code", "CREDIT_CODE_INVALID", "统一社会信用代码不正确，请核对（GB 32100-2015）");
  }
  d.set_delegate_name(r.delegate_name());
  d.set_delegate_credit_code(r.delegate_credit_code());
  d.set_matters(r.matters());
  d.set_powers(r.powers());
  d.set_from(r.from());
  d.set_to(r.to());
  return absl::OkStatus();
}

absl::Status Publish(Delegation& d, const v1::PublishDelegationRequest& r, const Act& act) {
  d.set_published_on(act.occurred_on());
  d.set_published_at(r.published_at());
  return absl::OkStatus();
}

absl::Status End(Delegation& d, const v1::EndDelegationRequest& r, const Act& act) {
  d.set_ended_on(act.occurred_on());
  d.set_end_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Expire(Delegation& d, const Act&) {
  d.set_ended_on(d.to());
  return absl::OkStatus();
}

constexpr procedure::States kStands = {Delegation::SIGNED, Delegation::PUBLISHED};

const Row<Delegation> kRows[] = {
    {.act = Delegation::SIGN,
     .from = {Delegation::STATE_UNSPECIFIED},
     .to = Delegation::SIGNED,
     .create = Create<NewDelegation>,
     .apply = Apply<Sign>,
     .checks = {&kAgencyStands<Delegation>, &kNoSubDelegation, &kPeriodInOrder},
     .starts = {{.clock = Delegation::UNTIL, .article = "20", .until = LastDay}},
     .papers = {Delegation::LETTER},
     .law = Apl("20")},
    {.act = Delegation::PUBLISH,
     .from = {Delegation::SIGNED},
     .to = Delegation::PUBLISHED,
     .guards = {&kNotPast},
     .apply = Apply<Publish>,
     .law = Apl("20")},
    {.act = Delegation::END,
     .from = kStands,
     .to = Delegation::ENDED,
     .apply = Apply<End>,
     .stops = {Delegation::UNTIL},
     .law = Apl("20")},
    {.act = Delegation::EXPIRE,
     .from = kStands,
     .to = Delegation::ENDED,
     .aside = true,
     .level = procedure::Level::kSystem,
     .apply = Apply<Expire>,
     .stops = {Delegation::UNTIL},
     .law = Apl("20")},
};

const procedure::ClockKind kClocks[] = {{.clock = Delegation::UNTIL, .warn_days = 30, .then = Delegation::EXPIRE}};

casework::Index IndexOf(const Delegation& d) {
  return {
      .day = d.from(), .terms = {{"agency", d.agency()}, {"delegate", d.delegate_credit_code()}}, .names = {d.delegate_name()}};
}

absl::Status Narrow(const v1::ListDelegationsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.agency().empty()) query->terms.push_back({"agency", r.agency()});
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Delegation> kDelegationAmendments = {.amendable = {{"delegate_name"},
                                                                              {"matters"},
                                                                              {"powers"},
                                                                              {"published_on", true, Delegation::PUBLISH},
                                                                              {"published_at"},
                                                                              {"ended_on", true, Delegation::END}}};

const procedure::Procedure<Delegation> kDelegationProcedure = {
    .name = "行政处罚委托",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Delegation::ENDED, Delegation::VOIDED},
    .states = Delegation::State_descriptor,
    .acts = Delegation::Act_descriptor,
    .clock_kinds = Delegation::Limit_descriptor,
    .papers = Delegation::Document_descriptor,
};

const casework::Definition<Delegation> kDelegation = {
    .procedure = &kDelegationProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kDelegationAmendments,
    .references = {OfAgency()},
    .project = JudgeOfficeAgain<Delegation>,
};

}  // namespace sifa::enforcement
