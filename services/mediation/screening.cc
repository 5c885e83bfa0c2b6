#include "services/mediation/screening.h"

#include "absl/strings/str_cat.h"
#include "libs/core/status.h"

namespace sifa::mediation {

casework::Index IndexOfScreening(const casework::Message& message) {
  const auto& s = static_cast<const Screening&>(message);
  casework::Index index;
  index.day = s.screened_on();
  index.terms = casework::CodeTerms("type", s.lead().type(), 2);
  if (s.state() == Screening::CASE_OPENED) {
    index.unique.push_back({"case", s.case_id(), Error(absl::StatusCode::kAlreadyExists, "CASE_SCREENED", "该案件已由另一条排查线索转入")});
  }
  return index;
}

ScreeningService::ScreeningService(ScreeningCasework& screenings, CaseCasework& cases, CommitteeCasework& committees,
                                   const RegionTable& regions)
    : screenings_(screenings), cases_(cases), committees_(committees), regions_(regions) {
  screenings_.type().index = IndexOfScreening;
}

void ScreeningService::Register(rpc::DescribedService& service) {
  service.On("RecordScreening", this, &ScreeningService::Record);
  service.On("GetScreening", this, &ScreeningService::Get);
  service.On("ListScreenings", this, &ScreeningService::List);
  service.On("PreventDispute", this, &ScreeningService::Prevent);
  service.On("SettleScreening", this, &ScreeningService::Settle);
  service.On("OpenScreenedCase", this, &ScreeningService::OpenCase);
  service.On("EscalateScreening", this, &ScreeningService::Escalate);
  service.On("ListScreeningActions", this, &ScreeningService::Actions);
  service.On("GetScreeningHistory", this, &ScreeningService::History);
}

absl::StatusOr<Screening> ScreeningService::NewScreening(const rpc::Call& call, const v1::RecordScreeningRequest& r,
                                                         casework::Neighbours& neighbours) const {
  // Kept from being dissolved meanwhile.
  ASSIGN_OR_RETURN(const Committee committee, neighbours.Load(committees_, r.committee(), casework::Lock::kShared));
  if (!casework::Actor::Of(call).Reaches(committee.organisation_path())) return NotFound(committees_.type().label);
  Screening initial;
  initial.set_organisation(committee.organisation());
  initial.set_organisation_path(committee.organisation_path());
  initial.set_committee(committee.id());
  initial.set_committee_type(committee.type());
  initial.set_level(committee.level());
  initial.set_round(r.round());
  if (r.has_lead()) *initial.mutable_lead() = r.lead();
  return initial;
}

absl::StatusOr<Screening> ScreeningService::Record(rpc::Call& call, const v1::RecordScreeningRequest& r) {
  const auto prepare = [&](casework::Neighbours& neighbours) { return NewScreening(call, r, neighbours); };
  const int kind = r.has_lead() ? Screening::FIND : Screening::SCREEN;
  return screenings_.Create(call, kind, r, prepare, [&](Screening& s, const casework::Act& act) -> absl::Status {
    s.set_screened_on(act.occurred_on());
    ASSIGN_OR_RETURN(const RegionCode region, ValidRegion(regions_, r.region(), act.occurred_on()));
    s.set_region(region.ToString());
    ASSIGN_OR_RETURN(const Committee present, act.Load(committees_, s.committee()));
    if (present.state() != Committee::ACTIVE) {
      return Error(absl::StatusCode::kFailedPrecondition, "COMMITTEE_DISSOLVED", "该调解委员会已撤销");
    }
    RETURN_IF_ERROR(RequireOwnDivision(regions_, region, present, act.facts().today));
    if (s.round().empty()) return absl::OkStatus();
    const auto round = act.Load(screenings_, s.round());
    const bool same = round.ok() && round->organisation() == s.organisation() && round->screened_on() == s.screened_on() &&
                      round->round().empty() && round->state() != Screening::CLEAR && round->state() != Screening::VOIDED;
    if (same && r.has_lead()) return absl::OkStatus();
    return InvalidField("round", "ROUND_UNKNOWN", "同一次排查应当是本调委会当日排查且已发现纠纷的记录，续记的应当填写线索");
  });
}

absl::StatusOr<Screening> ScreeningService::Get(rpc::Call& call, const v1::GetScreeningRequest& r) {
  return screenings_.Get(call, r.id());
}

absl::StatusOr<v1::ListScreeningsResponse> ScreeningService::List(rpc::Call& call, const v1::ListScreeningsRequest& r) {
  casework::ListQuery query;
  query.organisation = r.organisation();
  if (!r.region().empty()) RETURN_IF_ERROR(KnownRegion(regions_, r.region()).status());
  query.region = r.region();
  query.states.assign(r.states().begin(), r.states().end());
  if (!r.type().empty()) query.terms.push_back({"type", r.type()});
  query.day_from = r.screened_from();
  query.day_to = r.screened_to();
  v1::ListScreeningsResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   screenings_.List(call, std::move(query), r.page_size(), r.page_token(),
                                    [&](const Screening& s) { *response.add_screenings() = s; }));
  return response;
}

