// 矛盾纠纷排查 (law §3.2 LEAD, §3.6): rounds, leads, what is prevented, and how the monthly table counts it.
#include "services/mediation/screening.h"

#include "libs/testing/procedure_checks.h"
#include "services/mediation/correction_fixture.h"

namespace sifa::mediation {
namespace {

struct Screener : CorrectionFixture {
  absl::StatusOr<Screening> Record(bool found, const std::string& round = "", const std::string& day = "2024-08-20") {
    const auto place = [&](auto& r) {
      r.set_committee(committee.id());
      r.set_region("330783");
      r.set_occurred_on(day);
    };
    if (!found) {
      v1::RecordScreeningRequest r;
      place(r);
      auto call = Call("ScreeningService/RecordScreening", mediator);
      return Do<Screening>(call, r);
    }
    v1::FindDisputeRequest r;
    place(r);
    r.set_round(round);
    r.mutable_lead()->set_type("02");
    r.mutable_lead()->set_facts("两家争水");
    auto call = Call("ScreeningService/FindDispute", mediator);
    return Do<Screening>(call, r);
  }
  absl::StatusOr<Screening> Prevent(const Screening& s, const std::string& day = "2024-08-21") {
    v1::PreventDisputeRequest r;
    r.set_id(s.id());
    r.set_occurred_on(day);
    r.mutable_prevention()->set_measures("专人劝导，通知家属看护");
    auto call = Call("ScreeningService/PreventDispute", mediator);
    return Do<Screening>(call, r);
  }
  absl::StatusOr<Screening> Settle(const Screening& s, const std::string& danger, int people, const std::string& day = "2024-09-01") {
    v1::SettleScreeningRequest r;
    r.set_id(s.id());
    r.set_occurred_on(day);
    r.set_danger(danger);
    r.set_people(people);
    auto call = Call("ScreeningService/SettleScreening", mediator);
    return Do<Screening>(call, r);
  }
  absl::StatusOr<Screening> OpenCase(const Screening& s, const std::string& case_id, const std::string& day = "") {
    v1::OpenScreenedCaseRequest r;
    r.set_id(s.id());
    r.set_occurred_on(day);
    r.set_case_id(case_id);
    auto call = Call("ScreeningService/OpenScreenedCase", mediator);
    return Do<Screening>(call, r);
  }
  absl::StatusOr<Screening> Escalate(const Screening& s) {
    v1::EscalateScreeningRequest r;
    r.set_id(s.id());
    r.set_outcome("发生肢体冲突，已报告派出所");
    auto call = Call("ScreeningService/EscalateScreening", mediator);
    return Do<Screening>(call, r);
  }

