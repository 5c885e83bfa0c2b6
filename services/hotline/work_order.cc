#include "services/hotline/work_order.h"

#include "libs/casework/numbering.h"
#include "libs/casework/public_code.h"
#include "libs/casework/service.h"
#include "libs/core/status.h"

namespace sifa::hotline {

using casework::Further;

bool IsAnsweredOnSpot(const WorkOrder& o) { return !o.answered_on().empty() && o.routed_on().empty(); }

WorkOrder OrderAt(const Centre& centre, const std::string& channel, const std::string& received_on) {
  auto o = OfCentre<WorkOrder>(centre);
  o.set_channel(channel);
  o.set_received_on(received_on);
  o.set_code(casework::NewPublicCode());
  return o;
}

namespace {

casework::Index IndexOf(const WorkOrder& o) {
  casework::Index index{.day = o.received_on(),
                        .terms = {{"centre", o.centre()},
                                  {"contact", o.contact()},
                                  {"source_number", o.source_number()},
                                  {"topic", o.matter().topic()},
                                  {"target", o.target()}},
                        .blind = {{"phone", o.caller().phone()}, {"code", o.code()}},
                        .names = {o.caller().name()}};
  if (o.state() == WorkOrder::VOIDED) return index;
  if (!o.source_number().empty()) {
    index.unique.push_back(
        {"source_number", o.source_number(), InvalidField("source_number", "SOURCE_ORDER_KNOWN", "该编号的来源平台工单已登记")});
  }
  if (!o.contact().empty()) {
    index.unique.push_back(
        {"contact", o.contact(), Error(absl::StatusCode::kAlreadyExists, "CONTACT_HAS_ORDER", "该来电已有工单")});
  }
  return index;
}

// （2026）330783热字第1号.
std::optional<casework::Numbering> NumberingOf(const WorkOrder& o, absl::CivilDay act_day) {
  return casework::CountyNumbering(o, act_day, "热");
}

// The organisation to which it is routed.
std::vector<Further> FurtherOf(const WorkOrder& o) {
  if (o.target_path().empty()) return {};
  return {{o.target_path(), {WorkOrder::ACCEPT, WorkOrder::RETURN, WorkOrder::HANDLE, WorkOrder::REPLY}}};
}

absl::Status Narrow(const v1::ListWorkOrdersRequest& r, const casework::Backend&, casework::ListQuery* query) {
  if (!r.centre().empty()) query->terms.push_back({"centre", r.centre()});
  if (!r.contact().empty()) query->terms.push_back({"contact", r.contact()});
  if (!r.topic().empty()) query->terms.push_back({"topic", r.topic()});
  if (!r.source_number().empty()) query->terms.push_back({"source_number", r.source_number()});
  if (!r.phone().empty()) query->blind.push_back({"phone", r.phone()});
  query->day_from = r.day_from();
  query->day_to = r.day_to();
  return absl::OkStatus();
}

}  // namespace

const casework::Definition<WorkOrder> kWorkOrder = {
    .procedure = &kWorkOrderProcedure,
    .index = IndexOf,
    .numbering = NumberingOf,
    .cubes = {&kWorkOrdersCube, &kVisitsCube},
    .list = casework::ListOf<Narrow>,
    .has_files = true,
    .amendments = &kWorkOrderAmendments,
    .references = {{"centre", "Centre", "CENTRE_HAS_ORDERS", "该中心已有话务工单，不能作废"},
                   {"contact", "Contact", "CONTACT_HAS_ORDER", "该来电已有话务工单，不能作废"},
                   {"repeat_of", "WorkOrder", "ORDER_HAS_REPEATS", "该工单已被重复工单关联，不能作废"}},
    .further = FurtherOf,
    .handlers =
        [](casework::Service& service, rpc::DescribedService& methods) {
          methods.On("RouteWorkOrder", service.backend(), &RouteWorkOrder);
          methods.On("DesignateWorkOrder", service.backend(), &DesignateWorkOrder);
        },
};

}  // namespace sifa::hotline
