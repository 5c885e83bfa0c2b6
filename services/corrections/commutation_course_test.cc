// 减刑 over a database: who reviews, what the ruling does to the term and to what ends with it (社区矫正法 §33; 实施办法 §42).
#include "services/corrections/commutation.h"
#include "services/corrections/course_fixture.h"
#include "services/corrections/release.h"

namespace sifa::corrections {
namespace {

constexpr char kMerit[] = R"({"ground": "GREAT_MERIT", "facts": "舍己救人"})";
constexpr char kAgreed[] = R"({"opinion": "AGREE", "reason": "符合条件"})";
constexpr char kSubmission[] = R"({"court": "金华市中级人民法院"})";

}  // namespace

TEST_CASE("社区矫正法 §33: proposed by the county, reviewed and submitted by the city; the ruling moves term and release") {
  Course at;
  const Subject s = at.Active(kProbation, R"({"termTo": "2025-08-31"})");
  Commutation c = at.Make<Commutation>("ProposeCommutation", s, kMerit, at.county);
  CHECK(ReasonOf(at.TryMake<Commutation>("ProposeCommutation", s, kMerit, at.county).status()) == "COMMUTATION_OPEN");
  CHECK_FALSE(at.Refusal("ReviewCommutation", c, kAgreed, at.county).empty());
  c = at.Do("ReviewCommutation", c, kAgreed, at.city);
  c = at.Do("SubmitCommutation", c, kSubmission, at.city);
  CHECK(c.clocks(0).due_on() == "2024-10-08");  // Thirty days end on 2 October, in the national holiday.
  CHECK(c.papers(1).label() == "减刑建议书");
  at.GoTo("2024-09-20");
  const std::string longer = R"({"ruling": "GRANT", "document": "（2024）浙07刑更8号", "termTo": "2025-09-01"})";
  CHECK(at.Refusal("RecordCommutationRuling", c, longer, at.county) == "COMMUTATION_LENGTHENS");
  CHECK(at.Refusal("RecordCommutationRuling", c, R"({"ruling": "GRANT", "document": "（2024）浙07刑更8号"})", at.county) ==
        "FIELD_REQUIRED");
  c = at.Do("RecordCommutationRuling", c, R"({"ruling": "GRANT", "document": "（2024）浙07刑更8号", "termTo": "2024-12-31"})",
            at.county);
  CHECK(c.state() == Commutation::GRANTED);
  CHECK(at.Now(s).decision().term_to() == "2024-12-31");
  at.GoTo("2024-11-30");
  CHECK(at.Of<Release>(s).empty());
  at.GoTo("2024-12-01");
  CHECK(at.OneOf<Release>(s).clocks(0).due_on() == "2024-12-31");
  // Another one moves the release that is prepared by now.
  Commutation again = at.Make<Commutation>("ProposeCommutation", s, kMerit, at.county);
  again = at.Do("ReviewCommutation", again, kAgreed, at.city);
  again = at.Do("SubmitCommutation", again, kSubmission, at.city);
  at.Do("RecordCommutationRuling", again, R"({"ruling": "GRANT", "document": "（2024）浙07刑更9号", "termTo": "2024-12-20"})",
        at.county);
  CHECK(at.OneOf<Release>(s).clocks(0).due_on() == "2024-12-20");
  CHECK(at.Findings().empty());
}

TEST_CASE("实施办法 §42: of a sentence of life the province reviews; what is not agreed to, or refused, changes nothing") {
  Course at;
  const auto province = testing::ClaimsOf("01PROV", "lin.hai", {testing::GrantOf("province_supervisor", "33", "/33/", 1, true)});
  const Subject s = at.Active(kParole);
  Commutation c =
      at.Make<Commutation>("ProposeCommutation", s, R"({"ground": "MERIT", "facts": "检举他人犯罪", "life": true})", at.county);
  CHECK(at.Refusal("ReviewCommutation", c, kAgreed, at.city) == "LEVEL_NOT_ENTITLED");
  c = at.Do("ReviewCommutation", c, R"({"opinion": "DISAGREE", "reason": "不构成立功"})", province);
  CHECK(c.state() == Commutation::RETURNED);
  c = at.Make<Commutation>("ProposeCommutation", s, kMerit, at.county);
  c = at.Do("ReviewCommutation", c, kAgreed, at.city);
  c = at.Do("SubmitCommutation", c, kSubmission, at.city);
  c = at.Do("RecordCommutationRuling", c, R"({"ruling": "REFUSE", "document": "（2024）浙07刑更10号"})", at.county);
  CHECK(c.state() == Commutation::REFUSED);
  CHECK(at.Now(s).decision().term_to() == "2026-08-31");
  CHECK(at.Findings().empty());
}

}  // namespace sifa::corrections