absl::StatusOr<Screening> ScreeningService::Prevent(rpc::Call& call, const v1::PreventDisputeRequest& r) {
  return screenings_.Act(call, Screening::PREVENT, r, [&](Screening& s, const casework::Act& act) {
    auto* prevention = s.add_preventions();
    prevention->set_measures(r.prevention().measures());
    prevention->set_taken_on(act.occurred_on());
    return absl::OkStatus();
  });
}

absl::StatusOr<Screening> ScreeningService::Settle(rpc::Call& call, const v1::SettleScreeningRequest& r) {
  return screenings_.Act(call, Screening::SETTLE, r, [&](Screening& s, const casework::Act& act) {
    s.set_concluded_on(act.occurred_on());
    s.set_danger(r.danger());
    s.set_people(r.people());
    s.set_outcome(r.outcome());
    return absl::OkStatus();
  });
}

absl::StatusOr<Screening> ScreeningService::OpenCase(rpc::Call& call, const v1::OpenScreenedCaseRequest& r) {
  return screenings_.Act(call, Screening::OPEN_CASE, r, [&](Screening& s, const casework::Act& act) -> absl::Status {
    const auto c = act.Load(cases_, r.case_id());
    if (!c.ok() || c->organisation() != s.organisation() || c->state() == Case::VOIDED) {
      return InvalidField("case_id", "CASE_UNKNOWN", "本调委会没有这个案件");
    }
    if (!c->accepted_on().empty() && c->accepted_on() < s.screened_on()) {
      return InvalidField("case_id", "CASE_EARLIER", "该案件在排查之前已经受理，不是由本次排查转入的");
    }
    if (act.occurred_on() < c->applied_on()) {
      return InvalidField("occurred_on", "ACT_OUT_OF_ORDER", absl::StrCat("转为案件的日期不能早于该案件的申请日期", c->applied_on()));
    }
    s.set_concluded_on(act.occurred_on());
    s.set_case_id(c->id());
    return absl::OkStatus();
  });
}

absl::StatusOr<Screening> ScreeningService::Escalate(rpc::Call& call, const v1::EscalateScreeningRequest& r) {
  return screenings_.Act(call, Screening::ESCALATE, r, [&](Screening& s, const casework::Act& act) {
    s.set_concluded_on(act.occurred_on());
    s.set_outcome(r.outcome());
    return absl::OkStatus();
  });
}

absl::StatusOr<casework::v1::AvailableActions> ScreeningService::Actions(rpc::Call& call, const v1::GetScreeningRequest& r) {
  return screenings_.Actions(call, r.id());
}

absl::StatusOr<casework::v1::History> ScreeningService::History(rpc::Call& call, const casework::v1::GetHistoryRequest& r) {
  return casework::History(screenings_.backend(), screenings_.type(), call, r);
}

}  // namespace sifa::mediation
