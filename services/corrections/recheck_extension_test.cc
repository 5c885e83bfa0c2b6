// 病情复查延期: by whom it is decided, and what it puts off (实施办法 §24).
#include "services/corrections/recheck_extension.h"

#include <catch2/catch.hpp>

#include "absl/strings/str_cat.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/duty.h"
#include "services/corrections/proposal.h"
#include "services/corrections/record_fixture.h"

namespace sifa::corrections {
namespace {

std::string Until(const std::string& day) { return absl::StrCat(R"({"until": ")", day, R"(", "grounds": "住院治疗"})"); }

RecheckExtension Asked(Course& at, const Subject& s, const std::string& until) {
  const auto asked = at.Make<RecheckExtension>("AskRecheckExtension", s, Until(until), at.office);
  return at.Do("OpineRecheckExtension", asked, R"({"opinion": "情况属实"})", at.county);
}

std::vector<Duty> Rechecks(Course& at, const Subject& s) {
  auto duties = at.Of<Duty>(s);
  std::erase_if(duties, [](const Duty& duty) { return duty.kind() != Duty::RECHECK; });
  return duties;
}

}  // namespace

TEST_CASE("实施办法 §24: below one month the county decides, below three the city, from three months on the province") {
  Course at;
  Subject s = at.Active(kOutsidePrison);
  REQUIRE(s.next_recheck_on() == "2024-12-02");
  const auto decider = [&](const std::string& until) {
    auto extension = Asked(at, s, until);
    const auto decided = extension.decider();
    const bool county = at.Refusal("RefuseRecheckExtension", extension, R"({"reason": "可以复查"})", at.county).empty();
    CHECK(county == (decided == RecheckExtension::COUNTY));
    const bool city =
        !county && at.Refusal("RefuseRecheckExtension", extension, R"({"reason": "可以复查"})", at.city).empty();
    CHECK(city == (decided == RecheckExtension::CITY));
    return decided;
  };
  CHECK(decider("2025-01-01") == RecheckExtension::COUNTY);
  CHECK(decider("2025-01-02") == RecheckExtension::CITY);
  CHECK(decider("2025-03-01") == RecheckExtension::CITY);
  CHECK(decider("2025-03-02") == RecheckExtension::PROVINCE);
}

TEST_CASE("实施办法 §24: only on medical parole, to a later day, one at a time") {
  Course at;
  const Subject s = at.Active(kOutsidePrison), nursing = at.Active(kOutsidePrison, R"({"outsidePrisonGround": "02"})");
  const auto refusal = [&](const Subject& of, const std::string& until) {
    return ReasonOf(at.TryMake<RecheckExtension>("AskRecheckExtension", of, Until(until), at.office).status());
  };
  CHECK(refusal(at.Active(), "2025-01-10") == "NOT_ON_MEDICAL_PAROLE");
  CHECK(refusal(nursing, "2025-01-10") == "NOT_ON_MEDICAL_PAROLE");
  CHECK(refusal(s, "2024-12-02") == "RECHECK_NOT_LATER");
  CHECK(refusal(s, "2024-12-10") == "");
  CHECK(refusal(s, "2024-12-10") == "RECHECK_EXTENSION_OPEN");
}

TEST_CASE("an approved extension puts off the timer, or the re-examination that is open or was missed meanwhile") {
  Course at;
  const Subject s = at.Active(kOutsidePrison);
  SECTION("not yet opened") {
    const auto extension = Asked(at, s, "2025-01-10");
    at.Do("ApproveRecheckExtension", extension, "{}", at.city);
    CHECK(at.Now(s).next_recheck_on() == "2025-01-10");
    at.GoTo("2024-12-10");
    CHECK(Rechecks(at, s).empty());
    at.GoTo("2024-12-26");
    REQUIRE(Rechecks(at, s).size() == 1);
    CHECK(Rechecks(at, s)[0].due_on() == "2025-01-10");
    CHECK(at.Now(s).next_recheck_on() == "2025-04-10");
  }
  SECTION("missed while the city decides") {
    at.GoTo("2024-11-20");
    const auto extension = Asked(at, s, "2025-01-10");
    at.GoTo("2024-12-03");
    REQUIRE(Rechecks(at, s).size() == 1);
    REQUIRE(Rechecks(at, s)[0].state() == Duty::MISSED);
    at.Do("ApproveRecheckExtension", extension, "{}", at.city);
    const Duty put_off = Rechecks(at, s)[0];
    CHECK(put_off.state() == Duty::DUE);
    CHECK(put_off.due_on() == "2025-01-10");
    CHECK(at.Now(s).next_recheck_on() == "2025-04-10");
    for (const Proposal& proposal : at.Of<Proposal>(s)) {
      if (proposal.source() == put_off.id()) CHECK(proposal.state() == Proposal::WITHDRAWN);
    }
    at.GoTo("2025-01-11");
    CHECK(Rechecks(at, s)[0].state() == Duty::MISSED);
  }
  SECTION("examined meanwhile") {
    at.GoTo("2024-11-20");
    const auto extension = Asked(at, s, "2025-01-10");
    at.Do("SubmitDuty", Rechecks(at, s)[0], R"({"means": "WRITING", "content": "复查材料"})", at.office);
    CHECK(at.Refusal("ApproveRecheckExtension", extension, "{}", at.city) == "RECHECK_MOVED");
  }
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
