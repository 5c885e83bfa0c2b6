// 行政处罚案件 typed by hand.
#include "services/enforcement/case.h"

#include "services/enforcement/enforcement_fixture.h"

namespace sifa::enforcement {
namespace {

constexpr char kCode[] = "11330783002586105F";

std::string EntryJson(const std::string& number, const std::string& party, const std::string& more = "") {
  return absl::StrCat(R"({"agencyCode": ")", kCode, R"(", "decisionNumber": ")", number,
                      R"(", "decidedOn": "2026-03-02", "partyName": ")", party, R"(", "penalties": ["21"])", more, "}");
}
std::string Record(const std::string& entry) { return absl::StrCat(R"({"entry": )", entry, "}"); }
std::string Revise(const Entry& revised, const std::string& entry) {
  return absl::StrCat(R"({"reason": "金额写错", "entryKey": ")", revised.key(), R"(", "entry": )", entry, "}");
}

}  // namespace

TEST_CASE("one decision is one case, however many parties it has") {
  Enforcement at;
  at.Do<Agency>("RegisterAgency", AgencyJson(kCode), at.officer);
  Case c = at.Do<Case>("RecordCase", Record(EntryJson("东综执罚〔2026〕1号", "甲公司", R"(, "fineFen": 200000)")), at.clerk);
  CHECK(c.state() == Case::DECIDED);
  CHECK(c.organisation() == "330783-cm");
  CHECK(c.region() == "330783");
  CHECK(c.heaviest() == "21");
  CHECK(at.Refusal<Case>("RecordCase", Record(EntryJson("东综执罚〔2026〕1号", "乙公司")), at.clerk) == "CASE_RECORDED");
  c = at.Do("AddParty", c, Record(EntryJson("东综执罚〔2026〕1号", "乙公司", R"(, "fineFen": 50000)")), at.clerk);
  CHECK(c.fine_fen() == 250000);
  CHECK(at.Refusal("AddParty", c, Record(EntryJson("东综执罚〔2026〕1号", "乙公司")), at.clerk) == "PARTY_RECORDED");
  CHECK(at.Refusal("AddParty", c, Record(EntryJson("东综执罚〔2026〕2号", "丙公司")), at.clerk) == "CASE_KEY_DIFFERENT");
  CHECK(at.Findings() == "");
}

TEST_CASE("a record is revised with a reason, and void when no party is left") {
  Enforcement at;
  at.Do<Agency>("RegisterAgency", AgencyJson(kCode), at.officer);
  Case c = at.Do<Case>("RecordCase", Record(EntryJson("东综执罚〔2026〕1号", "甲公司", R"(, "fineFen": 200000)")), at.clerk);
  c = at.Do("ReviseCase", c,
            Revise(c.entries(0), EntryJson("东综执罚〔2026〕1号", "甲公司", R"(, "fineFen": 20000, "closedOn": "2026-04-01")")),
            at.clerk);
  REQUIRE(c.entries_size() == 1);
  CHECK(c.fine_fen() == 20000);
  CHECK(c.state() == Case::CLOSED);
  const std::string cancel = absl::StrCat(R"({"reason": "当事人写错", "entryKey": ")", c.entries(0).key(), "\"}");
  c = at.Do("CancelParty", c, cancel, at.clerk);
  CHECK(c.state() == Case::VOIDED);
  CHECK(c.fine_fen() == 0);
  c = at.Do("AddParty", c, Record(EntryJson("东综执罚〔2026〕1号", "乙公司")), at.clerk);
  CHECK(c.state() == Case::DECIDED);
  c = at.Do("VoidCase", c, R"({"reason": "并无此案"})", at.clerk);
  CHECK(c.state() == Case::VOIDED);
  CHECK(at.Findings() == "");
}

TEST_CASE("a case before its decision is known by its filing number, and keeps it when it is decided") {
  Enforcement at;
  at.Do<Agency>("RegisterAgency", AgencyJson(kCode), at.officer);
  const std::string filed =
      absl::StrCat(R"({"agencyCode": ")", kCode,
                   R"(", "filingNumber": "东综执立〔2026〕7号", "filedOn": "2026-02-02", "partyName": "甲公司")");
  Case c = at.Do<Case>("RecordCase", Record(filed + "}"), at.clerk);
  CHECK(c.state() == Case::OPEN);
  CHECK(at.Refusal<Case>("RecordCase", Record(filed + "}"), at.clerk) == "CASE_RECORDED");
  c = at.Do("ReviseCase", c,
            Revise(c.entries(0), filed + R"(, "decisionNumber": "东综执罚〔2026〕9号", "decidedOn": "2026-03-09"})"), at.clerk);
  CHECK(c.state() == Case::DECIDED);
  CHECK(c.decision_number() == "东综执罚〔2026〕9号");
  CHECK(at.Refusal<Case>("RecordCase", R"({"entry": {"agencyCode": "11330783002586105F", "partyName": "甲公司"}})", at.clerk) ==
        "KEY_MISSING");
  CHECK(at.Findings() == "");
}

TEST_CASE("who does not reach the agency records nothing of it and reads nothing; the county reads all") {
  Enforcement at;
  at.Do<Agency>("RegisterAgency", AgencyJson(kCode), at.officer);
  CHECK(at.Refusal<Case>("RecordCase", Record(EntryJson("东综执罚〔2026〕1号", "甲公司")), at.other_clerk) == "ORGAN_FOREIGN");
  const Case c = at.Do<Case>("RecordCase", Record(EntryJson("东综执罚〔2026〕1号", "甲公司")), at.clerk);
  CHECK_FALSE(at.Sees(c, at.other_clerk));
  CHECK(at.Sees(c, at.officer));
}

TEST_CASE("law §4.10: each measure counts on the day of its own event, and money in the decision") {
  Case c;
  c.set_agency_code(kCode);
  Entry* entry = c.add_entries();
  entry->set_filed_on("2026-01-05");
  entry->set_decided_on("2026-03-02");
  entry->set_served_on("2026-03-04");
  entry->set_paid_on("2026-04-01");
  entry->set_fine_fen(1'000'00);
  entry->add_penalties("21");
  Derive(&c);
  c.set_state(static_cast<Case::State>(StateOfCase(c)));
  std::map<std::string, std::string> days;
  for (const auto& count : statistics::CountsOf(c, kCase.cubes)) {
    days[count.cube()] = count.day();
    CHECK(count.dimensions(2) == "21");
    CHECK(count.dimensions(3) == "2");  // one thousand yuan begins its band
    if (count.cube() == "enforcement.decisions") CHECK(count.measures(2) == 1'000'00);
  }
  CHECK(days == std::map<std::string, std::string>{{"enforcement.filings", "2026-01-05"},
                                                   {"enforcement.decisions", "2026-03-02"},
                                                   {"enforcement.services", "2026-03-04"},
                                                   {"enforcement.payments", "2026-04-01"}});
  entry->set_change("2");  // annulled: still counted
  c.set_state(static_cast<Case::State>(StateOfCase(c)));
  CHECK(c.state() == Case::ANNULLED);
  CHECK(statistics::CountsOf(c, kCase.cubes).size() == 4);
}

}  // namespace sifa::enforcement
