// Work orders of the centre of 东阳, as its people and the offices to which they are routed see them.
#pragma once

#include <string>

#include "services/hotline/hotline_fixture.h"
#include "services/hotline/work_order.h"

namespace sifa::hotline {

inline constexpr char kMatterJson[] =
    R"("caller": {"name": "赵大山", "phone": "15400001234", "specialGroup": "01"},
       "matter": {"place": "330783118", "basis": "STATED", "topic": "02", "facts": "被拖欠三个月工资，询问如何讨要"})";

class Orders : public Hotline {
 public:
  Orders() : supervisor(Person("hotline_supervisor", "330783", 3)), centre(Open("12348")) {}

  std::string CreateJson(const std::string& channel, const std::string& more = "") const {
    return absl::StrCat(R"({"centre": ")", centre.id(), R"(", "channel": ")", channel, "\", ", more, kMatterJson, "}");
  }
  WorkOrder Create(const std::string& channel = "01", const std::string& more = "") {
    return Do<WorkOrder>("CreateWorkOrder", CreateJson(channel, more), agent);
  }

  absl::StatusOr<WorkOrder> TryRoute(const WorkOrder& order, const std::string& target,
                                     const std::string& office_code = "330783118") {
    return Send<v1::RouteWorkOrderRequest>("RouteWorkOrder", RouteWorkOrder, order, target, office_code, agent);
  }
  absl::StatusOr<WorkOrder> TryDesignate(const WorkOrder& order, const Claims& who) {
    return Send<v1::DesignateWorkOrderRequest>("DesignateWorkOrder", DesignateWorkOrder, order, "03", "330783118", who);
  }
  WorkOrder Route(const WorkOrder& order) { return Must(TryRoute(order, "03")); }
  WorkOrder Accepted() { return Do("AcceptWorkOrder", Route(Create()), "{}", office); }

  // A call to a handler of the service's own.
  rpc::Call Of(const std::string& path, const Claims& who = {}) const { return calls_.Of(path, who); }

  static std::string DueOn(const WorkOrder& order, WorkOrder::Limit limit) {
    const auto* clock = procedure::FindClock(order.clocks(), WorkOrder::Limit_Name(limit));
    if (clock == nullptr) return "";
    return clock->state() == casework::v1::Clock::RUNNING ? clock->due_on() : "stopped";
  }

  const Claims supervisor;
  const Centre centre;

 private:
  template <class Request, class Handler>
  absl::StatusOr<WorkOrder> Send(const std::string& method, Handler handler, const WorkOrder& order, const std::string& target,
                                 const std::string& office_code, const Claims& who) {
    Request request;
    request.set_id(order.id());
    request.set_target(target);
    request.set_office(office_code);
    rpc::Call call = calls_.Of("/sifa.hotline.v1.WorkOrderService/" + method, who);
    return handler(*backend.backend, call, request);
  }

  testing::Calls calls_{"hotline", std::string(SIFA_ROOT) + "/config", backend.clock};
};

}  // namespace sifa::hotline
