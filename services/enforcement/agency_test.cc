// 行政执法主体: who may enforce in its own name, and under which names lists of former years know it.
#include "services/enforcement/agency.h"

#include "services/enforcement/enforcement_fixture.h"

namespace sifa::enforcement {

TEST_CASE("行政处罚法 §17: an agency is registered once, by its credit code") {
  Enforcement at;
  const Agency agency = at.Do<Agency>("RegisterAgency", AgencyJson("11330783002586105F"), at.officer);
  CHECK(agency.state() == Agency::DRAFT);
  CHECK(at.Refusal<Agency>("RegisterAgency", AgencyJson("11330783002586105F"), at.officer) == "AGENCY_REGISTERED");
  CHECK(at.Refusal<Agency>("RegisterAgency", AgencyJson("11330783002586105G"), at.officer) == "CREDIT_CODE_INVALID");
  CHECK(at.Findings() == "");
}

TEST_CASE("a renamed agency keeps the name by which lists of former years know it") {
  Enforcement at;
  Agency agency = at.Do<Agency>("RegisterAgency", AgencyJson("11330783002586105F"), at.officer);
  agency = at.Do("AnnounceAgency", agency, "{}", at.officer);
  CHECK(agency.announced_on() == "2026-11-02");
  REQUIRE(agency.papers_size() == 1);
  for (int i = 0; i < 2; ++i) agency = at.Do("AmendAgency", agency, R"({"name": "东阳市综合执法局", "field": "01"})", at.officer);
  REQUIRE(agency.former_names_size() == 1);
  CHECK(agency.former_names(0) == "东阳市综合行政执法局");
}

}  // namespace sifa::enforcement
