// 满意度评价 (law §5.4): by the citizen alone, once an order, once more after he was called back; and progress by the code.
#include "services/hotline/rating.h"

#include "services/hotline/work_order_fixture.h"

namespace sifa::hotline {
namespace {

class Ratings : public Orders {
 public:
  absl::StatusOr<v1::RatingReceipt> TryRate(const WorkOrder& order, const std::string& satisfaction) {
    v1::RateRequest request;
    request.set_code(order.code());
    request.set_satisfaction(satisfaction);
    rpc::Call call = Of("/sifa.hotline.v1.RatingService/Rate");
    return Rate(*backend.backend, call, request);
  }
  absl::StatusOr<v1::RatingReceipt> TrySupplement(const WorkOrder& order, const std::string& satisfaction) {
    v1::SupplementRatingRequest request;
    request.set_code(order.code());
    request.set_satisfaction(satisfaction);
    rpc::Call call = Of("/sifa.hotline.v1.RatingService/SupplementRating");
    return SupplementRating(*backend.backend, call, request);
  }
  absl::StatusOr<v1::Progress> Progress(const std::string& code) {
    v1::GetProgressRequest request;
    request.set_code(code);
    rpc::Call call = Of("/sifa.hotline.v1.RatingService/GetProgress");
    return GetProgress(*backend.backend, call, request);
  }
  WorkOrder Answered() { return Do("AnswerWorkOrder", Create(), R"({"answer": "可以申请劳动仲裁"})", agent); }
};

std::string Reason(const absl::Status& status) { return status.ok() ? "" : ReasonOf(status); }

}  // namespace

TEST_CASE("an order is rated once, within seven days of its answer") {
  Ratings at;
  const WorkOrder open = at.Create();
  CHECK(Reason(at.TryRate(open, "01").status()) == "RATING_CLOSED");
  const WorkOrder order = at.Answered(), late = at.Answered();
  at.GoTo("2026-11-09");
  const auto receipt = at.TryRate(order, "03");
  REQUIRE(receipt.ok());
  CHECK(receipt->rated_on() == "2026-11-09");
  CHECK(Reason(at.TryRate(order, "01").status()) == "ALREADY_RATED");
  CHECK(at.Now(order, at.agent).state() == WorkOrder::ANSWERED_ON_SPOT);  // 基本满意 is satisfied
  at.GoTo("2026-11-10");
  CHECK(Reason(at.TryRate(late, "01").status()) == "RATING_CLOSED");
  WorkOrder unknown;
  unknown.set_code("000000000000");
  CHECK(Reason(at.TryRate(unknown, "01").status()) == "NOT_FOUND");
  const auto ratings = at.All<Rating>();
  REQUIRE(ratings.size() == 1);
  const auto counts = statistics::CountsOf(ratings[0], kRating.cubes);
  REQUIRE(counts.size() == 1);
  CHECK(counts[0].measures(1) == 1);  // satisfied
  CHECK(counts[0].measures(4) == 1);  // fairly
  CHECK(at.Findings() == "");
}

TEST_CASE("who is dissatisfied is called back within a working day, also of a closed order, and may then rate once more") {
  Ratings at;
  WorkOrder order = at.Do("CloseWorkOrder", at.Answered(), "{}", at.agent);
  REQUIRE(at.TryRate(order, "04").ok());
  CHECK(Reason(at.TrySupplement(order, "01").status()) == "NOT_REVISITED");
  order = at.Now(order, at.agent);
  CHECK(order.state() == WorkOrder::DISSATISFIED);
  CHECK(Orders::DueOn(order, WorkOrder::VISIT_BY) == "2026-11-03");
  auto counts = statistics::CountsOf(order, kWorkOrder.cubes);
  REQUIRE(counts.size() == 2);
  CHECK(counts[1].measures(0) == 1);  // due
  CHECK(counts[1].measures(1) == 0);  // not visited
  order = at.Do("VisitWorkOrder", order, R"({"satisfaction": "02", "words": "已补充说明仲裁时效"})", at.agent);
  CHECK(order.state() == WorkOrder::VISITED);
  counts = statistics::CountsOf(order, kWorkOrder.cubes);
  CHECK(counts[1].measures(1) == 1);
  CHECK(counts[1].measures(2) == 1);  // in time
  const auto receipt = at.TrySupplement(order, "02");
  REQUIRE(receipt.ok());
  CHECK(receipt->satisfaction() == "04");
  CHECK(receipt->supplement() == "02");
  CHECK(Reason(at.TrySupplement(order, "01").status()) == "ACTION_NOT_ALLOWED");
  CHECK(at.Findings() == "");
}

TEST_CASE("a visit after its limit is counted late") {
  Ratings at;
  WorkOrder order = at.Answered();
  REQUIRE(at.TryRate(order, "05").ok());
  at.GoTo("2026-11-04");
  order = at.Do("VisitWorkOrder", order, R"({"satisfaction": "02", "words": "已说明"})", at.agent);
  CHECK(order.visits(0).late());
}

TEST_CASE("the code shows state and steps, and nothing personal") {
  Ratings at;
  const WorkOrder order = at.Do("ReplyWorkOrder", at.Accepted(), R"({"reply": "已付清"})", at.office);
  const auto progress = at.Progress(order.code());
  REQUIRE(progress.ok());
  CHECK(progress->state() == "REPLIED");
  CHECK(progress->number() == order.number());
  REQUIRE(progress->steps_size() == 4);
  CHECK(progress->steps(3).label() == "回复");
  CHECK_FALSE(progress->rated());
  const std::string shown = progress->DebugString();
  for (const auto& personal : {order.caller().name(), order.caller().phone(), order.matter().facts(), order.reply()}) {
    CHECK(shown.find(personal) == std::string::npos);
  }
  CHECK(Reason(at.Progress("000000000000").status()) == "NOT_FOUND");
}

}  // namespace sifa::hotline
