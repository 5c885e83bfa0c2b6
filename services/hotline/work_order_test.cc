// 话务工单 (law §5.3, §5.4): who sees to what a caller asked, within which limits, and what he is told.
#include "services/hotline/work_order_fixture.h"

namespace sifa::hotline {
namespace {

const char kRouted[] = R"({"reason": "不属于我所管辖"})";

}  // namespace

TEST_CASE("law 5.4 H1: an order is of the place of its matter, by its division and not by the number called from") {
  Orders at;
  const WorkOrder order = at.Create();
  CHECK(order.region() == "330783118");
  CHECK(order.organisation() == "330783");
  CHECK(order.number() == "（2026）330783热字第1号");
  CHECK(order.assignee() == at.agent.sub());
  CHECK(order.caller().phone() == "15400001234");
  CHECK(at.Refusal<WorkOrder>(
            "CreateWorkOrder",
            R"({"centre": ")" + at.centre.id() + R"(", "channel": "01", "matter": {"place": "999999", "basis": "PREFIX",
                                  "topic": "02", "facts": "咨询"}})",
            at.agent) == "REGION_UNKNOWN");
  CHECK(at.Findings() == "");
}

TEST_CASE("law 5.3: what is answered at once is closed without having been routed") {
  Orders at;
  WorkOrder order = at.Create();
  CHECK(at.Refusal("CloseWorkOrder", order, "{}", at.agent) == "ORDER_NOT_ANSWERED");
  order =
      at.Do("AnswerWorkOrder", order, R"({"answer": "可以向劳动监察部门投诉，也可以申请劳动仲裁", "laws": ["《劳动法》第91条"],
                                              "guidedTo": ["08"]})",
            at.agent);
  CHECK(order.state() == WorkOrder::ANSWERED_ON_SPOT);
  order = at.Do("CloseWorkOrder", order, "{}", at.agent);
  CHECK(order.state() == WorkOrder::CLOSED);
  const auto counts = statistics::CountsOf(order, kWorkOrder.cubes);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].dimensions(3) == "01");
  CHECK(counts[0].measures(1) == 1);  // on the spot
  CHECK(at.Findings() == "");
}

TEST_CASE("a call that asked nothing is closed with a reason") {
  Orders at;
  const WorkOrder order = at.Do("CloseWorkOrder", at.Create(), R"({"reason": "来电后无声挂断"})", at.agent);
  CHECK(order.state() == WorkOrder::CLOSED);
  CHECK(!IsAnsweredOnSpot(order));
}

TEST_CASE("law 5.4 H3: nobody is transferred to a paid service, and an emergency is no order") {
  Orders at;
  const WorkOrder order = at.Create();
  for (const char* paid : {"05", "06", "07", "08"})
    CHECK(ReasonOf(at.TryRoute(order, paid).status()) == "PAID_SERVICE_GUIDANCE_ONLY");
  CHECK(ReasonOf(at.TryRoute(order, "09").status()) == "EMERGENCY_BY_CALL");
  CHECK(ReasonOf(at.TryRoute(order, "03", "999999").status()) == "ORGANISATION_UNKNOWN");
  CHECK(at.Route(order).state() == WorkOrder::ROUTED);
}

TEST_CASE("law 5.3: the office to which an order is routed sees it, signs for it within a working day and replies within five") {
  Orders at;
  WorkOrder order = at.Create();
  CHECK(!at.Sees(order, at.office));
  order = at.Route(order);  // on a Monday
  CHECK(at.Sees(order, at.office));
  CHECK(!at.Sees(order, at.neighbour));
  CHECK(Orders::DueOn(order, WorkOrder::SIGN_BY) == "2026-11-03");
  CHECK(at.Refusal("AcceptWorkOrder", order, "{}", at.agent) == "NOT_FOUND");
  CHECK(at.Refusal("AnswerWorkOrder", order, R"({"answer": "已告知"})", at.office) == "NOT_FOUND");
  at.GoTo("2026-11-03");
  order = at.Do("AcceptWorkOrder", order, "{}", at.office);
  CHECK(Orders::DueOn(order, WorkOrder::SIGN_BY) == "stopped");
  CHECK(Orders::DueOn(order, WorkOrder::HANDLE_BY) == "2026-11-10");
  order = at.Do("HandleWorkOrder", order, R"({"note": "已联系用工单位"})", at.office);
  CHECK(order.state() == WorkOrder::HANDLING);
  order = at.Do("ReplyWorkOrder", order, R"({"reply": "用工单位已于本日支付全部工资"})", at.office);
  CHECK(order.state() == WorkOrder::REPLIED);
  CHECK(Orders::DueOn(order, WorkOrder::HANDLE_BY) == "stopped");
  order = at.Do("VisitWorkOrder", order, R"({"satisfaction": "02", "words": "来电人表示工资已到账"})", at.agent);
  CHECK(order.state() == WorkOrder::VISITED);
  CHECK(at.Do("CloseWorkOrder", order, "{}", at.agent).state() == WorkOrder::CLOSED);
  CHECK(at.Findings() == "");
}

