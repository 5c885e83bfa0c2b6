#include "services/hotline/complaint.h"

#include "absl/strings/str_cat.h"
#include "libs/casework/casework.h"
#include "libs/casework/numbering.h"
#include "libs/casework/place.h"
#include "libs/casework/service.h"
#include "libs/statistics/counting.h"
#include "services/hotline/laws.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {
namespace {

using casework::Act;
using casework::Apply;
using casework::Create;
using procedure::Row;

// The ledger goes on with an order of the centre, which waits for its outcome.
absl::StatusOr<Complaint> NewComplaint(const v1::RegisterComplaintRequest& r, const Act& act) {
  ASSIGN_OR_RETURN(const WorkOrder order, act.Load<WorkOrder>(r.work_order()));
  Complaint c;
  c.set_organisation(order.organisation());
  c.set_organisation_path(order.organisation_path());
  c.set_region(order.region());
  c.set_centre(order.centre());
  c.set_work_order(order.id());
  *c.mutable_complainant() = order.caller();
  c.set_against(r.against());
  c.set_against_kind(r.against_kind());
  c.set_facts(r.facts().empty() ? order.matter().facts() : r.facts());
  c.set_registered_on(act.occurred_on());
  return c;
}

absl::Status Register(Complaint& c, const v1::RegisterComplaintRequest&, const Act& act) {
  return act
      .ActOn<WorkOrder>(WorkOrder::FILE_COMPLAINT, c.work_order(),
                        [&](WorkOrder& order) {
                          order.set_complaint(c.id());
                          return absl::OkStatus();
                        })
      .status();
}

absl::Status Accept(Complaint& c, const v1::AcceptComplaintRequest& r, const Act& act) {
  c.set_accepted_on(act.occurred_on());
  c.set_told_how(r.told_how());
  return absl::OkStatus();
}

absl::Status Decline(Complaint& c, const v1::DeclineComplaintRequest& r, const Act& act) {
  c.set_declined_on(act.occurred_on());
  c.set_decline_reason(r.reason());
  c.set_told_how(r.told_how());
  return absl::OkStatus();
}

absl::Status Handle(Complaint& c, const v1::HandleComplaintRequest& r, const Act& act) {
  c.set_outcome(r.outcome());
  c.set_result(r.result());
  c.set_handled_on(act.occurred_on());
  return absl::OkStatus();
}

absl::Status Serve(Complaint& c, const v1::ServeComplaintRequest& r, const Act& act) {
  c.set_served_on(act.occurred_on());
  c.set_served_how(r.served_how());
  c.set_received_by(r.received_by());
  return absl::OkStatus();
}

// The order has its reply by what the ledger came to.
absl::Status Close(Complaint& c, const v1::CloseComplaintRequest&, const Act& act) {
  c.set_closed_on(act.occurred_on());
  const std::string reply =
      c.declined_on().empty()
          ? absl::StrCat("投诉", procedure::LabelOf(Complaint::Outcome_descriptor(), c.outcome()), "：", c.result())
          : absl::StrCat("投诉不予受理：", c.decline_reason());
  return act
      .ActOn<WorkOrder>(WorkOrder::CONCLUDE_COMPLAINT, c.work_order(),
                        [&](WorkOrder& order) {
                          order.set_reply(reply);
                          order.set_replied_on(act.occurred_on());
                          return absl::OkStatus();
                        })
      .status();
}

// No national rule sets the limits of all these complaints: centres do, by default as for those about appraisals
// (司法鉴定执业活动投诉处理办法).
const Row<Complaint> kRows[] = {
    {.act = Complaint::REGISTER,
     .from = {Complaint::STATE_UNSPECIFIED},
     .to = Complaint::REGISTERED,
     .create = Create<NewComplaint>,
     .apply = Apply<Register>,
     .starts = {{.clock = Complaint::ACCEPT_BY,
                 .period = calendar::WorkingDays("PLS", 7),
                 .parameter = "hotline.complaint_accept_days"}},
     .papers = {Complaint::REGISTER_FORM},
     .law = kPlatform},
    {.act = Complaint::ACCEPT,
     .from = {Complaint::REGISTERED},
     .to = Complaint::ACCEPTED,
     .apply = Apply<Accept>,
     .starts = {{.clock = Complaint::HANDLE_BY,
                 .period = calendar::Days("PLS", 60),
                 .parameter = "hotline.complaint_handle_days"}},
     .stops = {Complaint::ACCEPT_BY},
     .papers = {Complaint::ACCEPTANCE},
     .law = kPlatform},
    {.act = Complaint::DECLINE,
     .from = {Complaint::REGISTERED},
     .to = Complaint::DECLINED,
     .apply = Apply<Decline>,
     .stops = {Complaint::ACCEPT_BY},
     .papers = {Complaint::REFUSAL},
     .law = kPlatform},
    {.act = Complaint::TRANSFER,
     .from = {Complaint::ACCEPTED},
     .to = Complaint::TRANSFERRED,
     .papers = {Complaint::TRANSFER_LETTER},
     .law = kPlatform},
    {.act = Complaint::HANDLE,
     .from = {Complaint::ACCEPTED, Complaint::TRANSFERRED},
     .to = Complaint::HANDLED,
     .apply = Apply<Handle>,
     .starts = {{.clock = Complaint::SERVE_BY,
                 .period = calendar::WorkingDays("PLS", 7),
                 .parameter = "hotline.complaint_serve_days"}},
     .stops = {Complaint::HANDLE_BY},
     .papers = {Complaint::DECISION},
     .law = kPlatform},
    {.act = Complaint::SERVE,
     .from = {Complaint::HANDLED},
     .to = Complaint::SERVED,
     .apply = Apply<Serve>,
     .stops = {Complaint::SERVE_BY},
     .law = kPlatform},
    {.act = Complaint::CLOSE,
     .from = {Complaint::SERVED, Complaint::DECLINED},
     .to = Complaint::CLOSED,
     .apply = Apply<Close>,
     .law = kPlatform},
};

const procedure::ClockKind kClocks[] = {{.clock = Complaint::ACCEPT_BY, .warn_days = 2},
                                        {.clock = Complaint::HANDLE_BY, .warn_days = 10},
                                        {.clock = Complaint::SERVE_BY, .warn_days = 2}};

casework::Index IndexOf(const Complaint& c) {
  return {.day = c.registered_on(),
          .terms = {{"work_order", c.work_order()}, {"against_kind", c.against_kind()}},
          .names = {c.complainant().name(), c.against()}};
}

std::optional<casework::Numbering> NumberingOf(const Complaint& c, absl::CivilDay act_day) {
  return casework::CountyNumbering(c, act_day, "热诉");
}

std::vector<casework::Further> FurtherOf(const Complaint& c) {
  if (c.target_path().empty()) return {};
  return {{c.target_path(), {Complaint::HANDLE}}};
}

absl::Status Narrow(const v1::ListComplaintsRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.work_order().empty()) query->terms.push_back({"work_order", r.work_order()});
  if (!r.against_kind().empty()) query->terms.push_back({"against_kind", r.against_kind()});
  query->day_from = r.day_from();
  query->day_to = r.day_to();
  return absl::OkStatus();
}

