// Corrections of what was done: acts taken back, days put right, and what follows for limits.
#include "libs/casework/corrections.h"

#include "libs/casework/errand_fixture.h"

namespace sifa::casework {
namespace {

// Amends the day of an act, named by the act itself.
v1::RequestCorrectionRequest Dating(const Errand& errand, const v1::HistoryEntry& act, const std::string& day) {
  auto r = ErrandDesk::Of(errand, Correction::AMEND);
  r.set_act(act.journal_id());
  r.set_act_day(day);
  return r;
}

}  // namespace

TEST_CASE("a withdrawn act is undone: the object is again what it was before it, and goes on from there") {
  ErrandDesk desk;
  const Errand taken = desk.Take(desk.Order("2024-08-01"));
  REQUIRE(!taken.number().empty());
  const Correction done = desk.CarryOut(ErrandDesk::Of(taken, Correction::WITHDRAW_ACT));
  CHECK(done.action() == "TAKE");
  const Errand back = desk.Now(taken);
  CHECK(back.state() == Errand::ORDERED);
  CHECK(back.acted_on() == "2024-08-01");
  CHECK(back.taken_on().empty());
  CHECK(back.clocks().empty());
  CHECK(back.etag() == "3");
  CHECK(desk.ActsOn(back) == std::vector<std::string>{"ORDER", "TAKE", "CORRECT"});
  SECTION("its number stays used: another taking gets the next one") { CHECK(desk.Take(back).number() == "（2024）交办第2号"); }
  SECTION("only the latest act still in force can be withdrawn, the first one not at all") {
    CHECK(ReasonOf(desk.Request(ErrandDesk::Of(back, Correction::WITHDRAW_ACT)).status()) == "ACT_IS_FIRST");
  }
}

TEST_CASE("an earlier act is withdrawn only after those that followed it") {
  ErrandDesk desk;
  const Errand errand = desk.Assign(desk.Take(desk.Order()));
  auto r = ErrandDesk::Of(errand, Correction::WITHDRAW_ACT);
  r.set_act(desk.History(errand).entries(1).journal_id());
  CHECK(ReasonOf(desk.Request(r).status()) == "ACT_NOT_LATEST");
  desk.CarryOut(ErrandDesk::Of(errand, Correction::WITHDRAW_ACT));  // the assignment
  desk.CarryOut(r);
  CHECK(desk.Now(errand).state() == Errand::ORDERED);
}

TEST_CASE("a corrected day of an act is that of the course, and an act that it would follow shows as a broken rule") {
  ErrandDesk desk;
  const Errand errand =
      desk.Do("Report", desk.Assign(desk.Take(desk.Order("2024-08-01"), "2024-08-01"), "2024-08-01"), "2024-08-30");
  desk.Do("FollowUp", errand, "2024-08-31");
  const auto correction = Dating(errand, *desk.History(errand).entries().rbegin(), "2024-09-02");
  CHECK(desk.Effect(Must(desk.Request(correction))).broken_rules_size() == 0);
  desk.Do("FollowUp", errand, "2024-09-01");
  const auto effect = desk.Effect(Must(desk.Request(correction)));
  REQUIRE(effect.broken_rules_size() == 1);
  CHECK(effect.broken_rules(0).find("2024-09-01早于2024-09-02") != std::string::npos);
  desk.CarryOut(ErrandDesk::Of(errand, Correction::WITHDRAW_ACT));
  CHECK(desk.Now(errand).acted_on() == "2024-08-31");
  desk.CarryOut(correction);
  CHECK(desk.Now(errand).acted_on() == "2024-09-02");
}

TEST_CASE("amending the day of an act moves the limits that ran from it") {
  ErrandDesk desk;
  const Errand wrong = desk.Take(desk.Order("2024-08-01"));
  const Errand right = desk.Take(desk.Order("2024-08-01"), "2024-08-20");
  REQUIRE(desk.Due(wrong) != desk.Due(right));
  const Correction done = desk.CarryOut(ErrandDesk::Amending(wrong, "taken_on", R"({"takenOn": "2024-08-20"})"));
  const Errand amended = desk.Now(wrong);
  CHECK(amended.taken_on() == "2024-08-20");
  CHECK(amended.number() == wrong.number());
  CHECK(desk.Due(amended) == desk.Due(right));
  REQUIRE(done.effect().clocks_size() == 1);
  CHECK(done.effect().clocks(0).before().due_on() == desk.Due(wrong));
  CHECK(done.effect().clocks(0).after().due_on() == desk.Due(right));
  SECTION("an act withdrawn later does not undo the amendment") {
    desk.Assign(amended);
    desk.CarryOut(ErrandDesk::Of(amended, Correction::WITHDRAW_ACT));
    CHECK(desk.Now(amended).taken_on() == "2024-08-20");
    CHECK(desk.Due(desk.Now(amended)) == desk.Due(right));
  }
}

TEST_CASE("the day of an act is the one amended last, whichever way it was named") {
  ErrandDesk desk;
  const Errand taken = desk.Take(desk.Order("2024-08-01"), "2024-08-26");
  auto by_act = Dating(taken, desk.History(taken).entries(1), "2024-08-20");
  desk.CarryOut(by_act);
  CHECK(desk.Now(taken).taken_on() == "2024-08-20");
  CHECK(desk.Due(desk.Now(taken)) == "2024-09-19");
  desk.CarryOut(ErrandDesk::Amending(taken, "taken_on", R"({"takenOn": "2024-08-21"})"));
  CHECK(desk.Due(desk.Now(taken)) == "2024-09-20");
  desk.CarryOut(ErrandDesk::Amending(taken, "taken_on", R"({"takenOn": "2024-08-26"})"));  // right at first
  CHECK(desk.Due(desk.Now(taken)) == desk.Due(taken));
  by_act.set_act_day("2024-08-19");
  desk.CarryOut(by_act);
  CHECK(desk.Now(taken).taken_on() == "2024-08-19");
  CHECK(desk.Due(desk.Now(taken)) == "2024-09-18");
  SECTION("one request names one day") {
    by_act.mutable_update_mask()->add_paths("taken_on");
    by_act.set_content(R"({"takenOn": "2024-08-18"})");
    CHECK(ReasonOf(desk.Request(by_act).status()) == "DATES_DIFFER");
    by_act.set_content(R"({"takenOn": "2024-08-19"})");
    CHECK(desk.Request(by_act).ok());
    CHECK(ReasonOf(desk.Request(ErrandDesk::Amending(taken, "taken_on", "{}")).status()) == "FIELD_REQUIRED");
  }
}

TEST_CASE("an amendment of what was recorded before the withdrawn act survives its withdrawal") {
  ErrandDesk desk;
  const Errand assigned = desk.Assign(desk.Take(desk.Order("2024-08-01")));
  desk.CarryOut(ErrandDesk::Amending(assigned, "taken_on", R"({"takenOn": "2024-08-20"})"));
  const std::string due = desk.Due(desk.Now(assigned));
  desk.CarryOut(ErrandDesk::Of(assigned, Correction::WITHDRAW_ACT));
  const Errand back = desk.Now(assigned);
  CHECK(back.state() == Errand::TAKEN);
  CHECK(back.taken_on() == "2024-08-20");
  CHECK(desk.Due(back) == due);
}

TEST_CASE("a rule that a past act meets no longer is named, and does not hinder the truth") {
  ErrandDesk desk;
  const Errand taken = desk.Take(desk.Order());
  const Correction asked = Must(desk.Request(ErrandDesk::Amending(taken, "task", "{}")));
  const auto effect = desk.Effect(asked);
  REQUIRE(effect.broken_rules_size() == 1);
  CHECK(effect.broken_rules(0) == "应当写明交办的事项（《信访工作条例》第23条）");
  Must(desk.Approve(asked));
  CHECK(desk.Now(taken).task().empty());
}

TEST_CASE("days put right that contradict what followed are shown to whoever approves") {
  ErrandDesk desk;
  const Errand errand =
      desk.Do("Report", desk.Assign(desk.Take(desk.Order("2024-08-01"), "2024-08-20"), "2024-08-20"), "2024-08-30");
  const auto broken = [&](const char* content) {
    return desk.Effect(Must(desk.Request(ErrandDesk::Amending(errand, "taken_on", content)))).broken_rules_size();
  };
  CHECK(broken(R"({"takenOn": "2024-09-01"})") > 0);
  CHECK(broken(R"({"takenOn": "2024-08-19"})") == 0);
}

TEST_CASE("a date says that its act was done: without the act it is not amended in") {
  ErrandDesk desk;
  const Errand taken = desk.Take(desk.Order());
  const auto amended = [&](const Errand& errand) {
    return ReasonOf(desk.Request(ErrandDesk::Amending(errand, "reported_on", R"({"reportedOn": "2024-09-02"})")).status());
  };
  CHECK(amended(taken) == "ACT_NOT_DONE");
  const Errand assigned = desk.Assign(taken);
  CHECK(amended(assigned) == "ACT_NOT_DONE");
  const Errand reported = desk.Do("Report", assigned);
  CHECK(amended(reported) == "CORRECTION_EMPTY");
}

}  // namespace sifa::casework