  absl::Status Void(const Screening& s) {
    ASSIGN_OR_RETURN(const Correction asked, Request(Of(s, Correction::VOID)));
    return Approve(asked, head).status();
  }
};

// Figures of the cube by the names of its measures; empty where the object does not count in it.
std::map<std::string, int64_t> Figures(const Screening& s, const statistics::Cube& cube) {
  std::map<std::string, int64_t> figures;
  for (const auto& count : testing::CountsOf(kScreening, s)) {
    if (count.cube() != cube.name) continue;
    for (int i = 0; i < count.measures_size(); ++i) {
      if (count.measures(i) != 0) figures[std::string(cube.measures[i].name)] = count.measures(i);
    }
  }
  return figures;
}
using Map = std::map<std::string, int64_t>;

}  // namespace

TEST_CASE("a round that finds nothing is counted as a round, and is done") {
  Screener at;
  const Screening clear = Must(at.Record(false));
  CHECK(clear.state() == Screening::CLEAR);
  CHECK(Figures(clear, kScreeningsCube) == Map{{"screened", 1}});
  CHECK(testing::CountsOf(kScreening, clear)[0].day() == "2024-08-20");
  CHECK(ReasonOf(at.Prevent(clear).status()) == "ACTION_NOT_ALLOWED");
}

TEST_CASE("a further dispute of the same round is a dispute more and no round more") {
  Screener at;
  const Screening first = Must(at.Record(true)), further = Must(at.Record(true, first.id()));
  CHECK(Figures(first, kScreeningsCube) == Map{{"screened", 1}, {"found", 1}, {"pending", 1}});
  CHECK(Figures(further, kScreeningsCube) == Map{{"found", 1}, {"pending", 1}});
  CHECK(ReasonOf(at.Record(true, further.id()).status()) == "ROUND_UNKNOWN");
  CHECK(ReasonOf(at.Record(true, first.id(), "2024-08-19").status()) == "ROUND_UNKNOWN");
}

TEST_CASE("a committee with a lead that is not concluded is not dissolved") {
  Screener at;
  const Screening lead = Must(at.Record(true));
  v1::CommitteeActRequest r;
  r.set_id(at.committee.id());
  auto call = at.Call("CommitteeService/DissolveCommittee", at.officer);
  CHECK(ReasonOf(at.Do<Committee>(call, r).status()) == "COMMITTEE_HAS_SCREENINGS");
  Must(at.Escalate(lead));
  CHECK(at.Do<Committee>(call, r).ok());
}

TEST_CASE("the record that stands for a round is voided after the others of the round") {
  Screener at;
  const Screening first = Must(at.Record(true)), further = Must(at.Record(true, first.id())), other = Must(at.Record(true));
  CHECK(ReasonOf(at.Void(first)) == "ROUND_HAS_RECORDS");
  CHECK(at.Void(other).ok());
  CHECK(at.Void(further).ok());
  CHECK(at.Void(first).ok());
}

TEST_CASE("a case comes from one screening, and not from one of later") {
  Screener at;
  const Screening lead = Must(at.Record(true)), again = Must(at.Record(true));
  const Case earlier = at.Accept(at.Apply(), "2024-08-19");
  CHECK(ReasonOf(at.OpenCase(lead, earlier.id()).status()) == "CASE_EARLIER");
  const Case c = at.Accept(at.Apply(), "2024-08-20");
  REQUIRE(at.OpenCase(lead, c.id()).ok());
  CHECK(ReasonOf(at.OpenCase(again, c.id()).status()) == "CASE_SCREENED");
  CHECK(ReasonOf(at.Request(Screener::Of(c, Correction::VOID)).status()) == "CASE_FROM_SCREENING");
  REQUIRE(at.Void(lead).ok());
  CHECK(at.OpenCase(again, c.id()).ok());
  const Screening third = Must(at.Record(true));
  auto application = at.Application();
  application.set_occurred_on("2024-08-25");
  auto call = at.Call("CaseService/ApplyCase", at.mediator);
  const Case later = Must(at.Do<Case>(call, application));
  CHECK(ReasonOf(at.OpenCase(third, later.id(), "2024-08-24").status()) == "ACT_OUT_OF_ORDER");
  CHECK(at.OpenCase(third, later.id(), "2024-08-25").ok());
}

TEST_CASE("人民调解法 §25: what measures prevented is counted by its danger and people, on the day on which it was clear") {
  Screener at;
  const Screening lead = Must(at.Record(true));
  CHECK(ReasonOf(at.Settle(lead, "1", 0).status()) == "ACTION_NOT_ALLOWED");  // nothing was done yet
  CHECK(ReasonOf(at.Prevent(lead, "2024-08-19").status()) == "ACT_OUT_OF_ORDER");
  const Screening preventing = Must(at.Prevent(Must(at.Prevent(lead))));
  CHECK(preventing.preventions_size() == 2);
  CHECK(ReasonOf(at.Settle(preventing, "2", 0).status()) == "PEOPLE_MISSING");
  CHECK(Figures(preventing, kPreventionCube).empty());
  const Screening settled = Must(at.Settle(preventing, "2", 3));
  CHECK(Figures(settled, kPreventionCube) == Map{{"prevented", 1}, {"suicide", 1}, {"suicide_people", 3}});
  CHECK(testing::CountsOf(kScreening, settled)[1].day() == "2024-09-01");
  CHECK(Figures(settled, kScreeningsCube) == Map{{"screened", 1}, {"found", 1}, {"prevented", 1}});
  const Screening ordinary = Must(at.Settle(Must(at.Prevent(Must(at.Record(true)))), "1", 0));
  CHECK(Figures(ordinary, kPreventionCube) == Map{{"prevented", 1}});
}

TEST_CASE("人民调解法 §17: a dispute that was found becomes a case of the committee, or is reported where it broke out") {
  Screener at;
  const Screening lead = Must(at.Record(true));
  CHECK(ReasonOf(at.OpenCase(lead, lead.id()).status()) == "CASE_UNKNOWN");
  const Case c = at.Apply();
  const Screening opened = Must(at.OpenCase(lead, c.id()));
  CHECK(opened.case_id() == c.id());
  CHECK(Figures(opened, kScreeningsCube) == Map{{"screened", 1}, {"found", 1}, {"case_opened", 1}});
  CHECK(Figures(opened, kPreventionCube).empty());
  const Screening escalated = Must(at.Escalate(Must(at.Record(true))));
  CHECK(Figures(escalated, kScreeningsCube) == Map{{"screened", 1}, {"found", 1}, {"escalated", 1}});
  REQUIRE(escalated.papers_size() == 2);
  CHECK(escalated.papers(1).kind() == "RISK_REPORT");
}

TEST_CASE("a screening's lead, danger and days are put right as the acts said them") {
  Screener at;
  const Screening clear = Must(at.Record(false));
  const Screening found = Must(at.Record(true));
  const Screening more = Must(at.Record(true, found.id()));
  const Screening prevented = Must(at.Settle(Must(at.Prevent(found)), "2", 3));
  const auto reason = [&](const Screening& s, const char* path, const char* content) {
    return ReasonOf(at.Request(Screener::Amending(s, path, content)).status());
  };
  CHECK(reason(clear, "lead", R"({"lead": {"type": "02", "facts": "两家争水"}})") == "ACT_NOT_DONE");
  CHECK(reason(prevented, "lead", "{}") == "FIELD_REQUIRED");
  CHECK(reason(prevented, "danger", "{}") == "FIELD_REQUIRED");
  const auto taken_on = [&](const std::string& day) {
    return reason(prevented, "preventions", absl::StrCat(R"({"preventions": [{"measures": "劝导", "takenOn": ")", day, R"("}]})").c_str());
  };
  CHECK(taken_on("abc") == "FIELD_DATE");
  CHECK(taken_on("2030-01-01") == "DATE_FUTURE");
  CHECK(taken_on("2024-08-19") == "ACT_OUT_OF_ORDER");
  at.Amend(prevented, "preventions", R"({"preventions": [{"measures": "上门劝导"}]})");
  v1::GetScreeningRequest get;
  get.set_id(prevented.id());
  auto call = at.Call("ScreeningService/GetScreening", at.mediator);
  CHECK(Must(at.screenings.Get(call, get.id())).preventions(0).taken_on() == "2024-08-21");
  CHECK(reason(prevented, "screened_on", R"({"screenedOn": "2024-08-18"})") == "ROUND_HAS_RECORDS");
  CHECK(reason(more, "screened_on", R"({"screenedOn": "2024-08-18"})") == "ROUND_UNKNOWN");
  const Screening mistaken = Must(at.Record(true, "", "2024-08-22"));
  at.Correct(mistaken, Correction::VOID);
  CHECK(ReasonOf(at.Record(true, mistaken.id(), "2024-08-22").status()) == "ROUND_UNKNOWN");
  at.Amend(prevented, "outcome", R"({"outcome": "双方和好"})");
}

}  // namespace sifa::mediation