TEST_CASE("law 5.3: an office returns what is not its own within a working day; after the second return the centre decides") {
  Orders at;
  WorkOrder order = at.Route(at.Create());
  order = at.Do("ReturnWorkOrder", order, kRouted, at.office);
  CHECK(order.state() == WorkOrder::RETURNED);
  CHECK(order.returns(0).office() == "330783118");
  CHECK(!at.Sees(order, at.office));
  CHECK(ReasonOf(at.TryDesignate(order, at.supervisor).status()) == "NOT_RETURNED_TWICE");
  order = at.Route(order);
  at.GoTo("2026-11-04");
  CHECK(at.Refusal("ReturnWorkOrder", order, kRouted, at.office) == "RETURN_TOO_LATE");
  order = at.Do("ReturnWorkOrder", order, R"({"reason": "不属于我所管辖", "occurredOn": "2026-11-03"})", at.office);
  CHECK(ReasonOf(at.TryRoute(order, "03").status()) == "CENTRE_DECIDES");
  CHECK(ReasonOf(at.TryDesignate(order, at.agent).status()) == "NOT_FOUND");
  order = Orders::Must(at.TryDesignate(order, at.supervisor));
  CHECK(at.Refusal("ReturnWorkOrder", order, kRouted, at.office) == "ORDER_DESIGNATED");
  CHECK(at.Do("AcceptWorkOrder", order, "{}", at.office).state() == WorkOrder::ACCEPTED);
  CHECK(at.Findings() == "");
}

TEST_CASE("law 5.3: at three quarters of the limit supervision is proposed; the centre supervises and extends once") {
  Orders at;
  WorkOrder order = at.Accepted();  // on Monday; due on the Monday after
  CHECK(order.supervise_on() == "2026-11-05");
  at.GoTo("2026-11-05");
  CHECK(at.Now(order, at.agent).supervision_proposed_on().empty());
  at.GoTo("2026-11-06");
  order = at.Now(order, at.agent);
  CHECK(order.supervision_proposed_on() == "2026-11-06");
  CHECK(at.Refusal("SuperviseWorkOrder", order, R"({"instructions": "请抓紧"})", at.agent) == "NOT_FOUND");
  order = at.Do("SuperviseWorkOrder", order, R"({"instructions": "请于期限内回复"})", at.supervisor);
  CHECK(order.supervisions(0).on() == "2026-11-06");
  order = at.Do("ExtendWorkOrder", order, R"({"until": "2026-11-20", "reason": "需要调取考勤记录"})", at.supervisor);
  CHECK(Orders::DueOn(order, WorkOrder::HANDLE_BY) == "2026-11-20");
  CHECK(order.supervise_on() == "2026-11-16");  // of fourteen working days the tenth
  CHECK(at.Refusal("ExtendWorkOrder", order, R"({"until": "2026-11-27", "reason": "再延"})", at.supervisor) ==
        "ALREADY_EXTENDED");
  at.GoTo("2026-11-17");
  CHECK(at.Now(order, at.agent).supervision_proposed_on() == "2026-11-17");
  CHECK(at.Findings() == "");
}

