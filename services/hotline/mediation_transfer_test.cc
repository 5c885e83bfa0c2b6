// 移送调解 (law §5.4 H5): one case of an order, both numbers kept, and nothing lost while mediation is away.
#include "services/hotline/mediation_transfer.h"

#include "services/hotline/work_order_fixture.h"

namespace sifa::hotline {
namespace {

constexpr char kTransferJson[] =
    R"({"transfer": {"committee": "01C0MM1TTEE000000000000000", "disputeType": "1001", "respondents": [{"name": "李明", "phone": "15400005678"}]}})";

// Mediation as far as hotline knows it: one case for each key.
class Transfers : public Orders {
 public:
  Transfers() : office_of_committee(Person("justice_officer", "330783118", 4)) {}

  WorkOrder Transfer(const WorkOrder& order) { return Do("TransferWorkOrderToMediation", order, kTransferJson, agent); }

  const Claims office_of_committee;
  std::map<std::string, mediation::v1::Case> cases;  // by request_id
  std::vector<std::string> accounts;                 // in whose names they were asked for
  int calls = 0;
  absl::Status refusal;
  bool answer_is_lost = false;
  mediation::v1::Progress progress;
  const MediationTransfer transfer{
      *backend.backend,
      {.apply = [this](const std::string& account, const mediation::v1::ApplyCaseRequest& request) -> absl::StatusOr<mediation::v1::Case> {
         ++calls;
         accounts.push_back(account);
         if (!refusal.ok()) return refusal;
         auto& made = cases[request.request_id()];
         made.set_id("01CASE00000000000000000000");
         made.set_state(mediation::v1::Case::APPLIED);
         made.set_organisation("330783118");
         made.set_organisation_path("/33/3307/330783/330783118/");
         made.set_progress_code("ABCDEFGH1234");
         *made.mutable_particulars() = request.particulars();
         if (answer_is_lost) return absl::DeadlineExceededError("lost");
         return made;
       },
       .progress = [this](const std::string& code) -> absl::StatusOr<mediation::v1::Progress> {
         CHECK(code == "ABCDEFGH1234");
         return progress;
       }}};
};

}  // namespace

TEST_CASE("an order that is transferred becomes one case, asked for in the agent's name") {
  Transfers at;
  WorkOrder order = at.Transfer(at.Create());
  CHECK(order.state() == WorkOrder::TRANSFERRING);
  CHECK(at.calls == 0);  // nothing is asked for inside the act
  CHECK(at.transfer.ApplyAll().ok());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::HANDLING);
  CHECK(order.case_id() == "01CASE00000000000000000000");
  CHECK(at.accounts == std::vector<std::string>{at.agent.sub()});
  REQUIRE(at.cases.size() == 1);
  const auto& particulars = at.cases.begin()->second.particulars();
  CHECK(at.cases.begin()->first == order.papers(0).journal_id());
  CHECK(particulars.parties(0).name() == "赵大山");
  CHECK(particulars.parties(1).name() == "李明");
  CHECK(particulars.facts() == order.matter().facts());
  CHECK(at.Sees(order, at.office_of_committee));
  CHECK(at.transfer.ApplyAll().ok());
  CHECK(at.calls == 1);
  CHECK(at.Findings() == "");
}

TEST_CASE("while mediation is away, or its answer is lost, the order waits; then there is one case") {
  Transfers at;
  const WorkOrder order = at.Transfer(at.Create());
  at.refusal = absl::UnavailableError("connection refused");
  CHECK(absl::IsUnavailable(at.transfer.ApplyAll()));
  CHECK(at.Now(order, at.agent).state() == WorkOrder::TRANSFERRING);
  at.refusal = absl::OkStatus();
  at.answer_is_lost = true;
  CHECK(!at.transfer.ApplyAll().ok());
  CHECK(at.Now(order, at.agent).state() == WorkOrder::TRANSFERRING);
  at.answer_is_lost = false;
  CHECK(at.transfer.ApplyAll().ok());
  CHECK(at.Now(order, at.agent).state() == WorkOrder::HANDLING);
  CHECK(at.cases.size() == 1);
}

TEST_CASE("what mediation refuses comes back with its reason, and may be transferred anew") {
  Transfers at;
  WorkOrder order = at.Transfer(at.Create());
  at.refusal = Error(absl::StatusCode::kFailedPrecondition, "PARTY_REFUSED", "当事人明确拒绝调解的，不得调解");
  CHECK(at.transfer.ApplyAll().ok());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::RETURNED);
  CHECK(order.refusals(0).reason() == "PARTY_REFUSED");
  at.refusal = absl::OkStatus();
  order = at.Transfer(order);
  CHECK(at.transfer.ApplyAll().ok());
  CHECK(at.Now(order, at.agent).state() == WorkOrder::HANDLING);
  CHECK(at.cases.begin()->first == order.papers(1).journal_id());
}

TEST_CASE("the order follows its case: to its number, and to the reply when it has ended") {
  Transfers at;
  WorkOrder order = at.Transfer(at.Create());
  REQUIRE(at.transfer.ApplyAll().ok());
  at.progress.set_state("ACCEPTED");
  at.progress.set_state_label("已受理");
  at.progress.set_number("（2026）东南人调字第1号");
  CHECK(at.transfer.FollowAll().ok());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::HANDLING);
  CHECK(order.case_number() == "（2026）东南人调字第1号");
  const std::string etag = order.etag();
  CHECK(at.transfer.FollowAll().ok());
  CHECK(at.Now(order, at.agent).etag() == etag);  // nothing has moved
  at.progress.set_state("AGREED_WRITTEN");
  at.progress.set_state_label("达成书面协议");
  CHECK(at.transfer.FollowAll().ok());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::REPLIED);
  CHECK(order.replied_on() == "2026-11-02");
  CHECK(at.Findings() == "");
}

TEST_CASE("a case that is not accepted returns the order") {
  Transfers at;
  WorkOrder order = at.Transfer(at.Create());
  REQUIRE(at.transfer.ApplyAll().ok());
  at.progress.set_state("REJECTED");
  at.progress.set_state_label("不予受理");
  CHECK(at.transfer.FollowAll().ok());
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::RETURNED);
  CHECK(order.refusals(0).message() == "不予受理");
  CHECK(!at.Sees(order, at.office_of_committee));
}

TEST_CASE("人民调解工作若干规定 §23: an application names who applies") {
  Transfers at;
  WorkOrder order = at.Create();
  order = at.Do("RecordWorkOrder", order, R"({"matter": {"place": "330783118", "basis": "STATED", "topic": "02", "facts": "欠薪"}})", at.agent);
  CHECK(at.Refusal("TransferWorkOrderToMediation", order, kTransferJson, at.agent) == "CALLER_UNNAMED");
}

}  // namespace sifa::hotline
