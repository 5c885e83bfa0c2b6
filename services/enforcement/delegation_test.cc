// 行政处罚委托: in writing, in public, for a term, and never further.
#include "services/enforcement/delegation.h"

#include "services/enforcement/enforcement_fixture.h"

namespace sifa::enforcement {
namespace {

std::string Letter(const Agency& agency, const std::string& to = "2027-11-01") {
  return absl::StrCat(R"({"agency": ")", agency.id(), R"(", "delegateName": "东阳市水利执法服务中心", "delegateCreditCode":
      "12330783MB0E071760", "matters": "河道采砂", "powers": "警告、罚款", "from": "2026-11-02", "to": ")",
                      to, "\"}");
}

}  // namespace

TEST_CASE("行政处罚法 §20: a delegation is signed for a term, published, and ends with it") {
  Enforcement at;
  const Agency agency = at.Announced();
  CHECK(at.Refusal<Delegation>("SignDelegation", Letter(agency, "2026-11-01"), at.clerk) == "DELEGATION_REVERSED");
  Delegation d = at.Do<Delegation>("SignDelegation", Letter(agency), at.clerk);
  CHECK(d.state() == Delegation::SIGNED);
  CHECK(d.organisation() == "330783-cm");
  REQUIRE(d.papers_size() == 1);
  d = at.Do("PublishDelegation", d, R"({"publishedAt": "市政府门户网站"})", at.clerk);
  CHECK(d.published_on() == "2026-11-02");
  at.GoTo("2027-11-01");
  CHECK(at.Now(d, at.clerk).state() == Delegation::PUBLISHED);
  at.GoTo("2027-11-02");
  d = at.Now(d, at.clerk);
  CHECK(d.state() == Delegation::ENDED);
  CHECK(d.ended_on() == "2027-11-01");
  CHECK(at.Findings() == "");
}

TEST_CASE("行政处罚法 §20: who is delegated delegates nobody, and an agency that is not announced neither") {
  Enforcement at;
  const Agency delegated = at.Announced(R"("DELEGATED")");
  CHECK(at.Refusal<Delegation>("SignDelegation", Letter(delegated), at.clerk) == "SUB_DELEGATION");
  const Agency draft = at.Do<Agency>("RegisterAgency", AgencyJson("11330783002586113A"), at.officer);
  CHECK(at.Refusal<Delegation>("SignDelegation", Letter(draft), at.clerk) == "AGENCY_NOT_ANNOUNCED");
}

}  // namespace sifa::enforcement