std::string RegisteredOn(const Complaint& c) { return c.registered_on(); }
std::string AgainstKind(const Complaint& c) { return c.against_kind(); }
bool One(const Complaint&) { return true; }
bool Accepted(const Complaint& c) { return !c.accepted_on().empty(); }
bool Declined(const Complaint& c) { return !c.declined_on().empty(); }
bool Transferred(const Complaint& c) { return !c.transferred_on().empty(); }
bool Handled(const Complaint& c) { return !c.handled_on().empty(); }
bool Upheld(const Complaint& c) { return c.outcome() == Complaint::UPHELD || c.outcome() == Complaint::PARTLY_UPHELD; }
bool Closed(const Complaint& c) { return !c.closed_on().empty(); }

template <auto f>
constexpr auto Number = &statistics::Number<Complaint, f>;
constexpr statistics::Dimension kDimensions[] = {
    {"against_kind", "被投诉人类别", "hotline_complained", "", &statistics::Text<Complaint, AgainstKind>}};
constexpr statistics::Measure kMeasures[] = {
    {"registered", "登记数", "件", Number<One>},    {"accepted", "受理数", "件", Number<Accepted>},
    {"declined", "不予受理数", "件", Number<Declined>}, {"transferred", "转办数", "件", Number<Transferred>},
    {"handled", "已办理数", "件", Number<Handled>},    {"upheld", "属实和部分属实数", "件", Number<Upheld>},
    {"closed", "办结数", "件", Number<Closed>},
};
constexpr statistics::Ratio kRatios[] = {
    {"closed", "办结率", "closed", "registered", 100, 2, "%", "分母为登记数"},
    {"upheld", "属实率", "upheld", "handled", 100, 2, "%", "分母为已办理数，分子含部分属实"},
};

}  // namespace

absl::StatusOr<Complaint> TransferComplaint(const casework::Backend& backend, rpc::Call& call,
                                            const v1::TransferComplaintRequest& r) {
  std::string path;
  const auto prepare = [&]() -> absl::StatusOr<Id> {
    ASSIGN_OR_RETURN(path, casework::OfficePath(backend, r.office()));
    return casework::IdIn(r);
  };
  return casework::Casework<Complaint>(backend).ActOn(call, Complaint::TRANSFER, r, prepare, [&](Complaint& c, const Act& act) {
    c.set_target_office(r.office());
    c.set_target_path(path);
    c.set_transferred_on(act.occurred_on());
    *c.mutable_seal() = r.seal();
    c.mutable_seal()->set_on(act.occurred_on());
    c.mutable_seal()->set_used_by(act.facts().actor);
    return absl::OkStatus();
  });
}

constexpr statistics::Cube kComplaintsCube = {.id = 13,
                                              .name = "hotline.complaints",
                                              .label = "投诉",
                                              .day = &statistics::Text<Complaint, RegisteredOn>,
                                              .dimensions = kDimensions,
                                              .measures = kMeasures,
                                              .ratios = kRatios,
                                              .each = "registered",
                                              .share_of = "registered"};
static_assert(IsSound(kComplaintsCube));

const procedure::Procedure<Complaint> kComplaintProcedure = {
    .name = "投诉台账",
    .rows = kRows,
    .clocks = kClocks,
    .terminal = {Complaint::CLOSED, Complaint::VOIDED},
    .states = Complaint::State_descriptor,
    .acts = Complaint::Act_descriptor,
    .clock_kinds = Complaint::Limit_descriptor,
    .papers = Complaint::Document_descriptor,
};

const casework::Definition<Complaint> kComplaint = {
    .procedure = &kComplaintProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kComplaintsCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .references = {{"work_order", "WorkOrder", "ORDER_HAS_COMPLAINT", "该工单已转入投诉台账，不能作废"},
                   {"centre", "Centre", "CENTRE_HAS_COMPLAINTS", "该中心已有投诉，不能作废"}},
    .further = FurtherOf,
    .handlers = [](casework::Service& service,
                   rpc::DescribedService& methods) { methods.On("TransferComplaint", service.backend(), &TransferComplaint); },
};

}  // namespace sifa::hotline
