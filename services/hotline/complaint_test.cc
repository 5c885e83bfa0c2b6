// 投诉台账 (law §5.4 H3): every step dated, and the order of the caller waits for the outcome.
#include "services/hotline/complaint.h"

#include "services/hotline/work_order_fixture.h"

namespace sifa::hotline {
namespace {

class Ledger : public Orders {
 public:
  Complaint Register(const WorkOrder& order) {
    return Do<Complaint>("RegisterComplaint",
                         R"({"workOrder": ")" + order.id() + R"(", "against": "东阳某律师事务所", "againstKind": "01"})", agent);
  }
  absl::StatusOr<Complaint> TryTransfer(const Complaint& complaint, const std::string& office_code = "330783118") {
    v1::TransferComplaintRequest request;
    request.set_id(complaint.id());
    request.set_office(office_code);
    request.mutable_seal()->set_seal("东阳市司法局公章");
    request.mutable_seal()->set_document("转办函");
    request.mutable_seal()->set_copies(2);
    request.mutable_seal()->set_approved_by("金建中");
    rpc::Call call = Of("/sifa.hotline.v1.ComplaintService/TransferComplaint", supervisor);
    return TransferComplaint(*backend.backend, call, request);
  }
};

}  // namespace

TEST_CASE("a complaint is registered out of an order, accepted and told, transferred under seal, handled, served and closed") {
  Ledger at;
  WorkOrder order = at.Create();
  Complaint complaint = at.Register(order);
  CHECK(complaint.number() == "（2026）330783热诉字第1号");
  CHECK(complaint.facts() == order.matter().facts());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::HANDLING);
  CHECK(order.complaint() == complaint.id());
  CHECK(ReasonOf(at.TryTransfer(complaint).status()) == "ACTION_NOT_ALLOWED");
  complaint = at.Do("AcceptComplaint", complaint, R"({"toldHow": "03"})", at.supervisor);
  CHECK(!at.Sees(complaint, at.office));
  CHECK(ReasonOf(at.TryTransfer(complaint, "999999").status()) == "ORGANISATION_UNKNOWN");
  complaint = Ledger::Must(at.TryTransfer(complaint));
  CHECK(complaint.seal().on() == "2026-11-02");
  CHECK(complaint.seal().used_by() == at.supervisor.sub());
  at.GoTo("2026-11-09");
  complaint = at.Do("HandleComplaint", complaint, R"({"outcome": "PARTLY_UPHELD", "result": "收费未开具发票，已责令改正"})", at.office);
  complaint = at.Do("ServeComplaint", complaint, R"({"servedHow": "04", "receivedBy": "赵大山"})", at.supervisor);
  complaint = at.Do("CloseComplaint", complaint, "{}", at.supervisor);
  CHECK(complaint.state() == Complaint::CLOSED);
  CHECK(complaint.registered_on() == "2026-11-02");
  CHECK(complaint.handled_on() == "2026-11-09");
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::REPLIED);
  CHECK(order.reply() == "投诉部分属实：收费未开具发票，已责令改正");
  const auto counts = statistics::CountsOf(complaint, kComplaint.cubes);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].day() == "2026-11-02");
  CHECK(counts[0].measures(5) == 1);  // upheld
  CHECK(at.Findings() == "");
}

TEST_CASE("who complains is told of a refusal, and the order says so") {
  Ledger at;
  const WorkOrder order = at.Create();
  Complaint complaint = at.Register(order);
  CHECK(at.Refusal("DeclineComplaint", complaint, R"({"toldHow": "02", "reason": "已由法院受理"})", at.agent) == "NOT_FOUND");
  complaint = at.Do("DeclineComplaint", complaint, R"({"toldHow": "02", "reason": "同一事项已由人民法院受理"})", at.supervisor);
  CHECK(complaint.declined_on() == "2026-11-02");
  CHECK(at.Refusal("ServeComplaint", complaint, R"({"servedHow": "01"})", at.supervisor) == "ACTION_NOT_ALLOWED");
  at.Do("CloseComplaint", complaint, "{}", at.supervisor);
  CHECK(at.Now(order, at.agent).reply() == "投诉不予受理：同一事项已由人民法院受理");
  CHECK(at.Findings() == "");
}

TEST_CASE("an order goes into the ledger once") {
  Ledger at;
  const WorkOrder order = at.Create();
  at.Register(order);
  CHECK(at.Refusal<Complaint>("RegisterComplaint",
                              R"({"workOrder": ")" + order.id() + R"(", "against": "某律师", "againstKind": "01"})",
                              at.agent) == "ACTION_NOT_ALLOWED");
}

}  // namespace sifa::hotline