TEST_CASE("law 5.3: who stays dissatisfied has his order handled again, put right within fifteen days") {
  Orders at;
  WorkOrder order = at.Do("ReplyWorkOrder", at.Accepted(), R"({"reply": "已告知"})", at.office);
  order = at.Do("VisitWorkOrder", order, R"({"satisfaction": "05", "words": "来电人称工资未付"})", at.agent);
  CHECK(order.state() == WorkOrder::REOPENED);
  CHECK(Orders::DueOn(order, WorkOrder::RECTIFY_BY) == "2026-11-17");
  order = at.Do("AcceptWorkOrder", at.Route(order), "{}", at.office);
  order = at.Do("ReplyWorkOrder", order, R"({"reply": "工资已付清"})", at.office);
  CHECK(Orders::DueOn(order, WorkOrder::RECTIFY_BY) == "stopped");
  order = at.Do("VisitWorkOrder", order, R"({"satisfaction": "01", "words": "满意"})", at.agent);
  CHECK(order.state() == WorkOrder::VISITED);
  CHECK(order.reopenings() == 1);
  CHECK(at.Findings() == "");
}

TEST_CASE("a message is answered within one working day") {
  Orders at;
  const WorkOrder order = at.Create("06");
  CHECK(Orders::DueOn(order, WorkOrder::ANSWER_BY) == "2026-11-03");
  CHECK(Orders::DueOn(at.Do("AnswerWorkOrder", order, R"({"answer": "已回电告知"})", at.agent), WorkOrder::ANSWER_BY) ==
        "stopped");
  CHECK(Orders::DueOn(at.Create("01"), WorkOrder::ANSWER_BY) == "");
}

TEST_CASE("law 5.1: an order of 12345 keeps its number, is registered once and is answered there") {
  Orders at;
  const std::string of_12345 = R"("sourceNumber": "DY20261102-0007", )";
  WorkOrder order = at.Create("08", of_12345);
  CHECK(order.source_number() == "DY20261102-0007");
  CHECK(at.Refusal<WorkOrder>("CreateWorkOrder", at.CreateJson("08", of_12345), at.agent) == "SOURCE_ORDER_KNOWN");
  order = at.Do("AnswerWorkOrder", order, R"({"answer": "已告知"})", at.agent);
  CHECK(at.Refusal("CloseWorkOrder", order, "{}", at.agent) == "SOURCE_NOT_ANSWERED");
  order = at.Do("AnswerWorkOrderSource", order, R"({"receipt": "HF-0007"})", at.agent);
  CHECK(at.Do("CloseWorkOrder", order, "{}", at.agent).state() == WorkOrder::CLOSED);
  const WorkOrder own = at.Do("AnswerWorkOrder", at.Create(), R"({"answer": "已告知"})", at.agent);
  CHECK(at.Refusal("AnswerWorkOrderSource", own, R"({"receipt": "HF-0008"})", at.agent) == "NO_SOURCE_ORDER");
}

TEST_CASE("a repeat is linked to the first order, and closed without an answer of its own") {
  Orders at;
  const WorkOrder first = at.Create(), second = at.Create(), third = at.Create();
  const auto repeat_of = [](const WorkOrder& order) { return R"({"repeatOf": ")" + order.id() + "\"}"; };
  CHECK(at.Refusal("LinkWorkOrder", first, repeat_of(first), at.agent) == "REPEAT_OF_ITSELF");
  const WorkOrder linked = at.Do("LinkWorkOrder", second, repeat_of(first), at.agent);
  CHECK(at.Refusal("LinkWorkOrder", third, repeat_of(linked), at.agent) == "REPEAT_OF_REPEAT");
  CHECK(at.Do("CloseWorkOrder", linked, "{}", at.agent).state() == WorkOrder::CLOSED);
  const WorkOrder again = at.Do("ReopenWorkOrder", linked, R"({"reason": "另有新情况"})", at.agent);
  CHECK(again.state() == WorkOrder::REOPENED);
  CHECK(again.closed_on().empty());
  CHECK(at.Findings() == "");
}

TEST_CASE("orders are found by their centre and by their number at the source") {
  Orders at;
  const WorkOrder order = at.Create("08", R"("sourceNumber": "DY20261102-0009", )");
  at.Create();
  const auto found = [&](const v1::ListWorkOrdersRequest& request) {
    rpc::Call call = at.Of("/sifa.hotline.v1.WorkOrderService/ListWorkOrders", at.agent);
    return Orders::Must(at.backend.List<WorkOrder, v1::ListWorkOrdersResponse>(call, request)).work_orders_size();
  };
  v1::ListWorkOrdersRequest request;
  request.set_centre(at.centre.id());
  CHECK(found(request) == 2);
  request.set_source_number("DY20261102-0009");
  CHECK(found(request) == 1);
  request.set_source_number("DY20261102-0010");
  CHECK(found(request) == 0);
}

}  // namespace sifa::hotline
