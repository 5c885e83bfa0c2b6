// Corrections of what was done: acts taken back, days put right, and what follows for limits and other objects.
#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

using Desk = CorrectionFixture;

}  // namespace

TEST_CASE("amending the day of an act moves the limits that ran from it") {
  Desk desk;
  const Case wrong = desk.Accept(desk.Apply());
  const Case right = desk.Accept(desk.Apply(), "2024-08-20");
  REQUIRE(Desk::Due(wrong, "CONCLUDE") != Desk::Due(right, "CONCLUDE"));
  const Correction done = desk.CarryOut(Desk::Amending(wrong, "accepted_on", R"({"acceptedOn": "2024-08-20"})"));
  const Case amended = desk.Reload(wrong);
  CHECK(amended.accepted_on() == "2024-08-20");
  CHECK(amended.number() == wrong.number());
  CHECK(Desk::Due(amended, "CONCLUDE") == Desk::Due(right, "CONCLUDE"));
  REQUIRE(done.effect().clocks_size() == 1);
  CHECK(done.effect().clocks(0).before().due_on() == Desk::Due(wrong, "CONCLUDE"));
  CHECK(done.effect().clocks(0).after().due_on() == Desk::Due(right, "CONCLUDE"));
  SECTION("and the figures follow: one case less on the old day, one more on the new") {
    REQUIRE(done.effect().counts().before_size() == 2);  // as a case, and by its limit
    CHECK(done.effect().counts().before(0).day() == "2024-09-02");
    CHECK(done.effect().counts().after(0).day() == "2024-08-20");
  }
  SECTION("an act withdrawn later does not undo the amendment") {
    desk.Assign(amended);
    desk.CarryOut(Desk::Of(amended, Correction::WITHDRAW_ACT));
    CHECK(desk.Reload(amended).accepted_on() == "2024-08-20");
    CHECK(Desk::Due(desk.Reload(amended), "CONCLUDE") == Desk::Due(right, "CONCLUDE"));
  }
}

TEST_CASE("an election put right leaves the days of the later one") {
  Desk desk;
  v1::ChangeCommitteeRequest reelect;
  reelect.set_id(desk.committee.id());
  *reelect.mutable_members() = desk.committee.members();
  auto electing = desk.Call("CommitteeService/ReelectCommittee", desk.officer);
  const Committee elected = Must(desk.Do<Committee>(electing, reelect));
  casework::v1::RequestCorrectionRequest r;
  r.set_object_type("Committee");
  r.set_object(desk.committee.id());
  r.set_kind(Correction::AMEND);
  r.set_reason("登记有误");
  r.set_act_day("2021-09-01");
  r.set_act([&] {
    auto call = desk.Call("CommitteeService/GetCommitteeHistory", desk.head);
    casework::v1::GetHistoryRequest history;
    history.set_id(desk.committee.id());
    return Must(casework::History(desk.backend(), desk.committees.type(), call, history)).entries(0).journal_id();
  }());
  desk.CarryOut(r);
  auto call = desk.Call("CommitteeService/GetCommittee", desk.head);
  v1::GetCommitteeRequest get;
  get.set_id(desk.committee.id());
  const Committee after = Must(desk.committees.Get(call, get.id()));
  CHECK(after.elected_on() == elected.elected_on());
  CHECK(after.clocks(0).due_on() == elected.clocks(0).due_on());
}

TEST_CASE("a limit that an amendment leaves without ground is gone, wherever it stands among the others") {
  Desk desk;
  const Case agreed = desk.Agreed(desk.Accept(desk.Apply(), "2024-08-20"));
  desk.CarryOut(Desk::Amending(agreed, "agreement.perform_by", R"({"agreement": {"performBy": "2024-12-31"}})"));
  const Case dated = desk.Reload(agreed);
  CHECK(Desk::Due(dated, "PERFORMANCE") == "2024-12-31");
  desk.CarryOut(Desk::Amending(agreed, "particulars.about_status", R"({"particulars": {"aboutStatus": true}})"));
  CHECK(Desk::Due(desk.Reload(agreed), "CONFIRM").empty());
  CHECK(Desk::Due(desk.Reload(agreed), "PERFORMANCE") == "2024-12-31");
  const Correction undated = desk.CarryOut(Desk::Amending(agreed, "agreement.perform_by", "{}"));
  CHECK(undated.effect().clocks_size() == 1);
  CHECK(Desk::Due(desk.Reload(agreed), "PERFORMANCE").empty());
  CHECK(Desk::Due(desk.Reload(agreed), "CONCLUDE") == Desk::Due(agreed, "CONCLUDE"));
}

TEST_CASE("人民调解法 §29: signatures put right are those of parties, of each one") {
  Desk desk;
  const Case agreed = desk.Agree(desk.Accept(desk.Apply()));
  const auto refused = [&](int third) {
    return ReasonOf(desk.Request(Desk::Amending(agreed, "agreement.signatures",
                                                absl::StrCat(R"({"agreement": {"signatures": [{"party": 0, "signedOn": "2024-09-02"},)",
                                                             R"({"party": 1, "signedOn": "2024-09-02"}, {"party": )", third,
                                                             R"(, "signedOn": "2024-09-02"}]}})")))
                        .status());
  };
  CHECK(refused(7) == "PARTY_UNKNOWN");
  CHECK(refused(1) == "SIGNED_TWICE");
}

}  // namespace sifa::mediation
