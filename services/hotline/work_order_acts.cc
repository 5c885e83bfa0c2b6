#include "services/hotline/work_order_acts.h"

#include "libs/casework/casework.h"
#include "libs/casework/place.h"
#include "libs/core/status.h"
#include "libs/procedure/clocks.h"
#include "services/hotline/centre.h"
#include "services/hotline/snippet.h"

namespace sifa::hotline {

using casework::Act;

namespace {

absl::CivilDay DayIn(const std::string& text) {
  absl::CivilDay day;
  ParseDay(text, &day);
  return day;
}

// Who asks and what, said anew. The order is of the place of its matter (law §5.4 H1).
template <class Request>
absl::Status DescribeBy(WorkOrder& o, const Request& r, const Act& act) {
  const auto place = casework::ValidRegion(act.regions(), r.matter().place(), act.occurred_on());
  if (!place.ok()) return InvalidField("matter.place", "REGION_UNKNOWN", "没有这个行政区划");
  *o.mutable_caller() = r.caller();
  *o.mutable_matter() = r.matter();
  o.mutable_matter()->set_place(place->ToString());
  o.set_region(place->ToString());
  return absl::OkStatus();
}

// The working day with whose end three quarters of those from the day after `from` to `until` have all but passed: of five the
// third.
absl::StatusOr<std::string> ThreeQuarters(const calendar::Calendar& calendar, absl::CivilDay from, absl::CivilDay until) {
  std::vector<absl::CivilDay> days;
  for (absl::CivilDay day = from + 1; day <= until; ++day) {
    ASSIGN_OR_RETURN(const bool works, calendar.IsWorkingDay(day));
    if (works) days.push_back(day);
  }
  const size_t passed = days.size() * 3 / 4;
  return FormatDay(passed == 0 ? from : days[passed - 1]);
}

void Note(google::protobuf::RepeatedPtrField<v1::OrderNote>* notes, const std::string& text, const Act& act) {
  v1::OrderNote* note = notes->Add();
  note->set_on(act.occurred_on());
  note->set_text(text);
}

template <int kAct, class Request>
absl::StatusOr<WorkOrder> RouteTo(const casework::Backend& backend, rpc::Call& call, const Request& r) {
  std::string path;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(path, casework::OfficePath(backend, r.office()));
    return casework::IdIn(r);
  };
  return casework::Casework<WorkOrder>(backend).ActOn(call, kAct, r, prepare, [&](WorkOrder& o, const Act& act) {
    o.set_target(r.target());
    o.set_target_office(r.office());
    o.set_target_path(path);
    o.set_instructions(r.instructions());
    o.set_routed_on(act.occurred_on());
    o.set_designated(kAct == WorkOrder::DESIGNATE);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<WorkOrder> NewWorkOrder(const v1::CreateWorkOrderRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Centre centre, act.Load<Centre>(r.centre()));
  RETURN_IF_ERROR(RequireActive(centre));
  WorkOrder o = OrderAt(centre, r.channel(), act.occurred_on());
  o.set_source_number(r.source_number());
  o.set_assignee(act.facts().actor);
  return o;
}

absl::Status Describe(WorkOrder& o, const v1::CreateWorkOrderRequest& r, const Act& act) { return DescribeBy(o, r, act); }
absl::Status Record(WorkOrder& o, const v1::RecordWorkOrderRequest& r, const Act& act) { return DescribeBy(o, r, act); }

absl::Status LeaveMessage(WorkOrder& o, const Act&) {
  o.set_channel(kByMessage);
  return absl::OkStatus();
}

absl::Status Answer(WorkOrder& o, const v1::AnswerWorkOrderRequest& r, const Act& act) {
  o.set_answer(r.answer());
  *o.mutable_laws() = r.laws();
  *o.mutable_guided_to() = r.guided_to();
  o.set_answered_on(act.occurred_on());
  return absl::OkStatus();
}

absl::StatusOr<WorkOrder> RouteWorkOrder(const casework::Backend& backend, rpc::Call& call, const v1::RouteWorkOrderRequest& r) {
  return RouteTo<WorkOrder::ROUTE>(backend, call, r);
}

absl::StatusOr<WorkOrder> DesignateWorkOrder(const casework::Backend& backend, rpc::Call& call,
                                             const v1::DesignateWorkOrderRequest& r) {
  return RouteTo<WorkOrder::DESIGNATE>(backend, call, r);
}

absl::Status TransferToMediation(WorkOrder& o, const v1::TransferWorkOrderToMediationRequest& r, const Act& act) {
  *o.mutable_transfer() = r.transfer();
  o.mutable_transfer()->set_by(act.facts().actor);
  o.mutable_transfer()->set_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Accept(WorkOrder& o, const v1::AcceptWorkOrderRequest&, const Act& act) {
  const procedure::Facts& facts = act.facts();
  ASSIGN_OR_RETURN(const auto limit,
                   calendar::Compute(*facts.calendar, procedure::Adjusted(kHandlingTime, kHandlingDays, facts), facts.act_day));
  ASSIGN_OR_RETURN(*o.mutable_supervise_on(), ThreeQuarters(*facts.calendar, facts.act_day, limit.due));
  o.set_accepted_on(act.occurred_on());
  return absl::OkStatus();
}

// It is nobody's until the centre routes it again.
absl::Status Return(WorkOrder& o, const v1::ReturnWorkOrderRequest& r, const Act& act) {
  v1::OrderReturn* one = o.add_returns();
  one->set_on(act.occurred_on());
  one->set_office(o.target_office());
  one->set_reason(r.reason());
  o.clear_target();
  o.clear_target_office();
  o.clear_target_path();
  return absl::OkStatus();
}

absl::Status Handle(WorkOrder& o, const v1::HandleWorkOrderRequest& r, const Act& act) {
  Note(o.mutable_notes(), r.note(), act);
  return absl::OkStatus();
}

absl::Status Reply(WorkOrder& o, const v1::ReplyWorkOrderRequest& r, const Act& act) {
  o.set_reply(r.reply());
  *o.mutable_laws() = r.laws();
  o.set_replied_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Extend(WorkOrder& o, const v1::ExtendWorkOrderRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(*o.mutable_supervise_on(), ThreeQuarters(*act.facts().calendar, DayIn(o.accepted_on()), DayIn(r.until())));
  o.set_extended_until(r.until());
  o.set_extension_reason(r.reason());
  return absl::OkStatus();
}

absl::Status ProposeSupervision(WorkOrder& o, const Act& act) {
  o.set_supervision_proposed_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Supervise(WorkOrder& o, const v1::SuperviseWorkOrderRequest& r, const Act& act) {
  Note(o.mutable_supervisions(), r.instructions(), act);
  return absl::OkStatus();
}

absl::Status AnswerSource(WorkOrder& o, const v1::AnswerWorkOrderSourceRequest& r, const Act& act) {
  o.set_source_answered_on(act.occurred_on());
  o.set_source_receipt(r.receipt());
  return absl::OkStatus();
}

absl::Status Dissatisfy(WorkOrder& o, const Act& act) {
  o.set_dissatisfied_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Visit(WorkOrder& o, const v1::VisitWorkOrderRequest& r, const Act& act) {
  const auto* limit = procedure::FindClock(o.clocks(), WorkOrder::Limit_Name(WorkOrder::VISIT_BY));
  v1::OrderVisit* visit = o.add_visits();
  visit->set_on(act.occurred_on());
  visit->set_satisfaction(r.satisfaction());
  visit->set_words(r.words());
  if (IsDissatisfied(r.satisfaction())) o.set_reopenings(o.reopenings() + 1);
  visit->set_late(o.state() == WorkOrder::DISSATISFIED && limit != nullptr && procedure::IsPast(*limit, act.day()));
  return absl::OkStatus();
}

absl::Status Close(WorkOrder& o, const v1::CloseWorkOrderRequest& r, const Act& act) {
  o.set_closed_on(act.occurred_on());
  o.set_close_reason(r.reason());
  return absl::OkStatus();
}

absl::Status Reopen(WorkOrder& o, const v1::ReopenWorkOrderRequest&, const Act&) {
  o.set_reopenings(o.reopenings() + 1);
  o.clear_closed_on();
  o.clear_close_reason();
  return absl::OkStatus();
}

absl::Status Link(WorkOrder& o, const v1::LinkWorkOrderRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const WorkOrder first, act.Load<WorkOrder>(r.repeat_of()));
  if (first.state() == WorkOrder::VOIDED || !first.repeat_of().empty()) {
    return InvalidField("repeat_of", "REPEAT_OF_REPEAT", "应当关联首次来电的有效工单");
  }
  o.set_repeat_of(r.repeat_of());
  return absl::OkStatus();
}

// A county and each above it has an agency (法律援助法 §12); the nearest is that of the county.
absl::Status RecordLegalAid(WorkOrder& o, const v1::RecordLegalAidRequest& r, const Act& act) {
  const auto place = casework::ValidRegion(act.regions(), r.legal_aid().place(), act.occurred_on());
  if (!place.ok()) return InvalidField("legal_aid.place", "REGION_UNKNOWN", "没有这个行政区划");
  RegionCode county = *place;
  while (county.level() > RegionLevel::kCounty) county = *county.Parent();
  *o.mutable_legal_aid() = r.legal_aid();
  o.mutable_legal_aid()->set_place(place->ToString());
  o.mutable_legal_aid()->set_agency(absl::StrCat(act.regions().NameOf(county), "法律援助中心"));
  o.mutable_legal_aid()->set_recorded_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status AttachSnippet(WorkOrder& o, const v1::AttachSnippetRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const Snippet snippet, act.Load<Snippet>(r.snippet()));
  RETURN_IF_ERROR(RequireValidOn(snippet, act.occurred_on()));
  v1::SnippetUse* use = o.add_snippets();
  use->set_snippet(snippet.id());
  use->set_version(snippet.version());
  use->set_on(act.occurred_on());
  return absl::OkStatus();
}

}  // namespace sifa::hotline
