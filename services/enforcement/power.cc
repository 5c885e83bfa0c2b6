#include "services/enforcement/power.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"
#include "services/enforcement/basis.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

absl::StatusOr<Power> NewPower(const v1::DrawUpPowerRequest& r, const Act& act) { return AtAgency<Power>(r.agency(), act); }

absl::Status DrawUp(Power& p, const v1::DrawUpPowerRequest& r, const Act& act) {
  for (int i = 0; i < r.bases_size(); ++i) {
    if (!act.LoadUnchecked<Basis>(r.bases(i)).ok()) {
      return InvalidField(absl::StrCat("bases[", i, "]"), "BASIS_UNKNOWN", "没有登记这一执法依据");
    }
  }
  p.set_code(r.code());
  p.set_name(r.name());
  p.set_act_kind(r.act_kind());
  *p.mutable_bases() = r.bases();
  return absl::OkStatus();
}

absl::Status Publish(Power& p, const v1::PublishPowerRequest&, const Act& act) {
  p.set_published_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status End(Power& p, const v1::EndPowerRequest& r, const Act& act) {
  p.set_ended_on(act.occurred_on());
  p.set_end_reason(r.reason());
  return absl::OkStatus();
}

const Row<Power> kRows[] = {
    {.act = Power::DRAW_UP,
     .from = {Power::STATE_UNSPECIFIED},
     .to = Power::DRAFT,
     .create = Create<NewPower>,
     .apply = Apply<DrawUp>,
     .checks = {&kAgencyStands<Power>},
     .law = Apl("17")},
    {.act = Power::PUBLISH, .from = {Power::DRAFT}, .to = Power::PUBLISHED, .apply = Apply<Publish>, .law = Apl("39")},
    {.act = Power::END, .from = {Power::DRAFT, Power::PUBLISHED}, .to = Power::ENDED, .apply = Apply<End>, .law = Apl("39")},
};

casework::Index IndexOf(const Power& p) {
  casework::Index index{.day = p.published_on(),
                        .terms = {{"agency", p.agency()}, {"code", p.code()}, {"act_kind", p.act_kind()}}};
  if (p.state() == Power::DRAFT || p.state() == Power::PUBLISHED) {
    index.unique.push_back({"code", absl::StrCat(p.agency(), "/", p.code()),
                            InvalidField("code", "POWER_CODE_IN_USE", "该执法主体已有这一编码的权责事项")});
  }
  return index;
}

absl::Status Narrow(const v1::ListPowersRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.agency().empty()) query->terms.push_back({"agency", r.agency()});
  if (!r.code().empty()) query->terms.push_back({"code", r.code()});
  if (!r.act_kind().empty()) query->terms.push_back({"act_kind", r.act_kind()});
  return absl::OkStatus();
}

}  // namespace

const casework::Amendments<Power> kPowerAmendments = {
    .amendable = {{"code"}, {"name"}, {"act_kind"}, {"published_on", true, Power::PUBLISH}, {"ended_on", true, Power::END}}};

const procedure::Procedure<Power> kPowerProcedure = {
    .name = "权责事项",
    .rows = kRows,
    .terminal = {Power::ENDED, Power::VOIDED},
    .states = Power::State_descriptor,
    .acts = Power::Act_descriptor,
    .clock_kinds = Power::Limit_descriptor,
    .papers = Power::Document_descriptor,
};

const casework::Definition<Power> kPower = {
    .procedure = &kPowerProcedure,
    .index = IndexOf,
    .list = casework::ListOf<Narrow>,
    .amendments = &kPowerAmendments,
    .references = {OfAgency()},
};

}  // namespace sifa::enforcement
