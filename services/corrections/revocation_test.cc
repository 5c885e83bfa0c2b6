// The rules of a revocation (law §2.2 #16, #18, #19; §2.5 R13 to R15), over its table alone: no database, no clock.
#include "services/corrections/revocation.h"

#include <catch2/catch.hpp>

#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

Subject Of(const char* category, Subject::State state = Subject::ACTIVE) {
  Subject s = Probationer(state);
  s.mutable_decision()->set_category(category);
  return s;
}

Revocation For(const Subject& s, Revocation::Kind kind = Revocation::PROBATION,
               Revocation::Ground ground = Revocation::TWO_WARNINGS) {
  Revocation r;
  r.set_region(s.region());
  r.mutable_person()->set_category(s.decision().category());
  r.set_kind(kind);
  r.set_ground(ground);
  r.set_addressee(Revocation::ORIGINAL);
  return r;
}

std::string Propose(Revocation r, const procedure::Facts& facts) {
  return Do(kRevocationProcedure, r, Revocation::PROPOSE, facts);
}

std::string Submit(Revocation& r, const std::string& on, const std::string& received_on, const procedure::Facts& facts) {
  return Do<Revocation>(kRevocationProcedure, r, Revocation::SUBMIT, facts, [&](Revocation& o) {
    o.set_submitted_on(on);
    o.set_received_on(received_on);
    return absl::OkStatus();
  });
}

// Submitted on 2024-09-13 and received on the 16th.
Revocation Submitted(const Subject& s, Revocation::Kind kind, Revocation::Ground ground) {
  Revocation r = For(s, kind, ground);
  REQUIRE(Do(kRevocationProcedure, r, Revocation::PROPOSE, On("2024-09-12", s)) == "");
  procedure::Facts facts = On("2024-09-13", s);
  facts.today = absl::CivilDay(2024, 9, 16);
  REQUIRE(Submit(r, "2024-09-13", "2024-09-16", facts) == "");
  return r;
}

std::string Rule(Revocation& r, const std::string& day, Revocation::Ruling ruling) {
  return Do<Revocation>(kRevocationProcedure, r, Revocation::RECORD_RULING, On(day), [&](Revocation& o) {
    o.set_ruling(ruling);
    o.set_ruled_on(day);
    return absl::OkStatus();
  });
}

}  // namespace

TEST_CASE("社区矫正法 §45: 撤销缓刑 of probationers, 撤销假释 of parolees, 收监执行 of who serves outside prison, and no other") {
  const std::string another = "REVOCATION_OF_ANOTHER_CATEGORY";
  for (const char* category : {"01", "02", "03", "04"}) {
    const Subject s = Of(category);
    for (const auto kind : {Revocation::PROBATION, Revocation::PAROLE, Revocation::RECALL}) {
      CHECK(Propose(For(s, kind), On("2024-09-12", s)) == (static_cast<int>(kind) + 1 == category[1] - '0' ? "" : another));
    }
  }
}

TEST_CASE("law §2.5 R13, R14, R15: each of the three has its own grounds; parole needs no serious one (刑法 §86)") {
  using Grounds = std::vector<Revocation::Ground>;
  const auto admitted = [](const char* category, Revocation::Kind kind) {
    const Subject s = Of(category);
    Grounds grounds;
    for (int i = Revocation::Ground_MIN + 1; i <= Revocation::Ground_MAX; ++i) {
      const auto ground = static_cast<Revocation::Ground>(i);
      const std::string reason = Propose(For(s, kind, ground), On("2024-09-12", s));
      if (reason.empty())
        grounds.push_back(ground);
      else
        CHECK(reason == "GROUND_OF_ANOTHER_KIND");
    }
    return grounds;
  };
  CHECK(admitted(kProbation, Revocation::PROBATION) == Grounds{Revocation::BAN_BROKEN, Revocation::OVER_MONTH,
                                                               Revocation::PENALTY_UNHEEDED, Revocation::TWO_WARNINGS,
                                                               Revocation::OTHER_SERIOUS});
  CHECK(admitted(kParole, Revocation::PAROLE) ==
        Grounds{Revocation::OVER_MONTH, Revocation::TWO_WARNINGS, Revocation::PAROLE_BREACH});
  CHECK(admitted(kOutsidePrison, Revocation::RECALL) ==
        Grounds{Revocation::PENALTY_UNHEEDED, Revocation::TWO_WARNINGS, Revocation::OTHER_SERIOUS, Revocation::UNQUALIFIED,
                Revocation::LEFT_UNHEEDED, Revocation::NO_RECHECK, Revocation::CAUSE_GONE, Revocation::GUARANTOR_LOST});
}

