#include "services/enforcement/agency.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "libs/core/identifiers.h"
#include "libs/core/status.h"
#include "libs/statistics/counting.h"
#include "services/enforcement/record.h"

namespace sifa::enforcement {
namespace {

using casework::Act;
using casework::Apply;
using casework::Asking;
using casework::Create;
using procedure::Level;
using procedure::Row;

constexpr procedure::Law kOrgan = Apl("17");
constexpr procedure::Law kAnnounced = Apl("39");

absl::StatusOr<Agency> NewAgency(const v1::RegisterAgencyRequest& r, const Asking& asking) { return AtOffice<Agency>(r, asking); }

absl::Status Register(Agency& agency, const v1::RegisterAgencyRequest& r) {
  if (CheckCreditCode(r.credit_code()) != CreditCodeVerdict::kValid) {
    return InvalidField("credit_code", "CREDIT_CODE_INVALID", "统一社会信用代码不正确，请核对（GB 32100-2015）");
  }
  agency.set_name(r.name());
  agency.set_credit_code(r.credit_code());
  agency.set_kind(r.kind());
  agency.set_field(r.field());
  *agency.mutable_former_names() = r.former_names();
  return absl::OkStatus();
}

absl::Status Announce(Agency& agency, const v1::AnnounceAgencyRequest&, const Act& act) {
  agency.set_announced_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Amend(Agency& agency, const v1::AmendAgencyRequest& r) {
  auto& former = *agency.mutable_former_names();
  if (r.name() != agency.name() && std::find(former.begin(), former.end(), agency.name()) == former.end())
    *former.Add() = agency.name();
  agency.set_name(r.name());
  agency.set_field(r.field());
  return absl::OkStatus();
}

absl::Status End(Agency& agency, const v1::EndAgencyRequest&, const Act& act) {
  agency.set_ended_on(act.occurred_on());
  return absl::OkStatus();
}

const Row<Agency> kRows[] = {
    {.act = Agency::REGISTER,
     .from = {Agency::STATE_UNSPECIFIED},
     .to = Agency::DRAFT,
     .level = Level::kCounty,
     .create = Create<NewAgency>,
     .apply = Apply<Register>,
     .law = kOrgan},
    {.act = Agency::ANNOUNCE,
     .from = {Agency::DRAFT},
     .to = Agency::ANNOUNCED,
     .level = Level::kCounty,
     .apply = Apply<Announce>,
     .papers = {Agency::ANNOUNCEMENT},
     .law = kAnnounced},
    {.act = Agency::AMEND,
     .from = {Agency::DRAFT, Agency::ANNOUNCED},
     .level = Level::kCounty,
     .apply = Apply<Amend>,
     .law = kAnnounced},
    {.act = Agency::END,
     .from = {Agency::DRAFT, Agency::ANNOUNCED},
     .to = Agency::ENDED,
     .level = Level::kCounty,
     .apply = Apply<End>,
     .law = kAnnounced},
};

casework::Index IndexOf(const Agency& agency) {
  casework::Index index{.day = agency.announced_on(),
                        .terms = {{"credit_code", agency.credit_code()}, {"field", agency.field()}},
                        .names = {agency.name()}};
  for (const std::string& name : agency.former_names()) index.names.push_back(name);
  if (agency.state() == Agency::DRAFT || agency.state() == Agency::ANNOUNCED) {
    index.unique.push_back(
        {"credit_code", agency.credit_code(),
         Error(absl::StatusCode::kAlreadyExists, "AGENCY_REGISTERED", "该统一社会信用代码的执法主体已经登记")});
  }
  return index;
}

absl::Status Narrow(const v1::ListAgenciesRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.credit_code().empty()) query->terms.push_back({"credit_code", r.credit_code()});
  if (!r.field().empty()) query->terms.push_back({"field", r.field()});
  return absl::OkStatus();
}

bool Stands(const Agency& agency) { return agency.state() == Agency::ANNOUNCED; }
std::string Field(const Agency& agency) { return agency.field(); }

constexpr statistics::Dimension kDimensions[] = {
    {"field", "执法领域", "enforcement_field", "", &statistics::Text<Agency, Field>}};
constexpr statistics::Measure kMeasures[] = {{"agencies", "已公告的执法主体数", "个", &statistics::Number<Agency, Stands>}};

}  // namespace

constexpr statistics::Cube kAgenciesCube = {.id = 1,
                                            .name = "enforcement.agencies",
                                            .label = "行政执法主体",
                                            .dimensions = kDimensions,
                                            .measures = kMeasures,
                                            .share_of = "agencies",
                                            .stock = true};
static_assert(IsSound(kAgenciesCube));

const casework::Amendments<Agency> kAgencyAmendments = {.amendable = {{"name"},
                                                                      {"kind"},
                                                                      {"field"},
                                                                      {"former_names"},
                                                                      {"announced_on", true, Agency::ANNOUNCE},
                                                                      {"ended_on", true, Agency::END}}};

const procedure::Procedure<Agency> kAgencyProcedure = {
    .name = "行政执法主体",
    .rows = kRows,
    .terminal = {Agency::ENDED, Agency::VOIDED},
    .states = Agency::State_descriptor,
    .acts = Agency::Act_descriptor,
    .clock_kinds = Agency::Limit_descriptor,
    .papers = Agency::Document_descriptor,
};

const casework::Definition<Agency> kAgency = {
    .procedure = &kAgencyProcedure,
    .index = IndexOf,
    .cubes = {&kAgenciesCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kAgencyAmendments,
};

}  // namespace sifa::enforcement