TEST_CASE("实施办法 §46: the original court, and a local one only where that lies in another province") {
  const Subject s = Probationer();
  Revocation r = For(s);
  r.set_original_region("440106");
  CHECK(Propose(r, On("2024-09-12")) == "");
  r.set_addressee(Revocation::LOCAL);
  CHECK(Propose(r, On("2024-09-12")) == "");
  r.set_original_region("330106");
  CHECK(Propose(r, On("2024-09-12")) == "ADDRESSEE_NOT_COMPETENT");
}

TEST_CASE("one at a time, of whose term runs, reported or not") {
  const Subject s = Probationer();
  Revocation other;
  for (const auto state : {Revocation::PROPOSED, Revocation::SUBMITTED}) {
    other.set_state(state);
    CHECK(Propose(For(s), On("2024-09-12", s, other)) == "REVOCATION_OPEN");
  }
  for (const auto state : {Revocation::REFUSED, Revocation::WITHDRAWN}) {
    other.set_state(state);
    CHECK(Propose(For(s), On("2024-09-12", s, other)) == "");
  }
  CHECK(Propose(For(s), On("2024-11-12", Probationer(Subject::NOTICED))) == "");
  for (const auto state : {Subject::RELEASED, Subject::TERMINATED}) {
    CHECK(Propose(For(s), On("2024-09-12", Probationer(state))) == "SUBJECT_ENDED");
  }
}

TEST_CASE(
    "社区矫正法 §48, §49: thirty days from receipt, rolled over; the paper of its kind; received neither before nor in future") {
  const Revocation probation = Submitted(Probationer(), Revocation::PROBATION, Revocation::TWO_WARNINGS);
  CHECK(probation.clocks(0).due_on() == "2024-10-16");
  CHECK(probation.papers(0).label() == "撤销缓刑建议书");
  CHECK(Submitted(Of(kParole), Revocation::PAROLE, Revocation::PAROLE_BREACH).papers(0).label() == "撤销假释建议书");
  CHECK(Submitted(Of(kOutsidePrison), Revocation::RECALL, Revocation::CAUSE_GONE).papers(0).label() == "收监执行建议书");

  Revocation r = For(Probationer());
  REQUIRE(Do(kRevocationProcedure, r, Revocation::PROPOSE, On("2024-09-12")) == "");
  CHECK(Submit(r, "2024-09-13", "2024-09-12", On("2024-09-13")) == "RECEIPT_OUT_OF_ORDER");
  CHECK(Submit(r, "2024-09-13", "2024-09-14", On("2024-09-13")) == "RECEIPT_OUT_OF_ORDER");
  // Thirty days from Friday, 6 September end on Sunday, 6 October, in the national holiday.
  Revocation early = For(Probationer());
  REQUIRE(Do(kRevocationProcedure, early, Revocation::PROPOSE, On("2024-09-05")) == "");
  REQUIRE(Submit(early, "2024-09-06", "2024-09-06", On("2024-09-06")) == "");
  CHECK(early.clocks(0).due_on() == "2024-10-08");
}

TEST_CASE("a ruling falls either way, once, and not before the court has it") {
  Revocation r = Submitted(Probationer(), Revocation::PROBATION, Revocation::OVER_MONTH);
  CHECK(Rule(r, "2024-09-15", Revocation::GRANT) == "RULED_BEFORE_RECEIPT");
  Revocation refused = r;
  CHECK(Rule(refused, "2024-09-20", Revocation::REFUSE) == "");
  CHECK(refused.state() == Revocation::REFUSED);
  CHECK(Rule(refused, "2024-09-20", Revocation::GRANT) == "ACTION_NOT_ALLOWED");
  CHECK(Rule(r, "2024-09-20", Revocation::GRANT) == "");
  CHECK(r.state() == Revocation::GRANTED);
  CHECK(Do(kRevocationProcedure, r, Revocation::WITHDRAW, On("2024-09-21")) == "ACTION_NOT_ALLOWED");
}

}  // namespace sifa::corrections
